"""What is derived: links, precedents, contradictions without a leak, tokens on the manifest, refusals in spite."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import AidEvent, Consignment
from tansiq.desks.aid.rules import EventStatement
from tansiq.desks.impediments.models import Impediment, RelatedRecord
from tansiq.desks.requests import actions
from tansiq.desks.requests.jobs import compare_decisions, watch_crossings
from tansiq.desks.requests.models import Clearance, Inconsistency, Request
from tansiq.desks.requests.queries.inconsistencies import inconsistencies
from tansiq.desks.requests.queries.links import links_of
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.queries.precedents import paces, precedents_for, sought_decisions
from tansiq.desks.requests.queries.tokens import tokens_of
from tansiq.desks.requests.rules import LineAsked, Part
from tansiq.engine.chain import Fact
from tests import factories
from tests.desks.requests.conftest import DAY, decide, questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def moving(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> Callable[..., tuple[Clearance, Consignment]]:
    """A question that was approved, and the consignment made of its line."""

    def make(title: str = "Tents for the north", **fields: object) -> tuple[Clearance, Consignment]:
        request = sent(title, **fields)
        (asked,) = questions(ngo, request)
        decide(alpha, asked)
        actions.consign_request(by=ngo, request=request, part=Part({asked.item_id: Decimal(10)}))
        with eyes_of(ngo):
            return asked, Consignment.objects.order_by("-created_at").first()

    return make


def link_of(by: Actor, consignment: Consignment, now: datetime) -> Fact:
    with eyes_of(by):
        (fact,) = links_of([consignment.pk], now)
    return fact


def test_link_follows_the_standing_of_the_items(
    ngo: Actor, alpha: Actor, moving: Callable[..., tuple[Clearance, Consignment]], now: datetime
) -> None:
    asked, consignment = moving()
    holder = f"{alpha.room_id}:officer"
    done = link_of(ngo, consignment, now)
    assert (done.link, done.state, done.holder, done.consignment) == (
        "items_cleared",
        "done",
        holder,
        str(consignment.pk),
    )
    assert link_of(ngo, consignment, now + 61 * DAY).state == "waiting"  # the approval is over
    decide(alpha, asked, "refused", reason="item_dual_use")
    assert link_of(ngo, consignment, now).state == "refused"
    actions.appeal_clearance(by=ngo, clearance=asked, grounds="Please look again.")
    waiting = link_of(ngo, consignment, now)
    assert (waiting.state, waiting.deadline > waiting.since) == ("waiting", True)
    assert link_of(ngo, consignment, now + 10 * DAY).state == "no_response"


def test_consignment_without_a_request_needs_no_clearance(ngo: Actor, now: datetime) -> None:
    other = factories.actor("floor")
    with eyes_of(ngo):
        fact = links_of([other.room_id], now)[0]
    assert fact == Fact(str(other.room_id), "items_cleared", "not_needed")


def test_links_cost_the_same_for_one_consignment_and_three(
    ngo: Actor, moving: Callable[..., tuple[Clearance, Consignment]], now: datetime
) -> None:
    numbers = []
    ids = [moving()[1].pk]
    for _round in range(2):
        with eyes_of(ngo), CaptureQueriesContext(connection) as captured:
            links_of(ids, now)
        numbers.append(len(captured))
        ids += [moving(f"More tents {number}")[1].pk for number in range(2)]
    assert numbers[0] == numbers[1]


def test_precedents_are_those_that_the_reader_may_read(
    ngo: Actor, un: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    (theirs,) = questions(un, sent("Tents of the other", by=un))
    decide(alpha, theirs, "refused", reason="item_dual_use")
    found = {}
    for by in (ngo, un, alpha):
        with eyes_of(by):
            found[by.room_id] = len(precedents_for(by, words(by.operation_id), "tents"))
    assert found == {ngo.room_id: 0, un.room_id: 1, alpha.room_id: 1}


def test_precedents_are_found_by_meaning_and_by_spelling(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    asked_for = (
        ("tents", "family tents"),
        ("tarpaulins", "tent roofs, tents"),
        ("tarpaulins", "blue"),
        ("rice", "tents"),
    )
    for commodity, description in asked_for:
        unit = "tonne" if commodity == "rice" else "item"
        line = LineAsked(commodity, Decimal(1), unit, description)
        (asked,) = questions(ngo, sent(f"{commodity} {description}", lines=(line,)))
        decide(alpha, asked)
    with eyes_of(ngo):
        rows = precedents_for(ngo, words(ngo.operation_id), "tents", "family tents")
    assert [(row.decision.commodity, row.is_same_item) for row in rows][:1] == [("tents", True)]
    assert "rice" not in [row.decision.commodity for row in rows]


def test_item_is_found_by_every_name(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    decide(alpha, asked)
    with eyes_of(ngo):
        known = words(ngo.operation_id)
        found = [sought_decisions(ngo, known, text, "").count() for text in ("Tents", "خِيام", "אוהלים", "rice")]
    assert found == [1, 1, 1, 0]


def test_mean_days_by_item(ngo: Actor, alpha: Actor, sent: Callable[..., Request], now: datetime) -> None:
    for days in (1, 2):
        (asked,) = questions(ngo, sent(f"Tents {days}", at=now - 3 * DAY))
        decide(alpha, asked, at=now - 3 * DAY + days * DAY)
    with eyes_of(ngo):
        (pace,) = paces(ngo, words(ngo.operation_id))
    assert (pace.code, pace.decisions, pace.mean_days) == ("tents", 2, 1.5)


def opposite(ngo: Actor, un: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    """Alpha lets the tents of one room move and refuses those of the other."""
    (first,) = questions(ngo, sent())
    (second,) = questions(un, sent("Tents of the UN", by=un))
    decide(alpha, first)
    decide(alpha, second, "refused", reason="item_dual_use")


def test_inconsistency_exists_only_where_both_decisions_are_read(
    ngo: Actor, un: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    opposite(ngo, un, alpha, sent)
    assert (compare_decisions(0), compare_decisions(0)) == (1, 0)
    seen = {}
    for slug in ("alpha", "ngo", "un", "lead", "floor", "beta"):
        with eyes_of(factories.actor(slug)):
            seen[slug] = Inconsistency.objects.count()
    assert seen == {"alpha": 1, "ngo": 0, "un": 0, "lead": 0, "floor": 0, "beta": 0}


def test_room_that_asked_for_both_reads_the_contradiction_and_its_answer(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    for title, said in (("one", {}), ("two", {"outcome": "refused", "reason": "quota"})):
        (asked,) = questions(ngo, sent(title))
        decide(alpha, asked, **said)
    compare_decisions(0)
    with eyes_of(ngo):
        found = inconsistencies(ngo).get()
    with pytest.raises(Refused) as refused:
        actions.answer_inconsistency(by=ngo, inconsistency=found, answer="mine")
    actions.answer_inconsistency(by=alpha, inconsistency=found, answer="The approval stands.")
    with eyes_of(ngo):
        assert (refused.value.code, inconsistencies(ngo).get().answer) == (
            "inconsistency_not_owner",
            "The approval stands.",
        )


def test_two_authorities_are_told_only_where_both_are_read(
    ngo: Actor, alpha: Actor, lead: Actor, sent: Callable[..., Request]
) -> None:
    line = (LineAsked("medical_equipment", Decimal(2), "item"),)
    first, second = questions(ngo, sent("one", lines=line)), questions(ngo, sent("two", lines=line))
    decide(alpha, first[0])
    decide(lead, second[1], "refused", reason="item_dual_use")
    compare_decisions(0)
    seen = {}
    for by in (ngo, alpha, lead):
        with eyes_of(by):
            seen[by.name] = inconsistencies(by).count()
    assert seen == {"ngo officer": 1, "alpha officer": 0, "lead officer": 0}


def test_appeal_that_is_won_contradicts_nothing(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    decide(alpha, asked, "refused", reason="quota")
    actions.appeal_clearance(by=ngo, clearance=asked, grounds="again")
    decide(alpha, asked)
    assert compare_decisions(0) == 0


def test_decisions_further_apart_than_the_operation_says_contradict_nothing(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request], now: datetime
) -> None:
    for title, ago, said in (("one", 40, {}), ("two", 5, {"outcome": "refused", "reason": "quota"})):
        (asked,) = questions(ngo, sent(title, at=now - (ago + 1) * DAY))
        decide(alpha, asked, at=now - ago * DAY, **said)
    assert compare_decisions(0) == 0


def test_manifest_carries_the_tokens_of_its_lines(
    ngo: Actor, alpha: Actor, moving: Callable[..., tuple[Clearance, Consignment]]
) -> None:
    asked, consignment = moving()
    with eyes_of(ngo):
        (token,) = tokens_of([consignment.pk])[consignment.pk]
    assert (token.line_number, token.quantity, token.authority_id, token.is_valid) == (1, 10, alpha.room_id, True)
    decide(alpha, asked, "refused", reason="quota")
    with eyes_of(ngo):
        assert tokens_of([consignment.pk]) == {}


def refused_at_gate(by: Actor, consignment: Consignment, at: datetime) -> AidEvent:
    return aid.record_event(
        by=by, statement=EventStatement(
            "rejected_at_crossing", at, consignment=consignment.reference, crossing_code="kerem_shalom",
            reason="item_dual_use",
        ),
    )  # fmt: skip


def test_refusal_in_spite_of_a_token_opens_one_impediment(
    ngo: Actor, alpha: Actor, moving: Callable[..., tuple[Clearance, Consignment]], now: datetime
) -> None:
    _asked, consignment = moving()
    event = refused_at_gate(ngo, consignment, now + timedelta(minutes=1))
    assert (watch_crossings(0), watch_crossings(0)) == (1, 0)
    with eyes_of(ngo):
        opened = Impediment.objects.get(origin="refused_in_spite_of_approval")
        held = set(RelatedRecord.objects.filter(impediment=opened).values_list("record_id", flat=True))
    assert (opened.origin_id, opened.owner_room_id, opened.place) == (event.pk, alpha.room_id, "kerem_shalom")
    assert {event.pk, consignment.pk} <= held


def test_refusal_without_a_valid_token_opens_nothing(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request], now: datetime
) -> None:
    request = sent(at=now - 9 * DAY)
    (asked,) = questions(ngo, request)
    decide(alpha, asked, at=now - 8 * DAY)
    actions.consign_request(by=ngo, request=request, part=Part({asked.item_id: Decimal(10)}))
    with eyes_of(ngo):
        consignment = Consignment.objects.get()
    refused_at_gate(ngo, consignment, now - 8 * DAY - timedelta(hours=1))
    assert watch_crossings(0) == 0


def test_ledger_of_the_asking_room_tells_every_step(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    decide(alpha, asked)
    with eyes_of(ngo), connection.cursor() as cursor:
        cursor.execute("select act from ledger_entry where room_id = %s order by seq", [ngo.room_id])
        acts = [act for (act,) in cursor.fetchall()]
    assert [act for act in acts if act.startswith("requests.")] == [
        "requests.request.draft", "requests.request.send", "requests.clearance.record_answer"
    ]  # fmt: skip
    assert json.dumps(acts).count("clocks.clock") == 2  # started, stopped
