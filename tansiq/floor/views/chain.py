"""Pages of the chain: the board in three arrangements, the funnel, and the chain of one consignment."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import default_marking
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.lists import file_links, filters_in_words, paged
from tansiq.building.rooms.models import Operation
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.queries.words import words as aid_words
from tansiq.desks.impediments.queries.words import Words, words
from tansiq.floor.forms import ChainFilterForm, FunnelForm
from tansiq.floor.queries.chain.board import ChainRow, View, board
from tansiq.floor.queries.chain.facts import live_chain
from tansiq.floor.queries.chain.funnel import Span, funnel
from tansiq.floor.queries.chain.one import one_chain
from tansiq.floor.queries.chain.sentences import STATES, party_in_words, plain, why_not_moving
from tansiq.floor.queries.chain.setting import chain_setting
from tansiq.floor.rules import Act

PER_LANE = 8


@page(Act.READ_CHAIN)
def chain(request: HttpRequest) -> HttpResponse:
    """The board: what holds each consignment, in lanes; one lane alone in pages."""
    file = exported(request, lambda: _listing(request))
    return file or render(request, "floor/chain.html", _board_context(request))


@page(Act.READ_CHAIN)
def chain_board(request: HttpRequest) -> HttpResponse:
    """The lanes alone, for the page that is already open."""
    return render(request, "floor/_chain_board.html", _board_context(request))


@page(Act.READ_CHAIN)
def chain_row(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """One consignment of the board alone, after something happened to it."""
    found = one_chain(request.actor, consignment_id, words(request.actor.operation_id), request.GET.get("by", ""))
    if found is None:
        raise Http404
    return render(request, "floor/_chain_row.html", {"row": found.row})


@page(Act.READ_CHAIN)
def chain_one(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """The chain of one consignment: why it is not moving, and every link with what it rests on."""
    return render(request, "floor/chain_one.html", _one_context(request, consignment_id))


@page(Act.READ_CHAIN)
def chain_links(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """The same as a piece, for the page that is already open."""
    return render(request, "floor/_chain_one.html", _one_context(request, consignment_id))


@page(Act.READ_CHAIN)
def chain_funnel(request: HttpRequest) -> HttpResponse:
    """How many units reached each stage over some days, how long they stood there, and what became of them."""
    by, setting = request.actor, chain_setting(request.actor.operation_id)
    form = FunnelForm(request.GET, words=words(by.operation_id))
    zone = ZoneInfo(Operation.objects.get(pk=by.operation_id).time_zone)
    first, last = form.span(database_now().astimezone(zone).date())
    span = Span(_midnight(first, zone), _midnight(last + timedelta(days=1), zone), form.chosen_crossing())
    known = aid_words(by)
    context = {
        "form": form, "tab": "funnel", "funnel": funnel(by, setting, span) if setting else None, "first": first,
        "last": last, "stages": known.stages,
    }  # fmt: skip
    return render(request, "floor/chain_funnel.html", context)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _one_context(request: HttpRequest, consignment_id: UUID) -> dict[str, Any]:
    found = one_chain(request.actor, consignment_id, words(request.actor.operation_id))
    if found is None:
        raise Http404
    return {"one": found, "row": found.row, "sentence": why_not_moving(found.row)}


def _board_context(request: HttpRequest) -> dict[str, Any]:
    by = request.actor
    known, setting = words(by.operation_id), chain_setting(by.operation_id)
    form = ChainFilterForm(request.GET, words=known, setting=setting)
    wanted, query = form.wanted(), request.GET.urlencode()
    context = {
        "form": form, "tab": wanted.by, "files": file_links(request), "now_here": f"?{query}" if query else "",
        "kept": _kept(request),
    }  # fmt: skip
    found = live_chain(by)
    if found is None:
        return context | {"board": None}
    view = View(found, known)
    if wanted.lane is None:
        return context | {"board": board(view, wanted, PER_LANE)}
    shown = paged(request, view.picked(wanted).tolist())
    lane_rows = view.rows(shown["page"].object_list, wanted.by)
    return context | shown | {"board": board(view, wanted, 0), "lane_rows": lane_rows}


def _kept(request: HttpRequest) -> str:
    """The filters in force as an address, without arrangement, lane and page: links put their own before them."""
    query = request.GET.copy()
    for name in ("by", "lane", "page", "format"):
        query.pop(name, None)
    return f"&{query.urlencode()}" if query else ""


def _listing(request: HttpRequest) -> Listing:
    by, known = request.actor, words(request.actor.operation_id)
    form = ChainFilterForm(request.GET, words=known, setting=chain_setting(by.operation_id))
    found = live_chain(by)
    view = View(found, known) if found else None
    columns = [
        Column(_("Consignment"), "#meta+consignment"), Column(_("Held at the link"), "#status+link"),
        Column(_("State"), "#status+name"), Column(_("Held by"), "#org+holder+name"),
        Column(_("Held since"), "#date+since", "moment"), Column(_("Days"), "#indicator+held+days+num", "number"),
        Column(_("Deadline"), "#date+due", "moment"), Column(_("Past its deadline"), "#status+overdue"),
        Column(_("Units lost a day"), "#indicator+lost+daily+num", "number"),
        Column(_("Lost so far at this link"), "#indicator+lost+num", "number"), Column(_("Unit"), "#indicator+unit"),
        Column(_("Crossing"), "#loc+crossing+name"), Column(_("Impediments"), "#access+impediments"),
        Column(_("Why it is not moving"), "#status+reason"), Column(_("Code of the link"), "#status+link+code"),
    ]  # fmt: skip
    rows = _lines(view, form, known) if view else iter(())
    marking = default_marking(by.operation_id, "aid_consignment", ("headline",))
    return listing_of(request, _("Chain board"), columns, rows, filters=filters_in_words(form), marking=marking)


def _lines(view: View, form: ChainFilterForm, known: Words) -> Iterator[tuple[Any, ...]]:
    unit = local_name(known.units.get(view.chain.setting.unit, {})) or view.chain.setting.unit
    for row in view.rows(view.picked(form.wanted()).tolist()):
        yield _line(row, unit)


def _line(row: ChainRow, unit: str) -> tuple[Any, ...]:
    return (
        row.reference, local_name(row.link), str(STATES[row.state]), party_in_words(row.holder), row.since,
        row.days if row.since else None, row.deadline, _("yes") if row.is_overdue else "", row.per_day, row.lost,
        unit if row.per_day is not None else "", local_name(row.crossing),
        "; ".join(one.title for one in row.impediments), plain(why_not_moving(row)), row.link_code,
    )  # fmt: skip
