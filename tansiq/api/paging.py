"""Long lists in pages, each with the way to the next; never a total, which could tell of rows that are hidden."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Query

from tansiq.building.rooms.refusals import Refused, register

MOST = 200
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
Row = TypeVar("Row", bound=Any)
After = Annotated[str | None, Query(description="The `next` of the page before.", max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Rows on a page.")]

register({"no_such_page": _("There is no page after this mark; begin again without it.")})


def page_after(rows: QuerySet[Row], moment: str, after: str | None, limit: int) -> tuple[list[Row], str | None]:
    """Rows newest first by a time column, those after a mark; and the mark of the next page, if there is one."""
    ordered = rows.order_by(f"-{moment}", "-pk")
    if after:
        at, row_id = read_mark(after)
        ordered = ordered.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": row_id}))
    found = list(ordered[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], mark_of(getattr(last, moment), last.pk)


def shown_after(page: Callable[[], Row]) -> Row:
    """A page of a list that reads its own marks; a mark that is none is refused."""
    try:
        return page()
    except ValueError as error:
        raise Refused("no_such_page") from error


def mark_of(at: datetime, row_id: UUID) -> str:
    """The mark of the page that begins behind a row."""
    return urlsafe_b64encode(f"{at.isoformat()} {row_id}".encode()).decode().rstrip("=")


def _moment(at: str) -> datetime:
    """A moment that the database can keep, whatever its zone. Raises ValueError."""
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not EARLIEST <= moment <= LATEST:
        raise ValueError(at)
    return moment


def read_mark(mark: str) -> tuple[datetime, UUID]:
    """The row behind which a page begins; Refused when the mark is none."""
    try:
        at, row_id = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split(" ")
        return _moment(at), UUID(row_id)
    except ValueError as error:
        raise Refused("no_such_page") from error
