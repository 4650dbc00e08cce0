"""Rounds of monitoring after distributions, and complaints."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.distribution_schemas import Count, ExplanationAsked, ShortCode
from tansiq.api.endpoint import Code, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.rooms.actors import Actor
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import Complaint, Interview, MonitoringRound
from tansiq.desks.distribution.queries.feedback import (
    Result,
    complaint_rows,
    complaints,
    confidence_of,
    results_of,
    rounds,
)
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import Act, ComplaintStatement, InterviewStatement, RoundStatement

router = Router(tags=["distribution"])
Key = IdempotencyKey


class RoundAsked(Schema):
    """A round of monitoring after a distribution; the sample is drawn by the system."""

    plan: UUID
    interviewer_room: UUID
    frame: ShortCode = "households"
    population: Count = 0
    sites: list[Code] = Field([], max_length=1000)
    size: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class InterviewAsked(Schema):
    """The answers of one number of a sample."""

    number: Annotated[int, Field(ge=1, le=1_000_000)]
    held_at: Moment
    answers: dict[ShortCode, ShortCode] = Field(max_length=60)


class ShareOut(Schema):
    """The share of one answer, and the interval in which that of the whole lies."""

    answer: str
    share: float
    low: float
    high: float


class ResultOut(Schema):
    """What was answered to one question."""

    question: str
    answered: int
    shares: list[ShareOut]


class RoundOut(Schema):
    """A round with its seed, its sample and its results."""

    id: UUID
    room: UUID
    plan: UUID
    reference: str
    distributor_room: UUID
    interviewer_room: UUID
    frame: str
    population: int
    seed: str
    drawn: list[int]
    state: str
    drawn_at: datetime
    results: list[ResultOut]


class RoundPage(Schema):
    """Rounds, drawn last first, and the mark of the next page."""

    items: list[RoundOut]
    next: str | None


class ComplaintAsked(Schema):
    """What is complained about, and how it came; never by whom."""

    category: ShortCode = Field(min_length=1)
    channel: ShortCode = Field(min_length=1)
    text: Text = Field(min_length=1)
    received_at: Moment
    on_behalf: bool = False
    is_anonymous: bool = True
    area: Annotated[Code, Field(max_length=40)] = ""
    plan: UUID | None = None
    handler_room: UUID | None = None


class ComplaintStepOut(Schema):
    """One step of a complaint, by the room that took it."""

    room: dict[str, str]
    act: str
    at: datetime
    text: str
    due_at: datetime | None


class ComplaintOut(Schema):
    """A complaint as it stands by its steps."""

    id: UUID
    room: UUID
    reference: str
    category: str
    is_sensitive: bool
    state: str
    handler_room: UUID
    received_at: datetime
    steps: list[ComplaintStepOut]


class ComplaintPage(Schema):
    """Complaints, received last first, and the mark of the next page."""

    items: list[ComplaintOut]
    next: str | None


@router.get("/monitoring", response=RoundPage, summary="Rounds of monitoring")
@endpoint(Act.READ_ROUND)
def list_rounds(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """Rounds with seed, sample and results, each share with its interval."""
    shown, following = page_after(rounds(request.actor), "drawn_at", after, limit)
    return {"items": _rounds(request.actor, shown), "next": following}


@router.post("/monitoring", response={201: RoundOut}, summary="Draw the sample of a round")
@endpoint(Act.DRAW_ROUND)
def draw_round(request: HttpRequest, payload: RoundAsked, idempotency_key: Key = None) -> Status:
    """The system draws; who held the distribution cannot ask."""
    statement = RoundStatement(
        payload.plan, payload.interviewer_room, payload.frame, payload.population, tuple(payload.sites), payload.size
    )
    done = actions.draw_round(by=request.actor, key=idempotency_key, statement=statement)
    return Status(201, _rounds(request.actor, [done])[0])


@router.post("/monitoring/{round_id}/interview", response=RoundOut, summary="Enter an interview")
@endpoint(Act.ENTER_INTERVIEW)
def enter_interview(
    request: HttpRequest, round_id: UUID, payload: InterviewAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """The answers of one number of the sample, by the room that asks."""
    one = _found(MonitoringRound, round_id)
    statement = InterviewStatement(payload.number, payload.held_at, dict(payload.answers))
    actions.enter_interview(by=request.actor, key=idempotency_key, monitoring_round=one, statement=statement)
    return _rounds(request.actor, [_found(MonitoringRound, round_id)])[0]


@router.post("/monitoring/{round_id}/finish", response=RoundOut, summary="Finish a round")
@endpoint(Act.FINISH_ROUND)
def finish_round(request: HttpRequest, round_id: UUID, idempotency_key: Key = None) -> dict[str, object]:
    """Nobody is asked any more; the results stand."""
    one = _found(MonitoringRound, round_id)
    actions.finish_round(by=request.actor, key=idempotency_key, monitoring_round=one)
    return _rounds(request.actor, [_found(MonitoringRound, round_id)])[0]


@router.get("/complaints", response=ComplaintPage, summary="Complaints")
@endpoint(Act.READ_COMPLAINT)
def list_complaints(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """Complaints that this room sees, with every step."""
    shown, following = page_after(complaints(request.actor), "received_at", after, limit)
    return {"items": _complaints(request.actor, shown), "next": following}


@router.post("/complaints", response={201: ComplaintOut}, summary="Write a complaint down")
@endpoint(Act.RECEIVE_COMPLAINT)
def receive_complaint(request: HttpRequest, payload: ComplaintAsked, idempotency_key: Key = None) -> Status:
    """Write down what is complained about, never by whom; the reference is for who complains."""
    plain = payload.model_dump(exclude={"plan"})
    statement = ComplaintStatement(**plain, plan_id=payload.plan)
    done = actions.receive_complaint(by=request.actor, key=idempotency_key, statement=statement)
    return Status(201, _complaints(request.actor, [done])[0])


@router.post("/complaints/{complaint_id}/answer", response=ComplaintOut, summary="Answer a complaint")
@endpoint(Act.ANSWER_COMPLAINT)
def answer_complaint(
    request: HttpRequest, complaint_id: UUID, payload: ExplanationAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Answer as the room that handles it."""
    one = _found(Complaint, complaint_id)
    actions.answer_complaint(by=request.actor, key=idempotency_key, complaint=one, answer=payload.text)
    return _complaints(request.actor, [one])[0]


@router.post("/complaints/{complaint_id}/feed-back", response=ComplaintOut, summary="Tell the answer to a complaint")
@endpoint(Act.FEED_COMPLAINT_BACK)
def feed_complaint_back(
    request: HttpRequest, complaint_id: UUID, payload: ExplanationAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Say how the answer reached who complained; only then is the loop closed."""
    one = _found(Complaint, complaint_id)
    actions.feed_complaint_back(by=request.actor, key=idempotency_key, complaint=one, how=payload.text)
    return _complaints(request.actor, [one])[0]


@router.post("/complaints/{complaint_id}/reopen", response=ComplaintOut, summary="Open a complaint again")
@endpoint(Act.REOPEN_COMPLAINT)
def reopen_complaint(
    request: HttpRequest, complaint_id: UUID, payload: ExplanationAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Who complained is not content with the answer."""
    one = _found(Complaint, complaint_id)
    actions.reopen_complaint(by=request.actor, key=idempotency_key, complaint=one, reason=payload.text)
    return _complaints(request.actor, [one])[0]


def _found(model: type[Any], pk: UUID) -> Any:
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _rounds(by: Actor, found: list[MonitoringRound]) -> list[dict[str, object]]:
    interviews: dict[UUID, list[Interview]] = {one.pk: [] for one in found}
    for interview in Interview.objects.filter(round__in=interviews):
        interviews[interview.round_id].append(interview)
    confidence = confidence_of(by)
    return [_round(one, results_of(one, interviews[one.pk], confidence)) for one in found]


def _round(one: MonitoringRound, results: list[Result]) -> dict[str, object]:
    plain = ("reference", "frame", "population", "seed", "drawn", "state", "drawn_at")
    return {
        "id": one.pk, "room": one.room_id, "plan": one.plan_id, "distributor_room": one.distributor_room_id,
        "interviewer_room": one.interviewer_room_id, **{name: getattr(one, name) for name in plain},
        "results": [
            {"question": result.code, "answered": result.asked,
             "shares": [{"answer": code, "share": share.share, "low": share.low, "high": share.high}
                        for code, share in result.shares.items()]}
            for result in results
        ],
    }  # fmt: skip


def _complaints(by: Actor, found: list[Complaint]) -> list[dict[str, object]]:
    return [
        {
            "id": row.complaint.pk, "room": row.complaint.room_id, "reference": row.complaint.reference,
            "category": row.complaint.category, "is_sensitive": row.complaint.is_sensitive, "state": row.state,
            "handler_room": row.complaint.handler_room_id, "received_at": row.complaint.received_at,
            "steps": [
                {"room": dict(names), "act": step.act, "at": step.at, "text": step.text, "due_at": step.due_at}
                for step, names in row.steps
            ],
        }
        for row in complaint_rows(found, by, words(by))
    ]  # fmt: skip
