"""What is kept of transport: manifests on their tear lines with every version of them, and every step of each."""

from django.db import models
from django.utils.translation import pgettext_lazy

from tansiq.building.rooms.models import RoomRecord, TearLine

NUMBER_LENGTH = 32  # of a manifest's number; it stands in every code


class ManifestState(models.TextChoices):
    """How a manifest stands; only the transition table in rules gives one."""

    DRAFTED = "drafted", pgettext_lazy("manifest", "drafted")
    SEALED = "sealed", pgettext_lazy("manifest", "sealed")
    DEPARTED = "departed", pgettext_lazy("manifest", "departed")
    CLOSED = "closed", pgettext_lazy("manifest", "closed")
    CANCELLED = "cancelled", pgettext_lazy("manifest", "cancelled")


LIVE_STATES = (ManifestState.DRAFTED, ManifestState.SEALED, ManifestState.DEPARTED)


class Manifest(RoomRecord):
    """What one truck carries of consignments of one room: its number, its day, its crossing, how it stands."""

    number = models.CharField(max_length=NUMBER_LENGTH)
    state = models.CharField(max_length=12, choices=ManifestState.choices)
    version = models.PositiveIntegerField(default=1)  # of what it says
    crossing_code = models.CharField(max_length=64, blank=True)
    consignor_class = models.CharField(max_length=64, blank=True)
    day = models.DateField()  # on which the truck is to leave
    changed_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # closed or cancelled

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="transport_manifest_number"),
            models.UniqueConstraint(fields=["room", "id"], name="transport_manifest_owner"),
        ]
        indexes = [
            models.Index(fields=["room", "-changed_at", "number", "id"], name="transport_manifest_latest"),
            models.Index(fields=["room", "audience", "-changed_at", "number", "id"], name="transport_manifest_label"),
        ]


class ManifestPart(RoomRecord):
    """What belongs to one manifest of the same room; the database ties both to the room (migration 0002)."""

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    version = models.PositiveIntegerField()

    class Meta:
        abstract = True


class ManifestDetail(ManifestPart):
    """The truck and its way as one version states them; the former versions stay."""

    line = TearLine.DETAIL
    vehicle = models.CharField(max_length=120)
    waybill = models.CharField(max_length=120, blank=True)
    origin = models.CharField(max_length=300, blank=True)
    destination = models.CharField(max_length=300, blank=True)
    route = models.CharField(max_length=300, blank=True)
    capacity = models.DecimalField(max_digits=18, decimal_places=6)
    capacity_unit = models.CharField(max_length=64)
    remark = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # why it stands in the place of the former version

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "manifest", "version"], name="transport_detail_version")]


class ManifestLine(ManifestPart):
    """So much of one line of a consignment on one handling unit, as one version states it."""

    line = TearLine.DETAIL
    number = models.PositiveIntegerField()  # from 1
    consignment = models.ForeignKey("aid.Consignment", on_delete=models.PROTECT, db_constraint=False, related_name="+")
    consignment_reference = models.CharField(max_length=300)
    consignment_line = models.PositiveIntegerField()  # its number there
    handling_unit = models.ForeignKey(
        "aid.HandlingUnit", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    unit_code = models.CharField(max_length=120)  # what is written on the handling unit
    unit_kind = models.CharField(max_length=64)
    commodity = models.CharField(max_length=64, blank=True)
    cargo = models.TextField(blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "manifest", "version", "number"], name="transport_line_number")
        ]
        indexes = [
            models.Index(fields=["room", "handling_unit"], name="transport_line_unit"),
            models.Index(fields=["room", "consignment"], name="transport_line_consignment"),
        ]


class ManifestIdentities(ManifestPart):
    """Who drives, and how to reach them; emptied when the operation's days have passed, and then it says so."""

    line = TearLine.IDENTITIES
    driver = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    purge_date = models.DateField()  # the first day on which it must be gone
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "manifest", "version"], name="transport_identities_version")
        ]
        indexes = [
            models.Index(
                fields=["room", "purge_date"], name="transport_identities_due", condition=models.Q(purged_at=None)
            )
        ]


class ManifestStep(ManifestPart):
    """One step of a manifest, from its draft to its end, with the reason where one was given."""

    line = TearLine.DETAIL
    act = models.CharField(max_length=100)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    by_system = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["room", "manifest", "at"], name="transport_step_story")]
