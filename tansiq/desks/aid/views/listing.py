"""What the lists of the aid desk share: pages, links to the list as a file, and the filters told in words."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from tansiq.building.rooms.lists import PER_PAGE, file_links, filters_in_words, paged
from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.queries.latest import Page

__all__ = ["PER_PAGE", "file_links", "filters_in_words", "in_words", "key_of", "onward", "paged"]


def onward(request: HttpRequest, page: Callable[[str | None], Page]) -> dict[str, Any]:
    """One page of a list that has no end in sight, and the ways on and back; a mark that is none begins anew."""
    mark = request.GET.get("after")
    try:
        shown = page(mark)
    except ValueError:
        mark, shown = None, page(None)
    return {
        "shown": shown.rows, "onward": _with(request, shown.after) if shown.after else "",
        "start": _with(request, None) if mark else "",
    }  # fmt: skip


def _with(request: HttpRequest, mark: str | None) -> str:
    query: QueryDict = request.GET.copy()
    query.pop("after", None)
    if mark:
        query["after"] = mark
    return f"?{query.urlencode()}"


def in_words(names: Any) -> str:
    """A name in the reader's language."""
    return local_name(names)


def key_of(text: str) -> UUID | None:
    """A submission key, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
