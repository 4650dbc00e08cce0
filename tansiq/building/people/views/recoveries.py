"""Recoveries of a room: one officer proposes, a second agrees, the code is shown once after the delay."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tansiq.building.people import actions
from tansiq.building.people.forms import RecoveryForm
from tansiq.building.people.models import Recovery, RecoveryState
from tansiq.building.people.queries import recoveries_in
from tansiq.building.people.reauthentication import freshly_proven
from tansiq.building.people.rules import Act
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused


@page(Act.READ_RECOVERY)
def recoveries(request: HttpRequest, form: RecoveryForm | None = None) -> HttpResponse:
    """Who of this room is being let in anew, how far it is, and what the reader can do about it."""
    request.form_page = reverse("people:recoveries")
    actor, now = request.actor, datetime.now(UTC)
    shown = [(one, _offered(request, one, now)) for one in recoveries_in(actor.room_id)[:50]]
    context = {
        "recoveries": shown,
        "form": form or RecoveryForm(actor=actor),
        "may_propose": actor.may(Act.PROPOSE_RECOVERY),
    }
    return render(request, "people/recoveries.html", context, status=422 if form is not None else 200)


@require_POST
@page(Act.PROPOSE_RECOVERY)
@freshly_proven
def recovery_propose(request: HttpRequest) -> HttpResponse:
    """Propose to let a member of the room in anew."""
    form = RecoveryForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            actions.propose_recovery(by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Proposed. A second officer of this room must agree; the holder is told."))
            return redirect("people:recoveries")
    return recoveries(request, form)  # type: ignore[no-any-return]


@require_POST
@page(Act.AGREE_RECOVERY)
@freshly_proven
def recovery_agree(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """Agree as the second officer; the delay runs from here."""
    said = _("You agreed. After the delay, the one-time code is shown here to you, once.")
    return _done(request, recovery_id, actions.agree_recovery, said)


@require_POST
@page(Act.WITHDRAW_RECOVERY)
def recovery_withdraw(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """End a recovery without effect."""
    return _done(request, recovery_id, actions.withdraw_recovery, _("The recovery has ended; nothing was changed."))


@never_cache
@require_POST
@page(Act.ISSUE_RECOVERY)
@freshly_proven
def recovery_issue(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """Show the one-time code, once, to the officer who agreed."""
    found = _recovery(request, recovery_id)
    try:
        code = actions.issue_recovery(by=request.actor, recovery=found)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("people:recoveries")
    return render(request, "people/recovery_code.html", {"recovery": found, "code": code})


def _done(request: HttpRequest, recovery_id: UUID, action: Callable[..., Recovery], said: str) -> HttpResponse:
    try:
        action(by=request.actor, recovery=_recovery(request, recovery_id))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("people:recoveries")


def _recovery(request: HttpRequest, recovery_id: UUID) -> Recovery:
    """A recovery of the acting room; any other does not exist."""
    found = recoveries_in(request.actor.room_id).filter(pk=recovery_id).first()
    if found is None:
        raise Http404
    return found


def _offered(request: HttpRequest, one: Recovery, now: datetime) -> dict[str, bool]:
    """Which buttons the reader gets; the rules are asked again when one is pressed."""
    actor = request.actor
    mine, opened = one.account_id == actor.account_id, one.ended_at is None
    second = actor.account_id not in (one.account_id, one.proposed_by_id)
    ready = one.ready_at is not None and now >= one.ready_at
    return {
        "agree": one.state == RecoveryState.PROPOSED and second and actor.may(Act.AGREE_RECOVERY),
        "issue": one.state == RecoveryState.AGREED and ready and one.agreed_by_id == actor.account_id
        and actor.may(Act.ISSUE_RECOVERY),
        "withdraw": opened and not mine and actor.may(Act.WITHDRAW_RECOVERY),
        "object": opened and mine,
    }  # fmt: skip
