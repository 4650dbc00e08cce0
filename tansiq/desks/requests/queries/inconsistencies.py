"""The same item decided differently: pairs not yet recorded, and those that are, with both decisions side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room
from tansiq.desks.requests.models import ClearanceDecision, DecisionTerms, Inconsistency, Outcome
from tansiq.desks.requests.queries.operation import Names, Words, named
from tansiq.desks.requests.rules import differ

MOST_COMPARED = 5_000  # decisions of one sweep, the latest
Pair = tuple[ClearanceDecision, ClearanceDecision]


@dataclass(frozen=True)
class Side:
    """One of the two decisions, as the reader may see it."""

    decision: ClearanceDecision
    authority: Names
    asking: Names
    reason: Names | str
    terms: DecisionTerms | None  # None where they are closed to the reader


@dataclass(frozen=True)
class InconsistencyRow:
    """An inconsistency with both decisions side by side."""

    inconsistency: Inconsistency
    commodity: Names | str
    sides: tuple[Side, Side]  # the earlier one, the later one
    owner: Names  # the room that keeps it
    owner_role: Names | str
    is_mine: bool

    @property
    def days(self) -> int:
        """Whole days between the two."""
        return (self.sides[1].decision.decided_at - self.sides[0].decision.decided_at) // timedelta(days=1)


def inconsistencies(by: Actor) -> QuerySet[Inconsistency]:
    """Those of which the reader still reads both decisions, the latest first."""
    seen = Inconsistency.objects.filter(room__operation=by.operation_id)
    both = [Exists(ClearanceDecision.objects.filter(pk=OuterRef(side))) for side in ("earlier", "later")]
    return seen.filter(*both).order_by("-found_at", "-pk")


def rows_of(found: Iterable[Inconsistency], by: Actor, known: Words) -> list[InconsistencyRow]:
    """Each with both its decisions; a fixed number of queries."""
    listed = list(found)
    ids = [pk for one in listed for pk in (one.earlier_id, one.later_id)]
    decisions = ClearanceDecision.objects.in_bulk(ids)
    terms = {one.decision_id: one for one in DecisionTerms.objects.filter(decision__in=ids)}

    def side(pk: UUID) -> Side:
        one = decisions[pk]
        return Side(
            one, known.rooms[one.room_id].names, known.rooms[one.asking_room_id].names,
            named(known.reasons, one.reason), terms.get(pk),
        )  # fmt: skip

    return [
        InconsistencyRow(
            one, named(known.commodities, one.commodity), (side(one.earlier_id), side(one.later_id)),
            known.rooms[one.room_id].names, named(known.roles, one.owner_role), one.room_id == by.room_id,
        )
        for one in listed
    ]  # fmt: skip


def readable_pair(earlier: UUID, later: UUID) -> Pair | None:
    """Both decisions, in the order in which they were taken; None unless the acting room reads both."""
    found = list(ClearanceDecision.objects.filter(pk__in=[earlier, later]).order_by("decided_at", "created_at", "pk"))
    return (found[0], found[1]) if len(found) == 2 else None


def unrecorded_pairs(room: Room, now: datetime, within: timedelta) -> list[Pair]:
    """Decisions that this room reads and that say the opposite of an earlier one on the same item; each with that one.

    It keeps those of which it took both, and, where the two were taken by different rooms, whatever it reads itself.
    Two decisions on the same line are no inconsistency: a decision may be changed, and an appeal won.
    """
    read = ClearanceDecision.objects.filter(decided_at__gte=now - 2 * within, room__operation=room.operation_id)
    rows = read.exclude(outcome=Outcome.INFORMATION).order_by("-decided_at", "-created_at", "-pk")[:MOST_COMPARED]
    by_item: dict[str, list[ClearanceDecision]] = defaultdict(list)
    for one in reversed(list(rows)):
        by_item[one.commodity].append(one)
    known = set(Inconsistency.objects.filter(room=room).values_list("earlier", "later"))
    found = []
    for decisions in by_item.values():
        pairs = (_opposite(at, decisions, within) for at in range(len(decisions)))
        found += [pair for pair in pairs if pair and _is_to_keep(pair, room)]
    return [pair for pair in found if (pair[0].pk, pair[1].pk) not in known]


def _opposite(at: int, decisions: list[ClearanceDecision], within: timedelta) -> Pair | None:
    """The latest decision before this one that says the opposite of it, within the time."""
    later = decisions[at]
    for earlier in reversed(decisions[:at]):
        if later.decided_at - earlier.decided_at > within:
            return None
        if differ(earlier.outcome, later.outcome) and earlier.item_id != later.item_id:
            return earlier, later
    return None


def _is_to_keep(pair: Pair, room: Room) -> bool:
    """Whether it is this room's to keep: the authority's that took both, else of every room that reads both."""
    return pair[0].room_id == room.pk or pair[0].room_id != pair[1].room_id
