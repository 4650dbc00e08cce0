"""How the passages of a truck are written down: late, twice, by a wrong clock, at the wrong crossing."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from ._truth import Amount, Passage, SimulatedEvent
from ._world import AidWorld

_CROSSING_STAGES = frozenset({"at_inspection", "screened", "rejected_at_crossing", "entered", "offloaded"})


@dataclass(frozen=True, slots=True)
class Load:
    """What a truck carries, for whom, from whom."""

    consignment: str
    consignor: str
    consignor_class: str
    commodity: str
    pallet_kg: int
    area: str
    capacity: int  # pallets


@dataclass(frozen=True, slots=True)
class Step:
    """A unit reaches a stage."""

    unit: str
    stage: str
    at: datetime  # UTC, true time
    attempt: int = 1
    crossing: str = ""
    pallets: int = 0  # as the giver counted
    received: int | None = None  # as the receiver counted, when that differs
    damaged: int = 0
    reason: str = ""
    parent: str = ""
    had_prior_approval: bool = False


@dataclass
class Recorder:
    """Writes passages down with the faults of real recording."""

    world: AidWorld
    random: Random
    events: list[SimulatedEvent] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    skews: dict[str, int] = field(default_factory=dict)  # device -> seconds its clock is off

    def record(self, load: Load, step: Step) -> None:
        """Write one passage down: its record, perhaps a second one, perhaps a correction."""
        stated, recorded = self.times(step)
        event, pallets = self._event(load, step, stated, recorded)
        wrong = event.crossing != step.crossing
        self.events.append(event)
        statements = [(recorded, event.crossing)]
        if wrong:
            statements += self._corrected(event, step.crossing)
        elif step.unit and self.random.random() < self.world.rates.duplicate_scan:
            self._scan_again(event)
        tonnes = Decimal(pallets * load.pallet_kg) / 1000
        self.passages.append(
            Passage(
                load.consignment,
                step.unit,
                step.stage,
                step.attempt,
                load.consignor_class,
                load.commodity,
                pallets,
                tonnes,
                stated,
                tuple(statements),
            )
        )

    def _event(self, load: Load, step: Step, stated: datetime, recorded: datetime) -> tuple[SimulatedEvent, int]:
        amounts, pallets = _amounts(load, step)
        event = SimulatedEvent(
            key=f"{step.unit or load.consignment}:{step.stage}:{step.attempt}",
            consignment=load.consignment,
            unit=step.unit,
            parent=step.parent,
            stage=step.stage,
            reason=step.reason,
            attempt=step.attempt,
            crossing=self._wrong_crossing(step) or step.crossing,
            area=load.area,
            consignor=load.consignor,
            consignor_class=load.consignor_class,
            commodity=load.commodity,
            amounts=amounts,
            fullness_share=round(pallets / load.capacity, 3),
            had_prior_approval=step.had_prior_approval,
            occurred_at=stated,
            recorded_at=recorded,
        )
        return event, pallets

    def times(self, step: Step) -> tuple[datetime, datetime]:
        """Give the time of a step as its device states it, and the time at which that is recorded."""
        rates = self.world.rates
        device = f"{step.crossing or step.stage}:{self.random.randrange(4)}"
        if device not in self.skews:
            is_skewed = self.random.random() < rates.skewed_device
            self.skews[device] = self.random.randint(-rates.most_skew_s, rates.most_skew_s) if is_skewed else 0
        stated = step.at + timedelta(seconds=self.skews[device])
        delay = self.random.randint(5, 300)
        if self.random.random() < rates.late_scan:
            delay = self.random.randint(3600, rates.most_late_s)
        recorded = step.at + timedelta(seconds=delay)
        # A record is never older than the time it states: devices send no scans from the future.
        return stated, max(recorded, stated + timedelta(seconds=5))

    def _wrong_crossing(self, step: Step) -> str:
        if step.stage not in _CROSSING_STAGES or self.random.random() >= self.world.rates.wrong_crossing:
            return ""
        others = [crossing.code for crossing in self.world.crossings if crossing.code != step.crossing]
        return self.random.choice(others) if others else ""

    def _corrected(self, event: SimulatedEvent, crossing: str) -> list[tuple[datetime, str]]:
        if self.random.random() >= self.world.rates.wrong_crossing_corrected:
            return []
        recorded = event.recorded_at + timedelta(seconds=self.random.randint(7200, 48 * 3600))
        self.events.append(
            replace(
                event,
                key=f"{event.key}:corrected",
                recorded_at=recorded,
                crossing=crossing,
                reason="wrong_crossing",
                corrects=event.key,
            )
        )
        return [(recorded, crossing)]

    def _scan_again(self, event: SimulatedEvent) -> None:
        again = event.occurred_at + timedelta(seconds=self.random.randint(10, 600))
        zone = self.world.zone
        if again.astimezone(zone).date() != event.occurred_at.astimezone(zone).date():
            again = event.occurred_at
        latest = max(event.recorded_at, again)
        recorded = latest + timedelta(seconds=self.random.randint(5, 900))
        self.events.append(replace(event, key=f"{event.key}:again", recorded_at=recorded, occurred_at=again))


def _amounts(load: Load, step: Step) -> tuple[tuple[Amount, ...], int]:
    received = step.pallets if step.received is None else step.received
    if not step.pallets:
        return (), 0
    per_pallet = Decimal(load.pallet_kg) / 1000
    trucks = (Amount("truck", Decimal(1), Decimal(1)),) if step.unit else ()
    pallets = Amount("pallet", Decimal(step.pallets), Decimal(received), Decimal(step.damaged))
    tonnes = Amount("tonne", step.pallets * per_pallet, received * per_pallet, step.damaged * per_pallet)
    return (*trucks, pallets, tonnes), received
