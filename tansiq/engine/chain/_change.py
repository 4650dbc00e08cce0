"""What a change touches: the consignments to be worked out anew, and which of them turned."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.chain._facts import NEVER, Facts, Integers
from tansiq.engine.chain._stand import IS_BLOCKED, IS_DONE, IS_READY, Standing, stand


@dataclass(frozen=True, eq=False)
class Turn:
    """How the chain stands after a change, and for whom it turned."""

    standing: Standing
    touched: Integers  # consignments that were worked out anew, ascending
    turned: Integers  # of them, those for which some link stands otherwise than before, ascending
    stopped: Integers  # of them, those at which a link that was done or ready no longer is, ascending


def resting_on(facts: Facts, resources: Integers) -> Integers:
    """Give the consignments of which some link rests on any of these resources, ascending."""
    wanted = np.zeros(len(facts.resources), dtype=np.bool_)
    wanted[resources] = True
    return np.unique(facts.rest_consignment[wanted[facts.rest_resource]])


def falling_due(facts: Facts, after: int, until: int) -> Integers:
    """Give the consignments for which a deadline or a validity ends in a span of time, ascending.

    after, until : int        s since 1970 UTC; the span begins behind the first and includes the second
    """
    is_due = (facts.deadline > after) & (facts.deadline <= until)
    is_due |= (facts.valid_until > after) & (facts.valid_until <= until)
    ends = np.logical_or.reduce(is_due, axis=0)
    shut = np.flatnonzero((facts.open_until > after) & (facts.open_until <= until))
    ends[resting_on(facts, shut)] = True
    return np.flatnonzero(ends)


def next_due(facts: Facts, after: int) -> int:
    """Give the next moment at which anything ends by itself; NEVER where nothing does."""
    times = [column[column > after] for column in (facts.deadline, facts.valid_until, facts.open_until)]
    return int(min((column.min() for column in times if column.size), default=NEVER))


def advance(standing: Standing, now: int) -> Turn:
    """Let time pass: only consignments for which something ends on the way are worked out anew.

    Raises : ValueError       the moment lies before that of the standing
    """
    if now < standing.now:
        raise ValueError("time does not run backwards")
    return renew(replace(standing, now=now), standing.facts, falling_due(standing.facts, standing.now, now))


def renew(standing: Standing, facts: Facts, touched: Integers) -> Turn:
    """Work some consignments out anew, from changed facts, at the standing's own moment.

    facts : Facts             of the same consignments, links and resources; they differ only where `touched` says
    touched : (k,) int        numbers of the consignments concerned: see resting_on
    Raises : ValueError       the facts are of other consignments, links or resources
    """
    known = standing.facts
    if (facts.consignments, facts.links, facts.resources) != (known.consignments, known.links, known.resources):
        raise ValueError("the facts are of other consignments, links or resources")
    picked = np.unique(touched).astype(np.int64)
    part = stand(facts.of(picked), standing.now)
    before, after = standing.readiness[:, picked], part.readiness
    turned = (before != after).any(axis=0)
    went = (before >= IS_DONE) & (before <= IS_READY)
    stopped = (went & (after >= IS_BLOCKED)).any(axis=0)
    changed = {
        name: _placed(getattr(standing, name), getattr(part, name), picked)
        for name in ("readiness", "blocked_by", "closed_by", "holds", "holding", "holder", "since", "deadline")
    }
    lost = _placed(standing.lost_per_day, part.lost_per_day, picked)
    renewed = Standing(facts=facts, now=standing.now, lost_per_day=lost, **changed)
    return Turn(renewed, picked, picked[turned], picked[stopped])


def _placed(whole: NDArray[Any], part: NDArray[Any], picked: Integers) -> NDArray[Any]:
    changed = whole.copy()
    changed[..., picked] = part
    return changed
