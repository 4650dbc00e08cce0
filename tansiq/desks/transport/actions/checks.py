"""Refuses what cannot stand on a truck: more than was asked for, another consignment's unit, a unit on two trucks."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment, HandlingUnit
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.transport.actions.writing import Load
from tansiq.desks.transport.queries.cargo import LineKey, live_lines, loadable
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import ManifestStatement, manifest_fault
from tansiq.desks.transport.rules.manifests import Known


def checked_loads(by: Actor, said: ManifestStatement, *, manifest_id: UUID | None = None) -> list[Load]:
    """Each line with its consignment's line, once the whole statement can be taken. Raises Refused."""
    _check_statement(by, said)
    named = {one.consignment for one in said.lines}
    own = Consignment.objects.filter(room=by.room_id, pk__in=named).order_by("pk")
    list(own.select_for_update(no_key=True).values_list("pk"))  # two trucks loaded at once see each other
    lines = loadable(by, named, without=manifest_id)
    loads = []
    for number, one in enumerate(said.lines, 1):
        found = lines.get((one.consignment, one.consignment_line))
        if found is None:
            names = {of.consignment.pk: of.consignment.reference for of in lines.values()}
            raise Refused("manifest_no_such_line", line=number, consignment=names.get(one.consignment, "?"),
                          found=one.consignment_line)  # fmt: skip
        if one.unit and one.unit != found.line.unit:
            raise Refused("manifest_other_unit", line=number, number=one.consignment_line, found=one.unit,
                          consignment=found.consignment.reference, expected=found.line.unit)  # fmt: skip
        loads.append(Load(number, one, found))
    _check_sums(loads)
    _check_units(by, loads, manifest_id)
    return loads


def _check_statement(by: Actor, said: ManifestStatement) -> None:
    usual, codes = settings_of(by.operation_id), codes_of(by.operation_id)
    if not usual.is_kept:
        raise Refused("manifest_not_kept")
    crossings = Crossing.objects.filter(operation=by.operation_id).values_list("code", flat=True)
    known = Known(set(crossings), codes.consignor_classes, codes.units, usual.unit_kinds)
    if fault := manifest_fault(said, known):
        raise Refused(fault[0], **fault[1])


def _check_sums(loads: list[Load]) -> None:
    here: dict[LineKey, Decimal] = defaultdict(Decimal)
    for one in loads:
        key = (one.line.consignment, one.line.consignment_line)
        here[key] += one.line.quantity
        total = here[key] + one.of.elsewhere
        if total > one.of.line.quantity:
            raise Refused(
                "manifest_more_than_asked", line=one.number, number=one.of.line.number, unit=one.of.line.unit,
                consignment=one.of.consignment.reference, asked=plain(one.of.line.quantity),
                elsewhere=plain(one.of.elsewhere), here=plain(here[key]), total=plain(total),
            )  # fmt: skip


def _check_units(by: Actor, loads: list[Load], manifest_id: UUID | None) -> None:
    codes = {one.line.unit_code.strip(): one for one in loads}
    known = {unit.code: unit for unit in HandlingUnit.objects.filter(room=by.room_id, code__in=codes)}
    carried = {load.line.consignment for load in loads}
    for code, unit in known.items():
        if unit.consignment_id and unit.consignment_id not in carried:
            raise Refused("manifest_unit_of_other", line=codes[code].number, found=code)
    standing = live_lines(by, without=manifest_id).filter(unit_code__in=codes).first()
    if standing is not None:
        raise Refused("manifest_unit_elsewhere", line=codes[standing.unit_code].number, found=standing.unit_code,
                      manifest=standing.manifest.number)  # fmt: skip


def plain(amount: Decimal) -> str:
    """A quantity without noughts that say nothing."""
    return f"{amount.normalize():f}"
