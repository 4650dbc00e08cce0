"""What can be loaded: the room's own consignments, their lines, what stands on other manifests, and the units."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.queries import room_slug
from tansiq.desks.aid.models import Consignment, ConsignmentLine, HandlingUnit
from tansiq.desks.transport.models import LIVE_STATES, Manifest, ManifestLine

OFFERED = 200  # consignments to choose from, the latest
LineKey = tuple[UUID, int]  # consignment, number of its line


@dataclass(frozen=True)
class Loadable:
    """A line of a consignment, and how much of it stands on live manifests."""

    consignment: Consignment
    line: ConsignmentLine
    elsewhere: Decimal

    @property
    def left(self) -> Decimal:
        """What stands on no live manifest yet."""
        return max(self.line.quantity - self.elsewhere, Decimal(0))


def own_consignments(by: Actor) -> QuerySet[Consignment]:
    """Consignments that this room registered itself, the latest first: what it may put on a truck."""
    own = Consignment.objects.filter(room=by.room_id, source=room_slug(by))
    return own.order_by("-created_at", "reference", "pk")


def loadable(by: Actor, consignments: Iterable[UUID], *, without: UUID | None = None) -> dict[LineKey, Loadable]:
    """The lines of these consignments of the acting room; three queries.

    without : a manifest whose own lines do not count as standing elsewhere
    """
    found = own_consignments(by).in_bulk(list(consignments))
    taken = on_live_manifests(by, found, without=without)
    lines = ConsignmentLine.objects.filter(room=by.room_id, consignment__in=found).order_by("consignment", "number")
    return {
        (one.consignment_id, one.number): Loadable(
            found[one.consignment_id], one, taken.get((one.consignment_id, one.number), Decimal(0))
        )
        for one in lines
    }


def on_live_manifests(
    by: Actor, consignments: Collection[UUID], *, without: UUID | None = None
) -> dict[LineKey, Decimal]:
    """How much of each line stands on manifests that are neither closed nor cancelled."""
    taken: dict[LineKey, Decimal] = defaultdict(Decimal)
    for line in live_lines(by, without=without).filter(consignment__in=consignments):
        taken[line.consignment_id, line.consignment_line] += line.quantity
    return taken


def live_lines(by: Actor, *, without: UUID | None = None) -> QuerySet[ManifestLine]:
    """The lines that the acting room's live manifests state now."""
    live = Manifest.objects.filter(room=by.room_id, state__in=LIVE_STATES).exclude(pk=without)
    versions = dict(live.values_list("pk", "version"))
    rows = ManifestLine.objects.filter(room=by.room_id, manifest__in=versions).select_related("manifest")
    now_said = [pk for pk, manifest, version in rows.values_list("pk", "manifest", "version")
                if versions[manifest] == version]  # fmt: skip
    return rows.filter(pk__in=now_said)


def units_of(by: Actor, consignments: Iterable[UUID]) -> list[HandlingUnit]:
    """The units registered with these consignments, by code."""
    return list(HandlingUnit.objects.filter(room=by.room_id, consignment__in=list(consignments)).order_by("code"))
