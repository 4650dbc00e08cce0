"""The first officer of a site comes in by the code that the operator was shown."""

import json
from contextlib import nullcontext

from click.testing import CliRunner

from tansiq.building.ledger.models import Entry
from tansiq.building.people.actions import enter_by_code
from tansiq.building.people.models import Account
from tansiq.building.rooms.actors import eyes_of, memberships_of
from tansiq.console import account
from tests import factories

EMAIL, PASSWORD = "first.officer@centre.test", "a fresh pass phrase 26"


def test_first_officer_of_a_site_comes_in_by_the_code(own_database, monkeypatch):
    monkeypatch.setattr(account, "served", nullcontext)
    monkeypatch.setattr(account, "set_up_django", lambda: None)
    asked = ["create", EMAIL.upper(), "--name", "First officer", "--room", "lead", "--role", "officer", "--json"]
    result = CliRunner().invoke(account.account, asked)
    assert result.exit_code == 0, result.output
    code = json.loads(result.output)["code"]
    person = Account.objects.get(email=EMAIL)
    assert [(place.room.slug, place.roles) for place in memberships_of(person)] == [("lead", ["officer"])]
    assert (person.has_usable_password(), person.is_sample) == (False, False)
    with eyes_of(factories.actor("lead")):
        last = Entry.objects.filter(room_id=factories.room_id("lead")).order_by("-seq").first()
    assert last.act == "rooms.membership.grant"
    assert not enter_by_code(email=EMAIL, code=code[::-1], password=PASSWORD)
    assert enter_by_code(email=EMAIL, code=code, password=PASSWORD)
