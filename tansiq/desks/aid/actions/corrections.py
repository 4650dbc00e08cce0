"""Replaces an event by what is right, or takes it back; the former one stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef

from tansiq.building.doors.queries import audience_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.statements import (
    Name,
    Written,
    consignments_named,
    event_row,
    mark_repeats,
    measure,
    passage_of,
    recorded,
    units_named,
)
from tansiq.desks.aid.actions.weighing import Standing, judge
from tansiq.desks.aid.actions.writing import insert_rows
from tansiq.desks.aid.models import AidEvent, AidMeasure, HandlingUnit
from tansiq.desks.aid.rules import EventStatement


def write_correction(
    by: Actor, former: AidEvent, statement: EventStatement | None, reason: str, recorded_at: datetime | None,
    *, insists: bool = False,
) -> Written:  # fmt: skip
    """Write the event that replaces a former one, or takes it back when there is no statement. Raises Refused."""
    recorded_at = recorded_at or datetime.now(UTC)
    if statement:
        statement = replace(statement, recorded_at=recorded_at)
    written = Written([statement] if statement else [])
    label, detail = (audience_now("aid_event", former.pk, line, by) for line in ("headline", "detail"))
    if statement is None:
        # It is this room that takes the event back, not the ledger it came from.
        row = _copied(former) | {"import_run": None, "fingerprint": ""}
        units: Mapping[str, HandlingUnit] = {}
        repeated: Mapping[UUID, Name] = {}
    else:
        consignments = _subject(by, former, statement)
        units = units_named(by, [statement], consignments, written, label=detail)
        row = event_row(by, label, statement, units, consignments)
        repeated = mark_repeats(by, {former.pk: (statement, row)}, without=former.pk)
    row |= {"audience": label, "edition": former.edition + 1, "corrects": former.pk, "correction_reason": reason,
            "withdrawn": statement is None}  # fmt: skip
    row |= recorded(recorded_at)
    key = uuid4()
    stated = statement or EventStatement(former.stage, former.occurred_at)
    standing = Standing(stated, row, repeated.get(former.pk), insists or stated.insists, reason)
    written.judgement = judge(by, {key: standing}, units)
    if key in written.judgement.refused:
        raise written.judgement.refused[key]
    written.events = insert_rows(AidEvent, [{"id": key, **row}], once=True)
    if statement and written.events:
        measure(by, [(key, statement, row)], written, label=detail)
    if written.events and former.repeats_id is None:
        _pass_on(by, former, row, written)
    return written


def _pass_on(by: Actor, former: AidEvent, row: Mapping[str, Any], written: Written) -> None:
    """When a passage loses the event that counted for it, its earliest repeat counts from now on."""
    passage = (former.source, former.handling_unit_id or former.consignment_id, former.stage, former.attempt)
    if not row["withdrawn"] and passage_of(row) == passage:
        return
    corrected = AidEvent.objects.filter(room=by.room_id, corrects=OuterRef("pk"))
    editions = AidEvent.objects.filter(room=by.room_id, source=former.source, source_key=former.source_key)
    waiting = AidEvent.objects.filter(~Exists(corrected), room=by.room_id, repeats__in=editions.values("pk"))
    heir = waiting.order_by("occurred_at", "recorded_at", "pk").first()
    if heir is None:
        return
    key = uuid4()
    copied = _copied(heir) | {"edition": heir.edition + 1, "corrects": heir.pk, "repeats": None,
                              "correction_reason": row["correction_reason"]}  # fmt: skip
    moment = recorded(row["recorded_at"])
    written.events += insert_rows(AidEvent, [{"id": key, **copied, **moment}])
    measures = AidMeasure.objects.filter(room=by.room_id, event=heir).order_by("pk")
    rows = [_copied(measure) | {"event": key, "is_repeat": False} | moment for measure in measures]
    written.measures += insert_rows(AidMeasure, rows)


def _copied(record: AidEvent | AidMeasure) -> dict[str, Any]:
    own = ("id", "created_at", "recorded_at", "audience_since")
    fields = [field for field in record._meta.concrete_fields if field.name not in own]
    return {field.name: getattr(record, field.attname) for field in fields}


def _subject(by: Actor, former: AidEvent, statement: EventStatement) -> dict[tuple[str, str], UUID]:
    """A correction may name the former event's consignment by its id."""
    if former.consignment_id and statement.consignment in ("", str(former.consignment_id)):
        return {(statement.source, statement.consignment): former.consignment_id}
    found = consignments_named(by, [statement])
    if statement.consignment and (statement.source, statement.consignment) not in found:
        raise Refused("unregistered_consignment", found=statement.consignment)
    return found
