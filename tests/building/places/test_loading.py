"""Places of the operation's own files and of imports: written once, revised, never doubled."""

import json

import pytest
from django.db import connection

from tansiq.building.places.intake.cod_ab import read_areas
from tansiq.building.places.intake.entries import PcodeEntry
from tansiq.building.places.intake.gazetteer import read_gazetteer
from tansiq.building.places.loading import Written, load_places, save_areas, save_pcodes, save_places
from tansiq.building.places.models import Area, Crossing, Drawing, GlobalPcode, Place, PlaceName
from tests.building.places.conftest import DIRECTORY

pytestmark = pytest.mark.django_db(databases=["default", "owner"])  # a test's writes as owner are taken back too


def test_own_files_are_loaded_whole(owned):
    assert Area.objects.filter(operation=owned.pk).count() >= 6
    line = Place.objects.get(operation=owned.pk, catalogue="line", code="separation_line")
    assert [(one.claimant, one.version) for one in line.drawings.order_by("version")] == [
        ("lead_nation", "1"), ("party_a", "2"), ("party_b", "3"),
    ]  # fmt: skip
    crossing = Crossing.objects.get(operation=owned.pk, code="kerem_shalom")
    assert (crossing.hours["friday"], crossing.lanes, crossing.place.area.p_code) == ("08:00-13:00", 6, "PS0275")


def test_same_files_again_change_nothing(owned):
    written = load_places(owned, DIRECTORY)
    assert {name: (count.added, count.changed, count.removed) for name, count in written.items()} == dict.fromkeys(
        written, (0, 0, 0)
    )


def test_runtime_role_reads_places_and_cannot_write_them(owned):
    for model in (Place, PlaceName, Area, Drawing, Crossing, GlobalPcode):
        with connection.cursor() as cursor:
            cursor.execute(
                "select has_table_privilege(current_user, %s, 'select'), has_table_privilege(current_user, %s, 'insert,update,delete')",
                [model._meta.db_table, model._meta.db_table],
            )
            assert cursor.fetchone() == (True, False), model


def test_later_edition_revises_and_removes_spellings(owned):
    def edition(*spellings: str, population: int):
        row = {
            "geonameid": 991,
            "name": spellings[0],
            "latitude": 10,
            "longitude": 10,
            "alternatenames": list(spellings[1:]),
            "population": population,
        }
        return read_gazetteer(json.dumps([row]).encode(), "file.json", source="edition test")

    assert save_places(owned, edition("Aaxe", "Axe", population=5)) == {
        "places": Written(added=1),
        "names": Written(added=2),
    }
    revised = save_places(owned, edition("Aaxe", "Aks", population=6))
    assert revised == {"places": Written(changed=1), "names": Written(added=1, same=1, removed=1)}
    place = Place.objects.using("owner").get(operation=owned, catalogue="geonames", code="991")
    assert (place.population, sorted(name.text for name in place.spellings.all())) == (6, ["Aaxe", "Aks"])


def test_import_adds_a_version_beside_the_own_outline_and_overrules_no_own_name(owned):
    ring = [[34.4, 31.5], [34.5, 31.5], [34.5, 31.6], [34.4, 31.6], [34.4, 31.5]]
    row = {
        "adm2_name": "Gaza (other spelling)",
        "adm2_pcode": "PS0260",
        "adm1_pcode": "PS02",
        "version": "v01",
        "valid_on": "2023-10-19",
    }
    feature = {"type": "Feature", "properties": row, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    save_areas(owned, read_areas(content, source="import test"))
    area = Area.objects.using("owner").get(operation=owned, p_code="PS0260")
    assert area.place.names["en"] == "Gaza"
    assert area.parent.p_code == "PS02"
    assert {one.source for one in area.place.drawings.all()} == {
        "import test",
        "Hand-made schematic drawing for the sample operation",
    }
    assert "Gaza (other spelling)" in {name.text for name in area.place.spellings.all()}


def test_place_without_an_area_gets_the_smallest_that_holds_it(owned):
    row = {"geonameid": 992, "name": "Inside", "latitude": 31.35, "longitude": 34.30, "alternatenames": []}
    save_places(owned, read_gazetteer(json.dumps([row]).encode(), "file.json", source="area test"))
    assert Place.objects.using("owner").get(operation=owned, code="992").area.p_code == "PS0270"


def test_pcodes_are_revised_in_place():
    def rows(name: str) -> list[PcodeEntry]:
        return [PcodeEntry("XTS", 1, "XTS01", name, "XTS", None)]

    assert save_pcodes(rows("One")) == {"pcodes": Written(added=1)}
    assert save_pcodes(rows("One")) == {"pcodes": Written(same=1)}
    assert save_pcodes(rows("Two")) == {"pcodes": Written(changed=1)}
