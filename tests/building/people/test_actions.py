"""Tokens and accounts: made and ended by acts, gone at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from tansiq.building.ledger.models import Entry
from tansiq.building.people import actions
from tansiq.building.people.actions import TokenAsked
from tansiq.building.people.models import ApiToken
from tansiq.building.people.tokens import digest_of, live_token
from tansiq.building.rooms.actions import grant_membership
from tansiq.building.rooms.actors import memberships_of
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
HERE = "192.0.2.7"


def asked(**changes) -> TokenAsked:
    wanted = {"name": "scales", "acts": ("rooms.room.read",), "expires_at": NOW + timedelta(days=30), **changes}
    return TokenAsked(**wanted)


def make(slug: str = "alpha", role: str = "officer", **changes) -> tuple[ApiToken, str]:
    return actions.create_token(by=factories.actor(slug, role), asked=asked(**changes))


def last_act(slug: str) -> str:
    with room_context(room_ids=(factories.room_id(slug),)):
        return Entry.objects.filter(room_id=factories.room_id(slug)).order_by("-seq").first().act


def signed_in(slug: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": f"{slug}-officer@example.org", "password": factories.PASSWORD})
    return client


def test_token_is_kept_as_a_digest_alone():
    token, secret = make()
    with connection.cursor() as cursor:
        cursor.execute("select t::text from people_apitoken t where id = %s", [token.pk])
        kept = cursor.fetchone()[0]
    assert secret.startswith("tsq_")
    assert len(secret) == 47
    assert (secret in kept, secret.removeprefix("tsq_") in kept, digest_of(secret) in kept) == (False, False, True)


def test_making_a_token_is_written_in_the_ledger_without_its_secret():
    _token, secret = make()
    assert last_act("alpha") == "people.token.create"
    with connection.cursor() as cursor, room_context(room_ids=(factories.room_id("alpha"),)):
        cursor.execute("select count(*) from ledger_fact where position(%s in body) > 0", [secret])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"acts": ()}, "token_without_acts"),
        ({"expires_at": NOW + timedelta(days=91)}, "token_too_long"),
        ({"expires_at": NOW - timedelta(seconds=1)}, "token_too_long"),
        ({"networks": ("everywhere",)}, "token_network"),
    ],
)
def test_token_that_is_too_wide_is_refused(changes, code):
    with pytest.raises(Refused) as refused:
        make(**changes)
    assert (refused.value.code, ApiToken.objects.count()) == (code, 0)


def test_token_can_do_no_more_than_its_maker(monkeypatch):
    by = factories.actor("alpha", "observer")
    wider = type(by)(by.account_id, by.room_id, by.operation_id, by.acts | {"people.token.create"}, by.name, by.via)
    with pytest.raises(Refused) as refused:
        actions.create_token(by=wider, asked=asked(acts=("rooms.membership.grant",)))
    assert refused.value.code == "token_beyond_roles"


def test_observer_makes_no_token():
    with pytest.raises(Refused) as refused:
        make(role="observer")
    assert refused.value.code == "not_permitted"


def test_token_works_until_it_is_revoked_or_ends():
    token, secret = make()
    assert live_token(secret, HERE, NOW).pk == token.pk
    assert live_token(secret, HERE, NOW + timedelta(days=30)) is None
    assert live_token(secret + "x", HERE, NOW) is None
    actions.revoke_token(by=factories.actor("alpha"), token=token)
    assert live_token(secret, HERE, NOW) is None
    assert last_act("alpha") == "people.token.revoke"


def test_token_works_from_its_networks_alone():
    token, secret = make(networks=("192.0.2.9/24", "2001:db8::/32"))
    assert token.networks == ["192.0.2.0/24", "2001:db8::/32"]
    found = [
        live_token(secret, address, NOW) is not None
        for address in (HERE, "::ffff:192.0.2.7", "2001:db8::1", "198.51.100.1", "", "unix:")
    ]
    assert found == [True, True, True, False, False, False]


def test_token_is_revoked_once_and_by_its_own_room():
    token, _secret = make()
    with pytest.raises(Refused) as elsewhere:
        actions.revoke_token(by=factories.actor("beta"), token=token)
    actions.revoke_token(by=factories.actor("alpha"), token=token)
    with pytest.raises(Refused) as again:
        actions.revoke_token(by=factories.actor("alpha"), token=token)
    assert (elsewhere.value.code, again.value.code) == ("not_found", "token_ended")


def test_disabling_an_account_ends_sessions_tokens_and_membership_at_once():
    client = signed_in("alpha")
    _token, secret = make()
    assert client.get("/people/me/").status_code == 200
    by = factories.actor("alpha", "observer")
    officer = type(by)(by.account_id, by.room_id, by.operation_id, frozenset({"*"}), by.name, by.via)
    actions.disable_account(by=officer, account=factories.account("alpha"))
    assert client.get("/people/me/").status_code == 302
    assert live_token(secret, HERE, NOW) is None
    assert memberships_of(factories.account("alpha")) == []
    assert factories.account("alpha").is_active is False
    assert last_act("alpha") == "people.account.disable"
    assert signed_in("alpha").get("/people/me/").status_code == 302


def test_a_room_disables_nobody_in_another_room():
    person = factories.account("beta")
    grant_membership(by=factories.actor("alpha"), account=person, roles=["observer"])
    client = signed_in("beta")
    client.post("/rooms/choose/", {"room": str(factories.room_id("beta"))})
    actions.disable_account(by=factories.actor("alpha"), account=person)
    assert [place.room.slug for place in memberships_of(person)] == ["beta"]
    assert factories.account("beta").is_active is True
    assert client.get("/people/me/").status_code == 200


def test_operator_disables_everywhere():
    person = factories.account("beta")
    grant_membership(by=factories.actor("alpha"), account=person, roles=["observer"])
    assert actions.disable_everywhere(person) == 2
    assert (memberships_of(person), factories.account("beta").is_active) == ([], False)
    assert [last_act("alpha"), last_act("beta")] == ["people.account.disable"] * 2


@pytest.mark.parametrize(("whom", "code"), [("alpha", "own_account"), ("beta", "not_here")])
def test_account_that_cannot_be_disabled_from_here(whom, code):
    with pytest.raises(Refused) as refused:
        actions.disable_account(by=factories.actor("alpha"), account=factories.account(whom))
    assert refused.value.code == code


def test_other_sessions_end_and_this_one_stays():
    here, there = signed_in("alpha"), signed_in("alpha")
    assert b"Sign out everywhere else" in here.get("/people/me/").content
    assert here.post("/people/me/sessions/end/").status_code == 302
    assert (here.get("/people/me/").status_code, there.get("/people/me/").status_code) == (200, 302)
