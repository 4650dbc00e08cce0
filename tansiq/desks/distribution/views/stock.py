"""What comes into a warehouse, what happens to it there, and the stock-taking, each on a page of its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.forms.fields import DeskForm
from tansiq.desks.distribution.forms.stock import CountForm, MovementForm, ReceiptForm
from tansiq.desks.distribution.models import Warehouse
from tansiq.desks.distribution.queries.receivable import consignments_of, receivable
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.queries.stock import warehouse_rows
from tansiq.desks.distribution.rules import Act
from tansiq.desks.distribution.views.warehouses import own_warehouse


@page(Act.RECEIVE_STOCK)
def stock_receive(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    """Take goods into stock: what an aid event says was received, or what is typed."""
    one, known = own_warehouse(request, warehouse_id), words(request.actor)
    waiting = receivable(request.actor, known)
    chosen = next((found for found in waiting if str(found.event.pk) == request.GET.get("event")), None)
    form = ReceiptForm(
        request.POST or None, words=known, consignments=consignments_of(request.actor),
        initial=chosen.initial() if chosen else {},
    )  # fmt: skip

    def take() -> None:
        statement = form.statement(chosen.event.pk if chosen else None)
        actions.receive_stock(by=request.actor, key=form.cleaned_data["key"], warehouse=one, statement=statement)

    done = _done(request, form, one, take, _("The goods are in stock."))
    context = {"form": form, "warehouse": one, "waiting": waiting, "chosen": chosen}
    return done or render(request, "distribution/receive.html", context, status=422 if form.is_bound else 200)


@page(Act.MOVE_STOCK)
def stock_move(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    """Enter what happened to goods of one lot."""
    one, known = own_warehouse(request, warehouse_id), words(request.actor)
    row = warehouse_rows([one], request.actor, known)[0]
    form = MovementForm(request.POST or None, words=known, lines=row.lines)

    def move() -> None:
        actions.move_stock(
            by=request.actor, key=form.cleaned_data["key"], warehouse=one, statement=form.statement()
        )  # fmt: skip

    return _done(request, form, one, move, _("The movement is entered.")) or _shown(request, form, one, "move")


@page(Act.COUNT_STOCK)
def stock_count(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    """Write down what a stock-taking found."""
    one, known = own_warehouse(request, warehouse_id), words(request.actor)
    row = warehouse_rows([one], request.actor, known)[0]
    form = CountForm(request.POST or None, words=known, lines=row.lines)

    def count() -> None:
        typed = form.cleaned_data
        actions.count_stock(
            by=request.actor, key=typed["key"], warehouse=one, counted=form.counted(), at=typed["occurred_at"],
            explanation=typed["explanation"],
        )  # fmt: skip

    return _done(request, form, one, count, _("The count is entered.")) or _shown(request, form, one, "count")


def _done(
    request: HttpRequest, form: DeskForm, one: Warehouse, action: Callable[[], None], sentence: str
) -> HttpResponse | None:
    """Do what was typed and lead back to the warehouse; None when the form is to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        action()
    except Refused as refused:
        form.refuse(refused)
        return None
    messages.success(request, sentence)
    return redirect("distribution:warehouse", warehouse_id=one.pk)


def _shown(request: HttpRequest, form: DeskForm, one: Warehouse, way: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "warehouse": one, "way": way}
    return render(request, "distribution/stock_form.html", context, status=422 if form.is_bound else 200)
