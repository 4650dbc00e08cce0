"""A person is invited by address and accepts: the room learns who it is then, and never who is not there."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.ledger.models import Entry
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import eyes_of, guest, memberships_of
from tansiq.building.rooms.models import Invitation
from tansiq.building.rooms.queries import invitations_for
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.rules import Act
from tests import factories

pytestmark = pytest.mark.django_db
SEND = "/rooms/invitations/send/"
THERE, NOBODY = "un-officer@example.org", "na-nobodyyy@example.org"


def client(slug: str, role: str = "officer") -> Client:
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def invite(slug: str = "alpha", email: str = THERE, roles: tuple[str, ...] = ("observer",)) -> Invitation:
    return actions.send_invitation(by=factories.actor(slug), email=email, roles=roles)


def acts(slug: str) -> list[str]:
    with eyes_of(factories.actor(slug)):
        return list(Entry.objects.filter(room_id=factories.room_id(slug)).order_by("seq").values_list("act", flat=True))


def normal(page: bytes) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\w{64}\b", "X", page.decode())
    text = re.sub(r'<time datetime="[^"]+" title="[^"]+">[^<]+</time>', "WHEN", text)
    return text.replace(THERE, "ADDRESS").replace(NOBODY, "ADDRESS")


def test_answer_and_work_are_the_same_whether_or_not_an_account_exists():
    answers = []
    for email in (THERE, NOBODY):
        sender = client("alpha")
        sender.get("/rooms/")
        with CaptureQueriesContext(connection) as captured:
            answer = sender.post(SEND, {"email": email, "roles": ["observer"]})
        asked = [re.sub(r"'[^']*'|\b\d+\b|s\d+_x\d+", "?", query["sql"]) for query in captured]
        answers.append((answer.status_code, answer["Location"], asked))
    assert answers[0] == answers[1]
    assert acts("alpha")[-2:] == ["rooms.invitation.send"] * 2


def test_page_of_the_room_is_the_same_whether_or_not_an_account_exists():
    pages = []
    for email in (THERE, NOBODY):
        sender = client("alpha")
        sender.post(SEND, {"email": email, "roles": ["observer"]})
        sender.get("/rooms/")
        pages.append(normal(sender.get("/rooms/").content))
        with eyes_of(factories.actor("alpha")):
            [standing] = Invitation.objects.filter(ended_at=None)
        actions.withdraw_invitation(by=factories.actor("alpha"), invitation=standing)
    assert "ADDRESS" in pages[0]
    assert pages[0] == pages[1]


def test_nobody_has_a_place_before_accepting():
    invite()
    person = client("un")
    assert [place.room.slug for place in memberships_of(factories.account("un"))] == ["un"]
    assert b"Room alpha" in person.get("/rooms/choose/").content
    assert b"Rooms that invite you" in person.get("/people/me/").content
    assert b"un officer" not in client("alpha").get("/rooms/").content


def test_accepting_gives_the_place_and_is_written_in_the_rooms_ledger():
    one = invite()
    answer = client("un").post(f"/rooms/invitations/{one.pk}/accept/", follow=True)
    assert b"You have a place in this room now." in answer.content
    held = {place.room.slug: place.roles for place in memberships_of(factories.account("un"))}
    assert held["alpha"] == ["observer"]
    assert acts("alpha")[-2:] == ["rooms.invitation.send", "rooms.invitation.accept"]
    assert invitations_for(factories.account("un").pk, datetime.now(UTC)) == []


def test_declining_leaves_the_person_outside():
    one = invite()
    assert client("un").post(f"/rooms/invitations/{one.pk}/decline/").status_code == 302
    assert [place.room.slug for place in memberships_of(factories.account("un"))] == ["un"]
    assert acts("alpha")[-1] == "rooms.invitation.decline"


def test_invitation_of_somebody_else_does_not_exist():
    one = invite()
    with eyes_of(factories.actor("alpha")):
        assert Invitation.objects.filter(pk=one.pk).exists()
    for slug in ("beta", "alpha"):
        answers = [client(slug).post(f"/rooms/invitations/{id_}/accept/") for id_ in (one.pk, uuid.uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    answers = [client("beta").post(f"/rooms/invitations/{id_}/withdraw/") for id_ in (one.pk, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_wall_shows_an_invitation_to_its_room_and_to_its_address_alone():
    one = invite()
    seen = {}
    for slug in ("alpha", "un", "beta"):
        with eyes_of(factories.actor(slug)):
            seen[slug] = Invitation.objects.filter(pk=one.pk).exists()
    assert seen == {"alpha": True, "un": True, "beta": False}


def test_withdrawn_or_overdue_invitation_takes_nobody_in():
    one, account = invite(), factories.account("un")
    [standing] = invitations_for(account.pk, datetime.now(UTC))
    actions.withdraw_invitation(by=factories.actor("alpha"), invitation=one)
    late = invite()
    late.until = datetime.now(UTC) - timedelta(seconds=1)
    for invitation in (one, late):
        with pytest.raises(Refused) as refused:
            by = guest(standing.room, account, Act.ACCEPT_INVITATION)
            actions.accept_invitation(by=by, account=account, invitation=invitation)
        assert refused.value.code == "invitation_ended"
    assert [place.room.slug for place in memberships_of(account)] == ["un"]


def test_second_invitation_replaces_the_first():
    first = invite(roles=("observer",))
    invite(roles=("officer",))
    [standing] = invitations_for(factories.account("un").pk, datetime.now(UTC))
    with eyes_of(factories.actor("alpha")):
        first.refresh_from_db()
    assert (standing.roles, first.outcome) == (["officer"], "withdrawn")


def test_guest_can_do_nothing_else_in_the_room():
    by = guest(factories.room("alpha"), factories.account("un"), Act.ACCEPT_INVITATION)
    with pytest.raises(Refused) as refused:
        actions.send_invitation(by=by, email=NOBODY, roles=["officer"])
    assert refused.value.code == "not_permitted"


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_refused_form_keeps_what_was_typed(language):
    sender = client("alpha")
    sender.cookies["tansiq_language"] = language
    answer = sender.post(SEND, {"email": "no address", "roles": ["observer"]})
    assert answer.status_code == 422
    assert 'value="no address"' in answer.content.decode()
    assert acts("alpha").count("rooms.invitation.send") == 0
