"""What every request of a signed-in person passes: the session's limits, the second factor, the language."""

import time
from collections.abc import Callable
from functools import partial

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import translation

from tansiq.building.people.reauthentication import ask_proof
from tansiq.building.people.sign_in import needs_second_factor

BEGAN, SEEN = "began_at", "seen_at"
NOTED_EVERY_S = 30
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
WITHOUT_SECOND_FACTOR = ("/accounts/", "/language/", settings.STATIC_URL)

Answer = Callable[[HttpRequest], HttpResponse]


def session_limits(answer: Answer) -> Answer:
    """End a session that nobody used for a while, and any session after a shift."""

    def limited(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
            if now - seen > settings.SESSION_IDLE_S or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
            elif BEGAN not in request.session or (now - seen >= NOTED_EVERY_S and _by_a_person(request)):
                request.session[BEGAN], request.session[SEEN] = began, now
        return answer(request)

    return limited


def second_factor(answer: Answer) -> Answer:
    """Let nobody further who has not shown a second factor, or has none yet: the way leads to setting one up."""

    def asked(request: HttpRequest) -> HttpResponse:
        request.ask_proof = partial(ask_proof, request)  # for storeys below this one
        if (
            request.user.is_authenticated
            and not request.path.startswith(WITHOUT_SECOND_FACTOR)
            and lacks_second_factor(request)
        ):
            if request.path.startswith("/api/"):
                return JsonResponse({"code": "second_factor_missing"}, status=401)
            return redirect("mfa_index")
        return answer(request)

    return asked


def account_language(answer: Answer) -> Answer:
    """Speak the account's language where no other was chosen on this machine; programs ask by header."""

    def spoken(request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith("/api/")
        ):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return answer(request)

    return spoken


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether no room opens for this person yet, because a second factor is asked for and was not shown."""
    return needs_second_factor(request.user) and not has_second_factor(request)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session showed a second factor, or set one up after signing in."""
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        return True
    return is_mfa_enabled(request.user, SECOND_FACTORS)


def _by_a_person(request: HttpRequest) -> bool:
    """Pieces of a page that ask for themselves do not show that somebody is there."""
    of_itself = "HX-Request" in request.headers and "HX-Current-URL" not in request.headers
    return not of_itself and request.headers.get("Accept") != "text/event-stream"
