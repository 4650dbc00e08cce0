"""Lists of requests and of questions, as rows with all that a list shows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tansiq.building.clocks.queries import Face, clocks_seen, faces
from tansiq.building.rooms.actors import Actor
from tansiq.desks.requests.models import Clearance, Request, RequestLine
from tansiq.desks.requests.queries.operation import Names, Words, named
from tansiq.desks.requests.queries.standing import Standing, open_questions, overdue_questions, standings
from tansiq.desks.requests.rules import plain

MINE = "mine"  # in a filter: those of the reader's own room


@dataclass(frozen=True)
class Wanted:
    """To what a list of requests is narrowed."""

    sought: str = ""  # in title or reference
    state: str = ""
    room: str = ""  # slug of the room that asks, or MINE
    commodity: str = ""
    place: str = ""


@dataclass(frozen=True)
class Amount:
    """So much of something, in words of the reader's language."""

    commodity: Names | str
    quantity: str
    unit: Names | str


@dataclass(frozen=True)
class RequestRow:
    """One request of a list."""

    request: Request
    room: Names
    places: tuple[Names | str, ...]
    amounts: tuple[Amount, ...]  # of the lines that the reader sees
    standings: tuple[tuple[str, str, int], ...]  # (code, its name, how many questions stand so)


@dataclass(frozen=True)
class QuestionRow:
    """One question of a list: a line before an authority."""

    question: Clearance
    request: Request
    asking: Names
    authority: Names
    amount: Amount
    description: str
    standing: Standing
    face: Face | None  # its clock, where this room sees it


def requests_seen(by: Actor, wanted: Wanted = Wanted()) -> QuerySet[Request]:
    """The requests that this room reads."""
    found = Request.objects.filter(room__operation=by.operation_id).select_related("room")
    if wanted.room:
        found = found.filter(room=by.room_id) if wanted.room == MINE else found.filter(room__slug=wanted.room)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.place:
        found = found.filter(places__contains=[wanted.place])
    if wanted.commodity:
        found = found.filter(pk__in=RequestLine.objects.filter(commodity=wanted.commodity).values("request"))
    if wanted.sought:
        number = wanted.sought.upper().removeprefix("R-").lstrip("0")
        titled = Q(title__icontains=wanted.sought)
        found = found.filter(titled | Q(number=int(number)) if number.isdecimal() and len(number) < 9 else titled)
    return found


def rows_of(found: Iterable[Request], known: Words) -> list[RequestRow]:
    """Each with its lines and how its questions stand, in a fixed number of queries."""
    listed = list(found)
    versions = {one.pk: one.version for one in listed}
    lines: dict[UUID, list[RequestLine]] = defaultdict(list)
    for line in RequestLine.objects.filter(request__in=versions).order_by("number"):
        if line.version == versions[line.request_id]:
            lines[line.request_id].append(line)
    asked: dict[UUID, list[Standing]] = defaultdict(list)
    for one in standings(Clearance.objects.filter(request__in=versions)).values():
        asked[one.clearance.request_id].append(one)
    return [
        RequestRow(
            one, known.rooms[one.room_id].names, tuple(named(known.areas, code) for code in one.places),
            tuple(amount_of(line, known) for line in lines[one.pk]), counted(asked[one.pk]),
        )
        for one in listed
    ]  # fmt: skip


def counted(found: Iterable[Standing]) -> tuple[tuple[str, str, int], ...]:
    """How many questions stand in which way."""
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    for one in found:
        numbers[one.code, one.name] += 1
    return tuple((code, name, number) for (code, name), number in sorted(numbers.items()))


def amount_of(line: RequestLine, known: Words) -> Amount:
    """A line in words."""
    return Amount(named(known.commodities, line.commodity), plain(line.quantity), named(known.units, line.unit))


def to_answer(by: Actor) -> QuerySet[Clearance]:
    """What is asked of this room and waits for its answer."""
    return open_questions(by.room_id).filter(room__operation=by.operation_id)


def overdue(by: Actor) -> QuerySet[Clearance]:
    """What is asked of any room and was left without an answer, as far as this room sees it."""
    return overdue_questions().filter(room__operation=by.operation_id)


def question_rows(
    found: Iterable[Clearance], by: Actor, known: Words, now: datetime | None = None
) -> list[QuestionRow]:
    """Each question with its request, its line and its clock, in a fixed number of queries."""
    listed = list(found)
    stand = standings(listed, now)
    requests = Request.objects.in_bulk({one.request_id for one in listed})
    lines = RequestLine.objects.in_bulk({one.item_id for one in listed})
    clocks = clocks_seen(by).in_bulk({one.clock_id for one in listed if one.clock_id})
    drawn = {face.clock.pk: face for face in faces(clocks.values(), by)}
    return [
        QuestionRow(
            one, requests[one.request_id], known.rooms[one.room_id].names, known.rooms[one.authority_id].names,
            amount_of(lines[one.item_id], known), lines[one.item_id].description, stand[one.pk],
            drawn.get(one.clock_id),
        )
        for one in listed if one.request_id in requests and one.item_id in lines
    ]  # fmt: skip
