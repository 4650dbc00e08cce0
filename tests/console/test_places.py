"""`tansiq places import`: exit codes, JSON, nothing written by halves."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tansiq.building.ledger.models import Entry
from tansiq.building.places.models import Place
from tansiq.building.wall.context import room_context
from tansiq.console.places import places
from tests import factories

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
GOOD = {"geonameid": 881, "name": "Consoleville", "latitude": 31, "longitude": 34, "alternatenames": ["Konsolvil"]}
BAD = {"geonameid": 882, "name": "Nowhere", "latitude": 0, "longitude": 0, "alternatenames": []}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "gazetteer.json"
    place.write_text(json.dumps([GOOD, BAD]), encoding="utf-8")
    return place


def run(file: Path, *options: str, operation: str = "test") -> Result:
    arguments = ["import", str(file), "--kind", "gazetteer", "--operation", operation, *options]
    return CliRunner().invoke(places, arguments)


def known() -> list[str]:
    return sorted(
        Place.objects.using("owner")
        .filter(catalogue="geonames", code__in=["881", "882"])
        .values_list("code", flat=True)
    )


def test_refused_row_stops_the_import_and_is_named(file):
    done = run(file)
    assert done.exit_code == 1
    assert "refused, row 2: The row has no position" in done.output
    assert "Nothing was imported." in done.output
    assert known() == []


def test_partial_takes_the_good_rows_and_enters_the_load_in_the_ledger(file):
    done = run(file, "--partial", "--json")
    assert done.exception is None, done.output
    facts = json.loads(done.stdout)
    assert (done.exit_code, facts["taken"], facts["refused"]) == (0, 1, 1)
    assert facts["written"]["names"] == {"added": 2, "changed": 0, "same": 0, "removed": 0}
    assert known() == ["881"]
    floor = factories.room_id("floor")
    with room_context(room_ids=(floor,)):
        assert Entry.objects.filter(room_id=floor).order_by("-seq").first().act == "places.place.load"


def test_dry_run_writes_nothing(file):
    done = run(file, "--partial", "--dry-run")
    assert (done.exit_code, known()) == (0, [])


def test_unknown_operation_is_refused_by_name(file):
    done = run(file, operation="nowhere")
    assert (done.exit_code, "There is no operation called nowhere." in done.output) == (1, True)


def test_operation_is_needed_for_a_gazetteer(file):
    done = CliRunner().invoke(places, ["import", str(file), "--kind", "gazetteer"])
    assert (done.exit_code, "--operation is needed" in done.output) == (2, True)
