"""What every list of a page shares: pages, links to the list as a file, and the filters told in words."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict

from tansiq.building.rooms.fields import FilterForm

PER_PAGE = 50
FORMATS = ("csv", "xlsx", "pdf")


def paged(request: HttpRequest, rows: Any, *, per_page: int = PER_PAGE, name: str = "page") -> dict[str, Any]:
    """One page of a list, as the last line under it wants it."""
    paginator = Paginator(rows, per_page)
    shown = paginator.get_page(request.GET.get(name))
    return {"page": shown, "pages": paginator.get_elided_page_range(shown.number)}


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
