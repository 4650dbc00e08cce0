"""What was decided of each item and how long it took; decisions that contradict each other; the check of a token."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.fields import said
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests import actions
from tansiq.desks.requests.forms.deciding import ItemFilterForm, TokenForm
from tansiq.desks.requests.forms.drafts import WordsForm
from tansiq.desks.requests.queries import inconsistencies as queries
from tansiq.desks.requests.queries.operation import named, words
from tansiq.desks.requests.queries.precedents import paces, rows_of, sought_decisions
from tansiq.desks.requests.queries.tokens import checked, token_key
from tansiq.desks.requests.rules import Act, token_fault
from tansiq.desks.requests.views.paging import onward
from tansiq.engine.tokens import TokenError


@page(Act.READ_CLEARANCE)
def items(request: HttpRequest) -> HttpResponse:
    """Decisions on items, the latest first, and how many days they took by item and kind of organisation."""
    known = words(request.actor.operation_id)
    form = ItemFilterForm(request.GET, words=known)
    asked = said(form)
    found = sought_decisions(request.actor, known, asked.get("q", ""), asked.get("item", ""))
    context = onward(request, found, "decided_at")
    context |= {
        "form": form, "tab": "items", "rows": rows_of(context["shown"], known),
        "shares": share_state_of(context["shown"], request.actor),
        "paces": paces(request.actor, known, asked.get("item", "")),
    }  # fmt: skip
    return render(request, "requests/items.html", context)


@page(Act.READ_INCONSISTENCY)
def inconsistencies(request: HttpRequest) -> HttpResponse:
    """The same item decided differently, with both decisions side by side."""
    return render(request, "requests/inconsistencies.html", _inconsistencies(request))


@page(Act.READ_INCONSISTENCY)
def inconsistencies_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "requests/_inconsistencies.html", _inconsistencies(request))


@page(Act.ANSWER_INCONSISTENCY)
def inconsistency_answer(request: HttpRequest, inconsistency_id: UUID) -> HttpResponse:
    """Say which of the two stands, and what is done about the other."""
    found = queries.inconsistencies(request.actor).filter(pk=inconsistency_id, room=request.actor.room_id)
    rows = queries.rows_of(found.filter(answered_at=None), request.actor, words(request.actor.operation_id))
    if not rows:
        raise Http404
    form = WordsForm(request.POST or None, label=_("Which one stands, and what is done"))
    if form.is_bound and form.is_valid():
        try:
            actions.answer_inconsistency(
                by=request.actor, key=form.cleaned_data["key"], inconsistency=rows[0].inconsistency,
                answer=form.cleaned_data["words"],
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect("requests:inconsistencies")
    context = {"form": form, "row": rows[0], "tab": "inconsistencies"}
    return render(request, "requests/inconsistency_answer.html", context, status=422 if form.is_bound else 200)


@page(Act.READ_TOKEN)
def token_check(request: HttpRequest) -> HttpResponse:
    """Check the text of a token: whether the signature is this installation's, and whether it still counts."""
    form = TokenForm(request.POST or None)
    key, found = token_key(), None
    if form.is_bound and form.is_valid():
        if key is None:
            form.add_error("token", _("This installation has not issued a token yet, so this is none of its own."))
        else:
            try:
                found = checked(form.cleaned_data["token"], key)
            except TokenError as fault:
                form.add_error("token", str(token_fault(fault.part, fault.found)))
    known = words(request.actor.operation_id)
    context = {"form": form, "found": found, "key": key, "said": _token_words(found, known), "tab": "tokens"}
    return render(request, "requests/token_check.html", context, status=422 if form.is_bound and not found else 200)


def _token_words(found: Any, known: Any) -> dict[str, Any]:
    if found is None:
        return {}
    token = found.opened.token
    room = known.room(token.authority)
    return {
        "item": named(known.commodities, token.item), "unit": named(known.units, token.unit),
        "authority": room.names if room else token.authority,
    }  # fmt: skip


def _inconsistencies(request: HttpRequest) -> dict[str, Any]:
    known = words(request.actor.operation_id)
    context = onward(request, queries.inconsistencies(request.actor), "found_at")
    return context | {
        "tab": "inconsistencies", "rows": queries.rows_of(context["shown"], request.actor, known),
        "may_answer": request.actor.may(Act.ANSWER_INCONSISTENCY),
    }  # fmt: skip
