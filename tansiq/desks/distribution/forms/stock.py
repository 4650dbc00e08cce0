"""What may be typed about warehouses and their stock."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import FilterForm, MomentField, choices
from tansiq.building.rooms.queries import local_name
from tansiq.desks.distribution.forms.fields import LONG, DeskForm, GoodsLines, LotField, quantity_field
from tansiq.desks.distribution.models import MovementKind
from tansiq.desks.distribution.queries.stock import StockLine
from tansiq.desks.distribution.rules import (
    MOVED_BY_HAND,
    Lot,
    MovementStatement,
    ReceiptStatement,
    WarehouseStatement,
)


class AsOfForm(FilterForm):
    """The moment as of which a warehouse is shown."""

    as_of = MomentField(label=_("As of"), required=False)


class WarehouseForm(DeskForm):
    """A warehouse: where, and how much it holds."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("No name of a person."))
    place = forms.ChoiceField(label=_("Place"), help_text=_("A site or an area of the operation."))
    pallets = forms.IntegerField(label=_("Places for pallets"), required=False, min_value=1, max_value=1_000_000)
    floor_m2 = forms.DecimalField(
        label=_("Floor, in square metres"), required=False, min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "warehouse_name_missing": "name", "warehouse_name_taken": "name", "warehouse_place_unknown": "place",
        "warehouse_not_empty": "is_open",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = choices(self.words.aid.areas, _("Choose"))

    def statement(self) -> WarehouseStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return WarehouseStatement(
            typed["name"], typed["place"], typed["floor_m2"], typed["pallets"], not typed.get("is_closed", False)
        )


class WarehouseAmendForm(WarehouseForm):
    """The same, and whether it is closed."""

    is_closed = forms.BooleanField(label=_("Closed: no goods come in any more"), required=False)


class ReceiptForm(GoodsLines):
    """Goods that came in."""

    consignment = forms.ChoiceField(label=_("Consignment"), required=False)
    occurred_at = MomentField(label=_("When"), initial=timezone.now)
    explanation = forms.CharField(
        label=_("Where they come from, if from no consignment"), required=False, **LONG
    )  # fmt: skip
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "explanation_missing": "explanation", "not_yet": "occurred_at", "not_yet_happened": "occurred_at",
        "consignment_not_read": "consignment",
    }  # fmt: skip
    field_order = ("key", "consignment", "occurred_at", "explanation")

    def __init__(self, *args: Any, consignments: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(str(pk), reference) for pk, reference in consignments.items()]
        self.fields["consignment"].choices = [("", _("none: from elsewhere")), *listed]

    def statement(self, event_id: UUID | None) -> ReceiptStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return ReceiptStatement(
            self.goods(), typed["occurred_at"], UUID(typed["consignment"]) if typed["consignment"] else None, event_id,
            typed["explanation"],
        )  # fmt: skip


class MovementForm(DeskForm):
    """What happened to goods of one lot."""

    lot = LotField(label=_("Goods"))
    kind = forms.ChoiceField(label=_("What happened"))
    quantity = quantity_field(_("Quantity"))
    reason = forms.ChoiceField(label=_("Reason"), required=False, help_text=_("Of goods that were damaged or lost."))
    occurred_at = MomentField(label=_("When"), initial=timezone.now)
    explanation = forms.CharField(label=_("In your own words"), required=False, **LONG)
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "stock_short": "quantity", "stock_reserved": "quantity", "goods_nothing": "quantity", "not_yet": "occurred_at",
        "movement_reason_unknown": "reason", "explanation_missing": "explanation", "quantity_too_fine": "quantity",
    }  # fmt: skip

    def __init__(self, *args: Any, lines: list[StockLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].offer(lines, lot_in_words)
        kinds = [(kind.value, kind.label) for kind in MOVED_BY_HAND]
        self.fields["kind"].choices = [("", _("Choose")), *kinds]
        reasons = {**self.words.reasons_of("damage"), **self.words.reasons_of("loss")}
        self.fields["reason"].choices = choices(reasons, "—")

    def statement(self) -> MovementStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return MovementStatement(
            MovementKind(typed["kind"]), self.fields["lot"].lot(typed["lot"]), typed["quantity"],
            typed["occurred_at"], typed["reason"], typed["explanation"],
        )  # fmt: skip


class CountForm(DeskForm):
    """What a stock-taking found, lot by lot; a lot without a figure was not counted."""

    occurred_at = MomentField(label=_("When"), initial=timezone.now)
    explanation = forms.CharField(label=_("Explanation of any difference"), required=False, **LONG)
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "difference_unexplained": "explanation", "not_yet": "occurred_at", "goods_missing": "occurred_at",
    }  # fmt: skip

    def __init__(self, *args: Any, lines: list[StockLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lots = {f"counted_{n}": line.lot for n, line in enumerate(lines, start=1)}
        for name, line in zip(self.lots, lines, strict=True):
            self.fields[name] = quantity_field(lot_in_words(line), required=False)

    def counted(self) -> dict[Lot, Decimal]:
        """Lot → what was counted."""
        found = {lot: self.cleaned_data.get(name) for name, lot in self.lots.items()}
        return {lot: amount for lot, amount in found.items() if amount is not None}


def lot_in_words(line: StockLine) -> str:
    """A lot as a list of choices names it: what, until when, of which consignment, how much lies there."""
    expires = _("expires %(day)s") % {"day": line.lot.expiry_date} if line.lot.expiry_date else ""
    parts = [local_name(line.commodity), str(expires), line.lot.consignment_reference,
             f"{line.quantity.normalize():f} {local_name(line.unit)}"]  # fmt: skip
    return " · ".join(part for part in parts if part)
