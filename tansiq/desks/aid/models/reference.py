"""Code lists, mappings and definitions of the operation, and what a room adds to them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import Operation, RoomRecord, TearLine


class ReferenceKind(models.TextChoices):
    """Kinds of reference data that an operation loads from its directory."""

    COMMODITY_CLASS = "commodity_class", _("commodity class")
    COMMODITY = "commodity", _("commodity")
    UNIT = "unit", _("unit")
    CONSIGNOR_CLASS = "consignor_class", _("consignor class")
    STAGE = "stage", _("stage")
    REASON = "reason", _("reason")
    SOURCE = "source", _("source")
    COUNT_DEFINITION = "count_definition", _("count definition")
    MAPPING = "mapping", _("import mapping")
    CARGO_RULES = "cargo_rules", _("cargo rules")
    CONSERVATION = "conservation", _("rules of conservation")


class Reference(models.Model):
    """One entry of an operation's reference data; documents that change get a new version, never a new content."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, choices=ReferenceKind.choices)
    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    place = models.PositiveIntegerField(default=0)  # order in its list, from 0
    names = models.JSONField(default=dict)  # {"ar": …, "en": …, "he": …}
    body = models.JSONField(default=dict)  # the entry as its file states it
    in_use = models.BooleanField(default=True)  # False: gone from the files, kept for old records

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "kind", "code", "version"], name="aid_reference_version")
        ]


class CountDefinition(RoomRecord):
    """A room's own definition of a count; a version never changes."""

    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    names = models.JSONField(default=dict)
    body = models.JSONField(default=dict)  # the fields of engine.counting.Definition

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "code", "version"], name="aid_count_definition_version")]


class DecidedBy(models.TextChoices):
    """Who said what a cargo name means."""

    RULE = "rule", _("rule")
    PERSON = "person", _("person")


class CargoName(RoomRecord):
    """What a free-text cargo name means, as decided at a time; a later decision is a later version."""

    line = TearLine.DETAIL
    cargo_key = models.CharField(max_length=32)  # digest of the name folded: case and letter variants do not count
    name = models.TextField()  # as first written
    version = models.PositiveIntegerField()
    commodity = models.CharField(max_length=64, blank=True)  # "": nobody knows yet
    decided_by = models.CharField(max_length=10, choices=DecidedBy.choices)
    rules_version = models.PositiveIntegerField(default=0)  # of the cargo rules in force then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "cargo_key", "version"], name="aid_cargo_name_version")]
