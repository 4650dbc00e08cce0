"""What rooms that scan others' trucks say of the links of the chain: what a crossing scanned out has entered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.expressions import RawSQL

from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.models import AidEvent, Reference, ReferenceKind
from tansiq.desks.transport.models import ManifestLine, ManifestState, Scan
from tansiq.engine.chain import Fact

Unit = tuple[UUID, str]  # manifest and the code on the unit


def links_of(consignment_ids: Sequence[UUID], now: datetime) -> list[Fact]:
    """The links that all units of a consignment have passed by the latest scans of rooms that do not own it.

    What the owner itself scans or states is told by the events; where it states something later, its word counts.
    """
    these = RawSQL("select unnest(%s::uuid[])", (list(consignment_ids),))
    lines = ManifestLine.objects.filter(consignment__in=these, version=F("manifest__version")).exclude(
        manifest__state__in=(ManifestState.DRAFTED, ManifestState.CANCELLED)
    )
    rows = list(
        lines.values_list("consignment", "manifest", "unit_code", "handling_unit", "room__operation").distinct()
    )
    scanned = _scanned({manifest for _consignment, manifest, *_rest in rows}) if rows else {}
    if not scanned:
        return []
    operation = rows[0][4]
    stages = Reference.objects.filter(operation=operation, kind=ReferenceKind.STAGE)
    order = {one.code: one.body.get("order", one.place) for one in stages}
    since = _stated_by_owner({unit for _consignment, _manifest, _code, unit, _operation in rows})
    units: dict[UUID, list[tuple[Any, ...] | None]] = defaultdict(list)
    for consignment, manifest, code, unit, _operation in rows:
        found = max(filter(None, (scanned.get((manifest, code)), scanned.get((manifest, "")))), default=None)
        units[consignment].append(found if found and (unit not in since or since[unit] <= found[0]) else None)
    return [
        fact for link, means in _passages(operation).items() for fact in _done(link, means, units, order)
    ]  # fmt: skip


def _scanned(manifests: set[UUID]) -> Mapping[Unit, tuple[datetime, str, UUID]]:
    """Unit → when, at which stage and by which room it was scanned last; the manifest's own code stands for all."""
    scans = Scan.objects.filter(manifest__in=manifests).exclude(room=F("manifest__room")).exclude(stage="")
    rows = scans.order_by("claimed_at", "received_at").values_list(
        "manifest", "unit_code", "claimed_at", "stage", "room"
    )
    return {(manifest, code): (at, stage, room) for manifest, code, at, stage, room in rows}


def _stated_by_owner(units: set[UUID]) -> Mapping[UUID, datetime]:
    """Unit → when the room whose it is last stated something of it."""
    events = AidEvent.objects.filter(handling_unit__in=units, withdrawn=False)
    return dict(events.order_by("occurred_at").values_list("handling_unit", "occurred_at"))


def _passages(operation: UUID) -> Mapping[str, set[str]]:
    """Link → the stages by which it is done, of those links that a scan can tell of."""
    rules = Operation.objects.values_list("rules", flat=True).get(pk=operation)
    deeds = (rules.get("transport") or {}).get("deeds", [])
    meant = {place["stage"] for deed in deeds for place in deed["at"]}
    links = (rules.get("chain") or {}).get("links", [])
    return {link["code"]: set(link["done"]) for link in links if meant & set(link.get("done", ()))}


def _done(link: str, stages: set[str], units: Mapping[UUID, Any], order: Mapping[str, int]) -> list[Fact]:
    least = min(order[stage] for stage in stages)
    found = []
    for consignment, latest in units.items():
        if all(one is not None and order.get(one[1], 0) >= least for one in latest):
            at, _stage, room = max(latest)
            found.append(Fact(str(consignment), link, "done", int(at.timestamp()), f"{room}:"))
    return found
