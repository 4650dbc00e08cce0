"""One page of a list of this desk, with the ways on and back."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from tansiq.desks.requests.queries.paging import page_of


def onward(request: HttpRequest, rows: QuerySet, moment: str, *, earliest_first: bool = False) -> dict[str, Any]:
    """The rows of the page that the address asks for; a mark that is none begins anew."""
    mark = request.GET.get("after")
    try:
        shown = page_of(rows, moment, mark, earliest_first=earliest_first)
    except ValueError:
        mark, shown = None, page_of(rows, moment, None, earliest_first=earliest_first)
    query = request.GET.urlencode()
    return {
        "shown": shown.rows, "onward": _with(request, shown.after) if shown.after else "",
        "start": _with(request, None) if mark else "", "now_here": f"?{query}" if query else "",
    }  # fmt: skip


def _with(request: HttpRequest, mark: str | None) -> str:
    query: QueryDict = request.GET.copy()
    query.pop("after", None)
    if mark:
        query["after"] = mark
    return f"?{query.urlencode()}"
