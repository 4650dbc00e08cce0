"""What this desk knows of a link of the chain: whether the items of a consignment are cleared, by whom, since when."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models.expressions import RawSQL

from tansiq.desks.requests.models import Clearance, ConsignedLine, Outcome
from tansiq.desks.requests.queries.standing import Standing, standings
from tansiq.desks.requests.rules import CLOSED, LINK, NO_RESPONSE
from tansiq.engine.chain import NEVER, Fact

WORST_FIRST = ("refused", "no_response", "waiting", "done")


def links_of(consignment_ids: Sequence[UUID], now: datetime) -> list[Fact]:
    """One fact for each consignment, in six queries whatever their number; only of what the reading room may see.

    A consignment that was not made of a request, or of items that nobody has to clear, does not need this link.
    """
    these = RawSQL("select unnest(%s::uuid[])", (list(consignment_ids),))  # thousands of ids as one parameter
    lines: dict[UUID, set[UUID]] = defaultdict(set)
    for consignment, item in ConsignedLine.objects.filter(consignment__in=these).values_list("consignment", "item"):
        lines[consignment].add(item)
    wanted = {item for items in lines.values() for item in items}
    asked: dict[UUID, list[Standing]] = defaultdict(list)
    for one in standings(Clearance.objects.filter(item__in=wanted), now).values():
        asked[one.clearance.item_id].append(one)
    return [
        _fact(consignment, [one for item in lines.get(consignment, ()) for one in asked.get(item, ())])
        for consignment in consignment_ids
    ]


def state_of(one: Standing) -> str:
    """The state of the link as one authority makes it."""
    if one.is_cleared:
        return "done"
    if one.code == NO_RESPONSE:
        return "no_response"
    return "refused" if one.code in (Outcome.REFUSED, CLOSED) else "waiting"


def _fact(consignment: UUID, found: list[Standing]) -> Fact:
    if not found:
        return Fact(str(consignment), LINK, "not_needed")
    worst = min(
        found, key=lambda one: (WORST_FIRST.index(state_of(one)), -one.since.timestamp(), str(one.clearance.pk))
    )
    state, asked = state_of(worst), worst.clearance
    valid = [int(one.latest.valid_until.timestamp()) for one in found if one.latest and one.latest.valid_until]
    return Fact(
        str(consignment), LINK, state, since=int(worst.since.timestamp()),
        holder=f"{asked.authority_id}:{asked.role}",
        deadline=int(worst.due_at.timestamp()) if worst.due_at and state == "waiting" else NEVER,
        valid_until=min(valid) if valid and state == "done" else NEVER,
    )  # fmt: skip
