"""Events: one recorded, many scanned, one corrected by a new event; what is written stays."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import audience_for, room_slug
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.corrections import write_correction
from tansiq.desks.aid.actions.statements import digest_of, write_statements
from tansiq.desks.aid.actions.weighing import follow
from tansiq.desks.aid.models import AidEvent, HandlingUnit, ImportRun, Outcome
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.aid.rules import Act, EventStatement, can_correct, fault_of, topics_of


@act(Act.RECORD_EVENT)
def record_event(*, by: Actor, statement: EventStatement) -> Done:
    """Record what happened; the same statement under the same source key is the same event. Raises Refused.

    What breaks the conservation of quantities is refused with its arithmetic, unless the statement insists.
    """
    statement = _own(by, [statement])[0]
    fault = fault_of(statement, codes_of(by.operation_id), datetime.now(UTC))
    if fault:
        raise Refused(fault[0], **fault[1])
    written = write_statements(by, [statement])
    if written.differs:
        raise Refused("same_key_other_content", found=statement.source_key)
    if written.unregistered:
        raise Refused("unregistered_consignment", found=statement.consignment)
    if written.refused:
        raise written.refused[0][1]
    event = written.event or AidEvent.objects.get(
        room=by.room_id, source=statement.source, source_key=written.statements[0].source_key, edition=0
    )
    follow(by, written.judgement, event.pk)
    return Done(
        event, wrote=written.rows(), facts=_facts(event), topics=["aid.event", *topics_of(event.consignment_id)]
    )


@act(Act.RECORD_SCANS)
def record_scans(*, by: Actor, statements: Sequence[EventStatement], device: str = "") -> Done:
    """Record a batch of scans in whatever order they come; answers the run that accounts for each of them.

    All of a batch is judged at once, so that its order makes no difference to what adds up.

    A scan that is known already adds nothing; one that cannot be taken is listed in the run's report.
    """
    own = _own(by, statements)
    codes, now = codes_of(by.operation_id), datetime.now(UTC)
    faults = [fault_of(statement, codes, now) for statement in own]
    good = [statement for statement, fault in zip(own, faults, strict=True) if fault is None]
    written = write_statements(by, good)
    refused = [
        *((statement, fault) for statement, fault in zip(own, faults, strict=True) if fault),
        *((s, ("same_key_other_content", {"found": s.source_key})) for s in written.differs),
        *((s, ("unregistered_consignment", {"found": s.consignment})) for s in written.unregistered),
        *((s, (why.code, why.params)) for s, why in written.refused),
    ]
    follow(by, written.judgement, written.events[0] if written.events else None)
    unchanged = len(own) - len(refused) - len(written.events)
    run = ImportRun.objects.create(
        room_id=by.room_id, audience_id=audience_for("aid_import", "detail", by), file_name=device or "scans",
        file_sha256=_batch_digest(own), file_bytes=0, record_kind="scan", source=_sources(own), mapping_code="scan",
        mapping_version=0, outcome=Outcome.TAKEN, is_whole=False, rows=len(own), taken=len(own) - len(refused),
        refused=len(refused), added=len(written.events), unchanged=unchanged,
        report={"refused": [_refusal(*one) for one in refused], "findings": len(written.judgement.weighed.found)},
    )  # fmt: skip
    facts = {"added": run.added, "unchanged": run.unchanged, "refused": run.refused, "batch": run.file_sha256}
    return Done(run, wrote=[run, *written.rows()], facts=facts, topics=["aid.event", "aid.import"])


@act(Act.CORRECT_EVENT)
def correct_event(
    *,
    by: Actor,
    event_id: UUID,
    reason: str,
    statement: EventStatement | None = None,
    recorded_at: datetime | None = None,
    insists: bool = False,
) -> Done:
    """Replace an event by what is right, or withdraw it (no statement); the former one stays. Raises Refused.

    insists : keep it although quantities do not add up; the reason of the correction is the reason of insisting
    """
    if recorded_at is not None and not codes_of(by.operation_id).is_sample:
        raise Refused("record_time_is_now")
    former = AidEvent.objects.filter(pk=event_id, room=by.room_id).first()
    if former is None or not can_correct(former, by.room_id):
        raise Refused("not_found")
    if not reason.strip():
        raise Refused("correction_reason_missing")
    if AidEvent.objects.filter(room=by.room_id, corrects=former).exists():
        raise Refused("already_corrected")
    if statement is not None:
        statement = replace(
            statement, source=former.source, source_key=former.source_key, move=former.move, group=former.group
        )
        statement = _with_subject(statement, former)
        fault = fault_of(statement, codes_of(by.operation_id), datetime.now(UTC))
        if fault:
            raise Refused(fault[0], **fault[1])
    written = write_correction(by, former, statement, reason.strip(), recorded_at, insists=insists)
    if not written.events:
        raise Refused("already_corrected")
    event = AidEvent.objects.get(pk=written.events[0])
    follow(by, written.judgement, event.pk, corrects=True)
    facts = {
        "corrects": str(former.pk),
        "reason": event.correction_reason,
        "withdrawn": event.withdrawn,
        **_facts(event),
    }
    return Done(
        event, wrote=written.rows(), facts=facts, topics=["aid.event", "aid.count", *topics_of(event.consignment_id)]
    )


def _own(by: Actor, statements: Sequence[EventStatement]) -> list[EventStatement]:
    """Statements that name no source are the acting room's own."""
    if all(statement.source for statement in statements):
        return list(statements)
    slug = room_slug(by)
    return [statement if statement.source else replace(statement, source=slug) for statement in statements]


def _with_subject(statement: EventStatement, former: AidEvent) -> EventStatement:
    """A correction speaks of the same unit unless it names another."""
    if statement.unit_code or statement.consignment:
        return statement
    unit = HandlingUnit.objects.filter(pk=former.handling_unit_id).first()
    if unit:
        return replace(statement, unit_code=unit.code, unit_kind=unit.kind)
    return replace(statement, consignment=str(former.consignment_id))


def _facts(event: AidEvent) -> dict[str, Any]:
    return {
        "stage": event.stage, "occurred_at": event.occurred_at.isoformat(), "crossing": event.crossing_code,
        "reason_code": event.reason, "source": event.source, "source_key": event.source_key,
    }  # fmt: skip


def _sources(statements: Sequence[EventStatement]) -> str:
    found = sorted({statement.source for statement in statements})
    return found[0] if len(found) == 1 else "+".join(found)[:64]


def _batch_digest(statements: Sequence[EventStatement]) -> str:
    return hashlib.sha256("".join(digest_of(statement) for statement in statements).encode()).hexdigest()


def _refusal(statement: EventStatement, fault: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    said = json.loads(json.dumps(asdict(statement), default=str))
    return {"code": fault[0], "params": fault[1], "statement": {name: value for name, value in said.items() if value}}
