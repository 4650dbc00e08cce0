"""The room's page and the choice between one's rooms."""

import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import memberships_of
from tests import factories

pytestmark = pytest.mark.django_db


def client(slug: str, role: str = "officer") -> Client:
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def also_in(slug: str, guest: str) -> None:
    account = factories.account(guest)
    actions.grant_membership(by=factories.actor(slug), account=account, roles=["observer"])


def test_stranger_is_asked_to_sign_in():
    assert Client().get("/rooms/choose/")["Location"] == "/accounts/login/?next=/rooms/choose/"
    assert Client().post("/rooms/choose/", {"room": str(uuid.uuid4())}).status_code == 302


def test_choice_lists_ones_own_rooms_and_no_other():
    also_in("alpha", "un")
    page = client("un").get("/rooms/choose/").content.decode()
    listed = [slug for slug in factories.ROOMS if f'id="room-{slug}"' in page]
    assert listed == ["alpha", "un"]
    assert page.count("you act here") == 0


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_choice_names_rooms_in_the_readers_language(language):
    reader = client("un")
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = reader.get("/rooms/choose/").content.decode()
    assert factories.room("un").names[language] in page


def test_chosen_room_is_acted_in_and_another_persons_room_does_not_exist():
    also_in("alpha", "un")
    guest = client("un")
    assert guest.get("/rooms/")["Location"] == "/rooms/choose/"
    assert guest.post("/rooms/choose/", {"room": str(factories.room_id("alpha"))}).status_code == 302
    assert "<h1><bdi>Room alpha</bdi></h1>" in guest.get("/rooms/").content.decode()
    answers = [
        guest.post("/rooms/choose/", {"room": one}) for one in (str(factories.room_id("beta")), str(uuid.uuid4()), "x")
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1


def test_place_in_another_room_takes_nobody_out_of_the_room_in_which_they_work():
    """Else a room could draw what another room's people write next into itself."""
    officer = client("un")
    assert "<h1><bdi>Room un</bdi></h1>" in officer.get("/rooms/").content.decode()
    also_in("alpha", "un")
    assert "<h1><bdi>Room un</bdi></h1>" in officer.get("/rooms/").content.decode()


def test_who_loses_the_room_in_which_they_work_is_asked_for_another():
    officer = client("un")
    officer.get("/rooms/")
    also_in("alpha", "un")
    own = next(one for one in memberships_of(factories.account("un")) if one.room.slug == "un")
    actions.end_membership(by=factories.actor("un", "officer"), membership=own)
    assert officer.get("/rooms/")["Location"] == "/rooms/choose/"


def test_room_shows_its_own_members_and_only_the_entitled_may_change_them():
    officer, observer = (client("alpha", role).get("/rooms/").content.decode() for role in ("officer", "observer"))
    assert [name in observer for name in ("alpha officer", "alpha observer", "beta officer")] == [True, True, False]
    invite = "Invite a person into this room"
    assert (invite in officer, invite in observer) == (True, False)
    assert client("alpha", "observer").post("/rooms/invitations/send/", {}).status_code == 403


def test_roles_of_a_member_are_changed_and_a_member_of_another_room_does_not_exist():
    alpha = client("alpha")
    mine, other = (
        next(one for one in memberships_of(factories.account(slug, "observer"))) for slug in ("alpha", "beta")
    )
    assert b"alpha observer" in alpha.get(f"/rooms/members/{mine.pk}/roles/").content
    assert alpha.post(f"/rooms/members/{mine.pk}/roles/", {"roles": ["officer"]}).status_code == 302
    assert memberships_of(factories.account("alpha", "observer"))[0].roles == ["officer"]
    answers = [alpha.get(f"/rooms/members/{one}/roles/") for one in (other.pk, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_who_has_no_room_finds_the_page_of_rooms():
    person = client("un")
    actions.end_membership(by=factories.actor("un"), membership=memberships_of(factories.account("un"))[0])
    assert person.get("/floor/")["Location"] == "/rooms/choose/"
    assert b"No room yet" in person.get("/rooms/choose/").content


def test_lists_cost_the_same_for_one_and_three():
    def cost() -> list[int]:
        reader, found = client("un"), []
        reader.post("/rooms/choose/", {"room": str(factories.room_id("un"))})
        for path in ("/rooms/", "/rooms/choose/"):
            with CaptureQueriesContext(connection) as captured:
                reader.get(path)
            found.append(len(captured))
        return found

    one = cost()
    for slug in ("alpha", "beta"):
        also_in("un", slug)
        also_in(slug, "un")
    assert cost() == one
