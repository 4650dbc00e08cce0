"""Count definitions as data, and what is wrong with a proposed one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Final
from zoneinfo import ZoneInfo

MEASURES: Final = ("units", "quantity")
TIME_RULES: Final = ("occurred", "recorded", "first_occurrence")
SIDES: Final = ("giver", "receiver", "lower")
SECONDS_PER_DAY: Final = 86_400

_SET_FIELDS: Final = ("stages", "consignors", "commodities", "crossings", "sources")
_CHOICES: Final = {"measure": MEASURES, "time_rule": TIME_RULES, "side": SIDES}
_TEXT_FIELDS: Final = ("code", "unit", "timezone")
_REQUIRED: Final = ("code", "version", "stages", "unit")


@dataclass(frozen=True, slots=True)
class Definition:
    """Say which events a count takes, and how much each of them is worth."""

    code: str  # the definition's name, stable over versions
    version: int  # >= 1; a published version never changes
    stages: frozenset[str]  # stages whose events are counted
    unit: str  # 'truck', 'pallet', 'MT', ...; rows in another unit are not counted
    measure: str = "units"  # 'units': distinct units, once each; 'quantity': sum of quantities
    consignors: frozenset[str] | None = None  # consignor classes; None = all
    commodities: frozenset[str] | None = None  # commodity classes; None = all
    crossings: frozenset[str] | None = None  # crossing codes; None = all
    sources: frozenset[str] | None = None  # whose ledgers; None = all
    time_rule: str = "occurred"  # which time decides the period, see TIME_RULES
    side: str = "receiver"  # whose quantity at a hand-over, see SIDES
    timezone: str = "UTC"  # IANA name; where the counting day is told
    day_starts_s: int = 0  # seconds after local midnight at which the counting day begins


@dataclass(frozen=True, slots=True)
class Fault:
    """Name one thing that is wrong with a proposed definition."""

    field: str  # the field at fault
    code: str  # 'missing', 'unknown_field', 'wrong_type', 'unknown_value', 'empty', 'out_of_range'
    found: str = ""  # what stood there, as text


class DefinitionRefused(ValueError):
    """A proposed definition has faults; all of them are listed."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.field}: {fault.code} {fault.found}".strip() for fault in faults))


def definition_from_dict(data: Mapping[str, object], known: Mapping[str, Collection[str]] | None = None) -> Definition:
    """Build a definition from plain data, or refuse it with every fault found.

    data : mapping of field name to value   lists, tuples or sets for the class fields
    known : mapping                         for 'stages', 'unit', 'crossings', ... the codes that exist
    Returns : Definition
    Raises : DefinitionRefused              any field is missing, unknown, of a wrong type or value
    """
    faults = definition_faults(data, known)
    if faults:
        raise DefinitionRefused(faults)
    values = {name: _as_field(name, value) for name, value in data.items()}
    return Definition(**values)  # type: ignore[arg-type]


def definition_to_dict(definition: Definition) -> dict[str, object]:
    """Give a definition as plain data with sorted lists, fit for JSON and for a digest."""
    plain: dict[str, object] = {}
    for entry in fields(definition):
        value = getattr(definition, entry.name)
        plain[entry.name] = sorted(value) if isinstance(value, frozenset) else value
    return plain


def definition_faults(
    data: Mapping[str, object], known: Mapping[str, Collection[str]] | None = None
) -> tuple[Fault, ...]:
    """List what is wrong with a proposed definition, in the order of its fields."""
    allowed = [entry.name for entry in fields(Definition)]
    faults = [Fault(name, "missing") for name in _REQUIRED if name not in data]
    faults += [Fault(str(name), "unknown_field") for name in data if name not in allowed]
    for name in allowed:
        if name in data:
            faults += _field_faults(name, data[name], (known or {}).get(name))
    return tuple(faults)


def _field_faults(name: str, value: object, known: Collection[str] | None) -> list[Fault]:
    if name in _SET_FIELDS:
        return _set_faults(name, value, known)
    if name in ("version", "day_starts_s"):
        return _number_faults(name, value)
    return _text_faults(name, value, _CHOICES.get(name, known))


def _text_faults(name: str, value: object, choices: Collection[str] | None) -> list[Fault]:
    if not isinstance(value, str):
        return [Fault(name, "wrong_type", repr(value))]
    if name in _TEXT_FIELDS and not value.strip():
        return [Fault(name, "empty")]
    if (choices is not None and value not in choices) or (name == "timezone" and not _is_timezone(value)):
        return [Fault(name, "unknown_value", value)]
    return []


def _set_faults(name: str, value: object, known: Collection[str] | None) -> list[Fault]:
    if value is None and name != "stages":
        return []
    if not isinstance(value, list | tuple | set | frozenset):
        return [Fault(name, "wrong_type", repr(value))]
    if not value:
        return [Fault(name, "empty")]
    faults = [Fault(name, "wrong_type", repr(item)) for item in value if not isinstance(item, str)]
    if known is not None:
        strange = sorted(item for item in value if isinstance(item, str) and item not in known)
        faults += [Fault(name, "unknown_value", item) for item in strange]
    return faults


def _number_faults(name: str, value: object) -> list[Fault]:
    if not isinstance(value, int) or isinstance(value, bool):
        return [Fault(name, "wrong_type", repr(value))]
    in_range = value >= 1 if name == "version" else 0 <= value < SECONDS_PER_DAY
    return [] if in_range else [Fault(name, "out_of_range", str(value))]


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _as_field(name: str, value: object) -> object:
    if name in _SET_FIELDS and isinstance(value, list | tuple | set | frozenset):
        return frozenset(value)
    return value
