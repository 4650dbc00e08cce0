"""`tansiq aid`: what it takes, what it refuses, and how it says so."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import click
import pytest

from tansiq.building.rooms.models import Operation
from tansiq.console import aid
from tansiq.console.answers import Refused
from tansiq.desks.aid import actions
from tests import factories

pytestmark = pytest.mark.django_db

OPERATION = Path(__file__).resolve().parents[2] / "demo" / "operation"
MAPPING = """
format: 1
code: gate_book
names: &names {en: Gate book, ar: دفتر البوابة, he: יומן השער}
ledger: {code: gate_book, names: *names}
record: consignment_event
columns:
  - {heading: No, field: source_row, type: identifier, required: true}
  - {heading: Day, field: occurred_date, type: date, required: true}
  - {heading: Pallets, field: quantity, type: number, required: true}
key: [source_row]
occurred: {date: occurred_date}
constants: {stage: offloaded, unit: pallet, consignor_class: un}
"""


@pytest.fixture(scope="session")
def reference_data(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        actions.load_reference(Operation.objects.using("owner").get(slug="test"), OPERATION)
        factories.close_connections()


@pytest.fixture
def ledger(reference_data, db, settings, tmp_path):
    settings.VAULT = tmp_path / "vault"
    (tmp_path / "gate.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "gate.csv").write_text("No,Day,Pallets\n1,2026-03-01,10\n2,2026-03-02,x\n", encoding="utf-8")
    return tmp_path


def silent(step: str, done: int, total: int) -> None:
    """Show no progress."""


def test_preview_then_import_then_count(ledger):
    by = aid._actor("un", "test")
    mapping = aid._mapping(by, str(ledger / "gate.yaml"))
    options = {"is_whole": True, "allow_refused": True}
    seen = aid._preview(by, ledger / "gate.csv", mapping, silent, **options)
    assert (seen["outcome"], seen["added"], seen["refused"]) == ("taken", 1, 1)
    done = aid._import(by, ledger / "gate.csv", mapping, silent, **options)
    assert aid._account(done).splitlines() == [
        "2 rows: 1 taken, 1 refused, 0 skipped.",
        "1 added, 0 revised, 0 withdrawn, 0 unchanged.",
        "  row 3, Pallets: Not a number. Found 'x', expected 1234.5.",
    ]
    days = (date(2026, 3, 1), date(2026, 3, 31))
    found = aid._count(by, "pallets_offloaded", days, as_of=None, group_by=("day",), compare="ledger_pallets_un")
    assert (found["total"], found["groups"][0]["key"], found["compare"]["difference"]) == (
        Decimal(10), ["2026-03-01"], Decimal(0),
    )  # fmt: skip
    assert aid._table(found).splitlines()[0] == "pallets_offloaded (version 1), 2026-03-01 to 2026-03-31: 10 pallet"


def test_unknown_room_mapping_and_definition_are_refused_with_what_is_known(ledger):
    with pytest.raises(Refused, match="no room nowhere; rooms: .*test/alpha"):
        aid._actor("nowhere", None)
    by = aid._actor("un", "test")
    with pytest.raises(Refused, match="unrwa_commodities_received"):
        aid._mapping(by, "nothing")
    with pytest.raises(Refused, match="trucks_entered"):
        aid._count(by, "nothing", (date(2026, 3, 1),) * 2, as_of=None, group_by=(), compare=None)


def test_moment_is_utc_unless_it_says_otherwise():
    assert aid._moment("2026-01-31T18:00") == datetime(2026, 1, 31, 18, tzinfo=UTC)
    assert aid._moment("2026-01-31T18:00+02:00") == datetime(2026, 1, 31, 16, tzinfo=UTC)
    with pytest.raises(click.BadParameter):
        aid._moment("tomorrow")
