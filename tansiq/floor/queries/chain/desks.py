"""The desks that know something about links: one line each; their facts are taken as they state them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from tansiq.desks.crossings.queries import links as slots
from tansiq.desks.distribution.queries import links as delivery
from tansiq.desks.requests.queries import links as items
from tansiq.engine.chain import Fact

LinksOf = Callable[[Sequence[UUID], datetime], list[Fact]]

DESKS: tuple[LinksOf, ...] = (items.links_of, slots.links_of, delivery.links_of)


def told_by_desks(ids: Sequence[UUID], now: datetime) -> list[Fact]:
    """What every desk says of the links of these consignments; of a link that two speak of, the later desk's word."""
    return [fact for links_of in DESKS for fact in links_of(ids, now)]
