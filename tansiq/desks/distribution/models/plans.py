"""Releases to partners, plans of distributions, who is met there, and the report of what became of the goods."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.building.rooms.models import RoomRecord, TearLine
from tansiq.desks.distribution.models.stock import owned


def clock() -> models.ForeignKey:
    """The clock that runs, or ran last, over a record."""
    return models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")  # type: ignore[misc]


class PartnerRelease(RoomRecord):
    """Goods that a room gives out of its warehouse to a partner's room; the partner says what it received."""

    reference = models.CharField(max_length=40)  # what both sides call it
    warehouse = owned("distribution.Warehouse")
    partner_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    expected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    clock = clock()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "reference"], name="distribution_release_reference"),
            models.UniqueConstraint(fields=["room", "id"], name="distribution_release_owner"),
        ]
        indexes = [models.Index(fields=["room", "-released_at"], name="distribution_release_latest")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("distribution:partner-release", args=[self.pk])


class PlanState(models.TextChoices):
    """How a plan stands; only the transition table in rules gives one. Readiness is derived, not kept."""

    PLANNED = "planned", pgettext_lazy("distribution", "planned")
    SET = "set", pgettext_lazy("distribution", "set: people are called")
    POSTPONED = "postponed", pgettext_lazy("distribution", "postponed")
    CANCELLED = "cancelled", pgettext_lazy("distribution", "cancelled")
    HELD = "held", pgettext_lazy("distribution", "held")


RESERVING = (PlanState.PLANNED, PlanState.SET, PlanState.POSTPONED)


class DistributionPlan(RoomRecord):
    """A distribution: roughly where, when, for how many households, out of which warehouse."""

    reference = models.CharField(max_length=40)
    area = models.CharField(max_length=40)  # p-code
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    households = models.PositiveIntegerField()  # targeted
    state = models.CharField(max_length=12, choices=PlanState.choices)
    warehouse = owned("distribution.Warehouse")
    version = models.PositiveIntegerField(default=1)  # of its detail and lines
    clock = clock()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "reference"], name="distribution_plan_reference"),
            models.UniqueConstraint(fields=["room", "id"], name="distribution_plan_owner"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="distribution_plan_hours"),
        ]
        indexes = [models.Index(fields=["room", "-starts_at"], name="distribution_plan_latest")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("distribution:plan", args=[self.pk])


class PlanDetail(RoomRecord):
    """The exact site, for whom, and the crowd plan; what is said later is another version, the former one stays."""

    line = TearLine.DETAIL
    plan = owned("distribution.DistributionPlan")
    version = models.PositiveIntegerField()
    site = models.CharField(max_length=300)
    criteria = models.TextField(blank=True)  # who is entitled
    crowd_measures = models.JSONField(default=list)  # codes
    crowd_plan = models.TextField(blank=True)
    staff_count = models.PositiveIntegerField(null=True)  # how many, never who

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "plan", "version"], name="distribution_plandetail_version")
        ]


class FocalPerson(RoomRecord):
    """Whom one meets at one distribution: the only name at this desk. It is purged some days afterwards."""

    line = TearLine.IDENTITIES
    plan = owned("distribution.DistributionPlan")
    name = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    purge_on = models.DateField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "plan"], name="distribution_focalperson_one"),
            models.CheckConstraint(
                condition=Q(purged_at=None) | Q(name="", contact=""), name="distribution_focalperson_purged"
            ),
        ]


class ReportState(models.TextChoices):
    """How a report stands; only the transition table in rules gives one."""

    DRAFT = "draft", pgettext_lazy("report", "draft")
    SENT = "sent", pgettext_lazy("report", "sent")
    DIFFERS = "differs", _("sent with a difference")
    RECONCILED = "reconciled", pgettext_lazy("report", "reconciled")


class DistributionReport(RoomRecord):
    """What became of the goods of a distribution, and whom they reached, as its room reports."""

    plan = owned("distribution.DistributionPlan")
    state = models.CharField(max_length=12, choices=ReportState.choices)
    held_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    typed = models.JSONField(default=dict)  # of a draft: what was typed so far, read by its room alone
    clock = clock()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "plan"], name="distribution_report_one"),
            models.UniqueConstraint(fields=["room", "id"], name="distribution_report_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("distribution:report", args=[self.pk])
