"""What truly happened in a simulation, and the totals that a right count must give."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in one unit, by both sides of a hand-over."""

    unit: str
    giver: Decimal
    receiver: Decimal
    damaged: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class SimulatedEvent:
    """One record as somebody entered it, right or wrong."""

    key: str  # names the record in its source
    consignment: str
    unit: str  # code of the truck; empty for what concerns the whole consignment
    parent: str  # unit this one was split from, else empty
    stage: str
    reason: str
    attempt: int
    crossing: str  # as stated; empty away from crossings
    area: str  # destination
    consignor: str
    consignor_class: str
    commodity: str
    amounts: tuple[Amount, ...]
    fullness_share: float  # of the truck
    had_prior_approval: bool
    occurred_at: datetime  # UTC, as the device stated it
    recorded_at: datetime  # UTC
    corrects: str = ""  # key of the record this one replaces


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing that truly happened: a unit reached a stage in one attempt, whatever was scanned of it."""

    consignment: str
    unit: str
    stage: str
    attempt: int
    consignor_class: str
    commodity: str
    pallets: int  # as the receiver counted
    tonnes: Decimal
    stated_at: datetime  # UTC, event time of the first record of it
    statements: tuple[tuple[datetime, str], ...]  # (recorded_at, crossing then stated), in order


@dataclass(frozen=True)
class SimulatedAid:
    """The records of a simulation in the order in which they were recorded, and the truth behind them."""

    events: tuple[SimulatedEvent, ...]
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class Totals:
    """What a right count must give."""

    passages: int = 0  # a unit once for each attempt
    units: int = 0  # a unit once
    units_first: int = 0  # a unit once, if its first passage of the stage falls into the period
    pallets: int = 0
    tonnes: Decimal = field(default_factory=Decimal)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages a total takes; None takes all."""

    stage: str
    as_of: datetime | None = None  # nothing recorded later is known
    since: datetime | None = None  # event time, inside
    until: datetime | None = None  # event time, outside
    crossing: str | None = None
    consignor_classes: frozenset[str] | None = None
    commodities: frozenset[str] | None = None


def expected_totals(aid: SimulatedAid, scope: Scope) -> Totals:
    """Add up the truth of a simulation, without any of the counting code.

    Returns : Totals   of units that are trucks; what concerns whole consignments is left out
    """
    totals = Totals()
    first: dict[str, datetime] = {}
    units: set[str] = set()
    for passage in aid.passages:
        if not passage.unit or not _is_in_scope(passage, scope):
            continue
        earliest = first.get(passage.unit)
        first[passage.unit] = min(passage.stated_at, earliest) if earliest else passage.stated_at
        if _is_in_period(passage.stated_at, scope):
            totals.passages += 1
            totals.pallets += passage.pallets
            totals.tonnes += passage.tonnes
            units.add(passage.unit)
    totals.units = len(units)
    totals.units_first = sum(_is_in_period(moment, scope) for moment in first.values())
    return totals


def expected_stages(aid: SimulatedAid, as_of: datetime) -> dict[str, int]:
    """Give the number of units whose last known stage is each stage, as of a time."""
    last: dict[str, tuple[datetime, int, str]] = {}
    for order, passage in enumerate(aid.passages):
        if passage.unit and passage.statements[0][0] <= as_of:
            place = (passage.stated_at, order, passage.stage)
            last[passage.unit] = max(last.get(passage.unit, place), place)
    table: dict[str, int] = {}
    for _, _, stage in last.values():
        table[stage] = table.get(stage, 0) + 1
    return table


def _is_in_scope(passage: Passage, scope: Scope) -> bool:
    if passage.stage != scope.stage:
        return False
    known = [crossing for recorded_at, crossing in passage.statements if not scope.as_of or recorded_at <= scope.as_of]
    if not known or (scope.crossing is not None and known[-1] != scope.crossing):
        return False
    if scope.consignor_classes is not None and passage.consignor_class not in scope.consignor_classes:
        return False
    return scope.commodities is None or passage.commodity in scope.commodities


def _is_in_period(moment: datetime, scope: Scope) -> bool:
    return (scope.since is None or moment >= scope.since) and (scope.until is None or moment < scope.until)
