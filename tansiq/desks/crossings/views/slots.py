"""Pages of slots: the list of bookings, one of them, booking one from a consignment, and every step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.lists import paged
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment, HandlingUnit
from tansiq.desks.crossings import actions
from tansiq.desks.crossings.forms import BookingFilterForm, ConfirmForm, DayForm, GiveBackForm, RefuseForm, SlotForm
from tansiq.desks.crossings.queries.setting import Setting, refusal_reasons, setting
from tansiq.desks.crossings.queries.slots import BookingStory, booking_story, bookings, rows_of
from tansiq.desks.crossings.queries.statements import day_statements, slots_in_force
from tansiq.desks.crossings.rules import Act, can
from tansiq.desks.crossings.views.days import chosen_day

UNITS_AT_MOST = 200


@dataclass(frozen=True)
class Step:
    """A step of a booking as a page takes it."""

    form: type[ConfirmForm]
    action: Callable[..., Any]
    title: Any
    about: Any
    done: Any
    name: str


CONFIRM = Step(
    ConfirmForm, actions.confirm_slot, _("Confirm the slot"), _("The room that booked it reads this at once."),
    _("The slot is confirmed."), "confirm",
)  # fmt: skip
REFUSE = Step(
    RefuseForm, actions.refuse_slot, _("Refuse the slot"), _("The room that booked it may book another one."),
    _("The slot is refused."), "refuse",
)  # fmt: skip
GIVE_BACK = Step(
    GiveBackForm, actions.release_slot, _("Give the slot back"), _("Its places are free for others."),
    _("The slot is given back."), "release",
)  # fmt: skip


@page(Act.READ_SLOT)
def slots(request: HttpRequest) -> HttpResponse:
    """The bookings that this room reads, the latest slot first."""
    return render(request, "crossings/slots.html", _list(request))


@page(Act.READ_SLOT)
def slots_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "crossings/_slots.html", _list(request))


@page(Act.READ_SLOT)
def slot(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """One booking, how it stands and how it was answered."""
    return render(request, "crossings/slot.html", _one(request, booking_id))


@page(Act.READ_SLOT)
def slot_piece(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """The same as a piece."""
    return render(request, "crossings/_booking.html", _one(request, booking_id))


@page(Act.BOOK_SLOT)
def slot_book(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """Book a slot for a consignment of this room, on the day that the address names."""
    known = setting(request.actor.operation_id)
    consignment = Consignment.objects.filter(pk=consignment_id, room=request.actor.room_id).first()
    if consignment is None:
        raise Http404
    code, chosen = request.GET.get("crossing") or consignment.crossing_code, chosen_day(request, known)
    crossing = known.crossings.get(code) if code in known.days else None
    offered = slots_in_force(day_statements(known, [crossing], chosen)[crossing.pk], known) if crossing else []
    units = HandlingUnit.objects.filter(consignment=consignment, room=consignment.room_id).order_by("code")
    form = SlotForm(request.POST or None, known=known, slots=offered,
                    units=dict(units.values_list("pk", "code")[:UNITS_AT_MOST]))  # fmt: skip
    if request.method == "POST" and crossing and form.is_valid():
        try:
            done = actions.book_slot(by=request.actor, key=form.cleaned_data["key"], crossing=crossing,
                                     asked=form.asked(consignment.pk))  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, str(_("The slot is booked; the crossing's room answers.")))
            return redirect("crossings:slot", booking_id=done.pk)
    context = {"form": form, "consignment": consignment, "crossing": crossing, "day": chosen, "code": code,
               "day_form": DayForm(request.GET), "offered": offered,
               "crossings": [known.crossings[one] for one in known.days]}  # fmt: skip
    return render(request, "crossings/book.html", context, status=422 if form.is_bound else 200)


@page(Act.CONFIRM_SLOT)
def slot_confirm(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Confirm it as the room that keeps the crossing's day."""
    return _step(request, booking_id, Act.CONFIRM_SLOT, CONFIRM)


@page(Act.REFUSE_SLOT)
def slot_refuse(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Refuse it with a reason."""
    return _step(request, booking_id, Act.REFUSE_SLOT, REFUSE)


@page(Act.RELEASE_SLOT)
def slot_release(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Give it back."""
    return _step(request, booking_id, Act.RELEASE_SLOT, GIVE_BACK)


def _step(request: HttpRequest, booking_id: UUID, act: Act, step: Step) -> HttpResponse:
    known = setting(request.actor.operation_id)
    story = _story(booking_id, known)
    if not can(story.row.booking, act, request.actor.room_id):
        raise Http404
    form = step.form(request.POST or None, reasons=refusal_reasons(known))
    if request.method == "POST" and form.is_valid():
        try:
            step.action(by=request.actor, booking=story.row.booking, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, str(step.done))
            return redirect("crossings:slot", booking_id=booking_id)
    context = {"form": form, "step": step, "row": story.row, "story": story}
    return render(request, "crossings/step.html", context, status=422 if form.is_bound else 200)


def _story(booking_id: UUID, known: Setting) -> BookingStory:
    story = booking_story(booking_id, known, refusal_reasons(known))
    if story is None:
        raise Http404
    return story


def _one(request: HttpRequest, booking_id: UUID) -> dict[str, Any]:
    story, by = _story(booking_id, setting(request.actor.operation_id)), request.actor
    one = story.row.booking
    ways = {step.name for act, step in ((Act.CONFIRM_SLOT, CONFIRM), (Act.REFUSE_SLOT, REFUSE),
            (Act.RELEASE_SLOT, GIVE_BACK)) if by.may(act) and can(one, act, by.room_id)}  # fmt: skip
    return {
        "story": story, "row": story.row, "booking": one, "ways": ways,
        "may_release": one.room_id == by.room_id and by.may("doors.release.propose"),
    }  # fmt: skip


def _list(request: HttpRequest) -> dict[str, Any]:
    known = setting(request.actor.operation_id)
    form = BookingFilterForm(request.GET, known=known)
    context: dict[str, Any] = paged(request, bookings(request.actor, form.wanted()))
    shown = list(context["page"].object_list)
    query = request.GET.urlencode()
    return context | {
        "form": form, "tab": "slots", "rows": rows_of(shown, known, refusal_reasons(known)),
        "shares": share_state_of(shown, request.actor), "now_here": f"?{query}" if query else "",
    }  # fmt: skip
