"""The officer's pages: state the hours, lanes, capacity, queue or free places of a crossing's day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.crossings import actions
from tansiq.desks.crossings.forms import CapacityForm, HoursForm, LanesForm, PlacesForm, QueueForm, StatementForm
from tansiq.desks.crossings.queries.setting import Setting, closure_reasons, setting
from tansiq.desks.crossings.queries.statements import day_statements, slots_in_force
from tansiq.desks.crossings.rules import Act
from tansiq.desks.crossings.views.days import chosen_day


@dataclass(frozen=True)
class Way:
    """One statement as a page takes it: its name, what is typed, the verb, and the words of the page."""

    name: str
    form: type[StatementForm]
    action: Callable[..., Any]
    title: Any
    about: Any


HOURS = Way(
    "hours", HoursForm, actions.state_hours, _("State the hours"),
    _("For one day, a day of the week, or from a day on. How a day really went is stated as another line."),
)  # fmt: skip
LANES = Way("lanes", LanesForm, actions.state_lanes, _("State the lanes"), _("How many scanning lanes work."))
CAPACITY = Way(
    "capacity", CapacityForm, actions.state_capacity, _("State the capacity of slots"),
    _("Slots follow the word of the room that keeps the day at the crossing; what is booked stays booked."),
)  # fmt: skip
QUEUE = Way("queue", QueueForm, actions.record_queue, _("Record the queue"), _("What was seen, when and by whom."))
PLACES = Way(
    "places", PlacesForm, actions.publish_places, _("Publish free places"),
    _("Every room that reads the day sees this number. By itself no room learns how full a slot is."),
)  # fmt: skip


@page(Act.STATE_HOURS)
def day_state_hours(request: HttpRequest, code: str) -> HttpResponse:
    """State the hours of a day."""
    return _state(request, code, HOURS)


@page(Act.STATE_LANES)
def day_state_lanes(request: HttpRequest, code: str) -> HttpResponse:
    """State the lanes that work."""
    return _state(request, code, LANES)


@page(Act.STATE_CAPACITY)
def day_state_capacity(request: HttpRequest, code: str) -> HttpResponse:
    """State what a slot takes."""
    return _state(request, code, CAPACITY)


@page(Act.RECORD_QUEUE)
def queue_record(request: HttpRequest, code: str) -> HttpResponse:
    """Record a reading of the queue."""
    return _state(request, code, QUEUE)


@page(Act.PUBLISH_PLACES)
def day_publish_places(request: HttpRequest, code: str) -> HttpResponse:
    """Publish how many places of a slot are free."""
    return _state(request, code, PLACES)


def _state(request: HttpRequest, code: str, way: Way) -> HttpResponse:
    known = setting(request.actor.operation_id)
    if code not in known.crossings:
        raise Http404
    chosen = chosen_day(request, known)
    form = _form(request, known, code, way, chosen)
    if request.method == "POST" and form.is_valid():
        try:
            way.action(by=request.actor, crossing=known.crossings[code], **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, str(_("It is stated.")))
            return redirect(f"{reverse('crossings:day', args=[code])}?day={form.cleaned_data['day']}")
    context = {"form": form, "way": way, "crossing": known.crossings[code], "day": chosen}
    return render(request, "crossings/state.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, known: Setting, code: str, way: Way, chosen: date) -> StatementForm:
    said = day_statements(known, [known.crossings[code]], chosen)[known.crossings[code].pk]
    return way.form(
        request.POST or None, known=known, reasons=closure_reasons(known), slots=slots_in_force(said, known),
        initial={"day": chosen},
    )  # fmt: skip
