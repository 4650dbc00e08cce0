"""How much of each line of a request may move, how much of it is in consignments already, and who holds it up."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from tansiq.desks.aid.models import Consignment
from tansiq.desks.requests.models import Clearance, ConsignedLine, Outcome, Request, RequestLine
from tansiq.desks.requests.queries.standing import Standing, standings


@dataclass(frozen=True)
class Movable:
    """One line as far as it may move."""

    line: RequestLine
    standings: tuple[Standing, ...]  # one for each authority that is asked
    allowed: Decimal  # what every authority allows: the least of them; what was asked for where nobody is asked
    made: Decimal  # in consignments already

    @property
    def holding(self) -> Standing | None:
        """The first authority that has not cleared it."""
        return next((one for one in self.standings if not one.is_cleared), None)

    @property
    def left(self) -> Decimal:
        """What may still be put into a consignment."""
        return Decimal(0) if self.holding else max(Decimal(0), self.allowed - self.made)


def movable_lines(request: Request, now: datetime | None = None) -> list[Movable]:
    """Every line of the version that counts, as far as the reader sees them."""
    lines = RequestLine.objects.filter(request=request, version=request.version).order_by("number")
    asked = Clearance.objects.filter(request=request).select_related("authority").order_by("asked_at", "pk")
    found = standings(asked, now)
    of_line: dict[UUID, list[Standing]] = defaultdict(list)
    for one in found.values():
        of_line[one.clearance.item_id].append(one)
    rows = ConsignedLine.objects.filter(request=request).values("item").annotate(made=Sum("quantity"))
    made = dict(rows.values_list("item", "made"))
    return [_movable(line, of_line.get(line.pk, []), made.get(line.pk) or Decimal(0)) for line in lines]


def _movable(line: RequestLine, found: list[Standing], made: Decimal) -> Movable:
    granted = [_granted(one, line) for one in found if one.is_cleared]
    ordered = sorted(found, key=lambda one: one.clearance.authority.slug)
    return Movable(line, tuple(ordered), min([line.quantity, *granted]), made)


def _granted(one: Standing, line: RequestLine) -> Decimal:
    """What an authority allows; of an approval in part whose terms are closed to the reader, nothing."""
    if one.allowed is not None:
        return one.allowed
    return Decimal(0) if one.code == Outcome.PARTLY else line.quantity


def latest_consignment(request: Request) -> Consignment | None:
    """The consignment that was made of a request last."""
    last = ConsignedLine.objects.filter(request=request).order_by("-part").first()
    return Consignment.objects.filter(pk=last.consignment_id).first() if last else None
