"""The verbs of doors: propose, preview, agree, decline, recall, and take note of a recall."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django.db.models import Model

from tansiq.building.doors.models import Delivery, RecallReceipt, Release, ReleaseState
from tansiq.building.doors.queries import hold, holders_of, releases_in_force, touched, widened
from tansiq.building.doors.rules import (
    Act,
    Place,
    RecordType,
    check_ceiling,
    check_marking,
    may_agree,
    next_state,
    record_type,
    second_roles,
)
from tansiq.building.ledger.models import Entry, Fact, Grant
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.acts import Done, act, own_audience, tell
from tansiq.building.rooms.models import Membership, Role, Room, TearLine
from tansiq.building.rooms.queries import audience, line_rule, local_name, plain_labels, share_states
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context

SHOWN_FACTS = ("act", "room", "at", "object", "record")  # not seq: two of them would tell how much the owner did
PASSED_FACTS = (*SHOWN_FACTS, "of", "lines", "tlp", "until", "orcon", "reason")  # not to: who else received it
Show = Callable[[Room, Model], str]  # (receiver, the record as it reads it) → the HTML that it is shown


@dataclass(frozen=True)
class Asked:
    """What a release asks for."""

    lines: tuple[str, ...]
    receivers: tuple[Room, ...]
    marking: str
    reason: str
    until: datetime | None = None
    names_receivers: bool = False  # whether each receiver may know which others have it


@dataclass(frozen=True)
class Preview:
    """What a release would do: what each receiver is shown, and whose agreement it waits for."""

    shown: list[tuple[Room, str]]
    groups: list[list[str]]


def propose_release(*, by: Actor, code: str, record_id: UUID, asked: Asked, key: UUID | None = None) -> Release:
    """Release lines of a record to rooms, at once or once a second person agrees where the rules ask for it.

    Raises Refused; a try to pass on another room's record is also written in that room's own ledger.
    """
    _stop_onward(by, record_type(code), record_id)
    return _propose(by=by, key=key, code=code, record_id=record_id, asked=asked)  # type: ignore[no-any-return]


def preview_release(*, by: Actor, code: str, record_id: UUID, asked: Asked, show: Show) -> Preview:
    """What each receiver would be shown: the release is made, looked at and taken back. Raises Refused."""
    kind = record_type(code)
    _stop_onward(by, kind, record_id)
    with eyes_of(by):
        groups = _check_passage(by, kind, record_id, asked)
        release = _write_release(by, kind, record_id, asked, [])
        shown = _look_and_take_back(by, kind, release, show)
    return Preview(shown, groups)


def preview_proposed(*, by: Actor, release: Release, show: Show) -> Preview:
    """The same for a release that waits: what the second person agrees to. Nothing stays. Raises Refused."""
    with eyes_of(by):
        held, kind = _held(by, release)
        groups = [*held.second_roles]
        held.state = next_state(held, Act.APPROVE_RELEASE)
        held.save(update_fields=["state"])
        shown = _look_and_take_back(by, kind, held, show)
    return Preview(shown, groups)


@act(Act.REFUSE_ONWARD)
def refuse_onward(*, by: Actor, record: Model, tried_by: str) -> Done:
    """Note in the originator's ledger that another room tried to pass its record on."""
    return Done(None, facts={"of": str(record.pk), "tried_by": tried_by}, topics=["doors.release"])


@act(Act.PROPOSE_RELEASE)
def _propose(*, by: Actor, code: str, record_id: UUID, asked: Asked) -> Done:
    kind = record_type(code)
    groups = _check_passage(by, kind, record_id, asked)
    release = _write_release(by, kind, record_id, asked, groups)
    wrote: list[Any] = [release, *release.delivery_set.all()]
    entry_id = uuid4()
    if not groups:
        wrote += [*_open(by, kind, release), *_show_passage(release, entry_id)]
        _tell_receivers(by, release)
    topics = ["doors.release", _topic(code)]
    return Done(release, wrote=wrote, facts=_facts(release), topics=topics, entry_id=entry_id)


@act(Act.APPROVE_RELEASE)
def approve_release(*, by: Actor, release: Release) -> Done:
    """Agree, as a second person with one of the roles that the rules name, to a proposed release."""
    held, kind = _held(by, release)
    state = next_state(held, Act.APPROVE_RELEASE)
    receivers = tuple(one.receiver for one in held.delivery_set.select_related("receiver"))
    groups = _check_passage(
        by, kind, held.record_id, Asked(tuple(held.lines), receivers, held.marking, held.reason, held.until)
    )
    _check_second(by, held, [*held.second_roles, *groups])
    _decide(by, held, state)
    entry_id = uuid4()
    wrote: list[Any] = [held, *_open(by, kind, held), *_show_passage(held, entry_id)]
    _tell_receivers(by, held)
    topics = ["doors.release", _topic(held.record_type)]
    return Done(held, wrote=wrote, facts=_facts(held), topics=topics, entry_id=entry_id)


@act(Act.DECLINE_RELEASE)
def decline_release(*, by: Actor, release: Release, reason: str) -> Done:
    """Decline a proposed release, or take one's own proposal back; nothing passes."""
    held, _kind = _held(by, release)
    state = next_state(held, Act.DECLINE_RELEASE)
    _close(by, held, state, reason)
    facts = {"of": str(held.record_id), "reason": held.closing_reason}
    return Done(held, wrote=[held], facts=facts, topics=["doors.release"])


@act(Act.RECALL_RELEASE)
def recall_release(*, by: Actor, release: Release, reason: str) -> Done:
    """Close a release: its receivers read no more from now on, and are told so."""
    held, kind = _held(by, release)
    state = next_state(held, Act.RECALL_RELEASE)
    _close(by, held, state, reason)
    deliveries = list(held.delivery_set.all())
    for delivery in deliveries:
        delivery.recalled_at, delivery.recall_reason = held.decided_at, held.closing_reason
        delivery.save(update_fields=["recalled_at", "recall_reason"])
    entry_id = uuid4()
    wrote = [held, *deliveries, *_relabel(by, kind, held.record_id, held.lines)]
    wrote += [*_close_proofs(by, held), *_show_passage(held, entry_id)]
    _tell_receivers(by, held)
    facts = {"of": str(held.record_id), "reason": held.closing_reason}
    topics = ["doors.release", _topic(held.record_type)]
    return Done(held, wrote=wrote, facts=facts, topics=topics, entry_id=entry_id)


@act(Act.ACKNOWLEDGE_RECALL)
def acknowledge_recall(*, by: Actor, delivery: Delivery) -> Done:
    """State, as the receiver, that the recall has been noted."""
    found = Delivery.objects.filter(pk=delivery.pk, receiver_id=by.room_id).first()
    if found is None or found.recalled_at is None:
        raise Refused("not_recalled")
    if RecallReceipt.objects.filter(room_id=by.room_id, delivery_id=found.pk).exists():
        raise Refused("already_noted")
    label = audience(by.room_id, [(found.room_id, None)])
    receipt = RecallReceipt.objects.create(
        room_id=by.room_id, audience_id=label, delivery_id=found.pk, account_id=by.account_id
    )
    return Done(receipt, wrote=[receipt], facts={"of": str(found.pk)}, topics=["doors.release"])


def _stop_onward(by: Actor, kind: RecordType, record_id: UUID) -> None:
    """Refuse to release another room's record, and tell that room; a record one cannot see does not exist."""
    if not by.may(Act.PROPOSE_RELEASE):
        raise Refused("not_permitted", act=Act.PROPOSE_RELEASE)
    with eyes_of(by):
        record = kind.model._default_manager.filter(pk=record_id).first()
    if record is None:
        raise Refused("not_found")
    if record.room_id != by.room_id:
        owner = Room.objects.get(pk=record.room_id)
        refuse_onward(by=system_actor(owner, Act.REFUSE_ONWARD), record=record, tried_by=str(by.room_id))
        raise Refused("originator_only")


def _check_passage(by: Actor, kind: RecordType, record_id: UUID, asked: Asked) -> list[list[str]]:
    """Refuse what the rules forbid; the groups of roles of which one each must agree. Holds the record."""
    hold(by.room_id, touched(kind, by.room_id, record_id))
    if not asked.lines:
        raise Refused("no_line")
    if not asked.receivers or any(
        room.pk == by.room_id or room.operation_id != by.operation_id for room in asked.receivers
    ):
        raise Refused("no_receiver")
    if not asked.reason.strip():
        raise Refused("reason_missing")
    if asked.until is not None and asked.until <= datetime.now(UTC):
        raise Refused("until_past")
    groups: list[list[str]] = []
    for line in asked.lines:
        if line not in kind.lines:
            raise Refused("no_such_line", line=line)
        rule = line_rule(by.operation_id, kind.code, line)
        check_marking(rule, line, asked.marking)
        groups += [group for group in second_roles(rule, asked.receivers) if group not in groups]
    for room in asked.receivers:
        check_ceiling(room, local_name(room.names), asked.marking)
    _check_headline(by, kind, record_id, asked)
    return groups


def _check_headline(by: Actor, kind: RecordType, record_id: UUID, asked: Asked) -> None:
    """Lines below the headline pass only to who reads the headline, at least as long."""
    if TearLine.HEADLINE not in kind.lines or TearLine.HEADLINE in asked.lines:
        return
    label = kind.model._default_manager.filter(pk=record_id).values_list("audience_id", flat=True).get()
    readers = dict(share_states([label]).get(label, []))
    for room in asked.receivers:
        until = readers.get(room.pk)
        enough = until is None or (asked.until is not None and until >= asked.until)
        if room.pk not in readers or not enough:
            raise Refused("headline_missing", room=local_name(room.names))


def _check_second(by: Actor, release: Release, groups: Sequence[Sequence[str]]) -> None:
    if release.proposed_by_id == by.account_id:
        raise Refused("same_person")
    membership = Membership.objects.filter(room_id=by.room_id, account_id=by.account_id, ended_at=None).first()
    if may_agree(membership.roles if membership else (), groups):
        return
    names = {role.code: local_name(role.names) for role in Role.objects.filter(operation_id=by.operation_id)}
    spelled = [", ".join(names.get(code, code) for code in group) for group in groups]
    raise Refused("second_role", roles="; ".join(dict.fromkeys(spelled)))


def _held(by: Actor, release: Release) -> tuple[Release, RecordType]:
    """The room's release as it stands now, held until the act is done; Refused when it is not the room's."""
    found = Release.objects.filter(pk=release.pk, room_id=by.room_id).first()
    if found is None:
        raise Refused("not_found")
    kind = record_type(found.record_type)
    hold(by.room_id, touched(kind, by.room_id, found.record_id))
    return Release.objects.get(pk=found.pk), kind


def _decide(by: Actor, release: Release, state: ReleaseState) -> None:
    release.state, release.decided_by_id, release.decided_at = state, by.account_id, datetime.now(UTC)
    release.save(update_fields=["state", "decided_by_id", "decided_at", "closing_reason"])


def _close(by: Actor, release: Release, state: ReleaseState, reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_missing")
    release.closing_reason = reason.strip()
    _decide(by, release, state)


def _write_release(by: Actor, kind: RecordType, record_id: UUID, asked: Asked, groups: list[list[str]]) -> Release:
    """The release, and one row for each receiver; until the release is in force only the owner reads these."""
    own = own_audience(by.room_id)
    lines = [line for line in kind.lines if line in asked.lines]
    release = Release.objects.create(
        room_id=by.room_id, audience_id=own, record_type=kind.code, record_id=record_id, lines=lines,
        marking=asked.marking, reason=asked.reason.strip(), until=asked.until, proposed_by_id=by.account_id,
        second_roles=groups, state=ReleaseState.PROPOSED if groups else ReleaseState.IN_FORCE,
    )  # fmt: skip
    receivers = {room.pk: room for room in asked.receivers}.values()
    everybody = sorted(room.slug for room in receivers)
    for room in receivers:
        Delivery.objects.create(
            room_id=by.room_id, audience_id=own, release=release, receiver=room, record_type=kind.code,
            record_id=record_id, lines=lines, marking=release.marking, reason=release.reason, until=release.until,
            releasable_to=everybody if asked.names_receivers else [room.slug],
        )  # fmt: skip
    return release


def _look_and_take_back(by: Actor, kind: RecordType, release: Release, show: Show) -> list[tuple[Room, str]]:
    """What each receiver is shown once the release is open, read with its eyes; then everything is undone.

    Only what this room may read too is looked at: a preview must not show the receiver's own records.
    """
    _open(by, kind, release)
    shown = []
    for delivery in release.delivery_set.select_related("receiver").order_by("receiver__slug"):
        with room_context(room_ids=(delivery.receiver_id,), shared_with=by.room_id):
            record = kind.model._default_manager.filter(pk=release.record_id).first()
            shown.append((delivery.receiver, show(delivery.receiver, record) if record is not None else ""))
    transaction.set_rollback(True)
    return shown


def _open(by: Actor, kind: RecordType, release: Release) -> list[Any]:
    """Let the receivers read: the rows, the delivery, and the proof of every act on the record so far."""
    deliveries = list(release.delivery_set.all())
    for delivery in deliveries:
        delivery.audience_id = audience(by.room_id, [(delivery.receiver_id, None)])
        delivery.audience_since = datetime.now(UTC)
        delivery.save(update_fields=["audience_id", "audience_since"])
    grants = [one for delivery in deliveries for one in _grant_proofs(by, release, delivery.receiver_id)]
    return [*deliveries, *grants, *_relabel(by, kind, release.record_id, release.lines)]


def _grant_proofs(by: Actor, release: Release, receiver_id: UUID) -> list[Grant]:
    entries = Entry.objects.filter(room_id=by.room_id, object_id=release.record_id).values_list("pk", flat=True)
    facts = Fact.objects.filter(room_id=by.room_id, entry_id__in=list(entries), name__in=SHOWN_FACTS)
    return Grant.objects.bulk_create(
        Grant(room_id=receiver_id, granted_by_id=by.room_id, entry_id=fact.entry_id, name=fact.name,
              release_id=release.pk, until=release.until)
        for fact in facts
    )  # fmt: skip


def _show_passage(release: Release, entry_id: UUID) -> list[Grant]:
    """Open the entry of a release or of its recall to each receiver, for good: it is about them.

    The hour at which a release ends is a fact of its entry. Who else received it is not shown.
    """
    return Grant.objects.bulk_create(
        Grant(room_id=receiver_id, granted_by_id=release.room_id, entry_id=entry_id, name=name, release_id=release.pk)
        for receiver_id in release.delivery_set.values_list("receiver_id", flat=True)
        for name in PASSED_FACTS
    )


def _close_proofs(by: Actor, release: Release) -> list[Any]:
    """End the proofs of the acts on the record; that it was released remains known to whom it was."""
    own = Entry.objects.filter(room_id=by.room_id, object_id=release.pk).values("pk")
    ended = Grant.objects.filter(granted_by_id=by.room_id, release_id=release.pk).exclude(entry_id__in=own)
    ids = list(ended.values_list("pk", flat=True))
    Grant.objects.filter(pk__in=ids).update(until=TransactionNow())
    return [(Grant, ids)] if ids else []


def _relabel(by: Actor, kind: RecordType, record_id: UUID, lines: Sequence[str]) -> list[Any]:
    """Give every row on these lines the audience that its own rule and the releases in force make.

    A row that several records share is read by the receivers of each of them.
    """
    wrote: list[Any] = []
    for line in lines:
        for model, ids in kind.rows(record_id, line):
            holders = holders_of(kind, by.room_id, record_id, model, list(ids))
            in_force = releases_in_force(by.room_id, {place for held in holders.values() for place in held}, line)
            alike: dict[frozenset[Place], list[UUID]] = defaultdict(list)
            for pk, places in holders.items():
                alike[frozenset(place for place in places if place in in_force)].append(pk)
            for released, pks in alike.items():
                opened = [one for place in sorted(released) for one in in_force[place]]
                wrote += _relabel_rows(by.room_id, model, pks, opened)
    return wrote


def _relabel_rows(
    room_id: UUID, model: type[Model], ids: Sequence[UUID], in_force: Sequence[Release]
) -> list[tuple[type[Model], list[UUID]]]:
    """Rows may differ in who reads them by default: each goes from its own plain label to the widened one."""
    under: dict[int, list[UUID]] = defaultdict(list)
    rows = model._default_manager.filter(pk__in=ids, room_id=room_id)
    for pk, label in rows.values_list("pk", "audience_id"):
        under[label].append(pk)
    plain = plain_labels(under)
    wrote = []
    for label, pks in under.items():
        wanted = widened(room_id, plain[label], in_force)
        if wanted != label:
            rows.filter(pk__in=pks).update(audience_id=wanted, audience_since=datetime.now(UTC))
            wrote.append((model, pks))
    return wrote


def _tell_receivers(by: Actor, release: Release) -> None:
    """Wake the pages of each receiver; the news says which pages, never what."""
    for delivery in release.delivery_set.all():
        tell(by.room_id, delivery.audience_id, ["doors.delivery", _topic(release.record_type)])


def _facts(release: Release) -> dict[str, Any]:
    receivers = release.delivery_set.order_by("receiver__slug").values_list("receiver_id", flat=True)
    return {
        "of": str(release.record_id), "lines": release.lines, "to": [str(pk) for pk in receivers],
        "tlp": release.marking, "until": release.until.isoformat() if release.until else None,
        "orcon": True, "reason": release.reason, "state": release.state,
    }  # fmt: skip


def _topic(code: str) -> str:
    return code.replace("_", ".", 1)
