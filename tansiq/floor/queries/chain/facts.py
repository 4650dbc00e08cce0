"""The facts of all links as columns, from events, desks, clocks, impediments and crossings; and how they stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.reference import rooms_of
from tansiq.engine.chain import NEVER, NOBODY, STATES, Fact, Facts, Resource, Standing, stand
from tansiq.floor.queries.chain.consignments import Consignments, consignments_heard_of, consignments_named
from tansiq.floor.queries.chain.desks import route_names, told_by_desks
from tansiq.floor.queries.chain.events import DONE, WAITING, Told, told_by_events
from tansiq.floor.queries.chain.obstacles import CROSSING, IMPEDIMENT, Obstacles, obstacles, seconds
from tansiq.floor.queries.chain.setting import Setting, chain_setting

Integers = NDArray[np.int64]
NOT_NEEDED = STATES.index("not_needed")


@dataclass(frozen=True, eq=False)
class Chain:
    """The consignments that a room may read, and how each link of theirs stands at a moment."""

    setting: Setting
    consignments: Consignments
    told: Told
    obstacles: Obstacles
    standing: Standing
    routes: dict[str, dict[str, str]]  # names by code
    now: datetime

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Whether all that carried a consignment has left the chain on the way; (n,)."""
        return (self.told.units == 0) & (self.told.ended.sum(axis=1) > 0)

    @property
    def quiet(self) -> NDArray[np.bool_]:
        """Whether nothing was heard of a consignment for so long that it stands aside; (n,)."""
        return self.told.heard_at < seconds(self.now - self.setting.quiet_after)


@dataclass(eq=False)
class _Columns:
    """The columns while they are filled, and the table of holders."""

    state: NDArray[np.int8]
    since: Integers
    holder: Integers
    deadline: Integers
    valid_until: Integers
    holders: dict[str, int] = field(default_factory=dict)
    rests: list[tuple[int, int, str]] = field(default_factory=list)  # consignment, link, code of the resource

    def number(self, holder: str) -> int:
        """The number of a holder in the table; it enters where it is new."""
        return self.holders.setdefault(holder, len(self.holders)) if holder else NOBODY


def live_chain(by: Actor) -> Chain | None:
    """Everything of which something was heard lately; None where the operation states no chain."""
    setting = chain_setting(by.operation_id)
    if setting is None:
        return None
    now = database_now()
    found = consignments_heard_of(setting, rooms_of(by.operation_id), now - setting.quiet_after)
    return _chain(by, setting, found, now)


def chain_of(by: Actor, ids: list[UUID]) -> Chain | None:
    """The same of some consignments alone, whenever anything was heard of them; hidden ones are not there."""
    setting = chain_setting(by.operation_id)
    if setting is None:
        return None
    found = consignments_named(setting, rooms_of(by.operation_id), ids)
    return _chain(by, setting, found, database_now(), only=found.ids.listed)


def _chain(
    by: Actor, setting: Setting, found: Consignments, now: datetime, only: Collection[UUID] | None = None
) -> Chain:
    told, bearing = told_by_events(setting, found), obstacles(by, now, only)
    facts = facts_from(setting, found, told, bearing, told_by_desks(found.ids.listed, now))
    return Chain(setting, found, told, bearing, stand(facts, seconds(now)), route_names(by.operation_id), now)


def facts_from(setting: Setting, found: Consignments, told: Told, bearing: Obstacles, stated: Iterable[Fact]) -> Facts:
    """Put together what events, desks, clocks and impediments say; the more particular word goes before."""
    columns = _begin(setting, found, told)
    places = found.ids.places
    _write_clocks(columns, setting, found, bearing)
    resources = {one.code: one for one in bearing.resources}
    for fact in stated:
        _write(columns, setting.links.number(fact.link), places[fact.consignment.replace("-", "")], fact)
        resources |= {code: Resource(code) for code in fact.rests_on if code not in resources}
    _rest(columns, setting, found, bearing, set(resources))
    for one in resources.values():
        columns.number(one.holder)
    codes = {code: number for number, code in enumerate(resources)}
    resting = np.array(
        sorted({(number, place, codes[code]) for number, place, code in columns.rests}), dtype=np.int64
    ).reshape(-1, 3)
    listed = list(resources.values())
    return Facts(
        links=setting.links, consignments=found.ids.codes, holders=tuple(columns.holders), resources=tuple(resources),
        state=columns.state, since=columns.since, holder=columns.holder, deadline=columns.deadline,
        valid_until=columns.valid_until, per_day=found.per_day,
        is_open=np.array([one.is_open for one in listed], dtype=np.bool_),
        open_since=np.array([one.since for one in listed], dtype=np.int64),
        open_until=np.array([one.valid_until for one in listed], dtype=np.int64),
        keeper=np.array([columns.number(one.holder) for one in listed], dtype=np.int64),
        rest_consignment=resting[:, 0], rest_link=resting[:, 1], rest_resource=resting[:, 2],
    )  # fmt: skip


def _begin(setting: Setting, found: Consignments, told: Told) -> _Columns:
    """What events say; a link of which nothing is known waits, or is not needed, as the operation states."""
    shape = told.state.shape
    columns = _Columns(
        told.state.copy(), told.since.copy(), np.full(shape, NOBODY, dtype=np.int64),
        np.full(shape, NEVER, dtype=np.int64), np.full(shape, NEVER, dtype=np.int64),
    )  # fmt: skip
    owners = sorted(set(found.rooms.codes))
    index = {room: number for number, room in enumerate(owners)}
    of_room = np.array([index[room] for room in found.rooms.codes], dtype=np.int64)
    for place, link in enumerate(setting.stated):
        if link.unknown == "not_needed":
            columns.state[place][~told.is_told[place]] = NOT_NEEDED
        holders = np.array([columns.number(setting.holder(place, UUID(hex=room))) for room in owners], dtype=np.int64)
        if owners:
            columns.holder[place] = holders[of_room]
    return columns


def _write_clocks(columns: _Columns, setting: Setting, found: Consignments, bearing: Obstacles) -> None:
    """A clock on a consignment is the deadline of the link that its kind belongs to, and its holder holds that link."""
    link_of = {kind: place for place, link in enumerate(setting.stated) for kind in link.clocks}
    for consignment, clocks in bearing.clocks.items():
        number = found.ids.number(consignment)
        for clock in reversed(clocks):  # the earliest deadline is written last
            place = link_of.get(clock.kind)
            if number is None or place is None or columns.state[place, number] == DONE:
                continue
            if columns.state[place, number] == NOT_NEEDED:
                columns.state[place, number] = WAITING
            columns.deadline[place, number] = clock.due_s
            columns.holder[place, number] = columns.number(clock.holder)


def _write(columns: _Columns, place: int, number: int, fact: Fact) -> None:
    """A desk's word on a link; that it still waits is no news where an event says that it is done."""
    if fact.state == "waiting" and columns.state[place, number] == DONE:
        return
    columns.state[place, number] = STATES.index(fact.state)
    columns.since[place, number] = (
        max(fact.since, columns.since[place, number]) if fact.state == "waiting" else fact.since
    )
    if fact.holder:
        columns.holder[place, number] = columns.number(fact.holder)
    if fact.deadline != NEVER:
        columns.deadline[place, number] = fact.deadline
    columns.valid_until[place, number] = fact.valid_until
    columns.rests += [(number, place, code) for code in fact.rests_on]


def _rest(columns: _Columns, setting: Setting, found: Consignments, bearing: Obstacles, known: set[str]) -> None:
    """Let what is not done yet rest on the crossing, and on the impediments that are said to hold it."""
    gates = [place for place, link in enumerate(setting.stated) if link.crossing]
    for place in gates:
        for number in np.flatnonzero(columns.state[place] == WAITING).tolist():
            code = CROSSING + found.crossings[number]
            if code in known:
                columns.rests.append((number, place, code))
    for consignment, impediments in bearing.impediments.items():
        if (number := found.ids.number(consignment)) is None:
            continue
        for one in impediments:
            for place in (setting.codes.index(code) for code in one.chain_links if code in setting.codes):
                if columns.state[place, number] in (WAITING, NOT_NEEDED):
                    columns.state[place, number] = WAITING
                    columns.rests.append((number, place, f"{IMPEDIMENT}{one.pk}"))
