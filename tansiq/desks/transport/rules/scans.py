"""What a scan may say, and which stage of aid it means: by deed, kind of place and role, as data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.desks.transport.rules.manifests import QUANTITY_AT_MOST, Fault

SCANS_AT_MOST = 1_000
SEAL_LENGTH = 60


@dataclass(frozen=True)
class ScanAsked:
    """One scan as a device, a file or a program sends it."""

    key: UUID  # the sender's own: the same scan sent twice is one
    code: str  # payload of a QR code, the short code under it, or what is written on the unit
    deed: str
    place: str  # kind of place
    claimed_at: datetime | None = None  # by the device's clock; None: when it comes in
    crossing_code: str = ""
    quantity: Decimal | None = None  # as counted by who scans
    giver_quantity: Decimal | None = None  # as the other side states it
    damaged_quantity: Decimal | None = None
    condition: str = ""
    seal: str = ""
    truck: str = ""  # plate, or number of the manifest with which it travels
    note: str = ""


def stage_of(deeds: Mapping[str, Mapping[str, Any]], deed: str, place: str, roles: Collection[str]) -> str | None:
    """The stage that a deed means at a kind of place for somebody with these roles; None when it means nothing."""
    for at in deeds.get(deed, {}).get("at", ()):
        if at["place"] == place and (not at.get("roles") or set(at["roles"]) & set(roles)):
            return str(at["stage"])
    return None


def deeds_at(deeds: Mapping[str, Mapping[str, Any]], place: str, roles: Collection[str]) -> list[str]:
    """The deeds that mean something at a kind of place."""
    return [deed for deed in deeds if stage_of(deeds, deed, place, roles) is not None]


def scan_fault(number: int, one: ScanAsked, known: "KnownScans") -> Fault | None:
    """The first reason not to take a scan at all; what only contradicts is taken, and kept as a difference."""
    if not one.code.strip():
        return "scan_code_missing", {"scan": number}
    return _deed_fault(number, one, known) or _word_fault(number, one, known) or _amount_fault(number, one)


def _deed_fault(number: int, one: ScanAsked, known: "KnownScans") -> Fault | None:
    if one.deed not in known.deeds:
        return "scan_deed_unknown", {"scan": number, "found": one.deed, "expected": ", ".join(known.deeds)}
    if one.place not in known.places:
        return "scan_place_unknown", {"scan": number, "found": one.place, "expected": ", ".join(known.places)}
    if stage_of(known.deeds, one.deed, one.place, known.roles) is None:
        fit = ", ".join(deeds_at(known.deeds, one.place, known.roles)) or "-"
        return "scan_deed_not_here", {"scan": number, "deed": one.deed, "place": one.place, "expected": fit}
    return None


def _word_fault(number: int, one: ScanAsked, known: "KnownScans") -> Fault | None:
    if one.crossing_code and one.crossing_code not in known.crossings:
        return "scan_crossing_unknown", {"scan": number, "found": one.crossing_code}
    if one.condition and one.condition not in known.conditions:
        listed = ", ".join(known.conditions)
        return "scan_condition_unknown", {"scan": number, "found": one.condition, "expected": listed}
    return None


def _amount_fault(number: int, one: ScanAsked) -> Fault | None:
    for amount in (one.quantity, one.giver_quantity, one.damaged_quantity):
        if amount is not None and not (amount.is_finite() and 0 <= amount <= QUANTITY_AT_MOST):
            return "scan_quantity", {"scan": number, "found": str(amount), "expected": str(QUANTITY_AT_MOST)}
    return None


@dataclass(frozen=True)
class KnownScans:
    """What an operation knows of scans, and in which roles the scanning person is there."""

    deeds: Mapping[str, Mapping[str, Any]]
    places: Collection[str]
    conditions: Mapping[str, Mapping[str, Any]]
    crossings: Collection[str]
    roles: Collection[str]
