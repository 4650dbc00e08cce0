"""Pages and feeds of places, as rooms see them."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tansiq.building.places import actions
from tansiq.building.places.models import Crossing, Place
from tests import factories

pytestmark = pytest.mark.django_db


def signed_in(slug: str, role: str = "officer") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    return client


@pytest.fixture
def client(alpha) -> Client:
    return signed_in("alpha")


@pytest.fixture
def crossing(owned) -> Crossing:
    return Crossing.objects.get(operation=owned.pk, code="zikim")


@pytest.mark.parametrize("name", ["places", "areas", "crossings"])
@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_lists_answer_in_every_language(client, name, language):
    client.cookies["tansiq_language"] = language
    answer = client.get(reverse(f"places:{name}"))
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text


def test_search_answers_a_fragment_and_json(client):
    fragment = client.get(reverse("places:search"), {"q": "خان يونس"})
    assert (fragment.status_code, "<html" in fragment.text, "خان يونس" in fragment.text) == (200, False, True)
    places = client.get(reverse("places:search"), {"q": "khan yunis", "format": "json"}).json()["places"]
    assert "PS0270" in [one["code"] for one in places]
    assert set(places[0]) == {
        "id",
        "names",
        "spelling",
        "kind",
        "code",
        "catalogue",
        "longitude",
        "latitude",
        "score",
        "area",
        "url",
    }


def test_place_page_shows_every_claimants_version(client, owned):
    line = Place.objects.get(operation=owned.pk, catalogue="line", code="separation_line")
    page = client.get(reverse("places:place", args=[line.pk])).text
    for text in (
        "Sample map published by Party A",
        "Sample map published by Party B",
        "Map annexed to the sample agreement",
        "2026-01-09",
    ):
        assert text in page


def test_hidden_and_absent_places_answer_alike(client):
    absent = client.get(reverse("places:place", args=[uuid.uuid4()]))
    assert absent.status_code == 404
    assert client.get(reverse("places:crossing", args=["no-such"])).status_code == 404


@pytest.mark.parametrize(
    ("name", "layers"),
    [("areas", {"areas"}), ("lines", {"lines", "markers"}), ("roads", {"roads"}), ("crossings", {"crossings"})],
)
def test_feeds_are_geojson_with_claimant_and_source(client, name, layers):
    answer = client.get(reverse(f"places:{name}-map"))
    assert answer["Content-Type"] == "application/geo+json"
    collection = answer.json()
    assert {feature["properties"]["layer"] for feature in collection["features"]} == layers
    assert {layer["id"] for layer in collection["layers"]} == layers
    if name != "crossings":
        assert all(
            feature["properties"]["source"] and feature["properties"]["claimant"] for feature in collection["features"]
        )


def test_map_shows_a_state_to_its_room_and_nothing_of_it_elsewhere(client, alpha, crossing):
    def state(of: Client) -> str:
        features = of.get(reverse("places:crossings-map")).json()["features"]
        return next(one["properties"]["state"] for one in features if one["properties"]["code"] == "zikim")

    other = signed_in("beta")
    before = other.get(reverse("places:crossings-map")).content
    actions.report_crossing_status(by=alpha, crossing=crossing, state="closed", reason="holiday")
    assert (state(client), state(other)) == ("closed", "unknown")
    assert other.get(reverse("places:crossings-map")).content == before


def test_state_is_reported_through_the_form_once(client, crossing):
    url = reverse("places:crossing_status-report", args=["zikim"])
    said = {
        "key": str(uuid.uuid4()),
        "state": "closed",
        "reason": "maintenance",
        "source": "duty log",
        "note": "<b>lane 2</b>",
    }
    assert client.post(url, said).status_code == 302
    assert client.post(url, said).status_code == 302
    page = client.get(reverse("places:crossing", args=["zikim"])).text
    assert page.count('<tr id="report-') == 1
    assert "&lt;b&gt;lane 2&lt;/b&gt;" in page


def test_refused_report_keeps_what_was_typed(client, crossing):
    url = reverse("places:crossing_status-report", args=["zikim"])
    answer = client.post(url, {"key": str(uuid.uuid4()), "state": "closed", "note": "kept words"})
    assert answer.status_code == 422
    assert "kept words" in answer.text
    assert "needs a reason" in answer.text


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_first_and_last_moments_of_the_calendar_are_refused(client, crossing, at):
    url = reverse("places:crossing_status-report", args=["zikim"])
    answer = client.post(url, {"key": str(uuid.uuid4()), "state": "open", "since_at": at})
    assert (answer.status_code, "is not between 1900 and 2200" in answer.text) == (422, True)
    assert client.get(reverse("places:crossings"), {"at": at}).status_code == 200


def test_address_of_a_form_says_that_there_is_nothing_to_read(client, crossing):
    answer = client.get(reverse("places:crossing_status-report", args=["zikim"]))
    assert (answer.status_code, "only takes what a form sends" in answer.text) == (405, True)


def test_observer_reads_and_may_not_report(alpha, crossing):
    observer = signed_in("alpha", "observer")
    page = observer.get(reverse("places:crossing", args=["zikim"]))
    assert (page.status_code, 'id="status-form"' in page.text) == (200, False)
    answer = observer.post(
        reverse("places:crossing_status-report", args=["zikim"]), {"key": str(uuid.uuid4()), "state": "open"}
    )
    assert answer.status_code == 403


def test_quota_is_changed_through_the_form(client, crossing):
    url = reverse("places:crossing_quota-change", args=["zikim"])
    said = {"key": str(uuid.uuid4()), "units_per_day": "40", "from_date": "2026-01-05", "source": "letter"}
    assert client.post(url, said).status_code == 302
    assert "letter" in client.get(reverse("places:crossing", args=["zikim"])).text


def test_list_of_crossings_costs_the_same_queries_for_one_and_for_many_reports(
    client, alpha, crossing, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(60) as counted:
            client.get(reverse("places:crossings"))
        return len(counted)

    actions.report_crossing_status(by=alpha, crossing=crossing, state="open")
    queries()
    one = queries()
    for other in Crossing.objects.filter(operation=alpha.operation_id).exclude(pk=crossing.pk)[:3]:
        actions.report_crossing_status(by=alpha, crossing=other, state="open")
    assert queries() == one
