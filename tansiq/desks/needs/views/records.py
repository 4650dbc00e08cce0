"""How caseloads, files of them, exposure and storms pass a door: rows, titles, what a receiver is shown."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from tansiq.building.doors.rules import RecordType, passes_doors
from tansiq.building.rooms.queries import local_name
from tansiq.desks.needs.models import Caseload, CaseloadFile, Exposure, Storm
from tansiq.desks.needs.queries.setting import setting
from tansiq.desks.needs.rules import CASELOAD_RECORD, EXPOSURE_RECORD, FILE_RECORD, STORM_RECORD

FAULTS = {
    "empty": _("The cell is empty; a value is needed."),
    "not_a_number": _("Not a number."),
    "not_a_whole_number": _("Not a whole number."),
    "too_small": _("Smaller than allowed."),
    "too_large": _("Larger than allowed."),
    "not_a_date": _("Not a date that the mapping knows."),
    "ambiguous_date": _("The formats of the mapping read this date in more than one way."),
    "date_out_of_range": _("The date lies outside the years that can be kept."),
    "no_heading": _("A value stands in a column that has no heading."),
    "unknown_code": _("The operation has no such code."),
    "too_long": _("Longer than allowed."),
    "merged_cell": _("The cell is part of a merged block, so nobody can say what it holds."),
    "formula_without_value": _("A formula without a stored value."),
    "error_value": _("The spreadsheet itself shows an error here."),
    "control_character": _("A control character that no text may hold."),
}


def _rows_of(model: type[Model]) -> Callable[[UUID, str], list[tuple[type[Model], list[UUID]]]]:
    def rows(record_id: UUID, line: str) -> list[tuple[type[Model], list[UUID]]]:
        return [(model, [record_id])] if line == "headline" else []

    return rows


def _shown_by(template: str) -> Callable[[Any, Model], str]:
    def show(request: Any, record: Model) -> str:
        return render_to_string(template, facts_of(record, request.actor.operation_id))

    return show


def facts_of(record: Any, operation_id: UUID) -> dict[str, Any]:
    """A record with the names of what it names."""
    known = setting(operation_id)
    names = {**{one.code: one.names.as_data() for one in (*known.needs.indicators, *known.needs.hazards)},
             **{one.code: one.names.as_data() for one in known.needs.levels}}  # fmt: skip
    area = known.areas.get(getattr(record, "p_code", ""), {})
    return {
        "one": record, "area": area, "indicator": names.get(getattr(record, "indicator", ""), {}),
        "hazard": names.get(getattr(record, "hazard", ""), {}), "level": names.get(getattr(record, "level", ""), {}),
        "room": known.rooms[record.room_id].names,
        "faults": [
            (row, heading, str(FAULTS.get(code, code)), found, expected)
            for row, heading, code, found, expected in getattr(record, "faults", ())
        ],
        "areas": [known.areas.get(code, {"en": code}) for code in getattr(record, "areas", ())],
    }  # fmt: skip


def title_of_place(record: Any) -> str:
    """What to call a statement on a place."""
    known = setting(record.room.operation_id)
    parts = [
        local_name(known.areas.get(record.p_code, {})) or record.p_code,
        record.site,
        record.as_of_date.isoformat(),
    ]
    return " · ".join(part for part in parts if part)


passes_doors(
    RecordType(
        code=CASELOAD_RECORD, model=Caseload, rows=_rows_of(Caseload), title=title_of_place, url="needs:caseload",
        fragment=_shown_by("needs/_caseload.html"), lines=("headline",),
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code=FILE_RECORD, model=CaseloadFile, rows=_rows_of(CaseloadFile), title=lambda one: str(one.file_name),  # type: ignore[attr-defined]
        url="needs:file", fragment=_shown_by("needs/_file.html"), lines=("headline",),
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code=EXPOSURE_RECORD, model=Exposure, rows=_rows_of(Exposure), title=title_of_place, url="needs:exposure",
        fragment=_shown_by("needs/_exposure.html"), lines=("headline",),
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code=STORM_RECORD, model=Storm, rows=_rows_of(Storm), title=lambda one: str(one.warning),  # type: ignore[attr-defined]
        url="needs:storm", fragment=_shown_by("needs/_storm.html"), lines=("headline",),
    )
)  # fmt: skip
