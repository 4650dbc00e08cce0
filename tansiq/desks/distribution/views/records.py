"""How the records of this desk pass a door: their rows, their titles and what a receiver is shown."""

from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template.loader import render_to_string

from tansiq.building.doors.rules import RecordType, Rows, passes_doors
from tansiq.desks.distribution.models import StockMovement, Warehouse
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.queries.stock import movements, warehouse_rows


def warehouse_lines(warehouse_id: UUID, line: str) -> Rows:
    """The rows of a warehouse on one tear line."""
    if line == "headline":
        return [(Warehouse, [warehouse_id])]
    if line == "detail":
        return [
            (StockMovement, list(StockMovement.objects.filter(warehouse=warehouse_id).values_list("pk", flat=True)))
        ]
    return []


def show_warehouse(request: Any, record: Model) -> str:
    """A warehouse as the asking room may read it."""
    known = words(request.actor)
    found = warehouse_rows([record], request.actor, known)  # type: ignore[list-item]
    context = {"row": found[0], "movements": list(movements(record)[:20])}  # type: ignore[arg-type]
    return render_to_string("distribution/_warehouse_released.html", context)


def title_of_warehouse(record: Model) -> str:
    """What to call a warehouse in a list of releases."""
    return str(record.name)  # type: ignore[attr-defined]


passes_doors(
    RecordType(
        code="distribution_warehouse", model=Warehouse, rows=warehouse_lines, title=title_of_warehouse,
        url="distribution:warehouse", fragment=show_warehouse, lines=("headline", "detail"),
    )
)  # fmt: skip
