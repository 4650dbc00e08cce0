"""Pages of the room one works in: who is here, and changing rooms."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.building.rooms import actions
from tansiq.building.rooms.forms import InvitationForm, RolesForm
from tansiq.building.rooms.models import Membership
from tansiq.building.rooms.pages import choose_room, page, public
from tansiq.building.rooms.queries import invitations_for, invitations_of, with_roles
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.rules import Act


@page(Act.READ_ROOM)
def room(request: HttpRequest, form: InvitationForm | None = None) -> HttpResponse:
    """The acting room: its kind, its members and their roles, whom it has invited."""
    request.form_page = reverse("rooms:room")
    members = Membership.objects.filter(room_id=request.actor.room_id, ended_at=None)
    listed = with_roles(members.select_related("account", "room").order_by("account__name", "id"))
    return render(
        request,
        "rooms/room.html",
        {
            "room": request.acting_room,
            "members": listed,
            "form": form or InvitationForm(operation_id=request.actor.operation_id),
            "invitations": with_roles(invitations_of(request.actor.room_id, datetime.now(UTC))),
            "may_invite": request.actor.may(Act.SEND_INVITATION),
            "may_withdraw": request.actor.may(Act.WITHDRAW_INVITATION),
            "may_grant": request.actor.may(Act.GRANT_MEMBERSHIP),
            "may_end": request.actor.may(Act.END_MEMBERSHIP),
        },
        status=422 if form is not None else 200,
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """List one's rooms, and work in another of them; a room that is not one's own does not exist."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        request.find_actor()
        context = {
            "memberships": with_roles(request.memberships),
            "invited": with_roles(invitations_for(request.user.pk, datetime.now(UTC))),
        }
        return render(request, "rooms/choose.html", context)
    try:
        room_id = UUID(request.POST.get("room", ""))
    except ValueError as error:
        raise Http404 from error
    if not choose_room(request, room_id):
        raise Http404
    return redirect("floor:floor")


@page(Act.GRANT_MEMBERSHIP)
def member_roles(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Change the roles of one who has a place in the acting room."""
    held = Membership.objects.filter(pk=membership_id, room_id=request.actor.room_id, ended_at=None)
    membership = held.select_related("account").first()
    if membership is None:
        raise Http404
    form = RolesForm(request.POST or None, operation_id=request.actor.operation_id, initial={"roles": membership.roles})
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_membership(by=request.actor, account=membership.account, roles=form.cleaned_data["roles"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The roles were changed. They hold from now on."))
            return redirect("rooms:room")
    status = 422 if request.method == "POST" else 200
    return render(request, "rooms/roles.html", {"form": form, "member": membership}, status=status)


@require_POST
@page(Act.END_MEMBERSHIP)
def member_end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End a person's place in the acting room at once."""
    membership = Membership.objects.filter(pk=membership_id, room_id=request.actor.room_id).first()
    if membership is None:
        raise Http404
    try:
        actions.end_membership(by=request.actor, membership=membership)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("rooms:room")
