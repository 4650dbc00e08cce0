"""What is kept of coordination: the operation's words, askings and decisions with their steps, statements on routes."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.building.rooms.models import Operation, RoomRecord, TearLine


class State(models.TextChoices):
    """How an asking stands; only the transition table in rules gives one."""

    SUBMITTED = "submitted", _("waits for an answer")
    UNDER_REVIEW = "under_review", _("under review, not answered")
    INFORMATION_ASKED = "information_asked", _("information asked for, not answered")
    APPROVED = "approved", pgettext_lazy("coordination", "approved")
    APPROVED_WITH_CHANGES = "approved_with_changes", _("approved with changes")
    PARTLY_APPROVED = "partly_approved", pgettext_lazy("coordination", "partly approved")
    DENIED = "denied", pgettext_lazy("coordination", "denied")
    NO_RESPONSE = "no_response", _("no response by the deadline")
    ANSWERED_LATE = "answered_late", _("no response by the deadline; agreed late")
    DENIED_LATE = "denied_late", _("no response by the deadline; denied late")
    GREEN_LIGHT = "green_light", _("green light given")
    NOT_GREEN_LIT = "not_green_lit", _("green light not given")
    EXECUTED = "executed", _("movement carried out")
    CONCLUDED = "concluded", _("concluded with an outcome")
    WITHDRAWN = "withdrawn", pgettext_lazy("coordination", "withdrawn")
    SUPERSEDED = "superseded", _("superseded by a changed request")


class Move(models.TextChoices):
    """What moves an asking from one state to another; each is a step in one of the two rooms' books."""

    ASK = "ask", pgettext_lazy("coordination step", "Asked")
    TAKE_UP = "take_up", _("Taken under review")
    ASK_INFORMATION = "ask_information", _("Information asked for")
    INFORM = "inform", _("Information given")
    APPROVE = "approve", pgettext_lazy("coordination step", "Approved")
    APPROVE_WITH_CHANGES = "approve_with_changes", pgettext_lazy("coordination step", "Approved with changes")
    APPROVE_PARTLY = "approve_partly", pgettext_lazy("coordination step", "Partly approved")
    DENY = "deny", pgettext_lazy("coordination step", "Denied")
    LAPSE = "lapse", _("No response by the deadline")
    RENEW = "renew", _("Clock started anew")
    GIVE_GREEN_LIGHT = "give_green_light", pgettext_lazy("coordination step", "Green light given")
    WITHHOLD_GREEN_LIGHT = "withhold_green_light", pgettext_lazy("coordination step", "Green light not given")
    EXECUTE = "execute", _("Movement carried out")
    CONCLUDE = "conclude", _("Outcome stated")
    WITHDRAW = "withdraw", pgettext_lazy("coordination step", "Withdrawn")
    SUPERSEDE = "supersede", pgettext_lazy("coordination step", "Superseded by a changed request")


class TermKind(models.TextChoices):
    """The lists of words that an operation gives this desk."""

    AUTHORITY = "authority", _("authority that coordinates")  # code: the room's
    REASON = "reason", _("reason of a denial")
    OUTCOME = "outcome", _("outcome of a movement")
    ROUTE = "route", _("route")
    ROUTE_STATE = "route_state", _("state of a route")
    CAUSE = "cause", _("cause of a closure")
    METHOD = "method", _("method of an ordnance assessment")
    SETTING = "setting", _("setting")  # one row: the settings of the desk


class Term(models.Model):
    """One entry of one of these lists, as the operation's files state it."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=TermKind.choices)
    code = models.CharField(max_length=64)
    place = models.PositiveIntegerField(default=0)  # order in its list, from 0
    names = models.JSONField(default=dict)  # {"ar": …, "en": …, "he": …}
    body = models.JSONField(default=dict)  # clock of an authority; from which states an outcome; whether passable …
    in_use = models.BooleanField(default=True)  # False: gone from the files, kept for old records

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "kind", "code"], name="coordination_term_code")]


class Asking(RoomRecord):
    """One authority is asked to agree to the movement of one consignment; another one has an asking of its own."""

    consignment = models.ForeignKey("aid.Consignment", on_delete=models.PROTECT, db_constraint=False, related_name="+")
    reference = models.CharField(max_length=300)  # of the consignment, as it was called then
    version = models.PositiveIntegerField()  # from 1; a changed request is the next one
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, db_constraint=False, null=True, related_name="+")
    authority = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    authority_role = models.CharField(max_length=64, blank=True)
    needs_green_light = models.BooleanField()  # as the operation said when it was asked
    asked_at = models.DateTimeField()
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    crossing_code = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="coordination_asking_owner"),
            models.UniqueConstraint(
                fields=["room", "consignment", "authority", "version"], name="coordination_asking_version"
            ),
            models.CheckConstraint(
                condition=Q(window_until__gt=models.F("window_from")), name="coordination_asking_window"
            ),
        ]
        indexes = [
            models.Index(fields=["room", "-asked_at", "id"], name="coordination_asking_latest"),
            models.Index(fields=["authority", "-asked_at"], name="coordination_asking_queue"),
        ]

    def get_absolute_url(self) -> str:
        """Its page, to which the pages of its clocks lead."""
        return reverse("coordination:asking", args=[self.pk])


class AskingPart(RoomRecord):
    """What belongs to one asking of the same room; the database ties both to the room (migration 0002)."""

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, db_constraint=False, related_name="+")

    class Meta:
        abstract = True


class AskingStep(AskingPart):
    """One step in the asking room's book: asked, told more, left in silence, withdrawn, carried out, concluded."""

    move = models.CharField(max_length=24, choices=Move.choices)
    state = models.CharField(max_length=24, choices=State.choices)  # after it
    at = models.DateTimeField()
    by_system = models.BooleanField(default=False)
    clock = models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")  # a silence's
    due_at = models.DateTimeField(null=True)  # the deadline of a silence
    code = models.CharField(max_length=64, blank=True)  # of an outcome
    held_minutes = models.PositiveIntegerField(null=True)  # at holding points, all together

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "clock"], condition=Q(move="lapse"), name="coordination_askingstep_one_silence"
            )
        ]
        indexes = [models.Index(fields=["asking", "at"], name="coordination_askingstep_story")]


class AskingDetail(AskingPart):
    """What the asking room said at a step: the route it will use, its words, and where it was held."""

    line = TearLine.DETAIL
    step = models.ForeignKey(AskingStep, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    route_code = models.CharField(max_length=64, blank=True)
    route_name = models.CharField(max_length=200, blank=True)  # a free name, where the operation has no code for it
    text = models.TextField(blank=True)
    holdings = models.JSONField(default=list)  # [[place, minutes], …]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "step"], name="coordination_askingdetail_once")]


class AskingLine(AskingPart):
    """One line item that is to move."""

    line = TearLine.DETAIL
    number = models.PositiveIntegerField()  # from 1
    commodity = models.CharField(max_length=64, blank=True)
    cargo = models.TextField(blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "asking", "number"], name="coordination_askingline_no")]


class Decision(RoomRecord):
    """The authority's own file on one asking: all that it said and did, in its own room.

    No key of the database tells of the asking: one would answer whether a row that the room does not read exists.
    """

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, db_constraint=False, related_name="decisions")
    asked_by = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="coordination_decision_owner"),
            models.UniqueConstraint(fields=["room", "asking"], name="coordination_decision_once"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("coordination:decision", args=[self.pk])


class DecisionPart(RoomRecord):
    """What belongs to one decision of the same room; the database ties both to the room (migration 0002)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, db_constraint=False, related_name="+")

    class Meta:
        abstract = True


class DecisionStep(DecisionPart):
    """One step in the authority's book: taken up, answered, information asked for, green light given or not."""

    move = models.CharField(max_length=24, choices=Move.choices)
    state = models.CharField(max_length=24, choices=State.choices)  # after it
    at = models.DateTimeField()
    is_late = models.BooleanField(default=False)  # an answer after a recorded silence
    code = models.CharField(max_length=64, blank=True)  # reason of a denial, or of a green light that is not given
    valid_from = models.DateTimeField(null=True)  # of an approval
    valid_until = models.DateTimeField(null=True)  # of an approval, or of a green light
    crossing_code = models.CharField(max_length=64, blank=True)  # of an approval

    class Meta:
        indexes = [models.Index(fields=["asking", "at"], name="coordination_decstep_story")]


class DecisionDetail(DecisionPart):
    """What the authority said at a step: its words, and the route that it agrees to."""

    line = TearLine.DETAIL
    step = models.ForeignKey(DecisionStep, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    route_code = models.CharField(max_length=64, blank=True)
    route_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "step"], name="coordination_decdetail_once")]


class DecisionLine(DecisionPart):
    """How much of one line item the authority agrees to; 0 where it agrees to none of it."""

    line = TearLine.DETAIL
    step = models.ForeignKey(DecisionStep, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    number = models.PositiveIntegerField()  # of the asking's line
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "step", "number"], name="coordination_decline_number")]


class RouteStatement(RoomRecord):
    """What a room states of a route: state, since when, until when it counts. Never changed, only followed by more."""

    route_key = models.CharField(max_length=220)  # code, or a free name in its normal form after a colon
    route_code = models.CharField(max_length=64, blank=True)
    route_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=64)  # code of the operation's states
    cause = models.CharField(max_length=64, blank=True)
    since_at = models.DateTimeField()
    stated_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "id"], name="coordination_route_owner")]
        indexes = [
            models.Index(fields=["room", "-stated_at", "id"], name="coordination_route_latest"),
            models.Index(fields=["route_key", "room", "-stated_at"], name="coordination_route_key"),
        ]


class RouteDetail(RoomRecord):
    """How it is known, and what restricts the route."""

    line = TearLine.DETAIL
    statement = models.ForeignKey(RouteStatement, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    source = models.CharField(max_length=300)
    restrictions = models.TextField(blank=True)
    assessed_by = models.CharField(max_length=200, blank=True)  # the organisation that assessed the ordnance
    method = models.CharField(max_length=64, blank=True)
    assessed_date = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "statement"], name="coordination_routedetail_once")]
