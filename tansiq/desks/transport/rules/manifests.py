"""The one table of a manifest's states, and what a statement on a truck must say to be taken."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport.models import NUMBER_LENGTH, Manifest, ManifestState
from tansiq.desks.transport.rules.acts import Act

LINES_AT_MOST = 200
CODE_LENGTH = 120
QUANTITY_AT_MOST = Decimal("999999999999")
CAPACITY_AT_MOST = Decimal(100_000)
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]*")

Fault = tuple[str, dict[str, Any]]

_DRAFTED, _SEALED, _DEPARTED = ManifestState.DRAFTED, ManifestState.SEALED, ManifestState.DEPARTED
TRANSITIONS: dict[tuple[str | None, Act], ManifestState] = {
    (None, Act.DRAFT_MANIFEST): _DRAFTED,
    (_DRAFTED, Act.AMEND_MANIFEST): _DRAFTED,
    (_DRAFTED, Act.SEAL_MANIFEST): _SEALED,
    (_SEALED, Act.REVISE_MANIFEST): _SEALED,
    (_SEALED, Act.DEPART_MANIFEST): _DEPARTED,
    (_DEPARTED, Act.CLOSE_MANIFEST): ManifestState.CLOSED,
    (_DRAFTED, Act.CANCEL_MANIFEST): ManifestState.CANCELLED,
    (_SEALED, Act.CANCEL_MANIFEST): ManifestState.CANCELLED,
    (_SEALED, Act.RELABEL_MANIFEST): _SEALED,
    (_DEPARTED, Act.RELABEL_MANIFEST): _DEPARTED,
    **{(state, Act.PURGE_MANIFEST): state for state in ManifestState},
}
NEEDS_REASON = frozenset({Act.REVISE_MANIFEST, Act.CANCEL_MANIFEST})


@dataclass(frozen=True)
class LineAsked:
    """So much of a line of a consignment on one handling unit."""

    consignment: UUID
    consignment_line: int
    unit_code: str
    quantity: Decimal
    unit_kind: str = "pallet"
    unit: str = ""  # "": as the consignment's line counts


@dataclass(frozen=True)
class ManifestStatement:
    """What is said of a truck: what stands on it, and its way."""

    number: str
    day: date
    vehicle: str
    lines: tuple[LineAsked, ...]
    crossing_code: str = ""
    consignor_class: str = ""
    waybill: str = ""
    origin: str = ""
    destination: str = ""
    route: str = ""
    remark: str = ""
    capacity: Decimal | None = None  # None: the operation's usual truck
    capacity_unit: str = ""
    driver: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Known:
    """The codes that a manifest may name."""

    crossings: Collection[str]
    consignor_classes: Collection[str]
    units: Collection[str]
    unit_kinds: Collection[str]


def next_state(state: str | None, act: Act) -> ManifestState:
    """The state after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refused("manifest_state", state=ManifestState(state).label if state else "-", act=act.value) from None


def can(manifest: Manifest, act: Act, room_id: UUID) -> bool:
    """Whether the state allows the act, and it is this room's to do: a manifest is its own room's alone."""
    return manifest.room_id == room_id and (manifest.state, act) in TRANSITIONS


def manifest_fault(said: ManifestStatement, known: Known) -> Fault | None:
    """The first reason not to take a statement, as refusal code and parameters; None when it can be taken."""
    faults = (_head_fault(said, known), *(_line_fault(n, one, known) for n, one in enumerate(said.lines, 1)))
    return next((fault for fault in faults if fault), None)


def _head_fault(said: ManifestStatement, known: Known) -> Fault | None:
    if fault := _number_fault(said.number.strip()):
        return fault
    if not said.vehicle.strip():
        return "manifest_vehicle_missing", {}
    if not said.lines:
        return "manifest_no_lines", {}
    if len(said.lines) > LINES_AT_MOST:
        return "manifest_too_many_lines", {"found": len(said.lines), "expected": LINES_AT_MOST}
    return _code_fault(said, known)


def _number_fault(number: str) -> Fault | None:
    if not number:
        return "manifest_number_missing", {}
    if not NUMBER.fullmatch(number):
        return "manifest_number_odd", {"found": number}
    if len(number) > NUMBER_LENGTH:
        return "manifest_number_too_long", {"found": number, "expected": NUMBER_LENGTH}
    return None


def _code_fault(said: ManifestStatement, known: Known) -> Fault | None:
    if said.crossing_code and said.crossing_code not in known.crossings:
        return "manifest_crossing_unknown", {"found": said.crossing_code}
    if said.consignor_class and said.consignor_class not in known.consignor_classes:
        return "manifest_class_unknown", {"found": said.consignor_class}
    if said.capacity is not None and not 0 < said.capacity <= CAPACITY_AT_MOST:
        return "manifest_capacity", {"found": f"{said.capacity:f}", "expected": f"{CAPACITY_AT_MOST:f}"}
    return None


def _line_fault(number: int, line: LineAsked, known: Known) -> Fault | None:
    code = line.unit_code.strip()
    if not code:
        return "manifest_unit_code_missing", {"line": number}
    if len(code) > CODE_LENGTH:
        return "manifest_unit_code_too_long", {"line": number, "found": len(code), "expected": CODE_LENGTH}
    if line.unit_kind not in known.unit_kinds:
        return "manifest_unit_kind", {"line": number, "found": line.unit_kind, "expected": ", ".join(known.unit_kinds)}
    if line.unit and line.unit not in known.units:
        return "manifest_unit_unknown", {"line": number, "found": line.unit}
    if not (line.quantity.is_finite() and 0 < line.quantity <= QUANTITY_AT_MOST):
        return "manifest_quantity", {"line": number, "found": str(line.quantity), "expected": str(QUANTITY_AT_MOST)}
    return None
