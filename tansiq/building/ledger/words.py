"""What each act is called in a sentence, in the reader's language; each area brings the words of its own acts."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

Namer = Callable[[UUID, UUID], Any]  # the reader's room, the id that a fact tells → name or names; None where hidden

_WORDS: dict[str, Any] = {}
_NAMERS: dict[str, Namer] = {}


def register_words(words: Mapping[str, Any]) -> None:
    """Add an area's words, act name → text marked for translation, once, when its rules are read."""
    _WORDS.update({str(act): text for act, text in words.items()})


def register_namer(fact: str, namer: Namer) -> None:
    """Say how the id in a fact of this name is named to a reader, once, when the area's rules are read."""
    _NAMERS[fact] = namer


def name_of(fact: str, value: object, reader: UUID) -> Any:
    """The name of what a fact tells by its id, where the reading room may know it; else None."""
    try:
        return _NAMERS[fact](reader, UUID(str(value))) if fact in _NAMERS else None
    except ValueError:
        return None


def describe(act: str) -> Any:
    """The act in words; its bare name when nobody gave it any."""
    return _WORDS.get(act, act)


def described() -> frozenset[str]:
    """Every act that has words."""
    return frozenset(_WORDS)
