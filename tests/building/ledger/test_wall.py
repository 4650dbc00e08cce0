"""The ledger behind the wall: no room lends itself what another room wrote, or adds to it."""

import uuid

import pytest
from django.db import connection, transaction

from tansiq.building.ledger.models import Entry, Fact, Grant
from tansiq.building.ledger.queries import opened
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db


def entry_of(slug):
    room_id = factories.room_id(slug)
    with room_context(room_ids=(room_id,)), transaction.atomic():
        return Entry.objects.filter(room_id=room_id).earliest("seq")


def test_grant_of_a_room_opens_no_entry_of_another():
    entry, beta = entry_of("alpha"), factories.room_id("beta")
    with room_context(room_ids=(beta,)), transaction.atomic():
        Grant.objects.create(room_id=beta, granted_by_id=beta, entry_id=entry.pk, name="by", release_id=uuid.uuid4())
        assert not Entry.objects.filter(pk=entry.pk).exists()
        assert not Fact.objects.filter(entry_id=entry.pk).exists()


def test_fact_of_another_room_is_no_fact_of_an_entry():
    entry, alpha, beta = entry_of("alpha"), factories.room_id("alpha"), factories.room_id("beta")
    with room_context(room_ids=(alpha,)), transaction.atomic():
        before = opened([entry])
    with room_context(room_ids=(beta,)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_fact (room_id, entry_id, name, body) values (%s, %s, 'x', 'WyJhIiwieCIsMV0')",
            [beta, entry.pk],
        )
        Grant.objects.create(room_id=alpha, granted_by_id=beta, entry_id=entry.pk, name="x", release_id=uuid.uuid4())
    with room_context(room_ids=(alpha,)), transaction.atomic():
        assert opened([entry]) == before
