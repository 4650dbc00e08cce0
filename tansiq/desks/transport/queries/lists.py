"""The list of manifests, and each with what a list shows: the truck, how full it is, where it goes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.latest import Order, Page, latest
from tansiq.desks.aid.queries.reference import rooms_of
from tansiq.desks.aid.queries.words import Names, Words, named
from tansiq.desks.transport.models import LIVE_STATES, Manifest, ManifestDetail, ManifestLine, ManifestState
from tansiq.desks.transport.queries.settings import Settings

BY_CHANGE = Order("changed_at", ("number", "pk"))
LIVE = "live"  # in a filter: neither closed nor cancelled


@dataclass(frozen=True)
class Wanted:
    """To what a list is narrowed."""

    sought: str = ""  # in the number
    state: str = ""  # a state, LIVE, or "" for all
    crossing: str = ""
    consignment: UUID | None = None
    changed_since: datetime | None = None


@dataclass(frozen=True)
class Fill:
    """How much of its capacity a truck carries."""

    load: Decimal
    capacity: Decimal
    unit: Names | str
    is_low: bool  # below the share that the operation calls half-empty

    @property
    def percent(self) -> int:
        """Of the capacity, rounded down."""
        return int(self.load * 100 / self.capacity)


@dataclass(frozen=True)
class ManifestRow:
    """One manifest of a list."""

    manifest: Manifest
    crossing: Names | str
    consignor: Names | str
    detail: ManifestDetail | None  # where this room reads it
    lines: list[ManifestLine]  # of the present version, where this room reads them
    fill: Fill | None

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(ManifestState(self.manifest.state).label)

    @property
    def units(self) -> int:
        """How many handling units it carries."""
        return len({line.handling_unit_id for line in self.lines})


def manifests(by: Actor, wanted: Wanted) -> QuerySet[Manifest]:
    """The manifests that this room reads, those changed last first."""
    rows = wanted_manifests(by, wanted).filter(room__operation=by.operation_id)
    return BY_CHANGE.applied(rows.select_related("room"))


def manifest_page(by: Actor, wanted: Wanted, *, after: str | None = None, size: int = 50) -> Page:
    """A page of ``manifests``, as quick at a million as at ten. Raises ValueError for what is no mark."""
    found = latest(wanted_manifests(by, wanted), rooms_of(by.operation_id), BY_CHANGE, after=after, size=size)
    prefetch_related_objects(found.rows, "room")
    return found


def wanted_manifests(by: Actor, wanted: Wanted) -> QuerySet[Manifest]:
    """Manifests of every room that fit, in no order."""
    rows = Manifest.objects.all()
    if wanted.state:
        rows = rows.filter(state__in=LIVE_STATES if wanted.state == LIVE else [wanted.state])
    if wanted.sought:
        rows = rows.filter(number__icontains=wanted.sought)
    if wanted.crossing:
        rows = rows.filter(crossing_code=wanted.crossing)
    if wanted.changed_since:
        rows = rows.filter(changed_at__gte=wanted.changed_since)
    if wanted.consignment:
        rows = rows.filter(pk__in=carrying(wanted.consignment))
    return rows


def carrying(consignment_id: UUID) -> list[UUID]:
    """The manifests whose present version carries something of a consignment, as far as this room reads them."""
    lines = ManifestLine.objects.filter(consignment=consignment_id).select_related("manifest")
    pairs = set(lines.values_list("manifest", "version", "manifest__version"))
    return sorted({manifest for manifest, version, now in pairs if version == now})


def rows_of(found: Iterable[Manifest], words: Words, usual: Settings) -> list[ManifestRow]:
    """The manifests with all that a list shows of them, in a fixed number of queries."""
    listed = list(found)
    versions = {one.pk: one.version for one in listed}
    details = {one.manifest_id: one for one in ManifestDetail.objects.filter(_present(versions))}
    lines: dict[UUID, list[ManifestLine]] = defaultdict(list)
    for line in ManifestLine.objects.filter(_present(versions)).order_by("number"):
        lines[line.manifest_id].append(line)
    return [_row(one, details.get(one.pk), lines[one.pk], words, usual) for one in listed]


def fill_of(detail: ManifestDetail, lines: Iterable[ManifestLine], words: Words, usual: Settings) -> Fill:
    """The load in the unit of the capacity: what is counted in it, else the handling units of that kind."""
    listed, unit = list(lines), detail.capacity_unit
    load = sum((one.quantity for one in listed if one.unit == unit), Decimal(0))
    if not load:
        load = Decimal(len({one.handling_unit_id for one in listed if one.unit_kind == unit}))
    share = load / detail.capacity
    return Fill(load, detail.capacity, named(words.units, unit), share < usual.half_empty_below)


def _present(versions: dict[UUID, int]) -> Q:
    by_version: dict[int, list[UUID]] = defaultdict(list)
    for manifest, version in versions.items():
        by_version[version].append(manifest)
    present = Q(pk__in=[])
    for version, ids in by_version.items():
        present |= Q(version=version, manifest__in=ids)
    return present


def _row(
    one: Manifest, detail: ManifestDetail | None, lines: list[ManifestLine], words: Words, usual: Settings
) -> ManifestRow:
    return ManifestRow(
        one, named(words.crossings, one.crossing_code), named(words.consignors, one.consignor_class), detail, lines,
        fill_of(detail, lines, words, usual) if detail and lines else None,
    )  # fmt: skip
