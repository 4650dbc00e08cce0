"""Everything that happened to one consignment, of every desk, in order of time, as far as the reader may see it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from tansiq.building.clocks.queries import clocks_of, database_now
from tansiq.building.clocks.queries import history as clock_history
from tansiq.building.doors.models import Delivery, Release
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import Consignment, ConsignmentDetail
from tansiq.desks.aid.queries.rows import event_rows, events_of_consignment
from tansiq.desks.aid.queries.words import words as aid_words
from tansiq.desks.coordination.models import AskingDetail, DecisionDetail, RouteStatement
from tansiq.desks.coordination.queries.lists import AskingRow, Wanted, askings, overall_state, rows_of
from tansiq.desks.coordination.queries.routes import route_rows
from tansiq.desks.coordination.queries.stories import happenings
from tansiq.desks.coordination.queries.words import Names, Words
from tansiq.desks.coordination.rules import route_key
from tansiq.desks.impediments.models import ImpedimentStep
from tansiq.desks.impediments.queries.records import holding

CLOCK_WORDS = ("started", "paused", "resumed", "lapsed", "stopped")


@dataclass(frozen=True)
class Moment:
    """One thing in the story of a consignment; the page says it in words."""

    at: datetime
    what: str  # registered, amended, event, step, clock.…, impediment.…, released, received, recalled, route
    room: Names
    title: Names | str = ""
    about: Any = None  # the row that the page shows more of
    url: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class ConsignmentTimeline:
    """One consignment with its whole story."""

    consignment: Consignment
    rows: list[AskingRow]  # the requests for coordination that stand or stood, latest first
    overall: str | None  # the worst state over the authorities
    moments: list[Moment] = field(default_factory=list)


def consignment_timeline(by: Actor, consignment_id: UUID, words: Words) -> ConsignmentTimeline | None:
    """The whole story of one consignment; None when there is none, or none for this room."""
    found = Consignment.objects.select_related("room").filter(
        pk=consignment_id, room__operation=by.operation_id
    ).first()  # fmt: skip
    if found is None:
        return None
    held = askings(by, Wanted(consignment=found.pk)).order_by("-asked_at", "pk")
    rows = rows_of(held, by, words)
    moments = [
        *_registered(found), *_events(found, by), *_coordination(rows, words), *_clocks(found, by),
        *_impediments(found, words), *_doors(found, by, words), *_routes(rows, words),
    ]  # fmt: skip
    return ConsignmentTimeline(found, rows, overall_state(rows), sorted(moments, key=lambda one: one.at))


def _registered(found: Consignment) -> Iterator[Moment]:
    """The consignment, and every time that something else was said of it."""
    room = found.room.names
    yield Moment(found.created_at, "registered", room, found.reference)
    later = ConsignmentDetail.objects.filter(room=found.room_id, consignment=found, version__gt=1).order_by("version")
    for detail in later:
        yield Moment(detail.created_at, "amended", room, detail.reason)


def _events(found: Consignment, by: Actor) -> Iterator[Moment]:
    for row in event_rows(events_of_consignment(found), aid_words(by)):
        yield Moment(
            row.event.occurred_at, "event", row.event.room.names, row.stage, row,
            reverse("aid:event", args=[row.event.pk]), row.is_struck,
        )  # fmt: skip


def _coordination(rows: list[AskingRow], words: Words) -> Iterator[Moment]:
    by_step = {step.pk: row for row in rows for step in row.standing.steps}
    ids = [row.asking.pk for row in rows]
    for one in happenings([row.standing.steps for row in rows], ids, words):
        row = by_step[one.step.pk]
        yield Moment(one.at, "step", one.room, row.authority, one, row.asking.get_absolute_url(), one.is_bad)


def _clocks(found: Consignment, by: Actor) -> Iterator[Moment]:
    for face in clocks_of(found, by):
        for one in clock_history(face.clock):
            if one.what in CLOCK_WORDS:
                url = reverse("clocks:clock", args=[face.clock.pk])
                yield Moment(one.at, f"clock.{one.what}", face.clock.holder_room.names, face.clock.kind.names, one, url,
                             one.what == "lapsed")  # fmt: skip


def _impediments(found: Consignment, words: Words) -> Iterator[Moment]:
    ids = set(holding([found.pk]).values_list("impediment", flat=True))
    steps = ImpedimentStep.objects.filter(impediment__in=ids).select_related("impediment")
    for step in steps:
        what = step.act.removeprefix("impediments.")
        url = reverse("impediments:impediment", args=[step.impediment_id])
        yield Moment(step.at, f"impediment.{what}", words.rooms[step.by_room_id].names, step.impediment.title, step,
                     url, what in ("impediment.open", "silence.record"))  # fmt: skip


def _doors(found: Consignment, by: Actor, words: Words) -> Iterator[Moment]:
    """What this room released of it, and what other rooms released of it to this one."""
    of = {"record_type": "aid_consignment", "record_id": found.pk}
    for release in Release.objects.filter(room=by.room_id, **of).prefetch_related("delivery_set__receiver"):
        to = [one.receiver.names for one in release.delivery_set.all()]
        yield Moment(release.created_at, "released", words.rooms[release.room_id].names, "", to,
                     reverse("doors:release", args=[release.pk]))  # fmt: skip
        if release.state == "recalled" and release.decided_at:
            yield Moment(release.decided_at, "recalled", words.rooms[release.room_id].names, is_bad=True)
    for delivery in Delivery.objects.filter(receiver=by.room_id, **of).exclude(room=by.room_id):
        yield Moment(delivery.created_at, "received", words.rooms[delivery.room_id].names)


def _routes(rows: list[AskingRow], words: Words) -> Iterator[Moment]:
    """What was stated of the routes that its requests name, from the first request on."""
    ids = [row.asking.pk for row in rows]
    named = [*AskingDetail.objects.filter(asking__in=ids), *DecisionDetail.objects.filter(asking__in=ids)]
    keys = {route_key(one.route_code, one.route_name) for one in named if one.route_code or one.route_name}
    if not keys:
        return
    since = min(row.asking.asked_at for row in rows)
    found = list(RouteStatement.objects.filter(route_key__in=keys, stated_at__gte=since))
    for row in route_rows(found, words, database_now()):
        yield Moment(row.statement.stated_at, "route", row.room, row.route, row,
                     reverse("coordination:route-statement", args=[row.statement.pk]), not row.is_passable)  # fmt: skip
