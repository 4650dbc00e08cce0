"""The warehouses with what lies in them, one warehouse as of any moment, and the forms that open and amend one."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import default_marking, share_state_of
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.fields import said
from tansiq.building.rooms.lists import file_links, filters_in_words, paged
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.forms.stock import AsOfForm, WarehouseAmendForm, WarehouseForm
from tansiq.desks.distribution.models import Warehouse
from tansiq.desks.distribution.queries import stock as queries
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import Act

CODE = "distribution_warehouse"


@page(Act.READ_WAREHOUSE)
def warehouses(request: HttpRequest) -> HttpResponse:
    """Every warehouse that this room sees, with what lies there, what expires and what is over its capacity."""
    return exported(request, lambda: _listing(request)) or render(
        request, "distribution/warehouses.html", _list(request)
    )


@page(Act.READ_WAREHOUSE)
def warehouses_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    return render(request, "distribution/_warehouses.html", _list(request))


@page(Act.READ_WAREHOUSE)
def warehouse(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    """One warehouse: its stock lot by lot as of a moment, and its movements."""
    return render(request, "distribution/warehouse.html", _one(request, warehouse_id))


@page(Act.READ_WAREHOUSE)
def warehouse_piece(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    """Its stock and movements as a piece."""
    return render(request, "distribution/_stock.html", _one(request, warehouse_id))


@page(Act.OPEN_WAREHOUSE)
def warehouse_open(request: HttpRequest) -> HttpResponse:
    """Open a warehouse of this room."""
    form = WarehouseForm(request.POST or None, words=words(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.open_warehouse(
                by=request.actor, key=form.cleaned_data["key"], statement=form.statement()
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The warehouse is open."))
            return redirect("distribution:warehouse", warehouse_id=done.pk)
    return render(request, "distribution/warehouse_form.html", {"form": form}, status=422 if form.is_bound else 200)


@page(Act.AMEND_WAREHOUSE)
def warehouse_amend(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    """State anew what a warehouse of this room is."""
    one = own_warehouse(request, warehouse_id)
    initial = {name: getattr(one, name) for name in ("name", "place", "floor_m2", "pallets")}
    form = WarehouseAmendForm(
        request.POST or None, words=words(request.actor), initial={**initial, "is_closed": not one.is_open}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_warehouse(
                by=request.actor, key=form.cleaned_data["key"], warehouse=one, statement=form.statement()
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The statement is amended."))
            return redirect("distribution:warehouse", warehouse_id=one.pk)
    context = {"form": form, "warehouse": one}
    return render(request, "distribution/warehouse_form.html", context, status=422 if form.is_bound else 200)


def own_warehouse(request: HttpRequest, warehouse_id: UUID) -> Warehouse:
    """A warehouse of the acting room. Raises Http404."""
    one = queries.warehouse_seen(request.actor, warehouse_id)
    if one is None or one.room_id != request.actor.room_id:
        raise Http404
    return one


def _list(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = paged(request, queries.warehouses(request.actor))
    shown, known = list(context["page"].object_list), words(request.actor)
    return context | {
        "rows": queries.warehouse_rows(shown, request.actor, known), "files": file_links(request), "tab": "warehouses",
        "shares": share_state_of(shown, request.actor), "may_open": request.actor.may(Act.OPEN_WAREHOUSE),
    }  # fmt: skip


def _one(request: HttpRequest, warehouse_id: UUID) -> dict[str, Any]:
    one = queries.warehouse_seen(request.actor, warehouse_id)
    if one is None:
        raise Http404
    form, by, known = AsOfForm(request.GET), request.actor, words(request.actor)
    as_of = said(form).get("as_of")
    ways = {
        "receive": Act.RECEIVE_STOCK,
        "move": Act.MOVE_STOCK,
        "count": Act.COUNT_STOCK,
        "amend": Act.AMEND_WAREHOUSE,
    }
    is_own, query = one.room_id == by.room_id, request.GET.urlencode()
    context: dict[str, Any] = paged(request, queries.movements(one, as_of))
    return context | {
        "warehouse": one, "row": queries.warehouse_rows([one], by, known, as_of=as_of)[0], "form": form, "as_of": as_of,
        "moves": queries.movement_rows(context["page"].object_list, known), "is_own": is_own,
        "ways": [name for name, act in ways.items() if is_own and by.may(act)],
        "may_send": is_own and by.may(Act.SEND_RELEASE),
        "may_release": is_own and by.may("doors.release.propose"), "now_here": f"?{query}" if query else "",
    }  # fmt: skip


def _listing(request: HttpRequest) -> Listing:
    known = words(request.actor)
    rows = queries.warehouse_rows(queries.warehouses(request.actor), request.actor, known)
    columns = [
        Column(_("Warehouse"), "#loc+warehouse+name"), Column(_("Room"), "#org+name"), Column(_("Place"), "#loc+name"),
        Column(_("Commodity"), "#item+name"), Column(_("Expires on"), "#date+expiry"),
        Column(_("Consignment"), "#item+consignment"), Column(_("In stock"), "#indicator+stock+num", "number"),
        Column(_("Unit"), "#indicator+unit"),
    ]  # fmt: skip
    marking = default_marking(request.actor.operation_id, CODE, ("headline", "detail"))
    form = AsOfForm(request.GET)
    return listing_of(
        request, _("Stock in warehouses"), columns, _lines(rows), filters=filters_in_words(form), marking=marking
    )


def _lines(rows: list[queries.WarehouseRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        for line in row.lines:
            yield (
                row.warehouse.name, local_name(row.room), local_name(row.place), local_name(line.commodity),
                str(line.lot.expiry_date or ""), line.lot.consignment_reference, line.quantity, local_name(line.unit),
            )  # fmt: skip
