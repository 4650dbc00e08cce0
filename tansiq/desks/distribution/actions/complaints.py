"""Complaints: received without the name of who complains, answered by who handles them, told back; silence."""

from datetime import datetime
from uuid import UUID, uuid4

from tansiq.building.clocks.actions import start_clock
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.configuration.distribution import ComplaintCategory
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution.actions.events import aided
from tansiq.desks.distribution.actions.labels import check_may_read, label_of
from tansiq.desks.distribution.actions.movements import check_time
from tansiq.desks.distribution.actions.partners import reference
from tansiq.desks.distribution.actions.steps import (
    allowed,
    answer_other,
    end_clock,
    moment,
    one_at_a_time,
    run_clock,
    step_on,
)
from tansiq.desks.distribution.models import Complaint, DistributionPlan, Step
from tansiq.desks.distribution.queries.settings import settings_of, words
from tansiq.desks.distribution.rules import (
    ANSWERED,
    OPEN,
    SILENT,
    TOPIC,
    Act,
    ComplaintStatement,
    check_complaint_act,
    complaint_state,
)
from tansiq.desks.impediments.actions import open_impediment
from tansiq.desks.impediments.queries.words import words as impediment_words
from tansiq.desks.impediments.rules import ImpedimentStatement

PLAIN, SENSITIVE = "distribution_complaint", "distribution_complaint_sensitive"
ORIGIN = "complaint_silent"  # of impediments.yaml
HANDLING = "cell_lead"


def code_of(complaint: Complaint) -> str:
    """The kind of record of which the release rules say who reads it."""
    return SENSITIVE if complaint.is_sensitive else PLAIN


@act(Act.RECEIVE_COMPLAINT)
def receive_complaint(*, by: Actor, statement: ComplaintStatement, at: datetime | None = None) -> Done:
    """Write down a complaint; who handles it reads it, and a sensitive one is read by few others. Raises Refused."""
    stated, known = settings_of(by.operation_id), words(by)
    category = next((one for one in stated.complaint_categories if one.code == statement.category), None)
    if category is None:
        raise Refused(
            "category_unknown", found=statement.category, expected=", ".join(known.lists["complaint_categories"])
        )
    if statement.channel not in known.lists["complaint_channels"]:
        raise Refused("channel_unknown", found=statement.channel, expected=", ".join(known.lists["complaint_channels"]))
    if not statement.text.strip():
        raise Refused("complaint_empty")
    if statement.area and statement.area not in known.aid.areas:
        raise Refused("plan_area_unknown", found=statement.area)
    check_time(statement.received_at)
    handler = _handler(by, statement, category)
    pk, code = uuid4(), SENSITIVE if category.sensitive else PLAIN
    for line in (TearLine.HEADLINE, TearLine.DETAIL):
        check_may_read(by, code, line, handler)
    complaint = Complaint.objects.create(
        id=pk, room_id=by.room_id, audience_id=label_of(by, code, pk, TearLine.HEADLINE, [handler.pk]),
        reference=reference("C"), category=category.code, is_sensitive=category.sensitive, channel=statement.channel,
        on_behalf=statement.on_behalf, is_anonymous=statement.is_anonymous, area=statement.area,
        plan_id=_plan(statement.plan_id), handler_room=handler, received_at=statement.received_at,
    )  # fmt: skip
    step = step_on(
        by, code, complaint, Act.RECEIVE_COMPLAINT, [handler.pk], at=statement.received_at, text=statement.text
    )
    holder = Holder(handler.pk, HANDLING)
    run_clock(by, complaint, category.clock, holder, name=complaint.reference, at=statement.received_at)
    facts = {"reference": complaint.reference, "category": category.code, "handler": str(handler.pk)}
    return Done(complaint, wrote=[complaint, step], facts=facts, topics=[TOPIC])


@act(Act.ANSWER_COMPLAINT)
def answer_complaint(*, by: Actor, complaint: Complaint, answer: str, at: datetime | None = None) -> Done:
    """Answer, as the room that handles it; the words are this room's own. Raises Refused."""
    seen = Complaint.objects.select_related("room").filter(pk=complaint.pk, handler_room=by.room_id).first()
    if seen is None:
        raise Refused("not_found")
    one_at_a_time("complaint", seen.pk)
    check_complaint_act(complaint_state(Step.objects.filter(complaint=seen)), Act.ANSWER_COMPLAINT)
    if not answer.strip():
        raise Refused("answer_empty")
    step = step_on(by, code_of(seen), seen, Act.ANSWER_COMPLAINT, [seen.room_id], text=answer, at=moment(by, at))
    answer_other(by, seen.clock_id)
    return Done(step, wrote=[step], facts={"complaint": str(seen.pk)}, topics=[TOPIC])


@act(Act.FEED_COMPLAINT_BACK)
def feed_complaint_back(*, by: Actor, complaint: Complaint, how: str, at: datetime | None = None) -> Done:
    """Say how the answer was told to who complained: only then is the loop closed. Raises Refused."""
    held = _own(by, complaint)
    check_complaint_act(complaint_state(Step.objects.filter(complaint=held)), Act.FEED_COMPLAINT_BACK)
    if not how.strip():
        raise Refused("feed_back_empty")
    step = step_on(
        by, code_of(held), held, Act.FEED_COMPLAINT_BACK, [held.handler_room_id], text=how, at=moment(by, at)
    )
    end_clock(by, held.clock_id)
    return Done(held, wrote=[held, step], facts={"reference": held.reference}, topics=[TOPIC])


@act(Act.REOPEN_COMPLAINT)
def reopen_complaint(*, by: Actor, complaint: Complaint, reason: str) -> Done:
    """Open a closed complaint again: who complained is not content with the answer. Raises Refused."""
    held = _own(by, complaint)
    check_complaint_act(complaint_state(Step.objects.filter(complaint=held)), Act.REOPEN_COMPLAINT)
    if not reason.strip():
        raise Refused("explanation_missing")
    stated = settings_of(by.operation_id)
    step = step_on(by, code_of(held), held, Act.REOPEN_COMPLAINT, [held.handler_room_id], text=reason)
    kind = next(one.clock for one in stated.complaint_categories if one.code == held.category)
    run_clock(by, held, kind, Holder(held.handler_room_id, HANDLING), name=held.reference)
    return Done(held, wrote=[held, step], facts={"reference": held.reference}, topics=[TOPIC])


@act(Act.EXPECT_FEED_BACK)
def expect_feed_back(*, by: Actor, complaint: Complaint) -> Done:
    """Start the clock of telling an answer to who complained. Raises Refused while there is none, or it runs."""
    held = _own(by, complaint)
    answered = complaint_state(Step.objects.filter(complaint=held)) == ANSWERED
    clock = Clock.objects.filter(pk=held.clock_id).first() if held.clock_id else None
    kind = settings_of(by.operation_id).clocks.feed_back
    if not answered or (clock and (clock.state != ClockState.STOPPED or clock.kind.code == kind)):
        raise Refused("feed_back_not_due")
    held.clock = start_clock(
        by=aided(by), kind=kind, subject=held, holder=Holder(by.room_id), subject_names={"en": held.reference}
    )
    held.save(update_fields=["clock"])
    return Done(held, wrote=[held], facts={"reference": held.reference}, topics=[TOPIC])


@act(Act.RECORD_COMPLAINT_SILENCE)
def record_complaint_silence(*, by: Actor, complaint: Complaint) -> Done:
    """Enter that a deadline passed without an answer; an impediment is opened by itself. Once for each. Raises."""
    held = _own(by, complaint)
    clock = Clock.objects.filter(pk=held.clock_id).first() if held.clock_id else None
    if clock is None or clock.lapsed_at is None or Step.objects.filter(room=by.room_id, clock=clock).exists():
        raise Refused("silence_not_due")
    step = step_on(
        by, code_of(held), held, Act.RECORD_COMPLAINT_SILENCE, [held.handler_room_id], at=clock.lapsed_at, clock=clock,
        due_at=clock.due_at,
    )  # fmt: skip
    before = complaint_state(Step.objects.filter(complaint=held).exclude(pk=step.pk))
    if not held.is_sensitive and before in (OPEN, SILENT):
        _open_impediment(by, held, clock)
    facts = {"reference": held.reference, "due_at": clock.due_at.isoformat()}
    return Done(held, wrote=[held, step], facts=facts, topics=[TOPIC])


def _open_impediment(by: Actor, held: Complaint, clock: Clock) -> None:
    """Open, or raise again, the impediment of a complaint that nobody answers; not of a sensitive one."""
    known = impediment_words(by.operation_id)
    kind = known.bodies["origin"].get(ORIGIN)
    if kind is None:
        return
    holder = Holder(clock.holder_room_id, clock.holder_role if clock.holder_role in known.roles else "")
    statement = ImpedimentStatement(
        title=held.reference, kind=str(kind["type"]), owner=holder, chain_links=tuple(kind["chain_links"])
    )
    open_impediment(by=allowed(by, "impediments.*", "clocks.clock.*"), statement=statement, origin=ORIGIN, about=held)


def _own(by: Actor, complaint: Complaint) -> Complaint:
    one_at_a_time("complaint", complaint.pk)
    held: Complaint | None = Complaint.objects.filter(pk=complaint.pk, room=by.room_id).first()
    if held is None:
        raise Refused("not_found")
    return held


def _plan(plan_id: UUID | None) -> UUID | None:
    if plan_id is not None and not DistributionPlan.objects.filter(pk=plan_id).exists():
        raise Refused("not_found")
    return plan_id


def _handler(by: Actor, statement: ComplaintStatement, category: ComplaintCategory) -> Room:
    """Who handles it: as the category says; else whom the statement names; else the room that wrote it down."""
    rooms = Room.objects.filter(operation=by.operation_id)
    if category.handler:
        found = rooms.filter(slug=category.handler).first()
    else:
        found = rooms.filter(pk=statement.handler_room or by.room_id).first()
    if found is None:
        raise Refused("handler_unknown")
    about = DistributionPlan.objects.filter(pk=statement.plan_id).first() if statement.plan_id else None
    if category.sensitive and about is not None and about.room_id == found.pk:
        raise Refused("handler_concerned", room=local_name(found.names))
    return found
