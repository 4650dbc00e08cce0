"""One question before an authority with its precedents: to decide, to give information, to appeal; and one decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests import actions
from tansiq.desks.requests.forms.deciding import DecideForm
from tansiq.desks.requests.forms.drafts import WordsForm
from tansiq.desks.requests.models import LIVE_STATES, Clearance, ClearanceDecision, ClearanceToken, Outcome
from tansiq.desks.requests.queries.lists import QuestionRow, question_rows
from tansiq.desks.requests.queries.operation import Words, words
from tansiq.desks.requests.queries.precedents import precedents_for, rows_of
from tansiq.desks.requests.rules import CLOSED, Act, may_be_appealed


@page(Act.READ_CLEARANCE)
def clearance(request: HttpRequest, clearance_id: UUID) -> HttpResponse:
    """One line before one authority: what is asked, how it stands, what was decided on the like."""
    known = words(request.actor.operation_id)
    row = _row(request, clearance_id, known)
    return render(request, "requests/clearance.html", _context(request, row, known))


@page(Act.DECIDE_CLEARANCE)
def clearance_decide(request: HttpRequest, clearance_id: UUID) -> HttpResponse:
    """Decide, with the precedents beside."""
    known = words(request.actor.operation_id)
    row = _row(request, clearance_id, known)
    if row.question.authority_id != request.actor.room_id or row.standing.code == CLOSED:
        raise Http404
    form = DecideForm(request.POST or None, words=known, asked=row.question)
    if form.is_bound and form.is_valid():
        try:
            actions.decide_clearance(
                by=request.actor, key=form.cleaned_data["key"], clearance=row.question, decision=form.statement()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The decision is recorded; the asking room reads it."))
            return redirect("requests:to-answer")
    context = _context(request, row, known) | {"form": form}
    return render(request, "requests/decide.html", context, status=422 if form.is_bound else 200)


@page(Act.GIVE_INFORMATION)
def clearance_give_information(request: HttpRequest, clearance_id: UUID) -> HttpResponse:
    """Give the information that was asked for."""
    row = _asked_by(request, clearance_id)
    if row.standing.code != Outcome.INFORMATION:
        raise Http404

    def give(words: str, key: UUID) -> None:
        actions.give_information(by=request.actor, key=key, clearance=row.question, information=words)

    return _said(request, row, "give_information", give)


@page(Act.APPEAL_CLEARANCE)
def clearance_appeal(request: HttpRequest, clearance_id: UUID) -> HttpResponse:
    """Appeal against a refusal or an approval in part."""
    row = _asked_by(request, clearance_id)
    if not may_be_appealed(row.standing.code):
        raise Http404

    def appeal(words: str, key: UUID) -> None:
        actions.appeal_clearance(by=request.actor, key=key, clearance=row.question, grounds=words)

    return _said(request, row, "appeal", appeal)


@page(Act.READ_CLEARANCE)
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """One decision on every tear line that is open to this room, with its token."""
    found = ClearanceDecision.objects.select_related("room").filter(
        pk=decision_id, room__operation=request.actor.operation_id
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    known, by = words(request.actor.operation_id), request.actor
    question = Clearance.objects.filter(pk=found.clearance_id).first()
    context = {
        "row": rows_of([found], known)[0], "decision": found, "question": question,
        "token": ClearanceToken.objects.filter(decision=found).first(),
        "may_release": found.room_id == by.room_id and by.may("doors.release.propose"),
        "precedents": precedents_for(by, known, found.commodity, without=[found.clearance_id]),
    }  # fmt: skip
    return render(request, "requests/decision.html", context)


def _row(request: HttpRequest, clearance_id: UUID, known: Words) -> QuestionRow:
    found = Clearance.objects.filter(pk=clearance_id, room__operation=request.actor.operation_id)
    rows = question_rows(found, request.actor, known)
    if not rows:
        raise Http404
    return rows[0]


def _asked_by(request: HttpRequest, clearance_id: UUID) -> QuestionRow:
    row = _row(request, clearance_id, words(request.actor.operation_id))
    if row.question.room_id != request.actor.room_id or row.request.state not in LIVE_STATES:
        raise Http404
    return row


def _context(request: HttpRequest, row: QuestionRow, known: Words) -> dict[str, Any]:
    by, one, code = request.actor, row.question, row.standing.code
    is_own, live = one.room_id == by.room_id, row.request.state in LIVE_STATES
    decided = ClearanceDecision.objects.filter(clearance=one.pk).order_by("decided_at", "created_at")
    return {
        "row": row, "question": one, "held": row.request, "decisions": rows_of(decided, known),
        "precedents": precedents_for(by, known, one.commodity, row.description, without=[one.pk]),
        "may_decide": one.authority_id == by.room_id and by.may(Act.DECIDE_CLEARANCE) and live and code != CLOSED,
        "may_inform": is_own and live and by.may(Act.GIVE_INFORMATION) and code == Outcome.INFORMATION,
        "may_appeal": is_own and live and by.may(Act.APPEAL_CLEARANCE) and may_be_appealed(code),
    }  # fmt: skip


def _said(request: HttpRequest, row: QuestionRow, way: str, act: Callable[[str, UUID], None]) -> HttpResponse:
    label = _("Information") if way == "give_information" else _("Grounds of the appeal")
    form = WordsForm(request.POST or None, label=label)
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data["words"], form.cleaned_data["key"])
        except Refused as refused:
            form.refuse(refused)
        else:
            done = _("The information is given.") if way == "give_information" else _("The appeal is made.")
            messages.success(request, done)
            return redirect("requests:clearance", clearance_id=row.question.pk)
    context = {"form": form, "way": way, "row": row, "question": row.question, "held": row.request}
    return render(request, "requests/step.html", context, status=422 if form.is_bound else 200)
