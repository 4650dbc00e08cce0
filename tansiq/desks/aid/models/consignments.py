"""Consignments on their three tear lines, their line items, and the trucks and pallets that carry them."""

from django.db import models

from tansiq.building.rooms.models import RoomRecord, TearLine


def owned(model: str, **options: object) -> models.ForeignKey:
    """A key to a record of the same room; the database ties both to the room (migration 0002)."""
    return models.ForeignKey(
        model, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+", **options
    )  # type: ignore[misc]


class Consignment(RoomRecord):
    """One accepted request to move goods: who sends, under which reference, through which crossing."""

    source = models.CharField(max_length=64)  # whose ledger names it: a room's slug or a ledger's code
    reference = models.CharField(max_length=300)  # in that ledger: waybill, manifest line, row
    consignor_class = models.CharField(max_length=64, blank=True)
    crossing_code = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "source", "reference"], name="aid_consignment_reference"),
            models.UniqueConstraint(fields=["room", "id"], name="aid_consignment_owner"),
        ]
        indexes = [
            models.Index(fields=["room", "-created_at", "reference", "id"], name="aid_consignment_latest"),
            models.Index(fields=["room", "audience", "-created_at", "reference", "id"], name="aid_consignment_label"),
        ]


class ConsignmentDetail(RoomRecord):
    """What a source says about a consignment; another statement is another version, the former one stays."""

    line = TearLine.DETAIL
    consignment = owned("aid.Consignment")
    version = models.PositiveIntegerField()
    manifest = models.TextField(blank=True)
    waybill = models.TextField(blank=True)
    cargo = models.TextField(blank=True)
    consignor = models.TextField(blank=True)
    consignee = models.TextField(blank=True)
    origin = models.TextField(blank=True)
    destination = models.TextField(blank=True)
    route = models.TextField(blank=True)
    vehicle = models.TextField(blank=True)
    remark = models.TextField(blank=True)
    notes = models.JSONField(default=dict)  # further columns of an imported ledger, by name
    reason = models.TextField(blank=True)  # why it stands in the place of the former version

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "consignment", "version"], name="aid_detail_version")]


class ConsignmentIdentities(RoomRecord):
    """The persons of a consignment; another statement is another version."""

    line = TearLine.IDENTITIES
    consignment = owned("aid.Consignment")
    version = models.PositiveIntegerField()
    driver = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # why it stands in the place of the former version

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "consignment", "version"], name="aid_identities_version")
        ]


class ConsignmentLine(RoomRecord):
    """One line item of a consignment as it was asked for, at once or in an amendment."""

    line = TearLine.DETAIL
    consignment = owned("aid.Consignment")
    number = models.PositiveIntegerField()  # from 1
    commodity = models.CharField(max_length=64, blank=True)
    cargo = models.TextField(blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=64)
    reason = models.TextField(blank=True)  # why it was added later

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "consignment", "number"], name="aid_line_number")]


class HandlingUnit(RoomRecord):
    """A truck or a pallet on its way; a part that is split off names the unit it came from.

    Its code may be a number plate, so that it stands on the detail line; a headline names the unit by its id alone.
    """

    line = TearLine.DETAIL
    consignment = owned("aid.Consignment", null=True)
    parent = owned("aid.HandlingUnit", null=True)
    code = models.CharField(max_length=120)  # what is scanned
    kind = models.CharField(max_length=64)  # unit code: truck, pallet …

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "code"], name="aid_handling_unit_code"),
            models.UniqueConstraint(fields=["room", "id"], name="aid_handling_unit_owner"),
        ]
