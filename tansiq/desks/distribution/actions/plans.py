"""Plans of distributions: made, stated anew, checked, set, postponed, cancelled; what they need is reserved."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tansiq.building.clocks.queries import database_now
from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.configuration.distribution import DistributionFile
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.distribution.actions.labels import label_of
from tansiq.desks.distribution.actions.movements import locked
from tansiq.desks.distribution.actions.partners import free_lots, reference
from tansiq.desks.distribution.actions.steps import end_clock, moment, run_clock, step_on
from tansiq.desks.distribution.models import DistributionPlan, FocalPerson, Line, PlanDetail, Step, Warehouse
from tansiq.desks.distribution.queries.partners import givers_of
from tansiq.desks.distribution.queries.settings import Words, settings_of, words
from tansiq.desks.distribution.queries.stock import LOT, today_of
from tansiq.desks.distribution.rules import (
    STANDING_WORDS,
    TOPIC,
    Act,
    CheckStatement,
    Goods,
    Lot,
    PlanStatement,
    Taken,
    amount_refusal,
    check_standings,
    is_ready,
    next_plan_state,
)

CODE = "distribution_plan"
HOUSEHOLDS_AT_MOST = 1_000_000
STAFF_AT_MOST = 10_000


@act(Act.MAKE_PLAN)
def make_plan(*, by: Actor, statement: PlanStatement) -> Done:
    """Plan a distribution out of a warehouse of the acting room; its goods are reserved. Raises Refused."""
    stated, known = settings_of(by.operation_id), words(by)
    held = _place(by, statement)
    _check(by, statement, stated, known)
    taken = _reserve(held, statement, known)
    pk = uuid4()
    givers = givers_of(by, [one.lot for one in taken])
    plan = DistributionPlan.objects.create(
        id=pk, room_id=by.room_id, audience_id=label_of(by, CODE, pk, TearLine.HEADLINE, givers),
        reference=reference("D"), state=next_plan_state(None, Act.MAKE_PLAN), warehouse=held, **_headline(statement),
    )  # fmt: skip
    rows = _parts(by, plan, statement, taken, givers)
    rows += _person(by, plan, statement, stated)
    facts = {"reference": plan.reference, "households": statement.households, "lots": len(taken)}
    return Done(plan, wrote=[plan, *rows], facts=facts, topics=[TOPIC])


@act(Act.AMEND_PLAN)
def amend_plan(*, by: Actor, plan: DistributionPlan, statement: PlanStatement) -> Done:
    """State a plan anew: it waits to be set again, and what it needs is reserved anew. Raises Refused."""
    held, stated, known = held_plan(by, plan), settings_of(by.operation_id), words(by)
    after = next_plan_state(held.state, Act.AMEND_PLAN)
    place = _place(by, statement)
    _check(by, statement, stated, known)
    taken = _reserve(place, statement, known, without=held.pk)
    held.state, held.version, held.warehouse = after, held.version + 1, place
    for name, value in _headline(statement).items():
        setattr(held, name, value)
    held.save()
    rows = _parts(by, held, statement, taken, givers_of(by, [one.lot for one in taken]))
    rows += _person(by, held, statement, stated)
    facts = {"reference": held.reference, "version": held.version, "lots": len(taken)}
    return Done(held, wrote=[held, *rows], facts=facts, topics=[TOPIC])


@act(Act.CHECK_PLAN)
def check_plan(*, by: Actor, plan: DistributionPlan, statement: CheckStatement) -> Done:
    """Say what a check found, who made it, by what source, and until when it holds. Raises Refused."""
    held, stated = held_plan(by, plan), settings_of(by.operation_id)
    next_plan_state(held.state, Act.CHECK_PLAN)
    kind = next((one for one in stated.checks if one.code == statement.check), None)
    if kind is None:
        raise Refused("check_unknown", found=statement.check, expected=", ".join(one.code for one in stated.checks))
    if not statement.by_whom.strip() or not statement.source.strip():
        raise Refused("check_unsourced")
    if statement.checked_at > database_now():
        raise Refused("check_ahead")
    until = statement.valid_until or statement.checked_at + kind.valid_for
    if until <= statement.checked_at:
        raise Refused("check_without_time")
    step = step_on(
        by, CODE, held, Act.CHECK_PLAN, _givers(by, held), at=statement.checked_at, code=kind.code,
        is_so=statement.is_so, by_whom=statement.by_whom.strip(), source=statement.source.strip(), valid_until=until,
    )  # fmt: skip
    facts = {"check": kind.code, "found": statement.is_so, "valid_until": until.isoformat()}
    return Done(held, wrote=[step], facts=facts, topics=[TOPIC])


@act(Act.SET_PLAN)
def set_plan(*, by: Actor, plan: DistributionPlan, at: datetime | None = None) -> Done:
    """Set a plan: people may be called. Raises Refused while a check is missing, failed or has expired."""
    held, stated, at = held_plan(by, plan), settings_of(by.operation_id), moment(by, at)
    after = next_plan_state(held.state, Act.SET_PLAN)
    found = check_standings([one.code for one in stated.checks], list(Step.objects.filter(plan=held)), at)
    if not is_ready(found):
        names = {one.code: local_name(one.names.as_data()) for one in stated.checks}
        raise Refused("plan_not_ready", found="; ".join(f"{names[one.code]}: {STANDING_WORDS[one.state]}"
                                                        for one in found if one.state != "good"))  # fmt: skip
    return _moved(by, held, Act.SET_PLAN, after, at=at)


@act(Act.POSTPONE_PLAN)
def postpone_plan(*, by: Actor, plan: DistributionPlan, reason: str, text: str, at: datetime | None = None) -> Done:
    """Put a distribution off, with a reason; its goods stay reserved. Raises Refused."""
    return _put_off(by, plan, Act.POSTPONE_PLAN, (reason, text), moment(by, at))


@act(Act.CANCEL_PLAN)
def cancel_plan(*, by: Actor, plan: DistributionPlan, reason: str, text: str, at: datetime | None = None) -> Done:
    """Give a distribution up, with a reason; its goods are free again. Raises Refused."""
    return _put_off(by, plan, Act.CANCEL_PLAN, (reason, text), moment(by, at))


@act(Act.FOLLOW_PLAN)
def follow_plan(*, by: Actor, plan: DistributionPlan) -> Done:
    """Start the clock of the report, once the hours of a distribution have passed. Raises Refused."""
    held, stated = held_plan(by, plan), settings_of(by.operation_id)
    next_plan_state(held.state, Act.FOLLOW_PLAN)
    if held.clock_id or held.ends_at > database_now():
        raise Refused("plan_not_over")
    run_clock(
        by, held, stated.clocks.report, Holder(by.room_id, stated.holders.partner), name=held.reference, at=held.ends_at
    )
    return Done(held, wrote=[held], facts={"reference": held.reference}, topics=[TOPIC])


@act(Act.PURGE_NAMES)
def purge_names(*, by: Actor, person: FocalPerson) -> Done:
    """Purge the name of a distribution's focal person, once its days are over; the entry is the certificate. Raises."""
    held = FocalPerson.objects.select_for_update().filter(pk=person.pk, room=by.room_id, purged_at=None).first()
    if held is None or held.purge_on > today_of(by):
        raise Refused("names_not_due")
    days = settings_of(by.operation_id).names_kept_for.days
    held.name, held.contact, held.purged_at = "", "", database_now()
    held.save(update_fields=["name", "contact", "purged_at"])
    facts = {"plan": str(held.plan_id), "due": held.purge_on.isoformat(), "purged_at": held.purged_at.isoformat(),
             "kept_days": days, "fields": ["name", "contact"]}  # fmt: skip
    return Done(held, wrote=[held], facts=facts, topics=[TOPIC])


def held_plan(by: Actor, plan: DistributionPlan) -> DistributionPlan:
    """The plan of the acting room, held until the act is done. Raises Refused."""
    found = DistributionPlan.objects.select_for_update().filter(pk=plan.pk, room=by.room_id).first()
    if found is None:
        raise Refused("not_found")
    return found


def plan_lots(plan: DistributionPlan) -> list[Taken]:
    """The lots that a plan has reserved, in its order."""
    lines = Line.objects.filter(plan=plan, version=plan.version).order_by("number")
    return [Taken(Lot(*(getattr(line, name) for name in LOT)), line.quantity) for line in lines]


def _givers(by: Actor, plan: DistributionPlan) -> list[UUID]:
    return givers_of(by, [one.lot for one in plan_lots(plan)])


def _place(by: Actor, statement: PlanStatement) -> Warehouse:
    found = Warehouse.objects.filter(pk=statement.warehouse_id, room=by.room_id).first()
    if found is None:
        raise Refused("not_found")
    return locked(by, found)


def _headline(statement: PlanStatement) -> dict[str, Any]:
    return {name: getattr(statement, name) for name in ("area", "starts_at", "ends_at", "households")}


def _check(by: Actor, statement: PlanStatement, stated: DistributionFile, known: Words) -> None:
    if statement.area not in known.aid.areas:
        raise Refused("plan_area_unknown", found=statement.area)
    if not statement.site.strip():
        raise Refused("plan_site_missing")
    if statement.ends_at <= statement.starts_at:
        raise Refused("plan_hours")
    if not 1 <= statement.households <= HOUSEHOLDS_AT_MOST:
        raise Refused("plan_households", found=statement.households, expected=HOUSEHOLDS_AT_MOST)
    if statement.staff_count is not None and not 0 <= statement.staff_count <= STAFF_AT_MOST:
        raise Refused("plan_staff", found=statement.staff_count, expected=STAFF_AT_MOST)
    unknown = sorted(set(statement.crowd_measures) - {one.code for one in stated.crowd_measures})
    if unknown:
        raise Refused("crowd_measure_unknown", found=", ".join(unknown))
    if not statement.goods:
        raise Refused("goods_missing")
    codes = codes_of(by.operation_id)
    for one in statement.goods:
        fault = amount_refusal(Goods(one.commodity, one.unit, one.per_household), codes)
        if fault:
            raise Refused(fault[0], **fault[1])


def _reserve(held: Warehouse, statement: PlanStatement, known: Words, without: UUID | None = None) -> list[Taken]:
    goods = tuple(Goods(one.commodity, one.unit, one.per_household * statement.households) for one in statement.goods)
    return free_lots(held, goods, known, without=without)


def _parts(
    by: Actor, plan: DistributionPlan, statement: PlanStatement, taken: Sequence[Taken], givers: list[UUID]
) -> list[Any]:  # fmt: skip
    label = label_of(by, CODE, plan.pk, TearLine.DETAIL, givers)
    own: dict[str, Any] = {"room_id": by.room_id, "audience_id": label, "plan": plan, "version": plan.version}
    detail = PlanDetail.objects.create(
        **own, site=statement.site.strip(), criteria=statement.criteria.strip(),
        crowd_measures=list(statement.crowd_measures), crowd_plan=statement.crowd_plan.strip(),
        staff_count=statement.staff_count,
    )  # fmt: skip
    each = {(one.commodity, one.unit): one.per_household for one in statement.goods}
    lines = Line.objects.bulk_create(
        Line(**own, number=number, quantity=one.quantity, per_household=each[one.lot.commodity, one.lot.unit],
             **{name: getattr(one.lot, name) for name in LOT})
        for number, one in enumerate(taken, start=1)
    )  # fmt: skip
    return [detail, *lines]


def _person(by: Actor, plan: DistributionPlan, statement: PlanStatement, stated: DistributionFile) -> list[Any]:
    """Keep whom one meets there on the identities line, with the day on which the name is purged."""
    name, contact = statement.focal_person.strip(), statement.contact.strip()
    held = FocalPerson.objects.filter(room=by.room_id, plan=plan).first()
    if held is None and not (name or contact):
        return []
    if held is None:
        label = label_of(by, CODE, plan.pk, TearLine.IDENTITIES)
        held = FocalPerson(room_id=by.room_id, audience_id=label, plan=plan)
    held.name, held.contact, held.purged_at = name, contact, None
    held.purge_on = today_of(by, plan.ends_at + stated.names_kept_for) + timedelta(days=1)
    held.save()
    return [held]


def _put_off(by: Actor, plan: DistributionPlan, name: Act, why: tuple[str, str], at: datetime) -> Done:
    held, stated = held_plan(by, plan), settings_of(by.operation_id)
    after = next_plan_state(held.state, name)
    reasons = {one.code: local_name(one.names.as_data()) for one in stated.put_off_reasons}
    if why[0] not in reasons:
        listed = ", ".join(f"{code} ({names})" for code, names in reasons.items())
        raise Refused("put_off_reason_unknown", found=why[0], expected=listed)
    return _moved(by, held, name, after, at=at, code=why[0], text=why[1])


def _moved(by: Actor, held: DistributionPlan, name: Act, after: str, **said: Any) -> Done:
    held.state = after
    held.save(update_fields=["state"])
    step = step_on(by, CODE, held, name, _givers(by, held), **said)
    if name is Act.CANCEL_PLAN:
        end_clock(by, held.clock_id)
    facts = {"reference": held.reference, "state": str(after), "reason": said.get("code", "")}
    return Done(held, wrote=[held, step], facts=facts, topics=[TOPIC])
