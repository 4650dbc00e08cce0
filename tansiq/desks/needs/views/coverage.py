"""Pages of cover: every indicator by area, what is on its way, and who did what where for whom as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.lists import file_links
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.desks.needs.forms import DaysForm
from tansiq.desks.needs.queries.coverage import coverage
from tansiq.desks.needs.queries.exposures import storms
from tansiq.desks.needs.queries.five_w import five_w_rows
from tansiq.desks.needs.queries.setting import setting_or_none
from tansiq.desks.needs.rules import Act


@page(Act.READ_CASELOAD)
def needs(request: HttpRequest) -> HttpResponse:
    """Every indicator by area: needed, covered, missing, stock and how long it lasts; and what is on its way."""
    return render(request, "needs/needs.html", _cover(request))


@page(Act.READ_CASELOAD)
def needs_piece(request: HttpRequest) -> HttpResponse:
    """The same as a piece, for the page that is already open."""
    return render(request, "needs/_needs.html", _cover(request))


@page(Act.EXPORT_CASELOAD)
def five_w(request: HttpRequest) -> HttpResponse:
    """Who distributed what where, when, for whom: by days, as a page and as files with HXL tags."""
    known = setting_or_none(request.actor.operation_id)
    if known is None:
        return render(request, "needs/none.html", {"tab": "five_w"})
    form = DaysForm(request.GET)
    first, last = form.chosen(database_now().astimezone(known.zone).date())
    rows = five_w_rows(request.actor, known, first, last)
    filters = {_("From"): first.isoformat(), _("To"): last.isoformat()}
    file = exported(request, lambda: _listing(request, rows, filters))
    context = {"form": form, "rows": rows, "first": first, "last": last, "tab": "five_w", "files": file_links(request)}
    return file or render(request, "needs/five_w.html", context)


def _cover(request: HttpRequest) -> dict[str, Any]:
    known = setting_or_none(request.actor.operation_id)
    if known is None:
        return {"tab": "needs", "known": None}
    found = coverage(request.actor, known)
    indicators = [
        {
            "indicator": one, "names": one.names.as_data(),
            "covers": [(cover, known.areas.get(cover.p_code, {})) for cover in found.of_indicator(one.code)],
            "parts": [(part.names.as_data(), found.on_the_way[one.code, part.code]) for part in known.needs.pipeline],
        }
        for one in known.needs.indicators
    ]  # fmt: skip
    return {
        "tab": "needs", "known": known, "indicators": indicators, "at": found.at,
        "open_storms": [one for one in storms(request.actor) if one.state == "open"],
    }  # fmt: skip


def _listing(request: HttpRequest, rows: list[Any], filters: dict[str, str]) -> Listing:
    columns = [
        Column(_("Reporting organisation"), "#org+reporting+name"), Column(_("Source"), "#meta+source"),
        Column(_("Sector"), "#sector+name"), Column(_("Sector code"), "#sector+code"),
        Column(_("Activity"), "#activity+name"), Column(_("Goods"), "#item+name"),
        Column(_("Goods code"), "#item+code"), Column(_("Unit"), "#item+unit"),
        Column(_("Quantity"), "#output+num", "number"), Column(_("Pieces"), "#output+pieces+num", "number"),
        Column(_("Area"), "#adm1+name"), Column(_("P-code of the area"), "#adm1+code"),
        Column(_("Governorate"), "#adm2+name"), Column(_("P-code of the governorate"), "#adm2+code"),
        Column(_("Place"), "#loc+name"), Column(_("From"), "#date+start", "date"), Column(_("To"), "#date+end", "date"),
        Column(_("Status"), "#status+name"), Column(_("Consignor class"), "#org+type"),
        Column(_("Events"), "#meta+events+num", "number"),
    ]  # fmt: skip
    return listing_of(request, _("Who did what where (5W)"), columns, _lines(rows), filters=filters)


def _lines(rows: list[Any]) -> Iterator[tuple[Any, ...]]:
    for one in rows:
        yield (
            local_name(one.room), one.source, local_name(one.sector), one.sector_code, _("Distribution"),
            local_name(one.goods) or one.row.commodity, one.row.commodity, one.row.unit, one.row.quantity, one.pieces,
            local_name(one.parent), one.parent_code, local_name(one.area), one.area_code, one.row.place,
            one.row.first, one.row.last, _("distributed"), one.row.consignor_class, one.row.events,
        )  # fmt: skip
