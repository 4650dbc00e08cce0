"""Live requests of the same room that resemble one that is about to be sent, so that nothing is asked for twice."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.requests.models import LIVE_STATES, Request, RequestLine
from tansiq.desks.requests.queries.operation import rules_of
from tansiq.engine.names import normal_form

COMPARED = 300  # live requests, the latest; more are not looked at
SHOWN = 5
ENOUGH = 0.6  # likeness from which one is shown
LINES, PLACES, TITLE = 0.45, 0.25, 0.3
"""What each likeness is worth. Requests whose days lie too far apart are not compared at all."""


@dataclass(frozen=True)
class Resemblance:
    """A live request that resembles the one that is to be sent, and in what."""

    request: Request
    likeness: float  # 0..1
    same_lines: bool
    same_places: bool
    like_title: bool


def resembling(by: Actor, request: Request, *, most: int = SHOWN) -> list[Resemblance]:
    """The live requests of the acting room that resemble this one, most alike first."""
    others = Request.objects.filter(room=by.room_id, state__in=LIVE_STATES).exclude(pk=request.pk)
    days = rules_of(by.operation_id).compared_within.days
    near = [one for one in others.order_by("-sent_at", "pk")[:COMPARED] if _near(one.ready_date, request, days)]
    lines = _items([request, *near])
    found = [_compared(one, request, lines) for one in near]
    alike = [one for one in found if one.likeness >= ENOUGH]
    return sorted(alike, key=lambda one: (-one.likeness, one.request.number))[:most]


def text_likeness(one: str, other: str) -> float:
    """How many groups of three letters two texts share, 0..1 (Jaccard), after letters that read alike are made one."""
    first, second = trigrams(one), trigrams(other)
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def trigrams(text: str) -> set[str]:
    """The groups of three letters of a text in any of the scripts, folded."""
    padded = f"  {normal_form(text)} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)} if padded.strip() else set()


def _near(day: date | None, request: Request, days: int) -> bool:
    return day is None or request.ready_date is None or abs((day - request.ready_date).days) <= days


def _items(requests: list[Request]) -> dict[UUID, set[str]]:
    """What each request asks for: its commodities, of the version that counts."""
    versions = {one.pk: one.version for one in requests}
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = RequestLine.objects.filter(request__in=versions).values_list("request", "version", "commodity")
    for request, version, commodity in rows:
        if version == versions[request]:
            found[request].add(commodity)
    return found


def _compared(one: Request, request: Request, items: dict[UUID, set[str]]) -> Resemblance:
    lines = _shared(items[one.pk], items[request.pk])
    places = _shared(set(one.places), set(request.places))
    title = text_likeness(one.title, request.title)
    likeness = LINES * lines + PLACES * places + TITLE * title
    return Resemblance(one, likeness, lines >= 0.5, places >= 0.5, title >= 0.5)


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
