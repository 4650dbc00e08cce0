"""Turns statements into events, units and measures; a statement made twice is written once."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.cargo import learn_names
from tansiq.desks.aid.actions.labels import Labels
from tansiq.desks.aid.actions.weighing import Judgement, Standing, judge
from tansiq.desks.aid.actions.writing import as_record, insert_rows
from tansiq.desks.aid.models import AidEvent, AidMeasure, CargoName, Consignment, HandlingUnit
from tansiq.desks.aid.queries.cargo import cargo_key
from tansiq.desks.aid.rules import EventStatement, Quantity

UNSAID = ("quantities", "recorded_at", "insists", "insists_because")  # no part of what a statement says of the event
_SAID = attrgetter(*(f.name for f in fields(EventStatement) if f.name not in UNSAID))
_STATED = attrgetter(*(f.name for f in fields(Quantity)))
Passage = tuple[str, UUID | None, str, int]  # source, unit or consignment, stage, attempt
Name = tuple[str, int]  # key and edition of an event of the same source


@dataclass
class Written:
    """What became of statements: the new rows, and the statements that contradict a recorded one."""

    statements: list[EventStatement]
    events: list[UUID] = field(default_factory=list)
    measures: list[UUID] = field(default_factory=list)
    units: list[UUID] = field(default_factory=list)
    names: list[UUID] = field(default_factory=list)
    differs: list[EventStatement] = field(default_factory=list)
    unregistered: list[EventStatement] = field(default_factory=list)  # name a consignment that nobody registered
    refused: list[tuple[EventStatement, Refused]] = field(default_factory=list)  # break a sum, or name no line
    judgement: Judgement = field(default_factory=Judgement)
    event: AidEvent | None = None  # where one was written alone

    def rows(self) -> list[tuple[Any, list[UUID]]]:
        """Every row written, by model."""
        found = [
            (AidEvent, self.events),
            (AidMeasure, self.measures),
            (HandlingUnit, self.units),
            (CargoName, self.names),
        ]
        return [(model, ids) for model, ids in found if ids]


def digest_of(statement: EventStatement) -> str:
    """What a statement says, as a digest; when it was recorded does not count."""
    said = [*map(str, _SAID(statement))]
    for quantity in statement.quantities:
        said += map(str, _STATED(quantity))
    return hashlib.blake2b("\x1f".join(said).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def write_statements(by: Actor, statements: Sequence[EventStatement], *, together: bool = False) -> Written:
    """Write those statements that are new; answers what was written and what contradicts the record.

    What breaks a sum is left out, unless its source insists; together : with it, all of them.
    """
    keyed = [s if s.source_key else replace(s, source_key=str(uuid4())) for s in statements]
    written = Written(keyed)
    new = _new_ones(by, keyed, written)
    if not new:
        return written
    now = datetime.now(UTC)
    new = [s if s.recorded_at else replace(s, recorded_at=now) for s in new]
    consignments = consignments_named(by, new)
    written.unregistered = [s for s in new if s.consignment and (s.source, s.consignment) not in consignments]
    new = [s for s in new if not s.consignment or (s.source, s.consignment) in consignments]
    units = units_named(by, new, consignments, written)
    rows = {uuid4(): (s, event_row(by, 0, s, units, consignments)) for s in new}
    labels = Labels(by, "headline", [row["consignment"] for _, row in rows.values()])
    for _, row in rows.values():
        row["audience"] = labels.of(row["consignment"])
    repeated = mark_repeats(by, rows, new_units=set(written.units))
    rows = _judged(by, rows, repeated, units, written, together=together)
    inserted = insert_rows(AidEvent, [{"id": key, **row} for key, (_, row) in rows.items()], once=True)
    written.events = inserted
    measure(by, [(key, *rows[key]) for key in inserted], written)
    if len(rows) == len(inserted) == 1:
        written.event = as_record(AidEvent, {"id": inserted[0], **rows[inserted[0]][1]})
    return written


def _judged(
    by: Actor,
    rows: dict[UUID, tuple[EventStatement, dict[str, Any]]],
    repeated: Mapping[UUID, tuple[str, int]],
    units: Mapping[str, HandlingUnit],
    written: Written,
    *,
    together: bool = False,
) -> dict[UUID, tuple[EventStatement, dict[str, Any]]]:
    """The rows that are kept: all but those that break a sum without being insisted on, and their repeats."""
    events = {key: Standing(s, row, repeated.get(key), s.insists, s.insists_because) for key, (s, row) in rows.items()}
    written.judgement = judge(by, events, units, together=together)
    refused = dict(written.judgement.refused)
    refused |= {key: refused[row["repeats"]] for key, (_, row) in rows.items() if row["repeats"] in refused}
    written.refused = [(rows[key][0], why) for key, why in refused.items()]
    return {key: kept for key, kept in rows.items() if key not in refused}


def _new_ones(by: Actor, statements: list[EventStatement], written: Written) -> list[EventStatement]:
    """Leave out what is recorded already, in the database or earlier in the same batch."""
    known: dict[tuple[str, str], str] = {}
    for source in {statement.source for statement in statements}:
        keys = [statement.source_key for statement in statements if statement.source == source]
        rows = AidEvent.objects.filter(room=by.room_id, source=source, source_key__in=keys, edition=0)
        known.update(((source, key), digest) for key, digest in rows.values_list("source_key", "fingerprint"))
    new = []
    for statement in statements:
        name, digest = (statement.source, statement.source_key), digest_of(statement)
        if name not in known:
            known[name] = digest
            new.append(statement)
        elif known[name] != digest:
            written.differs.append(statement)
    return new


def passage_of(row: Mapping[str, Any]) -> Passage:
    """What may happen once: a unit reaches a stage in one attempt, as one source says."""
    return row["source"], row["handling_unit"] or row["consignment"], row["stage"], row["attempt"]


def mark_repeats(
    by: Actor,
    rows: dict[UUID, tuple[EventStatement, dict[str, Any]]],
    *,
    without: UUID | None = None,
    new_units: Collection[UUID] = (),
) -> dict[UUID, Name]:
    """Name in each event whose passage is known already the event that counts for it; new units have none yet.

    Returns, for each of these, the key and edition of the event that it repeats.
    """
    asked = [row for _, row in rows.values() if row["handling_unit"] not in new_units]
    passages = standing_passages(by, asked, without=without) if asked else {}
    repeated = {}
    for key, (statement, row) in rows.items():
        if row["move"]:
            continue
        first, name = passages.setdefault(passage_of(row), (key, (row["source_key"], row["edition"])))
        if first != key and not statement.is_further:
            row["repeats"], repeated[key] = first, name
    return repeated


def standing_passages(
    by: Actor, rows: Sequence[Mapping[str, Any]], *, without: UUID | None = None
) -> dict[Passage, tuple[UUID, Name]]:
    """The events that count for passages of these rows' units at these rows' stages, each with its name."""
    units = {row["handling_unit"] for row in rows} - {None}
    consignments = {row["consignment"] for row in rows if not row["handling_unit"]} - {None}
    about = Q(handling_unit__in=units) | Q(handling_unit=None, consignment__in=consignments)
    corrected = AidEvent.objects.filter(room=by.room_id, corrects=OuterRef("pk"))
    kept = AidEvent.objects.filter(
        about,
        ~Exists(corrected),
        room=by.room_id,
        repeats=None,
        withdrawn=False,
        move="",
        stage__in={row["stage"] for row in rows},
    )
    found: dict[Passage, tuple[UUID, Name]] = {}
    for event in kept.order_by("recorded_at", "pk").values(
        "pk", "source", "handling_unit", "consignment", "stage", "attempt", "source_key", "edition"
    ):
        found.setdefault(passage_of(event), (event["pk"], (event["source_key"], event["edition"])))
    return found


def units_named(
    by: Actor,
    statements: Sequence[EventStatement],
    consignments: Mapping[tuple[str, str], UUID],
    written: Written,
    *,
    label: int | None = None,
) -> dict[str, HandlingUnit]:
    """The handling units that the statements name; those never seen before are registered.

    label : who reads a new one; None: whoever reads the detail of its consignment
    """
    wanted = {s.unit_code: s for s in statements if s.unit_code}
    codes = {*wanted, *(s.parent_code for s in statements if s.parent_code)}
    found = _units_by_code(by, codes)
    missing = sorted(codes - set(found))
    if not missing:
        return found
    labels = Labels(by, "detail", consignments.values())
    ids = {code: uuid4() for code in missing}
    # Whole units first, so that a part finds the unit from which it was split off.
    for is_part in (False, True):
        rows = []
        for code in missing:
            statement = wanted.get(code)
            parent = statement.parent_code if statement else ""
            if bool(parent) is is_part:
                consignment = consignments.get((statement.source, statement.consignment)) if statement else None
                rows.append({
                    "id": ids[code], "room": by.room_id, "audience": label or labels.of(consignment), "code": code,
                    "kind": statement.unit_kind if statement else "truck",
                    "parent": (found[parent].pk if parent in found else ids[parent]) if parent else None,
                    "consignment": consignment,
                })  # fmt: skip
        inserted = set(insert_rows(HandlingUnit, rows, once=True))
        written.units += inserted
        found |= {row["code"]: as_record(HandlingUnit, row) for row in rows if row["id"] in inserted}
    return found if codes <= found.keys() else _units_by_code(by, codes)


def _units_by_code(by: Actor, codes: set[str]) -> dict[str, HandlingUnit]:
    """The units, locked, so that two scans of one unit at the same moment see each other."""
    rows = HandlingUnit.objects.filter(room=by.room_id, code__in=codes).order_by("pk")
    return {unit.code: unit for unit in rows.select_for_update(no_key=True, of=("self",))}


def consignments_named(by: Actor, statements: Sequence[EventStatement]) -> dict[tuple[str, str], UUID]:
    """The registered consignments that the statements name, by source and reference; locked."""
    named = {(s.source, s.consignment) for s in statements if s.consignment}
    if not named:
        return {}
    rows = Consignment.objects.filter(room=by.room_id, reference__in=[reference for _, reference in named])
    rows = rows.order_by("pk").select_for_update(no_key=True, of=("self",))
    return {(source, reference): pk for source, reference, pk in rows.values_list("source", "reference", "pk")}


def event_row(
    by: Actor, label: int, s: EventStatement, units: dict[str, HandlingUnit], consignments: dict[tuple[str, str], UUID]
) -> dict[str, Any]:
    """The row of an event as it is first stated."""
    unit = units.get(s.unit_code)
    consignment = consignments.get((s.source, s.consignment)) or (unit.consignment_id if unit else None)
    return recorded(s.recorded_at) | {
        "room": by.room_id, "audience": label, "source": s.source, "source_key": s.source_key, "edition": 0,
        "fingerprint": digest_of(s), "consignment": consignment, "handling_unit": unit.pk if unit else None,
        "import_run": None, "stage": s.stage, "reason": s.reason, "occurred_at": s.occurred_at,
        "precision": str(s.precision), "crossing_code": s.crossing_code, "attempt": s.attempt,
        "corrects": None, "correction_reason": "", "repeats": None, "withdrawn": False, "move": s.move,
        "group": s.group,
    }  # fmt: skip


def recorded(moment: datetime | None) -> dict[str, Any]:
    """The time of record is also the time from which the default audience may read."""
    return {"recorded_at": moment, "audience_since": moment}


def measure(
    by: Actor, events: list[tuple[UUID, EventStatement, dict[str, Any]]], written: Written, *, label: int | None = None
) -> None:
    """Write where each event was and what it amounts to, one row for each unit and commodity."""
    names = {quantity.cargo for _, s, _ in events for quantity in s.quantities if quantity.cargo}
    known, written.names = learn_names(by, names) if names else ({}, [])
    labels = Labels(by, "detail", [row["consignment"] for _, _, row in events])
    rows = []
    for event_id, s, row in events:
        lined = written.judgement.quantities.get(event_id)
        for quantity in with_unit_itself(s if lined is None else replace(s, quantities=lined)):
            key = cargo_key(quantity.cargo) if quantity.cargo else ""
            rows.append({
                "room": by.room_id, "audience": label or labels.of(row["consignment"]), "event": event_id,
                "unit_key": row["handling_unit"] or row["consignment"], "reference": s.reference or s.unit_code,
                "source": s.source, "stage": s.stage, "crossing_code": s.crossing_code,
                "consignor_class": s.consignor_class, "commodity": quantity.commodity or known.get(key, ""),
                "cargo_key": key, "line_number": quantity.line, "unit": quantity.unit, "quantity_giver": quantity.giver,
                "quantity_receiver": quantity.receiver, "quantity_damaged": quantity.damaged, "place": s.place,
                "attempt": s.attempt, "is_repeat": row["repeats"] is not None or bool(s.move),
                "occurred_at": s.occurred_at, **recorded(s.recorded_at),
            })  # fmt: skip
    written.measures = insert_rows(AidMeasure, rows)


def with_unit_itself(s: EventStatement) -> list[Quantity]:
    """The quantities of a statement and, where none is in the scanned unit's own kind, the unit itself once.

    A mixed load has a row of the unit for each commodity, so that a count by commodity finds it; the number
    one stands in the first of them only, so that the sum of units is right as well. A place alone has a row too.
    """
    stated = list(s.quantities)
    if s.place and not s.unit_code and not stated:
        return [Quantity("")]
    if s.move or not s.unit_code or any(quantity.unit == s.unit_kind for quantity in stated):
        return stated
    goods = list(dict.fromkeys((quantity.commodity, quantity.cargo) for quantity in stated)) or [("", "")]
    itself = [
        Quantity(s.unit_kind, Decimal(number == 0), Decimal(number == 0), None, commodity, cargo)
        for number, (commodity, cargo) in enumerate(goods)
    ]
    return itself + stated
