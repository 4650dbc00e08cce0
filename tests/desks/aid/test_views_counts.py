"""Counts in the page: a named definition over a period, two side by side, and why they differ."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.doors.actions import Asked, propose_release
from tansiq.desks.aid import actions
from tansiq.desks.aid.rules import Quantity
from tests import factories

pytestmark = pytest.mark.django_db

MARCH = "since=2026-03-01&until=2026-03-05"


def client(slug: str = "un") -> Client:
    found = Client()
    found.force_login(factories.account(slug))
    return found


def page(query: str, slug: str = "un", place: str = "") -> str:
    answer = client(slug).get(f"/aid/counts/{place}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def figures(html: str) -> list[str]:
    return re.findall(r'<dl class="figure">.*?<dd>(.*?)</dd>', html, re.S)


@pytest.fixture
def scanned(by, scan) -> None:
    units = [scan("A"), scan("B", hours=24), scan("C", hours=30, crossing_code="zikim"), scan("A", "screened"),
             scan("D", "screened", hours=2), scan("E", consignor_class="commercial")]  # fmt: skip
    actions.record_scans(by=by, statements=units)


def test_count_of_a_period_stands_as_figure_and_by_day(scanned):
    html = page(f"count=trucks_entered&{MARCH}")
    assert figures(html) == ["4"]
    assert re.findall(r'data-short="([^"]+)".*?<td class="number">(\d+)</td>', html) == [
        ("1 Mar", "2"), ("2 Mar", "2"), ("3 Mar", "0"), ("4 Mar", "0"), ("5 Mar", "0"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("crossing", [("Kerem Shalom", "3"), ("Zikim", "1")]),
        ("consignor", [("United Nations", "3"), ("Commercial", "1")]),
        ("commodity_class", [("Food", "4")]),
        ("commodity", [("Rice", "4")]),
        ("source", [("Room un", "4")]),
    ],
)
def test_count_is_grouped(scanned, group, expected):
    html = page(f"count=trucks_entered&{MARCH}&by={group}")
    found = re.findall(r'data-short="([^"]+)".*?<td class="number">(\d+)</td>', html)
    # A crossing that the operation lacks stands by its code; another test may have brought its name.
    labels = [(label.split(" (")[0].replace("_", " ").casefold(), figure) for label, figure in found]
    assert labels == [(label.casefold(), figure) for label, figure in expected]


def test_count_whose_events_state_no_crossing_says_so(by, scan):
    said = "This count has no crossing: events of these stages do not state one."
    collected = scan("A", "collected", crossing_code="", quantities=(Quantity("truck", Decimal(1), Decimal(1)),))
    actions.record_scans(by=by, statements=[collected])
    asked = f"count=trucks_collected&{MARCH}"
    assert said in page(f"{asked}&by=crossing")
    assert said not in page(f"{asked}&by=day")
    actions.record_scans(by=by, statements=[scan("B", "collected", quantities=collected.quantities)])
    assert said not in page(f"{asked}&by=crossing")


def test_count_tells_the_events_whose_quantities_are_closed_to_the_room(by, scan):
    said = "1 further event of these stages has no quantity that is open to this room."
    asked = f"count=trucks_entered&{MARCH}"
    event = actions.record_event(by=by, statement=scan("A"))
    assert said not in page(asked, "beta"), "what was not released is not told"
    only_headline = Asked(("headline",), (factories.room("beta"),), "GREEN", "they ask what came")
    propose_release(by=by, code="aid_event", record_id=event.pk, asked=only_headline)
    assert (said in page(asked, "beta"), said in page(asked)) == (True, False)
    assert said not in page(f"{asked}&as_of=2020-01-01T00:00", "beta"), "as of then this room read nothing"
    actions.correct_event(by=by, event_id=event.pk, reason="wrong_crossing", statement=scan("A", pallets=8))
    assert said in page(asked, "beta"), "an event and its correction are one"


def test_count_as_of_a_past_moment_knows_less(scanned):
    assert figures(page(f"count=trucks_entered&{MARCH}&as_of=2020-01-01T00:00")) == ["0"]


def test_two_counts_stand_side_by_side_with_their_difference(scanned):
    html = page(f"count=trucks_entered&beside=trucks_screened&{MARCH}")
    assert figures(html) == ["4", "2", "2"]
    assert "/aid/counts/difference/?" in html


def test_difference_is_explained_to_the_last_row(scanned):
    html = page(f"count=trucks_entered&beside=trucks_entered_un&{MARCH}", place="difference/")
    assert figures(html) == ["4", "3", "1"]
    assert "100 % explained" in html
    cause = re.search(r"cause=(\w+)#rows", html).group(1)
    rows = page(f"count=trucks_entered&beside=trucks_entered_un&{MARCH}&cause={cause}", place="difference/")
    assert ">E<" in rows and "no such row" in rows


def test_rows_that_agree_are_shown_behind_their_number(scanned):
    both = f"count=trucks_entered&beside=trucks_entered_un&{MARCH}"
    assert "cause=agreed#rows" in page(both, place="difference/")
    rows = page(f"{both}&cause=agreed", place="difference/").split('id="rows"')[1]
    assert (rows.count("</tr>"), ">E<" in rows, "no such row" in rows) == (1 + 3, False, False)


def test_two_sources_of_one_definition_are_explained(scanned):
    html = page(f"count=trucks_entered&source=un&beside_source=district_warehouse&{MARCH}", place="difference/")
    assert figures(html) == ["4", "0", "4"]
    assert "100 % explained" in html


def test_difference_page_asks_for_a_second_count(scanned):
    assert "Choose a second count" in page(f"count=trucks_entered&{MARCH}", place="difference/")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("count=no_such_count", "no_such_count is not one of the available choices"),
        ("since=2026-03-05&until=2026-03-01", "Found 2026-03-01, expected a day from 2026-03-05 on."),
        ("since=1900-01-01", "expected at most 1100."),
        ("since=soon", "Enter a valid date."),
        ("by=colour", "colour is not one of the available choices"),
        ("as_of=x%00y", "Enter a valid date/time."),
        ("source=' or 1=1", "is not one of the available choices"),
    ],
)
@pytest.mark.parametrize("place", ["", "difference/"])
def test_wrong_question_is_named(by, query, said, place):
    if place and query.startswith("by="):
        pytest.skip("differences are not grouped")
    answer = client().get(f"/aid/counts/{place}?{query}")
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")


def test_room_counts_what_it_sees(scanned):
    assert figures(page(f"count=trucks_entered&{MARCH}", "ngo")) == ["0"]


def test_difference_and_count_are_given_as_files(scanned):
    for place in ("", "difference/"):
        for kind in ("csv", "xlsx", "pdf"):
            query = f"count=trucks_entered&beside=trucks_screened&{MARCH}&format={kind}"
            answer = client().get(f"/aid/counts/{place}?{query}")
            assert answer.status_code == 200 and len(answer.content) > 100


def test_lines_of_a_difference_cost_the_same_queries(by, scan):
    def cost() -> int:
        un = client()
        with CaptureQueriesContext(connection) as captured:
            un.get(f"/aid/counts/difference/?count=trucks_entered&beside=trucks_entered_un&{MARCH}&cause=other_scope")
        return len(captured)

    actions.record_scans(by=by, statements=[scan("A", consignor_class="commercial")])
    one = cost()
    actions.record_scans(by=by, statements=[scan(unit, consignor_class="commercial") for unit in "BC"])
    assert cost() == one


def test_count_as_a_file_tells_days_as_programs_read_them(scanned):
    rows = client().get(f"/aid/counts/?count=trucks_entered&{MARCH}&format=csv").content.decode().splitlines()
    assert rows[1:4] == ["#date,#indicator+num", "2026-03-01,2", "2026-03-02,2"]


@pytest.mark.parametrize(("group", "chart"), [("day", "bar"), ("crossing", "ranked"), ("commodity", "ranked")])
def test_names_are_ranked_and_days_stand_in_a_row(scanned, group, chart):
    assert f'data-chart="{chart}"' in page(f"count=trucks_entered&{MARCH}&by={group}")
