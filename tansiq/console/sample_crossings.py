"""The sample's days at the crossings, as demo/sample/crossings.yaml tells them: hours, lanes, queues, slots."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.places.actions import change_crossing_quota
from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.console.sample_stage import Stage
from tansiq.console.state import REPOSITORY
from tansiq.desks.aid.models import Consignment
from tansiq.desks.crossings import actions, jobs
from tansiq.desks.crossings.models import SlotBooking
from tansiq.desks.crossings.queries.setting import Setting, setting
from tansiq.desks.crossings.rules import Hours, SlotAsked, Stated

STORY = REPOSITORY / "demo" / "sample" / "crossings.yaml"
DAY = timedelta(days=1)


class Told:
    """Where the days are told: the stage, the setting, and today in the operation's time zone."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.known: Setting = setting(next(iter(stage.rooms.values())).operation_id)
        self.today = self.known.local_day(stage.now)

    def day(self, told: dict[str, Any]) -> date:
        """The day, counted from today."""
        return self.today + DAY * int(told["day"])

    def at(self, told: dict[str, Any], name: str = "at") -> datetime:
        """A local time of that day."""
        return datetime.combine(self.day(told), time.fromisoformat(told[name]), self.known.zone).astimezone(UTC)

    def crossing(self, told: dict[str, Any]) -> Crossing:
        """The crossing that is told of."""
        return self.known.crossings[told["crossing"]]

    def stated(self, told: dict[str, Any]) -> dict[str, Any]:
        """What every statement takes."""
        stated = Stated(self.day(told), told["source"], told.get("note", ""), told.get("reach", "day"))
        return {"by": self.stage.system(told["room"]), "crossing": self.crossing(told), "stated": stated}


def tell_crossings(stage: Stage, story: Path = STORY) -> dict[str, int]:
    """Play the whole story; answers how many statements and bookings were made."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(story.read_text(encoding="utf-8"))
    told = Told(stage)
    for one in found["quotas"]:
        change_crossing_quota(
            by=stage.system(one["room"]), crossing=told.crossing(one), units_per_day=one["units_per_day"],
            from_date=told.day(one), source=one["source"], goods_class=one["class"],
        )  # fmt: skip
    parts = {"capacity": _capacity, "lanes": _lanes, "queues": _queue, "places": _places}
    early = [one for one in found["hours"] if not one.get("actual")]
    late = [one for one in found["hours"] if one.get("actual")]
    stated = sum(_hours(one, told) for one in early)
    stated += sum(play(one, told) for name, play in parts.items() for one in found[name])
    booked = sum(_slot(one, told) for one in found["slots"])  # before it is known that a day was cut short
    stated += sum(_hours(one, told) for one in late)
    jobs.follow_slots.func(0)
    return {"crossing_statements": stated, "slots": booked}


def _hours(one: dict[str, Any], told: Told) -> int:
    opens, closes = (time.fromisoformat(one[name]) if name in one else None for name in ("opens", "closes"))
    hours = Hours(opens, closes, one.get("reason", ""), one.get("actual", False))
    actions.state_hours(**told.stated(one), hours=hours)
    return 1


def _lanes(one: dict[str, Any], told: Told) -> int:
    actions.state_lanes(**told.stated(one), lanes=one["lanes"], read_at=told.stage.now)
    return 1


def _capacity(one: dict[str, Any], told: Told) -> int:
    said = {"trucks_per_slot": one["trucks_per_slot"], "slot_minutes": one["minutes"]}
    actions.state_capacity(**told.stated(one), **said)
    return 1


def _queue(one: dict[str, Any], told: Told) -> int:
    read_at = told.stage.now - timedelta(hours=one["hours_ago"])
    said = {"trucks_waiting": one["trucks"], "wait_minutes": one["minutes"], "read_at": read_at}
    actions.record_queue(**told.stated(one), **said)
    return 1


def _places(one: dict[str, Any], told: Told) -> int:
    said = {"slot_at": told.at(one), "free_places": one["free"], "read_at": told.stage.now}
    actions.publish_places(**told.stated(one), **said)
    return 1


def _slot(one: dict[str, Any], told: Told) -> int:
    """Book, answer and perhaps give back; on a day on which the crossing does not open there is nothing to book."""
    stage, by = told.stage, told.stage.system(one["room"])
    consignment = _consignment(one, told)
    if consignment is None:
        return 0
    moment = min(stage.now, told.at(one)) - DAY
    asked = SlotAsked(told.at(one), consignment.pk, places=one["places"])
    try:
        booking = actions.book_slot(by=by, crossing=told.crossing(one), asked=asked, at=moment)
    except Refused:
        return 0
    _answer(one, told, booking, moment + DAY / 4)
    if one.get("give_back"):
        actions.release_slot(by=by, booking=booking, at=moment + DAY / 3)
    return 1


def _answer(one: dict[str, Any], told: Told, booking: SlotBooking, moment: datetime) -> None:
    keeper = told.known.keeper(one["crossing"])
    if keeper is None or "answer" not in one:
        return
    asked = {"by": told.stage.system(keeper.slug), "booking": booking, "note": one.get("note", ""), "at": moment}
    if one["answer"] == "confirm":
        actions.confirm_slot(**asked)
    else:
        actions.refuse_slot(**asked, reason=one["reason"])


def _consignment(one: dict[str, Any], told: Told) -> Consignment | None:
    with eyes_of(told.stage.system(one["room"])):
        own = Consignment.objects.filter(room=told.stage.rooms[one["room"]], crossing_code=one["crossing"])
        nth: int = one["nth"]
        found: Consignment | None = own.order_by("-reference")[nth - 1 : nth].first()
        return found
