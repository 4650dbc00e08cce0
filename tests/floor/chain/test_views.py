"""Pages of the chain: what they show, to whom, as files, and in three languages."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from tansiq.building.rooms.actors import Actor
from tests import factories
from tests.floor.chain.conftest import INTO, id_of, move, register

pytestmark = pytest.mark.django_db
LANGUAGES = {
    "en": ("Why is this not moving?", "Transport"),
    "ar": ("لماذا لا تتحرك هذه الشحنة؟", "النقل"),
    "he": ("מדוע המשלוח אינו בתנועה?", "הובלה"),
}


def standing(slug: str, role: str = "officer", language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(factories.account(slug, role))
    return client


@pytest.fixture
def moved(un: Actor) -> None:
    register(un, "V-1")
    move(un, "V-1", *INTO)


def test_board_shows_each_consignment_in_its_lane(moved: None):
    body = standing("un").get("/floor/chain/").content.decode()
    lane = body[body.index('data-lane="transport"') :]
    assert "V-1" in lane.split("</tbody>")[0]
    assert 'data-live="aid.consignment.' in lane


def test_observer_reads_the_board_and_nobody_without_a_room(moved: None):
    assert standing("un", "observer").get("/floor/chain/").status_code == 200
    assert Client().get("/floor/chain/").status_code in (302, 403)


def test_hidden_consignment_has_no_page_no_row_and_no_links(un: Actor, moved: None):
    place = id_of(un, "V-1")
    for name in ("chain-one", "chain-row", "chain-links"):
        address = reverse(f"floor:{name}", args=[place])
        assert standing("un").get(address).status_code == 200
        assert standing("beta").get(address).status_code == 404
    assert "V-1" not in standing("beta").get("/floor/chain/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_chain_tells_why_in_the_language_of_the_reader(un: Actor, moved: None, language: str):
    client = standing("un")
    client.post(reverse("set_language"), {"language": language})
    body = client.get(reverse("floor:chain-one", args=[id_of(un, "V-1")])).content.decode()
    for text in LANGUAGES[language]:
        assert text in body
    assert body.count('class="chain-link') == 9


def test_export_holds_every_row_with_its_sentence(un: Actor, moved: None):
    register(un, "V-2")
    answer = standing("un").get("/floor/chain/?format=csv")
    rows = [
        row for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) if row and row[0] in ("V-1", "V-2")
    ]
    assert sorted(row[0] for row in rows) == ["V-1", "V-2"]
    assert {row[-1] for row in rows} == {"entry", "transport"}
    assert all(row[-2].startswith("Not moving: ") for row in rows)
    assert standing("un").get("/floor/chain/?format=xlsx").status_code == 200


def test_row_of_another_arrangement_names_the_lane_of_that_arrangement(un: Actor, moved: None):
    address = reverse("floor:chain-row", args=[id_of(un, "V-1")])
    assert 'data-lane="transport"' in standing("un").get(address).content.decode()
    assert 'data-lane="kissufim"' in standing("un").get(f"{address}?by=crossing").content.decode()


def test_filters_that_cannot_be_read_narrow_nothing(moved: None):
    body = standing("un").get("/floor/chain/?by=moon&link=moon&state=moon&page=x").content.decode()
    assert "V-1" in body


def test_funnel_says_what_is_wrong_with_its_days(moved: None):
    body = standing("un").get("/floor/chain/funnel?since=2026-03-02&until=2026-03-01").content.decode()
    assert "The last day lies before the first one." in body
    assert "Departed" in standing("un").get("/floor/chain/funnel").content.decode()


def test_floor_has_a_panel_of_what_is_held(moved: None):
    body = standing("un").get("/floor/").content.decode()
    assert 'id="floor-held-transport"' in body
    assert 'id="floor-held-transport"' not in standing("beta").get("/floor/").content.decode()
