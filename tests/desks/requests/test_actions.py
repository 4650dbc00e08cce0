"""A request from its draft to its consignments: who reads it, who decides, what is recorded."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from tansiq.building.clocks.jobs import strike_one
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment, ConsignmentDetail, ConsignmentLine
from tansiq.desks.impediments.models import Impediment
from tansiq.desks.requests import actions
from tansiq.desks.requests.jobs import follow_clocks
from tansiq.desks.requests.models import (
    Clearance,
    ClearanceDecision,
    ClearanceToken,
    DecisionTerms,
    Request,
    RequestDetail,
    RequestLine,
    RequestState,
    RequestStep,
)
from tansiq.desks.requests.queries.movable import latest_consignment, movable_lines
from tansiq.desks.requests.rules import LineAsked, Part
from tests import factories
from tests.desks.requests.conftest import DAY, HOUR, decide, questions, standing, stated

pytestmark = pytest.mark.django_db
TWO_LINES = (
    LineAsked("tents", Decimal(120), "item", "family tents"),
    LineAsked("medical_equipment", Decimal(2), "item", "x-ray"),
)


def code_of(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


def test_draft_is_read_by_its_own_room_alone(ngo: Actor, alpha: Actor) -> None:
    draft = actions.draft_request(by=ngo, statement=stated())
    seen = {}
    for slug in ("ngo", "alpha", "floor", "lead"):
        with eyes_of(factories.actor(slug)):
            seen[slug] = (
                Request.objects.filter(pk=draft.pk).count(),
                RequestLine.objects.filter(request=draft).count(),
            )
    assert seen == {"ngo": (1, 1), "alpha": (0, 0), "floor": (0, 0), "lead": (0, 0)}


def test_sent_request_is_read_by_who_clears_it_line_by_line(ngo: Actor, sent: Callable[..., Request]) -> None:
    request = sent(lines=TWO_LINES)
    seen = {}
    for slug in ("ngo", "alpha", "lead", "floor", "beta"):
        with eyes_of(factories.actor(slug)):
            lines = RequestLine.objects.filter(request=request).order_by("number")
            seen[slug] = (
                list(lines.values_list("number", flat=True)),
                Clearance.objects.filter(request=request).count(),
            )
    assert seen == {"ngo": ([1, 2], 3), "alpha": ([1, 2], 2), "lead": ([2], 1), "floor": ([1, 2], 3), "beta": ([], 0)}


def test_former_versions_of_a_draft_stay_closed(ngo: Actor, alpha: Actor) -> None:
    draft = actions.draft_request(by=ngo, statement=stated(remark="first thought"))
    amended = actions.amend_request(by=ngo, request=draft, statement=stated(remark="second thought"))
    actions.send_request(by=ngo, request=amended)
    with eyes_of(alpha):
        assert list(RequestDetail.objects.filter(request=draft).values_list("remark", flat=True)) == ["second thought"]
    with eyes_of(ngo):
        assert RequestDetail.objects.filter(request=draft).count() == 2


def test_each_question_has_a_clock_that_its_authority_holds(sent: Callable[..., Request], ngo: Actor) -> None:
    found = questions(ngo, sent(lines=TWO_LINES))
    asked = [(one.item.number, one.authority.slug, one.clock.kind.code, one.clock.holder_room.slug) for one in found]
    assert asked == [
        (1, "alpha", "item_approval", "alpha"), (2, "alpha", "item_approval", "alpha"),
        (2, "lead", "item_review", "lead"),
    ]  # fmt: skip


def test_request_that_resembles_a_live_one_needs_a_reason(ngo: Actor, sent: Callable[..., Request]) -> None:
    former = sent("خيام للشمال", lines=(LineAsked("tents", Decimal(50), "item"),))
    again = actions.draft_request(by=ngo, statement=stated("خِيَام للشّمال"))
    with pytest.raises(Refused) as refused:
        actions.send_request(by=ngo, request=again)
    assert (code_of(refused), former.reference in str(refused.value)) == ("request_resembles", True)
    done = actions.send_request(by=ngo, request=again, in_spite="a second camp")
    with eyes_of(ngo):
        assert RequestStep.objects.get(request=done, act="requests.request.send").words == "a second camp"


def test_other_goods_for_other_places_do_not_resemble(ngo: Actor, sent: Callable[..., Request]) -> None:
    sent()
    other = stated("Flour for bakeries", lines=(LineAsked("wheat_flour", Decimal(5), "tonne"),), places=("PS0275",))
    draft = actions.draft_request(by=ngo, statement=other)
    assert actions.send_request(by=ngo, request=draft).state == RequestState.SENT


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": " "}, "request_title_missing"),
        ({"title": "x" * 201}, "request_title_too_long"),
        ({"title": "a\u202eb"}, "request_title_unseen"),
        ({"lines": ()}, "request_no_lines"),
        ({"places": ("PS9999",)}, "request_place_unknown"),
        ({"crossing_code": "nowhere"}, "request_crossing_unknown"),
        ({"consignor_class": "nobody"}, "request_class_unknown"),
        ({"households": -1}, "request_people"),
        ({"lines": (LineAsked("gold", Decimal(1), "item"),)}, "request_line_commodity"),
        ({"lines": (LineAsked("tents", Decimal(0), "item"),)}, "request_line_quantity"),
        ({"lines": (LineAsked("tents", Decimal("NaN"), "item"),)}, "request_line_quantity"),
        ({"lines": (LineAsked("tents", Decimal("0.0000001"), "item"),)}, "request_line_quantity"),
        ({"lines": (LineAsked("tents", Decimal(1), "ounce"),)}, "request_line_unit"),
        ({"lines": (LineAsked("tents", Decimal(1), "item", mass_kg=Decimal(-1)),)}, "request_line_mass"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(ngo: Actor, fields: dict[str, object], code: str) -> None:
    title = fields.pop("title", "Tents")
    with pytest.raises(Refused) as refused:
        actions.draft_request(by=ngo, statement=stated(str(title), **fields))
    assert code_of(refused) == code
    with eyes_of(ngo):
        assert Request.objects.count() == 0


def test_approval_ends_the_clock_and_yields_a_token(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    decide(alpha, asked, decided_role="officer")
    found = standing(ngo, asked)
    assert (found.code, found.is_cleared, found.allowed) == ("approved", True, Decimal(120))
    with eyes_of(ngo):
        assert Clock.objects.get(pk=asked.clock_id).state == ClockState.STOPPED
        assert ClearanceToken.objects.get(clearance=asked).text.startswith("TQ1|")


def test_decision_is_read_by_the_asking_room_and_by_no_other(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    (asked,) = questions(ngo, sent())
    made = decide(alpha, asked, "approved_with_conditions", conditions="no poles")
    seen = {}
    for slug in ("alpha", "ngo", "un", "lead", "beta", "floor"):
        with eyes_of(factories.actor(slug)):
            seen[slug] = [
                model.objects.filter(pk__isnull=False, **{way: made.pk}).count()
                for model, way in ((ClearanceDecision, "pk"), (DecisionTerms, "decision"), (ClearanceToken, "decision"))
            ]
    assert seen == {
        "alpha": [1, 1, 1], "ngo": [1, 1, 1], "un": [0, 0, 0], "lead": [0, 0, 0], "beta": [0, 0, 0], "floor": [0, 0, 0]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"outcome": "perhaps"}, "clearance_outcome"),
        ({"outcome": "refused"}, "clearance_reason"),
        ({"outcome": "refused", "reason": "queue"}, "clearance_reason"),
        ({"outcome": "partly", "reason": "quota"}, "clearance_quantity"),
        ({"outcome": "partly", "reason": "quota", "quantity": Decimal(120)}, "clearance_quantity"),
        ({"outcome": "approved_with_conditions", "conditions": " "}, "clearance_conditions"),
        ({"outcome": "information_asked"}, "clearance_question"),
        ({"outcome": "approved", "decided_role": "nobody"}, "clearance_role"),
    ],
)
def test_decision_that_says_too_little_is_refused(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request], said: dict[str, object], code: str
) -> None:
    (asked,) = questions(ngo, sent())
    with pytest.raises(Refused) as refused:
        decide(alpha, asked, **said)
    assert (code_of(refused), standing(ngo, asked).code) == (code, "waiting")


def test_only_the_authority_decides(ngo: Actor, un: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    codes = []
    for by in (ngo, un):
        with pytest.raises(Refused) as refused:
            decide(by, asked)
        codes.append(code_of(refused))
    assert codes == ["clearance_not_asked", "not_found"]


def test_information_pauses_the_clock_until_it_is_given(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    decide(alpha, asked, "information_asked", words="How long are the poles?")
    with eyes_of(ngo):
        paused = Clock.objects.get(pk=asked.clock_id).state
    assert (paused, standing(ngo, asked).code) == (ClockState.PAUSED, "information_asked")
    actions.give_information(by=ngo, clearance=asked, information="Two metres.")
    with eyes_of(ngo):
        running = Clock.objects.get(pk=asked.clock_id).state
    assert (running, standing(ngo, asked).code) == (ClockState.RUNNING, "waiting")
    with pytest.raises(Refused) as refused:
        actions.give_information(by=ngo, clearance=asked, information="Again.")
    assert code_of(refused) == "clearance_nothing_asked"


def test_silence_is_recorded_once_opens_an_impediment_and_never_reads_as_approved(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request], now: datetime
) -> None:
    (asked,) = questions(ngo, sent(at=now - 4 * DAY))
    assert standing(ngo, asked).code == "no_response"
    while strike_one():
        continue
    assert (follow_clocks(0), follow_clocks(0)) == (1, 0)
    with eyes_of(ngo):
        silence = RequestStep.objects.get(clearance=asked, act="requests.clearance.record_silence")
        opened = Impediment.objects.get(origin="no_response")
    assert (silence.by_system, silence.due_at, opened.owner_room_id) == (True, asked.clock.due_at, alpha.room_id)
    decide(alpha, asked)
    found = standing(ngo, asked)
    assert (found.code, found.silences, found.latest.is_late) == ("approved", 1, True)
    with eyes_of(ngo):
        assert RequestStep.objects.filter(clearance=asked, act="requests.clearance.record_silence").count() == 1


def test_late_answer_finds_the_silence_recorded_before_it(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request], now: datetime
) -> None:
    (asked,) = questions(ngo, sent(at=now - 4 * DAY))
    decide(alpha, asked, "refused", reason="item_dual_use")
    found = standing(alpha, asked)
    assert (found.code, found.silences, found.latest.is_late) == ("refused", 1, True)


def test_appeal_has_a_clock_of_its_own_and_is_answered_by_a_further_decision(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    (asked,) = questions(ngo, sent())
    decide(alpha, asked, "refused", reason="item_dual_use")
    actions.appeal_clearance(by=ngo, clearance=asked, grounds="The poles are of wood.")
    (again,) = questions(ngo, asked.request)
    assert (again.round, again.clock.kind.code, standing(ngo, again).code) == (2, "item_appeal", "appealed")
    decide(alpha, again)
    found = standing(ngo, again)
    assert (found.code, [one.outcome for one in found.decisions]) == ("approved", ["refused", "approved"])
    with pytest.raises(Refused) as refused:
        actions.appeal_clearance(by=ngo, clearance=again, grounds="More.")
    assert code_of(refused) == "clearance_no_appeal"


def test_approval_that_is_over_lets_nothing_move(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request], now: datetime
) -> None:
    request = sent(at=now - 3 * DAY)
    (asked,) = questions(ngo, request)
    decide(alpha, asked, at=now - 2 * DAY, valid_until=now - DAY)
    assert standing(ngo, asked).code == "expired"
    with pytest.raises(Refused) as refused:
        actions.consign_request(by=ngo, request=request, part=Part({asked.item_id: Decimal(1)}))
    assert code_of(refused) == "consign_not_cleared"


def test_consignments_are_made_in_parts_of_no_more_than_was_cleared(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    request = sent()
    (asked,) = questions(ngo, request)
    with pytest.raises(Refused) as waiting:
        actions.consign_request(by=ngo, request=request, part=Part({asked.item_id: Decimal(1)}))
    decide(alpha, asked, "partly", reason="quota", quantity=Decimal(100))
    actions.consign_request(by=ngo, request=request, part=Part({asked.item_id: Decimal(70)}))
    with pytest.raises(Refused) as too_much:
        actions.consign_request(by=ngo, request=request, part=Part({asked.item_id: Decimal(31)}))
    done = actions.consign_request(by=ngo, request=request, part=Part({asked.item_id: Decimal(30)}, "second part"))
    assert (code_of(waiting), code_of(too_much)) == ("consign_not_cleared", "consign_too_much")
    with eyes_of(ngo):
        made = list(Consignment.objects.filter(room=ngo.room_id).order_by("created_at"))
        amounts = [ConsignmentLine.objects.get(consignment=one).quantity for one in made]
        remark = ConsignmentDetail.objects.get(consignment=made[0]).remark
        (line,) = movable_lines(done)
        last = latest_consignment(done)
    assert (amounts, [one.reference for one in made]) == ([70, 30], [f"ngo-{request.reference}-1", "second part"])
    assert (line.left, line.made, done.state, last) == (0, 100, RequestState.CONSIGNED, made[1])
    assert remark.startswith(request.reference)


def test_every_authority_must_clear_a_line(ngo: Actor, alpha: Actor, lead: Actor, sent: Callable[..., Request]) -> None:
    request = sent(lines=(LineAsked("medical_equipment", Decimal(2), "item"),))
    first, second = questions(ngo, request)
    decide(alpha, first)
    with pytest.raises(Refused) as refused:
        actions.consign_request(by=ngo, request=request, part=Part({first.item_id: Decimal(2)}))
    assert "Room lead" in str(refused.value)
    decide(lead, second)
    assert actions.consign_request(by=ngo, request=request, part=Part({first.item_id: Decimal(2)})).state == "consigned"


def test_withdrawing_closes_the_questions_and_their_clocks(
    ngo: Actor, alpha: Actor, sent: Callable[..., Request]
) -> None:
    request = sent()
    (asked,) = questions(ngo, request)
    actions.withdraw_request(by=ngo, request=request, reason="The camp moved.")
    with eyes_of(ngo):
        assert Clock.objects.get(pk=asked.clock_id).state == ClockState.STOPPED
    with pytest.raises(Refused) as refused:
        decide(alpha, asked)
    assert (code_of(refused), standing(ngo, asked).code) == ("clearance_closed", "closed")


def test_another_room_can_do_nothing_with_a_request(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    request = sent()
    codes = []
    for by in (alpha, factories.actor("beta")):
        with pytest.raises(Refused) as refused:
            actions.withdraw_request(by=by, request=request, reason="because")
        codes.append(code_of(refused))
    assert codes == ["request_not_own", "not_found"]


def test_time_of_the_past_is_for_samples_alone(ngo: Actor, sent: Callable[..., Request], now: datetime) -> None:
    assert sent(at=now - HOUR).sent_at == now - HOUR
