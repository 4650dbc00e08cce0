"""Consignments with several lines, from request to distribution, as statements whose quantities must add up."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from tansiq.engine.conservation import Line, Stage, Statement, stages_of

from ._recording import Recorder, Step
from ._world import AidWorld, local_minute, open_crossing

CHAIN_STAGES: Final = stages_of(
    [
        Stage("requested", scope="line"),
        Stage("approved", "requested", scope="line", presumed=False),
        Stage("item_rejected", "requested", "end", scope="line"),
        Stage("loaded", "approved", revocable=True),
        Stage("at_inspection", "loaded", revocable=True, site="crossing"),
        Stage("returned_to_hub", "at_inspection", "return"),
        Stage("entered", "at_inspection", site="crossing"),
        Stage("offloaded", "entered", site="crossing"),
        Stage("collected", "offloaded"),
        Stage("intercepted", "collected", "end"),
        Stage("lost", "collected", "loss"),
        Stage("arrived", "collected"),
        Stage("received_damaged", "arrived", "loss"),
        Stage("received_good", "arrived"),
        Stage("distributed", "received_good", "end"),
    ]
)
_SOURCES: Final = {"approved": "authority", "item_rejected": "authority", "loaded": "hub", "returned_to_hub": "hub"}
_AT_CROSSING: Final = ("at_inspection", "entered", "offloaded")
_REPEATED_AFTER_S: Final = (10, 600)
_MOST_ATTEMPTS: Final = 3
_PALLET: Final = "pallet"


@dataclass(frozen=True, slots=True)
class ChainRates:
    """How often things happen beyond the rates of the world; shares of what is concerned."""

    approved_in_part: float = 0.12
    substituted: float = 0.08
    repacked: float = 0.15  # of consignments with two trucks that came in
    shares_stated: float = 0.5  # of splits; else the parts only name the whole
    other_truck: float = 0.3  # of loads sent again
    delivered_twice: float = 0.03  # the same record under the same key
    restated: float = 0.04  # of what was distributed: first told too low


@dataclass(frozen=True, slots=True)
class SimulatedChain:
    """Lines, what was recorded of them in the order of recording, and what truly passed."""

    lines: tuple[Line, ...]
    statements: tuple[Statement, ...]
    passed: dict[tuple[str, str], Decimal]  # by line and stage, at the end; less what came back


@dataclass
class _Run:
    world: AidWorld
    rates: ChainRates
    random: Random
    recorder: Recorder
    lines: list[Line] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    passed: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))


@dataclass(frozen=True)
class _Cargo:
    """What one unit carries: pallets by line."""

    run: _Run
    unit: str
    pallets: dict[str, int]
    attempt: int = 1
    parent: str = ""
    not_before: datetime | None = None  # nothing of it is recorded earlier: its label did not exist

    def reach(self, stage: str, at: datetime, pallets: dict[str, int] | None = None, crossing: str = "") -> datetime:
        """Have the unit reach a stage with all it carries, or with so much of it. Returns when that is recorded."""
        counts = self.pallets if pallets is None else pallets
        stated, recorded = self.run.recorder.times(Step(self.unit, stage, at, crossing=crossing))
        if self.not_before:
            recorded = max(recorded, self.not_before)
        for line, count in counts.items():
            if count:
                row = self._row(line, stage, Decimal(count), (stated, recorded))
                self.run.passed[line, stage] += count
                _recorded(self.run, replace(row, place=crossing if stage in _AT_CROSSING else ""))
        return recorded

    def _row(self, line: str, stage: str, quantity: Decimal, times: tuple[datetime, datetime]) -> Statement:
        return Statement(
            source=_SOURCES.get(stage, "monitor"),
            key=f"{line}:{self.unit}:{stage}:{self.attempt}",
            line=line,
            stage=stage,
            quantity=quantity,
            measure=_PALLET,
            occurred_at=int(times[0].timestamp()),
            recorded_at=int(times[1].timestamp()),
            handling_unit=self.unit,
            parent=self.parent,
            attempt=self.attempt,
        )

    def moved(self, move: str, stage: str, group: str, at: datetime) -> None:
        """State what was taken from the unit, or made into it, in a split or repack; it is recorded at once."""
        for line, count in self.pallets.items():
            if count:
                row = self._row(line, stage, Decimal(count), (at, at))
                key = f"{row.key}:{move}:{group}"
                self.run.statements.append(replace(row, key=key, move=move, group=group))


def simulate_chain(
    *, seed: int, consignments: int, days: int, start: date, world: AidWorld, rates: ChainRates | None = None
) -> SimulatedChain:
    """Generate consignments whose quantities add up however late, often or out of order they are recorded.

    seed : int
    consignments : int         >= 1
    days : int                 days over which they set out, >= 1
    start : date               first of these days, in the world's zone
    Returns : SimulatedChain   the same for the same arguments
    Raises : ValueError        consignments or days below 1
    """
    if consignments < 1 or days < 1:
        raise ValueError("expected at least one consignment and one day")
    random = Random(seed)  # noqa: S311 (a reproducible sample, nothing secret)
    run = _Run(world, rates or ChainRates(), random, Recorder(world, random))
    for number in range(consignments):
        _consignment(run, f"C{number + 1:05d}", start + timedelta(days=random.randrange(days)))
    rows = sorted(run.statements, key=lambda row: (row.recorded_at, row.source, row.key, row.edition))
    return SimulatedChain(tuple(run.lines), tuple(rows), dict(run.passed))


def _recorded(run: _Run, row: Statement) -> None:
    """Write a statement down, perhaps twice, perhaps scanned again, perhaps first told too low."""
    random = run.random
    if row.stage == "distributed" and row.quantity and row.quantity > 1 and random.random() < run.rates.restated:
        later = row.recorded_at + random.randint(3600, 48 * 3600)
        run.statements += [replace(row, quantity=row.quantity - 1), replace(row, edition=1, recorded_at=later)]
        return
    run.statements.append(row)
    if random.random() < run.rates.delivered_twice:
        run.statements.append(replace(row, recorded_at=row.recorded_at + random.randint(1, 72 * 3600)))
    if row.handling_unit and random.random() < run.world.rates.duplicate_scan:
        again = row.occurred_at + random.randint(*_REPEATED_AFTER_S)
        recorded = max(row.recorded_at, again) + random.randint(5, 900)
        run.statements.append(replace(row, key=f"{row.key}:again", occurred_at=again, recorded_at=recorded))


def _consignment(run: _Run, code: str, day: date) -> None:
    random, world = run.random, run.world
    asked = local_minute(world, day, 540) - timedelta(days=random.randint(3, 10))
    pallets: dict[str, int] = {}
    for item in range(random.randint(1, 3)):
        line = f"{code}-{item + 1}"
        pallets[line] = _decided(run, line, random.randint(4, 40), asked)
    if len(pallets) > 1 and random.random() < run.rates.substituted:
        _substitute(run, code, pallets, asked + timedelta(days=1))
    inside = [found for cargo in _trucks(run, code, pallets) if (found := _to_inside(run, cargo, day)) is not None]
    if len(inside) > 1 and random.random() < run.rates.repacked:
        _repack(run, code, inside)
        return
    for cargo, at in inside:
        _onward(run, cargo, at)


def _decided(run: _Run, line: str, asked_for: int, at: datetime) -> int:
    """Ask for a line and decide on it; decisions are recorded when they are made. Returns what is approved."""
    random = run.random
    run.lines.append(Line(line, _PALLET, Decimal(asked_for)))
    run.passed[line, "requested"] += asked_for
    approved = asked_for
    if random.random() < run.world.rates.item_rejected:
        approved = 0
    elif random.random() < run.rates.approved_in_part:
        approved = random.randint(1, asked_for)
    decided = at + timedelta(minutes=random.randint(300, 1200))
    for stage, count in (("approved", approved), ("item_rejected", asked_for - approved)):
        if count:
            whole = _Cargo(run, "", {line: count})
            run.statements.append(whole._row(line, stage, Decimal(count), (decided, decided)))
            run.passed[line, stage] += count
    return approved


def _substitute(run: _Run, code: str, pallets: dict[str, int], at: datetime) -> None:
    """Let some of what was approved of one line be brought as goods of another."""
    taken, made = list(pallets)[:2]
    if pallets[taken] < 2:
        return
    count = run.random.randint(1, pallets[taken] - 1)
    for line, move in ((taken, "taken"), (made, "made")):
        _Cargo(run, "", {line: count}).moved(move, "approved", f"{code}-S", at)
    pallets[taken] -= count
    pallets[made] += count


def _trucks(run: _Run, code: str, pallets: dict[str, int]) -> list[_Cargo]:
    """Put what is approved on trucks, each full but the last; some of it stays behind."""
    left, trucks = dict(pallets), list[_Cargo]()
    while any(left.values()):
        room, load = run.world.pallets_per_truck, {}
        for line, count in left.items():
            load[line] = min(count, room)
            room -= load[line]
            left[line] -= load[line]
        trucks.append(_Cargo(run, f"{code}-T{len(trucks) + 1}", load))
    return trucks


def _to_inside(run: _Run, cargo: _Cargo, day: date) -> tuple[_Cargo, datetime] | None:
    """Send a truck, after a rejection again or on another truck, until it is in or given up."""
    random, rates = run.random, run.world.rates
    for _ in range(_MOST_ATTEMPTS):
        crossing, day = open_crossing(run.world, random, day)
        width = crossing.closes_minute - crossing.opens_minute
        arrived = local_minute(run.world, day, crossing.opens_minute + random.randint(0, max(width - 60, 1)))
        cargo.reach("loaded", arrived - timedelta(minutes=random.randint(150, 600)))
        cargo.reach("at_inspection", arrived, crossing=crossing.code)
        entered = arrived + timedelta(minutes=random.randint(30, 240))
        if random.random() >= rates.rejected_at_crossing:
            cargo.reach("entered", entered, crossing=crossing.code)
            return _offloaded(run, cargo, entered + timedelta(minutes=random.randint(15, 120)), crossing.code)
        known = cargo.reach("returned_to_hub", entered + timedelta(minutes=random.randint(120, 900)))
        for line, count in cargo.pallets.items():
            for stage in ("loaded", "at_inspection"):
                run.passed[line, stage] -= count
        if random.random() >= rates.sent_again:
            return None
        day += timedelta(days=random.randint(2, 5))
        cargo = replace(cargo, attempt=cargo.attempt + 1)
        if random.random() < run.rates.other_truck:  # the hub gives out what its books say has come back
            day = max(day, known.date() + timedelta(days=2))
            cargo = replace(cargo, unit=f"{cargo.unit}x", not_before=known)
    return None


def _offloaded(run: _Run, cargo: _Cargo, at: datetime, crossing: str) -> tuple[_Cargo, datetime]:
    """Offload; now and then the receiving side counts a pallet less, and that is what goes on."""
    cargo = replace(cargo, pallets=_counted(run, cargo.pallets))
    cargo.reach("offloaded", at, crossing=crossing)
    return cargo, at + timedelta(minutes=run.random.randint(120, 2880))


def _counted(run: _Run, pallets: dict[str, int]) -> dict[str, int]:
    rate = run.world.rates.quantities_differ
    return {line: count - (count > 1 and run.random.random() < rate) for line, count in pallets.items()}


def _repack(run: _Run, code: str, inside: list[tuple[_Cargo, datetime]]) -> None:
    """Make other units of what all trucks of a consignment brought; their labels come out of that record."""
    at = max(moment for _, moment in inside)
    total: dict[str, int] = defaultdict(int)
    for cargo, _ in inside:
        cargo.moved("taken", "offloaded", f"{code}-R", at)
        for line, count in cargo.pallets.items():
            total[line] += count
    parts = _parted(run, dict(total), run.random.randint(2, 4))
    for number, pallets in enumerate(parts, 1):
        part = _Cargo(run, f"{code}-R{number}", pallets, not_before=at)
        part.moved("made", "offloaded", f"{code}-R", at)
        _carried(run, part, at + timedelta(minutes=run.random.randint(30, 240)))


def _parted(run: _Run, pallets: dict[str, int], size: int) -> list[dict[str, int]]:
    """Divide pallets at random into so many parts."""
    parts: list[dict[str, int]] = [{} for _ in range(size)]
    for line, count in pallets.items():
        cuts = sorted(run.random.randint(0, count) for _ in range(size - 1))
        for part, (start, end) in zip(parts, zip([0, *cuts], [*cuts, count], strict=True), strict=True):
            part[line] = end - start
    return parts


def _onward(run: _Run, cargo: _Cargo, at: datetime) -> None:
    """Carry a load on, whole or split; a split states its shares or leaves them to be told by the parts."""
    random = run.random
    if random.random() < run.world.rates.left_at_crossing:
        return
    if random.random() >= run.world.rates.split:
        _carried(run, cargo, at)
        return
    states_shares = random.random() < run.rates.shares_stated
    group = f"{cargo.unit}-P"
    if states_shares:
        cargo.moved("taken", "offloaded", group, at)
    for number, pallets in enumerate(_parted(run, cargo.pallets, 2), 1):
        unit = f"{cargo.unit}-P{number}"
        part = replace(cargo, unit=unit, parent=cargo.unit, pallets=pallets, not_before=at if states_shares else None)
        if states_shares:
            part.moved("made", "offloaded", group, at)
        _carried(run, part, at + timedelta(minutes=random.randint(5, 240)))


def _carried(run: _Run, cargo: _Cargo, at: datetime) -> None:
    """Collect, carry, and hand out what arrives."""
    random, rates = run.random, run.world.rates
    collected = _counted(run, cargo.pallets)
    cargo.reach("collected", at, collected)
    at += timedelta(minutes=random.randint(60, 300))
    arrived = dict(collected)
    for stage, rate in (("intercepted", rates.intercepted), ("lost", rates.lost)):
        if random.random() < rate:
            gone = {line: random.randint(0, count) for line, count in arrived.items()}
            cargo.reach(stage, at, gone)
            arrived = {line: count - gone[line] for line, count in arrived.items()}
    cargo.reach("arrived", at + timedelta(minutes=10), arrived)
    damaged = {
        line: random.randint(0, count // 4) if random.random() < rates.damaged else 0 for line, count in arrived.items()
    }
    good = {line: count - damaged[line] for line, count in arrived.items()}
    cargo.reach("received_damaged", at + timedelta(minutes=40), damaged)
    cargo.reach("received_good", at + timedelta(minutes=40), good)
    cargo.reach("distributed", at + timedelta(hours=random.randint(12, 120)), good)
