"""What an operation says of transport, as its files state it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.building.rooms.editions import kept
from tansiq.building.rooms.models import Operation

Names = Mapping[str, str]


@dataclass(frozen=True)
class Settings:
    """What the file transport.yaml says; an operation without it makes no manifests."""

    is_kept: bool
    kept_days: int  # of driver and phone, after the manifest's day
    half_empty_below: Decimal
    capacity: Decimal
    capacity_unit: str
    unit_kinds: tuple[str, ...]
    stages: Mapping[str, str]  # step of a manifest → stage of aid
    places: dict[str, Names]  # kinds of places
    deeds: dict[str, Mapping[str, Any]]
    conditions: dict[str, Mapping[str, Any]]
    sheets: dict[str, Mapping[str, Any]]  # how labels stand on a sheet


def settings_of(operation_id: UUID) -> Settings:
    """The operation's settings; read again only when the operation is loaded anew."""
    found: Settings = kept(operation_id, _settings)
    return found


def _settings(operation_id: UUID) -> Settings:
    said = Operation.objects.get(pk=operation_id).rules.get("transport") or {}
    capacity = said.get("capacity", {})
    return Settings(
        is_kept=bool(said), kept_days=said.get("identities_kept_days", 0),
        half_empty_below=Decimal(said.get("half_empty_below", 0)), capacity=Decimal(capacity.get("quantity", 1)),
        capacity_unit=capacity.get("unit", ""), unit_kinds=tuple(said.get("unit_kinds", ())),
        stages=said.get("stages", {}), places={one["code"]: one["names"] for one in said.get("places", ())},
        deeds=_by_code(said, "deeds"), conditions=_by_code(said, "conditions"), sheets=_by_code(said, "label_sheets"),
    )  # fmt: skip


def _by_code(said: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    return {one["code"]: one for one in said.get(name, ())}
