"""The report of a distribution: a plain page for a phone with a bad connection; its draft, and its difference."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.forms.partners import ReasonForm
from tansiq.desks.distribution.forms.plans import ReportForm
from tansiq.desks.distribution.models import DistributionReport, ReportState
from tansiq.desks.distribution.queries.plans import PlanRow
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import Act
from tansiq.desks.distribution.views.plans import found_plan, own_plan, plan_context
from tansiq.desks.distribution.views.sending import sent, shown

KEPT = "keep"  # the button that keeps a draft


@page(Act.READ_REPORT)
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A report, on the page of the distribution that it is about."""
    one = DistributionReport.objects.filter(pk=report_id).first()
    if one is None:
        raise Http404
    return render(request, "distribution/plan.html", plan_context(request, one.plan_id))


@page(Act.SEND_REPORT)
def report_send(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Report what became of the goods; sent again, because no answer came, it is taken once."""
    row = _reportable(request, plan_id)
    if row.report is not None:
        messages.info(request, _("This report has arrived already."))
        return redirect(row.plan)
    known = words(request.actor)
    kept = row.draft.typed if row.draft else {}
    initial = {"key": uuid5(row.plan.pk, "report")}
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, words=known, lines=list(row.goods), initial={**initial, **kept})
    if data is not None and KEPT in data:
        return _kept(request, row, form)

    def send() -> Any:
        return actions.send_report(
            by=request.actor, key=form.cleaned_data["key"], plan=row.plan, statement=form.statement()
        )

    leads = ("distribution:plan", {"plan_id": plan_id})
    done = sent(request, form, send, done=_("The report has arrived. Thank you."), to=leads)
    return done or shown(request, "distribution/report_send.html", form, row=row)


@page(Act.RECONCILE_REPORT)
def report_reconcile(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Explain the difference of a report."""
    row = found_plan(request, plan_id)
    is_own = row.plan.room_id == request.actor.room_id
    if not is_own or row.report is None or row.report.report.state != ReportState.DIFFERS:
        raise Http404
    form, of = ReasonForm(request.POST or None, words=words(request.actor)), row.report.report

    def reconcile() -> Any:
        typed = form.cleaned_data
        return actions.reconcile_report(by=request.actor, key=typed["key"], report=of, explanation=typed["text"])

    leads = ("distribution:plan", {"plan_id": plan_id})
    done = sent(
        request, form, reconcile, done=_("The difference is explained and the distribution reconciled."), to=leads
    )
    return done or shown(request, "distribution/step.html", form, way="reconcile", name=row.plan.reference,
                         back=row.plan.get_absolute_url())  # fmt: skip


def _reportable(request: HttpRequest, plan_id: UUID) -> PlanRow:
    """The distribution of this room of which a report may be sent, or has been."""
    row = found_plan(request, plan_id)
    if row.report is not None and row.plan.room_id == request.actor.room_id:
        return row
    return own_plan(request, plan_id, Act.SEND_REPORT)


def _kept(request: HttpRequest, row: PlanRow, form: ReportForm) -> HttpResponse:
    """Keep what was typed so far, whatever is wrong with it."""
    try:
        actions.draft_report(by=request.actor, plan=row.plan, typed=form.typed())
    except Refused as refused:
        form.is_valid()
        form.refuse(refused)
        return shown(request, "distribution/report_send.html", form, row=row)
    messages.success(request, _("The draft is kept. Nothing is sent yet."))
    return redirect("distribution:report-send", plan_id=row.plan.pk)
