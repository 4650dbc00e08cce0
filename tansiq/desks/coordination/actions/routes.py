"""States what a room knows of a route; what was stated before stays, and other rooms' statements stand beside it."""

from datetime import datetime
from uuid import uuid4

from tansiq.building.clocks.queries import database_now
from tansiq.building.doors.queries import audience_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.coordination.actions.books import moment_of
from tansiq.desks.coordination.actions.checks import check_route, check_term
from tansiq.desks.coordination.models import RouteDetail, RouteStatement, TermKind
from tansiq.desks.coordination.queries.words import Words, words
from tansiq.desks.coordination.rules import ASSESSMENT_WORDS, ROUTE, ROUTES, Act, RouteStated, route_key


@act(Act.STATE_ROUTE)
def state_route(*, by: Actor, stated: RouteStated, at: datetime | None = None) -> Done:
    """State how a route stands, since when and until when that may be relied on, and who says so. Raises Refused."""
    moment, known = moment_of(by, at), words(by.operation_id)
    _check(known, stated, moment)
    pk = uuid4()
    labels = {line: audience_now(ROUTE, pk, line, by) for line in (TearLine.HEADLINE, TearLine.DETAIL)}
    name = stated.route.name.strip()
    statement = RouteStatement.objects.create(
        id=pk, room_id=by.room_id, audience_id=labels[TearLine.HEADLINE], route_key=route_key(stated.route.code, name),
        route_code=stated.route.code, route_name=name, state=stated.state, cause=stated.cause,
        since_at=stated.since_at or moment, stated_at=moment, expires_at=stated.expires_at,
    )  # fmt: skip
    detail = RouteDetail.objects.create(
        room_id=by.room_id, audience_id=labels[TearLine.DETAIL], statement=statement, source=stated.source.strip(),
        restrictions=stated.restrictions.strip(), assessed_by=stated.assessed_by.strip(), method=stated.method,
        assessed_date=stated.assessed_date, note=stated.note.strip(),
    )  # fmt: skip
    facts = {"route": statement.route_key, "state": stated.state}
    return Done(statement, wrote=[statement, detail], facts=facts, topics=[ROUTES])


def _check(known: Words, stated: RouteStated, moment: datetime) -> None:
    check_route(known, stated.route, must=True)
    check_term(known, TermKind.ROUTE_STATE, stated.state)
    body = known.bodies[TermKind.ROUTE_STATE][stated.state]
    if stated.cause:
        check_term(known, TermKind.CAUSE, stated.cause)
    elif body.get("needs_cause"):
        raise Refused("route_cause_missing")
    if not stated.source.strip():
        raise Refused("route_source_missing")
    if stated.since_at and stated.since_at > moment:
        raise Refused("route_since_future", found=date_time_group(stated.since_at))
    if stated.expires_at and stated.expires_at <= moment:
        raise Refused("route_expiry", found=date_time_group(stated.expires_at))
    _check_assessment(known, stated, must=bool(body.get("needs_assessment")))


def _check_assessment(known: Words, stated: RouteStated, *, must: bool) -> None:
    parts = {"assessed_by": stated.assessed_by.strip(), "method": stated.method, "assessed_date": stated.assessed_date}
    missing = [str(ASSESSMENT_WORDS[name]) for name, value in parts.items() if not value]
    if missing and (must or len(missing) < len(parts)):
        raise Refused("route_assessment", found=", ".join(missing))
    if must and stated.expires_at is None:
        raise Refused("route_expiry_missing")
    if stated.method:
        check_term(known, TermKind.METHOD, stated.method)
    if stated.assessed_date and stated.assessed_date > database_now().date():
        raise Refused("route_assessment_future", found=stated.assessed_date.isoformat())
