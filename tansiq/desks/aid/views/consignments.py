"""Pages of consignments: the list, one with all that happened to it, registering one, amending one."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.building.clocks.queries import clocks_of
from tansiq.building.doors.queries import share_state_of
from tansiq.building.ledger.queries import entry_of
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of, plain_text
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import line_rule, local_name, rooms_named
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.forms.consignments import AmendForm, RegisterForm, said_before
from tansiq.desks.aid.forms.fields import said
from tansiq.desks.aid.forms.lists import ConsignmentFilterForm
from tansiq.desks.aid.models import Consignment, HandlingUnit
from tansiq.desks.aid.queries import events as queries
from tansiq.desks.aid.queries.balance import consignment_balance
from tansiq.desks.aid.queries.rows import (
    EventRow,
    consignment_rows,
    event_rows,
    events_of_consignment,
    line_amount,
)
from tansiq.desks.aid.queries.words import Words, named, words
from tansiq.desks.aid.rules import Act
from tansiq.desks.aid.views.listing import PER_PAGE, file_links, filters_in_words, in_words, onward
from tansiq.desks.impediments.rules import Act as Impediments


@dataclass(frozen=True)
class UnitStory:
    """A truck or pallet, or the consignment as a whole, with what happened to it."""

    unit: HandlingUnit | None
    name: str  # the unit's code, or its opaque reference where the code is closed to this room
    kind: Any
    rows: list[EventRow]

    @property
    def latest(self) -> EventRow | None:
        """The last thing that stands."""
        return next((row for row in reversed(self.rows) if not row.is_struck and row.event.repeats_id is None), None)


@page(Act.READ_CONSIGNMENT)
def consignments(request: HttpRequest) -> HttpResponse:
    """Consignments that this room may see, newest first."""
    known = words(request.actor)
    form = ConsignmentFilterForm(request.GET, words=known)
    asked = said(form)
    narrowed = {"sought": asked.get("q", ""), "source": asked.get("source", ""), "as_of": asked.get("as_of")}
    whole = queries.consignments(request.actor, **narrowed)
    file = exported(request, lambda: _listing(request, form, whole, known))
    if file is not None:
        return file
    context = onward(
        request, lambda mark: queries.consignment_page(request.actor, **narrowed, after=mark, size=PER_PAGE)
    )
    shown = context["shown"]
    context |= {
        "form": form, "rows": consignment_rows(shown, known), "shares": share_state_of(shown, request.actor),
        "files": file_links(request), "may_register": request.actor.may(Act.REGISTER_CONSIGNMENT),
    }  # fmt: skip
    return render(request, "aid/consignments.html", context)


@page(Act.READ_CONSIGNMENT)
def consignment(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """One consignment on every tear line that is open to this room."""
    story = queries.consignment_story(request.actor, consignment_id)
    if story is None:
        raise Http404
    known, found = words(request.actor), story.consignment
    is_own = found.room_id == request.actor.room_id
    context = {
        "story": story, "consignment": found,
        "details": [(detail, named(known.areas, detail.destination)) for detail in story.details],
        "identities": story.identities,
        "consignor": named(known.consignors, found.consignor_class),
        "crossing": named(known.crossings, found.crossing_code), "source": named(known.sources, found.source),
        "lines": [(line.number, line_amount(line, known), line.reason) for line in story.lines],
        "units": _unit_stories(event_rows(events_of_consignment(found), known), story.units, known),
        "clocks": clocks_of(found, request.actor), "entry": entry_of(found),
        "may_release": is_own and request.actor.may("doors.release.propose"),
        "may_amend": is_own and found.source == found.room.slug and request.actor.may(Act.AMEND_CONSIGNMENT),
        "may_record": is_own and request.actor.may(Act.RECORD_EVENT),
        "balance": consignment_balance(request.actor, found, known),
        "may_change": is_own and found.source == found.room.slug and request.actor.may(Act.CHANGE_UNITS),
        "may_open": request.actor.may(Impediments.OPEN_IMPEDIMENT),
        "may_book_slot": is_own and request.actor.may("crossings.slot.book"),
        "story_url": _story_url(request, found),
        "may_read_impediments": request.actor.may(Impediments.READ_IMPEDIMENT),
    }  # fmt: skip
    return render(request, "aid/consignment.html", context)


@page(Act.REGISTER_CONSIGNMENT)
def consignment_register(request: HttpRequest) -> HttpResponse:
    """Register a consignment; sent twice it is one. A line more or less is asked of this page itself."""
    known = words(request.actor)
    form = RegisterForm.rearranged(request.POST, known) or RegisterForm(request.POST or None, words=known)
    if form.is_bound and form.is_valid():
        try:
            done = actions.register_consignment(
                by=request.actor, key=form.cleaned_data["key"], statement=form.statement()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The consignment is registered."))
            return redirect("aid:consignment", consignment_id=done.pk)
    context = {"form": form, "readers": _readers(request)}
    return render(request, "aid/consignment_register.html", context, status=422 if form.is_bound else 200)


@page(Act.AMEND_CONSIGNMENT)
def consignment_amend(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """State the detail or the persons of a consignment anew, or add lines; what was said before stays readable."""
    story = queries.consignment_story(request.actor, consignment_id)
    if story is None or story.consignment.room_id != request.actor.room_id:
        raise Http404
    known = words(request.actor)
    before = said_before(next(iter(story.details), None), next(iter(story.identities), None))
    form = AmendForm.rearranged(request.POST, known) or AmendForm(request.POST or None, words=known, initial=before)
    if form.is_bound and form.is_valid():
        try:
            actions.amend_consignment(
                by=request.actor, key=form.cleaned_data["key"], consignment_id=consignment_id,
                amendment=form.amendment(),
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The consignment is amended; what it said before stays readable."))
            return redirect("aid:consignment", consignment_id=consignment_id)
    context = {"form": form, "consignment": story.consignment, "readers": _readers(request)}
    return render(request, "aid/consignment_amend.html", context, status=422 if form.is_bound else 200)


def _story_url(request: HttpRequest, found: Consignment) -> str:
    """The page of a desk above this one that gathers all that happened to a consignment; named, not imported."""
    may = request.actor.may("coordination.coordination.read")
    return reverse("coordination:consignment", args=[found.pk]) if may else ""


def _readers(request: HttpRequest) -> dict[str, str]:
    """For each tear line: the other rooms that read it by default, in words."""
    rooms = {room.pk: room for room in Room.objects.filter(operation=request.actor.operation_id)}
    rules = {line: line_rule(request.actor.operation_id, "aid_consignment", line) for line in TearLine.values}
    return {
        line: ", ".join(
            local_name(rooms[pk].names)
            for pk in rooms_named(request.actor.operation_id, rule)
            if pk != request.actor.room_id
        )
        for line, rule in rules.items()
    }


def _unit_stories(rows: list[EventRow], units: list[HandlingUnit], known: Words) -> list[UnitStory]:
    by_unit: dict[UUID | None, list[EventRow]] = defaultdict(list)
    for row in rows:
        by_unit[row.event.handling_unit_id].append(row)
    whole = by_unit.pop(None, [])
    stories = [UnitStory(unit, unit.code, named(known.units, unit.kind), by_unit.pop(unit.pk, [])) for unit in units]
    stories += [UnitStory(None, closed[0].event.unit_reference, "", closed) for closed in by_unit.values()]
    return [UnitStory(None, "", "", whole), *stories] if whole else stories


def _listing(request: HttpRequest, form: ConsignmentFilterForm, found: Any, known: Words) -> Listing:
    columns = [
        Column(_("Reference"), "#meta+consignment"), Column(_("Source"), "#meta+source"),
        Column(_("Consignor class"), "#org+type"), Column(_("Crossing"), "#loc+crossing+name"),
        Column(_("Goods"), "#item+name"), Column(_("Latest stage"), "#status+name"),
        Column(_("Latest event at"), "#date+occurred", "moment"),
    ]  # fmt: skip
    rows = (
        (row.consignment.reference, in_words(row.source), in_words(row.consignor), in_words(row.crossing),
         "; ".join(f"{in_words(a.goods)} {plain_text(a.giver)} {in_words(a.unit)}" for a in row.lines),
         in_words(row.stage), row.latest.occurred_at if row.latest else None)
        for row in consignment_rows(list(found), known)
    )  # fmt: skip
    return listing_of(request, _("Consignments"), columns, rows, filters=filters_in_words(form))
