"""How every link of every consignment stands at a moment, and which one holds the consignment."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tansiq.engine.chain._facts import (
    DONE,
    INVALID,
    NEVER,
    NO_RESPONSE,
    NOBODY,
    NOT_NEEDED,
    REFUSED,
    UNKNOWN,
    WAITING,
    Codes,
    Facts,
    Integers,
    Mask,
)

READINESS: Final = (
    "not_needed",  # does not apply to this consignment
    "done",
    "overtaken",  # not done, but everything that needs it is
    "ready",  # may start, or goes on: its holder has it
    "blocked",  # waits for a link before it
    "refused",
    "invalid",  # was done and was taken back, or turned out void
    "no_response",  # unanswered at its deadline; never an approval
    "expired",  # was done, and its validity has ended before it was used
    "closed",  # something on which it rests is closed
)
IS_NOT_NEEDED, IS_DONE, IS_OVERTAKEN, IS_READY, IS_BLOCKED = range(5)
IS_REFUSED, IS_INVALID, IS_SILENT, IS_EXPIRED, IS_CLOSED = range(5, 10)
NONE: Final = -1
DAY_S: Final = 86_400


@dataclass(frozen=True, eq=False)
class Standing:
    """The chain at a moment: (m, n) by link and consignment, (n,) by consignment."""

    facts: Facts
    now: int  # s since 1970 UTC
    readiness: Codes  # (m, n) index into READINESS
    blocked_by: Integers  # (m, n) first link that is needed and not cleared; NONE unless blocked
    closed_by: Integers  # (m, n) first closed resource on which the link rests; NONE
    holds: Mask  # (m, n) links that hold the consignment: not cleared, and held up by no other link
    holding: Integers  # (n,) the first of them; NONE where the consignment is through
    holder: Integers  # (n,) index into the facts' holders; NOBODY
    since: Integers  # (n,) s since 1970 UTC: since when it is held; UNKNOWN
    deadline: Integers  # (n,) s since 1970 UTC; NEVER
    lost_per_day: Integers  # (n,) millionths of a unit per day; 0 where the consignment is through

    @property
    def held_s(self) -> Integers:
        """How long each consignment has been held, s; 0 where it is through or since when is not known."""
        is_known = (self.holding != NONE) & (self.since != UNKNOWN)
        return np.where(is_known, np.maximum(self.now - np.where(is_known, self.since, self.now), 0), 0)

    @property
    def is_overdue(self) -> Mask:
        """Whether the deadline of the holding link has passed; (n,)."""
        return self.deadline <= self.now

    @property
    def lost(self) -> Integers:
        """What each consignment has lost so far at the holding link; (n,) millionths, rounded down."""
        days, rest = np.divmod(self.held_s, DAY_S)
        return self.lost_per_day * days + self.lost_per_day // DAY_S * rest + self.lost_per_day % DAY_S * rest // DAY_S


def stand(facts: Facts, now: int) -> Standing:
    """Derive how every link stands and what holds every consignment.

    now : int                 s since 1970 UTC; a deadline or validity that ends at this second has ended
    Returns : Standing
    Source : the chain "coordination, route, distribution" of press reports on the centre's opening, November 2025;
        among all links that are not cleared, those none of whose needs is uncleared (minimal elements of a finite
        partial order, which exist whenever any link is uncleared)
    """
    closed_by = _closed(facts, now)
    readiness, blocked_by, cleared_at = _readiness(facts, now, closed_by)
    holds = (readiness >= IS_REFUSED) | (readiness == IS_READY)
    is_held = np.logical_or.reduce(holds, axis=0)
    first = np.argmax(holds, axis=0)
    at = (first, np.arange(first.size))
    is_closed = is_held & (readiness[at] == IS_CLOSED)
    since, holder = _began(facts, (readiness, cleared_at, closed_by), at), facts.holder[at]
    holder[is_closed] = facts.keeper[closed_by[at][is_closed]]
    return Standing(
        facts=facts,
        now=now,
        readiness=readiness,
        blocked_by=blocked_by,
        closed_by=closed_by,
        holds=holds,
        holding=np.where(is_held, first, NONE).astype(np.int64),
        holder=np.where(is_held, holder, NOBODY),
        since=np.where(is_held, since, UNKNOWN),
        deadline=np.where(is_held & ~is_closed, facts.deadline[at], NEVER),
        lost_per_day=np.where(is_held, facts.per_day, 0),
    )


def _closed(facts: Facts, now: int) -> Integers:
    """Give the first closed resource on which each link rests; (m, n), NONE where none is."""
    is_shut = ~facts.is_open | (facts.open_until <= now)
    found = np.full(facts.state.shape, NONE, dtype=np.int64)
    if is_shut.any():
        found[:] = NEVER
        rows = np.flatnonzero(is_shut[facts.rest_resource])
        np.minimum.at(found, (facts.rest_link[rows], facts.rest_consignment[rows]), facts.rest_resource[rows])
        found[found == NEVER] = NONE
    return found


def _readiness(facts: Facts, now: int, closed_by: Integers) -> tuple[Codes, Integers, Integers]:
    """Go along the links: what each is, what blocks it, and since when it is cleared; (m, n) each."""
    state = facts.state
    used = _used(facts)
    readiness = np.full(state.shape, IS_READY, dtype=np.int8)
    blocked_by = np.full(state.shape, NONE, dtype=np.int64)
    cleared = np.zeros(state.shape, dtype=np.bool_)
    cleared_at = np.full(state.shape, UNKNOWN, dtype=np.int64)
    for number, needs in enumerate(facts.links.needs):
        for need in reversed(needs):
            through = np.where(state[need] == NOT_NEEDED, blocked_by[need], need)
            np.copyto(blocked_by[number], through, where=~cleared[need])
            np.maximum(cleared_at[number], cleared_at[need], out=cleared_at[number])
        is_free = blocked_by[number] == NONE
        _stands(facts, now, number, (readiness[number], closed_by[number] != NONE, is_free, used[number]))
        passed = (readiness[number] == IS_DONE) | (readiness[number] == IS_OVERTAKEN)
        cleared[number] = passed | ((state[number] == NOT_NEEDED) & (is_free | used[number]))
        np.copyto(cleared_at[number], facts.since[number], where=state[number] == DONE)
    blocked_by[readiness != IS_BLOCKED] = NONE
    return readiness, blocked_by, cleared_at


def _stands(facts: Facts, now: int, number: int, known: tuple[Codes, Mask, Mask, Mask]) -> None:
    """Write how one link stands with every consignment; of two answers the one written later counts.

    known : what is written; whether what it rests on is closed, what it needs is cleared, what needs it is done
    """
    found, is_shut, is_free, is_used = known
    state = facts.state[number]
    waits, is_done = state == WAITING, state == DONE
    found[waits & (facts.deadline[number] <= now)] = IS_SILENT
    found[waits & is_shut] = IS_CLOSED
    found[waits & ~is_free] = IS_BLOCKED
    found[is_done] = IS_DONE
    found[is_done & is_shut] = IS_CLOSED
    found[is_done & (facts.valid_until[number] <= now)] = IS_EXPIRED
    for given, derived in ((REFUSED, IS_REFUSED), (INVALID, IS_INVALID), (NO_RESPONSE, IS_SILENT)):
        found[state == given] = derived
    found[is_used] = IS_OVERTAKEN
    found[is_used & is_done] = IS_DONE
    found[state == NOT_NEEDED] = IS_NOT_NEEDED


def _used(facts: Facts) -> Mask:
    """Say of which links everything that needs them is done, so that they can hold nothing up any more; (m, n)."""
    state = facts.state
    used = np.zeros(state.shape, dtype=np.bool_)
    passed = state == DONE
    idle = state == NOT_NEEDED  # neither this link nor anything behind it applies
    for number in reversed(range(len(facts.links))):
        followers = facts.links.followers[number]
        if followers:
            some = np.zeros(state.shape[1], dtype=np.bool_)
            every = np.ones(state.shape[1], dtype=np.bool_)
            for follower in followers:
                some |= passed[follower]
                every &= passed[follower] | idle[follower]
                idle[number] &= idle[follower]
            used[number] = some & every
            passed[number] |= used[number]
    return used


def _began(facts: Facts, derived: tuple[Codes, Integers, Integers], at: tuple[Integers, Integers]) -> Integers:
    """Say since when each holding link holds: since its own state, but not before it could begin; (n,)."""
    readiness, cleared_at, closed_by = derived
    began = facts.since[at]
    found = readiness[at]
    began = np.where(found == IS_EXPIRED, facts.valid_until[at], began)
    shut = np.flatnonzero(found == IS_CLOSED)
    resource = closed_by[at][shut]
    began[shut] = np.where(facts.is_open[resource], facts.open_until[resource], facts.open_since[resource])
    for number, needs in enumerate(facts.links.needs):
        columns = np.flatnonzero(at[0] == number)
        for need in needs:
            began[columns] = np.maximum(began[columns], cleared_at[need, columns])
    return began
