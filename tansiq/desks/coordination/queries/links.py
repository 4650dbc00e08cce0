"""What coordination and routes say of the links of the chain, for many consignments in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from tansiq.building.rooms.models import Room
from tansiq.desks.coordination.models import Asking, AskingDetail, DecisionDetail, Move, State, Term, TermKind
from tansiq.desks.coordination.queries.routes import Verdict, latest_statements, verdict_of
from tansiq.desks.coordination.queries.standings import Standing, standings
from tansiq.desks.coordination.rules import EXPIRED, WORST_FIRST, is_cleared, route_key
from tansiq.engine.chain import NEVER, UNKNOWN, Fact, Resource

COORDINATION, ROUTE = "security_coordination", "route"
STALE = (State.WITHDRAWN, State.SUPERSEDED)
PREFIX = "route:"  # before a route's key, in the code of the resource on which consignments rest


@dataclass(frozen=True)
class _Known:
    """What is read once for all consignments."""

    now: datetime
    held: Mapping[UUID, list[Standing]]  # consignment → its askings that stand or came to an end
    late_counts: bool
    required: frozenset[UUID]  # rooms before which every consignment has to be brought
    reader: UUID | None  # the acting room: of its own consignments alone it knows what was never asked


def links_of(consignment_ids: Sequence[UUID], now: datetime) -> list[Fact]:
    """What is known of coordination and route of each consignment, as far as this room may read."""
    known = _known(consignment_ids, now)
    return [*(_coordination(pk, known) for pk in known.held), *_routes(known)]


def resources_of(now: datetime) -> list[Resource]:
    """Every route of which this room reads a statement: open or closed, since when, by whose word, until when."""
    verdicts = _verdicts(None, now)
    return [
        Resource(
            PREFIX + key, verdict.state != "closed", _seconds(verdict.since), _holder(verdict.room_id),
            _seconds(verdict.until, NEVER),
        )
        for key, verdict in sorted(verdicts.items()) if verdict.state != "unstated"
    ]  # fmt: skip


def _known(consignment_ids: Sequence[UUID], now: datetime) -> _Known:
    these = RawSQL("select unnest(%s::uuid[])", (list(consignment_ids),))  # thousands of ids as one parameter
    asked = list(Asking.objects.filter(consignment__in=these).select_related("room").order_by("asked_at", "pk"))
    operations = {one.room.operation_id for one in asked}
    terms = Term.objects.filter(operation__in=operations, kind__in=(TermKind.SETTING, TermKind.AUTHORITY), in_use=True)
    bodies = {(term.kind, term.code): term.body for term in terms}
    wanted = [code for (kind, code), body in bodies.items() if kind == TermKind.AUTHORITY and body.get("required")]
    rooms = Room.objects.filter(operation__in=operations, slug__in=wanted).values_list("pk", flat=True)
    held: dict[UUID, list[Standing]] = defaultdict(list)
    for standing in standings(asked, now).values():
        if standing.recorded not in STALE:
            held[standing.asking.consignment_id].append(standing)
    setting = bodies.get((TermKind.SETTING, "coordination"), {})
    return _Known(now, held, bool(setting.get("late_answer_counts")), frozenset(rooms), _acting_room())


def _coordination(pk: UUID, known: _Known) -> Fact:
    """The worst over the authorities: whichever does not let it go on; done only when all of them do."""
    asked = known.held[pk]
    told = [_of_authority(standing, known) for standing in asked]
    missing = known.required - {standing.asking.authority_id for standing in asked}
    first = asked[0].asking
    if missing and first.room_id == known.reader:
        told.append(
            ((0, _place(State.SUBMITTED)), {"since": _seconds(first.asked_at), "holder": _holder(known.reader)})
        )
    _rank, said = min(told, key=lambda one: one[0])
    if said.get("state") == "done":
        said = {**said, "valid_until": min(one.get("valid_until", NEVER) for _rank, one in told)}
    return Fact(str(pk), COORDINATION, **said)


def _of_authority(standing: Standing, known: _Known) -> tuple[tuple[int, int], dict[str, Any]]:
    """How one authority's asking stands: what is not cleared first, then the worst; and what the fact says."""
    asking, state = standing.asking, _came_to(standing)
    needs, authority = asking.needs_green_light, _holder(asking.authority_id, asking.authority_role)
    asker, since = _holder(asking.room_id), _seconds(standing.since)
    recorded = standing.recorded if standing.recorded != State.CONCLUDED else state
    rank = _place(state)
    if is_cleared(recorded, needs_green_light=needs, late_counts=known.late_counts):
        until = NEVER if recorded == State.EXECUTED else _seconds(standing.valid_until, NEVER)
        return (1, rank), {"state": "done", "since": since, "holder": authority, "valid_until": until}
    if state == EXPIRED:
        return (0, rank), {"state": "invalid", "since": since, "holder": asker}
    if state in (State.DENIED, State.DENIED_LATE, State.NOT_GREEN_LIT):
        return (0, rank), {"state": "refused", "since": since, "holder": authority}
    if state == State.NO_RESPONSE or (state == State.ANSWERED_LATE and not known.late_counts):
        return (0, rank), {"state": "no_response", "since": since, "holder": authority}
    if state == State.INFORMATION_ASKED:
        return (0, rank), {"since": since, "holder": asker}
    return (0, rank), {"since": since, "holder": authority, "deadline": _seconds(standing.lapse_at, NEVER)}


def _came_to(standing: Standing) -> str:
    """The state as shown; of what is concluded, the one before that."""
    if standing.recorded != State.CONCLUDED or len(standing.steps) < 2:
        return standing.state
    return str(standing.steps[-2].state)


def _routes(known: _Known) -> Iterable[Fact]:
    """The route that the newest asking names, or the authority's approval in its place."""
    of_asking = {standing.asking.pk: pk for pk, several in known.held.items() for standing in several}
    named: dict[UUID, str] = {}
    asked = AskingDetail.objects.filter(asking__in=of_asking, step__move=Move.ASK).order_by("created_at")
    agreed = DecisionDetail.objects.filter(asking__in=of_asking).order_by("created_at")
    for detail in (*asked, *agreed):
        if detail.route_code or detail.route_name:
            named[of_asking[detail.asking_id]] = route_key(detail.route_code, detail.route_name)
    verdicts = _verdicts(set(named.values()), known.now)
    for pk, key in named.items():
        verdict = verdicts.get(key, Verdict("unstated"))
        if verdict.state == "unstated":
            yield Fact(str(pk), ROUTE)
            continue
        yield Fact(
            str(pk), ROUTE, state="done", since=_seconds(verdict.since), holder=_holder(verdict.room_id),
            rests_on=(PREFIX + key,),
        )  # fmt: skip


def _verdicts(keys: set[str] | None, now: datetime) -> dict[str, Verdict]:
    held = latest_statements(keys)
    terms = Term.objects.filter(kind=TermKind.ROUTE_STATE).values_list("operation", "code", "body")
    passable = {(operation, code): bool(body.get("passable")) for operation, code, body in terms}
    found = {}
    for key, statements in held.items():
        of_operation = statements[0].room.operation_id
        lets_through = {code: lets for (operation, code), lets in passable.items() if operation == of_operation}
        found[key] = verdict_of(statements, lets_through, now)
    return found


def _place(state: str) -> int:
    return WORST_FIRST.index(state)


def _holder(room_id: UUID | None, role: str = "") -> str:
    return f"{room_id}:{role}" if room_id else ""


def _seconds(moment: datetime | None, otherwise: int = UNKNOWN) -> int:
    return int(moment.astimezone(UTC).timestamp()) if moment else otherwise


def _acting_room() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("select wall_room()")
        found: UUID | None = cursor.fetchone()[0]
        return found
