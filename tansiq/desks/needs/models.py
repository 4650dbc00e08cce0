"""What is kept of needs: caseloads and exposure as statements of rooms, files of them, and storms."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import RoomRecord
from tansiq.desks.aid.models.consignments import owned


class CaseloadFile(RoomRecord):
    """A file of caseloads that was brought in: its sealed original, and the account of every row."""

    file_name = models.TextField()
    file_sha256 = models.CharField(max_length=64)  # its name in the vault
    rows = models.PositiveIntegerField(default=0)  # below the headings
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    is_taken = models.BooleanField(default=False)  # False: nothing of it was taken
    faults = models.JSONField(default=list)  # [row, heading, code, found, expected] of each cell that was refused

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "id"], name="needs_caseloadfile_owner")]
        indexes = [models.Index(fields=["room", "-created_at"], name="needs_caseloadfile_latest")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("needs:file", args=[self.pk])


class Caseload(RoomRecord):
    """How many people and households in a place need something, as a source states it. Never changed."""

    p_code = models.CharField(max_length=40)
    site = models.CharField(max_length=200, blank=True)  # "": the whole area
    indicator = models.CharField(max_length=64, blank=True)  # "": whoever needs anything
    people = models.PositiveIntegerField()
    households = models.PositiveIntegerField(null=True)  # null: reckoned from the size of a household
    as_of_date = models.DateField()
    source = models.CharField(max_length=200)
    file = owned("needs.CaseloadFile", null=True)
    row_number = models.PositiveIntegerField(null=True)  # of the file

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="needs_caseload_owner"),
            models.CheckConstraint(condition=~Q(source=""), name="needs_caseload_source"),
        ]
        indexes = [models.Index(fields=["room", "p_code", "indicator", "-as_of_date"], name="needs_caseload_place")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("needs:caseload", args=[self.pk])


class Exposure(RoomRecord):
    """How exposed an area or a site is to a hazard, as a source states it. Never changed."""

    p_code = models.CharField(max_length=40)
    site = models.CharField(max_length=200, blank=True)
    hazard = models.CharField(max_length=64)
    level = models.CharField(max_length=64)  # code of the operation's levels
    as_of_date = models.DateField()
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="needs_exposure_source")]
        indexes = [models.Index(fields=["room", "p_code", "hazard", "-as_of_date"], name="needs_exposure_place")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("needs:exposure", args=[self.pk])


class StormState(models.TextChoices):
    """How a storm stands; only the transition table in rules gives one."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Storm(RoomRecord):
    """A warning for which an officer opened storm mode."""

    warning = models.CharField(max_length=200)
    hazard = models.CharField(max_length=64)
    areas = models.JSONField(default=list)  # p-codes
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=StormState.choices)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closing = models.TextField(blank=True)  # why it was closed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="needs_storm_owner"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="needs_storm_span"),
        ]
        indexes = [models.Index(fields=["room", "state", "-opened_at"], name="needs_storm_latest")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("needs:storm", args=[self.pk])
