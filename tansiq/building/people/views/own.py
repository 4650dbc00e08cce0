"""Pages of a person's own account: language, factors, sessions, tokens."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from tansiq.building.people import actions
from tansiq.building.people.forms import TokenForm
from tansiq.building.people.models import Account
from tansiq.building.people.queries import factors_of, recoveries_for, sessions_of, tokens_of
from tansiq.building.people.reauthentication import freshly_proven
from tansiq.building.people.rules import Act
from tansiq.building.rooms.actors import guest
from tansiq.building.rooms.models import Membership, Room
from tansiq.building.rooms.pages import acting, page, public
from tansiq.building.rooms.queries import invitations_for, with_roles
from tansiq.building.rooms.refusals import Refused

View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """Mark a view of the person's own account: it needs sign-in, but no room."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return public(never_cache(shown))


@own
def me(request: HttpRequest) -> HttpResponse:
    """The person's own account."""
    actor = acting(request)
    rooms = {membership.room_id: membership.room for membership in request.memberships}
    names = {room.pk: room.names for room in Room.objects.filter(pk__in=rooms)}
    context = {
        "factors": factors_of(request.user),
        "sessions": sessions_of(request.user),
        "session_key": request.session.session_key,
        "tokens": [(token, names.get(token.room_id)) for token in tokens_of(request.user)],
        "may_create": actor is not None and actor.may(Act.CREATE_TOKEN),
        "may_revoke": actor is not None and actor.may(Act.REVOKE_TOKEN),
        "recoveries": recoveries_for(request.user.pk),
        "invited": with_roles(invitations_for(request.user.pk, datetime.now(UTC))),
        "acting_room_id": actor.room_id if actor else None,
    }
    return render(request, "people/me.html", context)


@never_cache
@page(Act.CREATE_TOKEN)
@freshly_proven
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token for the acting room; the answer is the only page that ever shows its secret."""
    form = TokenForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = actions.create_token(by=request.actor, asked=form.asked())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "people/token_made.html", {"token": token, "secret": secret})
    status = 422 if request.method == "POST" else 200
    return render(request, "people/token_create.html", {"form": form}, status=status)


@require_POST
@page(Act.REVOKE_TOKEN)
def token_revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of one's own tokens at once; it must belong to the room in which one works."""
    try:
        actions.revoke_own_token(by=request.actor, account=request.user, token_id=token_id)
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from refused
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The token was revoked. Whoever uses it is refused from now on."))
    return redirect("people:me")


@require_POST
@own
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere but here."""
    actions.end_sessions(request.user, keep_key=request.session.session_key)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("people:me")


@require_POST
@own
def recovery_object(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """The holder objects to the recovery of their own account; any other recovery does not exist."""
    found = next((pair for pair in recoveries_for(request.user.pk) if pair[0].pk == recovery_id), None)
    if found is None:
        raise Http404
    try:
        actions.object_recovery(by=guest(found[1], request.user, Act.OBJECT_RECOVERY), recovery=found[0])
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You objected. The recovery has ended; nothing of your account was changed."))
    return redirect("people:me")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Act.DISABLE_ACCOUNT)
@freshly_proven
def account_disable(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Say what it means to put a person out of the acting room at once, and do it."""
    account = Account.objects.filter(pk=account_id).first()
    member = Membership.objects.filter(room_id=request.actor.room_id, account_id=account_id, ended_at=None)
    if account is None or not member.exists():
        raise Http404
    if request.method != "POST":
        return render(request, "people/disable.html", {"holder": account})
    try:
        actions.disable_account(by=request.actor, account=account)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Sessions, tokens and membership of this person in this room have ended."))
    return redirect("rooms:room")


@public
def choose_language(request: HttpRequest) -> HttpResponse:
    """Read in another language from now on, here and wherever this account signs in."""
    answer = set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and answer.cookies:
        actions.choose_language(request.user, chosen)
    return answer


@public
def recovery(request: HttpRequest) -> HttpResponse:
    """What to do when one cannot sign in: a person helps, never a link in a mail."""
    return render(request, "people/recovery.html")


@public
def closed(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Addresses of the sign-in library that this house does not open."""
    raise Http404
