"""What the aid ledger says this room received and what does not lie in its warehouses yet."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import AidEvent, AidMeasure, Consignment
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.models import MovementKind, StockMovement
from tansiq.desks.distribution.queries.settings import Names, Words, settings_or_none

LATEST = timedelta(days=30)  # how far back is looked
MOST, OFFERED = 50, 200
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Receivable:
    """An event of this room that states received goods, and what of them is not in stock yet."""

    event: AidEvent
    stage: Names | str
    reference: str
    goods: tuple[tuple[str, Names | str, Decimal, str, Names | str], ...]  # commodity, its names, amount, unit, names

    def initial(self) -> dict[str, Any]:
        """The goods, as the form takes them."""
        found: dict[str, Any] = {"occurred_at": timezone.localtime(self.event.occurred_at)}
        found["consignment"] = str(self.event.consignment_id or "")
        for number, (commodity, _names, amount, unit, _unit_names) in enumerate(self.goods, start=1):
            found |= {f"commodity_{number}": commodity, f"quantity_{number}": f"{amount.normalize():f}",
                      f"unit_{number}": unit}  # fmt: skip
        return found


def receivable(by: Actor, words: Words) -> list[Receivable]:
    """The latest of these events, in a fixed number of queries."""
    stated = settings_or_none(by.operation_id)
    if stated is None:
        return []
    corrected = AidEvent.objects.filter(room=by.room_id, corrects=OuterRef("pk"))
    events = list(
        AidEvent.objects.filter(
            ~Exists(corrected), room=by.room_id, stage__in=stated.stages.received, withdrawn=False, repeats=None,
            occurred_at__gte=database_now() - LATEST,
        ).order_by("-occurred_at", "pk")[:MOST]
    )  # fmt: skip
    left = _left([event.pk for event in events])
    named_by = Consignment.objects.in_bulk({event.consignment_id for event in events if event.consignment_id})
    found = []
    for event in events:
        goods = tuple(
            (commodity, named(words.aid.commodities, commodity), amount, unit, named(words.aid.units, unit))
            for (commodity, unit), amount in sorted(left[event.pk].items()) if amount > 0 and commodity
        )  # fmt: skip
        consignment = named_by.get(event.consignment_id)
        if goods:
            reference = consignment.reference if consignment else event.unit_reference
            found.append(Receivable(event, named(words.aid.stages, event.stage), reference, goods))
    return found


def consignments_of(by: Actor) -> dict[UUID, str]:
    """The latest consignments of this room and those released to it, by what they are called."""
    found = Consignment.objects.filter(room__operation=by.operation_id).order_by("-created_at", "reference", "pk")
    return dict(found.values_list("pk", "reference")[:OFFERED])


def _left(ids: list[UUID]) -> dict[UUID, dict[tuple[str, str], Decimal]]:
    left: dict[UUID, dict[tuple[str, str], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in AidMeasure.objects.filter(event__in=ids).exclude(unit=""):
        given = row.quantity_receiver if row.quantity_receiver is not None else row.quantity_giver
        left[row.event_id][row.commodity, row.unit] += (given or NOTHING) - (row.quantity_damaged or NOTHING)
    taken = StockMovement.objects.filter(event_id__in=ids, kind=MovementKind.RECEIVED)
    rows = taken.values_list("event_id", "commodity", "unit").annotate(Sum("change")).order_by()
    for event_id, commodity, unit, amount in rows:
        left[event_id][commodity, unit] -= amount
    return left
