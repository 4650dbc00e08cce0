"""A page of a list by a moment, latest or earliest first, and the mark from which it goes on; never a total."""

from django.db.models import Q, QuerySet

from tansiq.desks.aid.queries.latest import Order, Page, key_of, mark_of

SIZE = 50


def page_of(rows: QuerySet, moment: str, mark: str | None, *, size: int = SIZE, earliest_first: bool = False) -> Page:
    """Rows that follow a mark (None: from the start). Raises ValueError for what is no mark of this list."""
    order = Order(moment)
    sign, beyond = ("", "gt") if earliest_first else ("-", "lt")
    ordered = rows.order_by(f"{sign}{moment}", f"{sign}pk")
    if mark:
        at, pk = key_of(mark, order)
        ordered = ordered.filter(Q(**{f"{moment}__{beyond}": at}) | Q(**{moment: at, f"pk__{beyond}": pk}))
    found = list(ordered[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], mark_of((getattr(last, moment), last.pk)) if last else None)
