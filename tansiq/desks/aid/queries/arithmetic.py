"""A broken sum: as facts that are kept, and in words for the person who is refused."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.aid.models import HandlingUnit, ReferenceKind
from tansiq.desks.aid.queries.reference import names_of
from tansiq.desks.aid.queries.told import HeldLines, Told, event_key, line_named
from tansiq.desks.aid.rules import HeldLine
from tansiq.engine.conservation import Discrepancy as Finding
from tansiq.engine.conservation import Refusal, from_micro

MOST_EVENTS = 3  # named in a sentence
Names = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Around:
    """What surrounds a finding: the line it is at, and all that is told of its consignment."""

    line: HeldLine
    told: Sequence[Told]

    def events(self, keys: Iterable[tuple[str, str]], *, again: bool | None = None) -> list[Told]:
        """The events of these keys: of each its newest edition, and scans that tell it otherwise."""
        names = {(source, event_key(key)) for source, key in keys}
        own = [one for one in self.told if (one.source, one.key) in names and again in (None, one.again)]
        newest: dict[tuple[str, str], int] = {}
        for one in own:
            newest[one.source, one.key] = max(one.edition, newest.get((one.source, one.key), 0))
        return sorted(
            (one for one in own if one.edition == newest[one.source, one.key]), key=lambda one: (one.occurred, one.key)
        )


def around(found: Finding, held: Mapping[UUID, HeldLines], told: Mapping[UUID, Sequence[Told]]) -> Around:
    """What surrounds a finding."""
    consignment, number = line_named(found.line)
    line = next(line for line in held[consignment].lines if line.number == number)
    return Around(line, told[consignment])


def identity_of(found: Finding) -> str:
    """What stays the same of a finding while its figures change, as a digest."""
    return hashlib.blake2b("\x1f".join(found.identity).encode(), digest_size=16).hexdigest()


def facts_of(found: Finding, place: Around, refusal: Refusal | None = None) -> dict[str, Any]:
    """Both readings of a finding and its sums, to be kept: figures as text, events by their ids."""
    is_same = found.kind == "key_reused"
    facts: dict[str, Any] = {
        "kind": found.kind, "line": place.line.number, "measure": place.line.unit, "unit": found.unit,
        "attempt": found.attempt, "stage": found.stage, "limit_stage": found.limit_stage,
        "parts": [{"stage": part.stage, "amount": plain(part.amount_micro)} for part in found.parts],
        "stated": plain(found.stated_micro), "limit": plain(found.limit_micro), "over": plain(found.over_micro),
        "events": [str(one.event) for one in place.events(found.keys, again=True if is_same else None)],
        "against": [str(one.event) for one in place.events(found.against, again=False if is_same else None)],
    }  # fmt: skip
    if refusal is not None:
        facts |= {"before": plain(refusal.before_micro), "added": plain(refusal.added_micro)}
    return facts


def refusal_of(by: Actor, refusals: Sequence[Refusal], held: Mapping[UUID, HeldLines], told: Any) -> Refused:
    """Why quantities are refused, with the arithmetic, in the reader's language: of the first sum that breaks."""
    first = min(refusals, key=lambda one: one.discrepancy.follows)
    found, names = first.discrepancy, names_of(by.operation_id, *_LISTS)
    place = around(found, held, told)
    facts = facts_of(found, place, first)
    readings = [*place.events(found.keys), *place.events(found.against)]
    said = {
        "line": place.line.number, "goods": _goods(place.line, names), "unit": _unit(found.unit),
        "measure": local_name(names[ReferenceKind.UNIT].get(place.line.unit, {})) or place.line.unit,
        "stage": _stage(found.stage, names), "limit_stage": _stage(found.limit_stage, names),
        "parts": _parts(facts["parts"], names), "events": _events(readings, names),
        **{name: facts[name] for name in ("stated", "limit", "over", "before", "added")},
        **_particular(by, found, readings, names),
    }  # fmt: skip
    return Refused(f"breaks_{found.kind}", **said)


_LISTS = (ReferenceKind.STAGE, ReferenceKind.UNIT, ReferenceKind.COMMODITY)


def plain(micro: int) -> str:
    """Millionths as a person writes the number."""
    figure = from_micro(micro)
    return "" if figure is None else shown(figure)


def shown(figure: Decimal) -> str:
    """12, not 12.000000."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _stage(code: str, names: Names) -> str:
    return local_name(names[ReferenceKind.STAGE].get(code, {})) or code


def _goods(line: HeldLine, names: Names) -> str:
    return local_name(names[ReferenceKind.COMMODITY].get(line.commodity, {})) or line.cargo or line.commodity or "-"


def _unit(unit_id: str) -> str:
    unit = HandlingUnit.objects.filter(pk=unit_id).first() if unit_id else None
    return unit.code if unit else "-"


def _parts(parts: Sequence[Mapping[str, str]], names: Names) -> str:
    return " + ".join(f"{_stage(part['stage'], names)} {part['amount']}".strip() for part in parts)


def _events(told: Sequence[Told], names: Names) -> str:
    listed = list({one.event: one for one in told}.values())
    words = [
        f"{_stage(one.stage, names)} {date_time_group(datetime.fromtimestamp(one.occurred, UTC))} ({one.source})"
        for one in listed[:MOST_EVENTS]
    ]
    more = len(listed) - MOST_EVENTS
    return "; ".join(words) + (f"; +{more}" if more > 0 else "")


def _particular(by: Actor, found: Finding, readings: Sequence[Told], names: Names) -> dict[str, str]:
    """What only some kinds of finding tell."""
    if found.kind == "unit_mismatch":
        measures = [amount.measure for one in readings for amount in one.amounts]
        units = names[ReferenceKind.UNIT]
        return {"found": ", ".join(local_name(units.get(code, {})) or code for code in dict.fromkeys(measures))}
    if found.kind == "two_places":
        places = [*dict.fromkeys(one.place for one in readings if one.place), "", ""]
        rows = Crossing.objects.filter(operation=by.operation_id, code__in=places).select_related("place")
        crossings = {row.code: local_name(row.place.names) for row in rows}
        return {"place": crossings.get(places[0], places[0]), "other": crossings.get(places[1], places[1])}
    return {}
