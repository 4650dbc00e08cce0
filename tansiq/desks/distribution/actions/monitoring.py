"""Rounds of monitoring: the sample drawn by the system from a recorded seed, interviews entered, the round finished."""

import secrets
from uuid import uuid4

from tansiq.building.clocks.queries import database_now
from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution.actions.labels import check_may_read, label_of
from tansiq.desks.distribution.actions.movements import check_time
from tansiq.desks.distribution.actions.partners import reference
from tansiq.desks.distribution.actions.steps import answer_other, end_clock, run_clock
from tansiq.desks.distribution.models import DistributionPlan, Frame, Interview, MonitoringRound
from tansiq.desks.distribution.queries.settings import settings_of, words
from tansiq.desks.distribution.rules import (
    TOPIC,
    Act,
    InterviewStatement,
    RoundStatement,
    next_round_state,
)
from tansiq.engine.sampling import MOST, draw, sample_size

CODE = "monitoring_round"
SEED_BYTES = 16
MONITOR = "monitoring_officer"


@act(Act.DRAW_ROUND)
def draw_round(*, by: Actor, statement: RoundStatement) -> Done:
    """Draw the sample of a round after a distribution; who asks must not be who distributed. Raises Refused.

    The seed stands in the ledger with the round: whoever reads it draws the same numbers again.
    """
    stated, known = settings_of(by.operation_id), words(by)
    plan = DistributionPlan.objects.select_related("room").filter(
        pk=statement.plan_id, room__operation=by.operation_id
    ).first()  # fmt: skip
    if plan is None:
        raise Refused("not_found")
    interviewer = Room.objects.filter(pk=statement.interviewer_room, operation=by.operation_id).first()
    if interviewer is None:
        raise Refused("interviewer_unknown")
    if interviewer.pk == plan.room_id:
        raise Refused("interviewer_not_independent", room=local_name(interviewer.names))
    for line in (TearLine.HEADLINE, TearLine.DETAIL):
        check_may_read(by, CODE, line, interviewer)
    sites = _sites(statement, list(known.aid.areas))
    population = len(sites) if statement.frame == Frame.SITES else statement.population
    if not 1 <= population <= MOST:
        raise Refused("population_out_of_range", found=population, expected=MOST)
    size = statement.size or max(
        sample_size(population, float(stated.sampling.margin), stated.sampling.confidence), stated.sampling.at_least
    )
    if size > population and statement.size:
        raise Refused("sample_out_of_range", found=size, expected=population)
    seed, now, pk = secrets.token_hex(SEED_BYTES), database_now(), uuid4()
    drawn = draw(seed, population, min(size, population))
    found = MonitoringRound.objects.create(
        id=pk, room_id=by.room_id, audience_id=label_of(by, CODE, pk, TearLine.HEADLINE, [interviewer.pk]),
        reference=reference("M"), plan=plan, distributor_room=plan.room, interviewer_room=interviewer,
        frame=statement.frame, frame_codes=sites, population=population, seed=seed, drawn=drawn,
        questionnaire=[one.model_dump(mode="json") for one in stated.questionnaire],
        state=next_round_state(None, Act.DRAW_ROUND), drawn_at=now,
    )  # fmt: skip
    run_clock(by, found, stated.clocks.monitoring, Holder(interviewer.pk, MONITOR), name=found.reference)
    facts = {"plan": str(plan.pk), "interviewer": str(interviewer.pk), "frame": statement.frame, "seed": seed,
             "population": population, "size": len(drawn)}  # fmt: skip
    return Done(found, wrote=[found], facts=facts, topics=[TOPIC])


@act(Act.ENTER_INTERVIEW)
def enter_interview(*, by: Actor, monitoring_round: MonitoringRound, statement: InterviewStatement) -> Done:
    """Enter the answers of one number of the sample, as the room that asks. Raises Refused."""
    held = MonitoringRound.objects.filter(pk=monitoring_round.pk, interviewer_room=by.room_id).first()
    if held is None:
        raise Refused("not_found")
    next_round_state(held.state, Act.ENTER_INTERVIEW)
    check_time(statement.held_at)
    if statement.number not in held.drawn:
        raise Refused("number_not_drawn", found=statement.number)
    if Interview.objects.filter(room=by.room_id, round=held, number=statement.number).exists():
        raise Refused("number_asked", found=statement.number)
    _check_answers(held, statement)
    interview = Interview.objects.create(
        room_id=by.room_id, audience_id=label_of(by, CODE, held.pk, TearLine.DETAIL, [held.room_id]), round=held,
        number=statement.number, answers=dict(statement.answers), held_at=statement.held_at,
    )  # fmt: skip
    facts = {"round": str(held.pk), "answered": len(statement.answers)}
    return Done(interview, wrote=[interview], facts=facts, topics=[TOPIC])


@act(Act.FINISH_ROUND)
def finish_round(*, by: Actor, monitoring_round: MonitoringRound) -> Done:
    """Finish a round of the acting room: its results stand. Raises Refused while nobody was asked."""
    held = MonitoringRound.objects.select_for_update(of=("self",)).filter(
        pk=monitoring_round.pk, room=by.room_id
    ).first()  # fmt: skip
    if held is None:
        raise Refused("not_found")
    held.state = next_round_state(held.state, Act.FINISH_ROUND)
    asked = Interview.objects.filter(round=held).count()
    if not asked:
        raise Refused("nobody_asked")
    held.done_at = database_now()
    held.save(update_fields=["state", "done_at"])
    if held.interviewer_room_id == by.room_id:
        answer_other(by, held.clock_id)
    else:
        end_clock(by, held.clock_id)
    return Done(held, wrote=[held], facts={"asked": asked, "size": len(held.drawn)}, topics=[TOPIC])


def _sites(statement: RoundStatement, known: list[str]) -> list[str]:
    if statement.frame not in Frame.values:
        raise Refused("frame_unknown", found=statement.frame, expected=", ".join(Frame.values))
    if statement.frame != Frame.SITES:
        return []
    unknown = sorted(set(statement.sites) - set(known))
    if unknown or len(set(statement.sites)) != len(statement.sites):
        raise Refused("sites_unknown", found=", ".join(unknown) or ", ".join(statement.sites))
    return sorted(statement.sites)


def _check_answers(held: MonitoringRound, statement: InterviewStatement) -> None:
    asked = {one["code"]: one for one in held.questionnaire}
    if not statement.answers:
        raise Refused("nothing_answered")
    for code, answer in statement.answers.items():
        question = asked.get(code)
        if question is None:
            raise Refused("question_unknown", found=code, expected=", ".join(asked))
        known = ["yes", "no"] if question["kind"] == "yes_no" else [one["code"] for one in question["choices"]]
        if answer not in known:
            raise Refused(
                "answer_unknown", question=local_name(question["names"]), found=answer, expected=", ".join(known)
            )
