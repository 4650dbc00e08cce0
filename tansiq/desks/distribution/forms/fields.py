"""What the forms of this desk share: refusals beside their field, lines of goods, choices of lots."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import DayField, choices
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution.queries.settings import Words
from tansiq.desks.distribution.queries.stock import StockLine
from tansiq.desks.distribution.rules import Goods, Lot

LINES = 8
LONG: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": 3}), "max_length": 4000}
PARTS = ("commodity", "quantity", "unit", "expiry")


class DeskForm(forms.Form):
    """A form that is sent once, and that puts a refusal of the act beside the field it speaks of."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    field_of_refusal: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def refuse(self, refused: Refused) -> None:
        """Show the sentence beside its field; above all of them where it speaks of none."""
        field = self.field_of_refusal.get(refused.code)
        self.add_error(field if field in self.fields else None, str(refused))


def quantity_field(label: Any, **options: Any) -> forms.DecimalField:
    """A quantity of goods."""
    return forms.DecimalField(label=label, min_value=Decimal(0), max_digits=18, decimal_places=6, **options)


class GoodsLines(DeskForm):
    """Lines of goods: what, how much, in which unit, until when; lines without anything typed are passed over."""

    with_expiry: ClassVar[bool] = True

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        goods, units = choices(words.aid.commodities, "—"), choices(words.aid.units, "—")
        for number in range(1, LINES + 1):
            self.fields[f"commodity_{number}"] = forms.ChoiceField(label=_("Commodity"), required=False, choices=goods)
            self.fields[f"quantity_{number}"] = quantity_field(_("Quantity"), required=False)
            self.fields[f"unit_{number}"] = forms.ChoiceField(label=_("Unit"), required=False, choices=units)
            if self.with_expiry:
                self.fields[f"expiry_{number}"] = DayField(label=_("Expires on"), required=False)

    def lines(self) -> list[list[forms.BoundField]]:
        """The fields, line by line."""
        return [[self[name] for part in PARTS if (name := f"{part}_{number}") in self.fields]
                for number in range(1, LINES + 1)]  # fmt: skip

    def others(self) -> list[forms.BoundField]:
        """The fields that stand in no line."""
        inside = {field.name for line in self.lines() for field in line}
        return [field for field in self.visible_fields() if field.name not in inside]

    def clean(self) -> dict[str, Any]:
        """A line says what, how much and in which unit; there is one at least."""
        typed = super().clean() or self.cleaned_data
        used = [number for number in range(1, LINES + 1) if self._is_used(number)]
        for number in used:
            for part, sentence in (
                ("commodity", _("Say what it is: choose a commodity.")),
                ("quantity", _("Say how much: found nothing, expected a number.")),
                ("unit", _("A figure without a unit says nothing: choose the unit.")),
            ):
                name = f"{part}_{number}"
                if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, sentence)
        if not used:
            self.add_error("commodity_1", _("State at least one line: what, how much, in which unit."))
        return typed

    def goods(self) -> tuple[Goods, ...]:
        """The lines, as the desk takes them."""
        typed = self.cleaned_data
        return tuple(
            Goods(typed[f"commodity_{n}"], typed[f"unit_{n}"], typed[f"quantity_{n}"], typed.get(f"expiry_{n}"))
            for n in range(1, LINES + 1)
            if self._is_used(n)
        )

    def _is_used(self, number: int) -> bool:
        return any(self.data.get(f"{part}_{number}", "").strip() for part in PARTS)


class LotField(forms.ChoiceField):
    """One of the lots that lie in a warehouse."""

    def offer(self, lines: list[StockLine], name: Any) -> None:
        """Give the lots to choose from; ``name`` says one in words."""
        self.lots = {line.lot.key: line.lot for line in lines}
        self.choices = [("", _("Choose")), *((line.lot.key, name(line)) for line in lines)]

    def lot(self, key: str) -> Lot:
        """The chosen one."""
        return self.lots[key]
