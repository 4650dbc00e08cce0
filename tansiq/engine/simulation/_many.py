"""A great many aid events as arrays, for measuring how fast counts are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ._world import AidWorld

STAGES: Final = ("screened", "entered", "offloaded", "collected", "arrived", "received_good")


@dataclass(frozen=True)
class ManyEvents:
    """Events as columns of equal length; coded columns index the tuples of codes."""

    stages: tuple[str, ...]
    crossings: tuple[str, ...]
    consignor_classes: tuple[str, ...]
    commodities: tuple[str, ...]
    unit: NDArray[np.int64]  # (n,) number of the truck
    stage: NDArray[np.int16]  # (n,) index into stages
    crossing: NDArray[np.int16]  # (n,) index into crossings
    consignor_class: NDArray[np.int16]  # (n,) index into consignor_classes
    commodity: NDArray[np.int16]  # (n,) index into commodities
    attempt: NDArray[np.int16]  # (n,) >= 1
    pallets: NDArray[np.int32]  # (n,) as the receiver counted
    occurred_s: NDArray[np.int64]  # (n,) s since 1970 UTC
    recorded_s: NDArray[np.int64]  # (n,) s since 1970 UTC


def simulate_many(*, seed: int, events: int, days: int, start: datetime, world: AidWorld) -> ManyEvents:
    """Generate exactly so many events, six stages to a truck, some scanned twice; without the faults of simulate_aid.

    events : int          rows to generate, >= 1
    days : int            span of event times, >= 1
    start : datetime      aware; first event time
    Returns : ManyEvents  in the order of recording
    """
    if events < 1 or days < 1:
        raise ValueError("expected at least one event and one day")
    random = np.random.default_rng(seed)
    trucks = -(-events // len(STAGES))
    classes = tuple(dict.fromkeys(one.consignor_class for one in world.consignors))
    crossing_of = _drawn(random, [float(one.trucks_per_day) for one in world.crossings], trucks)
    consignor_of = _drawn(random, [one.weight for one in world.consignors], trucks)
    class_of = np.array([classes.index(one.consignor_class) for one in world.consignors], np.int16)[consignor_of]
    commodity_of = _drawn(random, [one.weight for one in world.cargo], trucks)
    least, most = (round(share * world.pallets_per_truck) for share in (world.rates.emptiest, world.rates.fullest))
    pallets_of = random.integers(least, most + 1, trucks, dtype=np.int32)
    set_out = int(start.timestamp()) + random.integers(0, days * 86_400, trucks, dtype=np.int64)
    unit = np.repeat(np.arange(trucks, dtype=np.int64), len(STAGES))[:events]
    stage = np.tile(np.arange(len(STAGES), dtype=np.int16), trucks)[:events]
    again = random.random(events) < world.rates.duplicate_scan
    stage = np.where(again & (stage > 0), stage - 1, stage).astype(np.int16)
    occurred = set_out[unit] + stage.astype(np.int64) * 7200 + random.integers(0, 3600, events)
    late = random.random(events) < world.rates.late_scan
    delay = np.where(late, random.integers(3600, world.rates.most_late_s, events), random.integers(5, 300, events))
    order = np.argsort(occurred + delay, kind="stable")
    unit, stage = unit[order], stage[order]
    return ManyEvents(
        stages=STAGES,
        crossings=tuple(one.code for one in world.crossings),
        consignor_classes=classes,
        commodities=tuple(one.code for one in world.cargo),
        unit=unit,
        stage=stage,
        crossing=crossing_of[unit],
        consignor_class=class_of[unit],
        commodity=commodity_of[unit],
        attempt=np.ones(events, np.int16),
        pallets=pallets_of[unit],
        occurred_s=occurred[order],
        recorded_s=(occurred + delay)[order],
    )


def _drawn(random: np.random.Generator, weights: list[float], count: int) -> NDArray[np.int16]:
    shares = np.array(weights) / sum(weights)
    return random.choice(len(weights), count, p=shares).astype(np.int16)
