"""Registers consignments with their lines, units and persons."""

from collections import Counter

from django.db import IntegrityError

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import default_audiences, room_slug
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import (
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    HandlingUnit,
)
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.aid.rules import Act, ConsignmentStatement, Quantity, amount_fault, quantity_fault


@act(Act.REGISTER_CONSIGNMENT)
def register_consignment(*, by: Actor, statement: ConsignmentStatement) -> Done:
    """Register a consignment of the acting room. Raises Refused."""
    source = room_slug(by)
    _check(by, source, statement)
    labels = default_audiences("aid_consignment", by)
    try:
        consignment = Consignment.objects.create(
            room_id=by.room_id, audience_id=labels["headline"], source=source, reference=statement.reference.strip(),
            consignor_class=statement.consignor_class, crossing_code=statement.crossing_code,
        )  # fmt: skip
    except IntegrityError:  # another person registered it in the same moment
        raise Refused("reference_taken", found=statement.reference) from None
    owned = {"room_id": by.room_id, "consignment": consignment}
    cargo = ", ".join(line.cargo for line in statement.lines if line.cargo)
    said = {"cargo": cargo, **statement.detail}
    detail = ConsignmentDetail.objects.create(**owned, audience_id=labels["detail"], version=1, **said)
    persons = (
        [ConsignmentIdentities.objects.create(**owned, audience_id=labels["identities"], version=1,
                                              driver=statement.driver, contact=statement.contact)]
        if statement.driver or statement.contact
        else []
    )  # fmt: skip
    lines = ConsignmentLine.objects.bulk_create(
        ConsignmentLine(**owned, audience_id=labels["detail"], number=number, commodity=line.commodity,
                        cargo=line.cargo, quantity=line.quantity, unit=line.unit)
        for number, line in enumerate(statement.lines, 1)
    )  # fmt: skip
    units = HandlingUnit.objects.bulk_create(
        HandlingUnit(**owned, audience_id=labels["detail"], code=code, kind=kind) for code, kind in statement.units
    )
    facts = {"reference": consignment.reference, "lines": len(lines), "units": len(units)}
    wrote = [consignment, detail, *persons, *lines, *units]
    return Done(consignment, wrote=wrote, facts=facts, topics=["aid.consignment"])


def _check(by: Actor, source: str, statement: ConsignmentStatement) -> None:
    if not statement.reference.strip():
        raise Refused("reference_missing")
    if not statement.lines:
        raise Refused("no_lines")
    codes = codes_of(by.operation_id)
    if statement.consignor_class and statement.consignor_class not in codes.consignor_classes:
        raise Refused("unknown_consignor_class", found=statement.consignor_class)
    for line in statement.lines:
        quantity = Quantity(line.unit, commodity=line.commodity, cargo=line.cargo)
        fault = quantity_fault(quantity, codes) or amount_fault(line.quantity)
        if fault:
            raise Refused(fault[0], **fault[1])
    for _code, kind in statement.units:
        if kind not in codes.units:
            raise Refused("unknown_unit", found=kind)
    if Consignment.objects.filter(room=by.room_id, source=source, reference=statement.reference.strip()).exists():
        raise Refused("reference_taken", found=statement.reference)
    twice = [code for code, times in Counter(code for code, _ in statement.units).items() if times > 1]
    if twice:
        raise Refused("unit_twice", found=twice[0])
    taken = HandlingUnit.objects.filter(room=by.room_id, code__in=[code for code, _ in statement.units]).first()
    if taken:
        raise Refused("unit_taken", found=taken.code)
