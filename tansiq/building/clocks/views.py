"""Pages of clocks: what is due and who holds it, one clock's life, and what this room was told."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.clocks import actions, queries
from tansiq.building.clocks.forms import ClockFilter, NoteForm, PauseForm
from tansiq.building.clocks.models import Clock, Notice
from tansiq.building.clocks.rules import Act, can
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused

ON_FLOOR = 8


@page(Act.READ_CLOCK)
def clocks(request: HttpRequest) -> HttpResponse:
    """The clocks that this room sees, least time left first."""
    return render(request, "clocks/clocks.html", _listed(request))


@page(Act.READ_CLOCK)
def clocks_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    return render(request, "clocks/_clocks.html", _listed(request))


@page(Act.READ_CLOCK)
def clocks_open(request: HttpRequest) -> HttpResponse:
    """The clocks with least time left, for the floor."""
    return render(request, "clocks/_open.html", {"faces": queries.open_clocks(request.actor, most=ON_FLOOR)})


@page(Act.READ_CLOCK)
def clock(request: HttpRequest, clock_id: UUID) -> HttpResponse:
    """One clock: how it stands, its life so far, what comes next, and what may be done with it."""
    found = _found(request, clock_id)
    return _shown(request, found)


@page(Act.READ_CLOCK)
def clock_face(request: HttpRequest, clock_id: UUID) -> HttpResponse:
    """The clock and its life as a piece."""
    return render(request, "clocks/_clock_life.html", _life(request, _found(request, clock_id)))


@require_POST
@page(Act.PAUSE_CLOCK)
def clock_pause(request: HttpRequest, clock_id: UUID) -> HttpResponse:
    """Pause the clock for a reason of its kind."""
    found = _found(request, clock_id)
    form = PauseForm(request.POST, clock=found, prefix="pause")
    return _moved(request, found, form, actions.pause_clock, _("The clock is paused."))


@require_POST
@page(Act.RESUME_CLOCK)
def clock_resume(request: HttpRequest, clock_id: UUID) -> HttpResponse:
    """Let the clock run on."""
    form = NoteForm(request.POST, prefix="resume")
    return _moved(request, _found(request, clock_id), form, actions.resume_clock, _("The clock runs again."))


@require_POST
@page(Act.STOP_CLOCK)
def clock_stop(request: HttpRequest, clock_id: UUID) -> HttpResponse:
    """Stop the clock because the answer came."""
    form = NoteForm(request.POST, prefix="stop")
    return _moved(request, _found(request, clock_id), form, actions.stop_clock, _("The clock is stopped."))


@require_POST
@page(Act.ANSWER_CLOCK)
def clock_answer(request: HttpRequest, clock_id: UUID) -> HttpResponse:
    """Answer, as the room that holds it, a clock of another room."""
    form = NoteForm(request.POST, prefix="answer")
    return _moved(request, _found(request, clock_id), form, actions.answer_clock, _("The answer is recorded."))


@page(Act.READ_NOTICE)
def notices(request: HttpRequest) -> HttpResponse:
    """What this room was told and has not acknowledged, or all of it."""
    return render(request, "clocks/notices.html", _told(request))


@page(Act.READ_NOTICE)
def notices_list(request: HttpRequest) -> HttpResponse:
    """The same notices as a piece."""
    return render(request, "clocks/_notices.html", _told(request))


@require_POST
@page(Act.ACKNOWLEDGE_NOTICE)
def notice_acknowledge(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Say that the room has seen the notice."""
    notice = Notice.objects.filter(pk=notice_id, told_room_id=request.actor.room_id).first()
    if notice is None:
        raise Http404
    try:
        actions.acknowledge_notice(by=request.actor, notice=notice)
        messages.success(request, _("The notice is acknowledged."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("clocks:notices")


def _listed(request: HttpRequest) -> dict[str, Any]:
    form = ClockFilter(request.GET, by=request.actor)
    faces = queries.open_clocks(request.actor, **form.chosen())
    return {"form": form, "faces": faces, "most": queries.MOST_SHOWN, "now_here": _here(request)}


def _told(request: HttpRequest) -> dict[str, Any]:
    everything = request.GET.get("all") == "1"
    return {
        "told": queries.notices_for(request.actor, waiting=not everything),
        "everything": everything,
        "may_acknowledge": request.actor.may(Act.ACKNOWLEDGE_NOTICE),
        "now_here": _here(request),
    }


def _here(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"?{query}" if query else ""


def _found(request: HttpRequest, clock_id: UUID) -> Clock:
    found = queries.clocks_seen(request.actor).filter(pk=clock_id).first()
    if found is None:
        raise Http404
    return found


def _life(request: HttpRequest, found: Clock) -> dict[str, Any]:
    return {
        "face": queries.faces([found], request.actor)[0],
        "history": queries.history(found),
        "ahead": queries.steps_ahead(found),
        "subject": queries.subject_of(found),
    }


def _shown(request: HttpRequest, found: Clock, failed: NoteForm | None = None) -> HttpResponse:
    request.form_page = reverse("clocks:clock", args=[found.pk])
    forms = _forms(found, request.actor)
    if failed is not None:
        forms = {**forms, failed.prefix: failed}
    context = {**_life(request, found), "forms": forms}
    return render(request, "clocks/clock.html", context, status=422 if failed is not None else 200)


def _forms(found: Clock, by: Actor) -> dict[str, NoteForm]:
    """The forms of what this person may do with the clock as it stands."""
    if found.room_id != by.room_id:
        answers = found.holder_room_id == by.room_id and can(found, Act.STOP_CLOCK) and by.may(Act.ANSWER_CLOCK)
        return {"answer": NoteForm(prefix="answer")} if answers else {}
    ways = {"pause": Act.PAUSE_CLOCK, "resume": Act.RESUME_CLOCK, "stop": Act.STOP_CLOCK}
    open_ways = [way for way, act in ways.items() if can(found, act) and by.may(act)]
    if not found.kind.pause_reasons and "pause" in open_ways:
        open_ways.remove("pause")
    return {way: PauseForm(clock=found, prefix=way) if way == "pause" else NoteForm(prefix=way) for way in open_ways}


def _moved(request: HttpRequest, found: Clock, form: NoteForm, action: Callable[..., Clock], said: str) -> HttpResponse:
    if not form.is_valid():
        return _shown(request, found, form)
    try:
        action(by=request.actor, clock=found, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _shown(request, _found(request, found.pk), form)
    messages.success(request, said)
    return redirect("clocks:clock", clock_id=found.pk)
