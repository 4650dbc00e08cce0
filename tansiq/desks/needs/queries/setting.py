"""What the operation's files say of needs, with the names of areas, indicators, levels and commodities."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from tansiq.building.places.models import Area, Place
from tansiq.building.rooms.configuration.needs import Indicator, NeedsFile
from tansiq.building.rooms.models import Operation, Room
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import ReferenceKind
from tansiq.desks.aid.queries.reference import names_of
from tansiq.engine.names import normal_form

Names = dict[str, str]


@dataclass(frozen=True)
class Setting:
    """Indicators and norms, and every name that this desk shows."""

    operation: Operation
    zone: ZoneInfo
    needs: NeedsFile
    areas: dict[str, Names]  # by p-code
    parents: dict[str, str]  # p-code → p-code of the area that holds it
    places: dict[str, str]  # code of a site → p-code of its area
    spellings: dict[str, str]  # normal form of an area's name → p-code
    commodities: dict[str, Names]
    sectors: dict[str, Names]
    units: dict[str, Names]
    rooms: dict[UUID, Room]

    @property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators by code."""
        return {one.code: one for one in self.needs.indicators}

    @property
    def level_weights(self) -> dict[str, object]:
        """Weights of the levels of exposure."""
        return {one.code: one.weight for one in self.needs.levels}

    def p_code_of(self, place: str) -> str:
        """The area of what an event states as its place: a p-code, or a site of the operation; "" where neither."""
        return place if place in self.areas else self.places.get(place, "")


def setting_or_none(operation_id: UUID) -> Setting | None:
    """The setting of an operation; None where its files state no indicators."""
    operation = Operation.objects.get(pk=operation_id)
    plain = operation.rules.get("needs")
    if not plain:
        return None
    rows = Area.objects.filter(operation=operation_id).select_related("place").order_by("level", "p_code")
    areas = {row.p_code: row.place.names for row in rows}
    sites = Place.objects.filter(operation=operation_id, is_own=True, area__isnull=False).select_related("area")
    kinds = (ReferenceKind.COMMODITY, ReferenceKind.COMMODITY_CLASS, ReferenceKind.UNIT)
    names = names_of(operation_id, *kinds)
    spellings = {normal_form(name): code for code, spelled in areas.items() for name in spelled.values()}
    return Setting(
        operation, ZoneInfo(operation.time_zone), NeedsFile.model_validate(plain), areas,
        {row.p_code: row.parent_p_code for row in rows}, {one.code: one.area.p_code for one in sites}, spellings,
        names[kinds[0]], names[kinds[1]], names[kinds[2]],
        {room.pk: room for room in Room.objects.filter(operation=operation_id)},
    )  # fmt: skip


def setting(operation_id: UUID) -> Setting:
    """The setting of an operation. Raises Refused where its files state no indicators."""
    found = setting_or_none(operation_id)
    if found is None:
        raise Refused("needs_none")
    return found
