"""Caseloads, files, exposure and storms: each way of saying no, and what is reckoned from what."""

from decimal import Decimal

import pytest

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions import seal_file
from tansiq.desks.needs import actions
from tansiq.desks.needs.models import Caseload, CaseloadFile, Storm
from tansiq.desks.needs.queries.coverage import coverage
from tansiq.desks.needs.queries.exposures import helping, ranked
from tansiq.desks.needs.queries.files import read_file
from tansiq.desks.needs.rules import CaseloadStated, StormStated
from tests.desks.needs.conftest import DAY, carrying, caseload, exposed, goods_at, known, storm, today

pytestmark = pytest.mark.django_db

HEADINGS = "P-code,Site,Indicator,People,Households,Date,Source\n"
TAGS = "#adm2+code,#loc+name,#indicator+code,#inneed+ind,#inneed+hh,#date+reported,#meta+source\n"


def refusal(call) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def cover(by, indicator, p_code="PS0260"):
    with eyes_of(by):
        found = coverage(by, known(by))
    return next(one for one in found.of_indicator(indicator) if one.p_code == p_code)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"p_code": "XX99"}, "needs_area_unknown"),
        ({"indicator": "yachts"}, "needs_indicator_unknown"),
        ({"source": "  "}, "needs_source_missing"),
        ({"people": -1}, "needs_people_out_of_range"),
        ({"people": 5, "households": 6}, "needs_households_too_many"),
        ({"as_of_date": today() + 9 * DAY}, "needs_date_ahead"),
    ],
)
def test_caseload_that_cannot_be_is_refused(un, changed, code):
    said = {"p_code": "PS0260", "people": 10, "as_of_date": today(), "source": "count", **changed}
    assert refusal(lambda: actions.state_caseload(by=un, stated=CaseloadStated(**said))).code == code


def test_need_follows_the_norm_and_the_size_of_a_household(un):
    caseload(un, 1000)
    assert cover(un, "blankets").needed == 1000
    assert cover(un, "tents").needed == 176  # 1000 / 5.7, rounded up
    caseload(un, 1000, households=200, as_of_date=today())
    assert cover(un, "tarpaulins").needed == 400


def test_count_of_an_indicator_comes_before_the_general_one_and_sites_make_an_area(un):
    caseload(un, 900, site="Camp one")
    caseload(un, 100, site="Camp two")
    caseload(un, 300, indicator="blankets")
    assert (cover(un, "mattresses").needed, cover(un, "mattresses").population.sites) == (1000, 2)
    assert (cover(un, "blankets").needed, cover(un, "blankets").population.sites) == (300, 0)


def test_latest_count_is_reckoned_with_whoever_states_it(un, floor):
    caseload(un, 500, as_of_date=today() - 9 * DAY)
    caseload(floor, 700, as_of_date=today() - 2 * DAY)
    caseload(un, 600, as_of_date=today() - 5 * DAY)
    assert (cover(floor, "blankets").needed, cover(un, "blankets").needed) == (700, 600)  # UN does not read the floor's


def test_cover_stock_and_days_are_reckoned_in_pieces(un):
    caseload(un, 1000)
    goods_at(un, "received_good", "blankets", 4)  # 1000 pieces
    goods_at(un, "distributed", "blankets", 1)
    goods_at(un, "distributed", "blankets", 1, at=database_now() - 20 * DAY)
    found = cover(un, "blankets")
    assert (found.covered, found.percent, found.missing, found.stock) == (500, 50, 500, 500)
    assert (found.lately, found.lasts_days) == (250, 28)  # 250 in 14 days, 500 in stock


def test_unit_that_nobody_turns_into_pieces_is_told_and_left_out(un):
    caseload(un, 1000)
    goods_at(un, "distributed", "blankets", 3, unit="truck")
    found = cover(un, "blankets")
    assert (found.covered, found.unturned) == (0, ("truck",))


def test_pipeline_counts_each_truck_at_its_last_stage(un):
    for stage, ago in (("loaded", 3), ("entered", 2), ("collected", 1)):
        goods_at(un, stage, "tents", 2, truck="T-1", at=database_now() - ago * DAY)
    goods_at(un, "loaded", "tents", 1, truck="T-2")
    with eyes_of(un):
        found = coverage(un, known(un)).on_the_way
    assert [found["tents", part] for part in ("at_hub", "at_crossing", "inside")] == [20, 0, 40]


def read(by, text: str, **options):
    said = {"source": "", "as_of": None, **options}
    with eyes_of(by):
        return read_file(text.encode(), known(by), **said)


def test_file_with_an_hxl_row_is_read(un):
    found = read(un, HEADINGS + TAGS + "PS0260,Camp,blankets,120,20,2026-11-01,count\nPS0265,,,80,,01/11/2026,count\n")
    assert [(number, one.p_code, one.site, one.indicator, one.people, one.households) for number, one in found.taken] == [
        (3, "PS0260", "Camp", "blankets", 120, 20), (4, "PS0265", "", "", 80, None),
    ]  # fmt: skip


def test_tags_alone_name_the_columns(un):
    assert len(read(un, "a,b,c,d\n#adm2+code,#inneed+ind,#date,#meta+source\nPS0260,5,2026-11-01,x\n").taken) == 1


def test_every_error_of_a_dirty_file_names_row_column_found_and_expected(un):
    rows = ("PS9999,,,10,,2026-11-01,x\nPS0260,,yachts,10,,2026-11-01,x\nPS0260,,,ten,,2026-11-01,x\n"
            "PS0260,,,10,20,2026-11-01,x\nPS0260,,,10,,soon,x\n,,,10,,2026-11-01,x\nPS0260,,,10,,2026-11-01,\n"
            "PS0260,,,11,,2026-11-01,x\n")  # fmt: skip
    found = read(un, HEADINGS + rows)
    told = [(fault[0], fault[1], fault[2], fault[3]) for row in found.refused for fault in row.faults]
    assert told == [
        (2, "P-code", "unknown_code", "PS9999"), (3, "Indicator", "unknown_code", "yachts"),
        (4, "People", "not_a_number", "ten"), (5, "Households", "too_large", "20"),
        (6, "Date", "not_a_date", "soon"), (7, "Area", "empty", ""), (8, "Source", "empty", ""),
    ]  # fmt: skip
    assert [number for number, _one in found.taken] == [9]


def test_area_is_known_by_any_of_its_names(un):
    text = "المحافظة,الأفراد,التاريخ,المصدر\nخان يونس,50,2026-11-01,عد\n"
    assert [one.p_code for _n, one in read(un, text).taken] == ["PS0270"]


@pytest.mark.parametrize(("text", "code"), [("", "needs_file_unreadable"), ("a,b\n1,2\n", "needs_file_unreadable"),
                                            ("P-code,Site\nPS0260,x\n", "needs_file_columns")])  # fmt: skip
def test_file_that_is_none_is_refused_with_what_was_expected(un, text, code):
    assert refusal(lambda: read(un, text)).code == code


def test_file_is_taken_whole_or_not_unless_the_good_rows_are_asked_for(un, settings, tmp_path):
    settings.VAULT = tmp_path
    text = HEADINGS + "PS0260,,,10,,2026-11-01,x\nPS9999,,,10,,2026-11-01,x\n"
    file, found = seal_file(text.encode(), "count.csv"), read(un, text)
    kept = actions.bring_caseloads(by=un, file=file, read=found)
    assert (kept.is_taken, kept.rows, kept.taken, kept.refused, len(kept.faults)) == (False, 2, 0, 1, 1)
    again = actions.bring_caseloads(by=un, file=file, read=found, allow_refused=True)
    assert (again.is_taken, again.taken, again.refused) == (True, 1, 1)
    with eyes_of(un):
        assert (CaseloadFile.objects.count(), Caseload.objects.filter(file=again).count()) == (2, 1)


def test_storm_ranks_by_exposure_people_and_missing_cover(un):
    caseload(un, 1000, "PS0260", site="Lagoon camp")
    caseload(un, 4000, "PS0260", site="Hill camp")
    caseload(un, 900, "PS0265")
    caseload(un, 9000, "PS0270", site="elsewhere")
    exposed(un, "high", "PS0260", site="Lagoon camp")
    exposed(un, "low", "PS0260", site="Hill camp")
    exposed(un, "medium", "PS0265")
    exposed(un, "high", "PS0270")
    one = storm(un)
    with eyes_of(un):
        found, _covered = ranked(un, known(un), one)
    assert [(place.site, place.weight, place.people, place.missing, place.score) for place in found] == [
        ("Lagoon camp", Decimal("1"), 1000, 1, 1000), ("Hill camp", Decimal("0.2"), 4000, 1, 800),
        ("", Decimal("0.6"), 900, 1, 540),
    ]  # fmt: skip


def test_cover_lowers_the_rank(un):
    caseload(un, 1000, "PS0260")
    exposed(un, "high", "PS0260")
    for commodity, pallets in (("tents", 9), ("tarpaulins", 3), ("blankets", 4)):
        goods_at(un, "distributed", commodity, pallets)
    one = storm(un)
    with eyes_of(un):
        assert [place.score for place in ranked(un, known(un), one)[0]] == [0]


def test_storm_names_the_consignments_that_would_help(un):
    caseload(un, 1000, "PS0260")
    near, far, food = (carrying(un, *to) for to in (("tents", "PS0260"), ("tents", "PS0275"), ("rice", "PS0260")))
    one = storm(un)
    with eyes_of(un):
        found = helping(known(un), one, ranked(un, known(un), one)[1])
    assert [each.consignment.pk for each in found] == [near.pk]
    assert {far.pk, food.pk} & {each.consignment.pk for each in found} == set()


def test_storm_closes_once_and_by_its_own_room(un, floor):
    one = storm(un)
    assert refusal(lambda: actions.close_storm(by=floor, storm=one, reason="over")).code == "not_found"
    assert refusal(lambda: actions.close_storm(by=un, storm=one, reason=" ")).code == "needs_reason_missing"
    actions.close_storm(by=un, storm=one, reason="it passed")
    assert refusal(lambda: actions.close_storm(by=un, storm=one, reason="again")).code == "needs_storm_state"
    with eyes_of(un):
        assert Storm.objects.get(pk=one.pk).closing == "it passed"


def test_storm_that_cannot_be_is_refused(un):
    now = database_now()

    def told(**changed):
        said = {"warning": "Rain", "hazard": "flood", "areas": ("PS0260",), "begins_at": now, "ends_at": now + DAY,
                "source": "met", **changed}  # fmt: skip
        return refusal(lambda: actions.open_storm(by=un, stated=StormStated(**said))).code

    assert told(warning=" ") == "needs_storm_warning"
    assert told(areas=()) == "needs_storm_areas"
    assert told(areas=("XX",)) == "needs_area_unknown"
    assert told(hazard="frogs") == "needs_hazard_unknown"
    assert told(ends_at=now) == "needs_storm_span"


def test_statements_of_a_room_are_hidden_from_whom_they_are_not_opened_to(un, ngo, floor):
    one, place = caseload(un, 10), exposed(un, "high")
    for by, count in ((un, 1), (floor, 1), (ngo, 0)):
        with eyes_of(by):
            assert Caseload.objects.filter(pk=one.pk).count() == count
            assert type(place).objects.filter(pk=place.pk).count() == count
