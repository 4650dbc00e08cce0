"""Asks a person to prove anew who they are before a grave act."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tansiq.building.people.sign_in import needs_second_factor

View = Callable[..., HttpResponse]


def proven_lately(request: HttpRequest) -> bool:
    """Whether password, passkey or code was shown within the last minutes (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    if not needs_second_factor(request.user):
        return True
    oldest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["at"] >= oldest for record in get_authentication_records(request, request.user))


def ask_proof(request: HttpRequest) -> None:
    """Raise what leads to the page that asks for the password or passkey, and from there back to here."""
    if not proven_lately(request):
        raise ReauthenticationRequired


def freshly_proven(view: View) -> View:
    """A view for which the person must have proven lately who they are; stands under @page."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ask_proof(request)
        return view(request, *args, **kwargs)

    return shown
