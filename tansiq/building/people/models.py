"""What is kept of people: accounts, their organisations and their API tokens."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationType(models.TextChoices):
    """Kinds of organisation that take part in a centre."""

    LEAD_NATION = "lead_nation", _("lead nation")
    PARTNER_STATE = "partner_state", _("partner state")
    PARTY = "party", _("party")
    GUARANTOR = "guarantor", _("guarantor")
    UN_AGENCY = "un_agency", _("UN agency")
    INTERNATIONAL_ORGANISATION = "international_organisation", _("international organisation")
    RED_CROSS_RED_CRESCENT = "red_cross_red_crescent", _("Red Cross or Red Crescent")
    INGO = "ingo", _("international NGO")
    LNGO = "lngo", _("local NGO or association")
    MUNICIPALITY = "municipality", _("municipality or committee")
    DONOR = "donor", _("donor")
    COMPANY = "company", _("company")
    MEDIA = "media", _("media")


class Organisation(models.Model):
    """An organisation that takes part; which rooms it has is the operation's matter."""

    sealed = True
    configured = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(unique=True)
    kind = models.CharField(max_length=40, choices=OrganisationType.choices)
    names = models.JSONField(default=dict)  # {"ar": …, "en": …, "he": …}


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with a normalised address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """A new account; without a password it can only sign in by passkey."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who signs in. What they may do is decided by their membership of a room, never here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, default="en")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)  # made by the sample operation; refused on any other database

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key for a program: bound to one account and one room, narrow in scope, short in life, revocable at once."""

    sealed = True
    unsealed = ("last_used_at",)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    room_id = models.UUIDField()
    name = models.CharField(max_length=80)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    acts = models.JSONField(default=list)  # names of acts, the scope; never more than the account's own
    networks = models.JSONField(default=list)  # CIDR blocks it may come from; empty = any
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class RecoveryState(models.TextChoices):
    """How far a recovery is."""

    PROPOSED = "proposed", _("proposed, a second officer must agree")
    AGREED = "agreed", _("agreed, the delay runs")
    ISSUED = "issued", _("code handed out")
    USED = "used", _("used")
    ENDED = "ended", _("ended without effect")


OPEN_RECOVERIES = (RecoveryState.PROPOSED, RecoveryState.AGREED, RecoveryState.ISSUED)


class Recovery(models.Model):
    """A new way in for a member of a room who lost theirs: two officers of the room, a delay, a code once shown."""

    sealed = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room_id = models.UUIDField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")  # who is helped
    reason = models.CharField(max_length=400)  # what was lost, and how it was made sure who asks
    state = models.CharField(max_length=10, choices=RecoveryState.choices)
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField(null=True)  # when the delay is over
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room_id", "account"],
                condition=models.Q(ended_at__isnull=True),
                name="people_recovery_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "ended"])
                | (models.Q(agreed_by__isnull=False) & ~models.Q(agreed_by=models.F("proposed_by"))),
                name="people_recovery_two_officers",
            ),
        ]


class EntryCode(models.Model):
    """A code that lets its holder set a new password, once: handed over in person, kept as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    recovery_id = models.UUIDField(null=True)  # null: made by the operator of the site
    code_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
