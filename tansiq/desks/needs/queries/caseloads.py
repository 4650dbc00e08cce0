"""Caseloads as rooms state them, and the one that counts for each place: the latest count that the room reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from tansiq.building.rooms.actors import Actor
from tansiq.desks.needs.models import Caseload, CaseloadFile
from tansiq.desks.needs.queries.setting import Setting
from tansiq.desks.needs.rules import households_of


@dataclass(frozen=True)
class Population:
    """Who needs something in an area: its own count, or the sum of its sites'."""

    people: int
    households: Decimal
    sites: int  # of which it is the sum; 0: the count is the area's own
    statements: tuple[Caseload, ...]


def caseloads(by: Actor, *, p_code: str = "", indicator: str | None = None) -> QuerySet[Caseload]:
    """The caseloads that this room reads, the latest count first."""
    found = Caseload.objects.filter(room__operation=by.operation_id).select_related("room")
    found = found.filter(p_code=p_code) if p_code else found
    found = found.filter(indicator=indicator) if indicator is not None else found
    return found.order_by("-as_of_date", "-created_at", "pk")


def latest_caseloads(by: Actor) -> list[Caseload]:
    """For each place and indicator the latest count, whoever states it."""
    keys = ("p_code", "site", "indicator")
    rows = Caseload.objects.filter(room__operation=by.operation_id).select_related("room")
    return list(rows.order_by(*keys, "-as_of_date", "-created_at", "pk").distinct(*keys))


def populations(latest: Iterable[Caseload], indicator: str, known: Setting) -> dict[str, Population]:
    """By p-code, who needs what the indicator names: a count of it, else the count of whoever needs anything."""
    own: dict[str, list[Caseload]] = {}
    general: dict[str, list[Caseload]] = {}
    for one in latest:
        if one.indicator == indicator:
            own.setdefault(one.p_code, []).append(one)
        elif one.indicator == "":
            general.setdefault(one.p_code, []).append(one)
    return {code: _population(own.get(code) or general[code], known) for code in {**general, **own}}


def files(by: Actor) -> QuerySet[CaseloadFile]:
    """The files that were brought in, the latest first."""
    return CaseloadFile.objects.filter(room__operation=by.operation_id).order_by("-created_at", "pk")


def caseload_or_none(caseload_id: UUID, by: Actor) -> Caseload | None:
    """One caseload; None where there is none for this room."""
    return Caseload.objects.filter(pk=caseload_id, room__operation=by.operation_id).select_related("room").first()


def _population(found: list[Caseload], known: Setting) -> Population:
    whole = [one for one in found if not one.site]
    counted = whole[:1] or found
    households = sum((households_of(one.people, one.households, known.needs) for one in counted), Decimal(0))
    return Population(sum(one.people for one in counted), households, 0 if whole else len(counted), tuple(counted))
