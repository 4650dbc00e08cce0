"""Who may sign in: never a disabled account, never a sample account on a site that asks for a second factor."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from tansiq.building.people.models import Account


def may_sign_in(account: Account) -> bool:
    """Whether the account may come in at all; checked at sign-in and again at every request."""
    return account.is_active and (settings.SAMPLE_WITHOUT_MFA or not account.is_sample)


def needs_second_factor(account: Account) -> bool:
    """Everyone does; only sample accounts are let off, and only where the operator said so."""
    return not (account.is_sample and settings.SAMPLE_WITHOUT_MFA)


class SignInBackend(AuthenticationBackend):
    """Checks address and password; answers the same, in the same time, whatever the reason for no."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether this account may come in."""
        return may_sign_in(user)

    @classmethod
    def _stash_user(cls, user: Any) -> None:
        """Keep no refused account aside: the library would answer it with a page of its own, and so reveal it."""
        return
