"""Which acts doors know, what may pass, to whom, and who must agree."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.building.doors.models import Marking, Release, ReleaseState
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.refusals import Refused, register


class Act(StrEnum):
    """What can be done with doors."""

    READ_RELEASE = "doors.release.read"
    PROPOSE_RELEASE = "doors.release.propose"
    APPROVE_RELEASE = "doors.release.approve"
    DECLINE_RELEASE = "doors.release.decline"
    RECALL_RELEASE = "doors.release.recall"
    REFUSE_ONWARD = "doors.onward.refuse"
    ACKNOWLEDGE_RECALL = "doors.recall.acknowledge"


register(
    {
        "originator_only": _("Only the room that wrote this record can release it. Ask that room."),
        "no_such_line": _("This kind of record has no %(line)s line."),
        "no_receiver": _("Choose at least one room that is not your own."),
        "no_line": _("Choose at least one line of the record."),
        "marking_too_open": _("%(line)s may not be marked more openly than TLP:%(most_open)s."),
        "above_ceiling": _("%(room)s may receive up to TLP:%(ceiling)s; this release is TLP:%(marking)s."),
        "until_past": _("The hour until which it is released has already passed."),
        "reason_missing": _("Say why: a release and a recall each need a reason."),
        "same_person": _("A second person must agree; you proposed this release yourself."),
        "second_role": _("Agreement must come from one of these roles: %(roles)s."),
        "not_proposed": _("This release does not wait for agreement."),
        "not_in_force": _("Only a release in force can be recalled."),
        "not_recalled": _("This was not recalled."),
    }
)

OPENNESS = {mark: place for place, mark in enumerate(Marking.values)}

TRANSITIONS = {
    (ReleaseState.PROPOSED, Act.APPROVE_RELEASE): ReleaseState.IN_FORCE,
    (ReleaseState.PROPOSED, Act.DECLINE_RELEASE): ReleaseState.DECLINED,
    (ReleaseState.IN_FORCE, Act.RECALL_RELEASE): ReleaseState.RECALLED,
}

Rows = Iterable[tuple[type[models.Model], Sequence[UUID]]]


@dataclass(frozen=True)
class RecordType:
    """How a desk's kind of record passes a door: its rows on each tear line, its name and how it is shown."""

    code: str  # as the operation's release rules spell it
    model: type[models.Model]  # the headline's model
    rows: Callable[[UUID, str], Rows]  # (record id, tear line) → every row on that line, dependants included
    title: Callable[[models.Model], str]
    url: str  # name of the record's page, taking its id
    fragment: Callable[[Any, models.Model], str]  # (request, record) → the HTML that a reader is shown
    lines: tuple[str, ...] = field(default=tuple(TearLine.values))


RECORD_TYPES: dict[str, RecordType] = {}


def passes_doors(record_type: RecordType) -> None:
    """Make a kind of record releasable; called once by its desk."""
    RECORD_TYPES[record_type.code] = record_type


def record_type(code: str) -> RecordType:
    """The kind of record; Refused when there is none."""
    if code not in RECORD_TYPES:
        raise Refused("not_found")
    return RECORD_TYPES[code]


def next_state(release: Release, act: Act) -> ReleaseState:
    """The state after the act; Refused when it is not allowed now."""
    state = TRANSITIONS.get((ReleaseState(release.state), act))
    if state is None:
        raise Refused("not_in_force" if act is Act.RECALL_RELEASE else "not_proposed")
    return state


def check_marking(rule: dict[str, Any], line: str, marking: str) -> None:
    """Refuse a mark that is more open than the operation's rule allows for the line."""
    most_open = rule.get("most_open", Marking.CLEAR)
    if OPENNESS[marking] < OPENNESS[most_open]:
        raise Refused("marking_too_open", line=line, most_open=most_open)


def check_ceiling(room: Room, name: str, marking: str) -> None:
    """Refuse a mark that is more closely held than the receiving room may have."""
    if OPENNESS[marking] > OPENNESS[room.tlp_ceiling]:
        raise Refused("above_ceiling", room=name, ceiling=room.tlp_ceiling, marking=marking)


def second_roles(rule: dict[str, Any], receivers: Iterable[Room]) -> list[str]:
    """Roles of which one must agree before a line passes to these rooms; empty when nobody need."""
    roles: list[str] = []
    for wanted in rule.get("second_person", ()):
        named = any(
            room.slug in wanted.get("rooms", ()) or room.kind in wanted.get("room_kinds", ()) for room in receivers
        )
        roles += [role for role in wanted["roles"] if named and role not in roles]
    return roles
