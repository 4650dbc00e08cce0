"""Files of others: columns found by data, rows repaired with a note or refused with the reason."""

import json

import pytest

from tansiq.building.places.intake.cod_ab import read_areas
from tansiq.building.places.intake.gazetteer import read_gazetteer
from tansiq.building.places.intake.outlines import drawn
from tansiq.building.places.intake.pcodes import read_pcodes

SQUARE = [[34.0, 31.0], [35.0, 31.0], [35.0, 32.0], [34.0, 32.0], [34.0, 31.0]]
BOW_TIE = [[34.0, 31.0], [35.0, 32.0], [35.0, 31.0], [34.0, 32.0], [34.0, 31.0]]


def areas(*rows: tuple[dict, object]):
    features = [{"type": "Feature", "properties": row, "geometry": geometry} for row, geometry in rows]
    return read_areas(json.dumps({"type": "FeatureCollection", "features": features}).encode(), source="test")


def polygon(ring: list) -> dict:
    return {"type": "Polygon", "coordinates": [ring]}


def found(intake) -> list[tuple]:
    return [(finding.level, finding.code, finding.row) for finding in intake.findings]


def test_columns_of_two_countries_are_found_by_the_mapping():
    intake = areas(
        (
            {"adm2_name": "North", "adm2_name1": "شمال", "lang1": "ar", "adm2_pcode": "XX01", "adm1_pcode": "XX"},
            polygon(SQUARE),
        ),
        ({"ADM2_EN": "Juba", "ADM2ALT1EN": "Djouba", "ADM2_PCODE": "SS0101", "ADM1_PCODE": "SS01"}, polygon(SQUARE)),
    )
    first, second = intake.entries
    assert (first.place.code, first.level, first.parent_p_code) == ("XX01", 2, "XX")
    assert first.place.names == {"en": "North", "ar": "شمال"}
    assert [(one.text, one.language, one.kind) for one in second.place.spellings] == [
        ("Juba", "en", "official"), ("Djouba", "en", "variant"), ("SS0101", "zxx", "code"),
    ]  # fmt: skip


def test_name_columns_that_are_empty_in_every_row_are_noted():
    intake = areas(({"adm1_name": "A", "adm1_name1": None, "lang1": None, "adm1_pcode": "XX01"}, polygon(SQUARE)))
    assert found(intake) == [("noted", "column_empty", None)]
    assert intake.findings[0].params == {"column": "adm1_name1"}


def test_crossed_outline_is_repaired_with_a_note():
    intake = areas(({"adm1_name": "A", "adm1_pcode": "XX01"}, polygon(BOW_TIE)))
    assert ("repaired", "geometry_repaired", 1) in found(intake)
    assert intake.entries[0].drawing.drawn.geometry["type"] == "MultiPolygon"


def test_outline_without_area_is_refused_with_the_reason():
    flat = [[34.0, 31.0], [35.0, 31.0], [34.5, 31.0], [34.0, 31.0]]
    intake = areas(({"adm1_name": "A", "adm1_pcode": "XX01"}, polygon(flat)))
    assert intake.entries == []
    assert ("refused", "geometry_broken", 1) in found(intake)


def test_rows_that_cannot_be_taken_each_say_why():
    good = {"adm1_name": "A", "adm1_pcode": "XX01"}
    intake = areas(
        (good, polygon(SQUARE)), (good, polygon(SQUARE)), ({"adm1_name": "B"}, polygon(SQUARE)),
        ({"adm1_name": None, "adm1_pcode": "XX04"}, polygon(SQUARE)), ({**good, "adm1_pcode": "XX05"}, None),
        ({**good, "adm1_pcode": "XX06"}, {"type": "Point", "coordinates": [34, 31]}),
    )  # fmt: skip
    assert [row for row in found(intake) if row[0] == "refused"] == [
        ("refused", "code_twice", 2), ("refused", "no_level", 3), ("refused", "name_missing", 4),
        ("refused", "geometry_missing", 5), ("refused", "geometry_type", 6),
    ]  # fmt: skip
    assert intake.counts() == {"rows": 6, "taken": 1, "repaired": 0, "noted": 0, "refused": 5}


def test_outline_is_rounded_to_a_centimetre_and_turned():
    kept, faults = drawn(polygon([[x + 1e-12, y] for x, y in reversed(SQUARE)]), ("Polygon",), 1)
    assert faults == []
    assert kept.geometry == {
        "type": "Polygon",
        "coordinates": [[[34.0, 31.0], [35.0, 31.0], [35.0, 32.0], [34.0, 32.0], [34.0, 31.0]]],
    }


def test_gazetteer_is_recognised_by_its_columns_and_keeps_every_spelling():
    rows = [
        {
            "geonameid": 1,
            "name": "Zefta",
            "latitude": 30.7,
            "longitude": 31.2,
            "alternatenames": ["Zifta", "زفتى", "Zefta"],
        },
        {"geonameid": 2, "name": "Nowhere", "latitude": 0, "longitude": 0, "alternatenames": []},
        {"geonameid": 3, "name": "Far", "latitude": 300, "longitude": "x", "alternatenames": []},
        {"geonameid": 4, "name": "Hid\u202eden", "latitude": 1, "longitude": 1, "alternatenames": []},
        "not a row",
    ]
    intake = read_gazetteer(json.dumps(rows).encode(), "file.json")
    assert [(one.text, one.language) for one in intake.entries[0].spellings] == [
        ("Zefta", "und-Latn"), ("Zifta", "und-Latn"), ("زفتى", "und-Arab"),
    ]  # fmt: skip
    assert found(intake) == [
        ("refused", "position_missing", 2), ("refused", "value_wrong", 3), ("refused", "value_wrong", 3),
        ("repaired", "name_cleaned", 4), ("refused", "not_object", 5),
    ]  # fmt: skip
    assert [entry.names for entry in intake.entries] == [{"und-Latn": "Zefta"}, {"und-Latn": "Hidden"}]


def test_unknown_gazetteer_is_refused_with_its_columns():
    intake = read_gazetteer(b"ort,breite\nA,1\n", "file.csv")
    assert found(intake) == [("refused", "no_mapping", None)]
    assert intake.findings[0].params == {"found": "ort, breite"}


def test_pcodes_pass_over_hashtags_and_refuse_by_row():
    content = (
        "\ufeffLocation,Admin Level,P-Code,Name,Parent P-Code,Valid from date\n"
        "#country+code,#geo+admin_level,#adm+code,#adm+name,#adm+code+parent,#date+start\n"
        "AFG,1,AF01,Kabul,AFG,2019-10-22\nAFG,x,AF02,Kapisa,AFG,2019-10-22\nAFG,1,AF01,Kabul,AFG,\nAFG,1,,Parwan,AFG,soon\n"
    )
    intake = read_pcodes(content.encode(), "list.csv")
    assert [(entry.p_code, entry.level, str(entry.valid_from)) for entry in intake.entries] == [
        ("AF01", 1, "2019-10-22")
    ]
    assert found(intake) == [
        ("refused", "value_wrong", 3), ("refused", "code_twice", 4), ("refused", "value_missing", 5),
        ("refused", "value_wrong", 5),
    ]  # fmt: skip


def test_missing_column_shows_what_was_found():
    intake = read_pcodes(b"Location,Level\nAFG,1\n", "list.csv")
    assert next(finding.sentence for finding in intake.findings) == (
        "The column “P-Code” is missing. Found the columns: Location, Level."
    )


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "rows", "level"),
    [
        ("palestine/pse_admin1.geojson", 2, 1), ("palestine/pse_admin2.geojson", 16, 2),
        ("south-sudan_sudan/ssd_admbnda_adm1_imwg_nbs_20210924.geojson", 10, 1),
        ("south-sudan_sudan/ssd_admbnda_adm2_imwg_nbs_20180817.geojson", 79, 2),
    ],
)  # fmt: skip
def test_real_boundaries_are_all_taken(real_data, file, rows, level):
    intake = read_areas((real_data / "1-geo" / file).read_bytes(), source="COD-AB")
    assert (intake.rows, len(intake.entries), intake.refused_rows) == (rows, rows, 0)
    assert {entry.level for entry in intake.entries} == {level}
    assert all(entry.drawing.published_on for entry in intake.entries)


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "rows", "taken"),
    [
        ("6-text/geonames_cities500_levant_yemen_sudans.json", 2387, 2387),
        ("6-text/il_pikud_haoref_cities_he_en_ru_ar.json", 1451, 1450),  # "select all" at 0, 0 is no place
        ("6-text/ps_gazetteer_known_locations.json", 1443, 1443),
        ("1-geo/palestine/ocha_closures_2025/greenline_checkpoints_nov2025.geojson", 10, 10),
        ("1-geo/palestine/ocha_closures_2025/barrier_gates_2025.geojson", 74, 74),
    ],
)
def test_real_gazetteers_account_for_every_row(real_data, file, rows, taken):
    intake = read_gazetteer((real_data / file).read_bytes(), file)
    assert (intake.rows, len(intake.entries), intake.rows - intake.refused_rows) == (rows, taken, taken)


@pytest.mark.real
def test_real_closure_points_account_for_every_row(real_data):
    file = real_data / "1-geo/palestine/ocha_closures_2025/closurepoints_811.geojson"
    intake = read_gazetteer(file.read_bytes(), file.name)
    assert (intake.rows, len(intake.entries) + intake.refused_rows) == (811, 811)


@pytest.mark.real
def test_real_pcodes_are_all_taken(real_data):
    intake = read_pcodes((real_data / "1-geo/global_pcodes_adm1_adm2.csv").read_bytes(), "pcodes.csv")
    assert (intake.rows, len(intake.entries), intake.findings) == (33363, 33363, [])


@pytest.mark.parametrize(
    ("ring", "code"),
    [([], "geometry_missing"), ([[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]], "geometry_broken")],
)
def test_outline_that_is_empty_or_crosses_the_180th_meridian_is_refused(ring, code):
    feature = {
        "type": "Feature", "geometry": {"type": "Polygon", "coordinates": ring},
        "properties": {"ADM1_EN": "Name", "ADM1_PCODE": "XX01", "ADM0_PCODE": "XX"},
    }  # fmt: skip
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    found = read_areas(content, source="test").findings
    assert [finding.code for finding in found if finding.level == "refused"] == [code]
