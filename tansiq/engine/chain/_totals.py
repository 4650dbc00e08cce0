"""Over all consignments: how many each link, holder and closed resource holds, and what that costs a day."""

from dataclasses import dataclass

import numpy as np

from tansiq.engine.chain._facts import UNKNOWN, Integers
from tansiq.engine.chain._stand import IS_CLOSED, NONE, Standing


@dataclass(frozen=True, eq=False)
class Held:
    """Totals by link, holder and resource; columns (g,), those that lose most first."""

    link: Integers  # number of the holding link
    holder: Integers  # index into the facts' holders; NOBODY
    resource: Integers  # the closed resource; NONE where it is not a closing that holds
    consignments: Integers  # how many are held
    overdue: Integers  # of them, past their deadline
    per_day: Integers  # millionths of a unit lost per day
    oldest: Integers  # s since 1970 UTC: since when the one held longest is held; UNKNOWN


def held(standing: Standing) -> Held:
    """Add up what is held, by whom, at which link; consignments that are through are left out."""
    places = np.flatnonzero(standing.holding != NONE)
    link, holder = standing.holding[places], standing.holder[places]
    is_closed = standing.readiness[link, places] == IS_CLOSED
    resource = np.where(is_closed, standing.closed_by[link, places], NONE)
    order = np.lexsort((resource, holder, link))
    keys = np.stack((link, holder, resource))[:, order]
    first = np.ones(order.size, dtype=np.bool_)
    first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    starts = np.flatnonzero(first)
    if not starts.size:
        nothing = np.empty(0, dtype=np.int64)
        return Held(nothing, nothing, nothing, nothing, nothing, nothing, nothing)
    ordered = places[order]
    since = standing.since[ordered]
    known = np.where(since == UNKNOWN, np.iinfo(np.int64).max, since)
    oldest = np.minimum.reduceat(known, starts)
    per_day = np.add.reduceat(standing.lost_per_day[ordered], starts)
    ranked = np.argsort(-per_day, kind="stable")
    return Held(
        link=keys[0, starts][ranked],
        holder=keys[1, starts][ranked],
        resource=keys[2, starts][ranked],
        consignments=np.diff(np.append(starts, ordered.size))[ranked],
        overdue=np.add.reduceat(standing.is_overdue[ordered].astype(np.int64), starts)[ranked],
        per_day=per_day[ranked],
        oldest=np.where(oldest == np.iinfo(np.int64).max, UNKNOWN, oldest)[ranked],
    )
