"""What a person, a scanner or a ledger may state, and what a statement must say to be taken."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.aid.models import AidEvent, Precision

AHEAD_AT_MOST = timedelta(minutes=10)  # clocks of scanners differ; what lies further ahead has not happened
QUANTITY_AT_MOST = Decimal("999999999999")
KEY_LENGTH = 300


@dataclass(frozen=True)
class Quantity:
    """How much of what, as the side that gives and the side that receives state it."""

    unit: str
    giver: Decimal | None = None
    receiver: Decimal | None = None
    damaged: Decimal | None = None  # of what was received
    commodity: str = ""
    cargo: str = ""  # free-text name, where no commodity is stated
    line: int | None = None  # number of the consignment's line; None: found by commodity and unit where one line fits


@dataclass(frozen=True)
class EventStatement:
    """What a source says has happened."""

    stage: str
    occurred_at: datetime
    quantities: tuple[Quantity, ...] = ()
    source: str = ""  # "": the acting room's own
    source_key: str = ""  # names the event in its source; "" makes a random one
    consignment: str = ""  # reference of a registered consignment, in the same source
    unit_code: str = ""  # what was scanned
    unit_kind: str = "truck"
    parent_code: str = ""  # the unit from which this one was split off
    crossing_code: str = ""
    consignor_class: str = ""
    reference: str = ""  # outside reference of the row, such as the waybill; "": the unit's code
    reason: str = ""
    place: str = ""
    attempt: int = 1
    is_further: bool = False  # True: a second event of its own at this stage, no repeated scan of the first
    precision: str = Precision.SECOND
    recorded_at: datetime | None = None  # None: now; anything else in a sample operation only
    move: str = ""  # Move: what was taken from the unit, or made of it, in a change; "" = it reached the stage
    group: UUID | None = None  # the change to which what was taken or made belongs
    insists: bool = False  # the source stands by it although quantities do not add up
    insists_because: str = ""


@dataclass(frozen=True)
class LineStatement:
    """One line item of a consignment."""

    quantity: Decimal
    unit: str
    commodity: str = ""
    cargo: str = ""


@dataclass(frozen=True)
class ConsignmentStatement:
    """What is registered of a consignment."""

    reference: str
    lines: tuple[LineStatement, ...]
    consignor_class: str = ""
    crossing_code: str = ""
    units: tuple[tuple[str, str], ...] = ()  # (code, kind) of each truck or pallet
    detail: Mapping[str, str] = field(default_factory=dict)  # fields of ConsignmentDetail
    driver: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Amendment:
    """What is stated of a consignment after its registration; what is not named stays as it was."""

    reason: str
    detail: Mapping[str, str] = field(default_factory=dict)  # fields of ConsignmentDetail
    driver: str | None = None
    contact: str | None = None
    lines: tuple[LineStatement, ...] = ()  # further ones
    seen: int | None = None  # how often it had been stated when this was written; None: whatever stands now


@dataclass(frozen=True)
class Codes:
    """The codes that exist in an operation, and what its stages ask for."""

    stages: Mapping[str, Mapping[str, Any]]
    reasons: Mapping[str, Mapping[str, Any]]
    units: Collection[str]
    commodities: Collection[str]
    consignor_classes: Collection[str]
    is_sample: bool


Fault = tuple[str, dict[str, Any]]


def fault_of(statement: EventStatement, codes: Codes, now: datetime) -> Fault | None:
    """The first reason not to take a statement, as refusal code and parameters; None when it can be taken."""
    faults = (
        _subject_fault(statement),
        _time_fault(statement, codes, now),
        _stage_fault(statement, codes),
        _consignor_fault(statement, codes),
        *(quantity_fault(quantity, codes) for quantity in statement.quantities),
    )
    return next((fault for fault in faults if fault), None)


def _subject_fault(statement: EventStatement) -> Fault | None:
    if not (statement.unit_code or statement.consignment):
        return "nothing_named", {}
    if len(statement.source_key) > KEY_LENGTH:
        return "key_too_long", {"expected": KEY_LENGTH}
    if statement.parent_code and statement.parent_code == statement.unit_code:
        return "parent_of_itself", {"found": statement.unit_code}
    return None


def _time_fault(statement: EventStatement, codes: Codes, now: datetime) -> Fault | None:
    if statement.recorded_at is not None and not codes.is_sample:
        return "record_time_is_now", {}
    if statement.occurred_at > now + AHEAD_AT_MOST:
        return "not_yet_happened", {"found": date_time_group(statement.occurred_at)}
    return None


def _consignor_fault(statement: EventStatement, codes: Codes) -> Fault | None:
    if statement.consignor_class and statement.consignor_class not in codes.consignor_classes:
        return "unknown_consignor_class", {"found": statement.consignor_class}
    return None


def _stage_fault(statement: EventStatement, codes: Codes) -> Fault | None:
    stage = codes.stages.get(statement.stage)
    if stage is None:
        return "unknown_stage", {"found": statement.stage}
    if not statement.reason:
        return ("reason_missing", {"stage": statement.stage}) if needs_reason(stage) else None
    reason = codes.reasons.get(statement.reason)
    if reason is None:
        return "unknown_reason", {"found": statement.reason}
    if needs_reason(stage) and stage["reasons"] not in reason.get("groups", ()):
        return "reason_not_of_stage", {"found": statement.reason, "stage": statement.stage}
    return None


def quantity_fault(quantity: Quantity, codes: Codes) -> Fault | None:
    """The first reason not to take a quantity."""
    if quantity.unit not in codes.units:
        return "unknown_unit", {"found": quantity.unit}
    if quantity.commodity and quantity.commodity not in codes.commodities:
        return "unknown_commodity", {"found": quantity.commodity}
    for amount in (quantity.giver, quantity.receiver, quantity.damaged):
        fault = amount_fault(amount) if amount is not None else None
        if fault:
            return fault
    return None


def amount_fault(amount: Decimal) -> Fault | None:
    """Why an amount cannot be kept: not a number, below nothing, too large, or finer than a millionth."""
    if not amount.is_finite() or not 0 <= amount <= QUANTITY_AT_MOST:
        return "quantity_out_of_range", {"found": str(amount), "expected": str(QUANTITY_AT_MOST)}
    if amount != round(amount, 6):
        return "quantity_too_fine", {"found": str(amount)}
    return None


def line_fault(line: LineStatement, codes: Codes) -> Fault | None:
    """The first reason not to take a line item."""
    quantity = Quantity(line.unit, commodity=line.commodity, cargo=line.cargo)
    return quantity_fault(quantity, codes) or amount_fault(line.quantity)


def needs_reason(stage: Mapping[str, Any]) -> bool:
    """Whether events at this stage must say why, by a reason of the stage's group."""
    return bool(stage.get("reasons"))


def follows(stage: Mapping[str, Any], former: str | None) -> bool:
    """Whether a stage is expected after another; scans come late, so what is unexpected is shown, not refused."""
    after = stage.get("after", ())
    return not after if former is None else former in after


def can_correct(event: AidEvent, room_id: object) -> bool:
    """Only the room that stated an event corrects it; a withdrawn one is stated anew instead."""
    return event.room_id == room_id and not event.withdrawn
