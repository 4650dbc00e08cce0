"""Registers consignments with their lines, units and persons: one, or many in one act."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Model

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import default_audiences, room_slug
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.writing import as_record, insert_rows
from tansiq.desks.aid.models import (
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    HandlingUnit,
)
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.aid.rules import Act, Codes, ConsignmentStatement, line_fault

Rows = dict[type[Model], list[dict[str, Any]]]


@act(Act.REGISTER_CONSIGNMENT)
def register_consignment(*, by: Actor, statement: ConsignmentStatement) -> Done:
    """Register a consignment of the acting room. Raises Refused."""
    rows, wrote = _register(by, [statement])
    consignment = as_record(Consignment, rows[Consignment][0])
    counts = {"lines": len(statement.lines), "units": len(statement.units)}
    facts = {"reference": consignment.reference, **counts}
    return Done(consignment, wrote=wrote, facts=facts, topics=["aid.consignment"])


@act(Act.REGISTER_CONSIGNMENTS)
def register_consignments(*, by: Actor, statements: Sequence[ConsignmentStatement]) -> Done:
    """Register many consignments of the acting room: all of them, or none. Raises Refused for the first at fault."""
    rows, wrote = _register(by, statements)
    counts = {"consignments": Consignment, "lines": ConsignmentLine, "units": HandlingUnit}
    facts = {name: len(rows[model]) for name, model in counts.items()}
    return Done(None, wrote=wrote, facts=facts, topics=["aid.consignment"])


def _register(by: Actor, statements: Sequence[ConsignmentStatement]) -> tuple[Rows, list[tuple[Any, list[UUID]]]]:
    source = room_slug(by)
    _check(by, source, statements)
    rows = _rows(by, source, statements)
    wrote = []
    for model, found in rows.items():
        written = insert_rows(model, found, once=True)
        if len(written) < len(found):  # another person registered it in the same moment
            missing = next(row for row in found if row["id"] not in set(written))
            unit = missing.get("code")
            raise Refused("unit_taken" if unit else "reference_taken", found=unit or missing.get("reference", ""))
        if written:
            wrote.append((model, written))
    return rows, wrote


def _rows(by: Actor, source: str, statements: Sequence[ConsignmentStatement]) -> Rows:
    """The rows of every table; a consignment's come before what belongs to it."""
    labels = default_audiences("aid_consignment", by)
    said = {name: ConsignmentDetail._meta.get_field(name).get_default() for one in statements for name in one.detail}
    headline, detail, identities = (
        {"room": by.room_id, "audience": labels[line]} for line in ("headline", "detail", "identities")
    )
    rows: Rows = {
        model: [] for model in (Consignment, ConsignmentDetail, ConsignmentIdentities, ConsignmentLine, HandlingUnit)
    }
    for one in statements:
        consignment = uuid4()
        rows[Consignment].append({
            "id": consignment, **headline, "source": source, "reference": one.reference.strip(),
            "consignor_class": one.consignor_class, "crossing_code": one.crossing_code,
        })  # fmt: skip
        cargo = ", ".join(line.cargo for line in one.lines if line.cargo)
        owned = {**detail, "consignment": consignment}
        rows[ConsignmentDetail].append({"id": uuid4(), **owned, "version": 1, "cargo": cargo, **said, **one.detail})
        if one.driver or one.contact:
            rows[ConsignmentIdentities].append({
                "id": uuid4(), **identities, "consignment": consignment, "version": 1, "driver": one.driver,
                "contact": one.contact,
            })  # fmt: skip
        rows[ConsignmentLine] += [
            {"id": uuid4(), **owned, "number": number, "commodity": line.commodity, "cargo": line.cargo,
             "quantity": line.quantity, "unit": line.unit}
            for number, line in enumerate(one.lines, 1)
        ]  # fmt: skip
        rows[HandlingUnit] += [{"id": uuid4(), **owned, "code": code, "kind": kind} for code, kind in one.units]
    return rows


def _check(by: Actor, source: str, statements: Sequence[ConsignmentStatement]) -> None:
    codes = codes_of(by.operation_id)
    for statement in statements:
        _check_alone(statement, codes)
    references = [statement.reference.strip() for statement in statements]
    units = [code for statement in statements for code, _kind in statement.units]
    if twice := _first_twice(references):
        raise Refused("reference_taken", found=twice)
    known = Consignment.objects.filter(room=by.room_id, source=source, reference__in=references)
    if taken := known.values_list("reference", flat=True).first():
        raise Refused("reference_taken", found=taken)
    if twice := _first_twice(units):
        raise Refused("unit_twice" if len(statements) == 1 else "unit_taken", found=twice)
    if units and (unit := HandlingUnit.objects.filter(room=by.room_id, code__in=units).first()):
        raise Refused("unit_taken", found=unit.code)


def _check_alone(statement: ConsignmentStatement, codes: Codes) -> None:
    if not statement.reference.strip():
        raise Refused("reference_missing")
    if not statement.lines:
        raise Refused("no_lines")
    if statement.consignor_class and statement.consignor_class not in codes.consignor_classes:
        raise Refused("unknown_consignor_class", found=statement.consignor_class)
    for line in statement.lines:
        if fault := line_fault(line, codes):
            raise Refused(fault[0], **fault[1])
    for _code, kind in statement.units:
        if kind not in codes.units:
            raise Refused("unknown_unit", found=kind)


def _first_twice(named: Iterable[str]) -> str:
    return next((name for name, times in Counter(named).items() if times > 1), "")
