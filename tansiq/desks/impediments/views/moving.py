"""Each step of an impediment on a page of its own: raise again, answer, hand over, amend, resolve, withdraw."""

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
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.forms import SAID_AGAIN, AmendForm, AnswerForm, HandOverForm, ReasonForm
from tansiq.desks.impediments.models import Impediment, Relation
from tansiq.desks.impediments.queries.likeness import precedents_for
from tansiq.desks.impediments.queries.stories import ImpedimentStory
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import Act, RecordReference, can
from tansiq.desks.impediments.views.stories import found_story


@dataclass(frozen=True)
class Way:
    """A step as a page takes it: its name in the address, what is typed, the verb, and what is said when it is done."""

    name: str
    form: type[ReasonForm]
    action: Callable[..., Impediment]
    done: Any


WAYS = {
    Act.RAISE_IMPEDIMENT: Way("raise", ReasonForm, actions.raise_impediment, _("The impediment is raised again.")),
    Act.ANSWER_IMPEDIMENT: Way("answer", AnswerForm, actions.answer_impediment, _("The answer is recorded.")),
    Act.HAND_OVER_IMPEDIMENT: Way(
        "hand_over", HandOverForm, actions.hand_over_impediment, _("The impediment is handed over; a new clock runs.")
    ),
    Act.AMEND_IMPEDIMENT: Way(
        "amend", AmendForm, actions.amend_impediment, _("The statement is amended; the former one stays readable.")
    ),
    Act.RESOLVE_IMPEDIMENT: Way("resolve", ReasonForm, actions.resolve_impediment, _("The impediment is resolved.")),
    Act.WITHDRAW_IMPEDIMENT: Way(
        "withdraw", ReasonForm, actions.withdraw_impediment, _("The impediment is withdrawn.")
    ),
}


@page(Act.RAISE_IMPEDIMENT)
def impediment_raise(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """Raise it again, under its own id."""
    return _step(request, _movable(request, impediment_id, Act.RAISE_IMPEDIMENT), Act.RAISE_IMPEDIMENT)


@page(Act.ANSWER_IMPEDIMENT)
def impediment_answer(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """Answer as the room that owns it."""
    return _step(request, _movable(request, impediment_id, Act.ANSWER_IMPEDIMENT), Act.ANSWER_IMPEDIMENT)


@page(Act.HAND_OVER_IMPEDIMENT)
def impediment_hand_over(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """Hand it over to another room or role."""
    return _step(request, _movable(request, impediment_id, Act.HAND_OVER_IMPEDIMENT), Act.HAND_OVER_IMPEDIMENT)


@page(Act.AMEND_IMPEDIMENT)
def impediment_amend(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """Say anew what it is about, what it costs, where it goes next."""
    story = _movable(request, impediment_id, Act.AMEND_IMPEDIMENT)
    options = {"initial": _said_before(story), "others": _others(request, story)}
    return _step(request, story, Act.AMEND_IMPEDIMENT, **options)


@page(Act.RESOLVE_IMPEDIMENT)
def impediment_resolve(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """Say that it stands in the way no more."""
    return _step(request, _movable(request, impediment_id, Act.RESOLVE_IMPEDIMENT), Act.RESOLVE_IMPEDIMENT)


@page(Act.WITHDRAW_IMPEDIMENT)
def impediment_withdraw(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """Take it back."""
    return _step(request, _movable(request, impediment_id, Act.WITHDRAW_IMPEDIMENT), Act.WITHDRAW_IMPEDIMENT)


def _movable(request: HttpRequest, impediment_id: UUID, act: Act) -> ImpedimentStory:
    """The impediment, when it is this room's to take the step; otherwise it is as if there were no such page."""
    story = found_story(request, impediment_id)
    if not can(story.row.impediment, act, request.actor.room_id):
        raise Http404
    return story


def _step(request: HttpRequest, story: ImpedimentStory, act: Act, **options: Any) -> HttpResponse:
    way, one = WAYS[act], story.row.impediment
    form = way.form(request.POST or None, words=words(request.actor.operation_id), **options)
    if request.method == "POST" and form.is_valid():
        try:
            way.action(by=request.actor, impediment=one, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, str(way.done))
            return redirect("impediments:impediment", impediment_id=one.pk)
    context = {"form": form, "way": way.name, "row": story.row, "impediment": one}
    return render(request, "impediments/step.html", context, status=422 if form.is_bound else 200)


def _said_before(story: ImpedimentStory) -> dict[str, Any]:
    parts = (story.row.impediment, *story.details[:1], *story.identities[:1])
    said = {name: getattr(part, name) for part in parts for name in SAID_AGAIN if hasattr(part, name)}
    lost = said.get("cost_quantity")
    return said | {"cost_quantity": None if lost is None else f"{lost.normalize():f}"}  # 14, not 14.000000


def _others(request: HttpRequest, story: ImpedimentStory) -> dict[UUID, RecordReference]:
    """Impediments that may be named as precedents, most alike first; those that are named already are left out."""
    named = {one.record.record_id for one in story.precedents if one.record.relation == Relation.PRECEDENT}
    return {
        one.pk: RecordReference(one._meta.label_lower, one.pk, {"en": one.title})
        for one in precedents_for(request.actor, story.row.impediment)
        if one.pk not in named
    }
