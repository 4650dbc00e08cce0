"""Drafts manifests, amends drafts, seals, revises what is sealed, sends off, closes, cancels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import audience_for
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport.actions.checks import checked_loads
from tansiq.desks.transport.actions.codes import issue_codes
from tansiq.desks.transport.actions.units import record_stage, registered_units
from tansiq.desks.transport.actions.writing import Load, locked, moment, write_step, write_version
from tansiq.desks.transport.models import Manifest, ManifestLine, ManifestState
from tansiq.desks.transport.queries.codes import units_changed
from tansiq.desks.transport.queries.statements import says_already
from tansiq.desks.transport.rules import RECORD_TYPE, TOPIC, Act, ManifestStatement, next_state


@act(Act.DRAFT_MANIFEST)
def draft_manifest(*, by: Actor, statement: ManifestStatement, at: datetime | None = None) -> Done:
    """Draft a manifest of the acting room for one truck; its units are recorded as on a manifest. Raises Refused."""
    at, loads = moment(by, at), checked_loads(by, statement)
    held = Manifest(
        id=uuid4(), room_id=by.room_id, audience_id=audience_for(RECORD_TYPE, TearLine.HEADLINE, by),
        state=next_state(None, Act.DRAFT_MANIFEST), changed_at=at, **_head(statement),
    )  # fmt: skip
    try:
        with transaction.atomic():
            held.save(force_insert=True)
    except IntegrityError:
        raise Refused("manifest_number_taken", found=held.number) from None
    wrote = _stated(by, held, statement, loads, at)
    return _done(held, [*wrote, write_step(by, held, Act.DRAFT_MANIFEST, at)], lines=len(loads))


@act(Act.AMEND_MANIFEST)
def amend_manifest(*, by: Actor, manifest: Manifest, statement: ManifestStatement, seen: int | None = None) -> Done:
    """State a draft anew, as a further version; the number stays. Raises Refused.

    seen : the version that was looked at when this was written; None: whatever stands now
    """
    return _restated(by, manifest, Act.AMEND_MANIFEST, statement, seen)


@act(Act.REVISE_MANIFEST)
def revise_manifest(
    *, by: Actor, manifest: Manifest, statement: ManifestStatement, reason: str, seen: int | None = None
) -> Done:
    """State a sealed manifest anew, as a further version that names its reason. Raises Refused."""
    if not reason.strip():
        raise Refused("manifest_reason_missing")
    return _restated(by, manifest, Act.REVISE_MANIFEST, statement, seen, reason=reason)


@act(Act.SEAL_MANIFEST)
def seal_manifest(*, by: Actor, manifest: Manifest, at: datetime | None = None) -> Done:
    """Close the packing: from now on each change is a version that names its reason. Raises Refused."""
    at, held = moment(by, at), locked(by, manifest)
    lines = _moved(by, held, Act.SEAL_MANIFEST, at)
    held.sealed_at = at
    held.save()
    record_stage(by, held, lines, "seal", at)
    codes = issue_codes(by, held, (None, *dict.fromkeys(line.handling_unit_id for line in lines)))
    step = write_step(by, held, Act.SEAL_MANIFEST, at)
    return _done(held, [held, *codes, step], lines=len(lines), codes=len(codes))


@act(Act.DEPART_MANIFEST)
def depart_manifest(*, by: Actor, manifest: Manifest, at: datetime | None = None) -> Done:
    """Send the truck off; aid records each unit as departed, with what stands on it. Raises Refused."""
    at, held = moment(by, at), locked(by, manifest)
    lines = _moved(by, held, Act.DEPART_MANIFEST, at)
    held.departed_at = at
    held.save()
    record_stage(by, held, lines, "depart", at)
    return _done(held, [held, write_step(by, held, Act.DEPART_MANIFEST, at)], lines=len(lines))


@act(Act.CLOSE_MANIFEST)
def close_manifest(*, by: Actor, manifest: Manifest, reason: str = "", at: datetime | None = None) -> Done:
    """End a manifest whose truck has done its journey, or came back. Raises Refused."""
    return _ended(by, manifest, Act.CLOSE_MANIFEST, reason, at)


@act(Act.CANCEL_MANIFEST)
def cancel_manifest(*, by: Actor, manifest: Manifest, reason: str, at: datetime | None = None) -> Done:
    """Take a manifest back before its truck has left, with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused("manifest_reason_missing")
    return _ended(by, manifest, Act.CANCEL_MANIFEST, reason, at)


def _ended(by: Actor, manifest: Manifest, act_: Act, reason: str, at: datetime | None) -> Done:
    at, held = moment(by, at), locked(by, manifest)
    _moved(by, held, act_, at)
    held.ended_at = at
    held.save()
    return _done(held, [held, write_step(by, held, act_, at, reason)], reason=reason.strip())


def _restated(
    by: Actor, manifest: Manifest, act_: Act, said: ManifestStatement, seen: int | None, *, reason: str = ""
) -> Done:
    at, held = moment(by, None), locked(by, manifest)
    state = next_state(held.state, act_)
    if seen is not None and seen != held.version:
        raise Refused("manifest_changed_meanwhile")
    if says_already(held, said):
        raise Refused("manifest_nothing_changed")
    loads = checked_loads(by, said, manifest_id=held.pk)
    held.state, held.version, held.changed_at = state, held.version + 1, at
    for name, value in _head(said).items():
        if name != "number":
            setattr(held, name, value)
    held.save()
    wrote = _stated(by, held, said, loads, at, reason=reason)
    if state == ManifestState.SEALED:
        wrote += issue_codes(by, held, units_changed(held))
    return _done(held, [*wrote, write_step(by, held, act_, at, reason)], lines=len(loads), reason=reason.strip())


def _stated(
    by: Actor, held: Manifest, said: ManifestStatement, loads: Sequence[Load], at: datetime, *, reason: str = ""
) -> list[Any]:
    units = registered_units(by, held, loads, at)
    return [held, *write_version(by, held, said, loads, units, reason=reason)]


def _moved(by: Actor, held: Manifest, act_: Act, at: datetime) -> list[ManifestLine]:
    held.state, held.changed_at = next_state(held.state, act_), at
    own = ManifestLine.objects.filter(room=by.room_id, manifest=held, version=held.version)
    return list(own.order_by("number"))


def _head(said: ManifestStatement) -> dict[str, Any]:
    return {
        "number": said.number.strip(), "crossing_code": said.crossing_code, "consignor_class": said.consignor_class,
        "day": said.day,
    }  # fmt: skip


def _done(held: Manifest, wrote: list[Any], **facts: Any) -> Done:
    said = {"number": held.number, "version": held.version, "state": str(held.state), **facts}
    return Done(held, wrote=wrote, facts=said, topics=[TOPIC])
