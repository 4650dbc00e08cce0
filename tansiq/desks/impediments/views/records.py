"""How impediments pass a door: their rows, their titles and what a receiver is shown."""

from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string

from tansiq.building.doors.rules import RecordType, passes_doors
from tansiq.desks.impediments.models import Impediment
from tansiq.desks.impediments.queries.stories import impediment_story, rows_on_line
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import RECORD_TYPE


def show_impediment(request: Any, record: Model) -> str:
    """An impediment as the asking room may read it; lines that are closed to it are absent."""
    story = impediment_story(request.actor, record.pk, words(request.actor.operation_id))
    return render_to_string("impediments/_impediment.html", {"story": story, "row": story.row if story else None})


def title_of(record: Model) -> str:
    """What to call an impediment in a list of releases."""
    return str(record.title)  # type: ignore[attr-defined]


passes_doors(
    RecordType(
        code=RECORD_TYPE, model=Impediment, rows=rows_on_line, title=title_of, url="impediments:impediment",
        fragment=show_impediment,
    )
)  # fmt: skip
