"""Sends requests and takes them back: authorities begin to read, and their clocks to run."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from tansiq.building.clocks.actions import start_clock, stop_clock
from tansiq.building.clocks.models import ClockState
from tansiq.building.clocks.rules import Holder, entrusted
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.actions.checks import locked, moment
from tansiq.desks.requests.actions.labels import check_may_be_asked, label_of, own_label, relabel, release_clock
from tansiq.desks.requests.models import (
    Clearance,
    Request,
    RequestDetail,
    RequestIdentities,
    RequestLine,
    RequestState,
    RequestStep,
)
from tansiq.desks.requests.queries.likeness import resembling
from tansiq.desks.requests.queries.operation import Words, organisation_type, words
from tansiq.desks.requests.rules import DECISIONS, TOPIC, Act, Authority, next_state

Asked = list[tuple[RequestLine, Authority, Room]]


@act(Act.SEND_REQUEST)
def send_request(*, by: Actor, request: Request, in_spite: str = "", at: datetime | None = None) -> Done:
    """Send a draft: whoever clears its items is asked, each within its clock. Raises Refused.

    in_spite : why it is sent although it resembles a live request of the room; needed when it does
    """
    at, known = moment(by, at), words(by.operation_id)
    held = locked(by, request, Act.SEND_REQUEST)
    if held.ready_date is None:
        raise Refused("request_day_missing")
    if not held.places:
        raise Refused("request_places_missing")
    alike = resembling(by, held)
    if alike and not in_spite.strip():
        raise Refused("request_resembles", found="; ".join(f"{x.request.reference} {x.request.title}" for x in alike))
    lines = list(RequestLine.objects.filter(request=held, version=held.version).order_by("number"))
    asked: Asked = [(line, *one) for line in lines for one in known.authorities(line.commodity, by.room_id)]
    for room in {room.pk: room for _line, _one, room in asked}.values():
        check_may_be_asked(by, room)
    held.state, held.sent_at = next_state(held.state, Act.SEND_REQUEST), at
    held.save(update_fields=["state", "sent_at"])
    wrote = _show(by, held, lines, asked)
    wrote += [row for one in asked for row in _ask(by, held, one, known)]
    everyone = {room.pk for _line, _one, room in asked}
    step = RequestStep.objects.create(
        room_id=by.room_id, audience_id=label_of(by, held.pk, TearLine.DETAIL, everyone), request=held,
        act=Act.SEND_REQUEST, at=at, words=in_spite.strip(), by_system=by.account_id is None,
    )  # fmt: skip
    facts = {"reference": held.reference, "lines": len(lines), "questions": len(asked), "resembles": len(alike)}
    return Done(held, wrote=[held, *wrote, step], facts=facts, topics=[TOPIC, DECISIONS])


@act(Act.WITHDRAW_REQUEST)
def withdraw_request(*, by: Actor, request: Request, reason: str, at: datetime | None = None) -> Done:
    """Take a request back; its questions are closed and their clocks end. Raises Refused."""
    if not reason.strip():
        raise Refused("request_reason_missing")
    at, in_past = moment(by, at), at is not None
    held = locked(by, request, Act.WITHDRAW_REQUEST)
    was = held.state
    held.state, held.closed_at = next_state(held.state, Act.WITHDRAW_REQUEST), at
    held.save(update_fields=["state", "closed_at"])
    questions = list(Clearance.objects.filter(request=held, closed_at=None).select_related("clock"))
    for one in questions:
        one.closed_at = at
        one.save(update_fields=["closed_at"])
        if one.clock and one.clock.state != ClockState.STOPPED:
            stop_clock(by=entrusted(by), clock=one.clock, at=at if in_past else None)
    asked = {one.authority_id for one in questions}
    label = own_label(by) if was == RequestState.DRAFT else label_of(by, held.pk, TearLine.DETAIL, asked)
    step = RequestStep.objects.create(
        room_id=by.room_id, audience_id=label, request=held, act=Act.WITHDRAW_REQUEST, at=at, words=reason.strip(),
        by_system=by.account_id is None,
    )  # fmt: skip
    return Done(held, wrote=[held, *questions, step], facts={"reference": held.reference}, topics=[TOPIC, DECISIONS])


def run_clock(by: Actor, question: Clearance, kind: str, at: datetime) -> list[Any]:
    """Start a clock that the authority holds; the question points at it. The rows that this desk itself wrote."""
    clock = start_clock(
        by=entrusted(by), kind=kind, subject=question, started_at=at, subject_names={"en": str(question)},
        holder=Holder(question.authority_id, question.role),
    )  # fmt: skip
    question.clock = clock
    question.save(update_fields=["clock"])
    return list(release_clock(by, question.request_id, clock))


def _show(by: Actor, held: Request, lines: list[RequestLine], asked: Asked) -> list[Any]:
    """Let the default readers and those that are asked read what concerns them; former versions stay closed."""
    rooms: dict[UUID, list[UUID]] = defaultdict(list)
    for line, _authority, room in asked:
        rooms[line.pk].append(room.pk)
    everyone = {room for found in rooms.values() for room in found}
    relabel(by, [held], label_of(by, held.pk, TearLine.HEADLINE, everyone))
    now = {"request": held, "version": held.version}
    details = list(RequestDetail.objects.filter(**now))
    relabel(by, details, label_of(by, held.pk, TearLine.DETAIL, everyone))
    persons = list(RequestIdentities.objects.filter(**now))
    relabel(by, persons, label_of(by, held.pk, TearLine.IDENTITIES, []))
    for line in lines:
        relabel(by, [line], label_of(by, held.pk, TearLine.DETAIL, rooms[line.pk]))
    return [*details, *persons, *lines]


def _ask(by: Actor, held: Request, one: tuple[RequestLine, Authority, Room], known: Words) -> list[Any]:
    line, authority, room = one
    question = Clearance.objects.create(
        room_id=by.room_id, audience_id=label_of(by, held.pk, TearLine.DETAIL, [room.pk]), request=held, item=line,
        authority=room, role=authority.role, commodity=line.commodity,
        commodity_class=known.class_of.get(line.commodity, ""),
        organisation_type=organisation_type(known.rooms[by.room_id]), asked_at=held.sent_at,
    )  # fmt: skip
    return [question, *run_clock(by, question, authority.clock, question.asked_at)]
