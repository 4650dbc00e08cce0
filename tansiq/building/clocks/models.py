"""What is kept of clocks: their kinds, the clocks themselves, every pause and step, and who was told."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import RoomRecord, TearLine


class ClockState(models.TextChoices):
    """What a clock is doing; only the transition table in rules gives one."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    LAPSED = "lapsed", _("lapsed without an answer")
    STOPPED = "stopped", _("stopped")


OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED, ClockState.LAPSED)


class ClockKind(models.Model):
    """A kind of clock of an operation: how long, who is told when, why it may be paused, what silence means."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey("rooms.Operation", on_delete=models.CASCADE)
    code = models.SlugField(max_length=64)
    names = models.JSONField(default=dict)
    duration = models.DurationField()
    ladder = models.JSONField(default=list)  # steps as rules.Step writes them
    pause_reasons = models.JSONField(default=dict)  # code → names
    silence = models.CharField(max_length=10, default="record")  # "record" or "nothing": what no answer becomes
    retired = models.BooleanField(default=False)  # no longer in the operation's files; its clocks tick on

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "code"], name="clocks_clockkind_code")]


class Clock(RoomRecord):
    """A deadline that somebody holds. Keeps its own ladder, so that a changed kind never moves a running clock."""

    kind = models.ForeignKey(ClockKind, on_delete=models.PROTECT)
    subject_label = models.CharField(max_length=100)  # model label of what waits for an answer
    subject_id = models.UUIDField()
    subject_names = models.JSONField(default=dict)  # what to call the subject; headline words only
    holder_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    holder_role = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=ClockState.choices)
    started_at = models.DateTimeField()
    duration = models.DurationField()  # running time allowed, pauses not counted
    due_at = models.DateTimeField()
    paused_for = models.DurationField()  # sum of all ended pauses
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=64, blank=True)
    lapsed_at = models.DateTimeField(null=True)  # stays when a late answer stops the clock
    stopped_at = models.DateTimeField(null=True)
    ladder = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="clocks_clock_of_room"),  # for the key of its tick
            models.UniqueConstraint(
                fields=["room", "kind", "subject_id"],
                condition=~Q(state=ClockState.STOPPED),
                name="clocks_clock_one_open",
            ),
            models.CheckConstraint(
                condition=Q(due_at=F("started_at") + F("duration") + F("paused_for")), name="clocks_clock_due"
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.PAUSED, paused_at__isnull=False)
                | (~Q(state=ClockState.PAUSED) & Q(paused_at__isnull=True)),
                name="clocks_clock_paused",
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.STOPPED, stopped_at__isnull=False)
                | (~Q(state=ClockState.STOPPED) & Q(stopped_at__isnull=True)),
                name="clocks_clock_stopped",
            ),
        ]
        indexes = [models.Index(fields=["room", "state", "due_at"], name="clocks_clock_open")]


class ClockPerson(RoomRecord):
    """Who in the clock's own room holds it, by name."""

    line = TearLine.IDENTITIES
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="persons")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "clock"], name="clocks_clockperson_one")]


class ClockPause(RoomRecord):
    """A pause that began, with its reason and the time that was due until then."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    paused_at = models.DateTimeField()
    reason = models.CharField(max_length=64)
    former_due_at = models.DateTimeField()


class ClockResumption(RoomRecord):
    """The end of a pause, and where it moved the due time."""

    pause = models.ForeignKey(ClockPause, on_delete=models.PROTECT, related_name="resumptions")
    resumed_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "pause"], name="clocks_clockresumption_once")]


class ClockStep(RoomRecord):
    """A step of the ladder that fired; each fires once in the life of a clock."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=64)
    due_at = models.DateTimeField()  # when the ladder wanted it
    fired_at = models.DateTimeField()  # when it happened

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "clock", "step"], name="clocks_clockstep_once")]


class ClockNote(RoomRecord):
    """What a person typed on pausing, resuming, stopping or answering."""

    line = TearLine.DETAIL
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="notes")
    act = models.CharField(max_length=100)
    text = models.TextField()
    at = models.DateTimeField()


class Notice(RoomRecord):
    """That a room was told of a step; the told room reads it even where it does not see the clock."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="notices")
    kind = models.ForeignKey(ClockKind, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=64)
    told_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    told_role = models.CharField(max_length=64, blank=True)  # blank: everybody in the room
    told_at = models.DateTimeField()
    clock_due_at = models.DateTimeField()
    lapsed = models.BooleanField()  # told because no answer came

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "clock", "step", "told_room", "told_role"], name="clocks_notice_once"
            )
        ]


class Acknowledgement(RoomRecord):
    """That the told room saw the notice; written by that room, read by both."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="acknowledgements")
    acknowledged_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "notice"], name="clocks_acknowledgement_once")]


class Tick(models.Model):
    """When a clock wants to be looked at next. Opaque; no role may read it, only the functions of tick_sql."""

    pk = models.CompositePrimaryKey("room_id", "clock_id")
    room_id = models.UUIDField()
    clock_id = models.UUIDField()
    next_at = models.DateTimeField(null=True)  # null while paused
    tries = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="clocks_tick_next", condition=Q(next_at__isnull=False))]
