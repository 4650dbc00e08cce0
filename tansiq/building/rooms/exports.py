"""Gives any list of a page as CSV, XLSX or PDF, with what a reader must know about it."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.building.rooms.queries import local_name
from tansiq.engine.exports import Column, Listing, TooLong, csv_bytes, pdf_bytes, plain_text, xlsx_bytes

__all__ = ["Column", "Listing", "TooLong", "exported", "listing_of", "plain_text"]

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def exported(request: HttpRequest, listing: Callable[[], Listing]) -> HttpResponse | None:
    """The list as the file that ``?format=`` asks for; None when the page itself is wanted.

    ``listing`` is called only when a file is wanted. An unknown format and a list too long for
    the format are answered with a page that says so.
    """
    wanted = request.GET.get("format", "")
    if not wanted:
        return None
    if wanted not in TYPES:
        return _refusal(
            request, _("There is no such format: %(found)s. Expected: csv, xlsx or pdf.") % {"found": wanted}
        )
    request.ask_proof()  # whoever takes a list along must have proven lately who they are
    made_at = datetime.now(UTC)
    shown = listing()
    try:
        body = _body(wanted, shown, made_at)
    except TooLong as fault:
        sentence = _("A %(format)s holds at most %(limit)s rows. Narrow the list with a filter, or take CSV.")
        return _refusal(request, sentence % {"format": wanted.upper(), "limit": fault.limit})
    return _file(wanted, body, shown, made_at)


def listing_of(
    request: HttpRequest, title: str, columns: list[Column], rows: object, *,
    filters: dict[str, str] | None = None, as_of: datetime | None = None, marking: str = "",
) -> Listing:  # fmt: skip
    """A list with what its reader must know: the room, the time of the data, the filters and the marking."""
    as_of = as_of or datetime.now(UTC)
    facts = [(_("Room"), local_name(request.acting_room.names)), (_("Data as of"), date_time_group(as_of))]
    facts += [(str(name), str(value)) for name, value in (filters or {}).items() if value]
    return Listing(
        title=str(title), language=get_language() or "en", columns=columns, rows=rows,  # type: ignore[arg-type]
        facts=facts, marking=f"TLP:{marking}" if marking else "",
        page_words=_("Page {page} of {pages}"),
    )  # fmt: skip


def date_time_group(moment: datetime) -> str:
    """A moment in UTC as the field writes it: 211030Z NOV 26."""
    utc = moment.astimezone(UTC)
    return f"{utc:%d%H%M}Z {MONTHS[utc.month - 1]} {utc:%y}"


def _body(wanted: str, listing: Listing, made_at: datetime) -> bytes:
    if wanted == "csv":
        return csv_bytes(listing)
    return xlsx_bytes(listing, made_at) if wanted == "xlsx" else pdf_bytes(listing)


def _file(wanted: str, body: bytes, listing: Listing, made_at: datetime) -> HttpResponse:
    """A download whose name tells title, marking and hour; never shown inside a page, never kept by the browser."""
    parts = [slugify(listing.title, allow_unicode=True) or "list", slugify(listing.marking), f"{made_at:%Y%m%dT%H%MZ}"]
    answer = HttpResponse(body, content_type=TYPES[wanted])
    answer.headers["Content-Disposition"] = _attachment("_".join(filter(None, parts)), wanted)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _attachment(name: str, suffix: str) -> str:
    """RFC 6266: an ASCII name, and the true one in UTF-8."""
    spelled = quote(f"{name}.{suffix}", safe="")
    plain = name.encode("ascii", "ignore").decode().strip("_") or "list"
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{spelled}"


def _refusal(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "rooms/export_refused.html", {"sentence": sentence}, status=422)
