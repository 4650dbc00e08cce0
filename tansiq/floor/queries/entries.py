"""The latest entries of the ledger as a person reads them: what was done, in which role or room, on which record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from tansiq.building.clocks.models import Clock
from tansiq.building.doors.rules import RECORD_TYPES
from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import Opened, entries, opened
from tansiq.building.ledger.words import describe
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Membership, Role, Room

SYSTEM = "system"  # the fact "by" of what no person did
MOST = 12
LOOKED_AT = 8  # entries for each line, so that what the system did does not hide what people did
SHOWN_FACTS = ("act", "by", "object", "record")


@dataclass(frozen=True)
class EntryLine:
    """One entry of the log, or the newest of several by which the system did the same."""

    entry: Entry
    words: Any  # the act, in the reader's language when it is shown
    roles: tuple[dict[str, str], ...]  # names of the roles that who did it holds now, where this room may know
    room: dict[str, str] | None  # names of the room that did it, unless it is the reader's own
    by_system: bool
    url: str  # of the record, when this room may read it
    matter: dict[str, str]  # what a clock waits for, when this room may read it
    times: int  # how many entries stand in this line


def latest_entries(by: Actor, most: int = MOST) -> list[EntryLine]:
    """The newest entries that the room may read; the same queries for any number of them on one kind of record.

    Between two acts of people, the same act of the system takes one line, with a count.
    """
    folded = _folded(opened(entries()[: most * LOOKED_AT], only=SHOWN_FACTS))[:most]
    found = [stretch[0] for stretch in folded]
    roles = _roles_of({_author(one) for one in found}, by)
    rooms = dict(Room.objects.filter(pk__in={one.entry.room_id for one in found}).values_list("pk", "names"))
    urls, matters = _urls(found), _matters(found)
    return [
        EntryLine(
            one.entry, describe(str(one.facts.get("act", one.entry.act))), roles.get(_author(one), ()),
            None if one.entry.room_id == by.room_id else rooms.get(one.entry.room_id),
            _by_system(one), urls.get(_object_id(one), ""), matters.get(_object_id(one), {}), len(stretch),
        )
        for one, stretch in zip(found, folded, strict=True)
    ]  # fmt: skip


def _by_system(one: Opened) -> bool:
    return one.facts.get("by") == SYSTEM


def _folded(found: Iterable[Opened]) -> list[list[Opened]]:
    """The entries in lines, newest first: a person's each alone, the system's by act and room until a person acts."""
    lines: list[list[Opened]] = []
    stretch: dict[tuple[str, UUID], list[Opened]] = {}
    for one in found:
        key = (one.entry.act, one.entry.room_id)
        if not _by_system(one):
            stretch = {}
            lines.append([one])
        elif key in stretch:
            stretch[key].append(one)
        else:
            stretch[key] = [one]
            lines.append(stretch[key])
    return lines


def _matters(found: Iterable[Opened]) -> dict[UUID | None, dict[str, str]]:
    """What the clocks among these are about: the words of the matter, else the kind of the clock."""
    label = Clock._meta.label_lower
    ids = [_object_id(one) for one in found if one.facts.get("record") == label]
    clocks = Clock.objects.filter(pk__in=[one for one in ids if one]).select_related("kind")
    return {clock.pk: clock.subject_names or clock.kind.names for clock in clocks}


def _author(one: Opened) -> UUID | None:
    return _uuid(one.facts.get("by"))


def _object_id(one: Opened) -> UUID | None:
    return _uuid(one.facts.get("object"))


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _roles_of(accounts: Iterable[UUID | None], by: Actor) -> dict[UUID | None, tuple[dict[str, str], ...]]:
    """The roles of people of the acting room; who works elsewhere is known by room only."""
    members = Membership.objects.filter(room_id=by.room_id, account_id__in=[one for one in accounts if one])
    names = dict(Role.objects.filter(operation=by.operation_id).values_list("code", "names"))
    return {
        account_id: tuple(names[code] for code in codes if code in names)
        for account_id, codes in members.values_list("account_id", "roles")
    }


def _urls(found: Iterable[Opened]) -> dict[UUID | None, str]:
    """Pages of the records that this room may read; asks once for each kind of record."""
    kinds = {kind.model._meta.label_lower: kind for kind in RECORD_TYPES.values()}
    wanted: dict[str, set[UUID]] = {}
    for one in found:
        label, object_id = str(one.facts.get("record", "")), _object_id(one)
        if label in kinds and object_id:
            wanted.setdefault(label, set()).add(object_id)
    return {
        record_id: reverse(kinds[label].url, args=[record_id])
        for label, ids in wanted.items()
        for record_id in kinds[label].model._default_manager.filter(pk__in=ids).values_list("pk", flat=True)
    }
