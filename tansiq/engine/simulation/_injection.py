"""Statements that break the conservation of quantities on purpose, one kind at a time, with what must be found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Final

from tansiq.engine.conservation import Statement

from .chain import SimulatedChain

HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Injection:
    """A violation put into a simulation."""

    name: str  # of VIOLATIONS
    kind: str  # of conservation.KINDS: what must be found
    line: str  # and at which line
    unit: str  # handling unit of the first statement; a unit at two places is found by it, at any of its lines
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class _Case:
    """One statement to begin with, and all that is stated of its consignment."""

    row: Statement
    rows: tuple[Statement, ...]
    chain: SimulatedChain
    random: Random

    def amount(self, stage: str) -> Decimal:
        """What the row's unit has at a stage, in the row's attempt."""
        keyed = {
            one.key: one.quantity or Decimal(0)
            for one in self.rows
            if (one.line, one.handling_unit, one.stage) == (self.row.line, self.row.handling_unit, stage)
            and one.attempt == self.row.attempt
            and one.move == "reached"
            and not one.key.endswith(":again")
        }
        return sum(keyed.values(), Decimal(0))

    def more(self, quantity: Decimal, **changes: object) -> tuple[Statement, ...]:
        """State something else like the row, under a key of its own, ten hours later."""
        at = self.row.occurred_at + 10 * HOUR_S
        key = f"{self.row.key}:injected"
        fresh = replace(self.row, key=key, quantity=quantity, edition=0, occurred_at=at, recorded_at=at + 60)
        return (replace(fresh, **changes),)  # type: ignore[arg-type]

    def restated(self, quantity: Decimal) -> tuple[Statement, ...]:
        """State the row anew with another quantity."""
        return (replace(self.row, quantity=quantity, edition=self.row.edition + 1),)


_Make = Callable[[_Case], tuple[Statement, ...]]


def _quantity(case: _Case) -> Decimal:
    return case.row.quantity or Decimal(0)


def _another_crossing(case: _Case) -> tuple[Statement, ...]:
    places = sorted({row.place for row in case.chain.statements if row.place} - {case.row.place})
    again = case.row.occurred_at + 60
    row = replace(case.row, place=case.random.choice(places), occurred_at=again, recorded_at=again + 5)
    return (replace(row, key=f"{row.key}:injected"),)


def _requested(case: _Case) -> Decimal:
    return next(line.requested for line in case.chain.lines if line.code == case.row.line)


# name, kind to be found, stage and move of the statement to begin with, and what is stated
VIOLATIONS: Final[dict[str, tuple[str, str, str, _Make]]] = {
    "approved over requested": ("over_line", "approved", "reached", lambda c: c.restated(_requested(c) + 1)),
    "loaded over approved": (
        "over_line",
        "loaded",
        "reached",
        lambda c: c.more(_requested(c) * 3, handling_unit="stray"),
    ),
    "loaded without approval": (
        "over_line",
        "item_rejected",
        "reached",
        lambda c: c.more(Decimal(1), handling_unit="stray", stage="loaded", source="hub"),
    ),
    "returned over loaded": (
        "over_unit",
        "returned_to_hub",
        "reached",
        lambda c: c.restated(c.amount("loaded") + 1),
    ),
    "offloaded over loaded": ("over_unit", "offloaded", "reached", lambda c: c.restated(c.amount("loaded") + 1)),
    "collected twice under a new key": ("over_unit", "collected", "reached", lambda c: c.more(_quantity(c))),
    "arrived, intercepted and lost over collected": (
        "over_unit",
        "arrived",
        "reached",
        lambda c: c.more(c.amount("collected") - _quantity(c) + 1, stage="lost"),
    ),
    "distributed over received": ("over_unit", "distributed", "reached", lambda c: c.restated(_quantity(c) + 1)),
    "parts over the whole": ("over_parts", "collected", "reached", lambda c: c.restated(_quantity(c) + 100)),
    "part over its share": ("over_unit", "collected", "reached", lambda c: c.restated(_quantity(c) + 100)),
    "split or repack that gains": ("unequal_change", "offloaded", "made", lambda c: c.restated(_quantity(c) + 1)),
    "substitution that gains": ("unequal_change", "approved", "made", lambda c: c.restated(_quantity(c) + 1)),
    "unit in two places": ("two_places", "offloaded", "reached", _another_crossing),
    "negative quantity": ("negative", "collected", "reached", lambda c: c.more(Decimal(-1))),
    "unit of measure without a conversion": (
        "unit_mismatch",
        "collected",
        "reached",
        lambda c: c.more(Decimal(1), measure="crate"),
    ),
    "key used for two quantities": (
        "key_reused",
        "received_good",
        "reached",
        lambda c: (replace(c.row, quantity=_quantity(c) + 1),),
    ),
    "two sources that differ": (
        "rival_readings",
        "arrived",
        "reached",
        lambda c: (replace(c.row, source="second monitor", quantity=_quantity(c) - 1),),
    ),
}


def inject(chain: SimulatedChain, name: str, *, seed: int, count: int, spare: frozenset[str]) -> Iterator[Injection]:
    """Give up to so many violations of one kind, each in a consignment of its own.

    name : of VIOLATIONS
    spare : consignments in which nothing is to be broken
    """
    kind, stage, move, make = VIOLATIONS[name]
    random = Random(f"{seed} {name}")  # noqa: S311 (a reproducible sample, nothing secret)
    by_consignment: dict[str, list[Statement]] = {}
    for row in chain.statements:
        by_consignment.setdefault(consignment_of(row.line), []).append(row)
    shares = {(row.line, row.handling_unit) for row in chain.statements if row.move == "made"}
    codes = sorted(set(by_consignment) - spare)
    random.shuffle(codes)
    for code in codes:
        rows = tuple(by_consignment[code])
        fit = [row for row in rows if (row.stage, row.move) == (stage, move) and _fits(name, row, rows, shares)]
        if fit and count:
            case = _Case(random.choice(fit), rows, chain, random)
            count -= 1
            broken = make(case)
            yield Injection(name, kind, _line_found(case), broken[0].handling_unit, broken)


def consignment_of(line: str) -> str:
    """Give the consignment of a simulated line."""
    return line.rpartition("-")[0]


def _line_found(case: _Case) -> str:
    """A substitution is found at the line from which it takes, everything else at its own line."""
    if case.row.stage != "approved" or case.row.move != "made":
        return case.row.line
    return next(row.line for row in case.rows if row.group == case.row.group and row.move == "taken")


def _fits(name: str, row: Statement, rows: tuple[Statement, ...], shares: set[tuple[str, str]]) -> bool:
    if row.key.endswith(":again") or row.edition != max(one.edition for one in rows if one.key == row.key):
        return False
    if any(one.key == f"{row.key}:again" for one in rows):
        return False
    has_share = (row.line, row.handling_unit) in shares
    is_more_than_one = bool(row.quantity and row.quantity > 1)
    fits = {
        "loaded without approval": not any(one.line == row.line and one.stage == "approved" for one in rows),
        "parts over the whole": bool(row.parent) and not has_share,
        "part over its share": has_share,
        "collected twice under a new key": not row.parent and not has_share,
        "two sources that differ": is_more_than_one,
        "distributed over received": is_more_than_one,
    }
    return fits.get(name, True)
