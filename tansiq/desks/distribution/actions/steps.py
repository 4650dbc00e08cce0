"""What the verbs of this desk share: the words of a step, clocks of either side, one act at a time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from tansiq.building.clocks.actions import answer_clock, start_clock, stop_clock
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import database_now
from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation, TearLine
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution.actions.events import aided
from tansiq.desks.distribution.actions.labels import label_of
from tansiq.desks.distribution.models import Complaint, DistributionPlan, DistributionReport, PartnerRelease, Step
from tansiq.desks.distribution.rules import Act

FIELD: dict[type[models.Model], str] = {
    PartnerRelease: "release", DistributionPlan: "plan", DistributionReport: "report", Complaint: "complaint",
}  # fmt: skip


def words_on(
    by: Actor, record_type: str, record: Any, name: Act, *, text: str, concerned: Iterable[UUID] = (), **more: Any
) -> list[Step]:  # fmt: skip
    """The words of a step on a record; no step where nothing was said."""
    return [step_on(by, record_type, record, name, concerned, text=text, **more)] if text.strip() else []


def step_on(
    by: Actor, record_type: str, record: Any, name: Act, concerned: Iterable[UUID] = (), *, at: datetime | None = None,
    text: str = "", **more: Any,
) -> Step:  # fmt: skip
    """A step of the acting room on a record, which may be another room's."""
    return Step.objects.create(
        room_id=by.room_id, audience_id=label_of(by, record_type, record.pk, TearLine.DETAIL, concerned), act=name,
        at=at or database_now(), by_system=by.account_id is None, text=text.strip(), **{FIELD[type(record)]: record},
        **more,
    )  # fmt: skip


def moment(by: Actor, at: datetime | None) -> datetime:
    """Now; the sample operation alone may say otherwise, so that its story has a past. Raises Refused."""
    if at is None:
        return database_now()
    if not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("time_is_now")
    return at


def run_clock(by: Actor, record: Any, kind: str, holder: Holder, *, name: str, at: datetime | None = None) -> None:
    """Start a clock on a record of the acting room, which points at it from now on."""
    record.clock = start_clock(
        by=aided(by), kind=kind, subject=record, started_at=at, holder=holder, subject_names={"en": name}
    )
    record.save(update_fields=["clock"])


def end_clock(by: Actor, clock_id: UUID | None) -> None:
    """End a clock of the acting room, where it runs."""
    clock = _open(clock_id)
    if clock is not None:
        stop_clock(by=aided(by), clock=clock)


def answer_other(by: Actor, clock_id: UUID | None) -> None:
    """End a clock that another room started and this one holds, where it runs; one's own too."""
    clock = _open(clock_id)
    if clock is None:
        return
    if clock.room_id == by.room_id:
        stop_clock(by=aided(by), clock=clock)
    elif clock.holder_room_id == by.room_id:
        answer_clock(by=aided(by), clock=clock)


def allowed(by: Actor, *names: str) -> Actor:
    """The same person, allowed what an act of theirs brings with it."""
    return replace(by, acts=by.acts | set(names))


def one_at_a_time(what: str, *names: object) -> None:
    """Let two that do the same thing at once do it one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext(%s))", [" ".join(map(str, ("distribution", what, *names)))]
        )


def _open(clock_id: UUID | None) -> Clock | None:
    found = Clock.objects.select_related("kind", "room").filter(pk=clock_id).exclude(state=ClockState.STOPPED)
    return found.first() if clock_id else None
