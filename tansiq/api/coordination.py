"""Requests for coordination with their whole story, and every step of one, by the asking room and the authority."""

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from tansiq.api.coordination_schemas import (
    ANSWERS,
    AnswerIn,
    AskIn,
    AskingOut,
    AskingPage,
    AskingsWanted,
    ChangeIn,
    GreenLightIn,
    OutcomeIn,
    StoryOut,
    TextIn,
    WithholdIn,
    WordsIn,
)
from tansiq.api.endpoint import IdempotencyKey, endpoint
from tansiq.api.paging import After, Limit, shown_after
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.models import Asking
from tansiq.desks.coordination.queries import lists
from tansiq.desks.coordination.queries.lists import AskingRow, Wanted
from tansiq.desks.coordination.queries.stories import Happening, asking_story
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import Act, Answer, LineAsked, Outcome, RouteNamed

router = Router(tags=["coordination"])


@router.get("", response=AskingPage, summary="Requests for coordination")
@endpoint(Act.READ_COORDINATION)
def list_askings(
    request: HttpRequest, asked: Query[AskingsWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Requests that this room sees; with `changed_since` only those with a step since then."""
    by = request.actor
    plain = asked.model_dump(exclude={"changed_since", "state"})
    found = lists.askings(by, Wanted(**plain, state=str(asked.state)))
    if asked.changed_since:
        found = lists.changed_since(found, asked.changed_since)
    shown = shown_after(lambda: lists.page_of(found, after=after, size=limit))
    rows = lists.rows_of(shown.rows, by, words(by.operation_id))
    return {"items": [_asking(row) for row in rows], "next": shown.after}


@router.get("/{asking_id}", response=StoryOut, summary="One request for coordination with its whole story")
@endpoint(Act.READ_COORDINATION)
def get_asking(request: HttpRequest, asking_id: UUID) -> dict[str, object]:
    """Everything of one request that is open to this room."""
    return _story(request.actor, asking_id)


@router.post("", response={201: list[AskingOut]}, summary="Ask authorities for coordination")
@endpoint(Act.ASK_COORDINATION)
def ask_coordination(request: HttpRequest, payload: AskIn, idempotency_key: IdempotencyKey = None) -> Status:
    """Bring a consignment before several authorities, all of them or none; each gets a request of its own."""
    by = request.actor
    goods = Consignment.objects.filter(pk=payload.consignment).first()
    rooms = Room.objects.filter(operation=by.operation_id).in_bulk(payload.authorities)
    if goods is None or len(rooms) != len(set(payload.authorities)):
        raise Refused("not_found")
    made = actions.ask_coordination(
        by=by, key=idempotency_key, consignment=goods, authorities=[rooms[pk] for pk in payload.authorities],
        asked=payload.asked(),
    )  # fmt: skip
    rows = lists.rows_of(Asking.objects.filter(pk__in=[one.pk for one in made]), by, words(by.operation_id))
    return Status(201, [_asking(row) for row in rows])


@router.post("/{asking_id}/change", response={201: StoryOut}, summary="Ask an authority anew, with changes")
@endpoint(Act.CHANGE_COORDINATION)
def change_coordination(
    request: HttpRequest, asking_id: UUID, payload: ChangeIn, idempotency_key: IdempotencyKey = None
) -> Status:
    """The former request is superseded; the answer holds the new one."""
    done = actions.change_coordination(
        by=request.actor, key=idempotency_key, asking=_found(asking_id), asked=payload.asked(), reason=payload.reason
    )
    return Status(201, _story(request.actor, done.pk))


@router.post("/{asking_id}/inform", response=StoryOut, summary="Give the information that was asked for")
@endpoint(Act.INFORM_COORDINATION)
def inform_coordination(
    request: HttpRequest, asking_id: UUID, payload: WordsIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """The clock of the authority runs on."""
    actions.inform_coordination(
        by=request.actor, key=idempotency_key, asking=_found(asking_id), text=payload.text
    )  # fmt: skip
    return _story(request.actor, asking_id)


@router.post("/{asking_id}/withdraw", response=StoryOut, summary="Withdraw a request for coordination")
@endpoint(Act.WITHDRAW_COORDINATION)
def withdraw_coordination(
    request: HttpRequest, asking_id: UUID, payload: WordsIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """It is asked no more; what was answered stays."""
    actions.withdraw_coordination(
        by=request.actor, key=idempotency_key, asking=_found(asking_id), reason=payload.text
    )  # fmt: skip
    return _story(request.actor, asking_id)


@router.post("/{asking_id}/execute", response=StoryOut, summary="Say that a coordinated movement was carried out")
@endpoint(Act.EXECUTE_COORDINATION)
def execute_coordination(
    request: HttpRequest, asking_id: UUID, payload: TextIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """It needs the green light, where the operation asks for one."""
    actions.execute_coordination(
        by=request.actor, key=idempotency_key, asking=_found(asking_id), text=payload.text
    )  # fmt: skip
    return _story(request.actor, asking_id)


@router.post("/{asking_id}/conclude", response=StoryOut, summary="State what came of a request for coordination")
@endpoint(Act.CONCLUDE_COORDINATION)
def conclude_coordination(
    request: HttpRequest, asking_id: UUID, payload: OutcomeIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """A class of outcome, why, and the minutes held at each holding point."""
    holdings = tuple((one.place, one.minutes) for one in payload.holdings)
    actions.conclude_coordination(
        by=request.actor, key=idempotency_key, asking=_found(asking_id),
        outcome=Outcome(payload.outcome, payload.text, holdings),
    )  # fmt: skip
    return _story(request.actor, asking_id)


@router.post("/{asking_id}/take-up", response=StoryOut, summary="Take a request for coordination under review")
@endpoint(Act.TAKE_UP_COORDINATION)
def take_up_coordination(
    request: HttpRequest, asking_id: UUID, payload: TextIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """As the authority: it was seen. This is no answer, and the deadline runs on."""
    actions.take_up_coordination(
        by=request.actor, key=idempotency_key, asking=_found(asking_id), text=payload.text
    )  # fmt: skip
    return _story(request.actor, asking_id)


@router.post("/{asking_id}/answer", response=StoryOut, summary="Answer a request for coordination")
@endpoint(Act.ANSWER_COORDINATION)
def answer_coordination(
    request: HttpRequest, asking_id: UUID, payload: AnswerIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """As the authority that was asked. An approval is no green light; a late answer takes no silence back."""
    parts = tuple(LineAsked(one.number, one.quantity, "") for one in payload.lines)
    answer = Answer(
        ANSWERS[payload.answer], payload.reason, payload.text, payload.valid_from, payload.valid_until,
        payload.crossing, RouteNamed(payload.route.code, payload.route.name), parts,
    )  # fmt: skip
    actions.answer_coordination(by=request.actor, key=idempotency_key, asking=_found(asking_id), answer=answer)
    return _story(request.actor, asking_id)


@router.post("/{asking_id}/green-light/give", response=StoryOut, summary="Give the green light")
@endpoint(Act.GIVE_GREEN_LIGHT)
def give_green_light(
    request: HttpRequest, asking_id: UUID, payload: GreenLightIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """As the authority: the movement may go, within the approval and no longer than it."""
    actions.give_green_light(
        by=request.actor, key=idempotency_key, asking=_found(asking_id), until=payload.until, text=payload.text
    )
    return _story(request.actor, asking_id)


@router.post("/{asking_id}/green-light/withhold", response=StoryOut, summary="Do not give the green light")
@endpoint(Act.WITHHOLD_GREEN_LIGHT)
def withhold_green_light(
    request: HttpRequest, asking_id: UUID, payload: WithholdIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """As the authority: the movement may not go; a green light that was given is taken back."""
    actions.withhold_green_light(
        by=request.actor, key=idempotency_key, asking=_found(asking_id), reason=payload.reason, text=payload.text
    )
    return _story(request.actor, asking_id)


def _found(asking_id: UUID) -> Asking:
    found = Asking.objects.filter(pk=asking_id).first()
    if found is None:
        raise Http404
    return found


def _asking(row: AskingRow) -> dict[str, object]:
    one, standing = row.asking, row.standing
    return {
        "id": one.pk, "room": one.room_id, "consignment": one.consignment_id, "reference": one.reference,
        "version": one.version, "supersedes": one.supersedes_id, "authority": one.authority_id, "state": row.state,
        "state_since": standing.since, "silences": standing.silences, "needs_green_light": one.needs_green_light,
        "asked_at": one.asked_at, "window_from": one.window_from, "window_until": one.window_until,
        "crossing": one.crossing_code, "valid_until": standing.valid_until,
        "due_at": row.face.clock.due_at if row.face else None,
        "changed_at": standing.last.at if standing.last else one.asked_at,
    }  # fmt: skip


def _story(by: Actor, asking_id: UUID) -> dict[str, object]:
    found = asking_story(by, asking_id, words(by.operation_id))
    if found is None:
        raise Http404
    first = found.first
    return {
        **_asking(found.row), "route_code": first.route_code if first else "",
        "route_name": first.route_name if first else "", "note": found.note,
        "lines": [
            {"number": line.number, "commodity": line.commodity, "cargo": line.cargo, "quantity": line.quantity,
             "unit": line.unit}
            for line, _name, _unit in found.lines
        ],
        "story": [_step(one) for one in found.happenings],
    }  # fmt: skip


def _step(one: Happening) -> dict[str, object]:
    step = one.step
    return {
        "at": one.at, "step": one.move, "state": step.state, "room": dict(one.room), "by_system": one.by_system,
        "is_late": one.is_late, "code": step.code, "valid_from": getattr(step, "valid_from", None),
        "valid_until": getattr(step, "valid_until", None), "due_at": getattr(step, "due_at", None), "text": one.text,
        "lines": [{"number": part.number, "quantity": part.quantity} for part in one.parts],
        "holdings": [{"place": place, "minutes": minutes} for place, minutes in one.holdings],
    }  # fmt: skip
