"""Which acts doors know, what may pass, to whom, and who must agree."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.building.doors.models import Marking, Release, ReleaseState
from tansiq.building.ledger.words import register_words
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
        "no_such_line": _("This kind of record has no line “%(line)s”."),
        "no_receiver": _("Choose at least one room that is not your own."),
        "no_line": _("Choose at least one line of the record."),
        "headline_missing": _("%(room)s does not read the headline, and can make nothing of the lines below it."),
        "unknown_marking": _("“%(marking)s” is no mark. Choose one of %(expected)s."),
        "marking_too_open": _("The line “%(line)s” may not be marked more openly than TLP:%(most_open)s."),
        "above_ceiling": _("%(room)s may receive up to TLP:%(ceiling)s; this release is TLP:%(marking)s."),
        "until_past": _("The hour until which it is released has already passed."),
        "reason_missing": _("Say why: a release, a refusal and a recall each need a reason."),
        "same_person": _("A second person must agree; you proposed this release yourself."),
        "second_role": _("Agreement must come from somebody with one of these roles: %(roles)s."),
        "not_proposed": _("This release does not wait for agreement."),
        "not_in_force": _("Only a release in force can be recalled."),
        "not_recalled": _("This was not recalled."),
        "already_noted": _("Your room has taken note of this recall already."),
    }
)
register_words(
    {
        Act.PROPOSE_RELEASE: _("Release proposed"),
        Act.APPROVE_RELEASE: _("Release agreed to"),
        Act.DECLINE_RELEASE: _("Release declined"),
        Act.RECALL_RELEASE: _("Release recalled"),
        Act.REFUSE_ONWARD: _("Passing on refused"),
        Act.ACKNOWLEDGE_RECALL: _("Recall noted"),
    }
)

OPENNESS = {mark: place for place, mark in enumerate(Marking.values)}

TRANSITIONS = {
    (ReleaseState.PROPOSED, Act.APPROVE_RELEASE): ReleaseState.IN_FORCE,
    (ReleaseState.PROPOSED, Act.DECLINE_RELEASE): ReleaseState.DECLINED,
    (ReleaseState.IN_FORCE, Act.RECALL_RELEASE): ReleaseState.RECALLED,
}

LINE_CONTENTS = {
    TearLine.HEADLINE: _("What it is, roughly where and when, and how it stands."),
    TearLine.DETAIL: _("The exact place, the route, vehicles and quantities."),
    TearLine.IDENTITIES: _("Names, phone numbers and sources."),
}

Rows = Iterable[tuple[type[models.Model], Sequence[UUID]]]
Place = tuple[str, UUID]  # code of a record type, id of the record
Holders = Mapping[UUID, Sequence[Place]]  # row → every record whose release opens it


def alone(record_id: UUID) -> Iterable[Place]:
    """A record that is part of no other one."""
    return ()


def unshared(room_id: UUID, model: type[models.Model], ids: Sequence[UUID]) -> Holders:
    """Rows that belong to their record, and to those that it is part of, alone."""
    return {}


@dataclass(frozen=True)
class RecordType:
    """How a desk's kind of record passes a door: its rows on each tear line, its name and how it is shown.

    The fragment shows data alone: no form, no link that depends on the reader's roles, nothing that changes with
    the hour; then what a receiver is shown is, letter by letter, what the preview showed.
    """

    code: str  # as the operation's release rules spell it
    model: type[models.Model]  # the headline's model
    rows: Callable[[UUID, str], Rows]  # (record id, tear line) → every row on that line, dependants included
    title: Callable[[models.Model], str]
    url: str  # name of the record's page, taking its id
    fragment: Callable[[Any, models.Model], str]  # (request, record) → the HTML that a reader is shown
    lines: tuple[str, ...] = field(default=tuple(TearLine.values))
    contains: Mapping[str, Any] = field(default_factory=lambda: LINE_CONTENTS)  # line → what stands on it, in words
    within: Callable[[UUID], Iterable[Place]] = alone  # records whose release opens a row that is added to this one
    holders: Callable[[UUID, type[models.Model], Sequence[UUID]], Holders] = unshared  # (room, model, ids of rows)


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
    """Refuse a mark that is none, or is more open than the operation's rule allows for the line."""
    if marking not in OPENNESS:
        raise Refused("unknown_marking", marking=marking, expected=", ".join(Marking.values))
    most_open = rule.get("most_open", Marking.CLEAR)
    if OPENNESS[marking] < OPENNESS[most_open]:
        raise Refused("marking_too_open", line=TearLine(line).label, most_open=most_open)


def check_ceiling(room: Room, name: str, marking: str) -> None:
    """Refuse a mark that is more closely held than the receiving room may have."""
    if OPENNESS[marking] > OPENNESS[room.tlp_ceiling]:
        raise Refused("above_ceiling", room=name, ceiling=room.tlp_ceiling, marking=marking)


def second_roles(rule: dict[str, Any], receivers: Iterable[Room]) -> list[list[str]]:
    """Groups of roles, one of each must agree before a line passes to these rooms; empty when nobody need."""
    wanted = [
        sorted(one["roles"])
        for one in rule.get("second_person", ())
        if any(room.slug in one.get("rooms", ()) or room.kind in one.get("room_kinds", ()) for room in receivers)
    ]
    return [group for place, group in enumerate(wanted) if group not in wanted[:place]]


def may_agree(roles: Iterable[str], groups: Iterable[Sequence[str]]) -> bool:
    """Whether a person with these roles can be the second: every line's rule must accept one of them."""
    held = set(roles)
    return all(held & set(group) for group in groups)
