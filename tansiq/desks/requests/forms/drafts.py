"""What may be typed of a request: its headline, lines, detail and persons; and how a draft is sent or taken back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import DayField, choices
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.models import Request, RequestDetail, RequestIdentities, RequestLine
from tansiq.desks.requests.queries.operation import Names, Words
from tansiq.desks.requests.rules import LINES_AT_MOST, PEOPLE_AT_MOST, LineAsked, RequestStatement, plain

PARTS = ("commodity", "description", "quantity", "unit", "mass_kg")
HEADLINE = ("title", "places", "ready_date", "consignor_class", "crossing_code")
DETAIL = ("origin", "organisations", "group", "households", "individuals", "needs", "remark")
IDENTITIES = ("person", "contact")
FIELD_OF_REFUSAL = {
    "request_title_missing": "title", "request_title_too_long": "title", "request_title_unseen": "title",
    "request_place_unknown": "places", "request_too_many_places": "places", "request_crossing_unknown": "crossing_code",
    "request_class_unknown": "consignor_class", "request_reason_missing": "reason", "request_resembles": "in_spite",
}  # fmt: skip


class Written(forms.CharField):
    """Words that no browser cuts off while they are typed or pasted; what is too long is refused, and stays."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the widget says in the page: no greatest length."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def long_text(**options: Any) -> Written:
    """A field for several lines of words."""
    return Written(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class DraftForm(forms.Form):
    """A request with as many lines as there are; each line is named by its number in the form."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = Written(
        label=_("Title"), max_length=200, help_text=_("What for whom, in a few words; no names of persons.")
    )
    places = forms.MultipleChoiceField(
        label=_("For which places"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed before it is sent."),
    )  # fmt: skip
    ready_date = DayField(label=_("Ready from"), required=False, help_text=_("The day from which the goods can leave."))
    consignor_class = forms.ChoiceField(label=_("Consignor class"), required=False)
    crossing_code = forms.ChoiceField(label=_("Crossing that is wished for"), required=False)
    origin = Written(label=_("From where: hub or place"), required=False, max_length=500)
    organisations = Written(label=_("To which organisations"), required=False, max_length=500)
    group = Written(label=_("For whom, in words"), required=False, max_length=300)
    households = forms.IntegerField(label=_("Households"), required=False, min_value=0, max_value=PEOPLE_AT_MOST)
    individuals = forms.IntegerField(label=_("Individuals"), required=False, min_value=0, max_value=PEOPLE_AT_MOST)
    needs = Written(
        label=_("Needs that it answers"), required=False, max_length=500,
        help_text=_("References of assessments or needs."),
    )  # fmt: skip
    remark = long_text(label=_("Remark"), required=False)
    person = Written(
        label=_("Who follows it, by name"), required=False, max_length=200,
        help_text=_("Stands on the identities line: your own room alone reads it until it is released."),
    )  # fmt: skip
    contact = Written(label=_("How to reach them"), required=False, max_length=300)

    def __init__(self, *args: Any, words: Words, fresh: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = choices(words.areas)
        self.fields["consignor_class"].choices = choices(words.consignors, "—")
        self.fields["crossing_code"].choices = choices(words.crossings, "—")
        goods, units = goods_by_class(words), choices(words.units, "—")
        self.numbers = numbers_in(self.data) or self.initial.get("line") or [1, 2, 3]
        for number in self.numbers:
            self._add_line(number, goods, units)
        if fresh:
            self.fields[f"commodity_{fresh}"].widget.attrs["autofocus"] = True

    @classmethod
    def rearranged(cls, typed: QueryDict, words: Words) -> "DraftForm | None":
        """The same form with a line more or a line less; None when neither was asked for."""
        numbers, fresh = numbers_in(typed), 0
        if "add_line" in typed and len(numbers) < LINES_AT_MOST:
            fresh = max(numbers, default=0) + 1
            numbers = [*numbers, fresh]
        elif typed.get("remove_line", "").isdecimal():
            numbers = [number for number in numbers if number != int(typed["remove_line"])]
        elif "add_line" not in typed:
            return None
        initial = {name: typed[name] for name in typed if name not in ("line", "add_line", "remove_line")}
        return cls(words=words, fresh=fresh, initial=initial | {
            "line": numbers or [1], "places": typed.getlist("places"),
        })  # fmt: skip

    def headline(self) -> list[BoundField]:
        """The fields of the headline."""
        return [self[name] for name in HEADLINE]

    def detail(self) -> list[BoundField]:
        """The fields of the detail line."""
        return [self[name] for name in DETAIL]

    def identities(self) -> list[BoundField]:
        """The fields of the identities line."""
        return [self[name] for name in IDENTITIES]

    def rows(self) -> list[tuple[int, list[BoundField]]]:
        """Each line's number with its fields."""
        return [(number, [self[f"{part}_{number}"] for part in PARTS]) for number in self.numbers]

    def clean(self) -> dict[str, Any]:
        """A line says what, how much and in which unit; there is one at least."""
        typed = super().clean() or self.cleaned_data
        for number in self._used():
            self._check_line(number)
        if not self._used():
            sentence = _("A request needs at least one line: what, how much, in which unit.")
            self.add_error(f"commodity_{self.numbers[0]}", sentence)
        return typed

    def statement(self) -> RequestStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        plain_fields = {name: typed[name] for name in (*HEADLINE, *DETAIL, *IDENTITIES) if name != "places"}
        parts = ("commodity", "quantity", "unit", "description", "mass_kg")
        lines = tuple(LineAsked(*(typed[f"{part}_{number}"] for part in parts)) for number in self._used())
        return RequestStatement(places=tuple(typed["places"]), lines=lines, **plain_fields)

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the act beside the field it speaks of."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        if refused.code.startswith("request_line_"):
            used, row = self._used(), refused.params["row"]
            part = {"mass": "mass_kg"}.get(refused.code.removeprefix("request_line_"), refused.code.rsplit("_", 1)[-1])
            field = f"{part}_{used[row - 1]}" if 0 < row <= len(used) else None
        if refused.code == "request_people":
            field = refused.params["field"]
        self.add_error(field if field in self.fields else None, str(refused))

    def _used(self) -> list[int]:
        return [
            number for number in self.numbers
            if any(self.data.get(f"{part}_{number}", "").strip() for part in PARTS if part != "unit")
        ]  # fmt: skip

    def _check_line(self, number: int) -> None:
        asked = {
            "commodity": _("Choose what it is: found nothing, expected a commodity of the catalogue."),
            "quantity": _("Say how much: found nothing, expected a number."),
            "unit": _("A figure without a unit says nothing: choose the unit."),
        }
        for part, sentence in asked.items():
            name = f"{part}_{number}"
            if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, sentence)

    def _add_line(self, number: int, goods: list[Any], units: list[Any]) -> None:
        amount = {"required": False, "min_value": Decimal(0), "max_digits": 18, "decimal_places": 6}
        self.fields[f"commodity_{number}"] = forms.ChoiceField(label=_("Commodity"), required=False, choices=goods)
        self.fields[f"description_{number}"] = Written(label=_("What exactly"), required=False, max_length=500)
        self.fields[f"quantity_{number}"] = forms.DecimalField(label=_("Quantity"), **amount)
        self.fields[f"unit_{number}"] = forms.ChoiceField(label=_("Unit"), required=False, choices=units)
        self.fields[f"mass_kg_{number}"] = forms.DecimalField(label=_("Weight (kg)"), **amount)


class SendForm(forms.Form):
    """That a draft is sent; where it resembles a live request, why it is sent all the same."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    in_spite = long_text(
        label=_("Why it is sent all the same"), required=False,
        help_text=_("Read by whoever reads the detail of the request."),
    )  # fmt: skip

    def __init__(self, *args: Any, alike: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not alike:
            self.fields["in_spite"].widget = forms.HiddenInput()

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the act beside the field it speaks of."""
        self.add_error("in_spite" if refused.code == "request_resembles" else None, str(refused))


class WordsForm(forms.Form):
    """A step with its words."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    words = long_text(label=_("Why"))

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label

    def refuse(self, refused: Refused) -> None:
        """Show the sentence; beside the field where it speaks of it."""
        self.add_error("words" if refused.code == "request_reason_missing" else None, str(refused))


def said_before(
    request: Request, detail: RequestDetail | None, persons: RequestIdentities | None, lines: list[RequestLine]
) -> dict[str, Any]:
    """What a draft says now, as the form shows it."""
    shown: dict[str, Any] = {name: getattr(request, name) for name in HEADLINE}
    shown |= {name: getattr(detail, name) for name in DETAIL} if detail else {}
    shown |= {name: getattr(persons, name) for name in IDENTITIES} if persons else {}
    for line in lines:
        for part in PARTS:
            value = getattr(line, part)
            shown[f"{part}_{line.number}"] = plain(value) if isinstance(value, Decimal) else value
    return shown | {"line": [line.number for line in lines] or [1]}


def goods_by_class(words: Words) -> list[tuple[str, Any]]:
    """The commodities that may be asked for, under the names of their classes."""
    by_class: dict[str, list[tuple[str, Any]]] = {code: [] for code in words.classes}
    for code, entry in words.catalogue.items():
        by_class.setdefault(entry.get("class", ""), []).append((code, local_name(words.commodities[code]) or code))
    names: Mapping[str, Names] = words.classes
    groups = [(local_name(names.get(code, {})) or code, listed) for code, listed in by_class.items() if listed]
    return [("", "—"), *groups]


def numbers_in(typed: Any) -> list[int]:
    """The numbers of the lines that the form has, in their order."""
    said = typed.getlist("line") if hasattr(typed, "getlist") else typed.get("line", [])
    found = [int(text) for text in said if str(text).isdecimal() and len(str(text)) < 5]
    return list(dict.fromkeys(found))[:LINES_AT_MOST]
