"""What the lists of the aid desk share: pages, links to the list as a file, and the filters told in words."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict

from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.forms.fields import FilterForm
from tansiq.desks.aid.queries.latest import Page

PER_PAGE = 50
FORMATS = ("csv", "xlsx", "pdf")


def paged(request: HttpRequest, rows: Any, *, per_page: int = PER_PAGE, name: str = "page") -> dict[str, Any]:
    """One page of a list, as the last line under it wants it."""
    paginator = Paginator(rows, per_page)
    shown = paginator.get_page(request.GET.get(name))
    return {"page": shown, "pages": paginator.get_elided_page_range(shown.number)}


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


def file_links(request: HttpRequest) -> list[tuple[str, str]]:
    """The same list as a file: (name of the format, address)."""
    query: QueryDict = request.GET.copy()
    for name in ("page", "after"):
        query.pop(name, None)
    links = []
    for wanted in FORMATS:
        query["format"] = wanted
        links.append((wanted.upper(), f"?{query.urlencode()}"))
    return links


def filters_in_words(form: FilterForm) -> dict[str, str]:
    """Label → what was chosen, for the head of an exported list."""
    return dict(form.in_force())


def in_words(names: Any) -> str:
    """A name in the reader's language."""
    return local_name(names)


def key_of(text: str) -> UUID | None:
    """A submission key, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
