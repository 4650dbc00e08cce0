"""The list of manifests, as a page and as a file."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import default_marking, share_state_of
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.lists import PER_PAGE, file_links, filters_in_words
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.queries.latest import Page
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport.forms.manifests import ManifestFilterForm
from tansiq.desks.transport.queries import lists
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import RECORD_TYPE, Act


@page(Act.READ_MANIFEST)
def manifests(request: HttpRequest) -> HttpResponse:
    """Every manifest that this room may see, those changed last first, narrowed by the address."""
    return exported(request, lambda: _listing(request)) or render(
        request, "transport/manifests.html", _context(request)
    )


@page(Act.READ_MANIFEST)
def manifests_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    return render(request, "transport/_rows.html", _context(request))


def onward(request: HttpRequest, page_after: Callable[[str | None], Page]) -> dict[str, Any]:
    """One page of a list that has no end in sight, and the ways on and back; a mark that is none begins anew."""
    mark = request.GET.get("after")
    try:
        shown = page_after(mark)
    except ValueError:
        mark, shown = None, page_after(None)
    return {
        "shown": shown.rows, "onward": _with(request, shown.after) if shown.after else "",
        "start": _with(request, None) if mark else "",
    }  # fmt: skip


def _with(request: HttpRequest, mark: str | None) -> str:
    query: QueryDict = request.GET.copy()
    query.pop("after", None)
    if mark:
        query["after"] = mark
    return f"?{query.urlencode()}"


def _context(request: HttpRequest) -> dict[str, Any]:
    by = request.actor
    known, usual = words(by), settings_of(by.operation_id)
    form = ManifestFilterForm(request.GET, words=known)
    wanted = form.wanted()
    context = onward(request, lambda mark: lists.manifest_page(by, wanted, after=mark, size=PER_PAGE))
    query = request.GET.urlencode()
    return context | {
        "form": form, "tab": "manifests", "may_scan": by.may(Act.RECORD_SCANS),
        "rows": lists.rows_of(context["shown"], known, usual), "shares": share_state_of(context["shown"], by),
        "files": file_links(request), "may_draft": usual.is_kept and by.may(Act.DRAFT_MANIFEST),
        "now_here": f"?{query}" if query else "",
    }  # fmt: skip


def _listing(request: HttpRequest) -> Listing:
    by = request.actor
    known, usual = words(by), settings_of(by.operation_id)
    form = ManifestFilterForm(request.GET, words=known)
    columns = [
        Column(_("Number"), "#meta+manifest"), Column(_("State"), "#status+name"), Column(_("Day"), "#date+departure"),
        Column(_("Crossing"), "#loc+crossing+name"), Column(_("Consignor class"), "#org+type"),
        Column(_("Vehicle"), "#meta+vehicle"), Column(_("Waybill"), "#meta+waybill"),
        Column(_("Handling units"), "#indicator+units+num", "number"),
        Column(_("Load"), "#indicator+load+num", "number"), Column(_("Capacity"), "#indicator+capacity+num", "number"),
        Column(_("Unit"), "#indicator+unit"), Column(_("Room"), "#org+name"),
    ]  # fmt: skip
    found = lists.manifests(by, form.wanted())
    marking = default_marking(by.operation_id, RECORD_TYPE, ("headline", "detail"))
    rows = lists.rows_of(found, known, usual)
    return listing_of(request, _("Manifests"), columns, _lines(rows), filters=filters_in_words(form), marking=marking)


def _lines(rows: list[lists.ManifestRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        one, detail, fill = row.manifest, row.detail, row.fill
        yield (
            one.number, row.state_name, one.day, local_name(row.crossing), local_name(row.consignor),
            detail.vehicle if detail else "", detail.waybill if detail else "", row.units if row.lines else None,
            fill.load if fill else None, fill.capacity if fill else None, local_name(fill.unit) if fill else "",
            local_name(one.room.names),
        )  # fmt: skip
