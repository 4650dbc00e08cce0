"""How sign-in differs from the library's default: nobody signs up by himself, nothing tells who exists."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tansiq.building.people.models import Account
from tansiq.building.people.queries import recoveries_for
from tansiq.building.people.sign_in import may_sign_in


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the operation, never by a visitor; nothing is mailed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: recovery is done by two officers, not by a link in a mail."""

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say what changed about the account, but do not greet: pages of a watch are read at a glance."""
        template = args[0] if args else kwargs.get("message_template", "")
        if template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, *args, **kwargs)

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """Stop an account that may not come in, also one that showed a passkey."""
        if not may_sign_in(user):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Back to the sign-in page with the sentence that everyone gets who could not sign in."""
        messages.error(request, _("Signing in did not work. Check what you typed, or ask the officer of your room."))
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Go on in the account's language, unless another was chosen on this machine."""
        response = super().post_login(request, user, **kwargs)
        if recoveries_for(user.pk):
            messages.warning(
                request,
                _("This account is being recovered by officers. If you did not ask, object under “Your account”."),
            )
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response  # type: ignore[no-any-return]

    def reauthenticate(self, user: Account, password: str) -> bool:
        """Whether this is the account's password; the library would look for an address in a table of its own."""
        from_password = self.authenticate(self.request, email=user.email, password=password)
        return from_password is not None and from_password.pk == user.pk
