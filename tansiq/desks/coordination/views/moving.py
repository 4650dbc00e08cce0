"""Each step of a request on a page of its own: by the room that asked, and by the authority."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.forms import (
    AnswerForm,
    ConcludeForm,
    GreenLightForm,
    InformForm,
    StepForm,
    TextForm,
    WithdrawForm,
    WithholdForm,
)
from tansiq.desks.coordination.queries.lists import is_open
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import ANSWERS, Act, may_move
from tansiq.desks.coordination.views.asking import line_names
from tansiq.desks.coordination.views.stories import found_story


@dataclass(frozen=True)
class Way:
    """A step as a page takes it: what is typed, the verb, its title, what is said about it and when it is done."""

    form: type[StepForm]
    action: Callable[..., Any]
    title: Any
    said: Any
    done: Any


WAYS = {
    Act.INFORM_COORDINATION: Way(
        InformForm, actions.inform_coordination, _("Give information"),
        _("The clock of the authority runs on from now."), _("The information is given."),
    ),
    Act.WITHDRAW_COORDINATION: Way(
        WithdrawForm, actions.withdraw_coordination, _("Withdraw the request"),
        _("It is asked no more. What was answered stays readable."), _("The request is withdrawn."),
    ),
    Act.EXECUTE_COORDINATION: Way(
        TextForm, actions.execute_coordination, _("Movement carried out"),
        _("Say that the movement took place. What came of it is stated afterwards."), _("It is recorded."),
    ),
    Act.CONCLUDE_COORDINATION: Way(
        ConcludeForm, actions.conclude_coordination, _("State the outcome"),
        _("What came of the request, why, and how long the movement was held at which holding point."),
        _("The outcome is recorded."),
    ),
    Act.TAKE_UP_COORDINATION: Way(
        TextForm, actions.take_up_coordination, _("Take under review"),
        _("It was seen. This is neither an answer nor an approval, and the deadline runs on."),
        _("The request is under review."),
    ),
    Act.ANSWER_COORDINATION: Way(
        AnswerForm, actions.answer_coordination, _("Answer the request"),
        _("An approval is not a green light. Whatever is left out of it is agreed to as it was asked."),
        _("The answer is recorded."),
    ),
    Act.GIVE_GREEN_LIGHT: Way(
        GreenLightForm, actions.give_green_light, _("Give the green light"),
        _("The movement may go now. The green light ends with the approval."), _("The green light is given."),
    ),
    Act.WITHHOLD_GREEN_LIGHT: Way(
        WithholdForm, actions.withhold_green_light, _("Do not give the green light"),
        _("The approval stands, and the movement may not go. A green light that was given is taken back."),
        _("It is recorded that no green light is given."),
    ),
}  # fmt: skip


@page(Act.INFORM_COORDINATION)
def coordination_inform(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Give the information that the authority asked for."""
    return _step(request, asking_id, Act.INFORM_COORDINATION)


@page(Act.WITHDRAW_COORDINATION)
def coordination_withdraw(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Take the request back."""
    return _step(request, asking_id, Act.WITHDRAW_COORDINATION)


@page(Act.EXECUTE_COORDINATION)
def coordination_execute(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Say that the movement was carried out."""
    return _step(request, asking_id, Act.EXECUTE_COORDINATION)


@page(Act.CONCLUDE_COORDINATION)
def coordination_conclude(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Say what came of it."""
    return _step(request, asking_id, Act.CONCLUDE_COORDINATION)


@page(Act.TAKE_UP_COORDINATION)
def coordination_take_up(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Take the request under review, as the authority."""
    return _step(request, asking_id, Act.TAKE_UP_COORDINATION)


@page(Act.ANSWER_COORDINATION)
def coordination_answer(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Answer as the authority."""
    return _step(request, asking_id, Act.ANSWER_COORDINATION)


@page(Act.GIVE_GREEN_LIGHT)
def green_light_give(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Give the green light, as the authority."""
    return _step(request, asking_id, Act.GIVE_GREEN_LIGHT)


@page(Act.WITHHOLD_GREEN_LIGHT)
def green_light_withhold(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Say that the green light is not given."""
    return _step(request, asking_id, Act.WITHHOLD_GREEN_LIGHT)


def _step(request: HttpRequest, asking_id: UUID, act: Act) -> HttpResponse:
    """A step, when it is this room's to take now; otherwise it is as if there were no such page."""
    story, way = found_story(request, asking_id), WAYS[act]
    if not is_open(request.actor, story.row, act):
        raise Http404
    form = way.form(request.POST or None, words=words(request.actor.operation_id), **_options(request, story, act))
    if request.method == "POST" and form.is_valid():
        try:
            way.action(by=request.actor, asking=story.row.asking, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, str(way.done))
            return redirect("coordination:asking", asking_id=asking_id)
    context = {"form": form, "way": way, "row": story.row, "asking": story.row.asking, "story": story}
    return render(request, "coordination/step.html", context, status=422 if form.is_bound else 200)


def _options(request: HttpRequest, story: Any, act: Act) -> dict[str, Any]:
    recorded = story.row.standing.recorded
    if act is Act.CONCLUDE_COORDINATION:
        return {"state": recorded}
    if act is Act.ANSWER_COORDINATION:
        lines = [line for line, _name, _unit in story.lines]
        names = line_names(lines, words(request.actor.operation_id))
        moves = [move.value for move in ANSWERS if may_move(recorded, move)]
        return {"lines": lines, "names": names, "moves": moves}
    return {}
