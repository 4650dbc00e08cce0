"""A kind of record to pass through doors."""

import pytest

from tansiq.building.doors.models import Release
from tansiq.building.doors.rules import RECORD_TYPES, RecordType, passes_doors


@pytest.fixture
def kind():
    """A release stands in as a kind of record with a headline alone."""
    kind = RecordType(
        code="test_record", model=Release, rows=lambda record_id, line: [(Release, [record_id])],
        title=str, url="rooms:room", fragment=lambda request, record: "", lines=("headline",),
    )  # fmt: skip
    passes_doors(kind)
    yield kind
    del RECORD_TYPES["test_record"]
