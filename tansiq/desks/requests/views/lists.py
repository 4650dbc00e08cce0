"""Lists: requests, what waits for this room's answer, and what was left without one."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import default_marking, share_state_of
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.lists import file_links, filters_in_words
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.desks.requests.forms.deciding import RequestFilterForm
from tansiq.desks.requests.models import Clearance
from tansiq.desks.requests.queries import lists
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.rules import RECORD_TYPE, Act
from tansiq.desks.requests.views.paging import onward

CHUNK = 500


@page(Act.READ_REQUEST)
def requests(request: HttpRequest) -> HttpResponse:
    """Every request that this room may see, the latest first, narrowed by the address."""
    return exported(request, lambda: _listing(request)) or render(request, "requests/requests.html", _requests(request))


@page(Act.READ_REQUEST)
def requests_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    return render(request, "requests/_requests.html", _requests(request))


@page(Act.READ_CLEARANCE)
def to_answer(request: HttpRequest) -> HttpResponse:
    """What is asked of this room and waits for its answer, the oldest question first."""
    return render(request, "requests/to_answer.html", _questions(request, lists.to_answer(request.actor), "to_answer"))


@page(Act.READ_CLEARANCE)
def to_answer_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "requests/_questions.html", _questions(request, lists.to_answer(request.actor), "to_answer"))


@page(Act.READ_CLEARANCE)
def overdue(request: HttpRequest) -> HttpResponse:
    """Questions of which a deadline passed without an answer, the oldest first."""
    return render(request, "requests/overdue.html", _questions(request, lists.overdue(request.actor), "overdue"))


@page(Act.READ_CLEARANCE)
def overdue_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "requests/_questions.html", _questions(request, lists.overdue(request.actor), "overdue"))


def _requests(request: HttpRequest) -> dict[str, Any]:
    known = words(request.actor.operation_id)
    form = RequestFilterForm(request.GET, words=known)
    context = onward(request, lists.requests_seen(request.actor, form.wanted()), "created_at")
    return context | {
        "form": form, "tab": "requests", "rows": lists.rows_of(context["shown"], known), "files": file_links(request),
        "shares": share_state_of(context["shown"], request.actor), "may_draft": request.actor.may(Act.DRAFT_REQUEST),
    }  # fmt: skip


def _questions(request: HttpRequest, found: QuerySet[Clearance], tab: str) -> dict[str, Any]:
    known = words(request.actor.operation_id)
    context = onward(request, found, "asked_at", earliest_first=True)
    rows = lists.question_rows(context["shown"], request.actor, known)
    return context | {"tab": tab, "rows": rows, "room_id": request.actor.room_id}


def _listing(request: HttpRequest) -> Listing:
    form = RequestFilterForm(request.GET, words=words(request.actor.operation_id))
    columns = [
        Column(_("Reference"), "#activity+code"), Column(_("Title"), "#activity+name"),
        Column(_("Asked by"), "#org+name"), Column(_("State"), "#status+name"), Column(_("Places"), "#loc+name"),
        Column(_("Ready from"), "#date+ready"), Column(_("Line items"), "#item+name"),
        Column(_("How it stands with authorities"), "#status+clearance"), Column(_("Sent"), "#date+sent", "moment"),
    ]  # fmt: skip
    marking = default_marking(request.actor.operation_id, RECORD_TYPE, ("headline", "detail"))
    filters = filters_in_words(form)
    return listing_of(request, _("Requests"), columns, _lines(request, form), filters=filters, marking=marking)


def _lines(request: HttpRequest, form: RequestFilterForm) -> Iterator[tuple[Any, ...]]:
    known = words(request.actor.operation_id)
    found = lists.requests_seen(request.actor, form.wanted()).order_by("-created_at", "-pk")
    part = []
    for one in found.iterator(chunk_size=CHUNK):
        part.append(one)
        if len(part) == CHUNK:
            yield from map(_line, lists.rows_of(part, known))
            part = []
    yield from map(_line, lists.rows_of(part, known))


def _line(row: lists.RequestRow) -> tuple[Any, ...]:
    one = row.request
    amounts = "; ".join(f"{x.quantity} {local_name(x.unit)} {local_name(x.commodity)}" for x in row.amounts)
    stand = "; ".join(f"{name}: {number}" for _code, name, number in row.standings)
    return (
        one.reference, one.title, local_name(row.room), one.get_state_display(),
        "; ".join(map(local_name, row.places)), one.ready_date.isoformat() if one.ready_date else "", amounts, stand,
        one.sent_at,
    )  # fmt: skip
