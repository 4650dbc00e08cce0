"""Distributions: planned, checked, set, put off, reported and reconciled."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status

from tansiq.api.distribution_schemas import (
    CheckAsked,
    ExplanationAsked,
    PlanAsked,
    PlanOut,
    PlanPage,
    PutOffAsked,
    ReportAsked,
)
from tansiq.api.endpoint import IdempotencyKey, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.rooms.actors import Actor
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import DistributionPlan, DistributionReport
from tansiq.desks.distribution.queries.plans import PlanRow, plan_rows, plans
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import (
    Act,
    CheckStatement,
    Outcome,
    PlannedGoods,
    PlanStatement,
    ReportStatement,
)

router = Router(tags=["distribution"])
Key = IdempotencyKey


@router.get("/plans", response=PlanPage, summary="Distributions")
@endpoint(Act.READ_PLAN)
def list_plans(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """Distributions with checks, readiness and report."""
    shown, following = page_after(plans(request.actor), "starts_at", after, limit)
    return {"items": [_plan(row) for row in plan_rows(shown, request.actor, words(request.actor))], "next": following}


@router.post("/plans", response={201: PlanOut}, summary="Plan a distribution")
@endpoint(Act.MAKE_PLAN)
def make_plan(request: HttpRequest, payload: PlanAsked, idempotency_key: Key = None) -> Status:
    """Plan a distribution out of a warehouse of this room; its goods are reserved."""
    done = actions.make_plan(by=request.actor, key=idempotency_key, statement=_plan_stated(payload))
    return Status(201, _one_plan(request.actor, done.pk))


@router.post("/plans/{plan_id}/amend", response=PlanOut, summary="State a distribution anew")
@endpoint(Act.AMEND_PLAN)
def amend_plan(
    request: HttpRequest, plan_id: UUID, payload: PlanAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """State a plan anew; it waits to be set again."""
    one = _found(DistributionPlan, plan_id)
    actions.amend_plan(by=request.actor, key=idempotency_key, plan=one, statement=_plan_stated(payload))
    return _one_plan(request.actor, plan_id)


@router.post("/plans/{plan_id}/check", response=PlanOut, summary="Enter a check for a distribution")
@endpoint(Act.CHECK_PLAN)
def check_plan(
    request: HttpRequest, plan_id: UUID, payload: CheckAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Say what a check found; once it has expired it counts as not done."""
    statement = CheckStatement(**payload.model_dump())
    actions.check_plan(
        by=request.actor, key=idempotency_key, plan=_found(DistributionPlan, plan_id), statement=statement
    )
    return _one_plan(request.actor, plan_id)


@router.post("/plans/{plan_id}/set", response=PlanOut, summary="Set a distribution")
@endpoint(Act.SET_PLAN)
def set_plan(request: HttpRequest, plan_id: UUID, idempotency_key: Key = None) -> dict[str, object]:
    """People may be called, once every check holds."""
    actions.set_plan(by=request.actor, key=idempotency_key, plan=_found(DistributionPlan, plan_id))
    return _one_plan(request.actor, plan_id)


@router.post("/plans/{plan_id}/postpone", response=PlanOut, summary="Postpone a distribution")
@endpoint(Act.POSTPONE_PLAN)
def postpone_plan(
    request: HttpRequest, plan_id: UUID, payload: PutOffAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Put a distribution off, with a reason; its goods stay reserved."""
    one = _found(DistributionPlan, plan_id)
    actions.postpone_plan(
        by=request.actor, key=idempotency_key, plan=one, reason=payload.reason, text=payload.text
    )  # fmt: skip
    return _one_plan(request.actor, plan_id)


@router.post("/plans/{plan_id}/cancel", response=PlanOut, summary="Cancel a distribution")
@endpoint(Act.CANCEL_PLAN)
def cancel_plan(
    request: HttpRequest, plan_id: UUID, payload: PutOffAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Give a distribution up, with a reason; its goods are free again."""
    one = _found(DistributionPlan, plan_id)
    actions.cancel_plan(by=request.actor, key=idempotency_key, plan=one, reason=payload.reason, text=payload.text)
    return _one_plan(request.actor, plan_id)


@router.post("/plans/{plan_id}/report", response=PlanOut, summary="Report a distribution")
@endpoint(Act.SEND_REPORT)
def send_report(
    request: HttpRequest, plan_id: UUID, payload: ReportAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Received = distributed + left + lost for each kind of goods, or a difference that is insisted on."""
    statement = ReportStatement(
        payload.held_at, tuple(Outcome(**one.model_dump()) for one in payload.outcomes), payload.households,
        dict(payload.people), payload.insist, payload.remark,
    )  # fmt: skip
    one = _found(DistributionPlan, plan_id)
    actions.send_report(by=request.actor, key=idempotency_key, plan=one, statement=statement)
    return _one_plan(request.actor, plan_id)


@router.post("/plans/{plan_id}/reconcile", response=PlanOut, summary="Explain the difference of a report")
@endpoint(Act.RECONCILE_REPORT)
def reconcile_report(
    request: HttpRequest, plan_id: UUID, payload: ExplanationAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """End the chain of these goods: the difference is explained."""
    of = DistributionReport.objects.filter(plan=_found(DistributionPlan, plan_id)).first()
    if of is None:
        raise Http404
    actions.reconcile_report(by=request.actor, key=idempotency_key, report=of, explanation=payload.text)
    return _one_plan(request.actor, plan_id)


def _found(model: type[Any], pk: UUID) -> Any:
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _plan_stated(payload: PlanAsked) -> PlanStatement:
    plain = payload.model_dump(exclude={"warehouse", "goods", "crowd_measures"})
    goods = tuple(PlannedGoods(one.commodity, one.unit, one.per_household) for one in payload.goods)
    return PlanStatement(
        warehouse_id=payload.warehouse, goods=goods, crowd_measures=tuple(payload.crowd_measures), **plain
    )


def _one_plan(by: Actor, pk: UUID) -> dict[str, object]:
    return _plan(plan_rows([_found(DistributionPlan, pk)], by, words(by))[0])


def _plan(row: PlanRow) -> dict[str, object]:
    one, report = row.plan, row.report
    return {
        "id": one.pk, "room": one.room_id, "reference": one.reference, "area": one.area, "starts_at": one.starts_at,
        "ends_at": one.ends_at, "households": one.households, "state": one.state, "is_ready": row.is_ready,
        "goods": [
            {"commodity": line.commodity, "unit": line.unit, "quantity": line.quantity,
             "per_household": line.per_household}
            for line in row.goods
        ],
        "checks": [
            {"check": check.code, "state": check.state, "valid_until": check.step.valid_until if check.step else None}
            for check, _names in row.checks
        ],
        "report_state": report.report.state if report else "",
        "households_reached": report.households if report else None,
        "report": [
            {"commodity": line.line.commodity, "unit": line.line.unit, "received": line.line.received,
             "distributed": line.line.distributed, "left": line.line.left, "lost": line.line.lost,
             "difference": line.difference}
            for line in (report.goods if report else ())
        ],
    }  # fmt: skip
