"""A form belongs to the room for which it was opened: sent after a change of room, it is done in neither."""

import re
import uuid
from pathlib import Path

import pytest
from django.test import Client

import tansiq
from tansiq.building.people.models import ApiToken
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import memberships_of
from tests import factories

pytestmark = pytest.mark.django_db
FORM = "/people/me/tokens/create/"
TEMPLATES = sorted(Path(tansiq.__file__).parent.rglob("*.html"))


def officer_of_two_rooms() -> Client:
    actions.grant_membership(by=factories.actor("alpha"), account=factories.account("un"), roles=["officer"])
    client = Client()
    client.force_login(factories.account("un"))
    work_in(client, "alpha")
    return client


def work_in(client: Client, slug: str) -> None:
    assert client.post("/rooms/choose/", {"room": str(factories.room_id(slug))}).status_code == 302


def typed_in(client: Client) -> dict[str, str]:
    page = client.get(FORM).content.decode()
    room = re.search(r'name="opened_in_room" value="([^"]+)"', page)
    return {
        "name": "weighbridge <&>", "days": "30", "acts": "rooms.room.read", "networks": "", "opened_in_room": room[1],
    }  # fmt: skip


def rooms_of_tokens() -> list:
    return list(ApiToken.objects.values_list("room_id", flat=True))


def test_form_is_sent_in_the_room_for_which_it_was_opened():
    client = officer_of_two_rooms()
    typed = typed_in(client)
    assert typed["opened_in_room"] == str(factories.room_id("alpha"))
    assert client.post(FORM, typed).status_code == 200
    assert rooms_of_tokens() == [factories.room_id("alpha")]


def test_form_sent_after_a_change_of_room_is_done_in_neither_and_keeps_what_was_typed():
    client = officer_of_two_rooms()
    typed = typed_in(client)
    work_in(client, "un")
    answer = client.post(FORM, typed)
    page = answer.content.decode()
    assert (answer.status_code, rooms_of_tokens()) == (409, [])
    assert "This form was opened in the room <bdi>Room alpha</bdi>; you work in <bdi>Room un</bdi> now." in page
    assert 'name="name" value="weighbridge &lt;&amp;&gt;"' in page
    assert f'name="opened_in_room" value="{typed["opened_in_room"]}"' in page


def test_person_sends_it_where_it_belongs():
    client = officer_of_two_rooms()
    typed = typed_in(client)
    work_in(client, "un")
    assert client.post(FORM, {**typed, "send_there": "yes"}).status_code == 200
    assert rooms_of_tokens() == [factories.room_id("alpha")]
    assert "<h1><bdi>Room alpha</bdi></h1>" in client.get("/rooms/").content.decode()


def test_form_of_a_lost_room_is_done_nowhere_whatever_is_asked():
    client = officer_of_two_rooms()
    typed = typed_in(client)
    place = next(one for one in memberships_of(factories.account("un")) if one.room.slug == "alpha")
    actions.end_membership(by=factories.actor("alpha"), membership=place)
    for room_id in (typed["opened_in_room"], str(uuid.uuid4()), "x"):
        answer = client.post(FORM, {**typed, "opened_in_room": room_id, "send_there": "yes"})
        assert (answer.status_code, rooms_of_tokens()) == (409, [])
        assert b"in which you have no place any more" in answer.content
        assert b"Room alpha" not in answer.content
        assert b"weighbridge &lt;&amp;&gt;" in answer.content


def test_piece_that_htmx_sends_is_told_at_the_top_of_the_page_and_the_form_stays():
    client = officer_of_two_rooms()
    typed = typed_in(client)
    work_in(client, "un")
    answer = client.post(FORM, typed, headers={"HX-Request": "true"})
    assert (answer.status_code, rooms_of_tokens()) == (409, [])
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#announcements", "innerHTML")
    assert answer.content.decode().lstrip().startswith('<div class="alert alert--bad"')


def test_no_template_writes_a_form_that_could_be_sent_without_its_room():
    posts = [p for p in TEMPLATES if 'method="post"' in p.read_text(encoding="utf-8")]
    assert len(posts) > 10
    bare = [
        p.name for p in posts for form in re.findall(r'<form[^>]*method="post".*?</form>', p.read_text(), re.DOTALL)
        if "{% csrf_token %}" not in form
    ]  # fmt: skip
    assert bare == []


@pytest.mark.parametrize("path", ["/rooms/", "/people/me/", "/people/me/tokens/create/", "/aid/imports/new/"])
def test_every_form_of_a_page_carries_the_room_at_work(path):
    client = officer_of_two_rooms()
    page = client.get(path).content.decode()
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
    room = f'name="opened_in_room" value="{factories.room_id("alpha")}"'
    assert forms
    assert [form[:80] for form in forms if room not in form] == []
