"""Brings the reference data of an operation's directory into the database, as its owner."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.models import Reference, ReferenceKind
from tansiq.desks.aid.rules import KnownCodes, count_rule
from tansiq.engine.imports import CargoReader, CargoRules, mapping_from

OWNER = "owner"
LISTS = (
    ("commodities.yaml", "classes", ReferenceKind.COMMODITY_CLASS),
    ("commodities.yaml", "commodities", ReferenceKind.COMMODITY),
    ("units.yaml", "units", ReferenceKind.UNIT),
    ("consignor_classes.yaml", "consignor_classes", ReferenceKind.CONSIGNOR_CLASS),
    ("stages.yaml", "stages", ReferenceKind.STAGE),
    ("reasons.yaml", "reasons", ReferenceKind.REASON),
    ("sources.yaml", "sources", ReferenceKind.SOURCE),
)
"""(file, its top-level name, kind); an absent file means an empty list."""


def load_reference(operation: Operation, directory: Path) -> dict[str, int]:
    """Read the aid desk's files of an operation directory; answers how many entries of each kind are in use.

    Lists are brought up to date in place. A mapping, the cargo rules or a definition that changed becomes a
    new version. Raises ValueError (MappingError, DefinitionFaults …) naming what a file says wrongly.
    """
    counts: dict[str, int] = {}
    for file, name, kind in LISTS:
        counts[kind] = _load_list(operation, kind, _read(directory / file).get(name, []))
    conservation = _read(directory / "conservation.yaml")
    stated = [{**conservation, "code": ReferenceKind.CONSERVATION.value}] if conservation else []
    counts[ReferenceKind.CONSERVATION] = _load_list(operation, ReferenceKind.CONSERVATION, stated)
    documents = [mapping_from(_read(path)) for path in sorted((directory / "mappings").glob("*.yaml"))]
    mappings = [{**document.model_dump(mode="json"), "code": document.code} for document in documents]
    counts[ReferenceKind.MAPPING] = _load_documents(operation, ReferenceKind.MAPPING, mappings)
    rules = _read(directory / "cargo_rules.yaml")
    if rules:
        CargoReader(CargoRules.model_validate(rules), {})
        kept = [{**rules, "code": "cargo_rules", "names": {}}]
        counts[ReferenceKind.CARGO_RULES] = _load_documents(operation, ReferenceKind.CARGO_RULES, kept, keep_code=False)
    definitions = _read(directory / "count_definitions.yaml").get("definitions", [])
    counts[ReferenceKind.COUNT_DEFINITION] = _load_definitions(operation, definitions)
    return counts


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return json.loads(json.dumps(found, default=str)) if isinstance(found, Mapping) else {}


def _load_list(operation: Operation, kind: str, entries: Iterable[Mapping[str, Any]]) -> int:
    rows = [
        Reference(operation=operation, kind=kind, code=entry["code"], place=place, names=entry.get("names", {}),
                  body={name: value for name, value in entry.items() if name not in ("code", "names")}, in_use=True)
        for place, entry in enumerate(entries)
    ]  # fmt: skip
    kept = Reference.objects.using(OWNER).filter(operation=operation, kind=kind)
    kept.exclude(code__in=[row.code for row in rows]).update(in_use=False)
    Reference.objects.using(OWNER).bulk_create(
        rows, update_conflicts=True, unique_fields=["operation", "kind", "code", "version"],
        update_fields=["place", "names", "body", "in_use"],
    )  # fmt: skip
    return len(rows)


def _load_documents(operation: Operation, kind: str, bodies: list[dict[str, Any]], *, keep_code: bool = True) -> int:
    kept = Reference.objects.using(OWNER).filter(operation=operation, kind=kind)
    kept.exclude(code__in=[body["code"] for body in bodies]).update(in_use=False)
    for place, body in enumerate(bodies):
        code, names = body["code"], body.get("names", {})
        content = body if keep_code else {name: value for name, value in body.items() if name not in ("code", "names")}
        newest = kept.filter(code=code).order_by("-version").first()
        if newest and _digest(newest.body) == _digest(content):
            kept.filter(pk=newest.pk).update(in_use=True, place=place)
            continue
        Reference.objects.using(OWNER).create(
            operation=operation, kind=kind, code=code, version=newest.version + 1 if newest else 1, place=place,
            names=names, body=content,
        )  # fmt: skip
    return len(bodies)


def _load_definitions(operation: Operation, entries: list[dict[str, Any]]) -> int:
    kept = Reference.objects.using(OWNER).filter(operation=operation, kind=ReferenceKind.COUNT_DEFINITION)
    known = _known(operation)
    kept.exclude(code__in=[entry["code"] for entry in entries]).update(in_use=False)
    for place, entry in enumerate(entries):
        code, version, names = entry["code"], entry.get("version", 1), entry.get("names", {})
        body = {name: value for name, value in entry.items() if name not in ("code", "version", "names")}
        count_rule(code, version, names, body, known, of_room=False)
        former = kept.filter(code=code, version=version).first()
        if former and _digest(former.body) != _digest(body):
            raise ValueError(f"count_definitions.yaml: {code} version {version} was published and says something else")
        if former:
            kept.filter(pk=former.pk).update(in_use=True, place=place, names=names)
        else:
            Reference.objects.using(OWNER).create(
                operation=operation, kind=ReferenceKind.COUNT_DEFINITION, code=code, version=version, place=place,
                names=names, body=body,
            )  # fmt: skip
    return len(entries)


def _known(operation: Operation) -> KnownCodes:
    lists: dict[str, list[str]] = {}
    members: dict[str, list[str]] = {}
    for row in Reference.objects.using(OWNER).filter(operation=operation, in_use=True):
        lists.setdefault(row.kind, []).append(row.code)
        if row.kind == ReferenceKind.COMMODITY:
            members.setdefault(row.body.get("class", ""), []).append(row.code)
    return KnownCodes(
        lists.get("stage", []), lists.get("unit", []), lists.get("consignor_class", []),
        [*lists.get("commodity", []), *members], members, operation.time_zone,
    )  # fmt: skip


def _digest(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
