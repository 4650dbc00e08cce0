"""Pages of the room one works in: who is here, and changing rooms."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.building.rooms import actions
from tansiq.building.rooms.forms import MembershipForm
from tansiq.building.rooms.models import Membership, Role
from tansiq.building.rooms.pages import choose_room, page, public
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.rules import Act


@page(Act.READ_ROOM)
def room(request: HttpRequest, form: MembershipForm | None = None) -> HttpResponse:
    """The acting room: its kind, its members and their roles."""
    members = Membership.objects.filter(room_id=request.actor.room_id, ended_at=None)
    listed = _with_roles(members.select_related("account", "room").order_by("account__name", "id"))
    return render(
        request,
        "rooms/room.html",
        {
            "room": request.acting_room,
            "members": listed,
            "form": form or MembershipForm(operation_id=request.actor.operation_id),
            "may_grant": request.actor.may(Act.GRANT_MEMBERSHIP),
            "may_end": request.actor.may(Act.END_MEMBERSHIP),
        },
        status=400 if form is not None else 200,
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """List one's rooms, and work in another of them; a room that is not one's own does not exist."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        request.find_actor()
        return render(request, "rooms/choose.html", {"memberships": _with_roles(request.memberships)})
    try:
        room_id = UUID(request.POST.get("room", ""))
    except ValueError as error:
        raise Http404 from error
    if not choose_room(request, room_id):
        raise Http404
    return redirect("floor:floor")


@require_POST
@page(Act.GRANT_MEMBERSHIP)
def member_grant(request: HttpRequest) -> HttpResponse:
    """Take a person into the acting room; answers the same whether or not the account exists."""
    form = MembershipForm(request.POST, operation_id=request.actor.operation_id)
    if not form.is_valid():
        return room(request, form)
    account = form.account()
    if account is not None:
        try:
            actions.grant_membership(by=request.actor, account=account, roles=form.cleaned_data["roles"])
        except Refused as refused:
            form.add_error(None, str(refused))
            return room(request, form)
    messages.success(request, _("If there is such an account, it now has these roles in this room."))
    return redirect("rooms:room")


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


def _with_roles(memberships: Iterable[Membership]) -> list[tuple[Membership, list[dict[str, str]]]]:
    """Each membership with the names of its roles; one query for all."""
    listed = list(memberships)
    operations = {membership.room.operation_id for membership in listed}
    names = {(role.operation_id, role.code): role.names for role in Role.objects.filter(operation_id__in=operations)}
    return [(one, [names.get((one.room.operation_id, code), {"en": code}) for code in one.roles]) for one in listed]
