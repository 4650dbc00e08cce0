"""Pages of events: the list, one event with everything that corrected it, recording one, correcting one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.clocks.queries import clocks_of
from tansiq.building.doors.queries import share_state_of
from tansiq.building.ledger.queries import entry_of
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.forms.events import CorrectionForm, EventFilterForm, EventForm, typed_before
from tansiq.desks.aid.models import AidEvent, Precision
from tansiq.desks.aid.queries import events as queries
from tansiq.desks.aid.queries.rows import event_rows
from tansiq.desks.aid.queries.words import Words, words
from tansiq.desks.aid.rules import Act, can_correct
from tansiq.desks.aid.views.listing import PER_PAGE, file_links, filters_in_words, in_words, onward

CHUNK = 1_000


@page(Act.READ_EVENT)
def events(request: HttpRequest) -> HttpResponse:
    """Events that this room may see, latest first, narrowed by the address."""
    known = words(request.actor)
    form = EventFilterForm(request.GET, words=known)
    # Without joins: the database sorts bare events, and only the rows themselves are looked up beside them.
    whole = queries.events(**_asked(request, form)).select_related(None)
    whole = whole.prefetch_related("room", "consignment", "handling_unit")
    file = exported(request, lambda: _listing(request, form, whole, known))
    if file is not None:
        return file
    query = request.GET.urlencode()
    context = _listed(request, form, known) | {
        "form": form, "files": file_links(request), "may_record": request.actor.may(Act.RECORD_EVENT),
        "as_of": form.known_at(), "now_here": f"?{query}" if query else "",
    }  # fmt: skip
    return render(request, "aid/events.html", context)


@page(Act.READ_EVENT)
def events_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    known = words(request.actor)
    return render(request, "aid/_events.html", _listed(request, EventFilterForm(request.GET, words=known), known))


def _asked(request: HttpRequest, form: EventFilterForm) -> dict[str, Any]:
    return {"by": request.actor, "wanted": form.wanted(), "as_of": form.known_at()}


def _listed(request: HttpRequest, form: EventFilterForm, known: Words) -> dict[str, Any]:
    asked = _asked(request, form)
    context = onward(request, lambda mark: queries.event_page(**asked, after=mark, size=PER_PAGE))
    shown = context["shown"]
    return context | {"rows": event_rows(shown, known), "shares": share_state_of(shown, request.actor)}


@page(Act.READ_EVENT)
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One event: both sides' quantities, its editions, its repeated scans."""
    story = queries.event_story(event_id)
    if story is None:
        raise Http404
    known = words(request.actor)
    rows = event_rows(story.editions, known)
    shown = story.event
    may_correct = request.actor.may(Act.CORRECT_EVENT) and can_correct(shown, request.actor.room_id)
    is_own = shown.room_id == request.actor.room_id
    context = {
        "event": shown, "is_own": is_own, "row": next(row for row in rows if row.event.pk == shown.pk),
        "editions": rows, "repeats": story.repeats, "cargo": list(queries.cargo_texts(story.measures).values()),
        "latest": rows[-1].event if rows[-1].event.pk != shown.pk else None,
        "may_correct": may_correct and rows[-1].event.pk == shown.pk,
        "may_release": is_own and request.actor.may("doors.release.propose"),
        "clocks": clocks_of(shown, request.actor), "entry": entry_of(shown),
        "precision": Precision(shown.precision).label,
    }  # fmt: skip
    return render(request, "aid/event.html", context)


@page(Act.RECORD_EVENT)
def event_record(request: HttpRequest) -> HttpResponse:
    """Record what happened; the same submission sent twice is one event."""
    known = words(request.actor)
    form = EventForm(request.POST or None, words=known, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.record_event(by=request.actor, key=form.cleaned_data["key"], statement=form.statement())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The event is recorded."))
            return redirect("aid:event", event_id=done.pk)
    return render(request, "aid/event_record.html", {"form": form}, status=422 if form.is_bound else 200)


@page(Act.CORRECT_EVENT)
def event_correct(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Replace an event by what is right, or take it back; the former one stays readable."""
    story = queries.event_story(event_id)
    if story is None or not can_correct(story.event, request.actor.room_id):
        raise Http404
    before = typed_before(story.event, story.measures, queries.cargo_texts(story.measures))
    form = CorrectionForm(request.POST or None, words=words(request.actor), initial=before)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            done = actions.correct_event(
                by=request.actor, key=typed["key"], event_id=event_id, reason=form.reason_given(),
                statement=None if typed["withdraw"] else form.statement(), insists=typed["insists"],
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The event is corrected; the former one stays, struck through."))
            return redirect("aid:event", event_id=done.pk)
    context = {"form": form, "event": story.event}
    return render(request, "aid/event_correct.html", context, status=422 if form.is_bound else 200)


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """What the address fills in beforehand: the unit or the consignment one came from."""
    return {name: request.GET[name][:300] for name in ("unit_code", "consignment", "stage") if name in request.GET}


def _listing(request: HttpRequest, form: EventFilterForm, found: Any, known: Words) -> Listing:
    columns = [
        Column(_("Happened at"), "#date+occurred", "moment"), Column(_("Stage"), "#status+name"),
        Column(_("Truck or pallet"), "#item+code"), Column(_("Consignment"), "#meta+consignment"),
        Column(_("Crossing"), "#loc+crossing+name"), Column(_("Place"), "#loc+name"),
        Column(_("Commodity"), "#item+name"), Column(_("Unit"), "#indicator+unit"),
        Column(_("As the giver counts"), "#indicator+giver+num", "number"),
        Column(_("As the receiver counts"), "#indicator+receiver+num", "number"),
        Column(_("Damaged"), "#indicator+damaged+num", "number"), Column(_("Reason"), "#status+reason"),
        Column(_("Attempt"), "#meta+attempt", "number"), Column(_("Source"), "#meta+source"),
        Column(_("Recorded at"), "#date+recorded", "moment"), Column(_("Code of the stage"), "#status+code"),
    ]  # fmt: skip
    return listing_of(
        request, _("Aid events"), columns, _exported_rows(found, known), filters=filters_in_words(form),
        as_of=form.known_at(),
    )  # fmt: skip


def _exported_rows(found: Any, known: Words) -> Any:
    """A line for each quantity of each event, read in pieces so that a long list needs little memory."""
    part: list[AidEvent] = []
    for one in found.iterator(chunk_size=CHUNK):
        part.append(one)
        if len(part) == CHUNK:
            yield from _lines(part, known)
            part = []
    yield from _lines(part, known)


def _lines(part: list[AidEvent], known: Words) -> Any:
    for row in event_rows(part, known):
        one = row.event
        unit = one.handling_unit.code if one.handling_unit else one.unit_reference
        head = (one.occurred_at, in_words(row.stage), unit,
                one.consignment.reference if one.consignment else "", in_words(row.crossing),
                in_words(row.place))  # fmt: skip
        tail = (in_words(row.reason), one.attempt, in_words(row.source), one.recorded_at, one.stage)
        for amount in row.amounts:
            yield (*head, in_words(amount.goods), in_words(amount.unit), amount.giver, amount.receiver, amount.damaged,
                   *tail)  # fmt: skip
        if not row.amounts:
            yield (*head, "", "", None, None, None, *tail)
