"""What may be typed at a door: which lines to whom, under which mark, until when, and why."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tansiq.building.doors.actions import Asked
from tansiq.building.doors.models import Marking
from tansiq.building.doors.queries import default_marking
from tansiq.building.doors.rules import RecordType
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room, RoomKind, TearLine
from tansiq.building.rooms.queries import local_name

AT = "at"
USUAL_SPAN = "168"
SPANS_H = (24, 72, 168, 720)


class ReleaseForm(forms.Form):
    """Release lines of one record to other rooms of the operation."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    lines = forms.MultipleChoiceField(
        label=_("Lines that pass"), widget=forms.CheckboxSelectMultiple,
        help_text=_("What a line holds, and its mark by the rules, stand beside this form."),
        error_messages={"required": _("Choose at least one line of the record.")},
    )  # fmt: skip
    rooms = forms.MultipleChoiceField(
        label=_("To the rooms"), widget=forms.CheckboxSelectMultiple,
        help_text=_("In brackets the most closely held mark that a room may receive."),
        error_messages={"required": _("Choose at least one room that is not your own.")},
    )  # fmt: skip
    marking = forms.ChoiceField(
        label=_("Mark"), required=False, choices=[("", _("as the rules say")), *Marking.choices],
        help_text=_("As the rules say: the most closely held mark of the chosen lines."),
    )  # fmt: skip
    until = forms.ChoiceField(label=_("They may read it for"), required=False, initial=USUAL_SPAN)
    until_at = forms.CharField(
        label=_("Hour"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "2026-12-01T18:00Z"}),
        help_text=_(
            "Date and time as in 2026-12-01T18:00Z; UTC unless you write another offset. "
            "An hour written here counts instead of the usual 7 days."
        ),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The receivers read it."),
        error_messages={"required": _("Say why: a release, a refusal and a recall each need a reason.")},
    )  # fmt: skip
    names_receivers = forms.BooleanField(
        label=_("Each receiver may know which other rooms have it"), required=False,
    )  # fmt: skip
    groups = (
        (_("What"), ("lines", "marking")),
        (_("To whom"), ("rooms", "names_receivers")),
        (_("How long, and why"), ("until", "until_at", "reason")),
    )

    def __init__(self, *args: Any, by: Actor, record_type: RecordType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.record_type = by, record_type
        self.receivers = {
            room.slug: room
            for room in Room.objects.filter(operation_id=by.operation_id).exclude(pk=by.room_id).order_by("slug")
        }
        self.fields["until"].choices = spans()
        self.fields["lines"].choices = [(line, TearLine(line).label) for line in record_type.lines]
        self.fields["rooms"].choices = rooms_by_kind(self.receivers.values())

    def clean(self) -> dict[str, Any]:
        """Turn a span, or the hour that was typed, into the hour at which reading ends."""
        cleaned = super().clean() or {}
        chosen, hour = cleaned.get("until", ""), cleaned.get("until_at", "")
        is_untouched = chosen == USUAL_SPAN or self.add_prefix("until") not in self.data
        if chosen == AT or (hour and is_untouched):
            self._take_hour(cleaned, hour)
        elif hour:
            self.add_error("until_at", ValidationError(
                _("An hour is written here, but “%(chosen)s” is chosen above. "
                  "Choose “until the hour below”, or leave the hour empty."),
                params={"chosen": dict(self.fields["until"].choices).get(chosen, chosen)},
            ))  # fmt: skip
        else:
            cleaned["until_at"] = soon(int(chosen)) if chosen else None
        return cleaned

    def _take_hour(self, cleaned: dict[str, Any], hour: str) -> None:
        try:
            cleaned["until_at"] = moment(hour)
        except (ValueError, OverflowError):
            self.add_error("until_at", ValidationError(
                _("“%(found)s” is no date and time; expected one such as 2026-12-01T18:00Z."), params={"found": hour},
            ))  # fmt: skip

    def asked(self) -> Asked:
        """What the form asks for, as the act takes it."""
        found = self.cleaned_data
        lines = tuple(found["lines"])
        return Asked(
            lines=lines,
            receivers=tuple(self.receivers[slug] for slug in found["rooms"]),
            marking=found["marking"] or default_marking(self.by.operation_id, self.record_type.code, lines),
            reason=found["reason"],
            until=found["until_at"],
            names_receivers=found["names_receivers"],
        )

    def pairs(self, asked: Asked) -> list[tuple[str, str]]:
        """The same content as hidden fields, with mark and hour worked out, so that what is confirmed was shown."""
        until = asked.until.isoformat().replace("+00:00", "Z") if asked.until else ""
        return [
            ("key", str(self.cleaned_data["key"])),
            *(("lines", line) for line in asked.lines),
            *(("rooms", room.slug) for room in asked.receivers),
            ("marking", asked.marking),
            ("until", AT if until else ""),
            ("until_at", until),
            ("reason", asked.reason),
            *((("names_receivers", "on"),) if asked.names_receivers else ()),
        ]


class AgreementForm(forms.Form):
    """Agree to what was shown."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ClosingForm(forms.Form):
    """Decline or recall a release."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why: a release, a refusal and a recall each need a reason.")},
    )  # fmt: skip


def rooms_by_kind(rooms: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Rooms as grouped choices, in the order of the kinds, each with the most closely held mark it may receive."""
    under: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for room in rooms:
        under[room.kind].append((room.slug, f"{local_name(room.names)} (TLP:{room.tlp_ceiling})"))
    return [(str(RoomKind(kind).label), under[kind]) for kind in RoomKind.values if kind in under]


def spans() -> list[tuple[str, Any]]:
    """How long a release may last: some days, until it is recalled, or until an hour that is typed."""
    days = [(hours, hours // 24) for hours in SPANS_H]
    return [
        *((str(hours), ngettext("%(days)d day", "%(days)d days", count) % {"days": count}) for hours, count in days),
        ("", _("until it is recalled")),
        (AT, _("until the hour below")),
    ]


def soon(hours: int) -> datetime:
    """The full minute that many hours from now."""
    return (datetime.now(UTC) + timedelta(hours=hours)).replace(second=0, microsecond=0)


def moment(text: str) -> datetime:
    """A date and time in ISO 8601; UTC where no offset is written. Raises ValueError."""
    found = datetime.fromisoformat(text.strip().replace(" ", "T", 1).upper())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
