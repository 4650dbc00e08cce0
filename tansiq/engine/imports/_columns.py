"""Whether a file has the columns that its mapping knows, and what differs when it has not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from ._cells import as_text
from ._mapping import ColumnRule, ImportMapping
from ._text import clean, folded

_TAG: Final = re.compile(r"^#[a-z][a-z0-9_]*(\s*\+\s*[a-z][a-z0-9_]*)*$", re.IGNORECASE)
_LIKENESS: Final = 0.72  # below this share of equal letters two headings are not called alike


@dataclass(frozen=True, slots=True)
class Likeness:
    """A missing column and a new one that may be it; only a person may say so."""

    expected: str
    found: str
    likeness_share: float


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Which cell fills which column, and both lists of headings where they differ."""

    expected: tuple[str, ...]
    found: tuple[str, ...]
    positions: tuple[tuple[int, int], ...]  # (place in mapping.columns, place in the row)
    missing: tuple[str, ...]
    new: tuple[str, ...]
    repeated: tuple[str, ...]
    alike: tuple[Likeness, ...]
    kept: tuple[tuple[str, int], ...]  # new columns kept as notes: heading, place in the row
    headed: frozenset[int]  # places with a heading or a tag; what stands elsewhere belongs to no column
    stops: bool  # True: the import may not go on


def is_tag_row(cells: Sequence[object]) -> bool:
    """Whether a row is an HXL tag row: at least half of what it states are tags, and one at least is."""
    stated = [text for text in (clean(as_text(cell)) for cell in cells) if text]
    tags = [text for text in stated if _TAG.match(text)]
    return bool(tags) and 2 * len(tags) >= len(stated)


def tag_matches(pattern: str, tag: str) -> bool:
    """Whether a tag has the pattern's name, all its + attributes and none of its - attributes."""
    name, _, _ = re.split(r"([+-])", pattern, maxsplit=1) if re.search(r"[+-]", pattern) else (pattern, "", "")
    tag_name, *attributes = re.sub(r"\s", "", tag).casefold().split("+")
    wanted = set(re.findall(r"\+([a-z0-9_]+)", pattern))
    refused = set(re.findall(r"-([a-z0-9_]+)", pattern))
    return tag_name == name and wanted <= set(attributes) and not refused & set(attributes)


def _place(rule: ColumnRule, headings: Sequence[str], tags: Sequence[str], taken: set[int]) -> int | None:
    if rule.hxl:
        for place, tag in enumerate(tags):
            if place not in taken and tag.startswith("#") and tag_matches(rule.hxl, tag):
                return place
    for wanted in (rule.heading, *rule.also):
        for place, heading in enumerate(headings):
            if wanted and place not in taken and heading == folded(wanted):
                return place
    return None


def _likenesses(missing: Sequence[str], new: Sequence[str]) -> tuple[Likeness, ...]:
    pairs = []
    for expected in missing:
        for found in new:
            share = SequenceMatcher(None, folded(expected), folded(found)).ratio()
            if share >= _LIKENESS:
                pairs.append(Likeness(expected, found, round(share, 2)))
    return tuple(sorted(pairs, key=lambda pair: -pair.likeness_share))


def _repeated(headings: Sequence[str], mapping: ImportMapping) -> list[int]:
    known = {folded(name) for rule in mapping.columns for name in (rule.heading, *rule.also) if name}
    return [n for n, heading in enumerate(headings) if heading in known and heading in headings[:n]]


def match_columns(mapping: ImportMapping, headings: Sequence[object], tags: Sequence[object] = ()) -> ColumnMatch:
    """Find each mapped column among the headings (and HXL tags), and list what differs.

    headings : (c,) cells   the row of headings
    tags : (c,) cells       the HXL tag row, where the file has one
    """
    found = [clean(as_text(cell)) for cell in headings]
    tag_texts = [clean(as_text(cell)) for cell in tags]
    found += [""] * (len(tag_texts) - len(found))
    plain = [folded(text) for text in found]
    positions: list[tuple[int, int]] = []
    lacking: list[ColumnRule] = []
    taken: set[int] = set()
    for number, rule in enumerate(mapping.columns):
        place = _place(rule, plain, tag_texts, taken)
        if place is None:
            lacking.append(rule)
        else:
            taken.add(place)
            positions.append((number, place))
    repeated = [n for n in _repeated(plain, mapping) if n not in taken]
    unused = {folded(name) for name in mapping.unused}
    names = [text or (tag_texts[n] if n < len(tag_texts) else "") for n, text in enumerate(found)]
    new = [
        n for n, name in enumerate(names) if name and n not in taken and n not in repeated and plain[n] not in unused
    ]
    missing = tuple(rule.label for rule in lacking if not rule.may_be_missing)
    stops = bool((missing and mapping.changes.missing == "stop") or (new and mapping.changes.new == "stop") or repeated)
    return ColumnMatch(
        expected=tuple(rule.label for rule in mapping.columns) + mapping.unused,
        found=tuple(name for name in names if name),
        positions=tuple(positions),
        missing=missing,
        new=tuple(names[n] for n in new),
        repeated=tuple(names[n] for n in repeated),
        alike=_likenesses([rule.label for rule in lacking], [names[n] for n in new]),
        kept=tuple((names[n], n) for n in new) if mapping.changes.new == "keep" else (),
        headed=frozenset(n for n, name in enumerate(names) if name),
        stops=stops,
    )
