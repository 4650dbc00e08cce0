"""What a person loses is lost with the next request: pages, access tokens, and the stream of an open page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import opened
from tansiq.building.people import actions
from tansiq.building.people.actions import TokenAsked, create_token
from tansiq.building.people.models import Account, ApiToken
from tansiq.building.rooms.actions import grant_membership
from tansiq.building.rooms.actors import eyes_of, memberships_of, system_actor
from tansiq.floor.queries.seats import Holder, still_admitted
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/rooms/"
OFFERED = "/api/v1/ledger/entries"
ACTS = ("rooms.room.read", "ledger.entry.read")


def signed_in(slug: str, role: str = "officer") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    return client


def program(slug: str, role: str = "observer") -> Client:
    asked = TokenAsked("test", ACTS, datetime.now(UTC) + timedelta(days=1))
    by = factories.actor(slug, role)
    may_make = type(by)(by.account_id, by.room_id, by.operation_id, frozenset({"*"}), by.name, by.via)
    _token, secret = create_token(by=may_make, asked=asked)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def admitted(client: Client, person: Account) -> bool:
    mark = person.get_session_auth_hash()
    return bool(still_admitted({Holder(person.pk, factories.room_id("alpha"), client.session.session_key, mark)}))


def end_place(person: Account) -> None:
    (place,) = memberships_of(person)
    assert signed_in("alpha").post(f"/rooms/members/{place.pk}/end/").status_code == 302


def take_roles(person: Account) -> None:
    (place,) = memberships_of(person)
    grant_membership(by=factories.actor("alpha"), account=person, roles=[])
    assert memberships_of(person)[0].pk == place.pk


def disable(person: Account) -> None:
    assert signed_in("alpha").post(f"/people/{person.pk}/disable/").status_code == 302


def disable_everywhere(person: Account) -> None:
    assert actions.disable_everywhere(person) == 1


def reset(person: Account) -> None:
    actions.reset_factors(person)


WAYS = [(end_place, 302, 401), (take_roles, 403, 403), (disable, 302, 401), (disable_everywhere, 302, 401), (reset, 302, 401)]  # fmt: skip


@pytest.mark.parametrize(("lose", "page", "token"), WAYS)
def test_what_is_lost_is_lost_with_the_next_request(lose: Callable[[Account], None], page: int, token: int):
    person, client, tool = factories.account("alpha", "observer"), signed_in("alpha", "observer"), program("alpha")
    assert (client.get(PAGE).status_code, tool.get(OFFERED).status_code, admitted(client, person)) == (200, 200, True)
    lose(person)
    assert (client.get(PAGE).status_code, tool.get(OFFERED).status_code) == (page, token)
    assert not admitted(client, person)
    assert signed_in("alpha").get(PAGE).status_code == 200


@pytest.mark.parametrize("lose", [end_place, disable, disable_everywhere, reset])
def test_token_does_not_come_back_with_the_place(lose: Callable[[Account], None]):
    person, tool = factories.account("alpha", "observer"), program("alpha")
    assert tool.get(OFFERED).status_code == 200
    lose(person)
    Account.objects.filter(pk=person.pk).update(is_active=True)  # as the operator opens an account again
    grant_membership(by=system_actor(factories.room("alpha")), account=person, roles=["observer"])
    client = signed_in("alpha", "observer")
    assert (client.get(PAGE).status_code, tool.get(OFFERED).status_code) == (200, 401)
    assert ApiToken.objects.get(account=person).revoked_at is not None


def test_entry_of_the_ended_place_names_its_tokens():
    person = factories.account("alpha", "observer")
    program("alpha")
    kept = program("alpha", "officer")
    end_place(person)
    token = ApiToken.objects.get(account=person)
    with eyes_of(factories.actor("alpha")):
        (told,) = opened(Entry.objects.filter(room_id=factories.room_id("alpha")).order_by("-seq")[:1])
    assert (told.entry.act, told.facts["tokens"]) == ("rooms.membership.end", [str(token.pk)])
    assert kept.get(OFFERED).status_code == 200


def test_account_is_disabled_from_the_page_of_its_room():
    officer, person = signed_in("alpha"), factories.account("alpha", "observer")
    place = f"/people/{person.pk}/disable/"
    listed = officer.get(PAGE).content.decode()
    assert (place in listed, f"/people/{factories.account('alpha').pk}/disable/" in listed) == (True, False)
    assert "Disable account" in officer.get(place).content.decode()
    assert factories.account("alpha", "observer").is_active
    assert officer.post(place).status_code == 302
    assert not factories.account("alpha", "observer").is_active


def test_who_may_not_disable_is_shown_no_way_to_it():
    observer, person = signed_in("alpha", "observer"), factories.account("alpha")
    assert "/disable/" not in observer.get(PAGE).content.decode()
    assert observer.get(f"/people/{person.pk}/disable/").status_code == 403
