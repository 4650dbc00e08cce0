"""Writes a manifest's rows: what one version states, on each tear line, under the label that is right now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tansiq.building.clocks.queries import database_now
from tansiq.building.doors.queries import audience_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation, TearLine
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import HandlingUnit
from tansiq.desks.transport.models import (
    Manifest,
    ManifestDetail,
    ManifestIdentities,
    ManifestLine,
    ManifestStep,
)
from tansiq.desks.transport.queries.cargo import Loadable
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import RECORD_TYPE, Act, ManifestStatement

SAID = ("vehicle", "waybill", "origin", "destination", "route", "remark")


@dataclass(frozen=True)
class Load:
    """A line of a statement with what the consignment says of it."""

    number: int
    line: Any  # LineAsked
    of: Loadable


def moment(by: Actor, at: datetime | None) -> datetime:
    """Now; the sample operation alone may say otherwise, so that its story has a past. Raises Refused."""
    if at is None:
        return database_now()
    if not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("manifest_time_is_now")
    return at


def label_of(by: Actor, manifest_id: UUID, line: str) -> int:
    """The label of a line of a manifest of the acting room, its releases included."""
    return audience_now(RECORD_TYPE, manifest_id, line, by)


def locked(by: Actor, manifest: Manifest) -> Manifest:
    """The manifest of the acting room as it stands now, held until the act is done. Raises Refused."""
    own = Manifest.objects.filter(pk=manifest.pk, room_id=by.room_id)
    list(own.select_for_update().values_list("pk"))
    held = own.select_related("room").first()
    if held is None:
        raise Refused("not_found")
    return held


def write_version(
    by: Actor, held: Manifest, said: ManifestStatement, loads: Sequence[Load], units: Mapping[str, HandlingUnit],
    *, reason: str,
) -> list[Any]:  # fmt: skip
    """Write what the manifest's present version states; answers every row."""
    usual = settings_of(by.operation_id)
    detail = label_of(by, held.pk, TearLine.DETAIL)
    own = {"room_id": by.room_id, "manifest": held, "version": held.version}
    rows: list[Any] = [
        ManifestDetail.objects.create(
            **own, audience_id=detail, capacity=said.capacity or usual.capacity, reason=reason.strip(),
            capacity_unit=said.capacity_unit or usual.capacity_unit,
            **{name: getattr(said, name).strip() for name in SAID},
        )
    ]  # fmt: skip
    rows += ManifestLine.objects.bulk_create(
        ManifestLine(
            **own, audience_id=detail, number=one.number, consignment_id=one.of.consignment.pk,
            consignment_reference=one.of.consignment.reference, consignment_line=one.line.consignment_line,
            handling_unit_id=units[one.line.unit_code.strip()].pk, unit_code=one.line.unit_code.strip(),
            unit_kind=units[one.line.unit_code.strip()].kind, commodity=one.of.line.commodity, cargo=one.of.line.cargo,
            quantity=one.line.quantity, unit=one.of.line.unit,
        )
        for one in loads
    )  # fmt: skip
    return rows + write_persons(by, held, said)


def write_persons(by: Actor, held: Manifest, said: ManifestStatement) -> list[ManifestIdentities]:
    """Write driver and phone with the day of their purge, where they are said and differ from what stands."""
    named = (said.driver.strip(), said.phone.strip())
    own = {"room_id": by.room_id, "manifest": held}
    former = ManifestIdentities.objects.filter(**own).order_by("-version").first()
    if named == ((former.driver, former.phone) if former else ("", "")):
        return []
    until = held.day + timedelta(days=settings_of(by.operation_id).kept_days)
    return [
        ManifestIdentities.objects.create(
            **own, version=held.version, audience_id=label_of(by, held.pk, TearLine.IDENTITIES), driver=named[0],
            phone=named[1], purge_date=until,
        )
    ]  # fmt: skip


def write_step(by: Actor, held: Manifest, act: Act, at: datetime, reason: str = "") -> ManifestStep:
    """Add the step to the manifest's story."""
    return ManifestStep.objects.create(
        room_id=by.room_id, audience_id=label_of(by, held.pk, TearLine.DETAIL), manifest=held, version=held.version,
        act=act, at=at, reason=reason.strip(), by_system=by.account_id is None,
    )  # fmt: skip
