"""Holds a scan against what is known: which truck, which crossing, how much, which seal, what came after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import AidEvent
from tansiq.desks.transport.models import (
    DifferenceKind,
    Manifest,
    ManifestDetail,
    ManifestState,
    SealReading,
)
from tansiq.desks.transport.queries.codes import Led, Sighted
from tansiq.desks.transport.queries.seals import same_seal, seals_on
from tansiq.desks.transport.rules.scans import ScanAsked


@dataclass(frozen=True)
class Differs:
    """In what a scan differs from what is known, with both readings."""

    kind: DifferenceKind
    found: str
    expected: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of the manifests to which a batch of scans leads."""

    details: Mapping[UUID, ManifestDetail]  # manifest → its present version
    seals: Mapping[UUID, list[str]] = field(default_factory=dict)  # manifest → on the truck


def known_of(manifests: Iterable[Manifest]) -> Known:
    """Details and seals of these manifests, as far as this room reads them."""
    held = {one.pk: one for one in manifests}
    details = ManifestDetail.objects.filter(manifest__in=held)
    by_manifest: dict[UUID, list[SealReading]] = {pk: [] for pk in held}
    for one in SealReading.objects.filter(manifest__in=held).order_by("at", "created_at", "pk"):
        by_manifest[one.manifest_id].append(one)
    return Known(
        {one.manifest_id: one for one in details if one.version == held[one.manifest_id].version},
        {pk: seals_on(found) for pk, found in by_manifest.items()},
    )


def differences_of(one: ScanAsked, seen: Sighted, led: Led | None, known: Known) -> list[Differs]:
    """Every contradiction of a scan with what is known, none of which keeps it from being taken."""
    if seen.fault:
        return [Differs(DifferenceKind.FORGED_CODE, seen.text[:120], seen.fault)]
    if led is None:
        return [Differs(DifferenceKind.UNKNOWN_UNIT, seen.code.manifest if seen.code else seen.short)]
    return [*_of_label(led), *_of_way(one, led, known), *_of_load(one, led, known)]


def quantity_known(led: Led) -> tuple[Decimal, str] | None:
    """What the manifest says that a unit carries, where all of it is counted in one unit."""
    units = {line.unit for line in led.lines}
    if len(units) != 1:
        return None
    return sum((line.quantity for line in led.lines), Decimal(0)), units.pop()


def latest_events(by: Actor, units: Iterable[str]) -> dict[str, AidEvent]:
    """The event of each unit that happened last, as far as the acting room has recorded it, by the unit's code."""
    rows = AidEvent.objects.filter(room=by.room_id, handling_unit__code__in=list(units), repeats=None, withdrawn=False)
    found: dict[str, AidEvent] = {}
    for event in rows.select_related("handling_unit").order_by("occurred_at", "recorded_at", "pk"):
        found[event.handling_unit.code] = event
    return found


def is_late(claimed_at: datetime, latest: AidEvent | None) -> bool:
    """Whether something that happened later was known already when a scan came in."""
    return latest is not None and latest.occurred_at > claimed_at


def _of_label(led: Led) -> list[Differs]:
    found = []
    if led.issue is not None and led.issue < led.newest:
        found.append(Differs(DifferenceKind.OLD_LABEL, str(led.issue), str(led.newest)))
    if led.manifest.state == ManifestState.CANCELLED:
        found.append(Differs(DifferenceKind.ENDED_MANIFEST, led.manifest.number))
    if led.unit is not None and not led.lines:
        found.append(Differs(DifferenceKind.OFF_MANIFEST, led.unit_code, led.manifest.number))
    return found


def _of_way(one: ScanAsked, led: Led, known: Known) -> list[Differs]:
    found, detail = [], known.details.get(led.manifest.pk)
    planned = led.manifest.crossing_code
    if one.crossing_code and planned and one.crossing_code != planned:
        found.append(Differs(DifferenceKind.OTHER_CROSSING, one.crossing_code, planned))
    names = [led.manifest.number, *([detail.vehicle] if detail else [])]
    if one.truck and not any(same_seal(one.truck, name) for name in names):
        found.append(Differs(DifferenceKind.OTHER_TRUCK, one.truck, " / ".join(names)))
    return found


def _of_load(one: ScanAsked, led: Led, known: Known) -> list[Differs]:
    found, said, on_it = [], quantity_known(led), known.seals.get(led.manifest.pk, [])
    if one.quantity is not None and said is not None and one.quantity != said[0]:
        found.append(Differs(DifferenceKind.OTHER_QUANTITY, plain(one.quantity), plain(said[0])))
    if one.giver_quantity is not None and one.quantity is not None and one.giver_quantity != one.quantity:
        sides = Differs(DifferenceKind.OTHER_QUANTITY, plain(one.quantity), plain(one.giver_quantity))
        found += [] if sides in found else [sides]
    if one.seal and not any(same_seal(one.seal, seal) for seal in on_it):
        found.append(Differs(DifferenceKind.SEAL_DIFFERS, one.seal, ", ".join(on_it) or "-"))
    return found


def plain(amount: Decimal) -> str:
    """A quantity without noughts that say nothing."""
    return f"{amount.normalize():f}"
