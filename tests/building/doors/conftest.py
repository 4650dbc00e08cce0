"""Kinds of record to pass through doors: one with a headline alone, one with three lines and parts of its own."""

import uuid

import pytest
from django.utils.html import format_html, format_html_join

from tansiq.building.doors.models import Release
from tansiq.building.doors.queries import audience_now
from tansiq.building.doors.rules import RECORD_TYPES, RecordType, passes_doors
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.acts import Done, act, own_audience
from tansiq.building.rooms.queries import audience
from tests import factories

LINES = ("headline", "detail", "identities")


@pytest.fixture
def kind():
    """A release stands in as a kind of record with a headline alone."""
    kind = RecordType(
        code="test_record", model=Release, rows=lambda record_id, line: [(Release, [record_id])],
        title=str, url="doors:release", fragment=lambda request, record: "", lines=("headline",),
    )  # fmt: skip
    passes_doors(kind)
    yield kind
    del RECORD_TYPES["test_record"]


def rows_of(record_id, line):
    """The record itself stands on the headline; rows that name it stand on the line that they name."""
    found = Release.objects.filter(record_id=record_id, record_type=f"row_{line}").order_by("reason")
    own = [(Release, [record_id])] if line == "headline" else []
    return [*own, (Release, list(found.values_list("pk", flat=True)))]


def holders_of_rows(room_id, model, ids):
    """The whole and, for a row that is a record itself, the part."""
    rows = Release.objects.filter(pk__in=ids, room_id=room_id, record_type__startswith="row_")
    return {pk: [("test_whole", whole), ("test_part", pk)] for pk, whole in rows.values_list("pk", "record_id")}


def page_of(request, record):
    """All that a reader sees of the record, and nothing else."""
    rows = Release.objects.filter(record_id=record.pk, record_type__startswith="row_").order_by("reason")
    listed = format_html_join("", "<li>{}</li>", ((row.reason,) for row in rows))
    return format_html("<h3>{}</h3><ul>{}</ul>", record.reason, listed)


@pytest.fixture
def three_lines():
    """Rows of a release stand in as a kind of record with rows on three lines; a row can be a record itself."""
    whole = RecordType(
        code="test_whole", model=Release, rows=rows_of, title=lambda record: record.reason, url="doors:release",
        fragment=page_of, holders=holders_of_rows,
    )  # fmt: skip
    part = RecordType(
        code="test_part", model=Release, rows=lambda record_id, line: [(Release, [record_id])],
        title=lambda record: record.reason, url="doors:release", fragment=page_of, lines=("headline",),
        within=lambda record_id: [("test_whole", pk) for pk in Release.objects.filter(
            pk=record_id).values_list("record_id", flat=True)],
        holders=holders_of_rows,
    )  # fmt: skip
    passes_doors(whole)
    passes_doors(part)
    yield whole
    del RECORD_TYPES["test_whole"], RECORD_TYPES["test_part"]


@act("doors.test.write_whole")
def write_whole(*, by, text, part_readers=()):
    """A record with a row on each line; the headline's row may have other default readers than the record."""
    own = own_audience(by.room_id)
    record = row(by, own, uuid.uuid4(), "record", text)
    labels = {"headline": audience(by.room_id, [(room, None) for room in part_readers])}
    rows = [row(by, labels.get(line, own), record.pk, f"row_{line}", f"{text} {line}") for line in LINES]
    return Done(record, wrote=[record, *rows])


@act("doors.test.add")
def add_row(*, by, record, line, text):
    """One more row on a line of a record, as a desk adds it."""
    label = audience_now("test_whole", record.pk, line, by)
    added = row(by, label, record.pk, f"row_{line}", text)
    return Done(added, wrote=[added])


def row(by, label, record_id, record_type, text):
    return Release.objects.create(
        room_id=by.room_id, audience_id=label, record_type=record_type, record_id=record_id, lines=[],
        marking="GREEN", reason=text, state="declined",
    )  # fmt: skip


def seen_of(slug, record):
    """The texts of a record's rows that a room reads."""
    with eyes_of(factories.actor(slug)):
        own = Release.objects.filter(pk=record.pk)
        return sorted(own.union(Release.objects.filter(record_id=record.pk)).values_list("reason", flat=True))
