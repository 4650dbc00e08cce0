"""Pages of discrepancies: the list, one with both readings side by side, and each step that a person takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from tansiq.building.clocks.queries import role_names
from tansiq.building.doors.queries import share_state_of
from tansiq.building.ledger.queries import entry_of
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.forms.discrepancies import DiscrepancyFilterForm, StepForm, TakeOnForm
from tansiq.desks.aid.models import Discrepancy
from tansiq.desks.aid.queries import discrepancies as queries
from tansiq.desks.aid.queries.words import words
from tansiq.desks.aid.rules import Act, can_move
from tansiq.desks.aid.views.listing import PER_PAGE, onward


@dataclass(frozen=True)
class Way:
    """A step as a page takes it: its name, what is typed, the verb, and what is said when it is done."""

    name: str
    form: type[StepForm]
    action: Callable[..., Discrepancy]
    done: Any


WAYS = {
    Act.TAKE_ON_DISCREPANCY: Way(
        "take_on", TakeOnForm, actions.take_on_discrepancy, _("The discrepancy is taken on.")
    ),
    Act.EXPLAIN_DISCREPANCY: Way(
        "explain", StepForm, actions.explain_discrepancy, _("The explanation is recorded; its clock ends.")
    ),
    Act.LEAVE_DISCREPANCY: Way(
        "leave", StepForm, actions.leave_discrepancy, _("Both readings are left standing, with your reason.")
    ),
}  # fmt: skip


@page(Act.READ_DISCREPANCY)
def discrepancies(request: HttpRequest) -> HttpResponse:
    """Discrepancies that this room may see, the latest first: those that are open, unless others are asked for."""
    form = DiscrepancyFilterForm(request.GET, words=words(request.actor))
    query = request.GET.urlencode()
    context = _listed(request, form) | {"form": form, "now_here": f"?{query}" if query else ""}
    return render(request, "aid/discrepancies.html", context)


@page(Act.READ_DISCREPANCY)
def discrepancies_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    form = DiscrepancyFilterForm(request.GET, words=words(request.actor))
    return render(request, "aid/_discrepancies.html", _listed(request, form))


@page(Act.READ_DISCREPANCY)
def discrepancy(request: HttpRequest, discrepancy_id: UUID) -> HttpResponse:
    """One discrepancy: both readings, the arithmetic between them, and every step."""
    return render(request, "aid/discrepancy.html", _story(request, discrepancy_id))


@page(Act.READ_DISCREPANCY)
def discrepancy_piece(request: HttpRequest, discrepancy_id: UUID) -> HttpResponse:
    """The same as a piece."""
    return render(request, "aid/_discrepancy_story.html", _story(request, discrepancy_id))


@page(Act.TAKE_ON_DISCREPANCY)
def discrepancy_take_on(request: HttpRequest, discrepancy_id: UUID) -> HttpResponse:
    """Take it on for a role of this room."""
    return _step(request, discrepancy_id, Act.TAKE_ON_DISCREPANCY)


@page(Act.EXPLAIN_DISCREPANCY)
def discrepancy_explain(request: HttpRequest, discrepancy_id: UUID) -> HttpResponse:
    """Say how it comes that the readings differ."""
    return _step(request, discrepancy_id, Act.EXPLAIN_DISCREPANCY)


@page(Act.LEAVE_DISCREPANCY)
def discrepancy_leave(request: HttpRequest, discrepancy_id: UUID) -> HttpResponse:
    """Let both readings stand for good."""
    return _step(request, discrepancy_id, Act.LEAVE_DISCREPANCY)


def _listed(request: HttpRequest, form: DiscrepancyFilterForm) -> dict[str, Any]:
    actor, wanted = request.actor, form.wanted()
    context = onward(request, lambda mark: queries.discrepancy_page(actor, wanted, after=mark, size=PER_PAGE))
    shown = context["shown"]
    rows = queries.discrepancy_rows(actor, shown, words(actor))
    return context | {"rows": rows, "shares": share_state_of(shown, actor)}


def _story(request: HttpRequest, discrepancy_id: UUID) -> dict[str, Any]:
    story = queries.discrepancy_story(request.actor, discrepancy_id, words(request.actor))
    if story is None:
        raise Http404
    found = story.row.discrepancy
    is_own = found.room_id == request.actor.room_id
    ways = [way.name for act, way in WAYS.items() if is_own and request.actor.may(act) and can_move(found.state, act)]
    return {
        "story": story, "row": story.row, "discrepancy": found, "ways": ways, "entry": entry_of(found),
        "may_release": is_own and request.actor.may("doors.release.propose"),
        "may_correct": is_own and request.actor.may(Act.CORRECT_EVENT),
    }  # fmt: skip


def _step(request: HttpRequest, discrepancy_id: UUID, act: Act) -> HttpResponse:
    context = _story(request, discrepancy_id)
    way = WAYS[act]
    if context["discrepancy"].room_id != request.actor.room_id:
        raise Http404
    form = way.form(request.POST or None, roles=role_names(request.actor.operation_id))
    if form.is_bound and form.is_valid():
        try:
            way.action(by=request.actor, key=form.submission, discrepancy_id=discrepancy_id, **form.asked())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, way.done)
            return redirect("aid:discrepancy", discrepancy_id=discrepancy_id)
    shown = context | {"form": form, "way": way.name}
    return render(request, "aid/discrepancy_step.html", shown, status=422 if form.is_bound else 200)
