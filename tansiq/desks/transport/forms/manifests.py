"""What may be typed of a manifest: which to list, which consignments to load, the truck with its lines, the steps."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import DayField, FilterForm, choices, said
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import Words, named
from tansiq.desks.transport.models import NUMBER_LENGTH, ManifestState
from tansiq.desks.transport.queries.cargo import Loadable
from tansiq.desks.transport.queries.lists import LIVE, Wanted
from tansiq.desks.transport.queries.settings import Settings
from tansiq.desks.transport.rules import LINES_AT_MOST, LineAsked, ManifestStatement

PARTS = ("of", "code", "kind", "quantity")
HEAD = ("number", "day", "crossing_code", "consignor_class")
TRUCK = ("vehicle", "waybill", "capacity", "origin", "destination", "route", "remark")
PERSONS = ("driver", "phone")
FIELD_OF_REFUSAL = {
    "manifest_number_missing": "number", "manifest_number_odd": "number", "manifest_number_too_long": "number",
    "manifest_number_taken": "number", "manifest_vehicle_missing": "vehicle", "manifest_capacity": "capacity",
    "manifest_crossing_unknown": "crossing_code", "manifest_class_unknown": "consignor_class",
    "manifest_reason_missing": "reason",
}  # fmt: skip
PART_OF_REFUSAL = {
    "manifest_unit_kind": "kind", "manifest_unit_code_missing": "code", "manifest_unit_code_too_long": "code",
    "manifest_unit_elsewhere": "code", "manifest_unit_of_other": "code", "manifest_quantity": "quantity",
    "manifest_more_than_asked": "quantity", "manifest_no_such_line": "of", "manifest_other_unit": "of",
}  # fmt: skip


class ManifestFilterForm(FilterForm):
    """Which manifests to list; anything that is not a choice is passed over."""

    q = forms.CharField(label=_("Number"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False)
    crossing = forms.ChoiceField(label=_("Crossing"), required=False)
    consignment = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("all")), (LIVE, _("on their way or before it")), *ManifestState.choices]
        self.fields["crossing"].choices = choices(words.crossings, _("all"))

    def wanted(self) -> Wanted:
        """The valid choices, as the query takes them."""
        asked = said(self)
        return Wanted(asked.get("q", ""), asked.get("state", ""), asked.get("crossing", ""), asked.get("consignment"))


class StepForm(forms.Form):
    """A step of a manifest, with a reason where one is asked for."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason == "none":
            del self.fields["reason"]
        else:
            self.fields["reason"].required = reason == "needed"

    def refuse(self, refused: Refused) -> None:
        """Show the sentence above all fields."""
        self.add_error(None, str(refused))

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the manifest."""
        return dict(self.cleaned_data)


class ManifestForm(forms.Form):
    """A truck with as many lines as there are; each line is named by its number in the form."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    number = forms.CharField(
        label=_("Number"), max_length=NUMBER_LENGTH,
        help_text=_("It stands in the headline and in every code: no plate and no name."),
    )  # fmt: skip
    day = DayField(label=_("Day of departure"))
    crossing_code = forms.ChoiceField(label=_("Crossing"), required=False)
    consignor_class = forms.ChoiceField(label=_("Consignor class"), required=False)
    vehicle = forms.CharField(
        label=_("Vehicle"), max_length=120, help_text=_("The plate, or what the truck is called.")
    )
    waybill = forms.CharField(label=_("Waybill"), required=False, max_length=120)
    capacity = forms.DecimalField(required=False, min_value=Decimal(1), max_digits=18, decimal_places=6)
    origin = forms.CharField(label=_("Origin"), required=False, max_length=300)
    destination = forms.CharField(label=_("Destination"), required=False, max_length=300)
    route = forms.CharField(label=_("Route"), required=False, max_length=300)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    driver = forms.CharField(label=_("Driver"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone of the driver"), required=False, max_length=60)
    reason = forms.CharField(label=_("Why it is changed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, *args: Any, words: Words, usual: Settings, lines: Iterable[Loadable], is_new: bool = True,
        needs_reason: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.words, self.usual, self.loadable = words, usual, {_key(one): one for one in lines}
        self.fields["crossing_code"].choices = choices(words.crossings, "—")
        self.fields["consignor_class"].choices = choices(words.consignors, "—")
        unit = local_name(named(words.units, usual.capacity_unit))
        self.fields["capacity"].label = _("Capacity (%(unit)s)") % {"unit": unit}
        self.fields["capacity"].widget.attrs["placeholder"] = f"{usual.capacity.normalize():f}"
        self.fields["number"].disabled = not is_new
        if not needs_reason:
            del self.fields["reason"]
        self.numbers = numbers_in(self.data) or self.initial.get("line") or [1]
        for number in self.numbers:
            self._add_line(number)

    @classmethod
    def rearranged(cls, typed: QueryDict, **options: Any) -> "ManifestForm | None":
        """The same form with a line more or a line less; None when neither was asked for."""
        numbers = numbers_in(typed)
        if "add_line" in typed and len(numbers) < LINES_AT_MOST:
            numbers = [*numbers, max(numbers, default=0) + 1]
        elif typed.get("remove_line", "").isdecimal():
            numbers = [number for number in numbers if number != int(typed["remove_line"])]
        elif "add_line" not in typed:
            return None
        kept = {name: typed[name] for name in typed if name not in ("line", "add_line", "remove_line")}
        before = options.pop("initial", {})
        return cls(initial={**before, **kept, "line": numbers or [1]}, **options)

    def rows(self) -> list[tuple[int, list[BoundField]]]:
        """Each line's number with its fields."""
        return [(number, [self[f"{part}_{number}"] for part in PARTS]) for number in self.numbers]

    def head(self) -> list[BoundField]:
        """The fields of the headline."""
        return [self[name] for name in HEAD]

    def truck(self) -> list[BoundField]:
        """The fields of the detail line."""
        return [self[name] for name in TRUCK]

    def persons(self) -> list[BoundField]:
        """The fields of the identities line."""
        return [self[name] for name in PERSONS]

    def clean(self) -> dict[str, Any]:
        """A line says of what, on which unit, how much."""
        typed = super().clean() or self.cleaned_data
        used = self.used_lines()
        for number in used:
            if not typed.get(f"of_{number}") and f"of_{number}" not in self.errors:
                self.add_error(f"of_{number}", _("Choose the line of the consignment."))
            if not typed.get(f"code_{number}") and f"code_{number}" not in self.errors:
                self.add_error(f"code_{number}", _("Say on which unit: the code written on it."))
            if typed.get(f"quantity_{number}") is None and f"quantity_{number}" not in self.errors:
                self.add_error(f"quantity_{number}", _("Say how much: found nothing, expected a number."))
        if not used:
            self.add_error(
                f"of_{self.numbers[0]}", _("A manifest needs at least one line: what, how much, on which unit.")
            )
        return typed

    def used_lines(self) -> list[int]:
        """The numbers of the lines in which something was typed."""
        return [
            number for number in self.numbers
            if any(self.data.get(f"{part}_{number}", "").strip() for part in ("of", "code", "quantity"))
        ]  # fmt: skip

    def statement(self) -> ManifestStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        plain = {name: typed[name] for name in (*HEAD, *TRUCK, *PERSONS)}
        return ManifestStatement(**plain, lines=tuple(self._line(number) for number in self.used_lines()))

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the act beside the field it speaks of."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        if refused.code in PART_OF_REFUSAL:
            number = self.used_lines()[refused.params["line"] - 1]
            field = f"{PART_OF_REFUSAL[refused.code]}_{number}"
        self.add_error(field if field in self.fields else None, str(refused))

    def _line(self, number: int) -> LineAsked:
        typed = self.cleaned_data
        consignment, line = typed[f"of_{number}"].split(":")
        return LineAsked(
            UUID(consignment), int(line), typed[f"code_{number}"], typed[f"quantity_{number}"],
            typed[f"kind_{number}"] or self.usual.unit_kinds[0],
        )  # fmt: skip

    def _add_line(self, number: int) -> None:
        offered = [(key, self._said(one)) for key, one in self.loadable.items()]
        kinds = {code: named(self.words.units, code) for code in self.usual.unit_kinds}
        self.fields[f"of_{number}"] = forms.ChoiceField(
            label=_("Line of a consignment"), required=False, choices=[("", _("Choose")), *offered]
        )
        self.fields[f"code_{number}"] = forms.CharField(
            label=_("Code on the unit"), required=False, max_length=120,
            widget=forms.TextInput(attrs={"list": "units", "dir": "ltr"}),
        )  # fmt: skip
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label=_("Kind of unit"), required=False,
            choices=[(code, local_name(names) or code) for code, names in kinds.items()],
        )  # fmt: skip
        self.fields[f"quantity_{number}"] = forms.DecimalField(
            label=_("Quantity"), required=False, min_value=Decimal(0), max_digits=18, decimal_places=6
        )

    def _said(self, one: Loadable) -> str:
        goods = local_name(named(self.words.commodities, one.line.commodity)) or one.line.cargo
        unit = local_name(named(self.words.units, one.line.unit))
        facts = {"reference": one.consignment.reference, "number": one.line.number, "goods": goods, "unit": unit,
                 "left": f"{one.left.normalize():f}", "asked": f"{one.line.quantity.normalize():f}"}  # fmt: skip
        return str(_("%(reference)s, line %(number)s: %(goods)s, %(left)s of %(asked)s %(unit)s left") % facts)


def initial_of(said_now: ManifestStatement, seen: int) -> dict[str, Any]:
    """What a manifest says now, as the fields hold it."""
    found: dict[str, Any] = {name: getattr(said_now, name) for name in (*HEAD, *TRUCK, *PERSONS)}
    found |= {"seen": seen, "line": list(range(1, len(said_now.lines) + 1))}
    if said_now.capacity is not None:
        found["capacity"] = f"{said_now.capacity.normalize():f}"
    for number, line in enumerate(said_now.lines, 1):
        found |= {
            f"of_{number}": f"{line.consignment}:{line.consignment_line}", f"code_{number}": line.unit_code,
            f"kind_{number}": line.unit_kind, f"quantity_{number}": f"{line.quantity.normalize():f}",
        }  # fmt: skip
    return found


def numbers_in(typed: QueryDict | dict[str, Any]) -> list[int]:
    """The numbers of the lines that were sent, each once."""
    sent = typed.getlist("line") if isinstance(typed, QueryDict) else []
    return list(dict.fromkeys(_numbers(sent)))[:LINES_AT_MOST]


def _numbers(sent: Iterable[str]) -> Iterator[int]:
    return (int(one) for one in sent if one.isdecimal() and len(one) < 6)


def _key(one: Loadable) -> str:
    return f"{one.consignment.pk}:{one.line.number}"
