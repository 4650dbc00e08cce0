"""Puts one record of every kind of the coordination desk into a room, with the mark in every text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tansiq.building.clocks.actions import stop_clock
from tansiq.building.clocks.models import Clock
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.models import Operation, Room
from tansiq.desks.aid.actions import register_consignment
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.models import Asking, Move, Term, TermKind
from tansiq.desks.coordination.rules import (
    Answer,
    CoordinationAsked,
    LineAsked,
    Outcome,
    RouteNamed,
    RouteStated,
)

HOUR = timedelta(hours=1)
PART = (LineAsked(1, Decimal(2), "pallet"),)


def furnish_coordination(operation: Operation, configuration: Any) -> None:
    """Give the test operation the sample's words; every room is an authority, so that it can be asked by itself."""
    actions.load_terms(operation, configuration)
    Term.objects.using("owner").filter(operation=operation, kind=TermKind.AUTHORITY).delete()
    slugs = Room.objects.filter(operation=operation).order_by("slug").values_list("slug", flat=True)
    for place, slug in enumerate(slugs):
        Term.objects.using("owner").create(
            operation=operation, kind=TermKind.AUTHORITY, code=slug, place=place,
            names={"en": f"Room {slug}", "ar": f"غرفة {slug}", "he": f"חדר {slug}"},
            body={"clock": "coordination_answer", "role": "officer", "green_light": True, "required": False},
        )  # fmt: skip


def plant_coordination(by: Actor, mark: str) -> None:
    """Do every act of this desk that a room can do for itself: it asks itself, and answers."""
    with eyes_of(by):
        goods = Consignment.objects.get(room=by.room_id, reference=f"{mark} reference")
    lit(by, mark, goods)
    refused(by, mark)
    silent(by, mark)
    waiting(by, mark)
    routes(by, mark)


def asked(by: Actor, mark: str, goods: Consignment, at: datetime | None = None) -> Asking:
    """The room asks itself about a consignment of its own."""
    with eyes_of(by):
        own = Room.objects.get(pk=by.room_id)
    return actions.ask_coordination(by=by, consignment=goods, authorities=[own], asked=wanted(mark), at=at)[0]


def wanted(mark: str) -> CoordinationAsked:
    now = datetime.now(UTC)
    lines = (LineAsked(1, Decimal(3), "pallet", cargo=f"{mark} flour"), LineAsked(2, Decimal(1), "truck", "rice"))
    return CoordinationAsked(
        now + HOUR, now + 9 * HOUR, "kerem_shalom", RouteNamed(name=f"{mark} route"), lines, f"{mark} note"
    )


def lit(by: Actor, mark: str, goods: Consignment) -> None:
    """From the asking to the outcome, by way of a changed request."""
    first = asked(by, mark, goods)
    actions.take_up_coordination(by=by, asking=first, text=f"{mark} taken up")
    question = Answer(Move.ASK_INFORMATION, text=f"{mark} question")
    actions.answer_coordination(by=by, asking=first, answer=question)
    actions.inform_coordination(by=by, asking=first, text=f"{mark} information")
    changed = replace(wanted(mark), note=f"{mark} other note")
    second = actions.change_coordination(by=by, asking=first, asked=changed, reason=f"{mark} change")
    partly = Answer(
        Move.APPROVE_PARTLY, text=f"{mark} approval", route=RouteNamed(name=f"{mark} other route"), lines=PART
    )  # fmt: skip
    actions.answer_coordination(by=by, asking=second, answer=partly)
    actions.withhold_green_light(by=by, asking=second, reason="security_alert", text=f"{mark} not yet")
    actions.give_green_light(by=by, asking=second, text=f"{mark} go")
    actions.execute_coordination(by=by, asking=second, text=f"{mark} moved")
    held = Outcome("impeded", f"{mark} outcome", ((f"{mark} junction", 90),))
    actions.conclude_coordination(by=by, asking=second, outcome=held)


def refused(by: Actor, mark: str) -> None:
    """Denied; another one is withdrawn."""
    denied = asked(by, mark, registered(by, f"{mark} refused"))
    denial = Answer(Move.DENY, reason="security_alert", text=f"{mark} denial")
    actions.answer_coordination(by=by, asking=denied, answer=denial)
    taken_back = asked(by, mark, registered(by, f"{mark} withdrawn"))
    actions.withdraw_coordination(by=by, asking=taken_back, reason=f"{mark} withdrawal")


def silent(by: Actor, mark: str) -> None:
    """Not answered by the deadline, and another one whose clock was ended elsewhere."""
    late = asked(by, mark, registered(by, f"{mark} silent"), at=datetime.now(UTC) - 60 * HOUR)
    actions.record_no_response(by=by, asking=late)
    ended = asked(by, mark, registered(by, f"{mark} ended"))
    with eyes_of(by):
        clock = Clock.objects.get(subject_id=ended.pk)
    stop_clock(by=by, clock=clock, note=f"{mark} ended")
    actions.renew_clock(by=by, asking=ended)


def waiting(by: Actor, mark: str) -> None:
    """One that waits for information, one that waits for the green light, and one that may go."""
    told = asked(by, mark, registered(by, f"{mark} told"))
    actions.answer_coordination(by=by, asking=told, answer=Answer(Move.ASK_INFORMATION, text=f"{mark} question"))
    approved, going = (asked(by, mark, registered(by, f"{mark} {name}")) for name in ("approved", "going"))
    for one in (approved, going):
        actions.answer_coordination(by=by, asking=one, answer=Answer(Move.APPROVE, text=f"{mark} approval"))
    actions.give_green_light(by=by, asking=going)


def registered(by: Actor, reference: str) -> Consignment:
    """A consignment of which little is known but its reference."""
    line = LineStatement(Decimal(3), "pallet", cargo=reference)
    found: Consignment = register_consignment(by=by, statement=ConsignmentStatement(reference, (line,)))
    return found


def routes(by: Actor, mark: str) -> None:
    """A route that is closed, and one that was cleared until an hour."""
    now = datetime.now(UTC)
    shut = RouteStated(
        RouteNamed(name=f"{mark} road"), "closed", f"{mark} source", cause="debris", restrictions=f"{mark} restriction",
        note=f"{mark} route note",
    )  # fmt: skip
    actions.state_route(by=by, stated=shut)
    cleared = RouteStated(
        RouteNamed("salah_al_din"), "cleared_single_lane", f"{mark} source", expires_at=now + HOUR,
        assessed_by=f"{mark} team", method="clearance", assessed_date=now.date(),
    )  # fmt: skip
    actions.state_route(by=by, stated=cleared)
