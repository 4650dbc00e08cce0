"""Monitoring asks a sample that the system drew; complaints are answered, told back, or their silence is entered."""

from datetime import UTC, datetime

import pytest

from tansiq.building.clocks.jobs import strike_due_clocks
from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import opened
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.jobs import follow
from tansiq.desks.distribution.models import Complaint, Interview, Step
from tansiq.desks.distribution.queries.feedback import results_of
from tansiq.desks.distribution.rules import ComplaintStatement, InterviewStatement, RoundStatement, complaint_state
from tansiq.desks.impediments.models import Impediment
from tansiq.engine.sampling import draw
from tests import factories
from tests.desks.distribution.conftest import DAY, HOUR, report_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(un, ngo, planned):
    """Make a round of the UN room after a distribution of the association."""
    plan = planned()
    actions.send_report(by=ngo, plan=plan, statement=report_statement())

    def make(interviewer: str = "un", **more: object):
        given = {"population": 80, **more}
        statement = RoundStatement(plan.pk, factories.room_id(interviewer), **given)
        return actions.draw_round(by=un, statement=statement)

    return make


def asked(by, found, number, **answers):
    statement = InterviewStatement(number, datetime.now(UTC), answers or {"right_items": "yes"})
    return actions.enter_interview(by=by, monitoring_round=found, statement=statement)


def test_sample_can_be_drawn_again_from_the_seed_in_the_ledger(un, drawn):
    found = drawn()
    with eyes_of(un):
        (entry,) = opened(Entry.objects.filter(act="distribution.monitoring.draw", object_id=found.pk))
    assert draw(entry.facts["seed"], entry.facts["population"], entry.facts["size"]) == found.drawn
    assert len(found.drawn) == 44  # Cochran: 80 households, ten per cent to either side, at 95 %


def test_who_distributed_cannot_ask(drawn):
    with pytest.raises(Refused) as refused:
        drawn("ngo")
    assert refused.value.code == "interviewer_not_independent"


def test_only_drawn_numbers_are_asked_and_each_once(un, drawn):
    found = drawn(size=3)
    other = next(number for number in range(1, 81) if number not in found.drawn)
    asked(un, found, found.drawn[0])
    for number, code in ((other, "number_not_drawn"), (found.drawn[0], "number_asked")):
        with pytest.raises(Refused) as refused:
            asked(un, found, number)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("answers", "code"),
    [({"right_items": "perhaps"}, "answer_unknown"), ({"shoe_size": "yes"}, "question_unknown"), ({"use": "yes"}, "answer_unknown")],
)  # fmt: skip
def test_answers_are_those_of_the_questionnaire(un, drawn, answers, code):
    found = drawn(size=3)
    with pytest.raises(Refused) as refused:
        asked(un, found, found.drawn[0], **answers)
    assert refused.value.code == code


def test_results_come_with_their_margin(un, drawn):
    found = drawn(size=20)
    for place, number in enumerate(found.drawn):
        asked(un, found, number, right_items="yes" if place < 15 else "no", paid="no")
    actions.finish_round(by=un, monitoring_round=found)
    with eyes_of(un):
        results = {one.code: one for one in results_of(found, list(Interview.objects.filter(round=found)))}
    right, paid = results["right_items"], results["paid"]
    assert (right.asked, right.shares["yes"].share) == (20, 0.75)
    assert 0.55 < right.shares["yes"].low < 0.75 < right.shares["yes"].high < 0.88
    assert (paid.shares["no"].share, paid.is_good) == (1.0, True)


def test_sites_can_be_the_frame_and_no_more_can_be_drawn_than_there_are(drawn):
    found = drawn(frame="sites", sites=("store_gaza", "store_north"), size=1)
    assert (found.population, len(found.drawn), found.frame_codes) == (2, 1, ["store_gaza", "store_north"])
    with pytest.raises(Refused) as refused:
        drawn(frame="sites", sites=("store_gaza",), size=2)
    assert refused.value.code == "sample_out_of_range"


def test_round_of_nobody_is_not_finished(un, drawn):
    with pytest.raises(Refused) as refused:
        actions.finish_round(by=un, monitoring_round=drawn())
    assert refused.value.code == "nobody_asked"


def complain(by, category: str = "quality", ago=HOUR, handler: str | None = "un", **more):
    at = datetime.now(UTC) - ago
    statement = ComplaintStatement(category, "desk", "الخيام لا تمنع المطر", at,
                                   handler_room=factories.room_id(handler) if handler else None, **more)  # fmt: skip
    return actions.receive_complaint(by=by, statement=statement)


def state(by, complaint):
    with eyes_of(by):
        return complaint_state(Step.objects.filter(complaint=complaint))


def test_loop_is_closed_only_when_the_answer_was_told(un, ngo):
    complaint = complain(ngo)
    assert state(ngo, complaint) == "open"
    actions.answer_complaint(by=un, complaint=complaint, answer="They will be replaced.")
    assert [state(by, complaint) for by in (ngo, un)] == ["answered", "answered"]
    assert follow.func(0) == 1  # the clock of telling it begins
    with eyes_of(ngo):
        assert Complaint.objects.select_related("clock__kind").get().clock.kind.code == "complaint_feed_back"
    actions.feed_complaint_back(by=ngo, complaint=complaint, how="told at the desk")
    assert state(ngo, complaint) == "closed"
    actions.reopen_complaint(by=ngo, complaint=complaint, reason="nothing came")
    assert state(ngo, complaint) == "open"


def test_silence_is_entered_once_and_opens_an_impediment(un, ngo):
    complaint = complain(ngo, ago=6 * DAY)
    strike_due_clocks.func(0)
    assert [follow.func(0), follow.func(0)] == [1, 0]
    assert state(ngo, complaint) == "silent"
    with eyes_of(un):
        found = Impediment.objects.get(origin="complaint_silent")
    assert (found.origin_id, found.owner_room_id, found.title) == (complaint.pk, un.room_id, complaint.reference)
    actions.answer_complaint(by=un, complaint=complaint, answer="late")
    assert state(ngo, complaint) == "answered"


def test_sensitive_complaint_goes_to_its_handler_alone(un, ngo):
    complaint = complain(ngo, "exploitation_abuse")
    with eyes_of(factories.actor("lead")):
        assert Complaint.objects.filter(pk=complaint.pk).exists()
    for slug in ("un", "floor", "beta"):
        with eyes_of(factories.actor(slug)):
            assert not Complaint.objects.filter(pk=complaint.pk).exists()
            assert not Step.objects.filter(complaint=complaint).exists()


def test_silence_over_a_sensitive_complaint_tells_nobody_else(ngo):
    complaint = complain(ngo, "fraud", ago=3 * DAY)
    strike_due_clocks.func(0)
    follow.func(0)
    assert state(ngo, complaint) == "silent"
    with eyes_of(ngo):
        assert not Impediment.objects.exists()


@pytest.mark.parametrize(
    ("stated", "code"), [({"category": "weather"}, "category_unknown"), ({"area": "nowhere"}, "plan_area_unknown")]
)
def test_complaint_that_cannot_be_is_refused(ngo, stated, code):
    with pytest.raises(Refused) as refused:
        complain(ngo, **stated)
    assert refused.value.code == code


def test_only_the_handler_answers_and_only_who_received_it_tells_it(un, ngo, beta):
    complaint = complain(ngo)
    for by in (ngo, beta):
        with pytest.raises(Refused) as refused:
            actions.answer_complaint(by=by, complaint=complaint, answer="x")
        assert refused.value.code == "not_found"
    with pytest.raises(Refused) as refused:
        actions.feed_complaint_back(by=ngo, complaint=complaint, how="x")
    assert refused.value.code == "complaint_state"
