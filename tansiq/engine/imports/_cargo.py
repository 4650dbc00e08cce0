"""Which catalogue commodity a free-text cargo name means, by ordered rules that are data."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ._text import folded_words

_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_Phrase = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?\b")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CargoRule(_Strict):
    """The words that mean one commodity, and the words beside which they do not."""

    commodity: _Code
    words: tuple[_Phrase, ...] = Field(min_length=1)
    unless: tuple[_Phrase, ...] = ()


class Mixture(_Strict):
    """What a load of several commodities is called, by the classes found in it."""

    classes: tuple[_Code, ...] = Field(min_length=1)
    commodity: _Code


class CargoRules(_Strict):
    """A cargo_rules file."""

    format: Literal[1]
    version: int = Field(ge=1)
    separators: tuple[_Phrase, ...] = Field(min_length=1)
    spellings: dict[_Phrase, _Phrase] = Field(default_factory=dict)  # slip of the pen -> word
    joined: dict[_Phrase, _Phrase] = Field(default_factory=dict)  # a phrase with a separator -> without
    rules: tuple[CargoRule, ...] = Field(min_length=1)
    mixtures: tuple[Mixture, ...] = ()
    other_mixture: _Code

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for rule in self.rules:
            blank = [phrase for phrase in (*rule.words, *rule.unless) if not _WORD.search(phrase)]
            if blank:
                raise ValueError(f"rule {rule.commodity}: found {blank[0]!r}, expected words")
        return self


@dataclass(frozen=True, slots=True)
class CargoMatch:
    """What a cargo name means."""

    commodity: str | None  # None: not mapped, for a person to map
    parts: tuple[str, ...]  # the commodities named in it, each once, in the order written
    unmatched: tuple[str, ...]  # the pieces of the name that no rule knows


@dataclass(frozen=True)
class _Phrases:
    commodity: str
    words: tuple[str, ...]
    unless: tuple[str, ...]

    def fits(self, text: str) -> bool:
        return any(word in text for word in self.words) and not any(word in text for word in self.unless)


def _stem(word: str) -> str:
    """Cut a word so that singular and plural are one: cookie, cookies; candy, candies; box, boxes."""
    if not word.isascii() or len(word) < 3:
        return word
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") else word


def _phrase(text: str) -> str:
    """Write a text as its word stems, each between spaces, so that whole words are found."""
    return " " + " ".join(_stem(word) for word in _WORD.findall(_POSSESSIVE.sub("", folded_words(text)))) + " "


@dataclass(frozen=True)
class CargoReader:
    """Cargo rules made ready for use, with the class of each catalogue commodity."""

    rules: CargoRules
    classes: dict[str, str]  # commodity -> class
    _rules: tuple[_Phrases, ...] = field(init=False, repr=False)
    joined: tuple[tuple[str, str], ...] = field(init=False, repr=False)
    _separator: re.Pattern[str] = field(init=False, repr=False)
    _spellings: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        joined = "|".join(re.escape(mark) for mark in sorted(self.rules.separators, key=len, reverse=True))
        object.__setattr__(self, "_rules", tuple(_prepared(rule) for rule in self.rules.rules))
        pairs = tuple((folded_words(a), folded_words(b)) for a, b in self.rules.joined.items())
        object.__setattr__(self, "joined", pairs)
        object.__setattr__(self, "_separator", re.compile(joined))
        spellings = {_phrase(wrong).strip(): _phrase(right).strip() for wrong, right in self.rules.spellings.items()}
        object.__setattr__(self, "_spellings", spellings)

    def spelt(self, text: str) -> str:
        """Write a piece of a name as words to search, with known slips put right."""
        words = _phrase(text).split()
        return " " + " ".join(self._spellings.get(word, word) for word in words) + " "


def _prepared(rule: CargoRule) -> _Phrases:
    return _Phrases(rule.commodity, tuple(map(_phrase, rule.words)), tuple(map(_phrase, rule.unless)))


def _first(rules: tuple[_Phrases, ...], text: str) -> str | None:
    return next((rule.commodity for rule in rules if rule.fits(text)), None)


def classify_cargo(reader: CargoReader, name: str) -> CargoMatch:
    """Find what a cargo name means; a name of which one piece is unknown stays unmapped.

    name : str   as the source wrote it, in English or Arabic
    """
    text = folded_words(name)
    for phrase, joined in reader.joined:
        text = text.replace(phrase, joined)
    parts: list[str] = []
    unmatched: list[str] = []
    for piece in reader._separator.split(text):
        words = reader.spelt(piece)
        if not words.strip():
            continue
        commodity = _first(reader._rules, words)
        if commodity is None:
            unmatched.append(piece.strip())
        elif commodity not in parts:
            parts.append(commodity)
    if unmatched or not parts:
        return CargoMatch(None, tuple(parts), tuple(unmatched))
    return CargoMatch(_mixture(reader, parts), tuple(parts), ())


def _mixture(reader: CargoReader, parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    classes = {reader.classes.get(part, part) for part in parts}
    for mixture in reader.rules.mixtures:
        if classes <= set(mixture.classes):
            return mixture.commodity
    return reader.rules.other_mixture
