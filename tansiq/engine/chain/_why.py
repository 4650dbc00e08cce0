"""Why a consignment is not moving, as a code and its parameters; the pages make the sentence."""

from dataclasses import dataclass

from tansiq.engine.chain._stand import IS_BLOCKED, IS_CLOSED, NONE, READINESS, Standing


@dataclass(frozen=True, slots=True)
class Reason:
    """What one link that holds a consignment is, and on whom it waits."""

    code: str  # of READINESS: 'ready', 'refused', 'invalid', 'no_response', 'expired', 'closed'
    link: str
    holder: str  # who has to act; empty: nobody does
    resource: str  # what is closed, where the code is 'closed'


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to "why is this not moving?"."""

    consignment: str
    reason: Reason | None  # None: nothing holds it, it is through
    since: int  # s since 1970 UTC; UNKNOWN
    held_s: int  # s
    deadline: int  # s since 1970 UTC; NEVER
    is_overdue: bool
    per_day_micro: int  # lost per day, millionths
    lost_micro: int  # lost so far at this link, millionths
    waiting: tuple[str, ...]  # links that wait behind, in order
    besides: tuple[Reason, ...]  # other links that hold it as well, in order


def why(standing: Standing, consignment: int) -> Explanation:
    """Explain what holds one consignment.

    consignment : int         its number in the standing's facts
    """
    facts, column = standing.facts, standing.readiness[:, consignment]
    reasons = [_reason(standing, link, consignment) for link in standing.holds[:, consignment].nonzero()[0].tolist()]
    return Explanation(
        consignment=facts.consignments[consignment],
        reason=reasons[0] if reasons else None,
        since=int(standing.since[consignment]),
        held_s=int(standing.held_s[consignment]),
        deadline=int(standing.deadline[consignment]),
        is_overdue=bool(standing.is_overdue[consignment]),
        per_day_micro=int(standing.lost_per_day[consignment]),
        lost_micro=int(standing.lost[consignment]),
        waiting=tuple(facts.links.links[link].code for link in (column == IS_BLOCKED).nonzero()[0].tolist()),
        besides=tuple(reasons[1:]),
    )


def _reason(standing: Standing, link: int, consignment: int) -> Reason:
    facts = standing.facts
    code = int(standing.readiness[link, consignment])
    resource = int(standing.closed_by[link, consignment]) if code == IS_CLOSED else NONE
    holder = int(facts.holder[link, consignment] if resource == NONE else facts.keeper[resource])
    return Reason(
        READINESS[code], facts.links.links[link].code, (*facts.holders, "")[holder], (*facts.resources, "")[resource]
    )
