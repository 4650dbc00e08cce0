"""Code lists, mappings and count definitions, as the acting room finds them."""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.editions import kept
from tansiq.building.rooms.models import Operation, Room
from tansiq.desks.aid.models import CountDefinition, Reference, ReferenceKind
from tansiq.desks.aid.rules import Codes, CountRule, KnownCodes, count_rule
from tansiq.engine.counting import Conversion
from tansiq.engine.imports import CargoReader, CargoRules, ImportMapping, mapping_from

LISTS = (
    ReferenceKind.STAGE, ReferenceKind.REASON, ReferenceKind.UNIT, ReferenceKind.COMMODITY,
    ReferenceKind.CONSIGNOR_CLASS,
)  # fmt: skip


def reference(operation_id: UUID, *kinds: str) -> QuerySet[Reference]:
    """The entries of these lists that are in use, in the order of their files."""
    return Reference.objects.filter(operation=operation_id, kind__in=kinds, in_use=True).order_by(
        "kind", "place", "code"
    )


def names_of(operation_id: UUID, *kinds: str) -> dict[str, dict[str, dict[str, str]]]:
    """For each kind, code → names in every language, also of codes no longer in use."""
    found: dict[str, dict[str, dict[str, str]]] = {kind: {} for kind in kinds}
    rows = Reference.objects.filter(operation=operation_id, kind__in=kinds).order_by("kind", "place", "version")
    for kind, code, names in rows.values_list("kind", "code", "names"):
        found[kind][code] = names
    return found


def codes_of(operation_id: UUID) -> Codes:
    """Every code of the operation that is in use; kept by the process until the operation is loaded anew."""
    codes: Codes = kept(operation_id, _codes)
    return codes


def _codes(operation_id: UUID) -> Codes:
    operation = Operation.objects.get(pk=operation_id)
    rows = Reference.objects.filter(operation=operation_id, kind__in=LISTS, in_use=True)
    by_kind: dict[str, dict[str, dict[str, object]]] = {kind: {} for kind in LISTS}
    for kind, code, body in rows.values_list("kind", "code", "body"):
        by_kind[kind][code] = body
    return Codes(
        by_kind["stage"], by_kind["reason"], by_kind["unit"], by_kind["commodity"], by_kind["consignor_class"],
        operation.is_sample,
    )  # fmt: skip


@dataclass(frozen=True)
class KeptMapping:
    """An import mapping as the operation holds it."""

    mapping: ImportMapping
    version: int


def mappings(operation_id: UUID) -> list[Reference]:
    """The newest version of every import mapping, by code."""
    rows = reference(operation_id, ReferenceKind.MAPPING).order_by("code", "-version").distinct("code")
    return list(rows)


def mapping(operation_id: UUID, code: str) -> KeptMapping | None:
    """The newest version of one import mapping."""
    row = reference(operation_id, ReferenceKind.MAPPING).filter(code=code).order_by("-version").first()
    return KeptMapping(mapping_from(row.body), row.version) if row else None


def mapping_version(operation_id: UUID, wanted: ImportMapping) -> int:
    """The version under which the operation holds exactly this mapping; 0 when it does not."""
    plain = wanted.model_dump(mode="json")
    for row in reference(operation_id, ReferenceKind.MAPPING).filter(code=wanted.code).order_by("-version"):
        if mapping_from(row.body).model_dump(mode="json") == plain:
            return row.version
    return 0


def cargo_reader(operation_id: UUID) -> CargoReader | None:
    """The cargo rules made ready for use; None when the operation has none."""
    row = reference(operation_id, ReferenceKind.CARGO_RULES).order_by("-version").first()
    if row is None:
        return None
    classes = {
        code: body.get("class", "")
        for code, body in reference(operation_id, ReferenceKind.COMMODITY).values_list("code", "body")
    }
    return CargoReader(CargoRules.model_validate(row.body), classes)


def conversions(operation_id: UUID) -> tuple[Conversion, ...]:
    """The conversions between units that the operation states, each with its source."""
    found = []
    for code, body in reference(operation_id, ReferenceKind.UNIT).values_list("code", "body"):
        equals = body.get("equals")
        if equals:
            found.append(Conversion(code, equals["unit"], Fraction(str(equals["factor"])), equals["source"]))
    return tuple(found)


def known_codes(operation_id: UUID) -> KnownCodes:
    """What a count definition of this operation may name."""
    lists: dict[str, list[str]] = {kind: [] for kind in LISTS}
    members: dict[str, list[str]] = {}
    for row in reference(operation_id, *LISTS):
        lists[row.kind].append(row.code)
        if row.kind == ReferenceKind.COMMODITY:
            members.setdefault(row.body.get("class", ""), []).append(row.code)
    zone = Operation.objects.get(pk=operation_id).time_zone
    return KnownCodes(
        lists["stage"], lists["unit"], lists["consignor_class"], [*lists["commodity"], *members], members, zone
    )


def definitions(by: Actor) -> list[CountRule]:
    """Every count definition that the room may use, newest versions: the operation's, then the room's own."""
    known = known_codes(by.operation_id)
    kept = reference(by.operation_id, ReferenceKind.COUNT_DEFINITION)
    rows = [*kept.order_by("code", "-version").distinct("code")]
    found = [
        count_rule(r.code, r.version, r.names, r.body, known, of_room=False)
        for r in sorted(rows, key=lambda r: r.place)
    ]
    newest = _of_rooms(by).distinct("room__slug", "code")
    taken = {rule.definition.code for rule in found}
    return found + [
        rule for rule in (_rule_of_room(row, known, by) for row in newest) if rule.definition.code not in taken
    ]


def definition(by: Actor, code: str, version: int | None = None) -> CountRule | None:
    """One count definition, the newest version or the one asked for."""
    room, _dot, own_code = code.rpartition(".")
    of_room = _of_rooms(by).filter(code=own_code, **({"room__slug": room} if room else {"room": by.room_id}))
    kept = Reference.objects.filter(operation=by.operation_id, kind=ReferenceKind.COUNT_DEFINITION, code=code)
    narrowed = {"version": version} if version else {}
    row = kept.filter(**narrowed).order_by("-version").first()
    if row:
        return count_rule(row.code, row.version, row.names, row.body, known_codes(by.operation_id), of_room=False)
    own = of_room.filter(**narrowed).first()
    return _rule_of_room(own, known_codes(by.operation_id), by) if own else None


@dataclass(frozen=True)
class DefinitionVersion:
    """One version of a count definition, as it was written."""

    number: int
    names: dict[str, str]
    body: dict[str, Any]
    since: datetime | None  # when a room defined it; None for those of the operation's files


@dataclass(frozen=True)
class DefinitionVersions:
    """A count definition with every version of it, newest first."""

    code: str  # as a page or a program asks for it
    owner: dict[str, str] | None  # names of the room that defined it; None: the operation
    is_own: bool  # of the acting room, which alone can change it
    versions: list[DefinitionVersion]

    @property
    def names(self) -> dict[str, str]:
        """The names of the newest version."""
        return self.versions[0].names


def definition_versions(by: Actor) -> list[DefinitionVersions]:
    """The operation's definitions in the order of its files, then those of rooms, the acting room's own first."""
    found: dict[str, DefinitionVersions] = {}
    kept = Reference.objects.filter(operation=by.operation_id, kind=ReferenceKind.COUNT_DEFINITION)
    for row in kept.order_by("-in_use", "place", "code", "-version"):
        one = found.setdefault(row.code, DefinitionVersions(row.code, None, False, []))
        one.versions.append(DefinitionVersion(row.version, row.names, row.body, None))
    for own in sorted(_of_rooms(by), key=lambda row: row.room_id != by.room_id):
        is_own = own.room_id == by.room_id
        code = _shown_code(own, by)
        one = found.setdefault(code, DefinitionVersions(code, own.room.names, is_own, []))
        one.versions.append(DefinitionVersion(own.version, own.names, own.body, own.created_at))
    return list(found.values())


def _of_rooms(by: Actor) -> QuerySet[CountDefinition]:
    """Definitions of rooms as far as this room may read them, newest version of each first."""
    rows = CountDefinition.objects.filter(room__operation=by.operation_id).select_related("room")
    return rows.order_by("room__slug", "code", "-version")


def _shown_code(row: CountDefinition, by: Actor) -> str:
    """The code by which this room asks for a room's definition; two rooms may use the same word."""
    return row.code if row.room_id == by.room_id else f"{row.room.slug}.{row.code}"


def _rule_of_room(row: CountDefinition, known: KnownCodes, by: Actor) -> CountRule:
    rule = count_rule(_shown_code(row, by), row.version, row.names, row.body, known, of_room=True)
    return rule if row.room_id == by.room_id else replace(rule, owner=row.room.names)


def rooms_of(operation_id: UUID) -> list[UUID]:
    """Every room of the operation; the wall decides which of their rows are seen."""
    return list(Room.objects.filter(operation=operation_id).values_list("pk", flat=True))
