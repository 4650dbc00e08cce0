"""What a program is told when something cannot be done: RFC 9457 problem documents, in the language it asked for."""

import logging
import traceback
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tansiq.building.ledger.queries import NotYetPlaced
from tansiq.building.rooms.refusals import Refused, register

logger = logging.getLogger("tansiq.api")
STATUS = {"not_found": 404, "not_permitted": 403, "key_reused": 409}

register(
    {
        "unauthorised": gettext_lazy("Say who you are: send a token that may be used now and from here, or sign in."),
        "no_room": gettext_lazy("This account has no place in any room."),
        "session_unproven": gettext_lazy("The page's CSRF token is missing; send it as X-CSRFToken."),
        "days_backwards": gettext_lazy("The last day, %(last)s, must not be before the first, %(first)s."),
        "invalid": gettext_lazy("Some fields are not as expected; see errors."),
        "unreadable": gettext_lazy("The body cannot be read; JSON in UTF-8 is expected."),
        "too_large": gettext_lazy("The body is larger than is taken at once; send it in parts."),
        "not_yet_placed": gettext_lazy("The entry waits for the next tick of the ledger. Ask again within a minute."),
        "fault": gettext_lazy(
            "Something went wrong on our side; nothing was changed. Quote the reference when you ask."
        ),
    }
)


class Refusal(Exception):
    """A refusal of the API itself, with its status."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code


class FieldError(Schema):
    """A field that is not as expected."""

    field: str
    found: str
    expected: str


class Problem(Schema):
    """Why something was not done."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    sentence: str
    errors: list[FieldError] = []
    reference: str | None = None


def problem(
    status: int, code: str, *, params: Mapping[str, Any] | None = None, errors: Sequence[Mapping[str, str]] = (),
    reference: str | None = None,
) -> HttpResponse:  # fmt: skip
    """A problem document; the sentence is in the language of the request."""
    content: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code,
        "sentence": str(Refused(code, **(params or {}))),
    }  # fmt: skip
    if errors:
        content["errors"] = list(errors)
    if reference:
        content["reference"] = reference
    answer = JsonResponse(content, status=status, content_type="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def handle_problems(api: NinjaAPI) -> None:
    """Give every exception its problem document."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Refusal, lambda request, fault: problem(fault.status, fault.code))
    api.add_exception_handler(Http404, lambda request, fault: problem(404, "not_found"))
    api.add_exception_handler(NotYetPlaced, lambda request, fault: problem(409, "not_yet_placed"))
    api.add_exception_handler(AuthenticationError, lambda request, fault: problem(401, "unauthorised"))
    api.add_exception_handler(RequestDataTooBig, lambda request, fault: problem(413, "too_large"))
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Exception, _fault)


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return problem(STATUS.get(refused.code, 422), refused.code, params=refused.params)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = {403: "session_unproven", 400: "unreadable"}.get(error.status_code, "invalid")
    return problem(error.status_code, code)


def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    errors = [
        {
            "field": ".".join(str(part) for part in error["loc"][1:] if part != "payload") or str(error["loc"][0]),
            "found": _found(error),
            "expected": str(error["msg"]),
        }
        for error in fault.errors
    ]
    return problem(422, "invalid", errors=errors)


def _found(error: Mapping[str, Any]) -> str:
    return _("nothing") if error.get("type") == "missing" else repr(error.get("input"))[:200]


def _fault(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Keep place and kind of the fault under a reference; its words could hold what a room wrote."""
    reference = str(uuid.uuid4())
    frames = traceback.extract_tb(fault.__traceback__)
    way = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    logger.error("fault %s: %s at %s", reference, type(fault).__name__, way)
    return problem(500, "fault", reference=reference)
