"""The sample's thirty days of aid: simulated, then written through the aid desk's own acts, each in its room."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.configuration import OperationConfiguration, simulated_world
from tansiq.building.rooms.models import Room, RoomKind
from tansiq.desks.aid.actions import correct_event, record_scans, register_consignments
from tansiq.desks.aid.models import AidEvent, ImportRun
from tansiq.desks.aid.rules import ConsignmentStatement, EventStatement, LineStatement, Quantity
from tansiq.engine.simulation import SimulatedAid, SimulatedEvent, simulate_aid

Progress = Callable[[str, int, int], None]  # step, done, of how many
BATCH = 2_000  # scans
DRIVERS = ("Sample driver", "سائق نموذجي", "נהג לדוגמה")  # typed in the language of whoever typed it
AS_TOLD = "كما ورد من جهاز المسح"  # scans that contradict others are kept, and corrected later as they would be
DEVICE = "sample"  # first word of the name of each batch; then the simulation's seed, trucks and first day


@dataclass(frozen=True)
class Asked:
    """What is simulated; the same answers the same records."""

    seed: int
    days: int
    trucks_per_day: int
    now: datetime  # nothing that is recorded later has happened yet


@dataclass(frozen=True)
class Sites:
    """Where things happen away from crossings."""

    hubs: tuple[str, ...]
    sides: dict[str, str]  # stage → the side of the crossing on which it happens

    def of(self, event: SimulatedEvent) -> str:
        """The hub before the crossing, the destination behind it; nothing for papers, and at a crossing."""
        side = self.sides[event.stage]
        if not event.unit or event.crossing or side == "crossing":
            return ""
        if side == "before":
            return self.hubs[_number(event.consignment) % len(self.hubs)] if self.hubs else ""
        return event.area


@dataclass(frozen=True)
class Simulated:
    """The simulated records, and the rooms they belong to."""

    aid: SimulatedAid
    actors: dict[str, Actor]  # consignor → who writes its records down
    consignors: dict[str, str]  # code → name
    device: str
    now: datetime
    sites: Sites


def simulated(configuration: OperationConfiguration, rooms: dict[str, Room], asked: Asked) -> Simulated:
    """Simulate the days that end today."""
    today = asked.now.astimezone(ZoneInfo(configuration.operation.time_zone)).date()
    first = today - timedelta(days=asked.days - 1)
    aid = simulate_aid(
        seed=asked.seed, days=asked.days, trucks_per_day=asked.trucks_per_day, start=first,
        world=simulated_world(configuration),
    )  # fmt: skip
    happened = tuple(event for event in aid.events if event.recorded_at <= asked.now)
    actors = {slug: system_actor(room) for slug, room in _rooms_of_consignors(configuration, rooms).items()}
    names = {one.code: one.names.en for one in configuration.organisations}
    sites = Sites(
        tuple(site.code for site in configuration.sites if site.kind == "hub"),
        {stage.code: stage.side for stage in configuration.stages},
    )
    device = f"{DEVICE} {asked.seed} {first.isoformat()}"
    return Simulated(replace(aid, events=happened), actors, names, device, asked.now, sites)


def is_written(rooms: Iterable[Room]) -> bool:
    """Whether the simulated days stand in the database already."""
    for room in rooms:
        with eyes_of(system_actor(room)):
            if ImportRun.objects.filter(room=room, record_kind="scan", file_name__startswith=DEVICE).exists():
                return True
    return False


def write_aid(found: Simulated, progress: Progress) -> dict[str, int]:
    """Register the consignments, record the scans in batches of a room's day, and correct what was wrong."""
    by_reference = _by_consignment(found.aid.events)
    registered: dict[UUID, list[ConsignmentStatement]] = defaultdict(list)
    by_room = {actor.room_id: actor for actor in found.actors.values()}
    for events in by_reference.values():
        registered[found.actors[events[0].consignor].room_id].append(_consignment(events, found.consignors))
    for done, (room_id, statements) in enumerate(registered.items()):
        progress("consignments", done, len(registered))
        register_consignments(by=by_room[room_id], statements=statements)
    stated = [event for event in found.aid.events if not event.corrects]
    written = 0
    for by, day, events in _batches(stated, found.actors):
        record_scans(by=by, statements=[_statement(one, found.sites) for one in events], device=f"{found.device} {day}")
        written += len(events)
        progress("events", written, len(stated))
    corrections = [event for event in found.aid.events if event.corrects]
    for done, event in enumerate(corrections):
        if done % 20 == 0:
            progress("corrections", done, len(corrections))
        _correct(found.actors[event.consignor], event, found.sites)
    return {"consignments": len(by_reference), "events": len(stated), "corrections": len(corrections)}


def _rooms_of_consignors(configuration: OperationConfiguration, rooms: dict[str, Room]) -> dict[str, Room]:
    """The room of each consignor: its organisation's own; importers' goods go with the haulier; else the floor."""
    own = {stated.organisation: rooms[stated.code] for stated in configuration.rooms if stated.organisation}
    floor = next(room for room in rooms.values() if room.kind == RoomKind.SHARED_FLOOR)
    simulation = configuration.operation.simulation
    classes = {one.code: one.consignor_class for one in configuration.organisations}
    found = {}
    for code in simulation.consignors if simulation else ():
        carrier = rooms.get("haulier", floor) if classes[code] == "commercial" else floor
        found[code] = own.get(code, carrier)
    return found


def _by_consignment(events: Iterable[SimulatedEvent]) -> dict[str, list[SimulatedEvent]]:
    found: dict[str, list[SimulatedEvent]] = defaultdict(list)
    for event in events:
        found[event.consignment].append(event)
    return found


def _consignment(events: list[SimulatedEvent], consignors: dict[str, str]) -> ConsignmentStatement:
    first = min(events, key=lambda event: event.occurred_at)
    crossing = next((event.crossing for event in events if event.crossing), "")
    pallets = next((amount.giver for amount in first.amounts if amount.unit == "pallet"), Decimal(0))
    tonnes = next((amount.giver for amount in first.amounts if amount.unit == "tonne"), Decimal(0))
    number = _number(first.consignment)
    return ConsignmentStatement(
        reference=first.consignment, consignor_class=first.consignor_class, crossing_code=crossing,
        lines=(LineStatement(pallets, "pallet", first.commodity), LineStatement(tonnes, "tonne", first.commodity)),
        detail={"consignor": consignors[first.consignor], "destination": first.area,
                "manifest": f"MF-{number % 9973:04d}", "waybill": f"WB-{first.consignment[1:]}"},
        driver=f"{DRIVERS[number % len(DRIVERS)]} {number % 97 + 1}",
    )  # fmt: skip


def _number(reference: str) -> int:
    return int("".join(character for character in reference if character.isdigit()))


def _batches(
    events: list[SimulatedEvent], actors: dict[str, Actor]
) -> Iterator[tuple[Actor, str, list[SimulatedEvent]]]:
    """The records of each room in the order of recording; each batch is named after its first day."""
    gathered: dict[UUID, list[SimulatedEvent]] = defaultdict(list)
    by_room = {actor.room_id: actor for actor in actors.values()}
    for event in events:
        gathered[actors[event.consignor].room_id].append(event)
    for room_id, found in gathered.items():
        for start in range(0, len(found), BATCH):
            part = found[start : start + BATCH]
            yield by_room[room_id], part[0].recorded_at.astimezone(UTC).date().isoformat(), part


def _statement(event: SimulatedEvent, sites: Sites) -> EventStatement:
    quantities = tuple(
        Quantity(amount.unit, amount.giver, amount.receiver, amount.damaged or None, event.commodity)
        for amount in event.amounts
    )
    return EventStatement(
        stage=event.stage, occurred_at=event.occurred_at, quantities=quantities, source_key=event.key,
        consignment=event.consignment, unit_code=event.unit, parent_code=event.parent, crossing_code=event.crossing,
        consignor_class=event.consignor_class, reference=event.unit or event.consignment, reason=event.reason,
        place=sites.of(event), attempt=event.attempt, recorded_at=event.recorded_at, insists=True,
        insists_because=AS_TOLD,
    )  # fmt: skip


def _correct(by: Actor, event: SimulatedEvent, sites: Sites) -> None:
    """Replace the record that was wrong; the reason is a code of the operation, shown in the reader's language."""
    with eyes_of(by):
        former = AidEvent.objects.filter(room=by.room_id, source_key=event.corrects, edition=0).first()
    if former is None:
        return
    right = replace(_statement(event, sites), source_key="", reason=former.reason, recorded_at=None)
    correct_event(
        by=by, event_id=former.pk, reason=event.reason, statement=right, recorded_at=event.recorded_at, insists=True
    )
