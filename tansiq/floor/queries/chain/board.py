"""The board: what holds each consignment, in lanes by link, by holder or by crossing; totals over all, rows of some."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tansiq.desks.impediments.models import Impediment
from tansiq.desks.impediments.queries.words import Names, Words, named
from tansiq.engine.chain import NEVER, NONE, READINESS, UNKNOWN
from tansiq.floor.queries.chain.consignments import MICRO
from tansiq.floor.queries.chain.facts import Chain
from tansiq.floor.queries.chain.obstacles import CROSSING, IMPEDIMENT, ROUTE
from tansiq.floor.queries.chain.setting import OUTCOMES

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
ROWS_AT_MOST = 60  # on a board, over all its lanes
ARRANGEMENTS = ("link", "holder", "crossing")
IS_CLOSED = READINESS.index("closed")


@dataclass(frozen=True)
class Wanted:
    """How the board is arranged, and to what it is narrowed; an empty value narrows nothing."""

    by: str = "link"
    link: str = ""
    holder: str = ""  # slug of the room
    crossing: str = ""
    state: str = ""  # one of READINESS
    sought: str = ""  # part of the reference
    overdue: bool = False
    impeded: bool = False
    lane: str | None = None  # this lane alone


@dataclass(frozen=True)
class Party:
    """Who holds a link: a room, and a role in it where one is named."""

    room: Names
    role: Names | str

    @property
    def is_somebody(self) -> bool:
        """Whether anybody is named at all."""
        return bool(self.room)


@dataclass(frozen=True)
class ChainRow:
    """One consignment of the board."""

    id: UUID
    reference: str
    lane: str
    link_code: str  # of the link that holds it; "" where nothing does
    link: Names | str
    state: str  # of READINESS, how that link stands; or through, intercepted, lost
    holder: Party
    since: datetime | None
    held: timedelta
    deadline: datetime | None
    clock: UUID | None
    is_overdue: bool
    per_day: Decimal | None  # units; None where nothing says how much it is
    lost: Decimal | None  # so far, at this link
    crossing: Names | str
    closed: Names | str  # what is closed, where that holds it
    impediments: tuple[Impediment, ...]
    units: int  # that go on
    through: int  # of them, past the holding link
    ended: int  # units that left the chain on the way

    @property
    def days(self) -> int:
        """Whole days for which it has been held."""
        return self.held.days


@dataclass(frozen=True)
class Lane:
    """One lane: how many stand in it, what they lose a day, and the first of them, held longest first."""

    code: str
    names: Names | str | Party
    total: int
    overdue: int
    per_day: Decimal
    oldest: datetime | None
    rows: tuple[ChainRow, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Board:
    """The lanes, and what does not stand in any of them."""

    wanted: Wanted
    lanes: tuple[Lane, ...]
    total: int
    overdue: int
    per_day: Decimal
    through: int  # heard of lately, and through the last link
    ended: dict[str, int]  # outcome → consignments that left the chain whole
    quiet: int  # of which nothing was heard for long
    unit: Names | str
    now: datetime


class View:
    """A chain as it is laid out for one reader: which consignments stand on the board, in which order and lane."""

    def __init__(self, chain: Chain, words: Words) -> None:
        self.chain, self.words, self.standing = chain, words, chain.standing
        self.is_on = (self.standing.holding != NONE) & ~chain.ended & ~chain.quiet
        self._held_s, self.is_overdue, self._lost = (
            self.standing.held_s, self.standing.is_overdue, self.standing.lost,
        )  # fmt: skip
        self._lanes: dict[str, tuple[list[str], Integers]] = {}
        self._clocks = {
            (consignment, clock.due_s): clock.id
            for consignment, clocks in chain.obstacles.clocks.items()
            for clock in clocks
        }

    def picked(self, wanted: Wanted) -> Integers:
        """The consignments that fit, held longest first, then by reference."""
        chosen = np.flatnonzero(self.is_on & self._fits(wanted))
        since = self.standing.since[chosen]
        order = np.lexsort((chosen, np.where(since == UNKNOWN, NEVER, since)))
        return chosen[order]

    def lanes_of(self, by: str) -> tuple[list[str], Integers]:
        """The codes of all lanes of an arrangement, and the number of each consignment's lane; (n,)."""
        if by not in self._lanes:
            self._lanes[by] = self._arranged(by)
        return self._lanes[by]

    def _arranged(self, by: str) -> tuple[list[str], Integers]:
        if by == "link":
            return [*self.chain.setting.codes, ""], self.standing.holding % (len(self.chain.setting.codes) + 1)
        if by == "holder":
            holders = [*self.standing.facts.holders, ""]
            return holders, self.standing.holder % len(holders)
        codes = self.chain.consignments.crossings
        listed = sorted(set(codes), key=lambda code: (not code, code))
        places = {code: number for number, code in enumerate(listed)}
        return listed, np.array([places[code] for code in codes], dtype=np.int64)

    def rows(self, numbers: Sequence[int], by: str = "link") -> list[ChainRow]:
        """These consignments as the board shows them."""
        codes, lanes = self.lanes_of(by)
        return [self._row(number, codes[lanes[number]]) for number in numbers]

    def party(self, holder: str) -> Party:
        """A holder of the chain in words."""
        room, _colon, role = holder.partition(":")
        known = self.words.rooms.get(UUID(room)) if room else None
        return Party(known.names if known else {}, named(self.words.roles, role) if role else "")

    def resource(self, code: str) -> Names | str:
        """What is closed, in words: a crossing, an impediment by its title, or whatever a desk calls it."""
        if code.startswith(CROSSING):
            return named(self.words.places, code.removeprefix(CROSSING))
        if code.startswith(IMPEDIMENT):
            return self._titles.get(code.removeprefix(IMPEDIMENT), "")
        if code.startswith(ROUTE):
            return named(self.chain.routes, code.removeprefix(ROUTE).removeprefix(":"))
        return code

    @cached_property
    def _titles(self) -> dict[str, str]:
        listed = self.chain.obstacles.impediments.values()
        return {str(one.pk): one.title for impediments in listed for one in impediments}

    def _fits(self, wanted: Wanted) -> Mask:
        size = len(self.chain.consignments)
        fits = np.ones(size, dtype=np.bool_)
        if wanted.link:
            codes = self.chain.setting.codes
            fits &= self.standing.holding == (codes.index(wanted.link) if wanted.link in codes else len(codes))
        if wanted.holder:
            fits &= self._of_room(wanted.holder)
        if wanted.state:
            at = (self.standing.holding, np.arange(size))
            fits &= self.standing.readiness[at] == READINESS.index(wanted.state)
        if wanted.overdue:
            fits &= self.is_overdue
        found, impeded = self.chain.consignments, self.chain.obstacles.impediments
        if wanted.crossing:
            fits &= np.array([code == wanted.crossing for code in found.crossings], dtype=np.bool_)
        if wanted.sought:
            fits &= np.array(_holding(found.references, wanted.sought), dtype=np.bool_)
        if wanted.impeded:
            fits &= np.array([one in impeded for one in found.ids.listed], dtype=np.bool_)
        if wanted.lane is not None:
            codes_of, lanes = self.lanes_of(wanted.by)
            fits &= lanes == (codes_of.index(wanted.lane) if wanted.lane in codes_of else len(codes_of))
        return fits

    def _of_room(self, slug: str) -> Mask:
        ids = {str(room_id) for room_id, room in self.words.rooms.items() if room.slug == slug}
        holders = self.standing.facts.holders
        mine = np.array([holder.partition(":")[0] in ids for holder in holders] + [False], dtype=np.bool_)
        return mine[self.standing.holder]

    def _row(self, number: int, lane: str) -> ChainRow:
        standing, found, told = self.standing, self.chain.consignments, self.chain.told
        place = int(standing.holding[number])
        state = READINESS[standing.readiness[place, number]] if place != NONE else "through"
        if self.chain.ended[number]:
            place, state = NONE, max(_ended(told.ended[number]).items(), key=lambda item: item[1])[0]
        code = self.chain.setting.codes[place] if place != NONE else ""
        holders = standing.facts.holders
        holder = int(standing.holder[number]) if place != NONE else -1
        shut = int(standing.closed_by[place, number]) if state == "closed" else NONE
        due, per_day = int(standing.deadline[number]), int(found.per_day[number])
        since = int(standing.since[number])
        return ChainRow(
            id=found.ids[number], reference=found.references[number], lane=lane, link_code=code,
            link=named(self.words.links, code) if code else "", state=state,
            holder=self.party(holders[holder] if holder >= 0 else ""), since=moment(since),
            held=timedelta(seconds=int(self._held_s[number])), deadline=moment(due),
            clock=self._clocks.get((found.ids[number], due)), is_overdue=bool(self.is_overdue[number]),
            per_day=amount(per_day) if per_day else None, lost=amount(int(self._lost[number])) if per_day else None,
            crossing=named(self.words.places, found.crossings[number]) if found.crossings[number] else "",
            closed=self.resource(standing.facts.resources[shut]) if shut != NONE else "",
            impediments=tuple(self.chain.obstacles.impediments.get(found.ids[number], ())),
            units=int(told.units[number]), through=int(told.through[place, number]) if place != NONE else 0,
            ended=int(told.ended[number][1:].sum()),
        )  # fmt: skip


def board(view: View, wanted: Wanted, most: int) -> Board:
    """Every lane with its totals and its first rows: of many lanes fewer each, so that no page grows without end."""
    chosen = view.picked(wanted)
    found = _by_lane(view, wanted.by, chosen)
    filled = sum(1 for _code, numbers in found if numbers.size)
    each = min(most, max(1, ROWS_AT_MOST // max(filled, 1)))
    lanes, left = [], ROWS_AT_MOST
    for code, numbers in found:
        lanes.append(_lane(view, wanted.by, code, numbers, min(each, left)))
        left -= len(lanes[-1].rows)
    standing, chain = view.standing, view.chain
    outcome = chain.told.ended.argmax(axis=1)
    here = ~chain.quiet
    return Board(
        wanted=wanted, lanes=tuple(lanes), total=int(chosen.size), overdue=int(view.is_overdue[chosen].sum()),
        per_day=amount(int(standing.lost_per_day[chosen].sum())),
        through=int(((standing.holding == NONE) & ~chain.ended & here).sum()),
        ended={name: int((chain.ended & here & (outcome == n)).sum()) for n, name in enumerate(OUTCOMES) if name},
        quiet=int((chain.quiet & (standing.holding != NONE) & ~chain.ended).sum()),
        unit=named(view.words.units, chain.setting.unit), now=chain.now,
    )  # fmt: skip


def _by_lane(view: View, by: str, chosen: Integers) -> list[tuple[str, Integers]]:
    """The consignments of each lane: links in their order, holders by what waits; no empty lane but a link."""
    codes, lanes = view.lanes_of(by)
    of_lane = lanes[chosen]
    order = np.argsort(of_lane, kind="stable")
    starts = np.searchsorted(of_lane[order], np.arange(len(codes) + 1))
    found = [(code, chosen[order[starts[n] : starts[n + 1]]]) for n, code in enumerate(codes)]
    shown = [(code, numbers) for code, numbers in found if numbers.size or (by == "link" and code)]
    if by == "holder":
        shown.sort(key=lambda one: (-int(view.standing.lost_per_day[one[1]].sum()), -one[1].size))
    return shown


def _lane(view: View, by: str, code: str, numbers: Integers, most: int) -> Lane:
    standing = view.standing
    since = standing.since[numbers]
    known = since[since != UNKNOWN]
    return Lane(
        code, _lane_names(view, by, code), int(numbers.size), int(view.is_overdue[numbers].sum()),
        amount(int(standing.lost_per_day[numbers].sum())), moment(int(known.min())) if known.size else None,
        tuple(view.rows(numbers[:most].tolist(), by)),
    )  # fmt: skip


def _lane_names(view: View, by: str, code: str) -> Names | str | Party:
    if by == "holder":
        return view.party(code)
    return named(view.words.links if by == "link" else view.words.places, code)


def _ended(row: Any) -> dict[str, int]:
    return dict(zip(OUTCOMES[1:], row[1:].tolist(), strict=True))


def _holding(texts: list[str], sought: str) -> list[bool]:
    folded = sought.casefold()
    return [folded in text.casefold() for text in texts]


def moment(at: int) -> datetime | None:
    """A moment of the chain; None where none is known."""
    return None if at in (UNKNOWN, NEVER) else datetime.fromtimestamp(at, UTC)


def amount(micro: int) -> Decimal:
    """Units, without decimals that say nothing."""
    found = Decimal(micro) / MICRO
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.quantize(Decimal("0.1"))
