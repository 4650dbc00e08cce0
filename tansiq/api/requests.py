"""Requests with their whole story, the questions to authorities, decisions by item, contradictions, and tokens."""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from tansiq.api.endpoint import IdempotencyKey, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.api.request_shapes import (
    DecisionIn,
    DecisionPage,
    InconsistencyOut,
    InconsistencyPage,
    Line,
    PartIn,
    QuestionPage,
    QuestionStoryOut,
    RequestIn,
    RequestPage,
    RequestsWanted,
    ResemblanceOut,
    SendIn,
    ShortCode,
    StoryOut,
    TokenIn,
    TokenOut,
    WordsIn,
)
from tansiq.building.rooms.actors import Actor
from tansiq.desks.requests import actions
from tansiq.desks.requests.models import Clearance, Inconsistency, Request
from tansiq.desks.requests.queries.inconsistencies import inconsistencies
from tansiq.desks.requests.queries.likeness import resembling
from tansiq.desks.requests.queries.lists import (
    MINE,
    QuestionRow,
    Wanted,
    overdue,
    question_rows,
    requests_seen,
    to_answer,
)
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.queries.precedents import DecisionRow, precedents_for, rows_of, sought_decisions
from tansiq.desks.requests.queries.stories import LineStory, request_story
from tansiq.desks.requests.queries.tokens import checked, token_key
from tansiq.desks.requests.rules import Act, DecisionStatement, LineAsked, Part, RequestStatement, token_fault
from tansiq.engine.tokens import TokenError

router = Router(tags=["requests"])


@router.get("", response=RequestPage, summary="Requests")
@endpoint(Act.READ_REQUEST)
def list_requests(
    request: HttpRequest, asked: Query[RequestsWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Requests that this room sees; those written, sent, closed or opened to it since a moment, when asked."""
    wanted = Wanted(
        asked.sought, str(asked.state or ""), MINE if asked.mine else asked.room, asked.commodity, asked.place
    )
    found = requests_seen(request.actor, wanted)
    if asked.changed_since:
        moments = ("created_at", "sent_at", "closed_at", "audience_since")
        changed = Q()
        for name in moments:
            changed |= Q(**{f"{name}__gte": asked.changed_since})
        found = found.filter(changed)
    shown, following = page_after(found, "created_at", after, limit)
    return {"items": [_request(one) for one in shown], "next": following}


@router.get("/questions", response=QuestionPage, summary="Questions to authorities")
@endpoint(Act.READ_CLEARANCE)
def list_questions(
    request: HttpRequest, overdue_only: bool = False, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """What is asked of this room and waits; or what any room left without an answer, as far as this room sees it."""
    found = overdue(request.actor) if overdue_only else to_answer(request.actor)
    shown, following = page_after(found, "asked_at", after, limit)
    rows = question_rows(shown, request.actor, words(request.actor.operation_id))
    return {"items": [_question(row) for row in rows], "next": following}


@router.get("/questions/{clearance_id}", response=QuestionStoryOut, summary="One question with its precedents")
@endpoint(Act.READ_CLEARANCE)
def get_question(request: HttpRequest, clearance_id: UUID) -> dict[str, object]:
    """One line before one authority, its decisions, and earlier decisions on the like."""
    return _question_story(request.actor, clearance_id)


@router.get("/decisions", response=DecisionPage, summary="Decisions on items")
@endpoint(Act.READ_CLEARANCE)
def list_decisions(
    request: HttpRequest, item: ShortCode = "", sought: Line = "", after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Decisions that this room may read; of one commodity, or of what answers to a word in any language."""
    known = words(request.actor.operation_id)
    found = sought_decisions(request.actor, known, sought, item)
    shown, following = page_after(found, "decided_at", after, limit)
    return {"items": [_decision(row) for row in rows_of(shown, known)], "next": following}


@router.get("/inconsistencies", response=InconsistencyPage, summary="Items decided differently")
@endpoint(Act.READ_INCONSISTENCY)
def list_inconsistencies(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """Contradictions of which this room may read both decisions."""
    shown, following = page_after(inconsistencies(request.actor), "found_at", after, limit)
    return {"items": [_inconsistency(one) for one in shown], "next": following}


@router.post("/inconsistencies/{inconsistency_id}/answer", response=InconsistencyOut, summary="Answer a contradiction")
@endpoint(Act.ANSWER_INCONSISTENCY)
def answer_inconsistency(
    request: HttpRequest, inconsistency_id: UUID, payload: WordsIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Say, as the room that keeps it, which of the two stands."""
    found = inconsistencies(request.actor).filter(pk=inconsistency_id).first()
    if found is None:
        raise Http404
    done = actions.answer_inconsistency(
        by=request.actor, key=idempotency_key, inconsistency=found, answer=payload.words
    )
    return _inconsistency(done)


@router.post("/tokens/check", response=TokenOut, summary="Check a token")
@endpoint(Act.READ_TOKEN)
def check_token(request: HttpRequest, payload: TokenIn) -> dict[str, object]:
    """Whether a token is this installation's, and whether it still counts. Nothing of a false one is told."""
    key = token_key()
    try:
        found = checked(payload.token, key) if key else None
    except TokenError as fault:
        raise token_fault(fault.part, fault.found) from fault
    if found is None or not found.opened.is_genuine:
        return {"result": "not_genuine", "item": "", "quantity": None, "unit": "", "authority": "", "line": "",
                "issued_at": None, "valid_until": None, "decision": None}  # fmt: skip
    token = found.opened.token
    return {
        "result": found.code, "item": token.item, "quantity": token.quantity, "unit": token.unit,
        "authority": token.authority, "line": token.line, "issued_at": datetime.fromtimestamp(token.issued_at, UTC),
        "valid_until": datetime.fromtimestamp(token.valid_until, UTC),
        "decision": found.token.decision_id if found.token else None,
    }  # fmt: skip


@router.get("/{request_id}", response=StoryOut, summary="One request with its whole story")
@endpoint(Act.READ_REQUEST)
def get_request(request: HttpRequest, request_id: UUID) -> dict[str, object]:
    """Everything of one request that is open to this room."""
    return _story(request.actor, request_id)


@router.get("/{request_id}/resembling", response=list[ResemblanceOut], summary="Live requests that resemble a draft")
@endpoint(Act.SEND_REQUEST)
def list_resembling(request: HttpRequest, request_id: UUID) -> list[dict[str, object]]:
    """Live requests of this room that a draft of it resembles, the likest first."""
    alike = resembling(request.actor, _own(request.actor, request_id))
    return [
        {"request": one.request.pk, "reference": one.request.reference, "title": one.request.title,
         "likeness": round(one.likeness, 3)}
        for one in alike
    ]  # fmt: skip


@router.post("", response={201: StoryOut}, summary="Write a request down")
@endpoint(Act.DRAFT_REQUEST)
def draft_request(request: HttpRequest, payload: RequestIn, idempotency_key: IdempotencyKey = None) -> Status:
    """Write a draft, which this room alone reads until it is sent."""
    done = actions.draft_request(by=request.actor, key=idempotency_key, statement=_statement(payload))
    return Status(201, _story(request.actor, done.pk))


@router.put("/{request_id}", response=StoryOut, summary="Amend the draft of a request")
@endpoint(Act.AMEND_REQUEST)
def amend_request(
    request: HttpRequest, request_id: UUID, payload: RequestIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Say anew what a draft asks for; all of it takes the place of what was said before."""
    actions.amend_request(
        by=request.actor, key=idempotency_key, request=_found(request_id), statement=_statement(payload)
    )
    return _story(request.actor, request_id)


@router.post("/{request_id}/send", response=StoryOut, summary="Send a request")
@endpoint(Act.SEND_REQUEST)
def send_request(
    request: HttpRequest, request_id: UUID, payload: SendIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Send a draft; whoever must clear an item of it is asked, each within its clock."""
    actions.send_request(by=request.actor, key=idempotency_key, request=_found(request_id), in_spite=payload.in_spite)
    return _story(request.actor, request_id)


@router.post("/{request_id}/withdraw", response=StoryOut, summary="Withdraw a request")
@endpoint(Act.WITHDRAW_REQUEST)
def withdraw_request(
    request: HttpRequest, request_id: UUID, payload: WordsIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Take it back; its questions are closed and their clocks end."""
    actions.withdraw_request(by=request.actor, key=idempotency_key, request=_found(request_id), reason=payload.words)
    return _story(request.actor, request_id)


@router.post("/{request_id}/consignments", response={201: StoryOut}, summary="Make a consignment of a request")
@endpoint(Act.CONSIGN_REQUEST)
def consign_request(
    request: HttpRequest, request_id: UUID, payload: PartIn, idempotency_key: IdempotencyKey = None
) -> Status:
    """Of lines that every authority cleared, of no more than it cleared; the newest consignment stands last."""
    part = Part(
        {one.line: one.quantity for one in payload.lines}, payload.reference, payload.crossing, payload.destination,
        payload.consignee,
    )  # fmt: skip
    actions.consign_request(by=request.actor, key=idempotency_key, request=_found(request_id), part=part)
    return Status(201, _story(request.actor, request_id))


@router.post("/questions/{clearance_id}/decisions", response={201: QuestionStoryOut}, summary="Decide on an item")
@endpoint(Act.DECIDE_CLEARANCE)
def decide_clearance(
    request: HttpRequest, clearance_id: UUID, payload: DecisionIn, idempotency_key: IdempotencyKey = None
) -> Status:
    """Decide, as the authority that is asked; a later decision stands beside it."""
    said = DecisionStatement(**{**payload.model_dump(), "outcome": str(payload.outcome)})
    actions.decide_clearance(by=request.actor, key=idempotency_key, clearance=_asked(clearance_id), decision=said)
    return Status(201, _question_story(request.actor, clearance_id))


@router.post("/questions/{clearance_id}/information", response=QuestionStoryOut, summary="Give information on an item")
@endpoint(Act.GIVE_INFORMATION)
def give_information(
    request: HttpRequest, clearance_id: UUID, payload: WordsIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Give what the authority asked for; its clock runs on."""
    actions.give_information(
        by=request.actor, key=idempotency_key, clearance=_asked(clearance_id), information=payload.words
    )
    return _question_story(request.actor, clearance_id)


@router.post("/questions/{clearance_id}/appeal", response=QuestionStoryOut, summary="Appeal against a decision")
@endpoint(Act.APPEAL_CLEARANCE)
def appeal_clearance(
    request: HttpRequest, clearance_id: UUID, payload: WordsIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Ask again, against a refusal or an approval in part; a clock of its own runs."""
    actions.appeal_clearance(
        by=request.actor, key=idempotency_key, clearance=_asked(clearance_id), grounds=payload.words
    )
    return _question_story(request.actor, clearance_id)


def _found(request_id: UUID) -> Request:
    found = Request.objects.filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def _own(by: Actor, request_id: UUID) -> Request:
    found = _found(request_id)
    if found.room_id != by.room_id:
        raise Http404
    return found


def _asked(clearance_id: UUID) -> Clearance:
    found = Clearance.objects.filter(pk=clearance_id).first()
    if found is None:
        raise Http404
    return found


def _statement(payload: RequestIn) -> RequestStatement:
    plain = payload.model_dump(exclude={"lines", "places", "crossing"})
    lines = tuple(LineAsked(**one.model_dump()) for one in payload.lines)
    return RequestStatement(lines=lines, places=tuple(payload.places), crossing_code=payload.crossing, **plain)


def _request(one: Request) -> dict[str, object]:
    return {
        "id": one.pk, "room": one.room_id, "reference": one.reference, "title": one.title, "state": one.state,
        "consignor_class": one.consignor_class, "crossing": one.crossing_code, "places": one.places,
        "ready_date": one.ready_date, "created_at": one.created_at, "sent_at": one.sent_at, "closed_at": one.closed_at,
    }  # fmt: skip


def _question(row: QuestionRow) -> dict[str, object]:
    one = row.question
    return {
        "id": one.pk, "request": one.request_id, "asking_room": one.room_id, "authority": one.authority_id,
        "line": one.item_id, "commodity": one.commodity, "description": row.description, "round": one.round,
        "asked_at": one.asked_at, "due_at": row.standing.due_at, "state": row.standing.code,
        "since": row.standing.since, "silences": row.standing.silences,
    }  # fmt: skip


def _decision(row: DecisionRow) -> dict[str, object]:
    one, terms = row.decision, row.terms
    return {
        "id": one.pk, "authority": one.room_id, "asking_room": one.asking_room_id, "question": one.clearance_id,
        "commodity": one.commodity, "outcome": one.outcome, "reason": one.reason, "decided_role": one.decided_role,
        "asked_at": one.asked_at, "decided_at": one.decided_at, "valid_until": one.valid_until,
        "is_late": one.is_late, "quantity": terms.quantity if terms else None, "unit": terms.unit if terms else "",
        "conditions": terms.conditions if terms else "", "words": terms.words if terms else "",
    }  # fmt: skip


def _question_story(by: Actor, clearance_id: UUID) -> dict[str, object]:
    known = words(by.operation_id)
    rows = question_rows(Clearance.objects.filter(pk=clearance_id), by, known)
    if not rows:
        raise Http404
    one = rows[0].question
    before = precedents_for(by, known, one.commodity, rows[0].description, without=[one.pk])
    return {
        **_question(rows[0]), "decisions": [_decision(row) for row in rows_of(rows[0].standing.decisions, known)],
        "precedents": [_decision(row) for row in before],
    }  # fmt: skip


def _inconsistency(one: Inconsistency) -> dict[str, object]:
    return {
        "id": one.pk, "room": one.room_id, "commodity": one.commodity, "earlier": one.earlier_id,
        "later": one.later_id, "found_at": one.found_at, "owner_role": one.owner_role, "answer": one.answer,
        "answered_at": one.answered_at,
    }  # fmt: skip


def _line(one: LineStory) -> dict[str, object]:
    line = one.line
    return {
        "id": line.pk, "number": line.number, "commodity": line.commodity, "description": line.description,
        "quantity": line.quantity, "unit": line.unit, "mass_kg": line.mass_kg, "in_consignments": one.movable.made,
        "may_still_move": one.movable.left,
        "clearances": [
            {"question": stand.clearance.pk, "authority": stand.clearance.authority_id, "state": stand.code,
             "since": stand.since, "due_at": stand.due_at, "silences": stand.silences, "allowed": stand.allowed,
             "token": token.text if token else ""}
            for stand, _authority, _face, token in one.standings
        ],
    }  # fmt: skip


def _story(by: Actor, request_id: UUID) -> dict[str, object]:
    found = request_story(by, request_id, words(by.operation_id))
    if found is None:
        raise Http404
    said: dict[str, object] = {
        name: getattr(found.detail, name, None if name in ("households", "individuals") else "")
        for name in ("origin", "organisations", "group", "households", "individuals", "needs", "remark")
    }  # fmt: skip
    said |= {name: getattr(found.identities, name, "") for name in ("person", "contact")}
    return {
        **_request(found.request), **said, "lines": [_line(one) for one in found.lines],
        "consignments": [one.pk for one in found.consignments],
        "story": [
            {"at": one.at, "what": one.what, "room": dict(one.room), "line": one.line, "outcome": one.outcome,
             "quantity": one.quantity, "conditions": one.conditions, "words": one.words, "is_late": one.is_late,
             "due_at": one.due_at, "record": one.record_id}
            for one in found.happenings
        ],
    }  # fmt: skip
