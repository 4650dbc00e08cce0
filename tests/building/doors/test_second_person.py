"""The second person's page: the same preview, agreement to exactly that, and the receiver's page afterwards."""

import re

import pytest
from django.urls import reverse

from tansiq.building.doors.models import Delivery, Release
from tansiq.building.rooms import actions as actions_of_rooms
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.models import Operation
from tests import factories
from tests.building.doors.conftest import add_row, seen_of, write_whole
from tests.building.doors.test_overlap import alpha
from tests.building.doors.test_views import COPY, address, client, hidden, mark, typed


@pytest.fixture
def two_officers(own_database, three_lines):
    rule = {"second_person": [{"room_kinds": ["party"], "roles": ["officer"]}]}
    rules = {"record_types": {"test_whole": {"lines": {"headline": rule}}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    actions_of_rooms.grant_membership(by=alpha(), account=factories.account("un"), roles=["officer"])
    second = client("un")
    second.post("/rooms/choose/", {"room": str(factories.room_id("alpha"))})
    return client("alpha"), second


def test_second_person_agrees_to_what_the_proposer_saw(two_officers):
    first, second = two_officers
    record = write_whole(by=alpha(), text="a")
    preview = first.post(address("release-preview", record), typed())
    promised = dict(COPY.findall(preview.content.decode()))
    assert "Propose the release" in preview.content.decode()
    place = first.post(address("release-propose", record), hidden(preview))["Location"]
    assert "share--pending" in mark("alpha", record)
    own_page, page = first.get(place), second.get(place)
    assert ("Agree and release" in own_page.content.decode(), "Agree and release" in page.content.decode()) == (
        False,
        True,
    )
    assert dict(COPY.findall(page.content.decode())) == promised
    assert seen_of("beta", record) == []
    assert second.post(f"{place}approve/", hidden(page)).status_code == 302
    with eyes_of(factories.actor("beta")):
        delivery = Delivery.objects.get()
    shown = client("beta").get(reverse("doors:delivery", args=[delivery.pk])).content.decode()
    assert re.search(r'<div class="released-copy">(.*?)</div>', shown, re.S).group(1) == promised["beta"]


def test_agreement_to_what_has_changed_since_opens_nothing(two_officers):
    first, second = two_officers
    record = write_whole(by=alpha(), text="a")
    place = first.post(
        address("release-propose", record), hidden(first.post(address("release-preview", record), typed()))
    )["Location"]  # fmt: skip
    agreed = hidden(second.get(place))
    add_row(by=alpha(), record=record, line="detail", text="b")
    assert second.post(f"{place}approve/", agreed).status_code == 302
    with eyes_of(alpha()):
        assert Release.objects.get(record_type="test_whole").state == "proposed"
    assert seen_of("beta", record) == []


def test_decline_needs_a_reason_and_shows_it(two_officers):
    first, second = two_officers
    record = write_whole(by=alpha(), text="a")
    place = first.post(
        address("release-propose", record), hidden(first.post(address("release-preview", record), typed()))
    )["Location"]  # fmt: skip
    assert second.post(f"{place}decline/", {"decline-reason": ""}).status_code == 422
    key = {name: values for name, values in hidden(second.get(place)).items() if name == "decline-key"}
    assert second.post(f"{place}decline/", {**key, "decline-reason": "not today"}).status_code == 302
    assert "not today" in first.get(place).content.decode()
    assert client("beta").get("/doors/").content.decode().count("delivery-") == 0
