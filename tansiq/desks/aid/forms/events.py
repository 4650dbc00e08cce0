"""What may be typed about an event: what happened, a correction of it, and which events to list."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.forms.fields import DayField, FilterForm, MomentField, choices, said
from tansiq.desks.aid.models import AidEvent, AidMeasure, Precision
from tansiq.desks.aid.queries.events import EventFilter
from tansiq.desks.aid.queries.words import Words
from tansiq.desks.aid.rules import EventStatement, Quantity

USUAL_QUANTITIES, MOST_QUANTITIES = 2, 30
PARTS = ("unit", "giver", "receiver", "damaged", "commodity", "cargo", "line")
KINDS = ("truck", "pallet")
FIELD_OF_REFUSAL = {"insistence_reason_missing": "insists_because", "insistence_unknown": "insists"}


class EventForm(forms.Form):
    """What happened, to what, where, when, and how much of it each side counted."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    stage = forms.ChoiceField(label=_("Stage"))
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, help_text=_("Needed for rejections, interceptions, damage and loss.")
    )
    unit_code = forms.CharField(
        label=_("Truck or pallet"), required=False, max_length=120, help_text=_("The code on it, as it is scanned.")
    )
    unit_kind = forms.ChoiceField(label=_("Kind of unit"), required=False)
    parent_code = forms.CharField(
        label=_("Split off from"), required=False, max_length=120, help_text=_("Code of the unit it was a part of.")
    )
    consignment = forms.CharField(
        label=_("Consignment"), required=False, max_length=300, help_text=_("Its reference in this room's ledger.")
    )
    attempt = forms.IntegerField(label=_("Attempt"), min_value=1, max_value=99, initial=1)
    occurred_at = MomentField(label=_("Happened at"), help_text=_("Local time of the operation."))
    precision = forms.ChoiceField(label=_("How exactly known"), choices=Precision.choices, initial=Precision.MINUTE)
    crossing_code = forms.ChoiceField(label=_("Crossing"), required=False)
    place = forms.CharField(
        label=_("Place"), required=False, max_length=300,
        help_text=_("Read with the detail, so it may name an exact site. The headline says the crossing."),
    )  # fmt: skip
    consignor_class = forms.ChoiceField(label=_("Consignor class"), required=False)
    is_further = forms.BooleanField(
        label=_("A further part, not the same passage again"), required=False,
        help_text=_("For a truck that is loaded, offloaded or collected in several parts at one stage."),
    )  # fmt: skip
    insists = forms.BooleanField(
        label=_("Record it although the quantities do not add up"), required=False,
        help_text=_("It is kept as a discrepancy, with both readings, an owner to be found and a clock."),
    )  # fmt: skip
    insists_because = forms.CharField(label=_("Why the source insists"), required=False, max_length=2000)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, listed, blank in (
            ("stage", words.stages, _("Choose")), ("reason", words.reasons, "—"),
            ("crossing_code", words.crossings, "—"), ("consignor_class", words.consignors, "—"),
            ("unit_kind", {code: names for code, names in words.units.items() if code in KINDS}, None),
        ):  # fmt: skip
            self.fields[name].choices = choices(listed, blank)
        self.numbers = self._numbered()
        for number in self.numbers:
            self._add_quantity(number, words)
        self.groups = (
            (_("What happened"), ("stage", "reason", "occurred_at", "precision")),
            (_("To what"), ("unit_code", "unit_kind", "parent_code", "consignment", "attempt", "consignor_class",
                              "is_further")),
            (_("Where"), ("crossing_code", "place")),
            *((_("Quantity %(number)s") % {"number": n}, self._quantity_names(n)) for n in self.numbers),
            (_("If quantities do not add up"), ("insists", "insists_because")),
        )  # fmt: skip

    def statement(self) -> EventStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        plain = ("stage", "reason", "unit_code", "parent_code", "consignment", "attempt", "occurred_at", "precision",
                 "crossing_code", "place", "consignor_class", "is_further", "insists", "insists_because")  # fmt: skip
        return EventStatement(
            **{name: typed[name] for name in plain}, unit_kind=typed["unit_kind"] or KINDS[0],
            quantities=tuple(self._quantities()),
        )  # fmt: skip

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside its field; above all of them where it speaks of none."""
        self.add_error(FIELD_OF_REFUSAL.get(refused.code), str(refused))

    def clean_consignment(self) -> str:
        """A reference without the spaces around it."""
        return str(self.cleaned_data["consignment"]).strip()

    def clean(self) -> dict[str, Any]:
        """A quantity is named with its unit; an event names what it happened to."""
        typed = super().clean() or self.cleaned_data
        if not (typed.get("unit_code") or typed.get("consignment")):
            self.add_error("unit_code", _("Name the truck or pallet, or the consignment: found neither."))
        for number in self.numbers:
            figures = [typed.get(f"{side}_{number}") for side in ("giver", "receiver", "damaged")]
            if any(figure is not None for figure in figures) and not typed.get(f"unit_{number}"):
                self.add_error(f"unit_{number}", _("A figure without a unit says nothing: choose the unit."))
        return typed

    def _quantities(self) -> Iterator[Quantity]:
        for number in self.numbers:
            stated = {part: self.cleaned_data.get(f"{part}_{number}") for part in PARTS}
            if stated["unit"] and any(stated[side] is not None for side in ("giver", "receiver", "damaged")):
                yield Quantity(**{part: value or "" if part in ("commodity", "cargo") else value
                                  for part, value in stated.items()})  # fmt: skip

    def _numbered(self) -> range:
        """As many quantities as were typed, or as the event has, and a spare one."""
        given = self.data if self.is_bound else self.initial
        typed = [number for number in range(1, MOST_QUANTITIES + 1) if f"unit_{number}" in given]
        spare = 0 if self.is_bound else 1
        return range(1, min(max(USUAL_QUANTITIES, len(typed) + spare), MOST_QUANTITIES) + 1)

    def _add_quantity(self, number: int, words: Words) -> None:
        figure = {"required": False, "min_value": Decimal(0), "max_digits": 18, "decimal_places": 6}
        self.fields[f"unit_{number}"] = forms.ChoiceField(
            label=_("Unit"), required=False, choices=choices(words.units, "—")
        )
        self.fields[f"giver_{number}"] = forms.DecimalField(label=_("As the giver counts"), **figure)
        self.fields[f"receiver_{number}"] = forms.DecimalField(label=_("As the receiver counts"), **figure)
        self.fields[f"damaged_{number}"] = forms.DecimalField(label=_("Damaged, of what was received"), **figure)
        self.fields[f"commodity_{number}"] = forms.ChoiceField(
            label=_("Commodity"), required=False, choices=choices(words.commodities, "—")
        )
        self.fields[f"cargo_{number}"] = forms.CharField(
            label=_("or the cargo in words"), required=False, max_length=500
        )
        self.fields[f"line_{number}"] = forms.IntegerField(
            label=_("Line of the consignment"), required=False, min_value=1,
            help_text=_("Its number; left empty, the only line of these goods and this unit."),
        )  # fmt: skip

    @staticmethod
    def _quantity_names(number: int) -> tuple[str, ...]:
        return tuple(f"{part}_{number}" for part in PARTS)


class CorrectionForm(EventForm):
    """What is right instead, and why; or that the event is taken back."""

    why = forms.ChoiceField(label=_("Why it is corrected"), required=False)
    why_text = forms.CharField(label=_("In your own words"), required=False, max_length=2000)
    withdraw = forms.BooleanField(
        label=_("Take the event back; nothing replaces it"), required=False,
        help_text=_("The event stays readable, struck through, with your reason."),
    )  # fmt: skip

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        fitting = {c: names for c, names in words.reasons.items() if "correction" in words.reason_groups.get(c, ())}
        self.fields["why"].choices = choices(fitting, _("another reason, in your own words"))
        self.groups = ((_("Correction"), ("why", "why_text", "withdraw")), *self.groups)

    def clean(self) -> dict[str, Any]:
        """A correction gives its reason."""
        typed = super().clean()
        if not (typed.get("why") or str(typed.get("why_text") or "").strip()):
            self.add_error("why", _("Say why: choose a reason, or write one."))
        return typed

    def reason_given(self) -> str:
        """A code of the operation's reasons, or the person's own words."""
        return str(self.cleaned_data["why_text"].strip() or self.cleaned_data["why"])


def typed_before(event: AidEvent, measures: list[AidMeasure], cargo: dict[str, str]) -> dict[str, Any]:
    """An event as the form shows it, so that only what is wrong need be typed."""
    unit = event.handling_unit
    shown: dict[str, Any] = {
        "stage": event.stage, "reason": event.reason, "occurred_at": event.occurred_at, "precision": event.precision,
        "crossing_code": event.crossing_code, "attempt": event.attempt,
        "place": next((row.place for row in measures), ""),
        "unit_code": unit.code if unit else "", "unit_kind": unit.kind if unit else "",
        "consignment": event.consignment.reference if event.consignment else "",
        "consignor_class": next((row.consignor_class for row in measures), ""),
    }  # fmt: skip
    goods = [row for row in measures if row.unit and not (unit and row.unit == unit.kind)]
    for number, row in enumerate(goods[:MOST_QUANTITIES], 1):
        text = cargo.get(row.cargo_key, "")
        shown |= {
            f"unit_{number}": row.unit, f"giver_{number}": _plain(row.quantity_giver), f"cargo_{number}": text,
            f"receiver_{number}": _plain(row.quantity_receiver), f"damaged_{number}": _plain(row.quantity_damaged),
            f"commodity_{number}": "" if text else row.commodity, f"line_{number}": row.line_number or "",
        }  # fmt: skip
    return shown


def _plain(figure: Decimal | None) -> str:
    """A figure as a person types it: 12, not 12.000000."""
    return "" if figure is None else f"{figure:f}".rstrip("0").rstrip(".") if "." in f"{figure:f}" else f"{figure:f}"


class EventFilterForm(FilterForm):
    """Which events to list; what cannot be read narrows nothing."""

    q = forms.CharField(label=_("Unit or consignment"), required=False, max_length=120)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    crossing = forms.ChoiceField(label=_("Crossing"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    as_of = MomentField(label=_("As known at"), required=False)
    replaced = forms.BooleanField(label=_("Also corrected ones"), required=False)
    repeats = forms.BooleanField(label=_("Also repeated scans"), required=False)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, listed in (("stage", words.stages), ("crossing", words.crossings), ("source", words.sources)):
            self.fields[name].choices = choices(listed, _("all"))

    def wanted(self) -> EventFilter:
        """The valid choices, as the query takes them."""
        chosen = said(self)
        return EventFilter(
            stages=_one(chosen.get("stage")), crossings=_one(chosen.get("crossing")),
            sources=_one(chosen.get("source")), since=_midnight(chosen.get("since")),
            until=_midnight(chosen.get("until"), 1), sought=chosen.get("q", "").strip(),
            current=not chosen.get("replaced"), repeats=bool(chosen.get("repeats")),
        )  # fmt: skip

    def known_at(self) -> datetime | None:
        """The past moment whose knowledge is asked for; None for now."""
        return said(self).get("as_of")


def _one(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()


def _midnight(day: Any, later: int = 0) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=later), time(), timezone.get_current_timezone()).astimezone(UTC)
