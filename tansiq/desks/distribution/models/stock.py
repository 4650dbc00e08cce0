"""Warehouses, and every movement of their stock; what lies there is the sum of the movements."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.building.rooms.models import RoomRecord, TearLine


def owned(model: str, **options: object) -> models.ForeignKey:
    """A key to a record of the same room; the database ties both to the room (migration 0002)."""
    return models.ForeignKey(model, on_delete=models.PROTECT, db_constraint=False, related_name="+", **options)  # type: ignore[misc]


class Warehouse(RoomRecord):
    """A place where goods lie, whose room answers for it, and how much it holds."""

    name = models.CharField(max_length=120)
    place = models.CharField(max_length=80)  # code of a site of the operation, or an area's p-code
    floor_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    pallets = models.PositiveIntegerField(null=True)  # places for pallets
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "name"], name="distribution_warehouse_name"),
            models.UniqueConstraint(fields=["room", "id"], name="distribution_warehouse_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("distribution:warehouse", args=[self.pk])


class MovementKind(models.TextChoices):
    """How goods come into a warehouse and leave it."""

    RECEIVED = "received", pgettext_lazy("goods", "received")
    RELEASED = "released", pgettext_lazy("goods", "released to a partner")
    DISTRIBUTED = "distributed", pgettext_lazy("goods", "distributed")
    DAMAGED = "damaged", pgettext_lazy("goods", "damaged")
    EXPIRED = "expired", pgettext_lazy("goods", "expired")
    LOST = "lost", pgettext_lazy("goods", "lost")
    FOUND = "found", pgettext_lazy("goods", "found")
    COUNTED = "counted", _("counted at a stock-taking")


COMING_IN = (MovementKind.RECEIVED, MovementKind.FOUND)
GOING_OUT = (MovementKind.RELEASED, MovementKind.DISTRIBUTED, MovementKind.DAMAGED, MovementKind.EXPIRED,
             MovementKind.LOST)  # fmt: skip


class StockMovement(RoomRecord):
    """One movement of one lot: goods of a commodity, of a consignment, that expire on a day. Added, never changed."""

    line = TearLine.DETAIL
    warehouse = owned("distribution.Warehouse")
    kind = models.CharField(max_length=12, choices=MovementKind.choices)
    commodity = models.CharField(max_length=64)
    unit = models.CharField(max_length=64)
    expiry_date = models.DateField(null=True)  # None: does not expire, or nobody said
    consignment_id = models.UUIDField(null=True)  # of any room
    consignment_reference = models.CharField(max_length=300, blank=True)
    change = models.DecimalField(max_digits=18, decimal_places=6)  # what is added; below zero: what leaves
    counted = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # what a stock-taking found
    reason = models.CharField(max_length=64, blank=True)  # code of a reason of the operation
    explanation = models.TextField(blank=True)
    occurred_at = models.DateTimeField()
    event_id = models.UUIDField(null=True)  # the aid event from which it was taken, or that was recorded with it
    cause_id = models.UUIDField(null=True)  # the release, plan or report that it belongs to

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=COMING_IN, change__gt=0) | Q(kind__in=GOING_OUT, change__lt=0)
                | Q(kind=MovementKind.COUNTED, counted__isnull=False),
                name="distribution_movement_direction",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["room", "warehouse", "-occurred_at"], name="distribution_movement_latest"),
            models.Index(fields=["consignment_id"], name="distribution_movement_consign"),
        ]
