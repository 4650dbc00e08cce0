"""Imports with their reports, and the sealed originals."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import AidEvent, ImportRun, LedgerRow


def sealed_path(sha256: str) -> Path:
    """Where the vault keeps the file of this digest. Raises ValueError for what is no digest."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256 in hexadecimal")
    return Path(settings.VAULT) / sha256[:2] / sha256


def import_runs(by: Actor, *, source: str = "", record_kind: str = "", scans: bool = False) -> QuerySet[ImportRun]:
    """Imports that the room may see, newest first, without their reports; batches of scans only when asked."""
    runs = ImportRun.objects.filter(room__operation=by.operation_id).defer("report", "mapping")
    if source:
        runs = runs.filter(source=source)
    if record_kind:
        runs = runs.filter(record_kind=record_kind)
    elif not scans:
        runs = runs.exclude(record_kind="scan")
    return runs.select_related("room").order_by("-created_at", "pk")


def import_run(run_id: UUID) -> ImportRun | None:
    """One import with its report; None when there is none, or none for this room."""
    return ImportRun.objects.select_related("room").filter(pk=run_id).first()


def events_of_run(run: ImportRun) -> QuerySet[AidEvent]:
    """The events that an import wrote: added, revised and withdrawn ones."""
    return AidEvent.objects.filter(room=run.room_id, import_run=run).order_by("occurred_at", "pk")


def rows_of_run(run: ImportRun) -> QuerySet[LedgerRow]:
    """The ledger rows that an import of another kind wrote."""
    return LedgerRow.objects.filter(room=run.room_id, import_run=run).order_by("row_key", "version")


@dataclass(frozen=True)
class RefusedCell:
    """One reason why a row was not taken."""

    row: int  # of the sheet, 1 = first
    code: str
    heading: str
    field: str
    found: str
    expected: str
    cells: list[str]


def refused_cells(run: ImportRun) -> Iterator[RefusedCell]:
    """Every fault of every refused row, in the order of the sheet; a refused scan has no row, its number is 0."""
    for entry in run.report.get("refused", []):
        faults: list[dict[str, Any]] = entry.get("faults") or [
            {"code": entry.get("code", ""), "found": str(entry.get("params", {}).get("found", ""))}
        ]
        for fault in faults:
            yield RefusedCell(
                entry.get("row", 0), fault["code"], fault.get("heading", ""), fault.get("field", ""),
                fault.get("found", ""), fault.get("expected", ""), entry.get("cells", []),
            )  # fmt: skip
