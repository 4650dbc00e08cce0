"""The names of codes in every language: authorities, reasons, outcomes, routes and their states, goods, rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tansiq.building.places.models import Crossing
from tansiq.building.rooms.models import Room
from tansiq.desks.aid.models import Reference, ReferenceKind
from tansiq.desks.coordination.models import Term, TermKind

Names = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """Code → names, list by list; a code that nobody named is shown as it is."""

    terms: dict[str, dict[str, Names]]  # kind of term → code → names
    bodies: dict[str, dict[str, Mapping[str, Any]]]  # kind of term → code → what the files say of it
    in_use: dict[str, list[str]]  # kind of term → codes that may still be chosen, in the order of the files
    rooms: dict[UUID, Room]
    crossings: dict[str, Names]
    units: dict[str, Names]
    commodities: dict[str, Names]

    def usable(self, kind: str) -> dict[str, Names]:
        """The codes of a list that may still be chosen."""
        return {code: self.terms[kind][code] for code in self.in_use[kind]}

    @property
    def setting(self) -> Mapping[str, Any]:
        """What the operation says of the desk as a whole."""
        return self.bodies[TermKind.SETTING].get("coordination", {})

    @property
    def authorities(self) -> list[Room]:
        """The rooms that coordinate, in the order of the files."""
        by_code = {room.slug: room for room in self.rooms.values()}
        return [by_code[code] for code in self.in_use[TermKind.AUTHORITY] if code in by_code]

    def authority(self, room: Room) -> Mapping[str, Any]:
        """What the operation says of one that coordinates."""
        return self.bodies[TermKind.AUTHORITY].get(room.slug, {})

    def name(self, kind: str, code: str) -> Names | str:
        """The names of a code of a list, or the code itself."""
        return self.terms[kind].get(code) or code

    def route(self, code: str, name: str) -> Names | str:
        """What a route is called: by its code, else as somebody named it."""
        return self.name(TermKind.ROUTE, code) if code else name


def words(operation_id: UUID) -> Words:
    """Every name that this desk shows, in four queries."""
    terms: dict[str, dict[str, Names]] = {kind: {} for kind in TermKind.values}
    bodies: dict[str, dict[str, Mapping[str, Any]]] = {kind: {} for kind in TermKind.values}
    in_use: dict[str, list[str]] = {kind: [] for kind in TermKind.values}
    for term in Term.objects.filter(operation=operation_id).order_by("kind", "place", "code"):
        terms[term.kind][term.code], bodies[term.kind][term.code] = term.names, term.body
        in_use[term.kind] += [term.code] if term.in_use else []
    crossings = Crossing.objects.filter(operation=operation_id).select_related("place").order_by("code")
    goods = Reference.objects.filter(
        operation=operation_id, kind__in=(ReferenceKind.UNIT, ReferenceKind.COMMODITY)
    ).order_by("kind", "place", "version")
    lists: dict[str, dict[str, Names]] = {ReferenceKind.UNIT: {}, ReferenceKind.COMMODITY: {}}
    for row in goods:
        lists[row.kind][row.code] = row.names
    return Words(
        terms=terms, bodies=bodies, in_use=in_use,
        rooms={room.pk: room for room in Room.objects.filter(operation=operation_id).order_by("slug")},
        crossings={one.code: one.place.names for one in crossings}, units=lists[ReferenceKind.UNIT],
        commodities=lists[ReferenceKind.COMMODITY],
    )  # fmt: skip


def named(names: Mapping[str, Names], code: str) -> Names | str:
    """The names of a code, or the code itself."""
    return names.get(code) or code
