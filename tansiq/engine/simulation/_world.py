"""The world that the aid generator draws from: crossings, consignors, cargo, and how often things go wrong."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SimulatedCrossing:
    """A crossing that trucks pass."""

    code: str
    trucks_per_day: int  # weight by which trucks choose it; 0 = never chosen
    opens_minute: int  # local minutes after midnight
    closes_minute: int  # local minutes after midnight
    weekdays: frozenset[int]  # days on which it opens, 0 = Monday


@dataclass(frozen=True, slots=True)
class SimulatedConsignor:
    """Somebody who sends cargo."""

    code: str
    consignor_class: str
    weight: float


@dataclass(frozen=True, slots=True)
class SimulatedCargo:
    """A commodity and what a pallet of it weighs."""

    code: str
    weight: float
    pallet_kg: int


@dataclass(frozen=True, slots=True)
class Rates:
    """How often things happen; shares of the trucks or scans concerned (DOMAIN 12.2)."""

    item_rejected: float = 0.10
    rejected_at_crossing: float = 0.06
    sent_again: float = 0.75
    had_prior_approval: float = 0.5
    split: float = 0.12
    intercepted: float = 0.05
    damaged: float = 0.03
    lost: float = 0.005
    quantities_differ: float = 0.04
    left_at_crossing: float = 0.03
    duplicate_scan: float = 0.035
    late_scan: float = 0.05
    wrong_crossing: float = 0.02
    wrong_crossing_corrected: float = 0.6
    skewed_device: float = 0.1
    early_closure: float = 0.04  # of crossing days
    fullest: float = 1.0
    emptiest: float = 0.45
    most_skew_s: int = 600
    most_late_s: int = 72 * 3600


@dataclass(frozen=True, slots=True)
class AidWorld:
    """Everything the generator may draw."""

    crossings: tuple[SimulatedCrossing, ...]
    consignors: tuple[SimulatedConsignor, ...]
    cargo: tuple[SimulatedCargo, ...]
    areas: tuple[tuple[str, float], ...]  # destination p-code, weight
    item_reasons: tuple[str, ...]
    crossing_reasons: tuple[str, ...]
    zone: ZoneInfo
    pallets_per_truck: int = 24
    rates: Rates = Rates()

    def __post_init__(self) -> None:
        if not any(crossing.trucks_per_day and crossing.weekdays for crossing in self.crossings):
            raise ValueError("no crossing takes trucks")
        if not (self.consignors and self.cargo and self.areas and self.item_reasons and self.crossing_reasons):
            raise ValueError("consignors, cargo, areas and reasons must not be empty")


def open_crossing(world: AidWorld, random: Random, day: date) -> tuple[SimulatedCrossing, date]:
    """Draw a crossing that takes trucks, and the first day from this one on at which it opens."""
    crossings = [one for one in world.crossings if one.trucks_per_day and one.weekdays]
    crossing = random.choices(crossings, [one.trucks_per_day for one in crossings])[0]
    while day.weekday() not in crossing.weekdays:
        day += timedelta(days=1)
    return crossing, day


def local_minute(world: AidWorld, day: date, minute: int) -> datetime:
    """Give a local minute of a day as UTC."""
    moment = datetime.combine(day, time(minute // 60 % 24, minute % 60), world.zone)
    return moment.astimezone(UTC)
