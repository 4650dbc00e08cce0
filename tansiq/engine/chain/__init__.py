"""The chain from coordination to confirmation: what is ready, what holds each consignment, who holds it, since when."""

from tansiq.engine.chain._change import Turn, advance, falling_due, next_due, renew, resting_on
from tansiq.engine.chain._facts import NEVER, NOBODY, STATES, UNKNOWN, Fact, Facts, Load, Resource, facts_of
from tansiq.engine.chain._links import Link, Links, links_of
from tansiq.engine.chain._stand import NONE, READINESS, Standing, stand
from tansiq.engine.chain._totals import Held, held
from tansiq.engine.chain._why import Explanation, Reason, why

__all__ = [
    "NEVER",
    "NOBODY",
    "NONE",
    "READINESS",
    "STATES",
    "UNKNOWN",
    "Explanation",
    "Fact",
    "Facts",
    "Held",
    "Link",
    "Links",
    "Load",
    "Reason",
    "Resource",
    "Standing",
    "Turn",
    "advance",
    "facts_of",
    "falling_due",
    "held",
    "links_of",
    "next_due",
    "renew",
    "resting_on",
    "stand",
    "why",
]
