"""How askings, decisions and statements on routes pass a door: their rows, titles and what a receiver is shown."""

from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string

from tansiq.building.clocks.queries import database_now
from tansiq.building.doors.rules import RecordType, passes_doors
from tansiq.building.rooms.queries import local_name
from tansiq.desks.coordination.models import Asking, Decision, RouteStatement
from tansiq.desks.coordination.queries.decisions import decision_story
from tansiq.desks.coordination.queries.routes import route_rows
from tansiq.desks.coordination.queries.stories import (
    asking_rows_on_line,
    asking_story,
    decision_rows_on_line,
    route_rows_on_line,
)
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import ASKING, DECISION, ROUTE


def show_asking(request: Any, record: Model) -> str:
    """An asking as the asking room may read it; lines that are closed to it are absent."""
    story = asking_story(request.actor, record.pk, words(request.actor.operation_id))
    return render_to_string("coordination/_asking.html", {"story": story, "row": story.row if story else None})


def show_decision(request: Any, record: Model) -> str:
    """An authority's file as the reader may see it."""
    story = decision_story(request.actor, record.pk, words(request.actor.operation_id))
    return render_to_string("coordination/_decision.html", {"story": story})


def show_route(request: Any, record: Model) -> str:
    """A statement on a route as the reader may see it."""
    assert isinstance(record, RouteStatement)  # noqa: S101 - the kind of record that is registered below
    row = route_rows([record], words(request.actor.operation_id), database_now())[0]
    return render_to_string("coordination/_statement.html", {"row": row})


def title_of_asking(record: Model) -> str:
    """What to call an asking in a list of releases."""
    return str(record.reference)  # type: ignore[attr-defined]


def title_of_decision(record: Model) -> str:
    """What to call an authority's file: the reference of what it decides on, where that is open to the reader."""
    assert isinstance(record, Decision)  # noqa: S101 - the kind of record that is registered below
    asking = Asking.objects.filter(pk=record.asking_id).first()
    return asking.reference if asking else local_name(record.asked_by.names)


def title_of_route(record: Model) -> str:
    """What to call a statement on a route."""
    assert isinstance(record, RouteStatement)  # noqa: S101 - the kind of record that is registered below
    known = words(record.room.operation_id)
    return local_name(known.route(record.route_code, record.route_name))


LINES = ("headline", "detail")
passes_doors(
    RecordType(
        code=ASKING, model=Asking, rows=asking_rows_on_line, title=title_of_asking, url="coordination:asking",
        fragment=show_asking, lines=LINES,
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code=DECISION, model=Decision, rows=decision_rows_on_line, title=title_of_decision, url="coordination:decision",
        fragment=show_decision, lines=LINES,
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code=ROUTE, model=RouteStatement, rows=route_rows_on_line, title=title_of_route,
        url="coordination:route-statement", fragment=show_route, lines=LINES,
    )
)  # fmt: skip
