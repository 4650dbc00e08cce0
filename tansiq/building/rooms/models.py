"""What is kept of rooms: operations, parties, rooms, membership, roles, audiences and submissions."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoomKind(models.TextChoices):
    """Kinds of room in a centre."""

    SHARED_FLOOR = "shared_floor", _("shared floor")
    LEAD_NATION = "lead_nation", _("lead nation")
    PARTY = "party", _("party")
    GUARANTORS = "guarantors", _("guarantors")
    ORGANISATION = "organisation", _("agency or organisation")
    PRESS = "press", _("press")


class TearLine(models.TextChoices):
    """The fixed lines of a record; each has an audience of its own."""

    HEADLINE = "headline", _("headline")
    DETAIL = "detail", _("detail")
    IDENTITIES = "identities", _("identities")


class InvitationOutcome(models.TextChoices):
    """How an invitation ended; empty while it stands."""

    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "withdrawn")


class Operation(models.Model):
    """One ceasefire operation, configured from a directory of files."""

    sealed = True
    configured = "id"  # rows that the operation's files make: the way to the operation
    unsealed = ("edition",)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    names = models.JSONField(default=dict)
    time_zone = models.CharField(max_length=60)
    is_sample = models.BooleanField(default=False)
    rules = models.JSONField(default=dict)  # release rules and other settings, as loaded
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the loaded files
    loaded_at = models.DateTimeField(auto_now=True)
    edition = models.UUIDField(db_default=RandomUUID(), editable=False)  # another with every change; see editions.py


class Party(models.Model):
    """A party to the agreement: data, never a constant in code."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE)
    code = models.SlugField()
    names = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "code"], name="rooms_party_code")]


class Room(models.Model):
    """A place of work with walls: what is in it is seen from inside, and from where a door leads."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE)
    slug = models.SlugField()
    kind = models.CharField(max_length=20, choices=RoomKind.choices)
    names = models.JSONField(default=dict)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True)
    tlp_ceiling = models.CharField(max_length=12, default="RED")  # the most closely held marking it may receive

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "slug"], name="rooms_room_slug")]


class Membership(models.Model):
    """An account's place in a room, with its roles there."""

    sealed = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE)
    roles = models.JSONField(default=list)  # role codes of the operation
    ended_at = models.DateTimeField(null=True)
    since = models.DateTimeField(db_default=Now())  # when the place, or other roles in it, were last given

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "account"], name="rooms_membership_once")]


class Invitation(models.Model):
    """That a room would take someone in, by the address that was typed; whether an account has it, nothing tells."""

    sealed = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    email = models.EmailField()
    roles = models.JSONField(default=list)  # role codes of the operation
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=InvitationOutcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "email"], condition=models.Q(ended_at__isnull=True), name="rooms_invitation_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["email"], condition=models.Q(ended_at__isnull=True), name="rooms_invitation_open")
        ]


class Role(models.Model):
    """A role of the operation and the acts that it allows: the one table of permissions."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE)
    code = models.SlugField()
    names = models.JSONField(default=dict)
    acts = models.JSONField(default=list)  # act names; "aid.*" stands for all acts of an area

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "code"], name="rooms_role_code")]


class Audience(models.Model):
    """A set of rooms that may read; a label on each row. Made only by the room that owns the row."""

    id = models.AutoField(primary_key=True)  # position in each room's bit string; never shown
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    digest = models.BinaryField()
    base = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )  # the label that releases widened into this one; a recall goes back to it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "digest"], name="rooms_audience_digest"),
            models.UniqueConstraint(fields=["room", "id"], name="rooms_audience_owner"),
        ]


class AudienceMember(models.Model):
    """A room that may read under a label, perhaps only until an hour."""

    pk = models.CompositePrimaryKey("room_id", "audience_id")
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE)
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["room"], name="rooms_audiencemember_lent", condition=models.Q(until__isnull=False))
        ]


class RoomMask(models.Model):
    """A room's bit string: bit n tells whether it reads under label n for good. Kept by the database alone."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True)
    mask = models.TextField()  # bit varying in the database


READERS = """(select encode(a.digest, 'hex') from rooms_audience a
    where a.room_id = t.room_id and a.id = t.audience_id)"""
"""A row commits to who may read it, not to the number of a label."""


class RoomRecord(models.Model):
    """What every record of a room carries: whose it is, and who may read this row."""

    sealed = True  # every row must be named by a ledger entry
    sealed_as = {"audience": READERS}
    line = TearLine.HEADLINE  # the tear line on which this table stands

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+", db_index=False)
    audience_since = models.DateTimeField(db_default=Now())  # when this audience came into force
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Submission(models.Model):
    """An act already done under a key, so that a repeated submission is answered the same and done once."""

    pk = models.CompositePrimaryKey("room_id", "key")
    room_id = models.UUIDField()
    key = models.UUIDField()
    act = models.CharField(max_length=100)
    digest = models.BinaryField()  # of what was asked; another content under the same key is refused
    record_label = models.CharField(max_length=100, blank=True)
    record_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())


class News(RoomRecord):
    """The outbox: a room's page changed. Says which topics, never what."""

    sealed = False
    topics = models.JSONField(default=list)
    entry_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="rooms_news_at")]
