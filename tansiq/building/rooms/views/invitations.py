"""Invitations: sent and withdrawn by a room, accepted or declined by the person who has the address."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import guest
from tansiq.building.rooms.forms import InvitationForm
from tansiq.building.rooms.models import Invitation
from tansiq.building.rooms.pages import page, public
from tansiq.building.rooms.queries import invitations_for
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.rules import Act
from tansiq.building.rooms.views.members import room


@require_POST
@page(Act.SEND_INVITATION)
def send(request: HttpRequest) -> HttpResponse:
    """Invite whoever has an address; the answer is the same whether or not an account has it."""
    form = InvitationForm(request.POST, operation_id=request.actor.operation_id)
    if not form.is_valid():
        return room(request, form)  # type: ignore[no-any-return]
    typed = form.cleaned_data
    actions.send_invitation(by=request.actor, email=typed["email"], roles=typed["roles"])
    messages.success(
        request, _("The invitation stands. If an account has this address, its own page shows it; nothing is mailed.")
    )
    return redirect("rooms:room")


@require_POST
@page(Act.WITHDRAW_INVITATION)
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation of the acting room back."""
    invitation = Invitation.objects.filter(pk=invitation_id, room_id=request.actor.room_id).first()
    if invitation is None:
        raise Http404
    try:
        actions.withdraw_invitation(by=request.actor, invitation=invitation)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("rooms:room")


@public
@require_POST
def accept(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take the place that a room offers to the signed-in person."""

    def taken(invitation: Invitation) -> str:
        by = guest(invitation.room, request.user, Act.ACCEPT_INVITATION)
        actions.accept_invitation(by=by, account=request.user, invitation=invitation)
        return _("You have a place in this room now.")

    return _answered(request, invitation_id, taken)


@public
@require_POST
def decline(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Refuse the place that a room offers to the signed-in person."""

    def refused(invitation: Invitation) -> str:
        by = guest(invitation.room, request.user, Act.DECLINE_INVITATION)
        actions.decline_invitation(by=by, invitation=invitation)
        return _("The invitation was declined.")

    return _answered(request, invitation_id, refused)


def _answered(request: HttpRequest, invitation_id: UUID, answer: Callable[[Invitation], str]) -> HttpResponse:
    """Answer an invitation that stands for this person; any other does not exist."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    standing = invitations_for(request.user.pk, datetime.now(UTC))
    invitation = next((one for one in standing if one.pk == invitation_id), None)
    if invitation is None:
        raise Http404
    try:
        messages.success(request, answer(invitation))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("rooms:choose")
