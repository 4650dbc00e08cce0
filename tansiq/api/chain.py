"""The chain: what holds each consignment, one consignment's links, and the funnel of a span of days."""

from bisect import bisect_right
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from tansiq.api.endpoint import Code, Day, Text, endpoint
from tansiq.api.paging import LATEST, After, Limit, mark_of, read_mark
from tansiq.building.rooms.models import Operation
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments.queries.words import words
from tansiq.floor.queries.chain.board import Board, ChainRow, View, Wanted, board, moment
from tansiq.floor.queries.chain.facts import live_chain
from tansiq.floor.queries.chain.funnel import Span, funnel
from tansiq.floor.queries.chain.one import LinkFace, OneChain, one_chain
from tansiq.floor.queries.chain.sentences import plain, why_not_moving
from tansiq.floor.queries.chain.setting import chain_setting
from tansiq.floor.rules import Act

router = Router(tags=["chain"])

ShortCode = Annotated[Code, Field(max_length=64)]
State = Literal["", "ready", "refused", "invalid", "no_response", "expired", "closed"]


class PartyOut(Schema):
    """Who holds a link."""

    room: dict[str, str]
    role: dict[str, str] | str


class HeldOut(Schema):
    """What holds one consignment."""

    id: UUID
    reference: str
    link: str
    state: str
    holder: PartyOut
    since: datetime | None
    days: int
    deadline: datetime | None
    is_overdue: bool
    per_day: Decimal | None
    lost: Decimal | None
    crossing: dict[str, str] | str
    impediments: list[UUID]
    units: int
    through: int
    ended: int
    why: str


class HeldPage(Schema):
    """Consignments that are held, held longest first, and the mark of the next page."""

    items: list[HeldOut]
    next: str | None


class LaneOut(Schema):
    """How many are held in one lane, and what they lose a day."""

    code: str
    held: int
    overdue: int
    per_day: Decimal
    oldest: datetime | None


class BoardOut(Schema):
    """The lanes of the board, over everything that this room may see."""

    by: str
    unit: dict[str, str] | str
    held: int
    overdue: int
    per_day: Decimal
    through: int
    intercepted: int
    lost: int
    quiet: int
    as_of: datetime
    lanes: list[LaneOut]


class LinkOut(Schema):
    """How one link of a consignment stands."""

    link: str
    state: str
    holds: bool
    holder: PartyOut
    since: datetime | None
    deadline: datetime | None
    valid_until: datetime | None
    needs: list[dict[str, str] | str]
    rests_on: list[dict[str, str] | str]
    through: int


class ChainOut(HeldOut):
    """The chain of one consignment."""

    links: list[LinkOut]
    heard_at: datetime | None
    is_quiet: bool


class StageOut(Schema):
    """One stage of the funnel; times in seconds."""

    stage: str
    reached: int
    standing: int
    median_s: int | None
    p90_s: int | None


class FunnelOut(Schema):
    """The units of a span of days, by the stages that they reached."""

    units: int
    through: int
    intercepted: int
    lost: int
    returned: int
    stages: list[StageOut]


class HeldWanted(Schema):
    """What the board is narrowed to."""

    link: ShortCode = ""
    holder: Code = ""
    crossing: ShortCode = ""
    state: State = ""
    sought: Text = ""
    overdue: bool = False
    impeded: bool = False


class LanesWanted(HeldWanted):
    """How the lanes are arranged, and what the board is narrowed to."""

    by: Literal["link", "holder", "crossing"] = "link"


class DaysWanted(Schema):
    """Over which days the funnel counts; the last thirty where none is asked for."""

    since: Day | None = None
    until: Day | None = None
    crossing: ShortCode = ""


@router.get("", response=HeldPage, summary="Consignments that are held")
@endpoint(Act.READ_CHAIN)
def list_held(
    request: HttpRequest, asked: Query[HeldWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Every consignment that is not finished, as far as this room sees it, with what holds it; held longest first."""
    mark = read_mark(after) if after else None
    view = _view(request)
    if view is None:
        return {"items": [], "next": None}
    picked = view.picked(Wanted(**asked.dict())).tolist()
    begin = bisect_right(picked, mark, key=lambda number: _key(view, number)) if mark else 0
    shown = picked[begin : begin + limit]
    more = len(picked) > begin + limit
    return {
        "items": [_held(row) for row in view.rows(shown)],
        "next": mark_of(*_key(view, shown[-1])) if more else None,
    }


@router.get("/board", response=BoardOut, summary="The lanes of the chain board")
@endpoint(Act.READ_CHAIN)
def get_board(request: HttpRequest, asked: Query[LanesWanted]) -> dict[str, object]:
    """How many are held in each lane and what they lose a day; over everything that this room sees."""
    view = _view(request)
    if view is None:
        raise Http404
    return _board(board(view, Wanted(**asked.dict()), 0))


@router.get("/funnel", response=FunnelOut, summary="The funnel of a span of days")
@endpoint(Act.READ_CHAIN)
def get_funnel(request: HttpRequest, asked: Query[DaysWanted]) -> dict[str, object]:
    """How many units reached each stage, how long they stood there, and what became of them."""
    by, setting = request.actor, chain_setting(request.actor.operation_id)
    if setting is None:
        raise Http404
    zone = ZoneInfo(Operation.objects.get(pk=by.operation_id).time_zone)
    last = asked.until or datetime.now(zone).date()
    first = asked.since or last - timedelta(days=29)
    if last < first:
        raise Refused("chain_days_out_of_order")
    ends = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, last + timedelta(days=1)))
    found = funnel(by, setting, Span(*ends, crossing=asked.crossing))
    stages = [
        {"stage": one.stage, "reached": one.reached, "standing": one.standing, "median_s": _seconds(one.median),
         "p90_s": _seconds(one.p90)}
        for one in found.stages
    ]  # fmt: skip
    return {
        "units": found.units, "through": found.through, "intercepted": found.intercepted, "lost": found.lost,
        "returned": found.returned, "stages": stages,
    }  # fmt: skip


@router.get("/{consignment_id}", response=ChainOut, summary="The chain of one consignment")
@endpoint(Act.READ_CHAIN)
def get_chain(request: HttpRequest, consignment_id: UUID) -> dict[str, object]:
    """Every link of one consignment, and why it is not moving."""
    found = one_chain(request.actor, consignment_id, words(request.actor.operation_id))
    if found is None:
        raise Http404
    return _chain(found)


def _view(request: HttpRequest) -> View | None:
    found = live_chain(request.actor)
    return View(found, words(request.actor.operation_id)) if found else None


def _key(view: View, number: int) -> tuple[datetime, UUID]:
    """By what the list is ordered: since when it is held, unknown last; then by id."""
    return moment(int(view.standing.since[number])) or LATEST, view.chain.consignments.ids[number]


def _held(row: ChainRow) -> dict[str, object]:
    return {
        "id": row.id, "reference": row.reference, "link": row.link_code, "state": row.state,
        "holder": {"room": row.holder.room, "role": row.holder.role}, "since": row.since, "days": row.days,
        "deadline": row.deadline, "is_overdue": row.is_overdue, "per_day": row.per_day, "lost": row.lost,
        "crossing": row.crossing, "impediments": [one.pk for one in row.impediments], "units": row.units,
        "through": row.through, "ended": row.ended, "why": plain(why_not_moving(row)),
    }  # fmt: skip


def _board(found: Board) -> dict[str, object]:
    lanes = [
        {"code": one.code, "held": one.total, "overdue": one.overdue, "per_day": one.per_day, "oldest": one.oldest}
        for one in found.lanes
    ]
    return {
        "by": found.wanted.by, "unit": found.unit, "held": found.total, "overdue": found.overdue,
        "per_day": found.per_day, "through": found.through, "intercepted": found.ended["intercepted"],
        "lost": found.ended["lost"], "quiet": found.quiet, "as_of": found.now, "lanes": lanes,
    }  # fmt: skip


def _chain(found: OneChain) -> dict[str, object]:
    links = [_link(one) for one in found.links]
    return _held(found.row) | {"links": links, "heard_at": found.heard_at, "is_quiet": found.is_quiet}


def _link(one: LinkFace) -> dict[str, object]:
    return {
        "link": one.code, "state": one.state, "holds": one.holds,
        "holder": {"room": one.holder.room, "role": one.holder.role}, "since": one.since, "deadline": one.deadline,
        "valid_until": one.valid_until, "needs": one.needs, "rests_on": one.rests_on, "through": one.through,
    }  # fmt: skip


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())
