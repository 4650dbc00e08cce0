"""What may be typed of a consignment: to register its headline, lines, units, detail and persons; to amend these."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.forms.fields import choices, grouped_choices
from tansiq.desks.aid.models import ConsignmentDetail, ConsignmentIdentities
from tansiq.desks.aid.queries.events import times_stated
from tansiq.desks.aid.queries.words import Words
from tansiq.desks.aid.rules import Amendment, ConsignmentStatement, LineStatement

MOST_LINES, MOST_UNITS = 200, 500
PARTS = ("commodity", "cargo", "quantity", "unit")
UNITS = {"trucks": "truck", "pallets": "pallet"}  # field → kind of unit
DETAIL = ("manifest", "waybill", "consignor", "consignee", "origin", "destination", "route", "vehicle", "remark")
AMENDED = ("cargo", *DETAIL)
FIELD_OF_REFUSAL = {
    "reference_missing": "reference", "reference_taken": "reference", "unknown_consignor_class": "consignor_class",
}  # fmt: skip


class StatedForm(forms.Form):
    """What is said of a consignment, with as many lines as there are; each line is named by its number in the form."""

    first_lines = 3
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    manifest = forms.CharField(label=_("Manifest"), required=False, max_length=300)
    waybill = forms.CharField(label=_("Waybill"), required=False, max_length=300)
    consignor = forms.CharField(label=_("Consignor"), required=False, max_length=500)
    consignee = forms.CharField(label=_("Consignee"), required=False, max_length=500)
    origin = forms.CharField(label=_("Origin"), required=False, max_length=500)
    destination = forms.CharField(label=_("Destination"), required=False, max_length=500)
    route = forms.CharField(label=_("Route"), required=False, max_length=500)
    vehicle = forms.CharField(label=_("Vehicle"), required=False, max_length=300)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    driver = forms.CharField(label=_("Driver"), required=False, max_length=500)
    contact = forms.CharField(label=_("Contact"), required=False, max_length=500)

    def __init__(self, *args: Any, words: Words, fresh: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = numbers_in(self.data) or self.initial.get("line") or list(range(1, self.first_lines + 1))
        for number in self.numbers:
            self._add_line(number, words)
        if fresh:
            self.fields[f"commodity_{fresh}"].widget.attrs["autofocus"] = True

    @classmethod
    def rearranged(cls, typed: QueryDict, words: Words) -> "StatedForm | None":
        """The same form with a line more or a line less; None when neither was asked for."""
        numbers = numbers_in(typed)
        fresh = 0
        if "add_line" in typed and len(numbers) < MOST_LINES:
            fresh = max(numbers, default=0) + 1
            numbers = [*numbers, fresh]
        elif typed.get("remove_line", "").isdecimal():
            numbers = [number for number in numbers if number != int(typed["remove_line"])]
        elif "add_line" not in typed:
            return None
        initial = {name: typed[name] for name in typed if name not in ("line", "add_line", "remove_line")}
        return cls(words=words, fresh=fresh, initial=initial | {"line": numbers or [1]})

    def rows(self) -> list[tuple[int, list[BoundField]]]:
        """Each line's number with its fields."""
        return [(number, [self[f"{part}_{number}"] for part in PARTS]) for number in self.numbers]

    def detail(self) -> list[BoundField]:
        """The fields of the detail line."""
        return [self[name] for name in DETAIL]

    def identities(self) -> list[BoundField]:
        """The fields of the identities line."""
        return [self[name] for name in ("driver", "contact")]

    def used_lines(self) -> list[int]:
        """The numbers of the lines in which something was typed."""
        return [number for number in self.numbers if self._is_used(number)]

    def lines(self) -> tuple[LineStatement, ...]:
        """The lines that were typed, as the desk takes them."""
        typed = self.cleaned_data
        parts = ("quantity", "unit", "commodity", "cargo")
        return tuple(LineStatement(*(typed[f"{part}_{number}"] for part in parts)) for number in self.used_lines())

    def clean(self) -> dict[str, Any]:
        """A line says what, how much and in which unit."""
        typed = super().clean() or self.cleaned_data
        for number in self.used_lines():
            self._check_line(number)
        return typed

    def _is_used(self, number: int) -> bool:
        parts = [self.data.get(f"{part}_{number}", "").strip() for part in ("commodity", "cargo", "quantity")]
        return any(parts)

    def _check_line(self, number: int) -> None:
        names = {part: f"{part}_{number}" for part in PARTS}
        found = {part: self.cleaned_data.get(name) for part, name in names.items()}
        if not (found["commodity"] or found["cargo"]) and not self.errors.keys() & {names["commodity"], names["cargo"]}:
            self.add_error(names["commodity"], _("Say what it is: choose a commodity, or write the cargo in words."))
        if found["quantity"] is None and names["quantity"] not in self.errors:
            self.add_error(names["quantity"], _("Say how much: found nothing, expected a number."))
        if not found["unit"] and names["unit"] not in self.errors:
            self.add_error(names["unit"], _("A figure without a unit says nothing: choose the unit."))

    def _add_line(self, number: int, words: Words) -> None:
        goods = grouped_choices(words.commodities, words.class_of, words.classes, "—")
        self.fields[f"commodity_{number}"] = forms.ChoiceField(label=_("Commodity"), required=False, choices=goods)
        self.fields[f"cargo_{number}"] = forms.CharField(
            label=_("or the cargo in words"), required=False, max_length=500
        )
        self.fields[f"quantity_{number}"] = forms.DecimalField(
            label=_("Quantity"), required=False, min_value=Decimal(0), max_digits=18, decimal_places=6
        )
        self.fields[f"unit_{number}"] = forms.ChoiceField(
            label=_("Unit"), required=False, choices=choices(words.units, "—")
        )


class RegisterForm(StatedForm):
    """A consignment as it is registered."""

    reference = forms.CharField(
        label=_("Reference"), max_length=300,
        help_text=_("What this room calls the consignment. It stands in the headline, so write no name and no plate."),
    )  # fmt: skip
    consignor_class = forms.ChoiceField(label=_("Consignor class"), required=False)
    crossing_code = forms.ChoiceField(label=_("Crossing"), required=False)
    trucks = forms.CharField(
        label=_("Trucks"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_("The code on each, as it is scanned; one a line."),
    )  # fmt: skip
    pallets = forms.CharField(
        label=_("Pallets"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_("The code on each, as it is scanned; one a line."),
    )  # fmt: skip

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        self.fields["consignor_class"].choices = choices(words.consignors, "—")
        self.fields["crossing_code"].choices = choices(words.crossings, "—")

    def headline(self) -> list[BoundField]:
        """The fields of the headline."""
        return [self[name] for name in ("reference", "consignor_class", "crossing_code")]

    def units(self) -> list[BoundField]:
        """The fields of trucks and pallets."""
        return [self[name] for name in UNITS]

    def clean(self) -> dict[str, Any]:
        """There is a line at least, and a code stands once."""
        typed = super().clean()
        if not self.used_lines():
            self.add_error(
                f"quantity_{self.numbers[0]}",
                _("A consignment needs at least one line: what, how much, in which unit."),
            )
        self._check_units()
        return typed

    def statement(self) -> ConsignmentStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return ConsignmentStatement(
            reference=typed["reference"], lines=self.lines(), consignor_class=typed["consignor_class"],
            crossing_code=typed["crossing_code"],
            units=tuple((code, kind) for name, kind in UNITS.items() for code in codes_in(typed[name])),
            detail={name: typed[name] for name in DETAIL if typed[name]}, driver=typed["driver"],
            contact=typed["contact"],
        )  # fmt: skip

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the act beside the field it speaks of."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        if refused.code in ("unit_taken", "unit_twice"):
            found = refused.params["found"]
            field = next((name for name in UNITS if found in codes_in(self.cleaned_data[name])), None)
        self.add_error(field, str(refused))

    def _check_units(self) -> None:
        seen: set[str] = set()
        for name in UNITS:
            codes = list(codes_in(self.cleaned_data.get(name, "")))
            twice = next((code for at, code in enumerate(codes) if code in seen or code in codes[:at]), None)
            long = next((code for code in codes if len(code) > 120), None)
            seen |= set(codes)
            if twice:
                self.add_error(name, _("The code “%(found)s” stands here twice.") % {"found": twice})
            if long:
                self.add_error(name, _("A code has at most 120 characters: found “%(found)s…”.") % {"found": long[:40]})
            if len(codes) > MOST_UNITS:
                self.add_error(
                    name,
                    _("Found %(found)s codes, expected at most %(expected)s.")
                    % {"found": len(codes), "expected": MOST_UNITS},
                )


class AmendForm(StatedForm):
    """What is said of a consignment from now on, why, and further lines."""

    first_lines = 1
    reason = forms.CharField(
        label=_("Why it is amended"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Read by whoever reads the line that changes."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    cargo = forms.CharField(label=_("Cargo"), required=False, max_length=2000)

    def detail(self) -> list[BoundField]:
        """The fields of the detail line."""
        return [self[name] for name in AMENDED]

    def amendment(self) -> Amendment:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return Amendment(
            reason=typed["reason"], detail={name: typed[name] for name in AMENDED}, driver=typed["driver"],
            contact=typed["contact"], lines=self.lines(), seen=typed["seen"],
        )  # fmt: skip

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the act beside the field it speaks of."""
        self.add_error("reason" if refused.code == "amendment_reason_missing" else None, str(refused))


def said_before(detail: ConsignmentDetail | None, persons: ConsignmentIdentities | None) -> dict[str, Any]:
    """What a consignment says now, as the form shows it, so that only what changes need be typed."""
    shown: dict[str, Any] = {name: getattr(detail, name) for name in AMENDED} if detail else {}
    shown |= {name: getattr(persons, name) for name in ("driver", "contact")} if persons else {}
    return shown | {"seen": times_stated(detail, persons)}


def numbers_in(typed: Any) -> list[int]:
    """The numbers of the lines that the form has, in their order."""
    said = typed.getlist("line") if hasattr(typed, "getlist") else typed.get("line", [])
    found = [int(text) for text in said if str(text).isdecimal() and len(str(text)) < 5]
    return list(dict.fromkeys(found))[:MOST_LINES]


def codes_in(text: str) -> Iterator[str]:
    """The codes of a list, one a line; empty lines are nothing."""
    return (line.strip() for line in text.splitlines() if line.strip())
