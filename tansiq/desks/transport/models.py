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


class UnitCode(RoomRecord):
    """A code that was made for a handling unit of a manifest, or for the manifest itself; a later issue replaces it."""

    line = TearLine.DETAIL
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    handling_unit = models.ForeignKey(
        "aid.HandlingUnit", on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+"
    )  # null: of the manifest itself
    issue = models.PositiveIntegerField()  # from 1
    short = models.CharField(max_length=12)  # typed where nothing can be scanned
    payload = models.TextField()  # of the QR code, signed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "manifest", "handling_unit", "issue"], nulls_distinct=False, name="transport_code_issue"
            ),
            models.UniqueConstraint(fields=["room", "short"], name="transport_code_short"),
        ]
        indexes = [models.Index(fields=["handling_unit"], name="transport_code_unit")]


class SealDeed(models.TextChoices):
    """What was done with a seal."""

    APPLIED = "applied", pgettext_lazy("seal", "applied")
    CHECKED = "checked", pgettext_lazy("seal", "checked")
    BROKEN = "broken", pgettext_lazy("seal", "broken")
    REPLACED = "replaced", pgettext_lazy("seal", "replaced")


class SealReading(RoomRecord):
    """What a person did with a seal of a manifest, or read on it; of the room whose person it was.

    The manifest may be another room's. No key of the database tells of it: one would answer whether a manifest that
    the reading room does not see exists.
    """

    line = TearLine.DETAIL
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    deed = models.CharField(max_length=10, choices=SealDeed.choices)
    reading = models.CharField(max_length=60)  # the number on the seal, as it was read
    former = models.CharField(max_length=60, blank=True)  # the seal in whose place this one came
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    by_account = models.ForeignKey("people.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["room", "manifest", "at"], name="transport_seal_story")]


class ScanAnswer(models.TextChoices):
    """What a scan is, held against what was known when it came in."""

    NEW = "new", pgettext_lazy("scan", "new")
    KNOWN = "known", pgettext_lazy("scan", "already known")
    REPEATS = "repeats", pgettext_lazy("scan", "repeats an earlier scan")
    LATE = "late", pgettext_lazy("scan", "came later than what followed it")
    CONTRADICTS = "contradicts", pgettext_lazy("scan", "contradicts what is known")
    REFUSED = "refused", pgettext_lazy("scan", "not counted in aid")


class Scan(RoomRecord):
    """What a device or a file says was scanned, as it came in, and what it was held against; never changed."""

    line = TearLine.DETAIL
    key = models.UUIDField()  # the device's own: the same scan sent twice is one
    manifest = models.ForeignKey(
        Manifest, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+"
    )  # null: the code leads to none that this room reads
    handling_unit = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=400)  # as it was read or typed
    deed = models.CharField(max_length=64)
    place = models.CharField(max_length=64)  # kind of place
    crossing_code = models.CharField(max_length=64, blank=True)
    stage = models.CharField(max_length=64, blank=True)  # of aid, that the deed means there
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # as counted by who scanned
    giver_quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # as the other side states it
    damaged_quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(max_length=64, blank=True)
    condition = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=60, blank=True)
    truck = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    device = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField()  # by the device's clock
    received_at = models.DateTimeField()
    answers = models.JSONField(default=list)  # ScanAnswer codes
    before_stage = models.CharField(max_length=64, blank=True)  # where the unit stood, as far as was known
    before_at = models.DateTimeField(null=True)
    event = models.UUIDField(null=True)  # in aid
    by_account = models.ForeignKey("people.Account", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "key"], name="transport_scan_once")]
        indexes = [
            models.Index(fields=["room", "manifest", "claimed_at"], name="transport_scan_story"),
            models.Index(fields=["room", "-received_at", "id"], name="transport_scan_latest"),
            models.Index(fields=["room", "audience", "-received_at", "id"], name="transport_scan_label"),
        ]


class DifferenceKind(models.TextChoices):
    """In what two readings differ."""

    UNKNOWN_UNIT = "unknown_unit", pgettext_lazy("difference", "a unit that nobody put on a manifest")
    FORGED_CODE = "forged_code", pgettext_lazy("difference", "a code that this centre did not make")
    OLD_LABEL = "old_label", pgettext_lazy("difference", "a label that was replaced")
    OFF_MANIFEST = "off_manifest", pgettext_lazy("difference", "a unit that the manifest does not carry now")
    ENDED_MANIFEST = "ended_manifest", pgettext_lazy("difference", "a manifest that was cancelled")
    OTHER_TRUCK = "other_truck", pgettext_lazy("difference", "another truck")
    OTHER_CROSSING = "other_crossing", pgettext_lazy("difference", "another crossing")
    OTHER_QUANTITY = "other_quantity", pgettext_lazy("difference", "another quantity")
    SEAL_DIFFERS = "seal_differs", pgettext_lazy("difference", "a seal that reads otherwise")
    CLOCK_AHEAD = "clock_ahead", pgettext_lazy("difference", "a device whose clock is ahead")
    BALANCE = "balance", pgettext_lazy("difference", "quantities that do not add up")
    NOT_COUNTED = "not_counted", pgettext_lazy("difference", "what aid does not count")


class Difference(RoomRecord):
    """Two readings that do not agree, both kept: of the room whose person read the second."""

    line = TearLine.DETAIL
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+")
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+")
    seal = models.ForeignKey(SealReading, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=DifferenceKind.choices)
    found = models.TextField(blank=True)
    expected = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["room", "manifest", "at"], name="transport_difference_story")]
