"""Pages of the day: all crossings at a glance, one crossing's day, the same on paper, and one statement."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.building.doors.queries import default_marking, share_state_of
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.pages import page
from tansiq.desks.crossings.forms import DayForm, around
from tansiq.desks.crossings.models import DayStatement, StatementKind
from tansiq.desks.crossings.queries.days import crossing_day, crossings_today
from tansiq.desks.crossings.queries.setting import Setting, closure_reasons, setting
from tansiq.desks.crossings.queries.statements import details_of
from tansiq.desks.crossings.rules import DAY_RECORD, Act

KINDS = (
    ("hours", Act.STATE_HOURS), ("lanes", Act.STATE_LANES), ("capacity", Act.STATE_CAPACITY),
    ("queue", Act.RECORD_QUEUE), ("places", Act.PUBLISH_PLACES),
)  # fmt: skip


@page(Act.READ_DAY)
def today(request: HttpRequest) -> HttpResponse:
    """All crossings of a day at one glance."""
    return render(request, "crossings/today.html", _glances(request))


@page(Act.READ_DAY)
def today_piece(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    return render(request, "crossings/_today.html", _glances(request))


@page(Act.READ_DAY)
def day(request: HttpRequest, code: str) -> HttpResponse:
    """The day at one crossing."""
    return render(request, "crossings/day.html", _day(request, code))


@page(Act.READ_DAY)
def day_piece(request: HttpRequest, code: str) -> HttpResponse:
    """The same day as a piece."""
    return render(request, "crossings/_day.html", _day(request, code))


@page(Act.READ_DAY)
def day_print(request: HttpRequest, code: str) -> HttpResponse:
    """The same day on paper."""
    marking = default_marking(request.actor.operation_id, DAY_RECORD, ("headline", "detail"))
    now = database_now()
    context = _day(request, code) | {"marking": marking, "as_of": now, "printed_at": now, "on_paper": True}
    return render(request, "crossings/print.html", context)


@page(Act.READ_DAY)
def statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """One statement on a day, with its source."""
    known = setting(request.actor.operation_id)
    said = DayStatement.objects.filter(pk=statement_id, crossing__operation=known.operation).first()
    if said is None:
        raise Http404
    crossing = known.crossings[said.crossing.code]
    may_release = said.room_id == request.actor.room_id and request.actor.may("doors.release.propose")
    context = {
        "said": said, "crossing": crossing.place.names, "code": crossing.code, "may_release": may_release,
        "kind": StatementKind(said.kind).label, "detail": details_of([said]).get(said.pk),
        "reason": closure_reasons(known).get(said.reason, said.reason), "shares": share_state_of([said], request.actor),
    }  # fmt: skip
    return render(request, "crossings/statement.html", context)


def chosen_day(request: HttpRequest, known: Setting) -> date:
    """The day that the address asks for, else today in the operation's time zone."""
    return DayForm(request.GET).chosen(known.local_day(database_now()))


def _glances(request: HttpRequest) -> dict[str, Any]:
    known = setting(request.actor.operation_id)
    chosen = chosen_day(request, known)
    glances, flows = crossings_today(request.actor, known, chosen)
    return {
        "glances": glances, "flows": flows, "day": chosen, "around": around(chosen), "tab": "today",
        "form": DayForm(request.GET), "is_today": chosen == known.local_day(database_now()),
    }  # fmt: skip


def _day(request: HttpRequest, code: str) -> dict[str, Any]:
    known = setting(request.actor.operation_id)
    if code not in known.crossings:
        raise Http404
    chosen = chosen_day(request, known)
    found = crossing_day(request.actor, known, known.crossings[code], chosen)
    return {
        "found": found, "crossing": known.crossings[code], "day": chosen, "around": around(chosen), "tab": "day",
        "is_today": chosen == known.local_day(database_now()),
        "ways": [kind for kind, act in KINDS if request.actor.may(act)], "form": DayForm(request.GET),
        "may_book": request.actor.may(Act.BOOK_SLOT) and code in known.days,
        "is_keeper": found.said.keeper_id == request.actor.room_id,
    }  # fmt: skip
