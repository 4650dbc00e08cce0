"""Distributions: the list, one with its checks, goods and report, and every step of one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.lists import paged
from tansiq.building.rooms.pages import page
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.forms.fields import DeskForm
from tansiq.desks.distribution.forms.plans import CheckForm, PlanFilterForm, PlanForm, PutOffForm
from tansiq.desks.distribution.models import DistributionPlan, Warehouse
from tansiq.desks.distribution.queries.plans import PlanRow, plan_rows, plan_seen, plans
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import Act, can_plan
from tansiq.desks.distribution.views.sending import sent, shown

WAYS = {
    "report": Act.SEND_REPORT, "set": Act.SET_PLAN, "check": Act.CHECK_PLAN, "amend": Act.AMEND_PLAN,
    "postpone": Act.POSTPONE_PLAN, "cancel": Act.CANCEL_PLAN,
}  # fmt: skip


@page(Act.READ_PLAN)
def distribution_plans(request: HttpRequest) -> HttpResponse:
    """Every distribution that this room sees."""
    return render(request, "distribution/plans.html", _list(request))


@page(Act.READ_PLAN)
def distribution_plans_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "distribution/_plans.html", _list(request))


@page(Act.READ_PLAN)
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One distribution on every tear line that is open to this room."""
    return render(request, "distribution/plan.html", plan_context(request, plan_id))


@page(Act.READ_PLAN)
def plan_piece(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Its state, checks and report as a piece."""
    return render(request, "distribution/_plan.html", plan_context(request, plan_id))


@page(Act.MAKE_PLAN)
def plan_make(request: HttpRequest) -> HttpResponse:
    """Plan a distribution out of a store of this room."""
    form = _plan_form(request)

    def make() -> Any:
        return actions.make_plan(by=request.actor, key=form.cleaned_data["key"], statement=form.statement())

    done = sent(request, form, make, done=_("The distribution is planned, its goods are reserved."), to=None)
    return done or shown(request, "distribution/plan_form.html", form)


@page(Act.AMEND_PLAN)
def plan_amend(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """State a distribution anew."""
    row = own_plan(request, plan_id, Act.AMEND_PLAN)
    form = _plan_form(request, initial=_said_before(row))

    def amend() -> Any:
        return actions.amend_plan(
            by=request.actor, key=form.cleaned_data["key"], plan=row.plan, statement=form.statement()
        )

    done = sent(request, form, amend, done=_("The plan is stated anew and waits to be set."), to=None)
    return done or shown(request, "distribution/plan_form.html", form, row=row)


@page(Act.CHECK_PLAN)
def plan_check(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Enter a check."""
    row = own_plan(request, plan_id, Act.CHECK_PLAN)
    form = CheckForm(request.POST or None, words=words(request.actor))

    def check() -> Any:
        return actions.check_plan(
            by=request.actor, key=form.cleaned_data["key"], plan=row.plan, statement=form.statement()
        )

    return sent(request, form, check, done=_("The check is entered."), to=None) or _step(request, form, row, "check")


@page(Act.SET_PLAN)
def plan_set(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Set a distribution: people may be called."""
    row = own_plan(request, plan_id, Act.SET_PLAN)
    form = DeskForm(request.POST or None, words=words(request.actor))

    def set_it() -> Any:
        return actions.set_plan(by=request.actor, key=form.cleaned_data["key"], plan=row.plan)

    done = sent(request, form, set_it, done=_("The distribution is set: people may be called."), to=None)
    return done or _step(request, form, row, "set")


@page(Act.POSTPONE_PLAN)
def plan_postpone(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Put a distribution off."""
    return _put_off(request, own_plan(request, plan_id, Act.POSTPONE_PLAN), "postpone")


@page(Act.CANCEL_PLAN)
def plan_cancel(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Give a distribution up."""
    return _put_off(request, own_plan(request, plan_id, Act.CANCEL_PLAN), "cancel")


def own_plan(request: HttpRequest, plan_id: UUID, act: Act) -> PlanRow:
    """A distribution of the acting room that allows the act. Raises Http404."""
    row = found_plan(request, plan_id)
    if row.plan.room_id != request.actor.room_id or not can_plan(row.plan.state, act):
        raise Http404
    return row


def found_plan(request: HttpRequest, plan_id: UUID) -> PlanRow:
    """A distribution that this room sees. Raises Http404."""
    one = plan_seen(request.actor, plan_id)
    if one is None:
        raise Http404
    return plan_rows([one], request.actor, words(request.actor))[0]


def _put_off(request: HttpRequest, row: PlanRow, way: str) -> HttpResponse:
    form = PutOffForm(request.POST or None, words=words(request.actor))
    verb = actions.postpone_plan if way == "postpone" else actions.cancel_plan
    done = _("The distribution is postponed.") if way == "postpone" else _("The distribution is cancelled.")

    def put_off() -> Any:
        typed = form.cleaned_data
        return verb(by=request.actor, key=typed["key"], plan=row.plan, reason=typed["reason"], text=typed["text"])

    return sent(request, form, put_off, done=done, to=None) or _step(request, form, row, way)


def _step(request: HttpRequest, form: DeskForm, row: PlanRow, way: str) -> HttpResponse:
    return shown(
        request, "distribution/step.html", form, way=way, name=row.plan.reference, back=row.plan.get_absolute_url()
    )


def _plan_form(request: HttpRequest, initial: dict[str, Any] | None = None) -> PlanForm:
    stores = Warehouse.objects.filter(room=request.actor.room_id, is_open=True).order_by("name")
    return PlanForm(request.POST or None, words=words(request.actor), stores=stores, initial=initial)


def _said_before(row: PlanRow) -> dict[str, Any]:
    one: DistributionPlan = row.plan
    said: dict[str, Any] = {
        "warehouse": str(one.warehouse_id), "area": one.area, "households": one.households,
        "starts_at": timezone.localtime(one.starts_at), "ends_at": timezone.localtime(one.ends_at),
    }  # fmt: skip
    if row.detail:
        names = ("site", "criteria", "crowd_measures", "crowd_plan", "staff_count")
        said |= {name: getattr(row.detail, name) for name in names}
    if row.person:
        said |= {"focal_person": row.person.name, "contact": row.person.contact}
    for number, line in enumerate(row.goods, start=1):
        each = line.per_household or line.quantity / one.households
        said |= {
            f"commodity_{number}": line.commodity,
            f"unit_{number}": line.unit,
            f"quantity_{number}": f"{each.normalize():f}",
        }
    return said


def plan_context(request: HttpRequest, plan_id: UUID) -> dict[str, Any]:
    """What the page of a distribution shows. Raises Http404."""
    row, by = found_plan(request, plan_id), request.actor
    one, is_own = row.plan, row.plan.room_id == by.room_id
    return {
        "row": row, "plan": one, "is_own": is_own, "words": words(by),
        "ways": [name for name, act in WAYS.items() if is_own and by.may(act) and can_plan(one.state, act)],
        "may_reconcile": is_own and row.differs and by.may(Act.RECONCILE_REPORT),
        "may_draw": row.report is not None and not is_own and by.may(Act.DRAW_ROUND),
        "may_release": is_own and by.may("doors.release.propose"),
    }  # fmt: skip


def _list(request: HttpRequest) -> dict[str, Any]:
    form, by = PlanFilterForm(request.GET), request.actor
    context: dict[str, Any] = paged(request, plans(by, state=form.state_wanted()))
    listed = list(context["page"].object_list)
    query = request.GET.urlencode()
    return context | {
        "rows": plan_rows(listed, by, words(by)), "form": form, "tab": "plans", "shares": share_state_of(listed, by),
        "may_make": by.may(Act.MAKE_PLAN), "now_here": f"?{query}" if query else "",
    }  # fmt: skip
