"""What is kept of places: areas, outlines, lines, roads, crossings, every spelling; and crossings' states."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import RoomRecord, TearLine


class NameKind(models.TextChoices):
    """What a spelling is to the source that gives it."""

    OFFICIAL = "official", _("official")
    VARIANT = "variant", _("other spelling")
    TRANSLITERATION = "transliteration", _("transliteration")
    CODE = "code", _("code")


class CrossingState(models.TextChoices):
    """What a report says of a crossing."""

    OPEN = "open", _("open")
    OPEN_WITH_RESTRICTIONS = "open_with_restrictions", _("open with restrictions")
    CLOSED = "closed", _("closed")
    NO_INFORMATION = "no_information", _("no information")


class Place(models.Model):
    """Anything that has a name and perhaps a position: one entry of one catalogue of an operation."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey("rooms.Operation", on_delete=models.CASCADE)
    catalogue = models.SlugField(max_length=40)  # area, crossing, road, line, site, or a gazetteer's code
    code = models.CharField(max_length=80)  # the entry's key in its catalogue
    kind = models.SlugField(max_length=40)  # town, camp, warehouse … as the catalogue says
    names = models.JSONField(default=dict)  # shown name per language; every spelling is a PlaceName
    longitude = models.FloatField(null=True)  # degrees, WGS 84
    latitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    schematic = models.BooleanField(default=False)  # placed by hand for orientation, not surveyed
    region = models.CharField(max_length=120, blank=True)  # as the source writes it
    population = models.BigIntegerField(null=True)
    is_own = models.BooleanField(default=False)  # from the operation's own files; found before gazetteer entries
    area = models.ForeignKey("Area", on_delete=models.SET_NULL, null=True, related_name="places")
    source = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "catalogue", "code"], name="places_place_code")]
        indexes = [models.Index(fields=["operation", "kind", "code"], name="places_place_kind")]


class PlaceName(models.Model):
    """One spelling of a place, as one source gives it."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey("rooms.Operation", on_delete=models.CASCADE, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="spellings")
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=12)  # BCP 47; "und-Arab" where only the script is known
    script = models.CharField(max_length=4)  # ISO 15924
    kind = models.CharField(max_length=20, choices=NameKind.choices)
    claimant = models.CharField(max_length=80, blank=True)  # code of who uses this name, where the source says
    source = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True)
    normal = models.CharField(max_length=300)  # tansiq.engine.names.normal_form
    keys = ArrayField(models.TextField(), default=list)  # what the spelling is filed under, see queries.filing
    grams = ArrayField(models.TextField(), default=list)  # letters in threes, for names typed wrongly

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "language", "text", "source"], name="places_placename_once")
        ]
        indexes = [
            GinIndex(fields=["keys"], name="places_placename_keys", fastupdate=False),
            GinIndex(fields=["grams"], name="places_placename_grams", fastupdate=False),
        ]


class Area(models.Model):
    """An administrative area under its p-code."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey("rooms.Operation", on_delete=models.CASCADE)
    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="as_area")
    p_code = models.CharField(max_length=40)
    level = models.SmallIntegerField()  # 0 country, 1 first administrative level …
    parent_p_code = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="children")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "p_code"], name="places_area_code")]


class Drawing(models.Model):
    """One version of an outline, line, marker or road, as one claimant published it; none is the right one."""

    sealed = True
    configured = "place__operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="drawings")
    kind = models.SlugField(max_length=40)  # outline, line, observed_marker, main, corridor …
    version = models.CharField(max_length=40, blank=True)  # as the claimant numbers it
    claimant = models.CharField(max_length=80, blank=True)  # code of a party, room or organisation
    source = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True)
    accuracy_m = models.FloatField(null=True)
    schematic = models.BooleanField(default=False)
    geometry = models.JSONField()  # GeoJSON geometry, WGS 84, seven decimals
    map_geometry = models.JSONField()  # simplified to about 50 m, for maps of the whole operation
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "claimant", "source", "version"], name="places_drawing_version")
        ]


class Crossing(models.Model):
    """A crossing as it is meant to work; what it does at a time is told by reports."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey("rooms.Operation", on_delete=models.CASCADE)
    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="as_crossing")
    code = models.SlugField()
    hours = models.JSONField(default=dict)  # {"sunday": "08:00-17:00", …}, local time; absent = closed that day
    lanes = models.PositiveSmallIntegerField(null=True)
    trucks_per_day = models.PositiveIntegerField(null=True)  # capacity
    receives = models.JSONField(default=list)  # cargo, people
    is_inside = models.BooleanField(default=True)  # leads straight into the operation's area

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "code"], name="places_crossing_code")]


class CrossingReason(models.Model):
    """A reason that may be given for a crossing's state, in all languages."""

    sealed = True
    configured = "operation"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey("rooms.Operation", on_delete=models.CASCADE)
    code = models.SlugField()
    names = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "code"], name="places_crossingreason_code")]


class CrossingStatus(RoomRecord):
    """A report of a crossing's state. Never changed: what was reported wrongly is reported again."""

    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, related_name="statuses")
    state = models.CharField(max_length=30, choices=CrossingState.choices)
    reason = models.SlugField(blank=True)
    since_at = models.DateTimeField()  # when the state began; created_at is when it was reported
    until_at = models.DateTimeField(null=True)  # until when it is expected to last

    class Meta:
        indexes = [models.Index(fields=["room", "crossing", "-since_at"], name="places_status_latest")]


class CrossingStatusDetail(RoomRecord):
    """Where a report of a crossing's state comes from, and what was said with it."""

    line = TearLine.DETAIL
    status = models.ForeignKey(CrossingStatus, on_delete=models.PROTECT, related_name="details")
    source = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "status"], name="places_statusdetail_one")]


class CrossingQuota(RoomRecord):
    """A change of what may or must pass a crossing per day: an event with its source, never an edit."""

    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, related_name="quotas")
    goods_class = models.SlugField(blank=True)  # empty: all goods
    unit = models.SlugField(default="truck")
    units_per_day = models.PositiveIntegerField(null=True)  # null: no quota any more
    from_date = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="places_quota_has_source"),
        ]
        indexes = [models.Index(fields=["room", "crossing", "from_date"], name="places_quota_from")]


class GlobalPcode(models.Model):
    """A p-code of the global list, of any country: what is known to exist."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.CharField(max_length=3)  # ISO 3166-1 alpha-3
    level = models.SmallIntegerField()
    p_code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    parent_p_code = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["p_code", "level", "location"], name="places_globalpcode_once")]
