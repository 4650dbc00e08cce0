"""Where quantities do not add up although a source insists: each contradiction, and every step of its story."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import RoomRecord, TearLine
from tansiq.desks.aid.models.consignments import owned
from tansiq.engine.conservation import KINDS

KIND_WORDS = {
    "over_line": _("More went on than came, over the whole line"),
    "over_unit": _("More went on from a unit than came to it"),
    "over_parts": _("The parts carry more than the whole"),
    "unequal_change": _("A split, repack or substitution makes more or less than it takes"),
    "negative": _("A quantity below zero"),
    "unit_mismatch": _("A unit of measure without a conversion"),
    "key_reused": _("One event told in two ways"),
    "rival_readings": _("Two sources tell one passage differently"),
    "two_places": _("A unit at two places at once"),
}


class DiscrepancyState(models.TextChoices):
    """How a discrepancy stands; only the transition table in rules gives one."""

    OPEN = "open", _("waits for an owner")
    OWNED = "owned", _("taken on")
    EXPLAINED = "explained", _("explained")
    SETTLED = "settled", _("settled by a correction")
    DISSOLVED = "dissolved", _("dissolved by what came later")
    LEFT = "left", _("left standing")


LIVE_DISCREPANCIES = (DiscrepancyState.OPEN, DiscrepancyState.OWNED, DiscrepancyState.EXPLAINED)


class Discrepancy(RoomRecord):
    """Two readings that cannot both be true: at which line and stage, and who took it on; figures are in its steps."""

    consignment = owned("aid.Consignment")
    line_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind, KIND_WORDS[kind]) for kind in KINDS])
    stage = models.CharField(max_length=64)
    identity = models.CharField(max_length=32)  # digest of what stays the same while its figures change
    state = models.CharField(max_length=12, choices=DiscrepancyState.choices)
    owner_role = models.CharField(max_length=64, blank=True)  # "": nobody took it on
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    clock = models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="aid_discrepancy_owner"),
            models.UniqueConstraint(
                fields=["room", "consignment", "identity"],
                condition=Q(closed_at=None),
                name="aid_discrepancy_live_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_DISCREPANCIES, closed_at__isnull=True)
                | (~Q(state__in=LIVE_DISCREPANCIES) & Q(closed_at__isnull=False)),
                name="aid_discrepancy_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["room", "-opened_at", "id"], name="aid_discrepancy_latest"),
            models.Index(fields=["room", "audience", "-opened_at", "id"], name="aid_discrepancy_label"),
        ]

    def get_absolute_url(self) -> str:
        """Its page, to which the pages of its clocks lead."""
        return reverse("aid:discrepancy", args=[self.pk])


class DiscrepancyStep(RoomRecord):
    """One step in the story of a discrepancy, with the arithmetic that it rests on, and who said what."""

    line = TearLine.DETAIL
    discrepancy = owned("aid.Discrepancy")
    act = models.CharField(max_length=100)
    at = models.DateTimeField(db_default=Now())
    by_system = models.BooleanField(default=False)
    owner_role = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)  # why, in the words of whoever did it
    event = owned("aid.AidEvent", null=True)  # that opened, settled or dissolved it
    facts = models.JSONField(default=dict)  # both readings and the sums: see queries.arithmetic.facts_of

    class Meta:
        indexes = [models.Index(fields=["room", "discrepancy", "at"], name="aid_discrepancy_story")]
