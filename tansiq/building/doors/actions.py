"""The verbs of doors: propose, agree, decline, recall, and take note of a recall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.functions import TransactionNow
from django.db.models import Model

from tansiq.building.doors.models import Delivery, RecallReceipt, Release, ReleaseState
from tansiq.building.doors.queries import base_label, readers_after, releases_in_force
from tansiq.building.doors.rules import (
    Act,
    RecordType,
    check_ceiling,
    check_marking,
    next_state,
    record_type,
    second_roles,
)
from tansiq.building.ledger.models import Entry, Fact, Grant
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.acts import Done, act, own_audience
from tansiq.building.rooms.models import Membership, Role, Room
from tansiq.building.rooms.queries import audience, line_rule
from tansiq.building.rooms.refusals import Refused

SHOWN_FACTS = ("act", "room", "at", "object", "record", "seq")


@dataclass(frozen=True)
class Asked:
    """What a release asks for."""

    lines: tuple[str, ...]
    receivers: tuple[Room, ...]
    marking: str
    reason: str
    until: datetime | None = None


def propose_release(*, by: Actor, code: str, record_id: UUID, asked: Asked, key: UUID | None = None) -> Release:
    """Release lines of a record to rooms, at once or once a second person agrees where the rules ask for it.

    Raises Refused; a try to pass on another room's record is also written in that room's own ledger.
    """
    kind = record_type(code)
    with eyes_of(by):
        record = kind.model._default_manager.filter(pk=record_id).first()
    if record is not None and record.room_id != by.room_id:
        owner = Room.objects.get(pk=record.room_id)
        refuse_onward(by=system_actor(owner, Act.REFUSE_ONWARD), record=record, tried_by=str(by.room_id))
        raise Refused("originator_only")
    return _propose(by=by, key=key, code=code, record_id=record_id, asked=asked)  # type: ignore[no-any-return]


@act(Act.REFUSE_ONWARD)
def refuse_onward(*, by: Actor, record: Model, tried_by: str) -> Done:
    """Note in the originator's ledger that another room tried to pass its record on."""
    return Done(None, facts={"of": str(record.pk), "tried_by": tried_by}, topics=["doors.release"])


@act(Act.PROPOSE_RELEASE)
def _propose(*, by: Actor, code: str, record_id: UUID, asked: Asked) -> Done:
    kind = record_type(code)
    if not kind.model._default_manager.filter(pk=record_id, room_id=by.room_id).exists():
        raise Refused("not_found")
    roles = _check_proposal(by=by, kind=kind, asked=asked)
    release = Release.objects.create(
        room_id=by.room_id, audience_id=own_audience(by.room_id), record_type=code, record_id=record_id,
        lines=list(asked.lines), marking=asked.marking, reason=asked.reason.strip(), until=asked.until,
        proposed_by_id=by.account_id, second_roles=roles,
        state=ReleaseState.PROPOSED if roles else ReleaseState.IN_FORCE,
    )  # fmt: skip
    wrote: list[Any] = [release, *_deliveries(by, release, asked.receivers)]
    if not roles:
        wrote += _open(by, kind, release)
    return Done(release, wrote=wrote, facts=_facts(release, asked.receivers), topics=["doors.release", _topic(code)])


@act(Act.APPROVE_RELEASE)
def approve_release(*, by: Actor, release: Release) -> Done:
    """Agree, as a second person with one of the roles that the rules name, to a proposed release."""
    _check_second(by, release)
    _decide(by, release, next_state(release, Act.APPROVE_RELEASE))
    wrote: list[Any] = [release, *_open(by, record_type(release.record_type), release)]
    receivers = [delivery.receiver for delivery in release.delivery_set.select_related("receiver")]
    topics = ["doors.release", _topic(release.record_type)]
    return Done(release, wrote=wrote, facts=_facts(release, receivers), topics=topics)


@act(Act.DECLINE_RELEASE)
def decline_release(*, by: Actor, release: Release) -> Done:
    """Decline a proposed release; nothing passes."""
    _decide(by, release, next_state(release, Act.DECLINE_RELEASE))
    return Done(release, wrote=[release], facts={"of": str(release.record_id)}, topics=["doors.release"])


@act(Act.RECALL_RELEASE)
def recall_release(*, by: Actor, release: Release, reason: str) -> Done:
    """Close a release: its receivers read no more from now on, and are told so."""
    if not reason.strip():
        raise Refused("reason_missing")
    release.recall_reason = reason.strip()
    _decide(by, release, next_state(release, Act.RECALL_RELEASE))
    deliveries = list(release.delivery_set.all())
    for delivery in deliveries:
        delivery.recalled_at, delivery.recall_reason = release.decided_at, release.recall_reason
        delivery.save(update_fields=["recalled_at", "recall_reason"])
    Grant.objects.filter(granted_by_id=by.room_id, release_id=release.pk).update(until=TransactionNow())
    kind = record_type(release.record_type)
    wrote = [release, *deliveries, *_relabel(by, kind, release.record_id, release.lines)]
    topics = ["doors.release", _topic(release.record_type)]
    return Done(release, wrote=wrote, facts={"of": str(release.record_id), "reason": reason.strip()}, topics=topics)


@act(Act.ACKNOWLEDGE_RECALL)
def acknowledge_recall(*, by: Actor, delivery: Delivery) -> Done:
    """State, as the receiver, that the recall has been noted."""
    if delivery.recalled_at is None or delivery.receiver_id != by.room_id:
        raise Refused("not_recalled")
    label = audience(by.room_id, [(delivery.room_id, None)])
    receipt = RecallReceipt.objects.create(
        room_id=by.room_id, audience_id=label, delivery_id=delivery.pk, account_id=by.account_id
    )
    return Done(receipt, wrote=[receipt], facts={"of": str(delivery.pk)}, topics=["doors.release"])


def _check_proposal(*, by: Actor, kind: RecordType, asked: Asked) -> list[str]:
    """Refuse what the rules forbid; the roles of which one must agree."""
    lines, receivers, marking = asked.lines, asked.receivers, asked.marking
    if not lines:
        raise Refused("no_line")
    if not receivers or any(room.pk == by.room_id or room.operation_id != by.operation_id for room in receivers):
        raise Refused("no_receiver")
    if not asked.reason.strip():
        raise Refused("reason_missing")
    if asked.until is not None and asked.until <= datetime.now(UTC):
        raise Refused("until_past")
    roles: list[str] = []
    for line in lines:
        if line not in kind.lines:
            raise Refused("no_such_line", line=line)
        rule = line_rule(by.operation_id, kind.code, line)
        check_marking(rule, line, marking)
        roles += [role for role in second_roles(rule, receivers) if role not in roles]
    for room in receivers:
        check_ceiling(room, str(room.names.get("en", room.slug)), marking)
    return roles


def _check_second(by: Actor, release: Release) -> None:
    if release.proposed_by_id == by.account_id:
        raise Refused("same_person")
    membership = Membership.objects.filter(room_id=by.room_id, account_id=by.account_id, ended_at=None).first()
    if release.second_roles and not set(membership.roles if membership else ()) & set(release.second_roles):
        names = Role.objects.filter(operation_id=by.operation_id, code__in=release.second_roles)
        raise Refused("second_role", roles=", ".join(str(role.names.get("en", role.code)) for role in names))


def _decide(by: Actor, release: Release, state: ReleaseState) -> None:
    release.state, release.decided_by_id, release.decided_at = state, by.account_id, datetime.now(UTC)
    release.save(update_fields=["state", "decided_by_id", "decided_at", "recall_reason"])


def _deliveries(by: Actor, release: Release, receivers: Sequence[Room]) -> list[Delivery]:
    """One row for each receiver; until the release is in force only the owner reads it."""
    return [
        Delivery.objects.create(
            room_id=by.room_id, audience_id=own_audience(by.room_id), release=release, receiver=room,
            record_type=release.record_type, record_id=release.record_id, lines=release.lines,
            marking=release.marking, reason=release.reason, until=release.until,
        )
        for room in receivers
    ]  # fmt: skip


def _open(by: Actor, kind: RecordType, release: Release) -> list[Any]:
    """Let the receivers read: the rows, the delivery, and the proof of every act on the record so far."""
    deliveries = list(release.delivery_set.all())
    for delivery in deliveries:
        delivery.audience_id = audience(by.room_id, [(delivery.receiver_id, None)])
        delivery.audience_since = datetime.now(UTC)
        delivery.save(update_fields=["audience_id", "audience_since"])
        _grant_proofs(by, release, delivery.receiver_id)
    return [*deliveries, *_relabel(by, kind, release.record_id, release.lines)]


def _grant_proofs(by: Actor, release: Release, receiver_id: UUID) -> None:
    entries = Entry.objects.filter(room_id=by.room_id, object_id=release.record_id).values_list("pk", flat=True)
    facts = Fact.objects.filter(room_id=by.room_id, entry_id__in=list(entries), name__in=SHOWN_FACTS)
    Grant.objects.bulk_create(
        Grant(room_id=receiver_id, granted_by_id=by.room_id, entry_id=fact.entry_id, name=fact.name,
              release_id=release.pk, until=release.until)
        for fact in facts
    )  # fmt: skip


def _relabel(by: Actor, kind: RecordType, record_id: UUID, lines: Sequence[str]) -> list[Any]:
    """Give every row on these lines the audience that the record's own rule and the releases in force make."""
    wrote: list[Any] = []
    for line in lines:
        rows = [(model, list(ids)) for model, ids in kind.rows(record_id, line)]
        base = base_label(by, kind, record_id, line, rows)
        if base is None:
            continue
        in_force = releases_in_force(by.room_id, kind.code, record_id, line)
        label = audience(by.room_id, readers_after(base, in_force))
        for model, ids in rows:
            model._default_manager.filter(pk__in=ids, room_id=by.room_id).update(
                audience_id=label, audience_since=datetime.now(UTC)
            )
            wrote.append((model, ids))
    return wrote


def _facts(release: Release, receivers: Sequence[Room]) -> dict[str, Any]:
    return {
        "of": str(release.record_id), "lines": release.lines, "to": [str(room.pk) for room in receivers],
        "tlp": release.marking, "until": release.until.isoformat() if release.until else None,
        "orcon": True, "reason": release.reason, "state": release.state,
    }  # fmt: skip


def _topic(code: str) -> str:
    return code.replace("_", ".", 1)
