"""Lists of places and crossings: for pages, and as columns and rows for export."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tansiq.building.places.models import Area, Crossing, Drawing, GlobalPcode, Place, PlaceName
from tansiq.building.places.queries.crossings import crossings_now, details_of, reasons_of, status_history
from tansiq.building.rooms.actors import Actor

Table = tuple[list[str], Iterator[list[Any]]]
LANGUAGES = ("en", "ar", "he")


def places_of(operation_id: UUID, *, catalogue: str = "", kind: str = "") -> QuerySet[Place]:
    """The operation's places, its own first, then by catalogue and code."""
    found = Place.objects.filter(operation=operation_id)
    if catalogue:
        found = found.filter(catalogue=catalogue)
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("area__place").order_by("-is_own", "catalogue", "code", "id")


def catalogues_of(operation_id: UUID) -> list[dict[str, Any]]:
    """The catalogues of the operation with how many places each has."""
    found = Place.objects.filter(operation=operation_id).values("catalogue").annotate(places=Count("id"))
    return list(found.order_by("catalogue"))


def areas_of(operation_id: UUID) -> QuerySet[Area]:
    """The operation's areas, the largest first, by p-code."""
    found = Area.objects.filter(operation=operation_id).select_related("place", "parent__place")
    return found.annotate(outlines=Count("place__drawings")).order_by("level", "p_code")


def spellings_of(place: Place) -> dict[str, list[PlaceName]]:
    """Every spelling of a place by language, with who uses it and where it stands."""
    grouped: dict[str, list[PlaceName]] = {}
    for name in PlaceName.objects.filter(place=place).order_by("language", "kind", "text", "source"):
        grouped.setdefault(name.language, []).append(name)
    return grouped


def versions_of(place: Place) -> QuerySet[Drawing]:
    """Every version of a drawn place, the newest first; none is the right one."""
    found = Drawing.objects.filter(place=place).defer("geometry", "map_geometry")
    return found.order_by("-published_on", "claimant", "-version")


def global_pcode(p_code: str) -> GlobalPcode | None:
    """What the global list says of a p-code."""
    return GlobalPcode.objects.filter(p_code=p_code).order_by("level").first()


def places_table(actor: Actor, *, catalogue: str = "", kind: str = "") -> Table:
    """All places: columns and rows."""
    columns = [_("Catalogue"), _("Code"), _("Kind"), *LANGUAGES, _("Longitude"), _("Latitude"), _("Accuracy, m"),
               _("Area"), _("Source"), _("Published on")]  # fmt: skip
    found = places_of(actor.operation_id, catalogue=catalogue, kind=kind).iterator(chunk_size=2000)
    rows = (
        [place.catalogue, place.code, place.kind, *(place.names.get(language, "") for language in LANGUAGES),
         place.longitude, place.latitude, place.accuracy_m, place.area.p_code if place.area else "", place.source,
         place.published_on]
        for place in found
    )  # fmt: skip
    return columns, rows


def areas_table(actor: Actor) -> Table:
    """All areas: columns and rows."""
    columns = [_("P-code"), _("Level"), _("Part of"), *LANGUAGES, _("Versions of the outline")]
    rows = (
        [area.p_code, area.level, area.parent_p_code, *(area.place.names.get(one, "") for one in LANGUAGES),
         area.outlines]
        for area in areas_of(actor.operation_id)
    )  # fmt: skip
    return columns, rows


def crossings_table(actor: Actor) -> Table:
    """All crossings with their state as this room sees it: columns and rows."""
    columns = [_("Code"), *LANGUAGES, _("State"), _("Reason"), _("Since"), _("Hours today"), _("Lanes"),
               _("Capacity, trucks per day"), _("Reports differ")]  # fmt: skip
    rows = (
        [one.crossing.code, *(one.crossing.place.names.get(language, "") for language in LANGUAGES), one.state,
         one.status.reason if one.status else "", one.status.since_at if one.status else None, one.hours_today or "",
         one.crossing.lanes, one.crossing.trucks_per_day, len(one.differing)]
        for one in crossings_now(actor)
    )  # fmt: skip
    return columns, rows


def history_table(crossing: Crossing, actor: Actor) -> Table:
    """Every report of a crossing that this room may read: columns and rows."""
    columns = [_("State"), _("Reason"), _("Since"), _("Expected until"), _("Reported at"), _("Reported by"),
               _("Source"), _("Note")]  # fmt: skip
    reports = list(status_history(crossing))
    details, reasons = details_of(reports), reasons_of(actor.operation_id)

    def row(report: Any) -> list[Any]:
        detail = details.get(report.pk)
        reason = reasons.get(report.reason, {}).get("en", report.reason)
        return [report.state, reason, report.since_at, report.until_at, report.created_at, report.room.slug,
                detail.source if detail else "", detail.note if detail else ""]  # fmt: skip

    return columns, (row(report) for report in reports)
