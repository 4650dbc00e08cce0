"""Thirty days of aid, from a seed: consignments and trucks through every stage, with what goes wrong on the way."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from ._recording import Load, Recorder, Step
from ._truth import SimulatedAid
from ._world import AidWorld, SimulatedCrossing, local_minute, open_crossing

_MOST_ATTEMPTS = 3
_INTERCEPTION_REASONS = ("intercepted_peacefully", "intercepted_forcefully", "intercepted_unknown")
_DAMAGE_REASONS = ("damaged_in_transit", "spoiled")


@dataclass
class _Run:
    world: AidWorld
    random: Random
    recorder: Recorder
    closures: dict[tuple[str, date], datetime]  # days on which a crossing closed early, and when


def simulate_aid(*, seed: int, days: int, trucks_per_day: int, start: date, world: AidWorld) -> SimulatedAid:
    """Generate the records of some days of aid; the same arguments give the same records.

    seed : int
    days : int               days on which trucks set out, >= 1
    trucks_per_day : int     trucks that set out each day, >= 1
    start : date             first of these days, in the world's zone; requests lie up to ten days before
    world : AidWorld
    Returns : SimulatedAid   records in the order of recording, and the truth behind them
    Raises : ValueError      days or trucks_per_day below 1
    """
    if days < 1 or trucks_per_day < 1:
        raise ValueError("expected at least one day and one truck per day")
    random = Random(seed)  # noqa: S311 (a reproducible sample, nothing secret)
    run = _Run(world, random, Recorder(world, random), {})
    for number in range(days):
        day = start + timedelta(days=number)
        trucks = trucks_per_day
        consignment = 0
        while trucks > 0:
            consignment += 1
            size = min(trucks, random.randint(1, 8))
            trucks -= size
            _consignment(run, day, f"C{number + 1:03d}-{consignment:03d}", size)
    events = sorted(run.recorder.events, key=lambda event: (event.recorded_at, event.key))
    return SimulatedAid(tuple(events), tuple(run.recorder.passages))


def _consignment(run: _Run, day: date, reference: str, trucks: int) -> None:
    random, world = run.random, run.world
    consignor = random.choices(world.consignors, [one.weight for one in world.consignors])[0]
    cargo = random.choices(world.cargo, [one.weight for one in world.cargo])[0]
    area = random.choices(world.areas, [weight for _, weight in world.areas])[0][0]
    capacity = world.pallets_per_truck
    load = Load(reference, consignor.code, consignor.consignor_class, cargo.code, cargo.pallet_kg, area, capacity)
    least, most = (round(share * capacity) for share in (world.rates.emptiest, world.rates.fullest))
    pallets = [random.randint(least, most) for _ in range(trucks)]
    asked = local_minute(world, day, 9 * 60) - timedelta(minutes=random.randint(3 * 1440, 10 * 1440))
    answered = asked + timedelta(minutes=random.randint(300, 2 * 1440))
    run.recorder.record(load, Step("", "requested", asked, pallets=sum(pallets)))
    run.recorder.record(load, Step("", "items_submitted", asked + timedelta(minutes=60), pallets=sum(pallets)))
    if random.random() < world.rates.item_rejected:
        reason = random.choice(world.item_reasons)
        run.recorder.record(load, Step("", "item_rejected", answered, pallets=sum(pallets), reason=reason))
        return
    run.recorder.record(load, Step("", "item_approved", answered, pallets=sum(pallets)))
    for number, count in enumerate(pallets, 1):
        _truck(run, load, f"{reference}-T{number}", day, count)


@dataclass(frozen=True)
class _Trip:
    """One attempt of one unit."""

    run: _Run
    load: Load
    unit: str
    attempt: int
    parent: str = ""

    def reach(self, step: Step) -> None:
        """Have this unit reach a stage."""
        self.run.recorder.record(self.load, replace(step, unit=self.unit, attempt=self.attempt, parent=self.parent))


def _truck(run: _Run, load: Load, unit: str, day: date, pallets: int) -> None:
    """Send a truck, again after a rejection, until it is in or given up."""
    random, world = run.random, run.world
    for attempt in range(1, _MOST_ATTEMPTS + 1):
        crossing, day = open_crossing(world, random, day)
        trip = _Trip(run, load, unit, attempt)
        arrived = _to_the_crossing(trip, day, crossing, pallets)
        entered = _through_the_crossing(trip, arrived, _closing(run, crossing, day), crossing.code, pallets)
        if entered is not None:
            _inside(trip, crossing.code, entered, pallets)
            return
        if random.random() >= world.rates.sent_again:
            return
        day += timedelta(days=random.randint(1, 4))


def _closing(run: _Run, crossing: SimulatedCrossing, day: date) -> datetime:
    """Give the time at which a crossing closes on a day, earlier than planned on some days."""
    key = (crossing.code, day)
    if key not in run.closures:
        minute = crossing.closes_minute
        if run.random.random() < run.world.rates.early_closure:
            minute = run.random.randint((crossing.opens_minute + minute) // 2, minute)
        run.closures[key] = local_minute(run.world, day, minute)
    return run.closures[key]


def _to_the_crossing(trip: _Trip, day: date, crossing: SimulatedCrossing, pallets: int) -> datetime:
    """Bring a truck from the hub to the crossing. Returns when it arrived there."""
    random = trip.run.random
    width = crossing.closes_minute - crossing.opens_minute
    arrived = local_minute(trip.run.world, day, crossing.opens_minute + random.randint(0, max(width - 30, 1)))
    loaded = arrived - timedelta(minutes=random.randint(150, 600))
    stages = (("manifested", -300), ("sealed", -200), ("at_hub", -120), ("loaded", 0), ("departed", 30))
    for stage, minutes in stages:
        if stage != "at_hub" or trip.attempt == 1:
            trip.reach(Step("", stage, loaded + timedelta(minutes=minutes), pallets=pallets))
    trip.reach(Step("", "at_inspection", arrived, crossing=crossing.code, pallets=pallets))
    return arrived


def _through_the_crossing(
    trip: _Trip, arrived: datetime, closes: datetime, crossing: str, pallets: int
) -> datetime | None:
    """Inspect a truck. Returns when it entered; None when it was sent back."""
    random, world = trip.run.random, trip.run.world
    screened = arrived + timedelta(minutes=random.randint(20, 180))
    reason = ""
    if arrived >= closes:
        reason, screened = "capacity_closed_early", arrived + timedelta(minutes=5)
    elif random.random() < world.rates.rejected_at_crossing:
        reason = random.choice(world.crossing_reasons)
    if reason:
        step = Step("", "rejected_at_crossing", screened, crossing=crossing, pallets=pallets, reason=reason)
        trip.reach(replace(step, had_prior_approval=random.random() < world.rates.had_prior_approval))
        back = screened + timedelta(minutes=random.randint(120, 900))
        trip.reach(Step("", "returned_to_hub", back, pallets=pallets))
        return None
    trip.reach(Step("", "screened", screened, crossing=crossing, pallets=pallets))
    entered = screened + timedelta(minutes=random.randint(5, 60))
    trip.reach(Step("", "entered", entered, crossing=crossing, pallets=pallets))
    return entered


def _inside(trip: _Trip, crossing: str, entered: datetime, pallets: int) -> None:
    """Offload, wait, split where the load is repacked, and carry each part on."""
    random, rates = trip.run.random, trip.run.world.rates
    at = entered + timedelta(minutes=random.randint(15, 120))
    count = _received(trip.run, pallets)
    trip.reach(Step("", "offloaded", at, crossing=crossing, pallets=pallets, received=count))
    trip.reach(Step("", "awaiting_collection", at + timedelta(minutes=5), pallets=count))
    if random.random() < rates.left_at_crossing:
        return
    at += timedelta(minutes=random.randint(120, 2 * 1440))
    if count < 4 or random.random() >= rates.split:
        _onward(trip, at, count)
        return
    first = random.randint(1, count - 1)
    for number, part in enumerate((first, count - first), 1):
        part_trip = replace(trip, unit=f"{trip.unit}-P{number}", parent=trip.unit)
        _onward(part_trip, at + timedelta(minutes=random.randint(0, 240)), part)


def _received(run: _Run, pallets: int) -> int:
    """Give what the receiving side counts: sometimes a pallet or two less."""
    if run.random.random() < run.world.rates.quantities_differ:
        return max(pallets - run.random.randint(1, 2), 1)
    return pallets


def _onward(trip: _Trip, at: datetime, pallets: int) -> None:
    """Collect a load and carry it to its destination, as far as it comes."""
    random, rates = trip.run.random, trip.run.world.rates
    count = _received(trip.run, pallets)
    trip.reach(Step("", "collected", at, pallets=pallets, received=count))
    at += timedelta(minutes=20)
    trip.reach(Step("", "in_transit_inside", at, pallets=count))
    at += timedelta(minutes=random.randint(40, 300))
    if random.random() < rates.intercepted:
        taken = max(1, round(count * random.uniform(0.1, 1.0)))
        trip.reach(Step("", "intercepted", at, pallets=taken, reason=random.choice(_INTERCEPTION_REASONS)))
        count -= taken
    elif random.random() < rates.lost:
        missing = random.randint(1, count)
        trip.reach(Step("", "lost", at, pallets=missing, reason="lost_unexplained"))
        count -= missing
    if count <= 0:
        return
    at += timedelta(minutes=random.randint(10, 60))
    trip.reach(Step("", "arrived", at, pallets=count))
    _receive(trip, at + timedelta(minutes=random.randint(20, 120)), count)


def _receive(trip: _Trip, at: datetime, pallets: int) -> None:
    """Take a load in at its destination, whole or damaged, and pass it on to people."""
    random = trip.run.random
    damaged = random.randint(1, max(1, pallets // 4)) if random.random() < trip.run.world.rates.damaged else 0
    if damaged:
        reason = random.choice(_DAMAGE_REASONS)
        trip.reach(Step("", "received_damaged", at, pallets=damaged, damaged=damaged, reason=reason))
    good = pallets - damaged
    if good <= 0:
        return
    later = at + timedelta(minutes=random.randint(720, 5 * 1440))
    given_out = later + timedelta(minutes=random.randint(240, 1440))
    stages = {"received_good": at, "stored": at + timedelta(minutes=60)}
    for stage, moment in (stages | {"released_to_partner": later, "distributed": given_out}).items():
        trip.reach(Step("", stage, moment, pallets=good))
