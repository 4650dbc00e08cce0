"""How manifests pass a door: their rows, their titles and what a receiver is shown."""

from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string

from tansiq.building.doors.rules import RecordType, passes_doors
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport.models import Manifest
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.queries.stories import manifest_story, rows_on_line
from tansiq.desks.transport.rules import RECORD_TYPE


def show_manifest(request: Any, record: Model) -> str:
    """A manifest as the asking room may read it; lines that are closed to it are absent."""
    by = request.actor
    story = manifest_story(by, record.pk, words(by), settings_of(by.operation_id))
    return render_to_string("transport/_manifest.html", {"story": story, "row": story.row if story else None})


def title_of(record: Model) -> str:
    """What to call a manifest in a list of releases."""
    return str(record.number)  # type: ignore[attr-defined]


passes_doors(
    RecordType(
        code=RECORD_TYPE, model=Manifest, rows=rows_on_line, title=title_of, url="transport:manifest",
        fragment=show_manifest,
    )
)  # fmt: skip
