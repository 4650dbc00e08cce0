"""What the operation says of requests: names of codes, the catalogue, and who clears what within which time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tansiq.building.places.models import Area, Crossing
from tansiq.building.rooms.editions import kept
from tansiq.building.rooms.models import Operation, Role, Room
from tansiq.desks.aid.models import Reference, ReferenceKind
from tansiq.desks.requests.rules import Authority, ClearanceRules, clearance_rules

Names = Mapping[str, str]
KINDS = (
    ReferenceKind.COMMODITY_CLASS, ReferenceKind.COMMODITY, ReferenceKind.UNIT, ReferenceKind.CONSIGNOR_CLASS,
    ReferenceKind.REASON, ReferenceKind.STAGE,
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Code → names, list by list; a code that nobody named is shown as it is."""

    commodities: dict[str, Names]
    catalogue: dict[str, Mapping[str, Any]]  # commodity in use → what the files say of it
    classes: dict[str, Names]  # of commodities
    units: dict[str, Names]
    consignors: dict[str, Names]
    reasons: dict[str, Names]  # every one
    item_reasons: dict[str, Names]  # those that may be given for an item
    stages: dict[str, Names]
    crossings: dict[str, Names]
    areas: dict[str, Names]
    rooms: dict[UUID, Room]
    roles: dict[str, Names]
    rules: ClearanceRules

    @property
    def class_of(self) -> dict[str, str]:
        """Commodity → its class."""
        return {code: entry.get("class", "") for code, entry in self.catalogue.items()}

    def room(self, slug: str) -> Room | None:
        """The room with this code."""
        return next((room for room in self.rooms.values() if room.slug == slug), None)

    def authorities(self, commodity: str, asking: UUID) -> list[tuple[Authority, Room]]:
        """The rooms, but never the asking one, that must clear a commodity."""
        entry = self.catalogue.get(commodity, {})
        found = [(one, self.room(one.room)) for one in self.rules.authorities if one.clears(commodity, entry)]
        return [(one, room) for one, room in found if room is not None and room.pk != asking]

    def authority(self, room_id: UUID) -> Authority | None:
        """What the files say of an authority."""
        room = self.rooms.get(room_id)
        return next((one for one in self.rules.authorities if room and one.room == room.slug), None)


def words(operation_id: UUID) -> Words:
    """Every name that this desk shows, in six queries."""
    lists: dict[str, dict[str, Reference]] = {kind: {} for kind in KINDS}
    for row in Reference.objects.filter(operation=operation_id, kind__in=KINDS).order_by("kind", "place", "version"):
        lists[row.kind][row.code] = row
    names = {kind: {code: row.names for code, row in rows.items()} for kind, rows in lists.items()}
    rules = rules_of(operation_id)
    goods, reasons = lists[ReferenceKind.COMMODITY], lists[ReferenceKind.REASON]
    crossings = Crossing.objects.filter(operation=operation_id).select_related("place").order_by("code")
    areas = Area.objects.filter(operation=operation_id).order_by("p_code").values_list("p_code", "place__names")
    return Words(
        commodities=names["commodity"], catalogue={code: row.body for code, row in goods.items() if row.in_use},
        classes=names["commodity_class"], units=names["unit"], consignors=names["consignor_class"],
        reasons=names["reason"],
        item_reasons={
            code: row.names for code, row in reasons.items()
            if row.in_use and rules.reason_group in row.body.get("groups", ())
        },
        stages=names["stage"], crossings={one.code: one.place.names for one in crossings}, areas=dict(areas),
        rooms={room.pk: room for room in Room.objects.filter(operation=operation_id).order_by("slug")},
        roles=dict(Role.objects.filter(operation=operation_id).order_by("code").values_list("code", "names")),
        rules=rules,
    )  # fmt: skip


def rules_of(operation_id: UUID) -> ClearanceRules:
    """Who clears what, within which time; kept by the process until the operation is loaded anew."""
    rules: ClearanceRules = kept(operation_id, _rules)
    return rules


def _rules(operation_id: UUID) -> ClearanceRules:
    return clearance_rules(Operation.objects.get(pk=operation_id).rules.get("clearance"))


def named(names: Mapping[str, Names], code: str) -> Names | str:
    """The names of a code, or the code itself."""
    return names.get(code) or code


def organisation_type(room: Room) -> str:
    """The kind of organisation whose room it is."""
    return str(room.organisation.kind) if room.organisation else ""
