"""Several rooms at work on one impediment at once: whose right a step is, is asked of the row as it stands then."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction

from tansiq.building.clocks.queries import database_now
from tansiq.building.clocks.rules import Holder
from tansiq.building.ledger.models import Entry, Fact
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.models import Impediment, ImpedimentState, ImpedimentStep
from tansiq.desks.impediments.rules import Act, Change
from tansiq.engine.merkle import read_fact
from tests import factories
from tests.desks.impediments.conftest import load_words, seen, stated, story


@pytest.fixture
def un(own_database: str) -> Actor:
    load_words()
    return factories.actor("un")


def given_to_beta(un: Actor) -> Impediment:
    """An impediment that alpha owned when it was opened, and beta owns now."""
    first = actions.open_impediment(by=un, statement=stated())
    actions.hand_over_impediment(by=un, impediment=first, owner=Holder(factories.room_id("beta")), reason="theirs")
    return first


@pytest.mark.parametrize(
    ("act", "said", "code"),
    [
        (Act.ANSWER_IMPEDIMENT, {"answer": "refused"}, "impediment_not_owner"),
        (Act.HAND_OVER_IMPEDIMENT, {"owner": "un"}, "impediment_not_holder"),
        (Act.AMEND_IMPEDIMENT, {}, "impediment_not_raiser"),
        (Act.RESOLVE_IMPEDIMENT, {}, "impediment_not_raiser"),
        (Act.WITHDRAW_IMPEDIMENT, {}, "impediment_not_raiser"),
    ],
)
def test_step_of_a_room_that_was_the_owner_is_refused_where_it_is_entered(un, act, said, code):
    """What the former owner asked for when it still read itself as the owner arrives after the hand-over."""
    first = given_to_beta(un)
    if "owner" in said:
        said = {"owner": Holder(factories.room_id(said["owner"]))}
    change = Change(act, uuid4(), factories.room_id("alpha"), database_now(), **said)
    with pytest.raises(Refused) as refused:
        actions.record_step(by=system_actor(factories.room("un")), impediment=first, change=change)
    assert refused.value.code == code
    assert story(un, first) == ["impediment.open", "impediment.hand_over"]


def test_step_of_a_room_that_reads_it_no_more_is_refused_where_it_is_entered(un):
    first = actions.open_impediment(by=un, statement=stated())
    change = Change(Act.RAISE_IMPEDIMENT, uuid4(), factories.room_id("beta"), database_now())
    with pytest.raises(Refused) as refused:
        actions.record_step(by=system_actor(factories.room("un")), impediment=first, change=change)
    assert (refused.value.code, seen(un, first).raised_count) == ("not_found", 1)


def test_answer_that_waits_for_a_hand_over_is_refused(un):
    first = actions.open_impediment(by=un, statement=stated())
    alpha, found = factories.actor("alpha"), []

    def answer() -> None:
        try:
            found.append(actions.answer_impediment(by=alpha, impediment=first, answer="refused", reason="no"))
        except Refused as refused:
            found.append(refused.code)
        finally:
            connection.close()

    waiting = threading.Thread(target=answer)
    with transaction.atomic():
        actions.hand_over_impediment(by=un, impediment=first, owner=Holder(factories.room_id("beta")), reason="theirs")
        waiting.start()
        waiting.join(1)  # it has read alpha as the owner, and waits for the row
        assert waiting.is_alive()
    waiting.join(30)
    assert found == ["impediment_not_owner"]
    found_now = seen(un, first)
    assert (found_now.state, found_now.owner_room.slug) == (ImpedimentState.OPEN, "beta")


def test_answer_names_the_room_that_gave_it(un):
    first = given_to_beta(un)
    actions.answer_impediment(by=factories.actor("beta"), impediment=first, answer="refused", reason="no")
    beta = factories.room_id("beta")
    with eyes_of(un):
        stopped = Entry.objects.filter(room_id=un.room_id, act="clocks.clock.stop").order_by("seq").last()
        fact = Fact.objects.get(room_id=un.room_id, entry_id=stopped.pk, name="answered_by")
        step = ImpedimentStep.objects.get(impediment=first, act=Act.ANSWER_IMPEDIMENT)
    assert (read_fact(fact.body).value, step.by_room_id) == (str(beta), beta)
