"""Complaints: the list, one with every step, and the steps themselves."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.rooms.lists import paged
from tansiq.building.rooms.pages import page
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.forms.feedback import ComplaintFilterForm, ComplaintForm
from tansiq.desks.distribution.forms.partners import ReasonForm
from tansiq.desks.distribution.models import Complaint
from tansiq.desks.distribution.queries.feedback import ComplaintRow, complaint_rows, complaints
from tansiq.desks.distribution.queries.plans import plan_seen, plans
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import COMPLAINT_TRANSITIONS, Act
from tansiq.desks.distribution.views.sending import sent, shown

WAYS = {"answer": Act.ANSWER_COMPLAINT, "feed-back": Act.FEED_COMPLAINT_BACK, "reopen": Act.REOPEN_COMPLAINT}
OFFERED = 50


@page(Act.READ_COMPLAINT)
def complaint_list(request: HttpRequest) -> HttpResponse:
    """Every complaint that this room sees."""
    form, by = ComplaintFilterForm(request.GET), request.actor
    context: dict[str, Any] = paged(request, complaints(by, state=form.state_wanted()))
    rows = complaint_rows(context["page"].object_list, by, words(by))
    context |= {"rows": rows, "form": form, "tab": "complaints", "may_receive": by.may(Act.RECEIVE_COMPLAINT)}
    return render(request, "distribution/complaints.html", context)


@page(Act.READ_COMPLAINT)
def complaint(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """One complaint with every step of it."""
    row, by = _found(request, complaint_id), request.actor
    one = row.complaint
    context = {
        "row": row, "complaint": one, "plan": plan_seen(by, one.plan_id) if one.plan_id else None,
        "ways": [way for way in WAYS if _may(request, row, way)],
        "may_release": one.room_id == by.room_id and by.may("doors.release.propose"),
    }  # fmt: skip
    return render(request, "distribution/complaint.html", context)


@page(Act.RECEIVE_COMPLAINT)
def complaint_receive(request: HttpRequest) -> HttpResponse:
    """Write a complaint down."""
    by = request.actor
    offered = {one.pk: f"{one.reference} · {one.starts_at:%Y-%m-%d}" for one in plans(by)[:OFFERED]}
    form = ComplaintForm(request.POST or None, words=words(by), plans=offered)

    def receive() -> Any:
        return actions.receive_complaint(by=by, key=form.cleaned_data["key"], statement=form.statement())

    done = sent(
        request, form, receive, done=_("The complaint is written down. Give the reference to who complains."), to=None
    )
    return done or shown(request, "distribution/complaint_form.html", form)


@page(Act.ANSWER_COMPLAINT)
def complaint_answer(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Answer as the room that handles it."""
    return _step(request, complaint_id, "answer", actions.answer_complaint, ("answer", _("The answer is recorded.")))


@page(Act.FEED_COMPLAINT_BACK)
def complaint_feed_back(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Say how the answer was told to who complained."""
    said = ("how", _("The loop is closed."))
    return _step(request, complaint_id, "feed-back", actions.feed_complaint_back, said)


@page(Act.REOPEN_COMPLAINT)
def complaint_reopen(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Open it again."""
    said = ("reason", _("The complaint is open again."))
    return _step(request, complaint_id, "reopen", actions.reopen_complaint, said)


def _step(
    request: HttpRequest, complaint_id: UUID, way: str, verb: Callable[..., Any], said: tuple[str, str]
) -> HttpResponse:  # fmt: skip
    row = _found(request, complaint_id)
    if not _may(request, row, way):
        raise Http404
    form = ReasonForm(request.POST or None, words=words(request.actor))

    def take() -> Any:
        typed = form.cleaned_data
        return verb(by=request.actor, key=typed["key"], complaint=row.complaint, **{said[0]: typed["text"]})

    leads = ("distribution:complaint", {"complaint_id": complaint_id})
    done = sent(request, form, take, done=said[1], to=leads)
    return done or shown(request, "distribution/step.html", form, way=way, name=row.complaint.reference,
                         back=row.complaint.get_absolute_url())  # fmt: skip


def _may(request: HttpRequest, row: ComplaintRow, way: str) -> bool:
    one: Complaint = row.complaint
    whose = one.handler_room_id if way == "answer" else one.room_id
    act = WAYS[way]
    return whose == request.actor.room_id and request.actor.may(act) and (row.state, act) in COMPLAINT_TRANSITIONS


def _found(request: HttpRequest, complaint_id: UUID) -> ComplaintRow:
    one = complaints(request.actor).filter(pk=complaint_id).first()
    if one is None:
        raise Http404
    return complaint_rows([one], request.actor, words(request.actor))[0]
