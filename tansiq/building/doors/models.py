"""What is kept of doors: releases, what each receiver was given, and that a recall was noted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import Room, RoomRecord


class Marking(models.TextChoices):
    """Traffic light marks, FIRST TLP 2.0, from the most open to the most closely held."""

    CLEAR = "CLEAR", "TLP:CLEAR"
    GREEN = "GREEN", "TLP:GREEN"
    AMBER = "AMBER", "TLP:AMBER"
    AMBER_STRICT = "AMBER+STRICT", "TLP:AMBER+STRICT"
    RED = "RED", "TLP:RED"


class ReleaseState(models.TextChoices):
    """Where a release stands; an hour that has passed is not a state, the wall itself ends it."""

    PROPOSED = "proposed", _("waits for a second person")
    IN_FORCE = "in_force", _("in force")
    DECLINED = "declined", _("declined by the second person")
    RECALLED = "recalled", _("recalled")


class Release(RoomRecord):
    """A decision to let other rooms read lines of one record; stays in the room that decided."""

    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    lines = models.JSONField()  # tear lines that pass
    marking = models.CharField(max_length=12, choices=Marking.choices)
    reason = models.TextField()
    until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=ReleaseState.choices)
    proposed_by_id = models.UUIDField(null=True)
    second_roles = models.JSONField(default=list)  # groups of roles; who agrees has one of each; empty: nobody need
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    closing_reason = models.TextField(blank=True)  # why it was declined or recalled

    class Meta:
        indexes = [models.Index(fields=["room", "record_type", "record_id"], name="doors_release_record")]


class Delivery(RoomRecord):
    """What one receiver was given by a release; read by the owner and that receiver alone."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT)
    receiver = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+")
    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    lines = models.JSONField()
    marking = models.CharField(max_length=12, choices=Marking.choices)
    releasable_to = models.JSONField(default=list)  # room codes that this receiver may know to have it too
    reason = models.TextField()
    until = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    recall_reason = models.TextField(blank=True)


class RecallReceipt(RoomRecord):
    """A receiver's statement that it has taken note of a recall; read by both rooms."""

    delivery_id = models.UUIDField()
    account_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "delivery_id"], name="doors_receipt_once")]
