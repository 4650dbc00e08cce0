"""How an operation wants its crossings' days: which use slots, who keeps them, how long a slot lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tansiq.building.places.models import Crossing
from tansiq.building.places.queries.crossings import crossings_of
from tansiq.building.rooms.configuration.crossings import CrossingDay, CrossingDaysFile
from tansiq.building.rooms.models import Operation, Room
from tansiq.desks.aid.models import ReferenceKind
from tansiq.desks.aid.queries.reference import reference


@dataclass(frozen=True)
class Setting:
    """What the operation's files say of the day at its crossings."""

    operation: Operation
    zone: ZoneInfo
    crossings: dict[str, Crossing]  # by code
    days: dict[str, CrossingDay]  # by code of the crossing; absent: no slots are booked there
    rooms: dict[str, Room]  # by code
    stated: CrossingDaysFile | None

    @property
    def obligations(self) -> list[dict[str, Any]]:
        """What is owed a day, as the operation's files state it."""
        found: list[dict[str, Any]] = self.operation.rules.get("obligations", [])
        return found

    @property
    def class_names(self) -> dict[str, dict[str, str]]:
        """Names of the obligations' classes, by code."""
        return {kind["code"]: kind["names"] for owed in self.obligations for kind in owed.get("classes", ())}

    def keeper(self, code: str) -> Room | None:
        """The room that keeps the day at a crossing; None where no slots are booked."""
        stated = self.days.get(code)
        return self.rooms.get(stated.keeper) if stated else None

    def holder(self, code: str) -> str:
        """Who answers bookings at a crossing, as the chain names holders."""
        keeper = self.keeper(code)
        return f"{keeper.pk}:{self.days[code].role}" if keeper else ""

    def local_day(self, moment: datetime) -> Any:
        """The day of the operation's calendar."""
        return moment.astimezone(self.zone).date()

    @property
    def booked_ahead(self) -> timedelta:
        """How far ahead a slot may be booked."""
        return self.stated.booked_ahead if self.stated else timedelta(0)


def setting(operation_id: UUID) -> Setting:
    """The setting of an operation, in three queries."""
    operation = Operation.objects.get(pk=operation_id)
    plain = operation.rules.get("crossing_days")
    stated = CrossingDaysFile.model_validate(plain) if plain else None
    return Setting(
        operation, ZoneInfo(operation.time_zone), {one.code: one for one in crossings_of(operation_id)},
        {one.crossing: one for one in stated.crossings} if stated else {},
        {room.slug: room for room in Room.objects.filter(operation=operation_id).order_by("slug")}, stated,
    )  # fmt: skip


def reasons(known: Setting, group: str) -> dict[str, dict[str, str]]:
    """The reasons of a group, by code: names in every language."""
    rows = reference(known.operation.pk, ReferenceKind.REASON).values_list("code", "names", "body")
    return {code: names for code, names, body in rows if group in body.get("groups", ())}


def closure_reasons(known: Setting) -> dict[str, dict[str, str]]:
    """Why a day may be closed, or cut short."""
    return reasons(known, known.stated.closure_reasons if known.stated else "closure")


def refusal_reasons(known: Setting) -> dict[str, dict[str, str]]:
    """Why a booking may be refused."""
    return reasons(known, known.stated.refusal_reasons if known.stated else "crossing_rejection")
