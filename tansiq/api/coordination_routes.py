"""What is stated of routes, several rooms' statements side by side, and a room's own statement."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.coordination_schemas import Line, RouteIn, ShortCode
from tansiq.api.endpoint import Day, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, shown_after
from tansiq.building.clocks.queries import database_now
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.queries import routes
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import Act, RouteNamed, RouteStated

router = Router(tags=["coordination"])


class RouteStatementIn(Schema):
    """What is stated of a route."""

    route: RouteIn
    state: ShortCode = Field(min_length=1)
    source: Line = Field(min_length=1)
    cause: ShortCode = ""
    since_at: Moment | None = None
    expires_at: Moment | None = None
    restrictions: Text = ""
    assessed_by: Annotated[Text, Field(max_length=200)] = ""
    method: ShortCode = ""
    assessed_date: Day | None = None
    note: Text = ""


class RouteStatementOut(Schema):
    """What one room states of a route."""

    id: UUID
    room: UUID
    route_code: str
    route_name: str
    state: str
    cause: str
    passable: bool
    expired: bool
    since_at: datetime
    stated_at: datetime
    expires_at: datetime | None
    source: str | None
    restrictions: str | None
    assessed_by: str | None
    method: str | None
    assessed_date: Day | None
    note: str | None


class RouteStatementPage(Schema):
    """Statements on routes, stated last first, and the mark of the next page."""

    items: list[RouteStatementOut]
    next: str | None


@router.get("", response=RouteStatementPage, summary="Statements on routes")
@endpoint(Act.READ_ROUTE)
def list_route_statements(
    request: HttpRequest, route: ShortCode = "", after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Statements on routes that this room sees, several rooms' side by side; of one route when asked."""
    by = request.actor
    shown = shown_after(lambda: routes.statements_page(by, key=route, after=after, size=limit))
    rows = routes.route_rows(shown.rows, words(by.operation_id), database_now())
    return {"items": [_statement(row) for row in rows], "next": shown.after}


@router.post("", response={201: RouteStatementOut}, summary="State how a route stands")
@endpoint(Act.STATE_ROUTE)
def state_route(request: HttpRequest, payload: RouteStatementIn, idempotency_key: IdempotencyKey = None) -> Status:
    """State it as this room knows it; what other rooms state stands beside it."""
    plain = payload.model_dump(exclude={"route"})
    stated = RouteStated(route=RouteNamed(payload.route.code, payload.route.name), **plain)
    done = actions.state_route(by=request.actor, key=idempotency_key, stated=stated)
    row = routes.route_rows([done], words(request.actor.operation_id), database_now())[0]
    return Status(201, _statement(row))


def _statement(row: routes.RouteRow) -> dict[str, object]:
    one, detail = row.statement, row.detail
    said = ("source", "restrictions", "assessed_by", "method", "assessed_date", "note")
    return {
        "id": one.pk, "room": one.room_id, "route_code": one.route_code, "route_name": one.route_name,
        "state": one.state, "cause": one.cause, "passable": row.is_passable, "expired": row.is_expired,
        "since_at": one.since_at, "stated_at": one.stated_at, "expires_at": one.expires_at,
        **{name: getattr(detail, name) if detail else None for name in said},
    }  # fmt: skip
