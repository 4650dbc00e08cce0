"""Puts one record of every kind of the requests desk into a room, with a mark in every text that may be typed."""

from datetime import date
from decimal import Decimal

from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.models import Operation, Room
from tansiq.desks.requests import actions
from tansiq.desks.requests.models import Clearance, ClearanceDecision, Request
from tansiq.desks.requests.rules import DecisionStatement, LineAsked, Part, RequestStatement
from tests import factories

CLEARS = {
    "clock": "item_approval", "appeal_clock": "item_appeal", "everything": False, "restricted": False, "classes": [],
    "role": "officer",
}  # fmt: skip
ITEM_OF = {"alpha": "tents", "beta": "tarpaulins", "lead": "mattresses", "envoy": "blankets"}
"""Which room clears what: each of them one commodity alone, so that a question reaches no third room."""


def furnish_requests(operation: Operation) -> None:
    """Say which rooms of the test operation clear which item."""
    stated = {
        "reason_group": "item_rejection", "information_pause": "information_awaited", "valid_for": 60 * 86400,
        "differs_within": 30 * 86400, "compared_within": 14 * 86400, "inconsistency_role": "officer",
        "authorities": [{"room": room, "commodities": [item], **CLEARS} for room, item in ITEM_OF.items()],
    }  # fmt: skip
    operation.refresh_from_db(using="owner", fields=["rules"])
    operation.rules = {**operation.rules, "clearance": stated}
    operation.save(using="owner")


def plant_requests(by: Actor, mark: str, trusted: str) -> None:
    """Requests with every answer, a consignment and a draft; and what this room decides for the trusted one.

    The one that was refused comes first and the draft last, so that a walk finds a page for every step.
    """
    other, item = system_actor(factories.room(trusted)), ITEM_OF[trusted]
    (refused,) = _questions(by, _sent(by, f"{mark} refused", mark, item))
    _decide(other, refused, DecisionStatement("refused", "item_dual_use", words=f"{mark} no"))
    _differ(by, other, mark)
    taken_back = _sent(by, f"{mark} taken back", mark, item)
    actions.withdraw_request(by=by, request=taken_back, reason=f"{mark} reason")
    _move(by, other, mark, item)
    actions.draft_request(by=by, statement=_stated(f"{mark} draft", mark, item))


def _move(by: Actor, other: Actor, mark: str, item: str) -> None:
    """A request of two lines: of the first information is awaited, the second is cleared on appeal and consigned."""
    asked = _sent(by, f"{mark} request", mark, item, item)
    first, second = _questions(by, asked)
    _decide(other, first, DecisionStatement("information_asked", words=f"{mark} which"))
    actions.give_information(by=by, clearance=first, information=f"{mark} this")
    _decide(other, first, DecisionStatement("information_asked", words=f"{mark} which"))
    _decide(other, second, DecisionStatement("refused", "item_dual_use", words=f"{mark} no"))
    actions.appeal_clearance(by=by, clearance=second, grounds=f"{mark} grounds")
    _decide(other, second, DecisionStatement("approved", conditions=f"{mark} yes"))
    actions.consign_request(by=by, request=asked, part=Part({second.item_id: Decimal(2)}, f"{mark} made of it"))


def _differ(by: Actor, other: Actor, mark: str) -> None:
    """Three decisions of this room of which each says the opposite of the last, one answer, and a question that waits."""
    with eyes_of(by):
        item = ITEM_OF[Room.objects.get(pk=by.room_id).slug]
    said = (
        DecisionStatement("approved_with_conditions", conditions=f"{mark} condition", words=f"{mark} words"),
        DecisionStatement("refused", "quota", words=f"{mark} words"),
        DecisionStatement("approved", words=f"{mark} words"),
    )
    asked = [_questions(other, _sent(other, f"{mark} asked {number}", mark, item))[0] for number in (1, 2, 3, 4)]
    made = [_decide(by, question, one) for question, one in zip(asked, said, strict=False)]
    found = actions.record_inconsistency(by=by, earlier=made[0], later=made[1])
    actions.answer_inconsistency(by=by, inconsistency=found, answer=f"{mark} answer")
    actions.record_inconsistency(by=by, earlier=made[1], later=made[2])


def _stated(title: str, mark: str, *items: str) -> RequestStatement:
    lines = tuple(LineAsked(item, Decimal(5), "item", f"{mark} goods", Decimal(100)) for item in items)
    return RequestStatement(
        title, lines, ("PS0255",), date(2026, 12, 1), "un", "kerem_shalom", f"{mark} origin", f"{mark} organisation",
        f"{mark} group", 3, 15, f"{mark} needs", f"{mark} remark", f"{mark} person", f"{mark} contact",
    )  # fmt: skip


def _sent(by: Actor, title: str, mark: str, *items: str) -> Request:
    draft = actions.draft_request(by=by, statement=_stated(title, mark, *items))
    return actions.send_request(by=by, request=draft, in_spite=f"{mark} in spite")


def _questions(by: Actor, request: Request) -> list[Clearance]:
    with eyes_of(by):
        return list(Clearance.objects.filter(request=request).order_by("item__number"))


def _decide(by: Actor, question: Clearance, said: DecisionStatement) -> ClearanceDecision:
    return actions.decide_clearance(by=by, clearance=question, decision=said)
