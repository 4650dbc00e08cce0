"""What is kept of impediments: the words of the operation, each impediment on its tear lines, and every step of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import Operation, RoomRecord, TearLine

SILENCE = "impediments.silence.record"  # name of the act; rules.Act says the same


class ImpedimentState(models.TextChoices):
    """How an impediment stands; only the transition table in rules gives one."""

    OPEN = "open", _("waits for an answer")
    UNANSWERED = "unanswered", _("left without an answer")
    ANSWERED = "answered", _("answered")
    RESOLVED = "resolved", _("resolved")
    WITHDRAWN = "withdrawn", _("withdrawn")


LIVE_STATES = (ImpedimentState.OPEN, ImpedimentState.UNANSWERED, ImpedimentState.ANSWERED)


class TermKind(models.TextChoices):
    """The lists of words that an operation gives this desk."""

    TYPE = "type", _("type of impediment")
    CHAIN_LINK = "chain_link", _("link of the chain")
    ANSWER = "answer", _("kind of answer")
    ORIGIN = "origin", _("what opens an impediment by itself")
    COST_UNIT = "cost_unit", _("unit of the cost of delay")


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
    body = models.JSONField(default=dict)  # clock of a type; next clock of an answer; type and links of an origin
    in_use = models.BooleanField(default=True)  # False: gone from the files, kept for old records

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "kind", "code"], name="impediments_term_code")]


class Impediment(RoomRecord):
    """Something that stands in the way: what, roughly where, whose, and how often it was raised and left in silence."""

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=64)  # code of its type
    state = models.CharField(max_length=12, choices=ImpedimentState.choices)
    place = models.CharField(max_length=80, blank=True)  # code of a crossing, or an area's p-code
    chain_links = models.JSONField(default=list)  # codes of the links that it holds up
    obligation = models.CharField(max_length=64, blank=True)  # code of the operation's obligation that suffers
    owner_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")
    owner_role = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=64, blank=True)  # what opened it by itself; "": a person
    origin_id = models.UUIDField(null=True)  # the record over which it was opened by itself
    raised_at = models.DateTimeField()  # for the first time
    raised_count = models.PositiveIntegerField(default=1)
    silence_count = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=64, blank=True)  # code of the latest answer that was given
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    clock = models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")  # the newest
    next_forum = models.CharField(max_length=200, blank=True)  # the meeting that takes it up next
    next_forum_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "id"], name="impediments_impediment_owner"),
            models.UniqueConstraint(
                fields=["room", "origin", "origin_id"], condition=~Q(origin=""), name="impediments_impediment_origin"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_STATES, closed_at__isnull=True)
                | (~Q(state__in=LIVE_STATES) & Q(closed_at__isnull=False)),
                name="impediments_impediment_closed",
            ),
        ]
        indexes = [models.Index(fields=["room", "state", "raised_at"], name="impediments_impediment_live")]

    def get_absolute_url(self) -> str:
        """Its page, to which the pages of its clocks lead."""
        return reverse("impediments:impediment", args=[self.pk])


class ImpedimentPart(RoomRecord):
    """What belongs to one impediment of the same room; the database ties both to the room (migration 0002)."""

    impediment = models.ForeignKey(Impediment, on_delete=models.PROTECT, db_constraint=False, related_name="+")

    class Meta:
        abstract = True


class ImpedimentDetail(ImpedimentPart):
    """What it is about and what each day of it costs; what is said later is another version, the former one stays."""

    line = TearLine.DETAIL
    version = models.PositiveIntegerField()
    description = models.TextField(blank=True)
    clause = models.CharField(max_length=300, blank=True)  # of the agreement, in words
    cost_quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True)  # units a day
    cost_unit = models.CharField(max_length=64, blank=True)
    cost_source = models.CharField(max_length=300, blank=True)  # who says what a day costs

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "impediment", "version"], name="impediments_detail_version")
        ]


class ImpedimentIdentities(ImpedimentPart):
    """Who answers for it by name, and how they are reached; what is said later is another version."""

    line = TearLine.IDENTITIES
    version = models.PositiveIntegerField()
    owner_person = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "impediment", "version"], name="impediments_identities_version")
        ]


class Relation(models.TextChoices):
    """What a record is to an impediment."""

    HELD = "held", _("held up by it")
    PRECEDENT = "precedent", _("a precedent of it")


class RelatedRecord(ImpedimentPart):
    """A record of any desk that an impediment holds up, or an impediment that is its precedent."""

    line = TearLine.DETAIL
    relation = models.CharField(max_length=10, choices=Relation.choices)
    record_label = models.CharField(max_length=100)  # model label
    record_id = models.UUIDField()
    record_names = models.JSONField(default=dict)  # what it was called then; {}: another room's, see queries.records

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "impediment", "relation", "record_id"], name="impediments_relatedrecord_once"
            )
        ]
        indexes = [models.Index(fields=["room", "record_id"], name="impediments_related_record")]


class ImpedimentStep(ImpedimentPart):
    """One step in the story of an impediment: raised, answered, left in silence, handed over, closed."""

    act = models.CharField(max_length=100)
    at = models.DateTimeField()
    by_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, related_name="+")  # of a silence: whose it is
    by_system = models.BooleanField(default=False)
    number = models.PositiveIntegerField(null=True)  # the how manieth raising, or the how manieth silence
    answer = models.CharField(max_length=64, blank=True)  # code of the kind of answer, silence included
    is_late = models.BooleanField(default=False)  # an answer after a recorded silence
    due_at = models.DateTimeField(null=True)  # the deadline that an answer or a silence met
    clock = models.ForeignKey("clocks.Clock", on_delete=models.PROTECT, null=True, related_name="+")  # that deadline's
    owner_room = models.ForeignKey("rooms.Room", on_delete=models.PROTECT, null=True, related_name="+")  # asked by it
    owner_role = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "clock"], condition=Q(act=SILENCE), name="impediments_step_one_silence"
            )
        ]
        indexes = [models.Index(fields=["room", "impediment", "at"], name="impediments_step_story")]


class StepWords(RoomRecord):
    """What a room said at a step, in its own words; it belongs to the room that spoke.

    The step may stand in another room's book. No key of the database tells of it: one would answer whether a row
    that the speaking room does not read exists. The action alone writes both, behind the wall.
    """

    line = TearLine.DETAIL
    impediment = models.ForeignKey(Impediment, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    step = models.ForeignKey(ImpedimentStep, on_delete=models.PROTECT, db_constraint=False, related_name="words")
    text = models.TextField()
