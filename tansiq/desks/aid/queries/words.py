"""The names of codes in every language, for lists and forms: stages, reasons, units, crossings, sources and more."""

from collections.abc import Mapping
from dataclasses import dataclass

from tansiq.building.places.models import Area, Crossing, Place
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room
from tansiq.desks.aid.models import Reference, ReferenceKind

Names = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """Code → names, list by list; a code that nobody named is shown as it is."""

    stages: dict[str, Names]
    reasons: dict[str, Names]
    units: dict[str, Names]
    commodities: dict[str, Names]
    classes: dict[str, Names]  # of commodities
    class_of: dict[str, str]  # commodity → its class
    consignors: dict[str, Names]
    crossings: dict[str, Names]
    areas: dict[str, Names]  # by p-code; and the operation's own sites, by code
    sources: dict[str, Names]  # rooms and ledgers
    reason_groups: dict[str, list[str]]  # reason → groups in which it may be given
    reasons_of_stage: dict[str, str]  # stage → the group of reasons that it asks for


def words(by: Actor) -> Words:
    """Every name that the pages of aid show, in five queries."""
    lists: dict[str, dict[str, Reference]] = {kind: {} for kind in ReferenceKind.values}
    for row in Reference.objects.filter(operation=by.operation_id).order_by("kind", "place", "version"):
        lists[row.kind][row.code] = row
    crossings = Crossing.objects.filter(operation=by.operation_id).select_related("place").order_by("code")
    rooms = Room.objects.filter(operation=by.operation_id).values_list("slug", "names")
    areas = Area.objects.filter(operation=by.operation_id).order_by("p_code").values_list("p_code", "place__names")
    sites = Place.objects.filter(operation=by.operation_id, catalogue="site").order_by("code")
    stages, reasons, goods = (lists[kind] for kind in ("stage", "reason", "commodity"))
    return Words(
        stages=_names(stages), reasons=_names(reasons), units=_names(lists["unit"]), commodities=_names(goods),
        classes=_names(lists["commodity_class"]),
        class_of={code: row.body.get("class", "") for code, row in goods.items()},
        consignors=_names(lists["consignor_class"]), crossings={one.code: one.place.names for one in crossings},
        areas={**dict(sites.values_list("code", "names")), **dict(areas)},
        sources={**_ledgers(lists["mapping"]), **_names(lists["source"]), **dict(rooms)},
        reason_groups={code: row.body.get("groups", []) for code, row in reasons.items()},
        reasons_of_stage={code: row.body["reasons"] for code, row in stages.items() if row.body.get("reasons")},
    )  # fmt: skip


def named(names: Mapping[str, Names], code: str) -> Names | str:
    """The names of a code, or the code itself."""
    return names.get(code) or code


def _names(rows: Mapping[str, Reference]) -> dict[str, Names]:
    return {code: row.names for code, row in rows.items()}


def _ledgers(mappings: Mapping[str, Reference]) -> dict[str, Names]:
    ledgers = [row.body.get("ledger", {}) for row in mappings.values()]
    return {ledger["code"]: ledger.get("names", {}) for ledger in ledgers if ledger.get("code")}
