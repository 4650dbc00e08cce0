"""What aid events say of the links: for each consignment and link, from the units that carry it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.chain import STATES
from tansiq.floor.queries.chain.columns import numbers, read_columns
from tansiq.floor.queries.chain.consignments import Consignments
from tansiq.floor.queries.chain.setting import OUTCOMES, Setting

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
WAITING, DONE, REFUSED = (STATES.index(name) for name in ("waiting", "done", "refused"))
LATEST, EARLIEST = 0, int(np.iinfo(np.int64).max)

ROWS = """
with meaning (stage, rank) as (select * from unnest(%(stages)s::text[], %(ranks)s::bigint[])),
replaced as (
    select corrects_id from aid_aidevent where room_id = any(%(rooms)s) and corrects_id is not null)
select array_agg(w.n - 1), array_agg(coalesce(uuid_hash_extended(e.handling_unit_id, 0), 0)),
       array_agg((extract(epoch from e.occurred_at)::bigint << 20) | (least(e.attempt, 1023)::bigint << 10) | m.rank)
  from unnest(%(ids)s::uuid[], %(rooms)s::uuid[]) with ordinality w (id, room_id, n)
  join aid_aidevent e on e.room_id = w.room_id and e.consignment_id = w.id
  join meaning m on m.stage = e.stage
 where not e.withdrawn and e.repeats_id is null and e.id not in (select corrects_id from replaced)
"""
"""One row in three columns: number of the consignment; its unit, 0 for none; time, attempt and stage, packed."""
BARE = 0


@dataclass(frozen=True, eq=False)
class Told:
    """What events say: by link and consignment (m, n), and of each consignment (n,)."""

    state: NDArray[np.int8]  # index into engine.chain.STATES
    since: Integers  # s since 1970 UTC
    is_told: Mask  # whether any event speaks of the link
    through: Integers  # units that have passed the link
    units: Integers  # (n,) units that go on, the consignment itself where it has none
    ended: Integers  # (n, outcomes) units that left the chain, by how
    heard_at: Integers  # (n,) s since 1970 UTC; the registration where nothing has happened
    begun_at: Integers  # (n,) the registration, or the first event where that was earlier


@dataclass(frozen=True, eq=False)
class _Units:
    """Handling units as columns: whose they are, and when each reached what."""

    number: Integers  # of the consignment
    bare: Mask  # what is said of the consignment itself, not of a unit
    latest: Integers  # (time, attempt, rank of the stage) of the latest event, packed
    earliest: Integers
    times: dict[str, Integers]  # "done_4" → s since 1970 UTC; 0: never

    def of(self, picked: Mask) -> "_Units":
        times = {name: column[picked] for name, column in self.times.items()}
        return _Units(self.number[picked], self.bare[picked], self.latest[picked], self.earliest[picked], times)


def told_by_events(setting: Setting, found: Consignments) -> Told:
    """What events say of every link of these consignments, in one query.

    A correction stands for what it corrects, a repeated scan counts once, and what a unit did before it was refused
    counts no more for that link and those behind it. A link is done when it is done for all units that still carry
    the consignment, or for the consignment itself.
    """
    size = len(found)
    units = _read_units(setting, found)
    paper, carried = _split(units, size)
    rank = carried.latest & 1023
    outcome = setting.outcomes[rank]
    moving = (outcome == 0) & ~_carried_on(setting, carried, rank, size)
    ended = np.stack([np.bincount(carried.number[outcome == kind], minlength=size) for kind in range(len(OUTCOMES))], 1)
    heard = found.registered.copy()
    first = found.registered.copy()
    if units.number.size:
        latest = np.zeros(size, dtype=np.int64)
        np.maximum.at(latest, units.number, units.latest >> 20)
        heard = np.where(latest > 0, latest, heard)
        np.minimum.at(first, units.number, units.earliest)
    told = Told(
        state=np.full((len(setting.stated), size), WAITING, dtype=np.int8),
        since=np.repeat(first[None, :], len(setting.stated), axis=0),
        is_told=np.zeros((len(setting.stated), size), dtype=np.bool_),
        through=np.zeros((len(setting.stated), size), dtype=np.int64),
        units=np.bincount(carried.number[moving], minlength=size),
        ended=ended,
        heard_at=heard,
        begun_at=first,
    )
    refused = setting.refused[rank]
    going, stopped = carried.of(moving), refused[moving]
    for place in setting.told_by_events:
        _tell(told, place, going, paper, stopped == place, is_presumed=setting.stated[place].unknown == "waiting")
    return told


def _tell(told: Told, place: int, going: _Units, paper: _Units, stopped: Mask, *, is_presumed: bool) -> None:
    """Write what the units that go on, and the papers, say of one link."""
    size = told.units.size
    done, on_paper = (_done(units, place, is_presumed=is_presumed) for units in (going, paper))
    begun = going.times[f"begun_{place}"]
    passed = np.bincount(going.number[done > 0], minlength=size)
    told.through[place] = passed
    state, since = told.state[place], told.since[place]
    waits = (begun > 0) & (done == 0)
    early = np.full(size, EARLIEST, dtype=np.int64)
    np.minimum.at(early, going.number[waits], begun[waits])
    np.minimum.at(early, paper.number[paper.times[f"begun_{place}"] > 0], _positive(paper.times[f"begun_{place}"]))
    np.copyto(since, early, where=early < EARLIEST)
    late = _latest(going.number[stopped], going.latest[stopped] >> 20, size)
    state[late > LATEST] = REFUSED
    np.copyto(since, late, where=late > LATEST)
    reached = _latest(going.number, done, size)
    is_done = (told.units > 0) & (passed == told.units)
    signed = _latest(paper.number, on_paper, size)
    is_done |= signed > 0
    state[is_done] = DONE
    np.copyto(since, np.maximum(reached, signed), where=is_done)
    told.is_told[place] = is_done | (early < EARLIEST) | (late > LATEST) | (passed > 0)


def _done(units: _Units, place: int, *, is_presumed: bool) -> Integers:
    """When each passed the link; of a link that nobody can pass unseen, what lies behind it says so as well."""
    said = units.times[f"done_{place}"]
    return np.where(said > 0, said, units.times[f"implied_{place}"]) if is_presumed else said


def _positive(column: Integers) -> Integers:
    return column[column > 0]


def _latest(number: Integers, at: Integers, size: int) -> Integers:
    found = np.full(size, LATEST, dtype=np.int64)
    np.maximum.at(found, number, at)
    return found


def _split(units: _Units, size: int) -> tuple[_Units, _Units]:
    """What is said beside the units, and what is said of units; a consignment without units is its own unit."""
    has_units = np.bincount(units.number[~units.bare], minlength=size) > 0
    is_paper = units.bare & has_units[units.number] if units.number.size else units.bare
    return units.of(is_paper), units.of(~is_paper)


def _carried_on(setting: Setting, units: _Units, rank: Integers, size: int) -> Mask:
    """Which units stand where their load was handed over, while another unit of the consignment has come further."""
    hands_over = setting.handed_over[rank]
    furthest = np.zeros(size, dtype=np.int64)
    np.maximum.at(furthest, units.number, rank)
    return hands_over & (rank < furthest[units.number])


def _read_units(setting: Setting, found: Consignments) -> _Units:
    """Read the rows, and gather what they say of each unit of each consignment."""
    number, unit, packed = (numbers(column) for column in read_columns(ROWS, _params(setting, found)))
    order = np.lexsort((unit, number))
    number, unit, packed = number[order], unit[order], packed[order]
    is_first = np.ones(number.size, dtype=np.bool_)
    is_first[1:] = (number[1:] != number[:-1]) | (unit[1:] != unit[:-1])
    starts = np.flatnonzero(is_first)
    if not starts.size:
        nothing = np.empty(0, dtype=np.int64)
        names = (f"{what}_{place}" for what in setting.meanings for place in setting.told_by_events)
        return _Units(nothing, nothing.astype(np.bool_), nothing, nothing, dict.fromkeys(names, nothing))
    at, rank = packed >> 20, packed & 1023
    stands = _standing(setting, (at, (packed >> 10) & 1023, rank), starts)
    times = {
        f"{what}_{place}": _first(at, starts, (meant[rank] & stands & (1 << place)) != 0)
        for what, meant in setting.meanings.items()
        for place in setting.told_by_events
    }
    earliest = np.minimum.reduceat(at, starts)
    return _Units(number[starts], unit[starts] == BARE, np.maximum.reduceat(packed, starts), earliest, times)


def _standing(setting: Setting, row: tuple[Integers, Integers, Integers], starts: Integers) -> Integers:
    """The links of which each event still counts, as bits: a refusal takes back its link and all behind it."""
    at, attempt, rank = row
    refused = setting.refused[rank]
    packed = np.where(refused >= 0, (at << 16) | (attempt << 6) | np.maximum(refused, 0), 0)
    last = np.repeat(np.maximum.reduceat(packed, starts), np.diff(np.append(starts, at.size)))
    is_after = (at > last >> 16) | (attempt > (last >> 6) & 1023)
    return np.where((last == 0) | is_after, -1, (1 << (last & 63)) - 1)


def _first(at: Integers, starts: Integers, counts: Mask) -> Integers:
    """The earliest time of each unit among the rows that count; 0 where none does."""
    found = np.minimum.reduceat(np.where(counts, at, EARLIEST), starts)
    return np.where(found == EARLIEST, 0, found)


def _params(setting: Setting, found: Consignments) -> dict[str, Any]:
    codes = [stage.code for stage in setting.stages]
    return {
        "ids": found.ids, "rooms": found.rooms, "stages": codes, "ranks": list(range(len(codes))),
    }  # fmt: skip
