"""Refuses what the operation does not know: authorities, crossings, units, routes, reasons, outcomes, quantities."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.coordination.models import AskingLine, Move, TermKind
from tansiq.desks.coordination.queries.words import Words
from tansiq.desks.coordination.rules import (
    APPROVALS,
    AUTHORITIES_AT_MOST,
    HELD_AT_MOST,
    QUANTITY_AT_MOST,
    Answer,
    CoordinationAsked,
    LineAsked,
    Outcome,
    RouteNamed,
)


def check_authorities(known: Words, rooms: Iterable[Room]) -> list[Room]:
    """The rooms that are asked, each once. Raises Refused when there are none, too many, or one does not coordinate."""
    asked = list({room.pk: room for room in rooms}.values())
    if not 1 <= len(asked) <= AUTHORITIES_AT_MOST:
        raise Refused("coordination_no_authority", found=len(asked), expected=AUTHORITIES_AT_MOST)
    for room in asked:
        if room not in known.authorities:
            listed = ", ".join(local_name(one.names) for one in known.authorities) or "-"
            raise Refused("coordination_authority_unknown", found=local_name(room.names), expected=listed)
    return asked


def check_asked(known: Words, asked: CoordinationAsked, now: datetime) -> None:
    """Refuse a request that cannot be put: its window, crossing, route or lines. Raises Refused."""
    check_window(asked.window_from, asked.window_until, now)
    check_crossing(known, asked.crossing_code)
    check_route(known, asked.route)
    for line in asked.lines:
        check_line(known, line)


def check_window(begins: datetime, ends: datetime, now: datetime) -> None:
    """Refuse a window that ends before it begins, or is over. Raises Refused."""
    if ends <= begins:
        raise Refused("coordination_window", begins=date_time_group(begins), ends=date_time_group(ends))
    if ends <= now:
        raise Refused("coordination_window_past", ends=date_time_group(ends))


def check_crossing(known: Words, code: str) -> None:
    """Refuse a crossing that the operation does not have. Raises Refused."""
    if code and code not in known.crossings:
        raise Refused("coordination_crossing_unknown", found=code, expected=", ".join(known.crossings) or "-")


def check_route(known: Words, route: RouteNamed, *, must: bool = False) -> None:
    """Refuse a route with two names, or a code that the operation does not have. Raises Refused."""
    if route.code and route.name.strip():
        raise Refused("coordination_route_twice")
    if must and not (route.code or route.name.strip()):
        raise Refused("coordination_route_missing")
    if route.code:
        check_term(known, TermKind.ROUTE, route.code)


def check_line(known: Words, line: LineAsked) -> None:
    """Refuse a line with a unit that there is not, or a quantity that cannot be. Raises Refused."""
    if line.unit not in known.units:
        expected = ", ".join(known.units) or "-"
        raise Refused("coordination_unit_unknown", line=line.number, found=line.unit, expected=expected)
    if not 0 <= line.quantity <= QUANTITY_AT_MOST:
        limits: dict[str, Any] = {"found": f"{line.quantity:f}", "expected": f"{QUANTITY_AT_MOST:f}"}
        raise Refused("coordination_quantity", line=line.number, **limits)


def check_term(known: Words, kind: TermKind, code: str) -> None:
    """Refuse a code that stands on no list of the operation. Raises Refused."""
    usable = known.usable(kind)
    if code not in usable:
        listed = ", ".join(f"{one} ({local_name(names)})" for one, names in usable.items())
        raise Refused("coordination_term_unknown", list=kind.label, found=code, expected=listed or "-")


def check_answer(known: Words, answer: Answer, lines: Mapping[int, AskingLine]) -> None:
    """Refuse an answer that does not say what it has to. Raises Refused."""
    if answer.move == Move.DENY:
        if not answer.reason:
            raise Refused("coordination_reason_missing")
        check_term(known, TermKind.REASON, answer.reason)
    if answer.move == Move.ASK_INFORMATION and not answer.text.strip():
        raise Refused("coordination_words_missing")
    if answer.move not in APPROVALS:
        return
    if answer.move == Move.APPROVE and answer.changes_something:
        raise Refused("coordination_changes_plain")
    check_crossing(known, answer.crossing_code)
    check_route(known, answer.route)
    if answer.move == Move.APPROVE_WITH_CHANGES and not answer.changes_something:
        raise Refused("coordination_changes_missing")
    if answer.move == Move.APPROVE_PARTLY and not answer.lines:
        raise Refused("coordination_part_missing")
    for line in answer.lines:
        asked = lines.get(line.number)
        if asked is None:
            expected = ", ".join(map(str, lines)) or "-"
            raise Refused("coordination_line_unknown", found=line.number, expected=expected)
        if not 0 <= line.quantity <= asked.quantity:
            expected = f"{asked.quantity.normalize():f}"
            raise Refused("coordination_quantity", line=line.number, found=f"{line.quantity:f}", expected=expected)


def check_outcome(known: Words, outcome: Outcome, state: str, state_name: Any) -> None:
    """Refuse an outcome that does not follow, lacks its reason, or was held for no possible time. Raises Refused."""
    check_term(known, TermKind.OUTCOME, outcome.code)
    body = known.bodies[TermKind.OUTCOME][outcome.code]
    if state not in body.get("after", ()):
        name = local_name(known.terms[TermKind.OUTCOME][outcome.code])
        raise Refused("coordination_outcome_state", outcome=name, state=state_name)
    if body.get("needs_reason") and not outcome.text.strip():
        raise Refused("coordination_words_missing")
    minutes = [held for _place, held in outcome.holdings]
    if min(minutes, default=0) < 0 or sum(minutes) > HELD_AT_MOST:
        raise Refused("coordination_held", found=sum(minutes), expected=HELD_AT_MOST)
