"""What is kept of requests: what was asked on its tear lines, each question, each decision, each token."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.building.rooms.models import RoomRecord, TearLine

SILENCE = "requests.clearance.record_silence"  # name of the act; rules.Act says the same


def linked(model: str, **options: Any) -> Any:
    """A key to a record; where both are of one room the database ties both to it (migration 0002)."""
    return models.ForeignKey(model, on_delete=models.PROTECT, db_constraint=False, related_name="+", **options)


class RequestState(models.TextChoices):
    """How a request stands; only the transition table in rules gives one."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")
    CONSIGNED = "consigned", _("turned into consignments")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")


LIVE_STATES = (RequestState.SENT, RequestState.CONSIGNED)


class Outcome(models.TextChoices):
    """What an authority may decide of an item."""

    APPROVED = "approved", _("approved")
    WITH_CONDITIONS = "approved_with_conditions", _("approved with conditions")
    PARTLY = "partly", _("approved in part")
    REFUSED = "refused", pgettext_lazy("item", "refused")
    INFORMATION = "information_asked", _("more information asked for")


APPROVALS = (Outcome.APPROVED, Outcome.WITH_CONDITIONS, Outcome.PARTLY)


class Request(RoomRecord):
    """What an aid organisation asks for, once: its title, roughly for where and when, and how it stands."""

    number = models.PositiveIntegerField()  # of the room, from 1
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=RequestState.choices)
    version = models.PositiveIntegerField(default=1)  # of what is said below; fixed once it is sent
    consignor_class = models.CharField(max_length=64, blank=True)
    crossing_code = models.CharField(max_length=64, blank=True)  # the crossing that is wished for
    places = models.JSONField(default=list)  # p-codes
    ready_date = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="requests_request_owner"),
            models.UniqueConstraint(fields=["room", "number"], name="requests_request_number"),
        ]
        indexes = [models.Index(fields=["room", "-created_at", "id"], name="requests_request_latest")]

    @property
    def reference(self) -> str:
        """What the request is called in its room."""
        return f"R-{self.number:04d}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("requests:request", args=[self.pk])


class RequestPart(RoomRecord):
    """What belongs to one request of the same room; the database ties both to the room (migration 0002)."""

    request = linked("requests.Request")

    class Meta:
        abstract = True


class RequestDetail(RequestPart):
    """From where, to whom, for whom and why; while it is a draft each saving is another version."""

    line = TearLine.DETAIL
    version = models.PositiveIntegerField()
    origin = models.CharField(max_length=500, blank=True)  # hub or place
    organisations = models.CharField(max_length=500, blank=True)  # that receive it
    group = models.CharField(max_length=300, blank=True)  # for whom, in words
    households = models.PositiveIntegerField(null=True)
    individuals = models.PositiveIntegerField(null=True)
    needs = models.CharField(max_length=500, blank=True)  # references of the needs that it answers
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "request", "version"], name="requests_detail_version")]


class RequestIdentities(RequestPart):
    """Who follows the request by name, and how they are reached."""

    line = TearLine.IDENTITIES
    version = models.PositiveIntegerField()
    person = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "request", "version"], name="requests_identities_version")
        ]


class RequestLine(RequestPart):
    """One line item: a commodity of the catalogue, beside it what exactly, how much, how heavy."""

    line = TearLine.DETAIL
    version = models.PositiveIntegerField()
    number = models.PositiveIntegerField()  # from 1
    commodity = models.CharField(max_length=64)
    description = models.CharField(max_length=500, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=64)
    mass_kg = models.DecimalField(max_digits=18, decimal_places=6, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "request", "version", "number"], name="requests_line_number"),
            models.UniqueConstraint(fields=["room", "id"], name="requests_line_owner"),
        ]


class Clearance(RequestPart):
    """One line asked of one authority: when, within which clock, the how manieth time; the answer is not kept here."""

    line = TearLine.DETAIL
    item = linked("requests.RequestLine")
    authority = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=64, blank=True)
    commodity = models.CharField(max_length=64)
    commodity_class = models.CharField(max_length=64, blank=True)
    organisation_type = models.CharField(max_length=40, blank=True)  # of the room that asks
    asked_at = models.DateTimeField()  # in this round
    round = models.PositiveIntegerField(default=1)  # 1 the question; +1 for each appeal
    clock = models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")  # of this round
    closed_at = models.DateTimeField(null=True)  # no longer asked: the request was withdrawn

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "item", "authority"], name="requests_clearance_once"),
            models.UniqueConstraint(fields=["room", "id"], name="requests_clearance_owner"),
        ]
        indexes = [models.Index(fields=["authority", "asked_at"], name="requests_clearance_authority")]

    def __str__(self) -> str:
        return f"{self.request.reference}: {self.request.title}, {self.item.number}"

    def get_absolute_url(self) -> str:
        """The page of the question, to which the pages of its clocks lead."""
        return reverse("requests:clearance", args=[self.pk])


class RequestStep(RequestPart):
    """One step in the story of a request as its own room keeps it: sent, silence, information given, appeal."""

    line = TearLine.DETAIL
    clearance = linked("requests.Clearance", null=True)
    act = models.CharField(max_length=100)
    at = models.DateTimeField()
    by_system = models.BooleanField(default=False)
    round = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=30, blank=True)  # of the answer that ended or paused the clock
    is_late = models.BooleanField(default=False)  # an answer after a recorded silence
    due_at = models.DateTimeField(null=True)  # the deadline that an answer or a silence met
    clock = models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "clock"], condition=Q(act=SILENCE), name="requests_step_silence")
        ]
        indexes = [models.Index(fields=["room", "request", "at"], name="requests_step_story")]


class ClearanceDecision(RoomRecord):
    """What an authority decided, in its own room; a later decision stands beside it, and the latest one counts.

    The question stands in another room's book. No key of the database tells of it: one would answer whether a row
    that the deciding room does not read exists.
    """

    clearance = linked("requests.Clearance")
    request = linked("requests.Request")
    item = linked("requests.RequestLine")
    asking_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField()
    outcome = models.CharField(max_length=30, choices=Outcome.choices)
    reason = models.CharField(max_length=64, blank=True)  # code, of a refusal and of an approval in part
    decided_role = models.CharField(max_length=64, blank=True)  # of who decided
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)  # of an approval
    is_late = models.BooleanField(default=False)  # given after a recorded silence
    commodity = models.CharField(max_length=64)
    commodity_class = models.CharField(max_length=64, blank=True)
    organisation_type = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "id"], name="requests_decision_owner")]
        indexes = [
            models.Index(fields=["commodity", "-decided_at"], name="requests_decision_item"),
            models.Index(fields=["clearance", "-decided_at"], name="requests_decision_question"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("requests:decision", args=[self.pk])


class DecisionTerms(RoomRecord):
    """Of which item and how much a decision speaks, under which conditions, and what was said to it."""

    line = TearLine.DETAIL
    decision = linked("requests.ClearanceDecision")
    item = models.CharField(max_length=500, blank=True)  # as the asking room described it
    quantity = models.DecimalField(max_digits=18, decimal_places=6)  # approved, or asked for where nothing was approved
    unit = models.CharField(max_length=64)
    conditions = models.TextField(blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "decision"], name="requests_terms_once")]


class ClearanceToken(RoomRecord):
    """The signed text that an approval yields: it travels on the manifest and is checked without this system."""

    line = TearLine.DETAIL
    decision = linked("requests.ClearanceDecision")
    clearance = linked("requests.Clearance")
    item = linked("requests.RequestLine")
    text = models.TextField()
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "decision"], name="requests_token_once")]
        indexes = [models.Index(fields=["item"], name="requests_token_item")]


class ConsignedLine(RequestPart):
    """How much of a line went into which consignment."""

    line = TearLine.DETAIL
    item = linked("requests.RequestLine")
    consignment = linked("aid.Consignment")
    part = models.PositiveIntegerField()  # of the request, from 1
    number = models.PositiveIntegerField()  # of the line in the consignment
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "consignment", "number"], name="requests_consigned_number")
        ]


class Inconsistency(RoomRecord):
    """The same item decided differently within a time; kept only where both decisions are read."""

    earlier = linked("requests.ClearanceDecision")
    later = linked("requests.ClearanceDecision")
    commodity = models.CharField(max_length=64)
    found_at = models.DateTimeField()
    owner_role = models.CharField(max_length=64, blank=True)  # in the room that keeps it
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "earlier", "later"], name="requests_inconsistency_once")]
        indexes = [models.Index(fields=["room", "-found_at"], name="requests_inconsistency_latest")]
