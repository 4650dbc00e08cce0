"""What is stated of routes: several rooms' statements side by side, what follows from them, and when that ends."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.latest import Order, Page, key_of, mark_of
from tansiq.desks.coordination.models import RouteDetail, RouteStatement, TermKind
from tansiq.desks.coordination.queries.words import Names, Words

BY_STATED = Order("stated_at")


@dataclass(frozen=True)
class RouteRow:
    """One statement on a route, as a list shows it."""

    statement: RouteStatement
    route: Names | str
    state: Names | str
    cause: Names | str
    room: Names
    is_passable: bool
    is_expired: bool
    detail: RouteDetail | None  # where it is open to this room
    method: Names | str


@dataclass(frozen=True)
class Route:
    """One route with the latest statement of each room, and what follows for whoever wants to use it."""

    key: str
    name: Names | str
    rows: list[RouteRow]  # the latest of each room, the newest first
    verdict: "Verdict"


@dataclass(frozen=True)
class Verdict:
    """Whether a route can be used: only if nobody whose statement stands says otherwise."""

    state: str  # "open", "closed", "expired" or "unstated"
    since: datetime | None = None
    until: datetime | None = None  # None: without an end
    room_id: UUID | None = None  # whose statement decides


def latest_statements(keys: Iterable[str] | None = None) -> dict[str, list[RouteStatement]]:
    """The latest statement of each room on each route that this room reads, in one query."""
    found = RouteStatement.objects.select_related("room")
    if keys is not None:
        found = found.filter(route_key__in=list(keys))
    ordered = found.order_by("route_key", "room", "-stated_at", "-pk").distinct("route_key", "room")
    by_key: dict[str, list[RouteStatement]] = defaultdict(list)
    for statement in ordered:
        by_key[statement.route_key].append(statement)
    return by_key


def verdict_of(statements: Sequence[RouteStatement], passable: dict[str, bool], now: datetime) -> Verdict:
    """What follows from the latest statements of several rooms.

    One that stands and lets nobody through closes the route, whoever else says open. An expired one says nothing any
    more; where only expired ones let through, the route is expired since the last of them ended.
    """
    standing = [one for one in statements if one.expires_at is None or one.expires_at > now]
    shut = [one for one in standing if not passable.get(one.state, False)]
    if shut:
        first = min(shut, key=lambda one: (one.since_at, str(one.pk)))
        return Verdict("closed", first.since_at, None, first.room_id)
    if standing:
        longest = max(standing, key=lambda one: (one.expires_at is None, one.expires_at or now, str(one.pk)))
        return Verdict("open", min(one.since_at for one in standing), longest.expires_at, longest.room_id)
    ended = [one for one in statements if passable.get(one.state, False) and one.expires_at]
    if not ended:
        return Verdict("unstated")
    last = max(ended, key=lambda one: (one.expires_at, str(one.pk)))
    return Verdict("expired", last.expires_at, last.expires_at, last.room_id)


def passable_states(words: Words) -> dict[str, bool]:
    """State of a route → whether it lets anybody through."""
    return {code: bool(body.get("passable")) for code, body in words.bodies[TermKind.ROUTE_STATE].items()}


def routes(words: Words, now: datetime) -> list[Route]:
    """Every route of which something is stated or which has a code, with the statements side by side."""
    held = latest_statements()
    rows: dict[str, list[RouteRow]] = defaultdict(list)
    for row in route_rows([one for several in held.values() for one in several], words, now):
        rows[row.statement.route_key].append(row)
    keys = list(dict.fromkeys([*words.in_use[TermKind.ROUTE], *held]))
    passable = passable_states(words)
    return [
        Route(
            key, rows[key][0].route if rows[key] else words.route(key, ""),
            sorted(rows[key], key=lambda row: row.statement.stated_at, reverse=True),
            verdict_of(held.get(key, []), passable, now),
        )
        for key in keys
    ]  # fmt: skip


def route_rows(found: Sequence[RouteStatement], words: Words, now: datetime) -> list[RouteRow]:
    """The statements with all that a list shows of them, in one query."""
    details = {one.statement_id: one for one in RouteDetail.objects.filter(statement__in=[one.pk for one in found])}
    passable = passable_states(words)
    return [
        RouteRow(
            one, words.route(one.route_code, one.route_name), words.name(TermKind.ROUTE_STATE, one.state),
            words.name(TermKind.CAUSE, one.cause), words.rooms[one.room_id].names, passable.get(one.state, False),
            one.expires_at is not None and one.expires_at <= now, details.get(one.pk),
            words.name(TermKind.METHOD, details[one.pk].method) if one.pk in details else "",
        )
        for one in found
    ]  # fmt: skip


def statements_page(by: Actor, *, key: str = "", after: str | None, size: int) -> Page:
    """Statements that this room reads, latest first, by key. Raises ValueError for what is no mark."""
    rows: Any = RouteStatement.objects.filter(room__operation=by.operation_id)
    if key:
        rows = rows.filter(route_key=key)
    if after:
        rows = BY_STATED.beyond(rows, key_of(after, BY_STATED))
    found = list(BY_STATED.applied(rows)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], mark_of((last.stated_at, last.pk)) if last else None)
