"""The register of impediments and the list of what is overdue, as pages and as files."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import default_marking, share_state_of
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.lists import file_links, filters_in_words, paged
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.desks.impediments.forms import ImpedimentFilterForm
from tansiq.desks.impediments.models import Impediment
from tansiq.desks.impediments.queries import lists
from tansiq.desks.impediments.queries.lists import ImpedimentRow, Wanted
from tansiq.desks.impediments.queries.words import Words, words
from tansiq.desks.impediments.rules import RECORD_TYPE, Act

CHUNK = 500


@dataclass(frozen=True)
class Register:
    """One of the lists: its template, and the query behind it."""

    template: str
    query: Callable[[Actor, Wanted], QuerySet[Impediment]]


REGISTER = Register("impediments", lists.impediments)
OVERDUE = Register("overdue", lists.overdue)


@page(Act.READ_IMPEDIMENT)
def impediments(request: HttpRequest) -> HttpResponse:
    """Every impediment that this room may see, the oldest first, narrowed by the address."""
    return _shown(request, REGISTER)


@page(Act.READ_IMPEDIMENT)
def impediments_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    return render(request, "impediments/_rows.html", _context(request, REGISTER))


@page(Act.READ_IMPEDIMENT)
def impediments_overdue(request: HttpRequest) -> HttpResponse:
    """Impediments of which a deadline passed without an answer: the list that is laid before the guarantors."""
    return _shown(request, OVERDUE)


@page(Act.READ_IMPEDIMENT)
def impediments_overdue_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "impediments/_rows.html", _context(request, OVERDUE))


def _shown(request: HttpRequest, register: Register) -> HttpResponse:
    return exported(request, lambda: _listing(request, register)) or render(
        request, f"impediments/{register.template}.html", _context(request, register)
    )


def _context(request: HttpRequest, register: Register) -> dict[str, Any]:
    known = words(request.actor.operation_id)
    form = ImpedimentFilterForm(request.GET, words=known)
    context: dict[str, Any] = paged(request, register.query(request.actor, form.wanted()))
    shown = list(context["page"].object_list)
    query = request.GET.urlencode()
    return context | {
        "form": form, "tab": register.template, "rows": lists.rows_of(shown, request.actor, known),
        "files": file_links(request), "shares": share_state_of(shown, request.actor),
        "may_open": request.actor.may(Act.OPEN_IMPEDIMENT), "now_here": f"?{query}" if query else "",
    }  # fmt: skip


def _listing(request: HttpRequest, register: Register) -> Listing:
    known = words(request.actor.operation_id)
    form = ImpedimentFilterForm(request.GET, words=known)
    found = register.query(request.actor, form.wanted())
    title = _("Overdue impediments, for the guarantors") if register is OVERDUE else _("Impediments")
    columns = [
        Column(_("What stands in the way"), "#access+title"), Column(_("Type"), "#access+type"),
        Column(_("State"), "#status+name"), Column(_("Owner"), "#org+owner+name"),
        Column(_("Raised by"), "#org+raiser+name"), Column(_("Place"), "#loc+name"),
        Column(_("Links held up"), "#access+links"), Column(_("First raised"), "#date+raised+first", "moment"),
        Column(_("Age in days"), "#indicator+age+num", "number"),
        Column(_("Times raised"), "#indicator+raised+num", "number"),
        Column(_("Silences"), "#indicator+silences+num", "number"), Column(_("Last answer"), "#status+answer"),
        Column(_("Next deadline"), "#date+due", "moment"),
        Column(_("Units lost a day"), "#indicator+lost+daily+num", "number"), Column(_("Unit"), "#indicator+unit"),
        Column(_("Source of the figure"), "#meta+source"), Column(_("Obligation"), "#meta+obligation"),
        Column(_("Next forum"), "#event+forum+name"),
    ]  # fmt: skip
    marking = default_marking(request.actor.operation_id, RECORD_TYPE, ("headline", "detail"))
    return listing_of(
        request, title, columns, _lines(request, found, known), filters=filters_in_words(form), marking=marking
    )


def _lines(request: HttpRequest, found: QuerySet[Impediment], known: Words) -> Iterator[tuple[Any, ...]]:
    """A line for each impediment, read in pieces so that a long list needs little memory."""
    part: list[Impediment] = []
    for one in found.iterator(chunk_size=CHUNK):
        part.append(one)
        if len(part) == CHUNK:
            yield from map(_line, lists.rows_of(part, request.actor, known))
            part = []
    yield from map(_line, lists.rows_of(part, request.actor, known))


def _line(row: ImpedimentRow) -> tuple[Any, ...]:
    one = row.impediment
    runs = row.deadline.clock.due_at if row.deadline else None
    return (
        one.title, local_name(row.kind), row.state_name, _joined((row.owner, row.owner_role)), local_name(row.raiser),
        local_name(row.place), _joined(row.links), one.raised_at, row.days, one.raised_count, one.silence_count,
        local_name(row.answer), runs, row.daily, local_name(row.cost_unit),
        row.cost.cost_source if row.cost else "", local_name(row.obligation), one.next_forum,
    )  # fmt: skip


def _joined(names: Iterable[Any]) -> str:
    return "; ".join(text for text in map(local_name, names) if text)
