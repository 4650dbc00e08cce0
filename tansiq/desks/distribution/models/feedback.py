"""What families say: rounds of monitoring after a distribution with their interviews, and complaints."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.building.rooms.models import RoomRecord, TearLine
from tansiq.desks.distribution.models.plans import clock


class Frame(models.TextChoices):
    """From what a sample is drawn; never from a register of names."""

    HOUSEHOLDS = "households", _("serial numbers of households at the distribution")
    SITES = "sites", _("sites")


class RoundState(models.TextChoices):
    """How a round stands; only the transition table in rules gives one."""

    DRAWN = "drawn", pgettext_lazy("monitoring", "sample drawn")
    DONE = "done", pgettext_lazy("monitoring", "finished")


class MonitoringRound(RoomRecord):
    """Questions after a distribution, asked by a room that did not distribute, of a sample that the system drew."""

    reference = models.CharField(max_length=40)
    plan = models.ForeignKey(
        "distribution.DistributionPlan", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    distributor_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    interviewer_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    frame = models.CharField(max_length=12, choices=Frame.choices)
    frame_codes = models.JSONField(default=list)  # of sites; households are numbered from 1
    population = models.PositiveIntegerField()
    seed = models.CharField(max_length=40)  # of the drawing, so that anybody can draw again
    drawn = models.JSONField(default=list)  # the numbers drawn, in the order of drawing
    questionnaire = models.JSONField(default=list)  # the questions as they stood when the sample was drawn
    state = models.CharField(max_length=12, choices=RoundState.choices)
    drawn_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    clock = clock()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "reference"], name="distribution_round_reference"),
            models.UniqueConstraint(fields=["room", "id"], name="distribution_round_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("distribution:monitoring-round", args=[self.pk])


class Interview(RoomRecord):
    """The answers of one household or site of a sample; it has a number and no name."""

    line = TearLine.DETAIL
    round = models.ForeignKey(MonitoringRound, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    number = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)  # question → answer; a question without one was not answered
    held_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "round", "number"], name="distribution_interview_once")]


class Complaint(RoomRecord):
    """A complaint about aid: what about, roughly where, who handles it; of who complained only a reference is kept."""

    reference = models.CharField(max_length=40)  # told to who complained, to ask for the answer with
    category = models.CharField(max_length=64)
    is_sensitive = models.BooleanField()
    channel = models.CharField(max_length=64)
    on_behalf = models.BooleanField(default=False)  # an association says it for somebody
    is_anonymous = models.BooleanField(default=True)
    area = models.CharField(max_length=40, blank=True)
    plan_id = models.UUIDField(null=True)  # the distribution that it is about
    handler_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    clock = clock()  # until it is answered, then until the answer is told

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "reference"], name="distribution_complaint_reference"),
            models.UniqueConstraint(fields=["room", "id"], name="distribution_complaint_owner"),
        ]
        indexes = [models.Index(fields=["room", "-received_at"], name="distribution_complaint_latest")]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("distribution:complaint", args=[self.pk])
