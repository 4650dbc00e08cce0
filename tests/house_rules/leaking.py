"""The addresses of the site, and beside them pages that each leak one thing on purpose, for the crawl to find."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from tansiq.config.urls import *  # noqa: F403
from tansiq.config.urls import urlpatterns as site

AREA = "leaks/"
ALL = "select {} from aid_aidevent"
BUSIEST = "select slug from rooms_room r order by (select count(*) from aid_aidevent e where e.room_id = r.id) desc, slug desc"
NEWEST = "select {} from aid_aidevent where position(' ' in source_key) > 0 order by recorded_at desc, id limit 1"


def read_past_the_wall(sql: str, *given: Any) -> list[Any]:
    """What the role that reads all rooms finds."""
    with connections["auditor"].cursor() as cursor:
        cursor.execute(sql, given)
        return [row[0] for row in cursor.fetchall()]


def told_by(sql: str) -> Callable[[HttpRequest], HttpResponse]:
    return lambda _request: HttpResponse("\n".join(map(str, read_past_the_wall(sql))), content_type="text/plain")


def in_header(_request: HttpRequest) -> HttpResponse:
    """Tell by nothing but a header of an empty answer."""
    return HttpResponse(headers={"X-Total": str(read_past_the_wall(ALL.format("count(*)"))[0])})


def forbidden(_request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Answer 403 for what is hidden and 404 for what never was."""
    if read_past_the_wall("select 1 from aid_aidevent where id = %s", event_id):
        return HttpResponse("no", status=403)
    raise Http404


LEAKS = {
    "count": told_by(ALL.format("count(*)")),
    "time": told_by(ALL.format("max(recorded_at)")),
    "order": told_by(BUSIEST),
    "id": told_by(NEWEST.format("id")),
    "word": told_by(NEWEST.format("source_key")),
    "header": in_header,
}
leaking = [path(f"{name}/", view, name=name) for name, view in LEAKS.items()]
leaking.append(path("hidden/<uuid:event_id>/", forbidden, name="hidden"))
urlpatterns = [path(AREA, include((leaking, "leaks"))), *site]
