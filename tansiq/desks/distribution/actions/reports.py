"""Reports of distributions: kept as a draft, sent when they add up or when the sender insists, and reconciled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act, own_audience
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import named
from tansiq.desks.aid.rules import amount_fault
from tansiq.desks.distribution.actions.events import Happening, Told, tell_aid
from tansiq.desks.distribution.actions.labels import label_of
from tansiq.desks.distribution.actions.movements import (
    Movement,
    check_time,
    goods_in_words,
    locked,
    plain,
    write_movements,
)
from tansiq.desks.distribution.actions.partners import free_lots
from tansiq.desks.distribution.actions.plans import CODE, HOUSEHOLDS_AT_MOST, held_plan, plan_lots
from tansiq.desks.distribution.actions.steps import allowed, end_clock, moment, run_clock, step_on, words_on
from tansiq.desks.distribution.models import (
    DistributionPlan,
    DistributionReport,
    Line,
    MovementKind,
    StockMovement,
    Warehouse,
)
from tansiq.desks.distribution.queries.partners import givers_of
from tansiq.desks.distribution.queries.settings import Words, settings_of, words
from tansiq.desks.distribution.queries.stock import LOT
from tansiq.desks.distribution.rules import (
    TOPIC,
    Act,
    Goods,
    Lot,
    Outcome,
    ReportStatement,
    Taken,
    next_plan_state,
    next_report_state,
    outcome_sum,
    spread,
)

NOTHING = Decimal(0)
TYPED_AT_MOST = 20_000  # characters of a draft
LOSS = "loss"  # group of the operation's reasons
HOUSEHOLD, INDIVIDUAL = "household", "individual"


@act(Act.DRAFT_REPORT)
def draft_report(*, by: Actor, plan: DistributionPlan, typed: Mapping[str, str]) -> Done:
    """Keep what was typed of a report so far; its room alone reads it. Raises Refused."""
    held = held_plan(by, plan)
    former = DistributionReport.objects.filter(room=by.room_id, plan=held).first()
    after = next_report_state(former.state if former else None, Act.DRAFT_REPORT)
    if sum(len(name) + len(text) for name, text in typed.items()) > TYPED_AT_MOST:
        raise Refused("draft_too_long", expected=TYPED_AT_MOST)
    report = former or DistributionReport(room_id=by.room_id, audience_id=own_audience(by.room_id), plan=held)
    report.state, report.typed = after, dict(typed)
    report.save()
    return Done(report, wrote=[report], facts={"plan": str(held.pk)}, topics=[TOPIC])


@act(Act.SEND_REPORT)
def send_report(*, by: Actor, plan: DistributionPlan, statement: ReportStatement) -> Done:
    """Report what became of the goods and whom they reached. Raises Refused, with the arithmetic, when it differs.

    Who insists has it kept with its difference, an owner and a clock; one that adds up is reconciled at once.
    """
    held, known = held_plan(by, plan), words(by)
    former = DistributionReport.objects.filter(room=by.room_id, plan=held).first()
    lots = plan_lots(held)
    _check(by, statement, lots, known)
    differing = [one for one in statement.outcomes if one.difference]
    if differing and not statement.insist:
        raise _differs(differing[0], known)
    state = next_report_state(former.state if former else None, Act.SEND_REPORT, differs=bool(differing))
    held.state = next_plan_state(held.state, Act.SEND_REPORT)
    held.save(update_fields=["state"])
    givers = givers_of(by, [one.lot for one in lots])
    report = former or DistributionReport(room_id=by.room_id, plan=held)
    report.audience_id = label_of(by, CODE, held.pk, TearLine.HEADLINE, givers)
    report.state, report.held_at, report.sent_at, report.typed = state, statement.held_at, moment(by, None), {}
    report.save()
    rows = _lines(by, report, statement, label_of(by, CODE, held.pk, TearLine.DETAIL, givers))
    rows += words_on(by, CODE, report, Act.SEND_REPORT, text=statement.remark, concerned=givers)
    place = locked(by, Warehouse.objects.get(pk=held.warehouse_id))
    rows += _moves(by, _Handed(held, report, place, statement.held_at, known), statement.outcomes, lots)
    end_clock(by, held.clock_id)
    _follow_up(by, report, held, differs=bool(differing))
    report.refresh_from_db()
    facts = {
        "plan": str(held.pk),
        "households": statement.households,
        "differs": bool(differing),
        "state": report.state,
    }
    return Done(report, wrote=[held, report, *rows], facts=facts, topics=[TOPIC])


@act(Act.RECONCILE_REPORT)
def reconcile_report(*, by: Actor, report: DistributionReport, explanation: str = "") -> Done:
    """End the chain of these goods: the figures agree, or their difference is explained. Raises Refused."""
    held = DistributionReport.objects.select_for_update(of=("self",)).filter(pk=report.pk, room=by.room_id).first()
    if held is None:
        raise Refused("not_found")
    differs = held.state == "differs"
    held.state = next_report_state(held.state, Act.RECONCILE_REPORT)
    if differs and not explanation.strip():
        raise Refused("difference_needs_words")
    now, stated = moment(by, None), settings_of(by.operation_id)
    plan = DistributionPlan.objects.get(pk=held.plan_id)
    held.reconciled_at = now
    held.save(update_fields=["state", "reconciled_at"])
    givers = givers_of(by, [one.lot for one in plan_lots(plan)])
    step = step_on(by, CODE, held, Act.RECONCILE_REPORT, givers, text=explanation, at=now)
    gone = StockMovement.objects.filter(room=by.room_id, cause_id=held.pk, kind=MovementKind.DISTRIBUTED)
    what = Happening(stated.stages.reconciled, now, plan.reference, plan.area, key=f"{held.pk}:reconciled")
    tell_aid(by, what, [Told(Lot(*lot), giver=-change) for change, *lot in gone.values_list("change", *LOT)])
    end_clock(by, held.clock_id)
    return Done(held, wrote=[held, step], facts={"plan": str(plan.pk), "differed": differs}, topics=[TOPIC])


def _check(by: Actor, statement: ReportStatement, lots: list[Taken], known: Words) -> None:
    check_time(statement.held_at)
    planned = {(one.lot.commodity, one.lot.unit) for one in lots}
    stated = [(one.commodity, one.unit) for one in statement.outcomes]
    if set(stated) != planned or len(stated) != len(planned):
        raise Refused("report_lines", found=_goods(stated, known), expected=_goods(planned, known))
    for one in statement.outcomes:
        for amount in (one.received, one.distributed, one.left, one.lost):
            fault = amount_fault(amount)
            if fault:
                raise Refused(fault[0], **fault[1])
        reasons = known.reasons_of(LOSS)
        if one.lost and one.reason not in reasons:
            listed = ", ".join(f"{code} ({local_name(names)})" for code, names in reasons.items())
            raise Refused("movement_reason_unknown", found=one.reason, expected=listed)
    _check_people(by, statement)


def _check_people(by: Actor, statement: ReportStatement) -> None:
    groups = {one.code for one in settings_of(by.operation_id).groups}
    unknown = sorted(set(statement.people) - groups)
    if unknown:
        raise Refused("group_unknown", found=", ".join(unknown), expected=", ".join(sorted(groups)))
    for number in (statement.households, *statement.people.values()):
        if not 0 <= number <= HOUSEHOLDS_AT_MOST:
            raise Refused("people_out_of_range", found=number, expected=HOUSEHOLDS_AT_MOST)
    total = sum(statement.people.values())
    if statement.people and total < statement.households:
        raise Refused("fewer_people", people=total, households=statement.households)


def _goods(pairs: Any, known: Words) -> str:
    names = [f"{goods_in_words(known, Lot(*pair))} ({local_name(named(known.aid.units, pair[1]))})" for pair in pairs]
    return "; ".join(sorted(names)) or "-"


def _differs(one: Outcome, known: Words) -> Refused:
    return Refused(
        "report_differs", goods=goods_in_words(known, Lot(one.commodity, one.unit)), received=plain(one.received),
        sum=outcome_sum(one), difference=plain(one.difference), unit=local_name(named(known.aid.units, one.unit)),
    )  # fmt: skip


def _lines(by: Actor, report: DistributionReport, statement: ReportStatement, label: int) -> list[Any]:
    own: dict[str, Any] = {"room_id": by.room_id, "audience_id": label, "report": report}
    said: list[dict[str, Any]] = [
        {"commodity": one.commodity, "unit": one.unit, "quantity": one.received, "received": one.received,
         "distributed": one.distributed, "left": one.left, "lost": one.lost, "reason": one.reason}
        for one in statement.outcomes
    ]  # fmt: skip
    said.append({"unit": HOUSEHOLD, "quantity": statement.households})
    said += [{"unit": INDIVIDUAL, "group": code, "quantity": number} for code, number in statement.people.items()]
    return list(Line.objects.bulk_create(Line(**own, number=n, **one) for n, one in enumerate(said, start=1)))


@dataclass(frozen=True)
class _Handed:
    """A report on its way into the books: of which plan, out of which warehouse, when, in which words."""

    plan: DistributionPlan
    report: DistributionReport
    held: Warehouse
    at: datetime
    known: Words


def _moves(by: Actor, one: _Handed, outcomes: Sequence[Outcome], lots: Sequence[Taken]) -> list[Any]:
    """Take what was handed out and what was lost out of stock, the plan's lots before others, and tell aid."""
    stages = settings_of(by.operation_id).stages
    kept: dict[Lot, Decimal] = defaultdict(Decimal)
    for part in lots:
        kept[part.lot] += part.quantity
    rows: list[Any] = []
    for outcome in outcomes:
        for kind, stage, amount, reason in (
            (MovementKind.DISTRIBUTED, stages.distributed, outcome.distributed, ""),
            (MovementKind.LOST, stages.lost, outcome.lost, outcome.reason),
        ):
            taken = _taken(one.held, Goods(outcome.commodity, outcome.unit, amount), kept, one.known)
            rows += _gone(by, one, (kind, stage, reason), taken)
    return rows


def _taken(held: Warehouse, goods: Goods, kept: dict[Lot, Decimal], known: Words) -> list[Taken]:
    """Parts of the plan's lots first; what goes beyond them comes from lots that are reserved for nothing."""
    own = {lot: amount for lot, amount in kept.items() if (lot.commodity, lot.unit) == (goods.commodity, goods.unit)}
    taken = spread(goods.quantity, own)
    for part in taken:
        kept[part.lot] -= part.quantity
    beyond = goods.quantity - sum((part.quantity for part in taken), NOTHING)
    if beyond <= 0:
        return taken
    further = free_lots(held, (Goods(goods.commodity, goods.unit, beyond),), known, taken=taken)
    return [*taken, *further]


def _gone(by: Actor, one: _Handed, what: tuple[str, str, str], taken: Sequence[Taken]) -> list[Any]:
    if not taken:
        return []
    (kind, stage, reason), lot = what, taken[0].lot
    key = f"{one.report.pk}:{kind}:{lot.commodity}:{lot.unit}"
    happening = Happening(stage, one.at, one.plan.reference, one.plan.area, reason, key=key)
    events = tell_aid(by, happening, [Told(part.lot, giver=part.quantity) for part in taken])
    moves = [
        Movement(kind, part.lot, -part.quantity, reason=reason, cause_id=one.report.pk,
                 event_id=_event(events, part.lot.consignment_id))
        for part in taken
    ]  # fmt: skip
    return list(write_movements(by, one.held, moves, one.at, one.known))


def _event(events: Mapping[UUID | None, Any], consignment_id: UUID | None) -> UUID | None:
    return events[consignment_id].pk if consignment_id in events else None


def _follow_up(by: Actor, report: DistributionReport, plan: DistributionPlan, *, differs: bool) -> None:
    stated = settings_of(by.operation_id)
    if differs:
        holder = Holder(by.room_id, stated.holders.partner)
        run_clock(by, report, stated.clocks.difference, holder, name=plan.reference)
    else:
        reconcile_report(by=allowed(by, Act.RECONCILE_REPORT), report=report)
