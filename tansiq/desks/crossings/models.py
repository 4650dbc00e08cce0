"""What is kept of the day at a crossing: what rooms state of it, slots that are booked, and how they were answered."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import RoomRecord, TearLine
from tansiq.desks.aid.models.consignments import owned


class StatementKind(models.TextChoices):
    """What may be stated of the day at a crossing."""

    HOURS = "hours", _("opening hours")
    LANES = "lanes", _("scanning lanes that work")
    CAPACITY = "capacity", _("trucks that a slot takes")
    QUEUE = "queue", _("queue")
    FREE = "free", _("free places in a slot")


class Reach(models.TextChoices):
    """For which days a statement holds."""

    DAY = "day", _("that day alone")
    WEEKDAY = "weekday", _("that day of the week, from that day on")
    ONWARDS = "onwards", _("every day from that day on")


class DayStatement(RoomRecord):
    """What a room says of the day at a crossing. Never changed: what was said wrongly is said again."""

    crossing = models.ForeignKey("places.Crossing", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=StatementKind.choices)
    day = models.DateField()  # of the operation's calendar
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.DAY)
    is_actual = models.BooleanField(default=False)  # hours: as they were, not as they were meant to be
    opens_at = models.TimeField(null=True)  # local time; without both the crossing is closed
    closes_at = models.TimeField(null=True)  # not after it opens: on the next day
    reason = models.SlugField(max_length=64, blank=True)  # why it is closed, or closed early
    read_at = models.DateTimeField(null=True)  # lanes, queue and free places: as of when
    lanes = models.PositiveSmallIntegerField(null=True)
    slot_minutes = models.PositiveSmallIntegerField(null=True)
    trucks_per_slot = models.PositiveIntegerField(null=True)
    trucks_waiting = models.PositiveIntegerField(null=True)
    wait_minutes = models.PositiveIntegerField(null=True)  # how long the first in the queue has waited
    slot_at = models.DateTimeField(null=True)  # free places: beginning of the slot
    free_places = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="crossings_statement_owner"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="crossings_statement_hours",
            ),
        ]
        indexes = [models.Index(fields=["room", "crossing", "kind", "-day"], name="crossings_statement_day")]

    @property
    def is_closed(self) -> bool:
        """Whether it says of the hours that there are none."""
        return self.kind == StatementKind.HOURS and self.opens_at is None

    def get_absolute_url(self) -> str:
        """The page on which it stands."""
        return reverse("crossings:statement", args=[self.pk])


class DayStatementDetail(RoomRecord):
    """Where a statement on the day comes from, and what was said with it."""

    line = TearLine.DETAIL
    statement = owned("crossings.DayStatement")
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "statement"], name="crossings_statementdetail_one")]


class SlotState(models.TextChoices):
    """How a booking stands; only the transition table in rules gives one."""

    BOOKED = "booked", _("booked")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    USED = "used", _("used")
    MISSED = "missed", _("missed")
    RELEASED = "released", _("given back")


LIVE_STATES = (SlotState.BOOKED, SlotState.CONFIRMED)
TAKES_PLACE = (*LIVE_STATES, SlotState.USED, SlotState.MISSED)
"""States whose places nobody else can have; a slot that was missed is over."""


class SlotBooking(RoomRecord):
    """Places in a slot at a crossing that a room books for a consignment of its own, or for one truck of it."""

    crossing = models.ForeignKey("places.Crossing", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()  # of the operation's calendar, on which the slot's opening began
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    consignment = owned("aid.Consignment")
    unit = owned("aid.HandlingUnit", null=True)  # null: the consignment as a whole
    places = models.PositiveSmallIntegerField(default=1)
    classes = models.JSONField(default=list)  # codes of the obligations' classes that it falls under
    keeper_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")  # that answers it
    state = models.CharField(max_length=10, choices=SlotState.choices)
    reason = models.SlugField(max_length=64, blank=True)  # of a refusal
    booked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # used, missed or given back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="crossings_booking_owner"),
            models.UniqueConstraint(
                fields=["room", "consignment"], condition=Q(unit__isnull=True, state__in=LIVE_STATES),
                name="crossings_booking_consignment",
            ),
            models.UniqueConstraint(
                fields=["room", "unit"], condition=Q(unit__isnull=False, state__in=LIVE_STATES),
                name="crossings_booking_unit",
            ),
            models.CheckConstraint(condition=Q(places__gt=0), name="crossings_booking_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="crossings_booking_span"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["room", "-starts_at", "id"], name="crossings_booking_latest"),
            models.Index(fields=["room", "crossing", "starts_at"], name="crossings_booking_slot"),
            models.Index(fields=["room", "consignment"], name="crossings_booking_of"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("crossings:slot", args=[self.pk])


class SlotBookingDetail(RoomRecord):
    """What the booking room says with a booking."""

    line = TearLine.DETAIL
    booking = owned("crossings.SlotBooking")
    note = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "booking"], name="crossings_bookingdetail_one")]


class SlotAnswer(RoomRecord):
    """What the crossing's room answered to a booking, in its own words; it belongs to the room that answered.

    No key of the database tells of the booking: one would answer whether a row of another room exists.
    """

    line = TearLine.DETAIL
    booking = models.ForeignKey(SlotBooking, on_delete=models.PROTECT, db_constraint=False, related_name="answers")
    act = models.CharField(max_length=100)
    reason = models.SlugField(max_length=64, blank=True)
    note = models.TextField(blank=True)
