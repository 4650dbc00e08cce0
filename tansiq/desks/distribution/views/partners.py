"""Releases to partners: the list, one of them with both counts, giving, taking back and accepting."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.lists import paged
from tansiq.building.rooms.pages import page
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.forms.partners import STANDINGS, AcceptForm, ReasonForm, ReleaseFilterForm, ReleaseForm
from tansiq.desks.distribution.models import Warehouse
from tansiq.desks.distribution.queries.partners import (
    ReleaseRow,
    partner_rooms,
    release_rows,
    release_seen,
    releases,
)
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import WAITING, Act
from tansiq.desks.distribution.views.sending import sent, shown
from tansiq.desks.distribution.views.warehouses import own_warehouse


@page(Act.READ_RELEASE)
def partner_releases(request: HttpRequest) -> HttpResponse:
    """Every release to a partner that this room sees."""
    return render(request, "distribution/releases.html", _list(request))


@page(Act.READ_RELEASE)
def partner_releases_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "distribution/_releases.html", _list(request))


@page(Act.READ_RELEASE)
def partner_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """One release: what was sent, what came, and what each side says."""
    row, by = _found(request, release_id), request.actor
    one, waits = row.release, row.standing == WAITING
    context = {
        "row": row, "release": one, "standings": STANDINGS,
        "may_accept": waits and one.partner_room_id == by.room_id and by.may(Act.ACCEPT_RELEASE),
        "may_withdraw": waits and one.room_id == by.room_id and by.may(Act.WITHDRAW_RELEASE),
        "may_release": one.room_id == by.room_id and by.may("doors.release.propose"),
    }  # fmt: skip
    return render(request, "distribution/release.html", context)


@page(Act.SEND_RELEASE)
def release_send(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    """Give goods out of a warehouse of this room to a partner."""
    one, known = own_warehouse(request, warehouse_id), words(request.actor)
    form = ReleaseForm(request.POST or None, words=known, partners=partner_rooms(request.actor, known))

    def send() -> Any:
        return actions.send_release(
            by=request.actor, key=form.cleaned_data["key"], warehouse=one, statement=form.statement()
        )

    done = sent(request, form, send, done=_("The goods are given out; the partner is asked what came."), to=None)
    return done or shown(request, "distribution/release_send.html", form, warehouse=one)


@page(Act.ACCEPT_RELEASE)
def release_accept(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Say, as the partner, what came."""
    row = _found(request, release_id)
    if row.release.partner_room_id != request.actor.room_id:
        raise Http404
    stores = list(Warehouse.objects.filter(room=request.actor.room_id, is_open=True).order_by("name"))
    form = AcceptForm(request.POST or None, words=words(request.actor), row=row, stores=stores)

    def accept() -> Any:
        return actions.accept_release(
            by=request.actor, key=form.cleaned_data["key"], release=row.release, statement=form.statement()
        )

    leads = ("distribution:partner-release", {"release_id": release_id})
    done = sent(request, form, accept, done=_("Your count is recorded beside that of the giver."), to=leads)
    return done or shown(request, "distribution/accept.html", form, row=row)


@page(Act.WITHDRAW_RELEASE)
def release_withdraw(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Take back what the partner has not accepted."""
    row = _found(request, release_id)
    if row.release.room_id != request.actor.room_id:
        raise Http404
    form = ReasonForm(request.POST or None, words=words(request.actor))

    def withdraw() -> Any:
        typed = form.cleaned_data
        return actions.withdraw_release(by=request.actor, key=typed["key"], release=row.release, reason=typed["text"])

    done = sent(request, form, withdraw, done=_("The goods lie in the warehouse again."), to=None)
    return done or shown(request, "distribution/step.html", form, way="withdraw", name=row.release.reference,
                         back=row.release.get_absolute_url())  # fmt: skip


def _found(request: HttpRequest, release_id: UUID) -> ReleaseRow:
    one = release_seen(request.actor, release_id)
    if one is None:
        raise Http404
    return release_rows([one], request.actor, words(request.actor))[0]


def _list(request: HttpRequest) -> dict[str, Any]:
    form, by = ReleaseFilterForm(request.GET), request.actor
    context: dict[str, Any] = paged(request, releases(by, standing=form.standing_wanted()))
    listed = list(context["page"].object_list)
    query = request.GET.urlencode()
    return context | {
        "rows": release_rows(listed, by, words(by)), "form": form, "tab": "releases", "standings": STANDINGS,
        "shares": share_state_of(listed, by), "now_here": f"?{query}" if query else "",
    }  # fmt: skip
