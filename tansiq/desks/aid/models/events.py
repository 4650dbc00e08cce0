"""What happened to a consignment or a unit, in rows that are only ever added, and what it amounts to."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import RoomRecord, TearLine
from tansiq.desks.aid.models.consignments import owned


class Precision(models.TextChoices):
    """How exactly the time of an event is known."""

    SECOND = "second", _("to the second")
    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    DAY = "day", _("to the day")


class Move(models.TextChoices):
    """What an event says of a unit besides a stage that it reached: goods passed to other units or lines there."""

    TAKEN = "taken", _("taken from it")
    MADE = "made", _("made of it")


class AidEvent(RoomRecord):
    """A stage that a consignment or unit reached, as one source states it.

    A correction or withdrawal is a new event that names the one it replaces; the former one stays.
    """

    source = models.CharField(max_length=64)
    source_key = models.CharField(max_length=300)  # names the event in its source, so that it is taken once
    edition = models.PositiveIntegerField(default=0)  # 0 first stated; +1 for each correction or withdrawal
    fingerprint = models.CharField(max_length=32, blank=True)  # digest of what an imported row states
    consignment = owned("aid.Consignment", null=True)
    handling_unit = owned("aid.HandlingUnit", null=True)
    import_run = owned("aid.ImportRun", null=True)
    stage = models.CharField(max_length=64)
    reason = models.CharField(max_length=64, blank=True)
    occurred_at = models.DateTimeField()  # start of the span within which it happened
    precision = models.CharField(max_length=10, choices=Precision.choices)
    recorded_at = models.DateTimeField(db_default=Now())
    crossing_code = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveIntegerField(default=1)
    corrects = owned("aid.AidEvent", null=True)
    correction_reason = models.TextField(blank=True)
    repeats = owned("aid.AidEvent", null=True)  # scanned again: the event that counts for this passage
    withdrawn = models.BooleanField(default=False)  # the source takes the event back; nothing replaces it
    move = models.CharField(max_length=8, choices=Move.choices, blank=True, db_default="")  # "": it reached the stage
    group = models.UUIDField(null=True)  # the split, repack or substitution to which what was taken or made belongs

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "source", "source_key", "edition"], name="aid_event_once"),
            models.UniqueConstraint(fields=["room", "id"], name="aid_event_owner"),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(correction_reason=""),
                name="aid_event_reason_of_correction",
            ),
        ]
        indexes = [
            models.Index(fields=["room", "-occurred_at", "id"], name="aid_event_latest"),
            models.Index(fields=["room", "audience", "-occurred_at", "id"], name="aid_event_of_label"),
            models.Index(fields=["room", "stage", "crossing_code"], name="aid_event_stage"),
            models.Index(fields=["room", "consignment"], name="aid_event_consignment"),
            models.Index(
                fields=["room", "handling_unit"], name="aid_event_unit", condition=models.Q(handling_unit__isnull=False)
            ),
            models.Index(
                fields=["room", "corrects"], name="aid_event_corrects", condition=models.Q(corrects__isnull=False)
            ),
            models.Index(
                fields=["room", "repeats"], name="aid_event_repeats", condition=models.Q(repeats__isnull=False)
            ),
        ]

    @property
    def unit_reference(self) -> str:
        """What to call the unit where its code is closed to the reader: the beginning of its random id."""
        return f"#{self.handling_unit_id.hex[:8]}" if self.handling_unit_id else ""


class AidMeasure(RoomRecord):
    """What an event amounts to in one unit and commodity, and where it was: all that a count needs stands here.

    An event that states a place and no quantity has one row without a unit, which no count takes.
    """

    line = TearLine.DETAIL
    event = owned("aid.AidEvent")
    unit_key = models.UUIDField()  # the handling unit, or the consignment where no unit is known
    reference = models.CharField(max_length=300, blank=True)  # waybill or scanned code; equal in two ledgers: one thing
    source = models.CharField(max_length=64)
    stage = models.CharField(max_length=64)
    crossing_code = models.CharField(max_length=64, blank=True)
    consignor_class = models.CharField(max_length=64, blank=True)
    commodity = models.CharField(max_length=64, blank=True)  # as known when it was recorded
    cargo_key = models.CharField(max_length=32, blank=True)  # a cargo name's later meaning takes precedence
    line_number = models.PositiveIntegerField(null=True)  # of the consignment; None: of no line that is known
    unit = models.CharField(max_length=64)  # "": no quantity is stated
    quantity_giver = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    quantity_receiver = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    quantity_damaged = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # of what was received
    place = models.TextField(blank=True)  # may name an exact site; an area by its p-code
    attempt = models.PositiveIntegerField(default=1)
    is_repeat = models.BooleanField(default=False)  # repeats what counts already, or only passed between units
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["room", "stage", "crossing_code", "occurred_at"], name="aid_measure_count"),
            models.Index(fields=["room", "event"], name="aid_measure_event"),
            models.Index(fields=["room", "unit_key"], name="aid_measure_unit"),
        ]
