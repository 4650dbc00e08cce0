"""What each act is called in a sentence, in the reader's language; each area brings the words of its own acts."""

from collections.abc import Mapping
from typing import Any

_WORDS: dict[str, Any] = {}


def register_words(words: Mapping[str, Any]) -> None:
    """Add an area's words, act name → text marked for translation, once, when its rules are read."""
    _WORDS.update({str(act): text for act, text in words.items()})


def describe(act: str) -> Any:
    """The act in words; its bare name when nobody gave it any."""
    return _WORDS.get(act, act)


def described() -> frozenset[str]:
    """Every act that has words."""
    return frozenset(_WORDS)
