"""How the records of this desk pass a door: their rows, their titles and what a receiver is shown."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template.loader import render_to_string

from tansiq.building.doors.rules import RecordType, Rows, passes_doors
from tansiq.desks.distribution.models import (
    Complaint,
    DistributionPlan,
    DistributionReport,
    FocalPerson,
    Interview,
    Line,
    MonitoringRound,
    PartnerRelease,
    PlanDetail,
    ReportState,
    Step,
    StockMovement,
    Warehouse,
)
from tansiq.desks.distribution.queries.feedback import complaint_rows, results_of, round_rows
from tansiq.desks.distribution.queries.partners import release_rows
from tansiq.desks.distribution.queries.plans import plan_rows
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.queries.stock import movements, warehouse_rows

Way = tuple[type[Model], str]  # a table, and how its rows name the record
LINES: dict[type[Model], dict[str, tuple[Way, ...]]] = {
    Warehouse: {"detail": ((StockMovement, "warehouse"),)},
    PartnerRelease: {"detail": ((Line, "release"), (Step, "release"))},
    MonitoringRound: {"detail": ((Interview, "round"),)},
    Complaint: {"detail": ((Step, "complaint"),)},
    DistributionPlan: {
        "detail": ((PlanDetail, "plan"), (Line, "plan"), (Step, "plan"), (Line, "report__plan"),
                   (Step, "report__plan")),
        "identities": ((FocalPerson, "plan"),),
    },
}  # fmt: skip
"""Record → tear line → the tables whose rows stand on it."""


def rows_of(model: type[Model]) -> Callable[[UUID, str], Rows]:
    """The rows of a record of this room on a tear line."""

    def rows(record_id: UUID, line: str) -> Rows:
        room = model._default_manager.values_list("room", flat=True).get(pk=record_id)
        found: list[tuple[type[Model], list[UUID]]] = [(model, [record_id])] if line == "headline" else []
        if model is DistributionPlan and line == "headline":
            sent = DistributionReport.objects.filter(plan=record_id, room=room).exclude(state=ReportState.DRAFT)
            found.append((DistributionReport, list(sent.values_list("pk", flat=True))))
        for table, way in LINES[model].get(line, ()):
            kept = table._default_manager.filter(**{way: record_id}, room=room)
            found.append((table, list(kept.values_list("pk", flat=True))))
        return found

    return rows


def show_warehouse(request: Any, record: Any) -> str:
    """A warehouse as the asking room may read it."""
    row = warehouse_rows([record], request.actor, words(request.actor))[0]
    context = {"row": row, "movements": list(movements(record)[:20])}
    return render_to_string("distribution/_warehouse_released.html", context)


def show_release(request: Any, record: Any) -> str:
    """A release to a partner as the asking room may read it."""
    context = {"row": release_rows([record], request.actor, words(request.actor))[0]}
    return render_to_string("distribution/_release_released.html", context)


def show_plan(request: Any, record: Any) -> str:
    """A distribution as the asking room may read it."""
    context = {"row": plan_rows([record], request.actor, words(request.actor))[0]}
    return render_to_string("distribution/_plan_released.html", context)


def show_round(request: Any, record: Any) -> str:
    """A round of monitoring as the asking room may read it."""
    interviews = list(Interview.objects.filter(round=record).order_by("number"))
    row = round_rows([record], request.actor, words(request.actor))[0]
    context = {"row": row, "results": results_of(record, interviews)}
    return render_to_string("distribution/_round_released.html", context)


def show_complaint(request: Any, record: Any) -> str:
    """A complaint as the asking room may read it."""
    context = {"row": complaint_rows([record], request.actor, words(request.actor))[0]}
    return render_to_string("distribution/_complaint_released.html", context)


def name_of(record: Model) -> str:
    """What to call a warehouse in a list of releases."""
    return str(record.name)  # type: ignore[attr-defined]


def reference_of(record: Model) -> str:
    """What to call every other record of this desk."""
    return str(record.reference)  # type: ignore[attr-defined]


ALL = ("headline", "detail", "identities")
for _code, _model, _url, _show, _lines in (
    ("distribution_warehouse", Warehouse, "warehouse", show_warehouse, ALL[:2]),
    ("partner_release", PartnerRelease, "partner-release", show_release, ALL[:2]),
    ("distribution_plan", DistributionPlan, "plan", show_plan, ALL),
    ("monitoring_round", MonitoringRound, "monitoring-round", show_round, ALL[:2]),
    ("distribution_complaint", Complaint, "complaint", show_complaint, ALL[:2]),
):
    passes_doors(
        RecordType(
            code=_code, model=_model, rows=rows_of(_model), url=f"distribution:{_url}", fragment=_show, lines=_lines,
            title=name_of if _model is Warehouse else reference_of,
        )
    )  # fmt: skip
