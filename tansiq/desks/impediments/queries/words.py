"""The names of codes in every language: types, links, answers, origins, units, places, obligations, rooms, roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tansiq.building.places.models import Area, Crossing
from tansiq.building.rooms.models import Operation, Role, Room
from tansiq.desks.impediments.models import Term, TermKind

Names = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """Code → names, list by list; a code that nobody named is shown as it is."""

    types: dict[str, Names]
    links: dict[str, Names]
    answers: dict[str, Names]
    origins: dict[str, Names]
    units: dict[str, Names]
    in_use: dict[str, list[str]]  # kind of term → codes that may still be chosen, in the order of the files
    bodies: dict[str, dict[str, Mapping[str, Any]]]  # kind of term → code → what the files say of it
    places: dict[str, Names]  # crossings by code, then areas by p-code
    obligations: dict[str, Names]
    clauses: dict[str, Names]  # obligation → the clause it stands for
    rooms: dict[UUID, Room]
    roles: dict[str, Names]

    @property
    def silence(self) -> str:
        """The code of the answer that nobody gives."""
        answers = self.bodies[TermKind.ANSWER]
        return next((code for code, body in answers.items() if body.get("silence")), "silent")

    @property
    def given(self) -> dict[str, Names]:
        """The answers that a person may give."""
        return {code: self.answers[code] for code in self.in_use[TermKind.ANSWER] if code != self.silence}

    def usable(self, kind: str) -> dict[str, Names]:
        """The codes of a list that may still be chosen."""
        lists = {TermKind.TYPE: self.types, TermKind.CHAIN_LINK: self.links, TermKind.COST_UNIT: self.units,
                 TermKind.ORIGIN: self.origins, TermKind.ANSWER: self.answers}  # fmt: skip
        return {code: lists[TermKind(kind)][code] for code in self.in_use[kind]}


def words(operation_id: UUID) -> Words:
    """Every name that this desk shows, in six queries."""
    names: dict[str, dict[str, Names]] = {kind: {} for kind in TermKind.values}
    bodies: dict[str, dict[str, Mapping[str, Any]]] = {kind: {} for kind in TermKind.values}
    in_use: dict[str, list[str]] = {kind: [] for kind in TermKind.values}
    for term in Term.objects.filter(operation=operation_id).order_by("kind", "place", "code"):
        names[term.kind][term.code], bodies[term.kind][term.code] = term.names, term.body
        in_use[term.kind] += [term.code] if term.in_use else []
    crossings = Crossing.objects.filter(operation=operation_id).select_related("place").order_by("code")
    areas = Area.objects.filter(operation=operation_id).order_by("p_code").values_list("p_code", "place__names")
    owed = Operation.objects.get(pk=operation_id).rules.get("obligations", [])
    return Words(
        types=names["type"], links=names["chain_link"], answers=names["answer"], origins=names["origin"],
        units=names["cost_unit"], in_use=in_use, bodies=bodies,
        places={**{one.code: one.place.names for one in crossings}, **dict(areas)},
        obligations={one["code"]: one["names"] for one in owed},
        clauses={one["code"]: one.get("clause", {}) for one in owed},
        rooms={room.pk: room for room in Room.objects.filter(operation=operation_id).order_by("slug")},
        roles=dict(Role.objects.filter(operation=operation_id).order_by("code").values_list("code", "names")),
    )  # fmt: skip


def named(names: Mapping[str, Names], code: str) -> Names | str:
    """The names of a code, or the code itself."""
    return names.get(code) or code
