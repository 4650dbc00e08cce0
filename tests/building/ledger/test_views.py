"""Pages of the ledger: who did an act, and in which room, is named where the reader may know it."""

import pytest
from django.test import Client

from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.words import name_of
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import eyes_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_entry_names_its_author_and_room_to_their_own_room():
    by, client = factories.actor("alpha"), Client()
    actions.grant_membership(by=by, account=factories.account("press"), roles=["observer"])
    with eyes_of(by):
        entry = Entry.objects.order_by("-seq").first()
    client.force_login(factories.account("alpha"))
    page = client.get(f"/ledger/{entry.pk}/").content.decode()
    shown = page.split('<dl class="facts">')[1]
    assert f"<bdi>{factories.account('alpha').name}</bdi>" in shown
    assert str(by.account_id) in shown


def test_author_of_another_room_stays_an_id():
    alpha, beta = factories.actor("alpha"), factories.actor("beta")
    with eyes_of(alpha):
        assert name_of("by", alpha.account_id, alpha.room_id) == factories.account("alpha").name
        assert name_of("by", beta.account_id, alpha.room_id) is None
        assert name_of("room", beta.room_id, alpha.room_id) == factories.room("beta").names
        assert name_of("by", "system", alpha.room_id) is None
        assert name_of("object", alpha.account_id, alpha.room_id) is None
