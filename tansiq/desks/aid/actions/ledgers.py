"""Writes what an import found: events with their measures, or plain ledger rows; a revision keeps the former one."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.queries import audience_for, default_audiences
from tansiq.desks.aid.actions.cargo import learn_names
from tansiq.desks.aid.actions.labels import Labels, widen
from tansiq.desks.aid.actions.writing import insert_rows
from tansiq.desks.aid.models import (
    AidEvent,
    AidMeasure,
    CargoName,
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ImportRun,
    LedgerRow,
    Precision,
)
from tansiq.desks.aid.queries.cargo import cargo_key
from tansiq.desks.aid.queries.plans import EVENTS, Held, Plan, Progress, Stated
from tansiq.engine.imports import ImportMapping

REVISED, WITHDRAWN, RESTORED = "ledger_revised", "ledger_withdrawn", "ledger_restored"
DETAILS = ("manifest", "waybill", "cargo", "consignor", "consignee", "destination", "vehicle", "remark")
FURTHER = {"source": "reported_by", "cargo_category": "cargo_category", "area": "area"}  # field -> name among the notes
Rows = list[tuple[Any, list[UUID]]]
Record = dict[str, Any]


def write_plan(by: Actor, run: ImportRun, mapping: ImportMapping, plan: Plan, progress: Progress | None) -> Rows:
    """Write the plan of an import; answers the ids written, by model."""
    if mapping.record != EVENTS:
        return [(LedgerRow, _write_rows(by, run, mapping, plan))]
    writer = _EventWriter(by, run)
    writer.learn(row for row in (*plan.added, *(stated for stated, _ in plan.revised)))
    for one in plan.added:
        writer.state(one, None)
    for one, held in plan.revised:
        writer.state(one, held)
    writer.withdraw(plan.withdrawn)
    return writer.insert(progress)


class _EventWriter:
    """Gathers the rows of every table, then inserts table by table."""

    def __init__(self, by: Actor, run: ImportRun) -> None:
        self.by, self.run = by, run
        now = datetime.now(UTC)
        self.recorded = {"recorded_at": now, "audience_since": now}
        self.event_labels = default_audiences("aid_event", by)
        self.consignment_labels = default_audiences("aid_consignment", by)
        self.known: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.names: list[UUID] = []
        self.rows: dict[Any, list[Record]] = {
            model: [] for model in (Consignment, ConsignmentDetail, ConsignmentIdentities, AidEvent, AidMeasure)
        }

    def learn(self, stated: Any) -> None:
        """Find what the cargo names mean, and keep those never seen before."""
        names = {str(one.row.values["cargo"]) for one in stated if one.row.values.get("cargo")}
        self.keys = {name: cargo_key(name) for name in names}
        self.known, self.names = learn_names(self.by, names)

    def state(self, one: Stated, held: Held | None) -> None:
        """Add what a row states; over a held edition, as its correction."""
        values, room = one.row.values, self.by.room_id
        consignment = held.consignment_id if held and held.consignment_id else uuid4()
        if held is None:
            self.rows[Consignment].append({
                "id": consignment, "room": room, "audience": self.consignment_labels["headline"],
                "source": self.run.source, "reference": one.key,
                "consignor_class": values.get("consignor_class") or "", "crossing_code": values.get("crossing") or "",
            })  # fmt: skip
        version = held.edition + 2 if held else 1
        self._describe(one, consignment, version)
        event = uuid4()
        self.rows[AidEvent].append(self._event(one, held, event, consignment))
        self.rows[AidMeasure].append(self._measure(one, event, consignment))

    def withdraw(self, gone: Sequence[tuple[str, Held]]) -> None:
        """Take back what the ledger no longer holds; the former editions stay."""
        former = AidEvent.objects.in_bulk([held.id for _, held in gone])
        for key, held in gone:
            event = former[held.id]
            self.rows[AidEvent].append({
                "id": uuid4(), "room": self.by.room_id, "audience": self.event_labels["headline"],
                "source": self.run.source, "source_key": key, "edition": held.edition + 1, "fingerprint": "",
                "consignment": event.consignment_id, "import_run": self.run.pk, "stage": event.stage,
                "reason": event.reason, "occurred_at": event.occurred_at, "precision": event.precision,
                "crossing_code": event.crossing_code, "attempt": event.attempt,
                "corrects": held.id, "correction_reason": WITHDRAWN, "withdrawn": True, **self.recorded,
            })  # fmt: skip

    def insert(self, progress: Progress | None) -> Rows:
        """Insert all that was gathered."""
        self._widen()
        found: Rows = [(CargoName, self.names)] if self.names else []
        for done, (model, rows) in enumerate(self.rows.items(), 1):
            if rows:
                found.append((model, insert_rows(model, rows)))
            if progress:
                progress("writing", done, len(self.rows))
        return found

    def _widen(self) -> None:
        """A row of a consignment that stands already is read by those to whom the consignment was released."""
        new = {row["id"] for row in self.rows[Consignment]}
        standing = {row["consignment"] for row in self.rows[AidEvent] if row["consignment"] not in new}
        consignment_of = {row["id"]: row["consignment"] for row in self.rows[AidEvent]}
        for model, line, kind in (
            (AidEvent, "headline", "aid_event"), (AidMeasure, "detail", "aid_event"),
            (ConsignmentDetail, "detail", "aid_consignment"), (ConsignmentIdentities, "identities", "aid_consignment"),
        ):  # fmt: skip
            if standing and self.rows[model]:
                widen(self.rows[model], Labels(self.by, line, standing, of=kind), consignment_of)

    def _describe(self, one: Stated, consignment: UUID, version: int) -> None:
        values, notes = one.row.values, dict(one.row.notes)
        notes |= {name: str(values[field]) for field, name in FURTHER.items() if values.get(field)}
        owned = {"room": self.by.room_id, "consignment": consignment, "version": version}
        self.rows[ConsignmentDetail].append({
            **owned, "audience": self.consignment_labels["detail"], "notes": notes,
            **{name: str(values.get(name) or "") for name in DETAILS},
        })  # fmt: skip
        if values.get("driver"):
            self.rows[ConsignmentIdentities].append({
                **owned, "audience": self.consignment_labels["identities"], "driver": str(values["driver"]),
            })  # fmt: skip

    def _event(self, one: Stated, held: Held | None, event: UUID, consignment: UUID) -> Record:
        values = one.row.values
        reason = "" if held is None else RESTORED if held.withdrawn else REVISED
        return {
            "id": event, "room": self.by.room_id, "audience": self.event_labels["headline"], "source": self.run.source,
            "source_key": one.key, "edition": held.edition + 1 if held else 0, "fingerprint": one.digest,
            "consignment": consignment, "import_run": self.run.pk, "stage": values["stage"],
            "reason": values.get("reason") or "", "occurred_at": values["occurred_from"],
            "precision": _precision(values), "crossing_code": values.get("crossing") or "",
            "attempt": values.get("attempt") or 1,
            "corrects": held.id if held else None, "correction_reason": reason, "withdrawn": False,
            **self.recorded,
        }  # fmt: skip

    def _measure(self, one: Stated, event: UUID, consignment: UUID) -> Record:
        values = one.row.values
        key = self.keys.get(str(values.get("cargo") or ""), "")
        return {
            "room": self.by.room_id, "audience": self.event_labels["detail"], "event": event, "unit_key": consignment,
            "reference": str(values.get("waybill") or "")[:300], "source": self.run.source, "stage": values["stage"],
            "crossing_code": values.get("crossing") or "", "consignor_class": values.get("consignor_class") or "",
            "commodity": self.known.get(key, ""), "cargo_key": key, "unit": values["unit"],
            # A ledger of one side states one number: that of whoever keeps it.
            "quantity_receiver": values["quantity"], "quantity_damaged": values.get("quantity_damaged"),
            "place": values.get("area") or "",
            "attempt": values.get("attempt") or 1, "occurred_at": values["occurred_from"], **self.recorded,
        }  # fmt: skip


def _precision(values: Record) -> str:
    start: datetime = values["occurred_from"]
    return Precision.MINUTE if values.get("occurred_to") == start else Precision.DAY


def _write_rows(by: Actor, run: ImportRun, mapping: ImportMapping, plan: Plan) -> list[UUID]:
    owned = {"room": by.room_id, "audience": audience_for("aid_import", "detail", by), "import_run": run.pk,
             "source": run.source, "record_kind": mapping.record}  # fmt: skip
    stated = [(one, 1) for one in plan.added] + [(one, held.edition + 2) for one, held in plan.revised]
    rows = [
        {**owned, "row_key": one.key, "version": version, "fingerprint": one.digest, "values": _plain(one.row.values),
         "notes": one.row.notes, "withdrawn": False}
        for one, version in stated
    ]  # fmt: skip
    former = {row.pk: row for row in LedgerRow.objects.filter(pk__in=[held.id for _, held in plan.withdrawn])}
    rows += [
        {**owned, "row_key": key, "version": held.edition + 2, "fingerprint": "", "values": former[held.id].values,
         "notes": former[held.id].notes, "withdrawn": True}
        for key, held in plan.withdrawn
    ]  # fmt: skip
    return insert_rows(LedgerRow, rows)


def _plain(values: Record) -> Record:
    return json.loads(json.dumps({name: value for name, value in values.items() if value is not None}, default=str))
