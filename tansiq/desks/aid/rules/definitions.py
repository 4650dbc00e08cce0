"""Count definitions as an operation or a room writes them, and what the counting engine makes of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tansiq.engine.counting import Definition, definition_faults

Keyed = Literal["unit", "passage", "event"]

ANY_UNIT = "*"
CODE = r"[a-z][a-z0-9_]{0,63}"  # of a room's own definition
TIME_RULES = {"each_event": "occurred", "recorded": "recorded", "first_event": "first_occurrence"}
MEASURES = ("events", "units", "quantity", "quantity_damaged")
ATTEMPTS = ("all", "last")
SETS = {"stages": "stages", "consignor_classes": "consignors", "commodities": "commodities", "crossings": "crossings",
        "sources": "sources"}  # fmt: skip
FIELDS = {*SETS, "measure", "unit", "time_rule", "attempts", "side", "time_zone", "day_starts_s"}


@dataclass(frozen=True)
class CountRule:
    """A named count: the engine's definition, and what counts once in it."""

    definition: Definition
    keyed: Keyed  # "unit": a unit once; "passage": once for each attempt; "event": every record
    damaged: bool  # the quantity is the damaged part of what was received
    last_attempt: bool  # only the last attempt of a unit that was sent again
    names: Mapping[str, str]
    description: Mapping[str, str]
    of_room: bool  # a room's own definition
    owner: Mapping[str, str] | None = None  # names of the room that defined it, where that is another one


class DefinitionFaults(ValueError):
    """A definition that cannot be used, with everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def count_rule(
    code: str, version: int, names: Mapping[str, str], body: Mapping[str, Any], known: "KnownCodes", *, of_room: bool
) -> CountRule:
    """Read a definition. Raises DefinitionFaults."""
    faults = [f"{name}: unknown field" for name in sorted(set(body) - FIELDS - {"description"})]
    for name, allowed in (("measure", MEASURES), ("time_rule", TIME_RULES), ("attempts", ATTEMPTS)):
        if name in body and body[name] not in allowed:
            faults.append(f"{name}: {body[name]} (expected {', '.join(allowed)})")
    if faults:
        raise DefinitionFaults(tuple(faults))
    engine = _engine_fields(code, version, body, known)
    found = definition_faults(engine, known.as_engine())
    if found:
        raise DefinitionFaults(tuple(f"{fault.field}: {fault.code} {fault.found}".strip() for fault in found))
    definition = Definition(**{k: frozenset(v) if isinstance(v, list) else v for k, v in engine.items()})
    return CountRule(
        definition, _keyed(body), body.get("measure") == "quantity_damaged", body.get("attempts") == "last",
        names, body.get("description", {}), of_room,
    )  # fmt: skip


@dataclass(frozen=True)
class KnownCodes:
    """The codes that a definition may name."""

    stages: Collection[str]
    units: Collection[str]
    consignor_classes: Collection[str]
    commodities: Collection[str]
    members: Mapping[str, Collection[str]]  # commodity class -> its commodities
    time_zone: str  # of the operation

    def as_engine(self) -> dict[str, Collection[str]]:
        """The same, by the engine's field names."""
        return {"stages": self.stages, "unit": {*self.units, ANY_UNIT}, "consignors": self.consignor_classes,
                "commodities": self.commodities}  # fmt: skip


def _engine_fields(code: str, version: int, body: Mapping[str, Any], known: KnownCodes) -> dict[str, Any]:
    engine: dict[str, Any] = {
        "code": code, "version": version, "time_rule": TIME_RULES[body.get("time_rule", "each_event")],
        "measure": "quantity" if str(body.get("measure", "units")).startswith("quantity") else "units",
        "unit": ANY_UNIT if body.get("measure") == "events" else body.get("unit", ""),
        "timezone": body.get("time_zone", known.time_zone), "day_starts_s": body.get("day_starts_s", 0),
        "side": body.get("side", "receiver"),
    }  # fmt: skip
    for name, field in SETS.items():
        if body.get(name):
            engine[field] = list(body[name])
    if "commodities" in engine:
        engine["commodities"] = sorted(
            {one for name in engine["commodities"] for one in known.members.get(name, [name])}
        )
    return engine


def _keyed(body: Mapping[str, Any]) -> Keyed:
    if body.get("measure") == "events":
        return "event"
    return "unit" if body.get("time_rule") == "first_event" or body.get("attempts") == "last" else "passage"
