"""Lines of what is released, received, planned and reported, and the steps by which rooms answer one another."""

from django.db import models
from django.db.models import Q

from tansiq.building.rooms.models import RoomRecord, TearLine
from tansiq.desks.distribution.models.stock import owned


def amount(**options: object) -> models.DecimalField:
    """How much, in the unit of the line."""
    return models.DecimalField(max_digits=18, decimal_places=6, **options)  # type: ignore[arg-type]


class Line(RoomRecord):
    """One line of a release, an acceptance, a plan or a report: goods of a lot, or people of a group."""

    line = TearLine.DETAIL
    release = owned("distribution.PartnerRelease", null=True)
    step = owned("distribution.Step", null=True)  # the acceptance of a release
    plan = owned("distribution.DistributionPlan", null=True)
    report = owned("distribution.DistributionReport", null=True)
    number = models.PositiveIntegerField()  # from 1
    version = models.PositiveIntegerField(default=1)  # of a plan that was stated anew
    commodity = models.CharField(max_length=64, blank=True)  # "": people
    unit = models.CharField(max_length=64)
    group = models.CharField(max_length=64, blank=True)  # of people, by sex and age
    expiry_date = models.DateField(null=True)
    consignment_id = models.UUIDField(null=True)
    consignment_reference = models.CharField(max_length=300, blank=True)
    quantity = amount()  # released, planned, received for the distribution, or people reached
    per_household = amount(null=True)
    received = amount(null=True)  # in good condition, as the partner counts
    damaged = amount(null=True)
    distributed = amount(null=True)
    left = amount(null=True)
    lost = amount(null=True)
    reason = models.CharField(max_length=64, blank=True)  # of what was lost

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(release__isnull=False, step=None, plan=None, report=None)
                | Q(release=None, step__isnull=False, plan=None, report=None)
                | Q(release=None, step=None, plan__isnull=False, report=None)
                | Q(release=None, step=None, plan=None, report__isnull=False),
                name="distribution_line_of_one",
            )
        ]
        indexes = [models.Index(fields=["consignment_id"], name="distribution_line_consignment")]


def stepped(model: str) -> models.ForeignKey:
    """The record that a step is about; it may stand in another room's book, so that no key of the database tells."""
    return models.ForeignKey(model, on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+")  # type: ignore[misc]


class Step(RoomRecord):
    """One step in the story of a record, by the room that took it: an answer, a check, a reason, a silence.

    A step of another room than the record's is that room's own; the two are joined when they are read.
    """

    line = TearLine.DETAIL
    release = stepped("distribution.PartnerRelease")
    plan = stepped("distribution.DistributionPlan")
    report = stepped("distribution.DistributionReport")
    complaint = stepped("distribution.Complaint")
    act = models.CharField(max_length=100)
    at = models.DateTimeField()
    by_system = models.BooleanField(default=False)
    code = models.CharField(max_length=64, blank=True)  # of the check, of the reason
    text = models.TextField(blank=True)
    by_whom = models.CharField(max_length=200, blank=True)  # the organisation or team that checked, never a person
    source = models.CharField(max_length=300, blank=True)
    is_so = models.BooleanField(null=True)  # what a check found
    valid_until = models.DateTimeField(null=True)  # of a check; afterwards it counts as not done
    due_at = models.DateTimeField(null=True)  # the deadline that passed in silence
    clock = models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="distribution_step_owner"),
            models.UniqueConstraint(
                fields=["room", "clock"], condition=Q(by_system=True, clock__isnull=False),
                name="distribution_step_one_silence",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["release", "at"], name="distribution_step_release"),
            models.Index(fields=["plan", "at"], name="distribution_step_plan"),
            models.Index(fields=["report", "at"], name="distribution_step_report"),
            models.Index(fields=["complaint", "at"], name="distribution_step_complaint"),
        ]
