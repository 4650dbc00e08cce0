"""Release rules and clocks, as files state them."""

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .words import MARKINGS_BY_OPENNESS, Code, Format, Marking, Names, RoomKind, Span, Strict, span_from

TearLine = Literal["headline", "detail", "identities"]


class SecondPerson(Strict):
    """A release to such rooms waits for a second person with one of the roles."""

    room_kinds: tuple[RoomKind, ...] = ()
    rooms: tuple[Code, ...] = ()
    roles: tuple[Code, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_a_room(self) -> Self:
        if not self.room_kinds and not self.rooms:
            raise ValueError("expected room_kinds or rooms")
        return self


class LineRule(Strict):
    """Who sees one tear line of a new record, besides the room that wrote it."""

    room_kinds: tuple[RoomKind, ...] = ()
    rooms: tuple[Code, ...] = ()
    marking: Marking
    most_open: Marking
    second_person: tuple[SecondPerson, ...] = ()

    @model_validator(mode="after")
    def _opens_in_order(self) -> Self:
        if MARKINGS_BY_OPENNESS.index(self.most_open) < MARKINGS_BY_OPENNESS.index(self.marking):
            raise ValueError("most_open is more closely held than marking")
        return self


class Lines(Strict):
    """The three tear lines of a record type."""

    headline: LineRule
    detail: LineRule
    identities: LineRule


class RecordType(Strict):
    """Release rules of one record type."""

    record: Code
    names: Names
    lines: Lines


class ReleaseRulesFile(Strict):
    """release_rules.yaml"""

    format: Format
    record_types: tuple[RecordType, ...] = Field(min_length=1)


class PauseReason(Strict):
    """Why a clock may stand still."""

    code: Code
    names: Names


class Told(Strict):
    """Who is told: a role in a room; "asked" and "asking" are the two rooms of the matter."""

    room: Code
    role: Code


def _is_step(text: str) -> str:
    if text.startswith("+"):
        span_from(text[1:])
    elif not re.match(r"^(\d{1,3})%$", text) or not 1 <= int(text[:-1]) <= 100:
        raise ValueError("expected a share such as 50%, or a span after the deadline such as +PT1H")
    return text


class LadderStep(Strict):
    """When somebody further is told."""

    at: Annotated[str, AfterValidator(_is_step)]
    tell: tuple[Told, ...] = Field(min_length=1)

    def after_start(self, due_in: timedelta) -> timedelta:
        """Give the running time at which this step comes, for a clock of the given length."""
        if self.at.startswith("+"):
            return due_in + span_from(self.at[1:])
        return due_in * int(self.at[:-1]) / 100


class ClockKind(Strict):
    """One kind of clock."""

    code: Code
    names: Names
    due_in: Span
    may_pause_for: tuple[Code, ...] = ()
    on_silence: Literal["record", "nothing"] = "record"
    ladder: tuple[LadderStep, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        if self.due_in <= timedelta(0):
            raise ValueError("due_in: expected more than no time")
        times = [step.after_start(self.due_in) for step in self.ladder]
        if times != sorted(set(times)):
            raise ValueError("ladder: expected steps in order of time, each later than the one before")
        return self


class ClocksFile(Strict):
    """clocks.yaml"""

    format: Format
    pause_reasons: tuple[PauseReason, ...]
    kinds: tuple[ClockKind, ...] = Field(min_length=1)
