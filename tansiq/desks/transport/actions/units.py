"""Tells aid what a manifest's steps mean for its units: on a manifest, sealed, departed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions import record_scans
from tansiq.desks.aid.models import HandlingUnit, ImportRun
from tansiq.desks.aid.rules import Act as Aid
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.desks.transport.actions.writing import Load
from tansiq.desks.transport.models import Manifest, ManifestLine
from tansiq.desks.transport.queries.settings import settings_of


def entrusted(by: Actor) -> Actor:
    """The same person, allowed to record in aid what follows from an act of this desk."""
    return replace(by, acts=by.acts | {str(Aid.RECORD_SCANS), str(Aid.OPEN_DISCREPANCY)})


def registered_units(by: Actor, held: Manifest, loads: Sequence[Load], at: datetime) -> dict[str, HandlingUnit]:
    """The handling units of these lines by code; each is recorded as on the manifest, which registers new ones."""
    first = {one.line.unit_code.strip(): one for one in reversed(loads)}
    stage = settings_of(by.operation_id).stages["draft"]
    statements = [
        EventStatement(
            stage, at, source_key=_key(held, stage, code), unit_code=code, unit_kind=one.line.unit_kind,
            consignment=one.of.consignment.reference, crossing_code=held.crossing_code,
            consignor_class=held.consignor_class,
        )
        for code, one in first.items()
    ]  # fmt: skip
    known = HandlingUnit.objects.filter(room=by.room_id, code__in=first)
    on_it = set(ManifestLine.objects.filter(manifest=held).values_list("unit_code", flat=True))
    new = [one for one in statements if one.unit_code not in on_it]
    if new:
        _told(record_scans(by=entrusted(by), statements=new, device=held.number))
    return {unit.code: unit for unit in known.all()}


def record_stage(by: Actor, held: Manifest, lines: Sequence[ManifestLine], step: str, at: datetime) -> None:
    """Record the stage of a step for every unit of the manifest; when the truck leaves, with what stands on each."""
    stage = settings_of(by.operation_id).stages[step]
    units: dict[str, list[ManifestLine]] = {}
    for line in lines:
        units.setdefault(line.unit_code, []).append(line)
    statements = [
        EventStatement(
            stage, at, tuple(_amount(one) for one in on_it) if step == "depart" else (),
            source_key=_key(held, stage, code), unit_code=code, unit_kind=on_it[0].unit_kind,
            crossing_code=held.crossing_code, consignor_class=held.consignor_class,
        )
        for code, on_it in units.items()
    ]  # fmt: skip
    _told(record_scans(by=entrusted(by), statements=statements, device=held.number))


def _told(run: ImportRun) -> None:
    """Let no step stand that aid refuses. Raises Refused with its reason."""
    for refused in run.report["refused"]:
        raise Refused(refused["code"], **refused["params"])


def _amount(line: ManifestLine) -> Quantity:
    return Quantity(
        line.unit, giver=line.quantity, commodity=line.commodity, cargo=line.cargo, line=line.consignment_line
    )


def _key(held: Manifest, stage: str, code: str) -> str:
    return f"manifest {held.number} {stage} {code}"
