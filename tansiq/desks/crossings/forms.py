"""What may be typed of the day at a crossing: which day, what is stated of it, a slot, and the answer to a booking."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import DayField, FilterForm, MomentField, choices, said
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.crossings.models import Reach, SlotState
from tansiq.desks.crossings.queries.setting import Setting
from tansiq.desks.crossings.queries.slots import LIVE, BookingsWanted
from tansiq.desks.crossings.rules import NUMBER_AT_MOST, Hours, Slot, SlotAsked, Stated

FIELD_OF_REFUSAL = {
    "crossing_hours_half": "closes_at", "crossing_hours_same": "closes_at", "crossing_reason_missing": "reason",
    "crossing_reason_unknown": "reason", "crossing_actual_reach": "reach", "crossing_actual_ahead": "day",
    "crossing_source_missing": "source", "crossing_read_ahead": "read_at", "crossing_queue_empty": "trucks_waiting",
    "slot_past": "slot", "slot_too_far": "slot", "slot_closed": "slot", "slot_day_closed": "slot",
    "slot_outside_hours": "slot", "slot_full": "slot",
}  # fmt: skip
NUMBER = {"min_value": 0, "max_value": NUMBER_AT_MOST}


class DayForm(FilterForm):
    """Which day is shown; what is no day is today."""

    day = DayField(label=_("Day"), required=False)

    def chosen(self, today: date) -> date:
        """The day that is asked for."""
        found: date = said(self).get("day", today)
        return found


class RefusableForm(forms.Form):
    """A form that puts a refusal of the act beside the field it speaks of."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def refuse(self, refused: Refused) -> None:
        """Show the sentence beside its field; above all of them where it speaks of none."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        self.add_error(field if field in self.fields else None, str(refused))


class StatementForm(RefusableForm):
    """What every statement on a day needs: the day, where it comes from, and perhaps a note."""

    day = DayField(label=_("Day"))
    reach = forms.ChoiceField(label=_("Holds for"), choices=Reach.choices)
    source = forms.CharField(label=_("Source"), max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    head: tuple[str, ...] = ()

    def __init__(self, *args: Any, known: Setting, reasons: dict[str, Any], slots: list[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.slots = known, slots
        if "reason" in self.fields:
            self.fields["reason"].choices = choices(reasons, "—")
        if "slot" in self.fields:
            self.fields["slot"].choices = slot_choices(slots, known)
        self.order_fields(["key", "day", "reach", *self.head, "source", "note"])

    def asked(self) -> dict[str, Any]:
        """What every act that states something takes."""
        typed = self.cleaned_data
        stated = Stated(typed["day"], typed["source"], typed["note"], typed.get("reach") or Reach.DAY)
        return {"key": typed["key"], "stated": stated, **self.what()}

    def what(self) -> dict[str, Any]:
        """What this one states."""
        return {}


class TimeField(forms.TimeField):
    """A local time of day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


class HoursForm(StatementForm):
    """The hours of a day, as they are meant to be or as they were."""

    is_actual = forms.ChoiceField(
        label=_("These hours are"), choices=[("", _("as they are meant to be")), ("yes", _("as they were"))],
        required=False,
    )  # fmt: skip
    opens_at = TimeField(label=_("Opens at"), required=False, help_text=_("Local time. Both empty: closed."))
    closes_at = TimeField(
        label=_("Closes at"), required=False, help_text=_("An hour before the opening: on the next day.")
    )
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, help_text=_("Needed when the day is closed, or closed early.")
    )
    head = ("is_actual", "opens_at", "closes_at", "reason")

    def what(self) -> dict[str, Any]:
        """The hours."""
        typed = self.cleaned_data
        hours = Hours(typed["opens_at"], typed["closes_at"], typed["reason"], bool(typed["is_actual"]))
        return {"hours": hours}


class LanesForm(StatementForm):
    """How many scanning lanes work."""

    lanes = forms.IntegerField(label=_("Lanes that work"), min_value=0, max_value=1000)
    read_at = MomentField(label=_("As of"), required=False, help_text=_("Local time; empty: now."))
    head = ("lanes", "read_at")

    def what(self) -> dict[str, Any]:
        """The lanes, and as of when."""
        return {name: self.cleaned_data[name] for name in self.head}


class CapacityForm(StatementForm):
    """How many trucks a slot takes."""

    trucks_per_slot = forms.IntegerField(label=_("Trucks in a slot"), **NUMBER)
    slot_minutes = forms.IntegerField(
        label=_("Minutes of a slot"), required=False, min_value=5, max_value=24 * 60,
        help_text=_("Empty: as the operation's files say."),
    )  # fmt: skip
    head = ("trucks_per_slot", "slot_minutes")

    def what(self) -> dict[str, Any]:
        """Trucks and minutes."""
        return {name: self.cleaned_data[name] for name in self.head}


class QueueForm(StatementForm):
    """What was read of the queue."""

    reach = None  # type: ignore[assignment]  # a reading is of one day
    trucks_waiting = forms.IntegerField(label=_("Trucks waiting"), required=False, **NUMBER)
    wait_minutes = forms.IntegerField(label=_("Minutes that the first has waited"), required=False, **NUMBER)
    read_at = MomentField(label=_("Read at"), required=False, help_text=_("Local time; empty: now."))
    head = ("trucks_waiting", "wait_minutes", "read_at")

    def what(self) -> dict[str, Any]:
        """The reading."""
        return {name: self.cleaned_data[name] for name in self.head}


class PlacesForm(StatementForm):
    """How many places of a slot are free, as the crossing's room publishes it."""

    reach = None  # type: ignore[assignment]
    slot = forms.ChoiceField(label=_("Slot"))
    free_places = forms.IntegerField(label=_("Free places"), **NUMBER)
    head = ("slot", "free_places")

    def what(self) -> dict[str, Any]:
        """The slot and its free places."""
        slot_at = datetime.fromisoformat(self.cleaned_data["slot"])
        return {"slot_at": slot_at, "free_places": self.cleaned_data["free_places"]}


class SlotForm(RefusableForm):
    """A slot for a consignment, or for one truck of it."""

    slot = forms.ChoiceField(label=_("Slot"))
    unit = forms.ChoiceField(label=_("For"), required=False)
    places = forms.IntegerField(label=_("Trucks"), min_value=1, max_value=500, initial=1)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, known: Setting, slots: list[Slot], units: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = slot_choices(slots, known)
        listed = [(str(pk), code) for pk, code in units.items()]
        self.fields["unit"].choices = [("", _("the consignment as a whole")), *listed]

    def asked(self, consignment_id: UUID) -> SlotAsked:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        unit = UUID(typed["unit"]) if typed["unit"] else None
        return SlotAsked(datetime.fromisoformat(typed["slot"]), consignment_id, unit, typed["places"], typed["note"])


class ConfirmForm(RefusableForm):
    """The words with which a booking is confirmed."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Read by your own room and the room that booked."),
    )  # fmt: skip

    def __init__(self, *args: Any, reasons: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:
            self.fields["reason"].choices = choices(reasons, _("Choose"))

    def asked(self) -> dict[str, Any]:
        """What the act takes beside the booking."""
        return dict(self.cleaned_data)


class RefuseForm(ConfirmForm):
    """Why a booking is refused."""

    reason = forms.ChoiceField(label=_("Reason"))
    field_order = ["key", "reason", "note"]


class GiveBackForm(ConfirmForm):
    """A slot is given back; nothing needs to be typed."""

    note = None  # type: ignore[assignment]


class BookingFilterForm(FilterForm):
    """Which bookings to list."""

    state = forms.ChoiceField(label=_("State"), required=False)
    crossing = forms.ChoiceField(label=_("Crossing"), required=False)
    day = DayField(label=_("Day"), required=False)
    consignment = forms.UUIDField(required=False, widget=forms.HiddenInput)
    to_answer = forms.BooleanField(label=_("Waits for this room's answer"), required=False)

    def __init__(self, *args: Any, known: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("all")), (LIVE, _("booked or confirmed")), *SlotState.choices]
        self.fields["state"].choices = states
        names = {code: one.place.names for code, one in known.crossings.items() if code in known.days}
        self.fields["crossing"].choices = choices(names, _("all"))

    def wanted(self) -> BookingsWanted:
        """The valid choices, as the query takes them."""
        asked = said(self)
        return BookingsWanted(
            asked.get("state", ""), asked.get("crossing", ""), asked.get("day"), asked.get("consignment"),
            bool(asked.get("to_answer")),
        )  # fmt: skip


def slot_choices(slots: list[Slot], known: Setting) -> list[tuple[str, str]]:
    """Slots by their local times."""
    return [
        (
            one.starts_at.isoformat(),
            f"{one.starts_at.astimezone(known.zone):%Y-%m-%d %H:%M}–{one.ends_at.astimezone(known.zone):%H:%M}",
        )
        for one in slots
    ]


def around(day: date) -> tuple[date, date]:
    """The day before and the day after."""
    return day - timedelta(days=1), day + timedelta(days=1)


def crossing_name(known: Setting, code: str) -> str:
    """A crossing's name in the reader's language."""
    return local_name(known.crossings[code].place.names)
