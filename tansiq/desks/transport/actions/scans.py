"""Records scans as they come, in whatever order and however late: each is answered, each contradiction is kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import room_slug
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import AidEvent, ImportRun
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.desks.transport.actions.labels import label_of_reading
from tansiq.desks.transport.actions.units import entrusted
from tansiq.desks.transport.models import Difference, DifferenceKind, Manifest, ManifestLine, Scan, ScanAnswer
from tansiq.desks.transport.queries.codes import Led, Sighted, leads, sighted
from tansiq.desks.transport.queries.readings import (
    Differs,
    differences_of,
    is_late,
    known_of,
    latest_events,
    quantity_known,
)
from tansiq.desks.transport.queries.scans import known_scans, scans_by_key, sorted_out
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import TOPIC, Act
from tansiq.desks.transport.rules.scans import SCANS_AT_MOST, ScanAsked, scan_fault, stage_of

AHEAD_AT_MOST_S = 600  # as aid takes it


@dataclass
class Taken:
    """A scan on its way into the book."""

    asked: ScanAsked
    led: Led | None
    claimed_at: datetime
    stage: str
    differs: list[Differs]
    statements: list[EventStatement]
    before: AidEvent | None = None
    event: UUID | None = None
    repeats: bool = False


@act(Act.RECORD_SCANS)
def record_scans(*, by: Actor, scans: Sequence[ScanAsked], device: str = "") -> Done:
    """Take scans of the acting room's people; those known by their key add nothing. Raises Refused for a faulty one.

    What contradicts is taken and kept as a difference; aid is told of every unit that a code leads to.
    """
    _check(by, scans)
    held = {one.key for one in scans_by_key(by, [one.key for one in scans])}
    fresh = list({one.key: one for one in reversed(scans) if one.key not in held}.values())[::-1]
    now = database_now()
    taken = _held_against_what_is_known(by, fresh, now)
    _tell_aid(by, taken, device)
    rows, differences = _written(by, taken, now, device)
    answers = [answer for row in rows for answer in row.answers]
    told = {code: answers.count(code) for code in ("late", "repeats", "contradicts") if code in answers}
    facts = {"scans": len(rows), "known": len(scans) - len(rows), "differences": len(differences), **told}
    return Done(None, wrote=[*rows, *differences], facts=facts, topics=[TOPIC])


def _check(by: Actor, scans: Sequence[ScanAsked]) -> None:
    if not settings_of(by.operation_id).is_kept:
        raise Refused("manifest_not_kept")
    if not scans:
        raise Refused("scan_nothing")
    if len(scans) > SCANS_AT_MOST:
        raise Refused("scan_too_many", found=len(scans), expected=SCANS_AT_MOST)
    known = known_scans(by)
    for number, one in enumerate(scans, 1):
        if fault := scan_fault(number, one, known):
            raise Refused(fault[0], **fault[1])
    faults = sorted_out(by, scans)[1]
    if faults:
        raise Refused("scan_key_reused", scan=faults[0][0])


def _held_against_what_is_known(by: Actor, fresh: Sequence[ScanAsked], now: datetime) -> list[Taken]:
    seen = [sighted(one.code, by.operation_id) for one in fresh]
    found = leads(by, seen)
    known, said = known_of({one.manifest.pk: one.manifest for one in found if one}.values()), known_scans(by)
    latest = latest_events(by, {one.unit_code for one in found if one})
    return [
        _taken(by, one, what, led, (known, said, latest, now))
        for one, what, led in zip(fresh, seen, found, strict=True)
    ]


def _taken(by: Actor, one: ScanAsked, seen: Sighted, led: Led | None, around: Any) -> Taken:
    known, said, latest, now = around
    claimed, differs = one.claimed_at or now, differences_of(one, seen, led, known)
    if (claimed - now).total_seconds() > AHEAD_AT_MOST_S:
        differs.append(Differs(DifferenceKind.CLOCK_AHEAD, claimed.isoformat(), now.isoformat()))
        claimed = now
    stage = stage_of(said.deeds, one.deed, one.place, said.roles) or ""
    statements = _statements(by, one, led, stage, claimed) if led else []
    before = latest.get(led.unit_code) if led else None
    return Taken(one, led, claimed, stage, differs, statements, before)


def _statements(by: Actor, one: ScanAsked, led: Led, stage: str, claimed: datetime) -> list[EventStatement]:
    """What aid is told: the unit, or every unit of the manifest whose own code was scanned."""
    slug = room_slug(by)
    if led.unit is not None:
        units: dict[str, tuple[str, tuple[Quantity, ...]]] = {led.unit_code: (led.unit_kind, _amounts(by, one, led))}
    else:
        lines = ManifestLine.objects.filter(manifest=led.manifest, version=led.manifest.version).order_by("number")
        units = {line.unit_code: (line.unit_kind, ()) for line in lines}
    return [
        EventStatement(
            stage, claimed, amounts, source=slug, source_key=f"scan {one.key} {code}", unit_code=code, unit_kind=kind,
            crossing_code=one.crossing_code or led.manifest.crossing_code,
            consignor_class=led.manifest.consignor_class,
        )
        for code, (kind, amounts) in units.items()
    ]  # fmt: skip


def _amounts(by: Actor, one: ScanAsked, led: Led) -> tuple[Quantity, ...]:
    said = quantity_known(led)
    if said is None or (one.quantity is None and one.giver_quantity is None):
        return ()
    goods = {(line.commodity, line.cargo, line.consignment_line) for line in led.lines}
    commodity, cargo, number = goods.pop() if len(goods) == 1 else ("", "", None)
    number = number if led.manifest.room_id == by.room_id else None  # the line is known in its own room alone
    condition = settings_of(by.operation_id).conditions.get(one.condition, {})
    damaged = one.damaged_quantity
    if damaged is None and condition.get("damaged"):
        damaged = one.quantity
    return (Quantity(said[1], one.giver_quantity, one.quantity, damaged, commodity, cargo, number),)


def _tell_aid(by: Actor, taken: list[Taken], device: str) -> None:
    """Record the events, and note for each scan what became of them."""
    statements = [statement for one in taken for statement in one.statements]
    if not statements:
        return
    refused = _refused(aid.record_scans(by=entrusted(by), statements=statements, device=device or "scan"))
    insisted = [
        replace(one, insists=True, insists_because=_("A scan states it; both readings are kept."))
        for one in statements if refused.get(one.source_key, {"code": ""})["code"].startswith("breaks_")
    ]  # fmt: skip
    if insisted:
        still = _refused(aid.record_scans(by=entrusted(by), statements=insisted, device=device or "scan"))
        refused |= still
    keys = [statement.source_key for statement in statements]
    rows = AidEvent.objects.filter(room=by.room_id, source_key__in=keys, edition=0)
    events = {event.source_key: event for event in rows}
    for one in taken:
        for statement in one.statements:
            _note(one, events.get(statement.source_key), refused.get(statement.source_key))


def _refused(run: ImportRun) -> dict[str, Any]:
    """What aid did not take, by source key."""
    return {one["statement"]["source_key"]: one for one in run.report["refused"]}


def _note(one: Taken, event: AidEvent | None, refused: Any) -> None:
    """Keep what became of a scan in aid: its event, and why it was first refused or not taken at all."""
    if event is not None:
        one.event, one.repeats = event.pk, event.repeats_id is not None
    if refused is not None:
        kind = DifferenceKind.BALANCE if event is not None else DifferenceKind.NOT_COUNTED
        one.differs.append(Differs(kind, refused["code"], json.dumps(refused["params"], default=str)))


def _written(by: Actor, taken: list[Taken], now: datetime, device: str) -> tuple[list[Scan], list[Difference]]:
    labels: dict[UUID | None, int] = {}
    rows, differences = [], []
    for one in taken:
        manifest = one.led.manifest if one.led else None
        key = manifest.pk if manifest else None
        if key not in labels:
            labels[key] = label_of_reading(by, manifest)
        row = _row(by, one, manifest, labels[key])
        row.received_at, row.device = now, device[:120]
        rows.append(row)
        differences += [
            Difference(room_id=by.room_id, audience_id=labels[key], manifest=manifest, scan=row, kind=differ.kind,
                       found=differ.found, expected=differ.expected, at=now)
            for differ in one.differs
        ]  # fmt: skip
    return Scan.objects.bulk_create(rows), Difference.objects.bulk_create(differences)


def _row(by: Actor, one: Taken, manifest: Manifest | None, label: int) -> Scan:
    asked, led = one.asked, one.led
    said = quantity_known(led) if led else None
    return Scan(
        id=uuid4(), room_id=by.room_id, audience_id=label, key=asked.key, manifest=manifest,
        handling_unit=led.unit if led else None, unit_code=led.unit_code if led else "", code=asked.code.strip()[:400],
        deed=asked.deed, place=asked.place, crossing_code=asked.crossing_code, stage=one.stage,
        quantity=asked.quantity, giver_quantity=asked.giver_quantity, damaged_quantity=asked.damaged_quantity,
        unit=said[1] if said else "", condition=asked.condition, seal=asked.seal.strip()[:60],
        truck=asked.truck.strip()[:120], note=asked.note.strip(), claimed_at=one.claimed_at, answers=_answers(one),
        before_stage=one.before.stage if one.before else "", before_at=one.before.occurred_at if one.before else None,
        event=one.event, by_account_id=by.account_id,
    )  # fmt: skip


def _answers(one: Taken) -> list[str]:
    answers = []
    if one.repeats:
        answers.append(ScanAnswer.REPEATS.value)
    if is_late(one.claimed_at, one.before):
        answers.append(ScanAnswer.LATE.value)
    if one.differs:
        answers.append(ScanAnswer.CONTRADICTS.value)
    if one.led is not None and one.event is None:
        answers.append(ScanAnswer.REFUSED.value)
    return answers or [ScanAnswer.NEW.value]
