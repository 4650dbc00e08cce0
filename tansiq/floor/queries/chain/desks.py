"""The desks that know something about links: one line each; their facts are taken as they state them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.coordination.models import Term, TermKind
from tansiq.desks.coordination.queries import links as coordination
from tansiq.desks.crossings.queries import links as slots
from tansiq.desks.distribution.queries import links as delivery
from tansiq.desks.requests.queries import links as items
from tansiq.desks.transport.queries import links as scans
from tansiq.engine.chain import Fact, Resource

LinksOf = Callable[[Sequence[UUID], datetime], list[Fact]]

DESKS: tuple[LinksOf, ...] = (
    coordination.links_of,
    items.links_of,
    slots.links_of,
    scans.links_of,
    delivery.links_of,
)


def told_by_desks(ids: Sequence[UUID], now: datetime) -> list[Fact]:
    """What every desk says of the links of these consignments; of a link that two speak of, the later desk's word.

    That a desk was asked nothing is no fact: a clock or an event may know better; without one the link's rule holds.
    """
    return [fact for links_of in DESKS for fact in links_of(ids, now) if fact.state != "not_needed"]


def route_names(operation_id: UUID) -> dict[str, dict[str, str]]:
    """What the operation calls its routes, by code."""
    rows = Term.objects.filter(operation=operation_id, kind=TermKind.ROUTE)
    return dict(rows.values_list("code", "names"))


def resources_of_desks(by: Actor, now: datetime) -> list[Resource]:
    """What links of many consignments rest on, as the desks that keep it know it: routes and crossings."""
    return [*coordination.resources_of(now), *slots.crossing_resources(by)]
