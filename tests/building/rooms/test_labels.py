"""Labels remember what they widen, and two rooms' shared view is no more than either may read."""

import pytest
from django.db import ProgrammingError, transaction

from tansiq.building.rooms.acts import own_audience, tell
from tansiq.building.rooms.models import News
from tansiq.building.rooms.queries import audience, plain_labels, share_states
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db


def test_same_readers_over_different_labels_are_different_labels():
    alpha, beta, un = (factories.room_id(slug) for slug in ("alpha", "beta", "un"))
    with room_context(room_ids=(alpha,)), transaction.atomic():
        alone, with_beta = audience(alpha), audience(alpha, [(beta, None)])
        readers = [(beta, None), (un, None)]
        first, second = (audience(alpha, readers, widened=label) for label in (alone, with_beta))
        assert len({audience(alpha, readers), first, second}) == 3
        assert plain_labels([alone, first, second]) == {alone: alone, first: alone, second: with_beta}
        assert audience(alpha, readers, widened=alone) == first


def test_label_widens_only_a_plain_label_of_its_own_room():
    alpha, beta = factories.room_id("alpha"), factories.room_id("beta")
    with room_context(room_ids=(beta,)), transaction.atomic():
        foreign = own_audience(beta)
    with room_context(room_ids=(alpha,)), transaction.atomic():
        wide = audience(alpha, [(beta, None)], widened=own_audience(alpha))
    for label in (foreign, wide, 10**6):
        with (
            room_context(room_ids=(alpha,)),
            pytest.raises(ProgrammingError, match="plain label of its own room"),
            transaction.atomic(),
        ):
            audience(alpha, [(beta, None)], widened=label)


def test_labels_of_other_rooms_stay_unknown():
    alpha, beta = factories.room_id("alpha"), factories.room_id("beta")
    with room_context(room_ids=(alpha,)), transaction.atomic():
        label = audience(alpha, [(beta, None)])
    with room_context(room_ids=(beta,)), transaction.atomic():
        assert (plain_labels([label]), share_states([label])) == ({}, {})


def test_shared_view_shows_what_both_rooms_may_read_and_writes_nothing():
    alpha, beta, un = (factories.room_id(slug) for slug in ("alpha", "beta", "un"))
    with room_context(room_ids=(alpha,)), transaction.atomic():
        tell(alpha, audience(alpha), ["test.alone"])
        tell(alpha, audience(alpha, [(beta, None)]), ["test.both"])
        tell(alpha, audience(alpha, [(beta, None), (un, None)]), ["test.all"])
    with room_context(room_ids=(beta,)), transaction.atomic():
        tell(beta, own_audience(beta), ["test.beta"])

    def topics(**asked: object) -> list[str]:
        with room_context(**asked), transaction.atomic():  # type: ignore[arg-type]
            found = News.objects.values_list("topics", flat=True)
            return sorted(topic for topics in found for topic in topics if topic.startswith("test."))

    assert topics(room_ids=(beta,)) == ["test.all", "test.beta", "test.both"]
    assert topics(room_ids=(beta,), shared_with=alpha) == ["test.all", "test.both"]
    assert topics(room_ids=(un,), shared_with=beta) == ["test.all"]
    with (
        room_context(room_ids=(beta,), shared_with=alpha),
        pytest.raises(ProgrammingError, match="made by the room"),
        transaction.atomic(),
    ):
        own_audience(beta)


def test_shared_view_ends_with_its_block():
    alpha, beta = factories.room_id("alpha"), factories.room_id("beta")
    with room_context(room_ids=(beta,)), transaction.atomic():
        with room_context(room_ids=(alpha,), shared_with=beta):
            News.objects.count()
        assert own_audience(beta) > 0
