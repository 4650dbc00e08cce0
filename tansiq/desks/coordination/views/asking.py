"""The form that brings a consignment before authorities, and the one that asks one of them anew."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.events import consignment_story
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.forms import AskForm, ChangeForm
from tansiq.desks.coordination.queries.lists import is_open
from tansiq.desks.coordination.queries.stories import AskingStory
from tansiq.desks.coordination.queries.words import Words, words
from tansiq.desks.coordination.rules import Act, LineAsked
from tansiq.desks.coordination.views.stories import found_story


@page(Act.ASK_COORDINATION)
def coordination_ask(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """Bring a consignment of this room before one authority or several."""
    found = consignment_story(request.actor, consignment_id)
    if found is None or found.consignment.room_id != request.actor.room_id:
        raise Http404
    known, goods = words(request.actor.operation_id), _goods(found.lines)
    initial = {"crossing_code": found.consignment.crossing_code}
    form = AskForm(
        request.POST or None, words=known, goods=goods, names=line_names(goods, known), initial=initial
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_coordination(by=request.actor, consignment=found.consignment, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            said = ngettext("%(count)s authority is asked.", "%(count)s authorities are asked.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("coordination:consignment", consignment_id=consignment_id)
    context = {"form": form, "consignment": found.consignment}
    return render(request, "coordination/ask.html", context, status=422 if form.is_bound else 200)


@page(Act.CHANGE_COORDINATION)
def coordination_change(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Ask the same authority anew; what it answered before answers nothing that is asked now."""
    story = found_story(request, asking_id)
    if not is_open(request.actor, story.row, Act.CHANGE_COORDINATION):
        raise Http404
    known = words(request.actor.operation_id)
    goods = _goods([line for line, _name, _unit in story.lines])
    form = ChangeForm(
        request.POST or None, words=known, goods=goods, names=line_names(goods, known), initial=_before(story)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.change_coordination(by=request.actor, asking=story.row.asking, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The changed request is put; the former one is superseded."))
            return redirect("coordination:asking", asking_id=made.pk)
    context = {"form": form, "asking": story.row.asking, "row": story.row}
    return render(request, "coordination/change.html", context, status=422 if form.is_bound else 200)


def line_names(lines: Sequence[Any], known: Words) -> dict[int, str]:
    """What each line is called beside its field: number, goods and unit."""
    return {
        line.number: " · ".join(
            text
            for text in (
                str(line.number), local_name(known.commodities.get(line.commodity) or line.cargo),
                local_name(known.units.get(line.unit)) or line.unit,
            )
            if text
        )
        for line in lines
    }  # fmt: skip


def _goods(lines: Sequence[Any]) -> list[LineAsked]:
    return [LineAsked(one.number, one.quantity, one.unit, one.commodity, one.cargo) for one in lines]


def _before(story: AskingStory) -> dict[str, Any]:
    one = story.row.asking
    route = {"route_code": story.first.route_code, "route_name": story.first.route_name} if story.first else {}
    return {
        "window_from": one.window_from, "window_until": one.window_until, "crossing_code": one.crossing_code,
        "note": story.note, **route,
    }  # fmt: skip
