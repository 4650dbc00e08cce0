"""Puts one record of every kind into a room, through acts, with a mark in every text that a person may type."""

import csv
import io
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import psycopg
from django.apps import apps
from django.db import connections, models
from psycopg.rows import dict_row

from tansiq.building.clocks.actions import (
    acknowledge_notice,
    answer_clock,
    fire_due_step,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.clocks.models import Clock, ClockKind, Notice
from tansiq.building.clocks.rules import HOLDER, OWNER, Holder, Step, Told
from tansiq.building.doors import actions as doors
from tansiq.building.doors.models import Release
from tansiq.building.doors.rules import RECORD_TYPES
from tansiq.building.people.actions import TokenAsked, create_token, propose_recovery
from tansiq.building.people.models import Account
from tansiq.building.places.actions import change_crossing_quota, report_crossing_status
from tansiq.building.places.loading import load_places
from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actions import grant_membership, send_invitation
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Audience, AudienceMember, Membership, Operation, Room, RoomMask
from tansiq.console.addresses import admin_parameters
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import AidEvent, CargoName, Consignment
from tansiq.desks.aid.queries.reference import mapping
from tansiq.desks.aid.rules import Amendment, ConsignmentStatement, EventStatement, LineStatement, Quantity
from tansiq.desks.impediments import actions as impediments
from tansiq.desks.impediments.rules import ImpedimentStatement, RecordReference
from tests import factories
from tests.house_rules.planting_coordination import furnish_coordination, plant_coordination
from tests.house_rules.planting_crossings import furnish_crossings, plant_crossings
from tests.house_rules.planting_distribution import furnish_distribution, plant_distribution
from tests.house_rules.planting_needs import furnish_needs, plant_needs
from tests.house_rules.planting_quantities import quantities
from tests.house_rules.planting_requests import furnish_requests, plant_requests
from tests.house_rules.planting_transport import furnish_transport, on_the_road

OPERATION = Path(__file__).resolve().parents[2] / "demo" / "operation"
PAUSED_FOR = "waiting_for_owner"
HOUR = timedelta(hours=1)
TRUSTED = "envoy"  # a room that is given what the others are not
SCANS = 60  # more than one page of any list
LADDER = [
    Step("half", 0.5, None, (Told(HOLDER),)),
    Step("100%", 1.0, None, (Told(HOLDER), Told(OWNER)), lapses=True),
]


def furnish() -> None:
    """Give the test operation the reference data, places and kinds of clock that acts ask for, and one room more."""
    operation = Operation.objects.using("owner").get(slug="test")
    configuration = read_operation(OPERATION)
    operation.rules = {**operation.rules, "chain": configuration.chain.model_dump(mode="json")}
    operation.save(update_fields=["rules"])
    load_places(operation, OPERATION)
    load_clock_kinds(operation, configuration)
    aid.load_reference(operation, OPERATION)
    impediments.load_terms(operation, configuration)
    furnish_distribution(operation, configuration)
    furnish_coordination(operation, configuration)
    furnish_transport(operation, configuration)
    furnish_crossings(operation, configuration)
    furnish_requests(operation)
    furnish_needs(operation, configuration)
    ClockKind.objects.using("owner").create(
        operation_id=operation.pk, code="answer", names={"en": "Answer", "ar": "رد", "he": "מענה"}, duration=HOUR,
        ladder=[step.as_json() for step in LADDER], pause_reasons={PAUSED_FOR: {"en": "waiting for the owner", "ar": "بانتظار المالك", "he": "בהמתנה לבעלים"}},
    )  # fmt: skip
    names = {"en": f"Room {TRUSTED}", "ar": f"غرفة {TRUSTED}", "he": f"חדר {TRUSTED}"}
    Room.objects.using("owner").create(operation=operation, slug=TRUSTED, kind="organisation", names=names)


def plant(slug: str, mark: str) -> None:
    """Do every act that a room can do for itself, marking whatever is free text; release some of it to one room."""
    by = factories.actor(slug)
    former = {row["id"] for kind in RECORD_TYPES.values() for row in rows_of(slug, kind.model)}
    person(by, mark)
    goods(by, mark)
    ledgers(by, mark)
    crossings(by, mark)
    waiting(by, mark)
    in_the_way(by, mark)
    plant_requests(by, mark, TRUSTED)
    plant_coordination(by, mark)
    on_the_road(by, mark)
    plant_crossings(by, mark)
    quantities(by, mark)
    plant_distribution(by, mark, TRUSTED)
    plant_needs(by, mark)
    made = pass_to(TRUSTED, by, mark, former)
    if made:
        doors.recall_release(by=by, release=made[0], reason=f"{mark} recall")


def person(by: Actor, mark: str) -> None:
    account = Account.objects.db_manager("owner").create_user(
        f"{mark}@example.org", factories.PASSWORD, name=f"{mark} person", is_sample=True
    )
    account._state.db = "default"
    grant_membership(by=by, account=account, roles=["observer"])
    let_settle(by)
    propose_recovery(by=by, account=account, reason=f"{mark} reason")
    send_invitation(by=by, email=f"{mark}@invited.example", roles=["observer"])
    create_token(by=by, asked=TokenAsked(f"{mark} token", ("aid.event.read",), datetime.now(UTC) + HOUR))


def let_settle(by: Actor) -> None:
    """Let the people of the room have held their roles for long: only such officers count in a recovery."""
    with eyes_of(by):
        Membership.objects.filter(room_id=by.room_id).update(since=datetime.now(UTC) - 100 * HOUR)


def goods(by: Actor, mark: str) -> None:
    text = SimpleNamespace(**{name: f"{mark} {name}" for name in ("cargo", "driver", "contact", "place", "unit")})
    line = LineStatement(Decimal(3), "pallet", cargo=f"{mark} flour")
    detail = {
        name: f"{mark} {name}"
        for name in ("manifest", "waybill", "consignor", "consignee", "origin", "destination", "route", "vehicle", "remark")
    }  # fmt: skip
    consignment = aid.register_consignment(
        by=by, statement=ConsignmentStatement(
            f"{mark} reference", (line,), consignor_class="un", crossing_code="kerem_shalom",
            units=((text.unit, "truck"),), detail=detail, driver=text.driver, contact=text.contact,
        ),
    )  # fmt: skip
    aid.amend_consignment(
        by=by, consignment_id=consignment.pk, amendment=Amendment(
            f"{mark} amendment", {"route": f"{mark} new route"}, f"{mark} new driver", lines=(line,),
        ),
    )  # fmt: skip
    now = datetime.now(UTC)
    amount = Quantity("pallet", Decimal(3), Decimal(2), Decimal(1), cargo=text.cargo)
    stated = EventStatement(
        "entered", now - HOUR, (amount,), source_key=f"{mark} key", unit_code=text.unit, place=text.place,
        crossing_code="kerem_shalom", consignor_class="un", reference=f"{mark} waybill",
    )  # fmt: skip
    event = aid.record_event(by=by, statement=stated)
    aid.correct_event(by=by, event_id=event.pk, reason=f"{mark} correction", statement=stated)
    scans = [
        EventStatement("screened", now - HOUR * n, source_key=f"{mark} scan {n}", unit_code=f"{mark} truck {n % 50}")
        for n in range(SCANS)
    ]
    aid.record_scans(by=by, statements=[*scans, EventStatement(f"{mark}_stage", now)], device=f"{mark} scanner")
    with eyes_of(by):
        name = CargoName.objects.filter(room=by.room_id, name__startswith=mark).first()
    aid.map_cargo_name(by=by, cargo_key=name.cargo_key, commodity="rice")
    aid.define_count(
        by=by, code=f"{mark}_count", names={"en": f"{mark} count", "ar": f"{mark} عد", "he": f"{mark} ספירה"},
        body={"measure": "units", "unit": "truck", "stages": ["entered"], "crossings": [f"{mark}_crossing"]},
    )  # fmt: skip


def ledgers(by: Actor, mark: str) -> None:
    """A ledger of events, a ledger of rows that are no events, and a file that is refused."""
    received = [
        ("ID", "1"), ("Last Edited Time", "2024-01-02 08:00"), ("Received Date", "2024-01-02"), ("Data Source", "UNRWA"),
        ("Manifest of", f"{mark} manifest"), ("Description of Cargo", f"{mark} cargo"), ("Cargo Category", "Food Items"),
        ("Status", "Received"), ("Time of Opening Gate", "08:00"), ("Quantity", "4"), ("Units", "Pallets"),
        ("Donating Country/ Organization", f"{mark} donor"), ("Donation Type", "Humanitarian - UN"), ("Crossing", "Kerem Shalom"),
        ("Destination Recipient/ Partner", f"{mark} partner"), ("Data Period", f"{mark} period"),
    ]  # fmt: skip
    presence = [
        ("Month", "January"), ("Cluster", f"{mark} cluster"), ("Region", f"{mark} region"), ("RegionPcode", "XX01"),
        ("District", f"{mark} district"), ("DistrictPcode", "XX0101"), ("Organization Type", "UN"),
        ("Organization_Name", f"{mark} organisation"),
    ]  # fmt: skip
    take(by, "unrwa_commodities_received", f"{mark} received.csv", received)
    take(by, "three_w_presence", f"{mark} presence.csv", presence)
    take(by, "three_w_presence", f"{mark} refused.csv", [(f"{mark} column", f"{mark} cell")])


def take(by: Actor, code: str, name: str, cells: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([[heading for heading, _ in cells], [cell for _, cell in cells]])
    with eyes_of(by):
        kept = mapping(by.operation_id, code)
    options = aid.ImportOptions(allow_refused=True)
    aid.import_ledger(by=by, file=aid.seal_file(text.getvalue().encode(), name), mapping=kept.mapping, options=options)


def crossings(by: Actor, mark: str) -> None:
    for crossing in Crossing.objects.filter(operation=by.operation_id).order_by("code")[:2]:
        report_crossing_status(
            by=by, crossing=crossing, state="open", since_at=datetime.now(UTC) - HOUR, source=f"{mark} source",
            note=f"{mark} note",
        )  # fmt: skip
        change_crossing_quota(
            by=by, crossing=crossing, units_per_day=777, from_date=date(2026, 1, 1), source=f"{mark} source",
            goods_class=mark, unit=mark,
        )  # fmt: skip


def waiting(by: Actor, mark: str) -> None:
    """Clocks that run, wait, were answered, and lapsed into silence."""
    with eyes_of(by):
        subjects = list(AidEvent.objects.filter(room=by.room_id, source_key__startswith=mark).order_by("pk")[:4])
    names, now = {"en": f"{mark} subject"}, datetime.now(UTC)
    holder = Holder(by.room_id, f"{mark}-role", by.account_id)
    clocks = [
        start_clock(by=by, kind="answer", subject=subject, holder=holder, subject_names=names, started_at=now - ago)
        for subject, ago in zip(subjects, (HOUR * 0, HOUR * 0, HOUR * 0, HOUR * 2), strict=True)
    ]
    pause_clock(by=by, clock=clocks[0], reason=PAUSED_FOR, note=f"{mark} pause")
    pause_clock(by=by, clock=clocks[1], reason=PAUSED_FOR, note=f"{mark} pause")
    resume_clock(by=by, clock=clocks[1], note=f"{mark} resumption")
    stop_clock(by=by, clock=clocks[1], note=f"{mark} answer")
    answer_clock(by=by, clock=clocks[2], note=f"{mark} answer")
    for _step in LADDER:
        with eyes_of(by):
            late = Clock.objects.select_related("kind", "room").get(pk=clocks[3].pk)
            fire_due_step(late, late.room)
    with eyes_of(by):
        notices = list(Notice.objects.filter(told_room_id=by.room_id, clock_id=clocks[3].pk))
    acknowledge_notice(by=by, notice=notices[0])


def in_the_way(by: Actor, mark: str) -> None:
    """Impediments: one with everything that may be said of it and every step, others answered and closed."""
    own = Holder(by.room_id, "officer")
    with eyes_of(by):
        subject = AidEvent.objects.filter(room=by.room_id, source_key__startswith=mark).order_by("pk").first()
        goods_held = Consignment.objects.filter(room=by.room_id, reference__startswith=mark).order_by("pk").first()
    held = RecordReference(subject._meta.label_lower, subject.pk, {"en": f"{mark} held"})
    also = RecordReference(goods_held._meta.label_lower, goods_held.pk, {"en": f"{mark} held"})
    stated = ImpedimentStatement(
        f"{mark} impediment", "permit", own, chain_links=("entry",), place="kerem_shalom", description=f"{mark} what",
        clause=f"{mark} clause", cost_quantity=Decimal(2), cost_unit="truck", cost_source=f"{mark} source",
        owner_person=f"{mark} person", contact=f"{mark} contact", next_forum=f"{mark} forum", records=(held, also),
    )  # fmt: skip
    first = impediments.open_impediment(by=by, statement=stated, origin="no_response", about=subject)
    impediments.raise_impediment(by=by, impediment=first, reason=f"{mark} raised")
    impediments.answer_impediment(by=by, impediment=first, answer="partly", reason=f"{mark} answered")
    late = impediments.open_impediment(by=by, statement=stated, at=datetime.now(UTC) - 100 * HOUR)
    with eyes_of(by):
        clock = Clock.objects.select_related("kind", "room").get(subject_id=late.pk)
        while clock.lapsed_at is None:
            fire_due_step(clock, clock.room)
            clock.refresh_from_db()
    impediments.record_silence(by=by, impediment=late)
    impediments.hand_over_impediment(by=by, impediment=late, owner=Holder(by.room_id), reason=f"{mark} handed over")


def pass_to(receiver: str, by: Actor, mark: str, without: Collection[object] = ()) -> list[Release]:
    """Release one record of every kind that can pass a door, but none of those that are named."""
    made = []
    for code, kind in RECORD_TYPES.items():
        with eyes_of(by):
            own = kind.model._default_manager.filter(room_id=by.room_id)
            record = own.exclude(pk__in=without).order_by("pk").first()
        asked = doors.Asked(kind.lines, (factories.room(receiver),), "GREEN", f"{mark} because")
        made.append(doors.propose_release(by=by, key=uuid4(), code=code, record_id=record.pk, asked=asked))
    return made


def kinds_of_record() -> list[type[models.Model]]:
    """Every model whose rows belong to a room; labels are the wall's own and no record."""
    kept = [m for m in apps.get_models() if any(part.column == "room_id" for part in m._meta.concrete_fields)]
    return [model for model in kept if model not in (Audience, AudienceMember, RoomMask)]


def rows_of(slug: str, model: type[models.Model]) -> list[dict[str, object]]:
    """Every row of a room, as a superuser finds it."""
    room_id = factories.room_id(slug)
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(**{**admin_parameters(), "dbname": name}, row_factory=dict_row) as connection:
        return connection.execute(f'select * from "{model._meta.db_table}" where room_id = %s', [room_id]).fetchall()
