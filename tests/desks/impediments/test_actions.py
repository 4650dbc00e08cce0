"""Impediments with a database: one id however often raised, answers across rooms, hand-over, closing, who reads what."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.rules import Holder
from tansiq.building.ledger.models import Entry, Manifest
from tansiq.building.ledger.rows import read_manifest
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.models import (
    Impediment,
    ImpedimentDetail,
    ImpedimentIdentities,
    ImpedimentState,
    ImpedimentStep,
    RelatedRecord,
    StepWords,
)
from tansiq.desks.impediments.rules import Act, Amendment, RecordReference
from tests import factories
from tests.desks.impediments.conftest import seen, stated, story

pytestmark = pytest.mark.django_db


def refusal(call) -> tuple[str, str]:
    with pytest.raises(Refused) as refused, transaction.atomic():
        call()
    return refused.value.code, str(refused.value)


def acts_written(by: Actor) -> list[str]:
    with eyes_of(by):
        return list(Entry.objects.filter(room_id=by.room_id).order_by("seq").values_list("act", flat=True))


def words_of(by: Actor, impediment: Impediment) -> list[tuple[str, str]]:
    with eyes_of(by):
        found = StepWords.objects.filter(impediment=impediment).select_related("room").order_by("created_at")
        return [(one.room.slug, one.text) for one in found]


def test_impediment_opens_with_owner_clock_and_first_step(un, opened):
    found = seen(un, opened(chain_links=("items_cleared", "entry"), cost_quantity=Decimal(12), cost_unit="pallet",
                            cost_source="warehouse ledger", owner_person="The permit section", contact="extension 7"))  # fmt: skip
    assert (found.state, found.raised_count, found.silence_count) == (ImpedimentState.OPEN, 1, 0)
    assert (found.owner_room.slug, found.owner_role, found.chain_links) == (
        "alpha",
        "officer",
        ["items_cleared", "entry"],
    )
    assert (found.clock.state, found.clock.due_at - found.clock.started_at) == (ClockState.RUNNING, timedelta(hours=72))
    assert found.clock.holder_room_id == factories.room_id("alpha")
    assert story(un, found) == ["impediment.open"]
    assert acts_written(un)[-2:] == ["clocks.clock.start", Act.OPEN_IMPEDIMENT]
    with eyes_of(un):
        assert ImpedimentDetail.objects.get(impediment=found).cost_quantity == 12
        assert ImpedimentIdentities.objects.get(impediment=found).contact == "extension 7"


def test_type_may_name_a_clock_of_its_own(un, opened):
    found = seen(un, opened(kind="security"))
    assert found.clock.due_at - found.clock.started_at == timedelta(hours=12)


def test_statement_is_refused_with_what_was_found_and_expected(un, opened):
    cases = [
        (stated("  "), "impediment_title_missing", "title"),
        (stated("\u202eevil"), "impediment_title_unseen", "U+202E"),
        (stated("\u200b"), "impediment_title_unseen", "U+200B"),
        (stated("x" * 201), "impediment_title_too_long", "201"),
        (stated(kind="weather"), "impediment_term_unknown", "permit (Permit)"),
        (stated(chain_links=("moon",)), "impediment_term_unknown", "“moon”"),
        (stated(place="nowhere"), "impediment_place_unknown", "“nowhere”"),
        (stated(obligation="none"), "impediment_obligation_unknown", "“none”"),
        (stated(cost_quantity=Decimal(3)), "impediment_cost_without_unit", "Unit, Source of the figure"),
        (stated(cost_quantity=Decimal(0), cost_unit="truck", cost_source="a"), "impediment_cost_out_of_range", "more than 0"),
        (stated(cost_quantity=Decimal(1), cost_unit="camel", cost_source="a"), "impediment_term_unknown", "“camel”"),
        (replace(stated(), owner=Holder(un.room_id, "chief")), "impediment_owner_role_unknown", "“chief”"),
        (replace(stated(), owner=Holder(factories.operation().pk)), "impediment_owner_unknown", "room of this operation"),
    ]  # fmt: skip
    for statement, code, words in cases:
        found = refusal(lambda one=statement: actions.open_impediment(by=un, statement=one))
        assert found[0] == code
        assert words in found[1]


def test_observer_reads_but_does_not_open(words_loaded, db):
    observer = factories.actor("un", "observer")
    assert refusal(lambda: actions.open_impediment(by=observer, statement=stated()))[0] == "not_permitted"


def test_raised_thrice_keeps_one_id_and_its_deadline(un, opened):
    first = opened()
    due = seen(un, first).clock.due_at
    for reason in ("It still waits", "And still"):
        again = actions.raise_impediment(by=un, impediment=first, reason=reason)
        assert again.pk == first.pk
    found = seen(un, first)
    assert (found.raised_count, found.state, found.clock.due_at) == (3, ImpedimentState.OPEN, due)
    with eyes_of(un):
        assert Impediment.objects.filter(room=un.room_id).count() == 1
    assert words_of(un, first) == [("un", "It still waits"), ("un", "And still")]
    with eyes_of(un):
        numbers = ImpedimentStep.objects.filter(impediment=first).order_by("at").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3]


def test_raising_needs_a_reason(un, opened):
    first = opened()
    assert (
        refusal(lambda: actions.raise_impediment(by=un, impediment=first, reason=" "))[0] == "impediment_reason_missing"
    )


def test_same_submission_sent_twice_is_one_raising(un, opened):
    first, key = opened(), uuid4()
    for _ in range(2):
        actions.raise_impediment(by=un, key=key, impediment=first, reason="again")
    assert seen(un, first).raised_count == 2


def test_other_room_that_reads_it_raises_the_same_one(un, alpha, opened):
    first = opened()
    actions.raise_impediment(by=alpha, impediment=first, reason="Ours are held up too")
    assert seen(un, first).raised_count == 2
    assert words_of(un, first) == [("alpha", "Ours are held up too")]
    assert acts_written(un)[-1] == Act.RECORD_STEP
    assert acts_written(alpha)[-1] == Act.RAISE_IMPEDIMENT


def test_system_opening_under_the_same_origin_and_record_raises_again(un, opened):
    about = factories.room("un")  # any record will do
    system = system_actor(factories.room("un"))
    first = actions.open_impediment(by=system, statement=stated(), origin="no_response", about=about)
    again = actions.open_impediment(by=system, statement=stated("Said otherwise"), origin="no_response", about=about)
    other = actions.open_impediment(by=system, statement=stated(), origin="hold_too_long", about=about)
    assert (again.pk, other.pk == first.pk) == (first.pk, False)
    found = seen(un, first)
    assert (found.raised_count, found.title, found.origin_id) == (2, "Radios wait for a permit", about.pk)
    with eyes_of(un):
        held = RelatedRecord.objects.filter(impediment=first)
        assert list(held.values_list("record_label", "record_id")) == [("rooms.room", about.pk)]
    assert refusal(
        lambda: actions.open_impediment(by=system, statement=stated(), origin="whim", about=about)
    )[0] == "impediment_term_unknown"  # fmt: skip


def test_closed_one_opens_again_under_its_id_when_the_system_finds_it_again(un):
    system, about = system_actor(factories.room("un")), factories.room("un")
    first = actions.open_impediment(by=system, statement=stated(), origin="no_response", about=about)
    actions.resolve_impediment(by=un, impediment=first, reason="It came")
    assert seen(un, first).closed_at is not None
    actions.open_impediment(by=system, statement=stated(), origin="no_response", about=about)
    found = seen(un, first)
    assert (found.state, found.closed_at, found.raised_count, found.clock.state) == (
        ImpedimentState.OPEN, None, 2, ClockState.RUNNING,
    )  # fmt: skip


def test_owner_answers_in_its_own_room_and_the_raiser_reads_it(un, alpha, opened):
    first = opened()
    actions.answer_impediment(by=alpha, impediment=first, answer="refused", reason="Not on the list")
    found = seen(un, first)
    assert (found.state, found.answer, found.clock.state) == (ImpedimentState.ANSWERED, "refused", ClockState.STOPPED)
    with eyes_of(un):
        words = StepWords.objects.get(impediment=first)
        assert (words.room_id, words.text) == (alpha.room_id, "Not on the list")
        step = ImpedimentStep.objects.get(impediment=first, act=Act.ANSWER_IMPEDIMENT)
        assert (step.room_id, step.by_room_id, step.is_late) == (un.room_id, alpha.room_id, False)
    assert acts_written(un)[-2:] == ["clocks.clock.stop", Act.RECORD_STEP]
    assert acts_written(alpha)[-1] == Act.ANSWER_IMPEDIMENT


def test_approval_starts_the_clock_of_its_effect(un, alpha, opened):
    first = opened()
    former = seen(un, first).clock_id
    actions.answer_impediment(by=alpha, impediment=first, answer="approved", reason="May enter")
    found = seen(un, first)
    assert (found.clock_id == former, found.clock.state) == (False, ClockState.RUNNING)
    assert found.clock.due_at - found.clock.started_at == timedelta(hours=96)


def test_only_the_owner_answers_and_nobody_answers_with_silence(un, alpha, opened):
    first = opened()
    answer = {"impediment": first, "reason": "because"}
    assert refusal(lambda: actions.answer_impediment(by=un, answer="approved", **answer)) == (
        "impediment_not_owner", "Only the room that owns the impediment, Room alpha, can answer it.",
    )  # fmt: skip
    assert (
        refusal(lambda: actions.answer_impediment(by=alpha, answer="silent", **answer))[0] == "impediment_term_unknown"
    )


def test_only_the_raiser_closes_and_a_closed_one_is_not_answered(un, alpha, opened):
    first = opened()
    for close in (actions.resolve_impediment, actions.withdraw_impediment):
        assert refusal(lambda close=close: close(by=alpha, impediment=first, reason="x"))[0] == "impediment_not_raiser"
    actions.withdraw_impediment(by=un, impediment=first, reason="It was none")
    assert seen(un, first).state == ImpedimentState.WITHDRAWN
    late = refusal(lambda: actions.answer_impediment(by=alpha, impediment=first, answer="refused", reason="x"))
    assert late[0] == "impediment_state"
    assert "withdrawn" in late[1]


def test_hand_over_lets_the_new_owner_read_and_starts_its_clock(un, alpha, beta, opened):
    first = opened(description="All about it")
    assert seen(beta, first) is None
    actions.hand_over_impediment(by=un, impediment=first, owner=Holder(beta.room_id), reason="It is theirs")
    found = seen(beta, first)
    assert (found.owner_room_id, found.clock.holder_room_id, found.clock.state) == (
        beta.room_id, beta.room_id, ClockState.RUNNING,
    )  # fmt: skip
    with eyes_of(beta):
        assert ImpedimentDetail.objects.get(impediment=first).description == "All about it"
    assert story(beta, first) == ["impediment.open", "impediment.hand_over"]
    assert seen(alpha, first) is not None  # who was asked goes on reading what it was asked
    assert (
        refusal(lambda: actions.answer_impediment(by=alpha, impediment=first, answer="refused", reason="x"))[0]
        == "impediment_not_owner"
    )


def test_owner_hands_over_only_to_rooms_that_read_it(un, alpha, beta, opened):
    first = opened()
    to_beta = {"impediment": first, "owner": Holder(beta.room_id), "reason": "not ours"}
    assert refusal(lambda: actions.hand_over_impediment(by=alpha, **to_beta))[0] == "impediment_owner_cannot_read"
    actions.hand_over_impediment(by=alpha, impediment=first, owner=Holder(un.room_id, "officer"), reason="not ours")
    found = seen(un, first)
    assert (found.owner_room_id, words_of(un, first)) == (un.room_id, [("alpha", "not ours")])
    assert (
        refusal(
            lambda: actions.hand_over_impediment(
                by=un, impediment=first, owner=Holder(un.room_id, "officer"), reason="x"
            )
        )[0]
        == "impediment_same_owner"
    )


def test_amendment_keeps_the_former_words(un, opened):
    first = opened(description="First words")
    other = opened("Something else entirely", kind="money")
    amendment = Amendment(
        chain_links=("route",), description="Second words", cost_quantity=Decimal("2.5"), cost_unit="truck",
        cost_source="haulier", next_forum="Weekly meeting", contact="extension 9",
        precedents=(RecordReference("impediments.impediment", other.pk, {"en": other.title}),),
    )  # fmt: skip
    actions.amend_impediment(by=un, impediment=first, amendment=amendment, reason="The figure is known now")
    with eyes_of(un):
        versions = ImpedimentDetail.objects.filter(impediment=first).order_by("version")
        assert list(versions.values_list("version", "description")) == [(1, "First words"), (2, "Second words")]
        assert RelatedRecord.objects.get(impediment=first, relation="precedent").record_id == other.pk
        assert ImpedimentIdentities.objects.get(impediment=first).contact == "extension 9"
    found = seen(un, first)
    assert (found.chain_links, found.next_forum, found.state) == (["route"], "Weekly meeting", ImpedimentState.OPEN)
    assert found.clock.state == ClockState.RUNNING


def test_unreleased_impediment_does_not_exist_for_another_room(un, beta, opened):
    first = opened(description="All about it", contact="extension 7",
                   records=(RecordReference("rooms.room", un.room_id, {"en": "a record"}),))  # fmt: skip
    actions.raise_impediment(by=un, impediment=first, reason="again")
    models = (ImpedimentStep, ImpedimentDetail, ImpedimentIdentities, RelatedRecord, StepWords)
    with eyes_of(un):  # the owner of the rows reads every one of them
        assert [model.objects.filter(impediment=first).count() for model in models] == [2, 1, 1, 1, 1]
    with eyes_of(beta):
        assert [model.objects.filter(impediment=first).count() for model in models] == [0, 0, 0, 0, 0]
        assert Clock.objects.filter(subject_id=first.pk).count() == 0
    assert seen(beta, first) is None
    for verb in (actions.raise_impediment, actions.resolve_impediment, actions.withdraw_impediment):
        assert refusal(lambda verb=verb: verb(by=beta, impediment=first, reason="x"))[0] == "not_found"


def test_asked_room_reads_detail_but_no_names(un, alpha, opened):
    first = opened(description="All about it", contact="extension 7")
    with eyes_of(alpha):
        assert ImpedimentDetail.objects.get(impediment=first).description == "All about it"
        assert ImpedimentIdentities.objects.filter(impediment=first).count() == 0
    with eyes_of(un):
        assert ImpedimentIdentities.objects.filter(impediment=first).count() == 1


def test_story_cannot_be_rewritten(un, opened):
    first = opened()
    with eyes_of(un):
        step = ImpedimentStep.objects.get(impediment=first)
        for change in ({"act": "x"}, {"answer": "approved"}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                ImpedimentStep.objects.filter(pk=step.pk).update(**change)
        with pytest.raises(ProgrammingError), transaction.atomic():
            step.delete()


def test_every_row_of_an_opening_is_named_by_its_entry(un, opened):
    first = opened(description="words", contact="extension 7")
    with eyes_of(un):
        entry = Entry.objects.get(room_id=un.room_id, object_id=first.pk, act=Act.OPEN_IMPEDIMENT)
        manifest = Manifest.objects.get(room_id=un.room_id, entry_id=entry.pk)
    assert {label: len(rows) for label, rows in read_manifest(bytes(manifest.body))} == {
        "impediments.impediment": 1, "impediments.impedimentstep": 1, "impediments.impedimentdetail": 1,
        "impediments.impedimentidentities": 1,
    }  # fmt: skip


def test_no_key_of_the_database_tells_of_another_rooms_step(un, beta, opened):
    """Words that name a step of another room are taken, or not, whether or not there is such a step."""
    hidden, first = opened("Hidden from beta"), opened("Open to beta", owner="beta")
    actions.raise_impediment(by=beta, impediment=first, reason="ours too")
    with eyes_of(un):
        there = (hidden.pk, ImpedimentStep.objects.get(impediment=hidden).pk)
    with eyes_of(beta):
        assert not ImpedimentStep.objects.filter(pk=there[1]).exists()
        label = StepWords.objects.get(impediment=first).audience_id
        for impediment_id, step_id in (there, (uuid4(), uuid4())):
            with transaction.atomic():
                StepWords.objects.create(
                    room_id=beta.room_id, audience_id=label, impediment_id=impediment_id, step_id=step_id, text="?"
                )
                connection.check_constraints()
                transaction.set_rollback(True)


def test_record_of_another_room_is_kept_without_its_name(un, alpha, beta, opened):
    theirs = opened("Held of the first room", owner="beta")
    own = opened("Held of its own", by=beta)
    named = tuple(RecordReference("impediments.impediment", one.pk, {"en": one.title}) for one in (theirs, own))
    first = opened("Opened over both", by=beta, records=named, precedents=named)
    with eyes_of(beta):
        kept = RelatedRecord.objects.filter(impediment=first, relation="held")
        assert dict(kept.values_list("record_id", "record_names")) == {theirs.pk: {}, own.pk: {"en": own.title}}
