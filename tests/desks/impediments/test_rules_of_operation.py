"""What the operation's files decide: who may be asked, who reads by default, and whether a moment may be past."""

import pytest

from tansiq.building.rooms.models import Operation, Room
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments import actions
from tests import factories
from tests.desks.impediments.conftest import HOUR, load_words, seen, stated


@pytest.fixture
def un(own_database):
    load_words()
    return factories.actor("un")


def refusal(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_room_is_asked_only_within_its_ceiling(un):
    assert seen(un, actions.open_impediment(by=un, statement=stated(owner="press"))).owner_room.slug == "press"
    Room.objects.using("owner").filter(slug="press").update(tlp_ceiling="CLEAR")
    assert refusal(lambda: actions.open_impediment(by=un, statement=stated(owner="press"))) == "above_ceiling"


def test_detail_stays_out_of_a_room_that_may_not_receive_its_mark(un):
    rule = {"headline": {"marking": "GREEN"}, "detail": {"marking": "RED"}}
    rules = {"record_types": {"impediment": {"lines": rule}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    Room.objects.using("owner").filter(slug="alpha").update(tlp_ceiling="AMBER")
    first = actions.open_impediment(by=un, statement=stated(description="closely held"))
    alpha, beta = factories.actor("alpha"), factories.actor("beta")
    from tansiq.building.rooms.actors import eyes_of
    from tansiq.desks.impediments.models import ImpedimentDetail

    for by, count in ((un, 1), (alpha, 0), (beta, 0)):
        with eyes_of(by):
            assert ImpedimentDetail.objects.filter(impediment=first).count() == count
    assert (seen(alpha, first).pk, seen(beta, first)) == (first.pk, None)


def test_default_readers_of_the_release_rules_read_it(un):
    rules = {"record_types": {"impediment": {"lines": {"headline": {"room_kinds": ["shared_floor"]}}}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    first = actions.open_impediment(by=un, statement=stated())
    assert seen(factories.actor("floor"), first).title == first.title
    assert seen(factories.actor("beta"), first) is None


def test_past_moment_is_for_the_sample_alone(un):
    from tansiq.building.clocks.queries import database_now

    now = database_now()
    assert seen(un, actions.open_impediment(by=un, statement=stated(), at=now - HOUR)).raised_at == now - HOUR
    Operation.objects.using("owner").filter(slug="test").update(is_sample=False)
    late = {"by": un, "statement": stated(), "at": now - HOUR}
    assert refusal(lambda: actions.open_impediment(**late)) == "impediment_time_is_now"
