"""Writing a request down, amending its draft, sending it and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import line_rule, local_name, rooms_named
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests import actions
from tansiq.desks.requests.forms.drafts import DraftForm, SendForm, WordsForm, said_before
from tansiq.desks.requests.models import Request, RequestDetail, RequestIdentities, RequestLine
from tansiq.desks.requests.queries.likeness import resembling
from tansiq.desks.requests.queries.lists import amount_of
from tansiq.desks.requests.queries.operation import Words, words
from tansiq.desks.requests.rules import RECORD_TYPE, Act, can


@page(Act.DRAFT_REQUEST)
def request_draft(request: HttpRequest) -> HttpResponse:
    """Write a request down; nobody else reads it before it is sent."""
    known = words(request.actor.operation_id)
    form = DraftForm.rearranged(request.POST, known) or DraftForm(request.POST or None, words=known)
    if form.is_bound and form.is_valid():
        try:
            done = actions.draft_request(by=request.actor, key=form.cleaned_data["key"], statement=form.statement())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The draft is saved. Your own room alone reads it until it is sent."))
            return redirect("requests:request", request_id=done.pk)
    context = {"form": form, "readers": _readers(request), "draft": None}
    return render(request, "requests/draft.html", context, status=422 if form.is_bound else 200)


@page(Act.AMEND_REQUEST)
def request_amend(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say anew what a draft asks for."""
    draft, known = _own(request, request_id, Act.AMEND_REQUEST), words(request.actor.operation_id)
    form = DraftForm.rearranged(request.POST, known) or DraftForm(
        request.POST or None, words=known, initial=_said_before(draft)
    )
    if form.is_bound and form.is_valid():
        try:
            actions.amend_request(
                by=request.actor, key=form.cleaned_data["key"], request=draft, statement=form.statement()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The draft is amended."))
            return redirect("requests:request", request_id=draft.pk)
    context = {"form": form, "readers": _readers(request), "draft": draft}
    return render(request, "requests/draft.html", context, status=422 if form.is_bound else 200)


@page(Act.SEND_REQUEST)
def request_send(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Send a draft, after live requests that resemble it were shown."""
    draft = _own(request, request_id, Act.SEND_REQUEST)
    alike = resembling(request.actor, draft)
    form = SendForm(request.POST or None, alike=bool(alike))
    if form.is_bound and form.is_valid():
        try:
            actions.send_request(
                by=request.actor, key=form.cleaned_data["key"], request=draft, in_spite=form.cleaned_data["in_spite"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The request is sent; the clocks of those who must clear it are running."))
            return redirect("requests:request", request_id=draft.pk)
    context = {"form": form, "draft": draft, "alike": alike, "asked": _asked(draft, words(draft.room.operation_id))}
    return render(request, "requests/send.html", context, status=422 if form.is_bound else 200)


@page(Act.WITHDRAW_REQUEST)
def request_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take a request back."""
    held = _own(request, request_id, Act.WITHDRAW_REQUEST)
    form = WordsForm(request.POST or None, label=_("Why"))
    if form.is_bound and form.is_valid():
        try:
            actions.withdraw_request(
                by=request.actor, key=form.cleaned_data["key"], request=held, reason=form.cleaned_data["words"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The request is withdrawn."))
            return redirect("requests:request", request_id=held.pk)
    context = {"form": form, "held": held}
    return render(request, "requests/withdraw.html", context, status=422 if form.is_bound else 200)


def _own(request: HttpRequest, request_id: UUID, act: Act) -> Request:
    """A request of this room that allows the act; otherwise it is as if there were no such page."""
    own = Request.objects.select_related("room").filter(pk=request_id, room=request.actor.room_id).first()
    if own is None or not can(own.state, act):
        raise Http404
    return own


def _said_before(draft: Request) -> dict[str, Any]:
    now = {"request": draft, "version": draft.version}
    detail, persons = RequestDetail.objects.filter(**now).first(), RequestIdentities.objects.filter(**now).first()
    return said_before(draft, detail, persons, list(RequestLine.objects.filter(**now).order_by("number")))


def _asked(draft: Request, known: Words) -> list[tuple[int, Any, list[str]]]:
    """Each line with the rooms that will have to clear it."""
    lines = RequestLine.objects.filter(request=draft, version=draft.version).order_by("number")
    return [
        (
            line.number, amount_of(line, known),
            [local_name(room.names) for _authority, room in known.authorities(line.commodity, draft.room_id)],
        )
        for line in lines
    ]  # fmt: skip


def _readers(request: HttpRequest) -> dict[str, list[str]]:
    """Line → the rooms that read it by default once it is sent, beside those that are asked."""
    operation = request.actor.operation_id
    rooms = Room.objects.filter(operation=operation).in_bulk()
    return {
        line: [
            local_name(rooms[pk].names) for pk in rooms_named(operation, line_rule(operation, RECORD_TYPE, line))
            if pk != request.actor.room_id
        ]
        for line in TearLine.values
    }  # fmt: skip
