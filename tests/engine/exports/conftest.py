"""A small list in each language."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tansiq.engine.exports import Column, Listing

COLUMNS = (
    Column("Reference", "#meta+id"),
    Column("Entered at", "#date+entered", "moment"),
    Column("Day", "#date", "date"),
    Column("Cargo", "#item+name"),
    Column("Mass (kg)", "#value+kg", "number"),
)
ROWS = (
    ("CN-1", datetime(2026, 11, 21, 10, 30, tzinfo=UTC), date(2026, 11, 21), '=HYPERLINK("x")', Decimal("-12.3")),
    ("CN-2", None, None, "دقيق قمح", 7),
)


@pytest.fixture
def listing():
    """Makes the list in a language."""

    def make(language: str = "en", rows=ROWS, columns=COLUMNS, title: str = "Consignments") -> Listing:
        return Listing(title, language, columns, rows, (("Room", "Alpha"),), "TLP:AMBER", "Page {page} of {pages}")

    return make
