"""Monitoring after distributions: rounds, the sample of one, its interviews and results."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.lists import paged
from tansiq.building.rooms.pages import page
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.forms.feedback import InterviewForm, RoundForm
from tansiq.desks.distribution.forms.fields import DeskForm
from tansiq.desks.distribution.models import Interview, MonitoringRound, RoundState
from tansiq.desks.distribution.queries.feedback import confidence_of, results_of, round_rows, rounds
from tansiq.desks.distribution.queries.plans import plan_seen
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import Act
from tansiq.desks.distribution.views.plans import found_plan
from tansiq.desks.distribution.views.sending import sent, shown


@page(Act.READ_ROUND)
def monitoring_rounds(request: HttpRequest) -> HttpResponse:
    """Every round of monitoring that this room sees."""
    by = request.actor
    context: dict[str, Any] = paged(request, rounds(by))
    listed = list(context["page"].object_list)
    context |= {"rows": round_rows(listed, by, words(by)), "tab": "monitoring", "shares": share_state_of(listed, by)}
    return render(request, "distribution/rounds.html", context)


@page(Act.READ_ROUND)
def monitoring_round(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """One round: the sample and its seed, who is still to be asked, the results with their margin."""
    found, by, known = _found(request, round_id), request.actor, words(request.actor)
    interviews = list(Interview.objects.filter(round=found).order_by("number"))
    asked, confidence = {one.number for one in interviews}, confidence_of(by)
    is_open = found.state == RoundState.DRAWN
    context = {
        "row": round_rows([found], by, known)[0], "round": found, "results": results_of(found, interviews, confidence),
        "waiting": [n for n in found.drawn if n not in asked], "confidence": round(float(confidence) * 100),
        "plan": plan_seen(by, found.plan_id),
        "may_ask": is_open and found.interviewer_room_id == by.room_id and by.may(Act.ENTER_INTERVIEW),
        "may_finish": is_open and found.room_id == by.room_id and bool(interviews) and by.may(Act.FINISH_ROUND),
        "may_release": found.room_id == by.room_id and by.may("doors.release.propose"),
    }  # fmt: skip
    return render(request, "distribution/round.html", context)


@page(Act.DRAW_ROUND)
def round_draw(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Draw the sample of a round after a distribution."""
    row = found_plan(request, plan_id)
    people = row.report.households if row.report else None
    initial = {"population": int(people) if people else None, "interviewer": str(request.actor.room_id)}
    form = RoundForm(request.POST or None, words=words(request.actor), initial=initial)

    def draw() -> Any:
        return actions.draw_round(by=request.actor, key=form.cleaned_data["key"], statement=form.statement(row.plan))

    done = sent(request, form, draw, done=_("The sample is drawn; its seed stands in the ledger."), to=None)
    return done or shown(request, "distribution/step.html", form, way="draw", name=row.plan.reference,
                         back=row.plan.get_absolute_url())  # fmt: skip


@page(Act.ENTER_INTERVIEW)
def round_interview(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Enter the answers of one number."""
    found = _found(request, round_id)
    if found.interviewer_room_id != request.actor.room_id or found.state != RoundState.DRAWN:
        raise Http404
    asked = set(Interview.objects.filter(round=found).values_list("number", flat=True))
    waiting = [number for number in found.drawn if number not in asked]
    form = InterviewForm(request.POST or None, words=words(request.actor), found=found, waiting=waiting)

    def enter() -> Any:
        return actions.enter_interview(
            by=request.actor, key=form.cleaned_data["key"], monitoring_round=found, statement=form.statement()
        )

    leads = ("distribution:monitoring-round", {"round_id": round_id})
    done = sent(request, form, enter, done=_("The answers are entered."), to=leads)
    return done or shown(request, "distribution/step.html", form, way="interview", name=found.reference,
                         back=found.get_absolute_url())  # fmt: skip


@page(Act.FINISH_ROUND)
def round_finish(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Finish a round of this room."""
    found = _found(request, round_id)
    if found.room_id != request.actor.room_id or found.state != RoundState.DRAWN:
        raise Http404
    form = DeskForm(request.POST or None, words=words(request.actor))

    def finish() -> Any:
        return actions.finish_round(by=request.actor, key=form.cleaned_data["key"], monitoring_round=found)

    done = sent(request, form, finish, done=_("The round is finished; its results stand."), to=None)
    return done or shown(request, "distribution/step.html", form, way="finish", name=found.reference,
                         back=found.get_absolute_url())  # fmt: skip


def _found(request: HttpRequest, round_id: UUID) -> MonitoringRound:
    found = rounds(request.actor).filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found
