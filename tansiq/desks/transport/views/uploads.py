"""Scans from a file: looked through first, row by row, then taken; the same file taken twice adds nothing."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport import actions
from tansiq.desks.transport.forms.scans import ScanForm, ScanUploadForm
from tansiq.desks.transport.queries.scans import scans_by_key, scans_shown, sorted_out
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import Act
from tansiq.desks.transport.rules.scans import SCANS_AT_MOST, ScanAsked
from tansiq.engine.imports import UnreadableFile, plain_rows

SALT = "transport.scans"
NAMESPACE = UUID("5a1f6c0e-6f0b-4f5e-9d53-0c9a1d5f7a21")
COLUMNS = {
    "code": "code", "what": "deed", "where": "place", "crossing": "crossing_code", "when": "claimed_at",
    "quantity": "quantity", "giver_quantity": "giver_quantity", "damaged": "damaged_quantity",
    "condition": "condition", "seal": "seal", "truck": "truck", "note": "note",
}  # fmt: skip
NEEDED = ("code", "what", "where")
UNREADABLE = {
    "empty_file": gettext_lazy("The file is empty."),
    "too_large": gettext_lazy("The file is too large to be read, or unpacks to more than is allowed."),
    "not_a_table": gettext_lazy("The file is neither a workbook nor a text table, whatever its name says."),
    "unknown_encoding": gettext_lazy("The letters of the file are in no encoding that is known."),
    "broken_workbook": gettext_lazy("The workbook is damaged or is none."),
    "locked_workbook": gettext_lazy("The workbook is locked with a password."),
    "broken_csv": gettext_lazy("The text table is damaged: quotation marks or columns do not fit."),
}  # fmt: skip


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one cell of one row."""

    row: int
    column: str
    found: str
    sentence: str


@page(Act.RECORD_SCANS)
def scan_upload(request: HttpRequest) -> HttpResponse:
    """Bring a file; the page tells what would be taken and what is wrong with which row. Nothing is taken yet."""
    form = ScanUploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "tab": "upload", "may_scan": True, "columns": COLUMNS, "needed": NEEDED}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = _read(file.read())
        except UnreadableFile as fault:
            form.add_error("file", str(UNREADABLE.get(fault.code, fault.code)))
        except ValueError as fault:
            form.add_error("file", str(fault))
        else:
            return render(request, "transport/upload_check.html", _checked(request, found, file.name))
    return render(request, "transport/upload.html", context, status=422 if form.is_bound else 200)


@require_POST
@page(Act.RECORD_SCANS)
def scan_take(request: HttpRequest) -> HttpResponse:
    """Take the rows that were looked through; sent twice they are taken once."""
    by = request.actor
    try:
        slip = signing.loads(request.POST.get("slip", ""), salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        slip = None
    if slip is None or slip["room"] != str(by.room_id):
        messages.error(request, _("The check is too old or not of this room. Choose the file once more."))
        return redirect("transport:scan-upload")
    scans, faults, _rows = _scans(request, slip["rows"])
    if faults and not request.POST.get("right_ones"):
        messages.error(request, _("Nothing was taken: some rows are not right."))
        return redirect("transport:scan-upload")
    keys = [one.key for one in scans]
    before = {one.key for one in scans_by_key(by, keys)}
    try:
        actions.record_scans(by=by, scans=scans, device=slip["name"])
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("transport:scan-upload")
    rows = {one.key: one for one in scans_by_key(by, keys)}
    shown = scans_shown(
        [rows[key] for key in dict.fromkeys(keys)], words(by), settings_of(by.operation_id), known=before
    )
    return render(
        request, "transport/upload_taken.html", {"shown": shown, "faults": faults, "tab": "upload", "may_scan": True}
    )


def _read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows below the headings by number, each as the fields of a scan. Raises ValueError with a sentence."""
    rows = plain_rows(content)
    at = next((n for n, row in enumerate(rows) if {cell.lower() for cell in row} >= set(NEEDED)), None)
    if at is None:
        first = ", ".join(cell for row in rows[:1] for cell in row)[:200]
        raise ValueError(_("No row holds the headings. Found: %(found)s. Expected: %(expected)s.")
                         % {"found": first, "expected": ", ".join(COLUMNS)})  # fmt: skip
    heads = [cell.lower() for cell in rows[at]]
    if strange := [head for head in heads if head and head not in COLUMNS]:
        raise ValueError(_("Unknown column “%(found)s”. Known: %(expected)s.")
                         % {"found": strange[0], "expected": ", ".join(COLUMNS)})  # fmt: skip
    seal = hashlib.sha256(content).hexdigest()
    found = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        if any(row):
            cells = {COLUMNS[head]: cell for head, cell in zip(heads, row, strict=False) if head}
            found.append((number, {**cells, "key": str(uuid5(NAMESPACE, f"{seal} {number}"))}))
    if len(found) > SCANS_AT_MOST:
        raise ValueError(_("At most %(expected)s scans are taken at once; found %(found)s.")
                         % {"expected": SCANS_AT_MOST, "found": len(found)})  # fmt: skip
    if not found:
        raise ValueError(_("There is no row below the headings."))
    return found


def _checked(request: HttpRequest, rows: list[tuple[int, dict[str, str]]], name: str) -> dict[str, Any]:
    scans, faults, _numbers = _scans(request, rows)
    slip = {"room": str(request.actor.room_id), "rows": rows, "name": name[:120]}
    known = len(scans_by_key(request.actor, [one.key for one in scans]))
    return {
        "tab": "upload", "may_scan": True, "count": len(scans), "known": known, "faults": faults, "name": name,
        "wrong": len({fault.row for fault in faults}), "slip": signing.dumps(slip, salt=SALT, compress=True),
    }  # fmt: skip


def _scans(request: HttpRequest, rows: Any) -> tuple[list[ScanAsked], list[RowFault], list[int]]:
    """The scans of the right rows, everything wrong with the others, and the numbers of the right ones."""
    by = request.actor
    usual, known = settings_of(by.operation_id), words(by)
    heads = {field: head for head, field in COLUMNS.items()}
    good, numbers, faults = [], [], []
    for number, cells in rows:
        form = ScanForm(cells, words=known, usual=usual)
        if form.is_valid():
            good.append(form.asked())
            numbers.append(number)
            continue
        faults += [RowFault(number, heads.get(field, field), cells.get(field, ""), str(fault))
                   for field, found in form.errors.items() for fault in found]  # fmt: skip
    right, wrong = sorted_out(by, good)
    faults += [RowFault(numbers[place - 1], "what", good[place - 1].deed, sentence) for place, _code, sentence in wrong]
    return right, sorted(faults, key=lambda fault: fault.row), numbers
