"""`tansiq account`: the first officer of a site, a reset by the operator, and what is refused."""

import json
from contextlib import nullcontext

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner, Result

from tansiq.building.ledger.models import Entry
from tansiq.building.people.actions import enter_by_code
from tansiq.building.people.models import Account
from tansiq.building.rooms.actors import eyes_of, memberships_of
from tansiq.console import account
from tests import factories

pytestmark = pytest.mark.django_db
NEW = "first.officer@centre.test"


@pytest.fixture(autouse=True)
def served_already(monkeypatch):
    """The tests' server runs and Django is loaded: the command finds both as they are."""
    monkeypatch.setattr(account, "served", nullcontext)
    monkeypatch.setattr(account, "set_up_django", lambda: None)


def run(*words: str) -> Result:
    return CliRunner().invoke(account.account, list(words))


def refused(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 1
    return result.output


def last_act(slug: str) -> str:
    with eyes_of(factories.actor(slug)):
        return Entry.objects.filter(room_id=factories.room_id(slug)).order_by("-seq").first().act


def test_reset_opens_one_way_in_and_is_written_in_the_ledger():
    person = factories.account("alpha")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    found = json.loads(run("reset-factors", person.email, "--json").output)
    assert (found["email"], found["rooms"]) == (person.email, 1)
    person.refresh_from_db()
    assert (person.has_usable_password(), Authenticator.objects.filter(user=person).count()) == (False, 0)
    assert last_act("alpha") == "people.factors.reset"
    assert enter_by_code(email=person.email, code=found["code"], password="a fresh pass phrase 26")
    person.refresh_from_db()
    assert person.check_password("a fresh pass phrase 26")
    assert [place.room.slug for place in memberships_of(person)] == ["alpha"]
    assert last_act("alpha") == "people.entry_code.use"


def test_second_reset_makes_the_first_code_useless():
    email = factories.account("alpha").email
    codes = [json.loads(run("reset-factors", email, "--json").output)["code"] for _ in range(2)]
    assert [enter_by_code(email=email, code=code, password="a fresh pass phrase 26") for code in codes] == [False, True]


def test_disabled_account_is_closed_everywhere_and_gets_no_code():
    person = factories.account("beta")
    assert run("disable", person.email).exit_code == 0
    person.refresh_from_db()
    assert (person.is_active, memberships_of(person)) == (False, [])
    assert "is disabled" in refused("reset-factors", person.email)


def test_what_is_not_there_is_named():
    asked = ("create", NEW, "--name", "First officer", "--operation", "test")
    assert "there is no account" in refused("reset-factors", "nobody@centre.test")
    assert "has no room attic; it has alpha, association, beta" in refused(
        *asked, "--room", "attic", "--role", "officer"
    )
    assert "there is no role king; there are observer, officer." in refused(*asked, "--room", "lead", "--role", "king")
    assert "no such operation" in refused(*asked[:-1], "other", "--room", "lead", "--role", "officer")
    there = ("create", factories.account("alpha").email, "--name", "x", "--room", "lead", "--role", "officer")
    assert "has an account already" in refused(*there)
    assert run("create", "no address", "--name", "x", "--room", "lead", "--role", "officer").exit_code == 2
    assert not Account.objects.filter(email=NEW).exists()


def test_list_names_every_account_with_its_rooms():
    lines = run("list").output.splitlines()
    assert "alpha-officer@example.org  open  no second factor  alpha (officer)" in lines
    assert len(lines) == Account.objects.count()
