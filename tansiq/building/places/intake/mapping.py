"""Column mappings, which are data: how other people's files call what a place has."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.places.intake.findings import NOTED, REFUSED, Finding, what

MAPPINGS = Path(__file__).parent / "mappings"


@cache
def mapping_named(name: str, file: Path | None = None) -> dict[str, Any]:
    """The mapping of a kind of file; a user's own in its place when given."""
    found: dict[str, Any] = YAML(typ="safe").load((file or MAPPINGS / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def matching(pattern: str, columns: tuple[str, ...]) -> tuple[tuple[str, re.Match[str]], ...]:
    """The columns whose whole name matches a pattern, whatever the case, in the order of the file."""
    wanted = re.compile(pattern, re.IGNORECASE)
    return tuple((column, match) for column in columns if (match := wanted.fullmatch(column)))


def is_filled(value: Any) -> bool:
    """Whether a cell says anything."""
    return value is not None and (not isinstance(value, str) or value.strip() != "")


def pick(row: Mapping[str, Any], patterns: Iterable[str], number: int) -> tuple[Any, list[Finding]]:
    """The first filled cell whose column matches; a note when another filled one says otherwise."""
    columns = tuple(row)
    filled = {
        column: row[column]
        for pattern in patterns
        for column, _ in matching(pattern, columns)
        if is_filled(row[column])
    }
    if not filled:
        return None, []
    first = next(iter(filled.values()))
    if all(value == first for value in filled.values()):
        return first, []
    differ = {"columns": ", ".join(filled), "found": ", ".join(what(value) for value in filled.values())}
    return first, [Finding(NOTED, "values_differ", number, differ)]


def as_date(value: Any, column: str, number: int) -> tuple[date | None, list[Finding]]:
    """A cell as a day, written as ISO 8601 or YYYY/MM/DD; empty is None."""
    if not is_filled(value):
        return None, []
    if isinstance(value, datetime | date):
        return (value.date() if isinstance(value, datetime) else value), []
    text = str(value).strip().replace("/", "-")[:10]
    try:
        return date.fromisoformat(text), []
    except ValueError:
        wrong = {"column": column, "found": what(value), "expected": "2026-01-31"}
        return None, [Finding(REFUSED, "value_wrong", number, wrong)]


def as_number(value: Any, column: str, number: int, *, least: float, most: float) -> tuple[float | None, list[Finding]]:
    """A cell as a number within bounds; numbers written as text are read; empty is None."""
    if not is_filled(value) or isinstance(value, bool):
        return None, []
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if not least <= found <= most:
        wrong = {"column": column, "found": what(value), "expected": f"{least:g} … {most:g}"}
        return None, [Finding(REFUSED, "value_wrong", number, wrong)]
    return found, []
