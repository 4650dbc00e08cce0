"""What this room released, what it received, and one delivery."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.doors import actions, queries
from tansiq.building.doors.models import Delivery, Release
from tansiq.building.doors.rules import RECORD_TYPES, Act
from tansiq.building.doors.views.seeing import shown_to
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused

PER_PAGE = 50
BESIDE = 10  # deliveries shown under the releases


@page(Act.READ_RELEASE)
def releases(request: HttpRequest) -> HttpResponse:
    """What this room released, waiting first, and the latest that it received."""
    return render(request, "doors/releases.html", {**_released(request), **_received(request, BESIDE)})


@page(Act.READ_RELEASE)
def released_list(request: HttpRequest) -> HttpResponse:
    """What this room released, as a piece."""
    return render(request, "doors/_released.html", _released(request))


@page(Act.READ_RELEASE)
def received_list(request: HttpRequest) -> HttpResponse:
    """The latest that this room received, as a piece."""
    return render(request, "doors/_received.html", _received(request, BESIDE))


@page(Act.READ_RELEASE)
def received(request: HttpRequest) -> HttpResponse:
    """All that other rooms released to this one, recalled ones too."""
    return render(request, "doors/received.html", _received(request, PER_PAGE))


@page(Act.READ_RELEASE)
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One delivery: from whom, under which mark, until when, and what it lets this room read."""
    found = _delivery(request, delivery_id)
    kind = RECORD_TYPES.get(found.record_type)
    record = kind.model._default_manager.filter(pk=found.record_id).first() if kind else None
    line = lines_of(request, [found])[0]
    context = {
        "line": line,
        "shown": shown_to(request, kind, record) if kind and record is not None else "",
        "may_acknowledge": request.actor.may(Act.ACKNOWLEDGE_RECALL),
        "releasable_to": _room_names(request, found.releasable_to),
    }
    return render(request, "doors/delivery.html", context)


@require_POST
@page(Act.ACKNOWLEDGE_RECALL)
def recall_acknowledge(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """State that this room has taken note of a recall."""
    found = _delivery(request, delivery_id)
    try:
        actions.acknowledge_recall(by=request.actor, delivery=found)
        messages.success(request, _("The room that recalled it now sees that you took note."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("doors:delivery", delivery_id=found.pk)


def lines_of(request: HttpRequest, found: Iterable[Release | Delivery]) -> list[dict[str, Any]]:
    """What a list shows of each release or delivery, in a fixed number of queries."""
    listed = list(found)
    titles = queries.titles(listed)
    kinds = queries.type_names(request.actor.operation_id)
    noted = queries.receipts(request.actor, [one for one in listed if isinstance(one, Delivery)])
    return [
        {
            "one": one,
            "title": titles.get(one.record_id, ""),
            "kind": kinds.get(one.record_type, one.record_type),
            "lines": [TearLine(line).label for line in one.lines],
            "standing": queries.standing(one),
            "receipt": noted.get(one.pk),
        }
        for one in listed
    ]


def _released(request: HttpRequest) -> dict[str, Any]:
    paginator = Paginator(queries.releases(request.actor), PER_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    pages = paginator.get_elided_page_range(shown.number)
    return {"released": lines_of(request, shown), "page": shown, "pages": pages, "now_here": _here(request)}


def _received(request: HttpRequest, most: int) -> dict[str, Any]:
    paginator = Paginator(queries.deliveries(request.actor), most)
    shown = paginator.get_page(request.GET.get("page") if most == PER_PAGE else 1)
    context = {
        "received": lines_of(request, shown),
        "received_in_all": paginator.count,
        "may_acknowledge": request.actor.may(Act.ACKNOWLEDGE_RECALL),
    }
    if most == PER_PAGE:
        context |= {"page": shown, "pages": paginator.get_elided_page_range(shown.number)}
    return context


def _here(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"?{query}" if query else ""


def _delivery(request: HttpRequest, delivery_id: UUID) -> Delivery:
    found = queries.deliveries(request.actor).filter(pk=delivery_id).first()
    if found is None:
        raise Http404
    return found


def _room_names(request: HttpRequest, slugs: Iterable[str]) -> list[str]:
    rooms = Room.objects.filter(operation_id=request.actor.operation_id, slug__in=list(slugs)).order_by("slug")
    return [local_name(room.names) for room in rooms]
