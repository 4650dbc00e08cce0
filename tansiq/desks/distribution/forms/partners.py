"""What may be typed about releases to partners: goods given, what came, why one is withdrawn."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import FilterForm, MomentField, choices, said
from tansiq.building.rooms.queries import local_name
from tansiq.desks.distribution.forms.fields import LONG, DeskForm, GoodsLines, quantity_field
from tansiq.desks.distribution.models import Warehouse
from tansiq.desks.distribution.queries.partners import ReleaseRow
from tansiq.desks.distribution.queries.settings import Names
from tansiq.desks.distribution.rules import (
    ACCEPTED,
    SHORT,
    WAITING,
    WITHDRAWN,
    AcceptanceStatement,
    Received,
    ReleaseStatement,
)

STANDINGS = {
    WAITING: _("waits for the partner"), ACCEPTED: _("accepted as sent"), SHORT: _("accepted, less came whole"),
    WITHDRAWN: _("taken back"),
}  # fmt: skip


class ReleaseFilterForm(FilterForm):
    """Which releases to list."""

    standing = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *STANDINGS.items()])

    def standing_wanted(self) -> str:
        """The chosen state; "" for all."""
        return str(said(self).get("standing", ""))


class ReleaseForm(GoodsLines):
    """Goods that are given to a partner."""

    partner = forms.ChoiceField(label=_("To which partner"))
    released_at = MomentField(label=_("Given out at"), initial=timezone.now)
    expected_at = MomentField(label=_("Expected there at"), required=False)
    remark = forms.CharField(label=_("Remark for the partner"), required=False, **LONG)
    with_expiry: ClassVar[bool] = False
    field_order = ("key", "partner", "released_at", "expected_at", "remark")
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "partner_unknown": "partner", "above_ceiling": "partner", "not_yet": "released_at",
        "stock_reserved": "quantity_1", "stock_short": "quantity_1",
    }  # fmt: skip

    def __init__(self, *args: Any, partners: Mapping[UUID, Names], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = [("", _("Choose")), *((str(pk), local_name(n)) for pk, n in partners.items())]

    def statement(self) -> ReleaseStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return ReleaseStatement(
            UUID(typed["partner"]), self.goods(), typed["released_at"], typed["expected_at"], typed["remark"]
        )


class AcceptForm(DeskForm):
    """What came of a release, line by line; as much as was sent is offered."""

    received_at = MomentField(label=_("When it came"), initial=timezone.now)
    warehouse = forms.ChoiceField(label=_("Where it lies"), required=False)
    store_name = forms.CharField(label=_("A new store: its name"), required=False, max_length=120)
    store_place = forms.ChoiceField(label=_("and its place"), required=False)
    remark = forms.CharField(label=_("Remark; needed when something is missing"), required=False, **LONG)
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "short_unexplained": "remark", "not_yet": "received_at", "store_missing": "warehouse",
        "warehouse_name_taken": "store_name", "warehouse_name_missing": "store_name",
        "warehouse_place_unknown": "store_place",
    }  # fmt: skip

    def __init__(self, *args: Any, row: ReleaseRow, stores: list[Warehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [one.line.number for one in row.lines]
        for one in row.lines:
            words = f"{local_name(one.commodity)} ({local_name(one.unit)})"
            number, sent = one.line.number, f"{one.line.quantity.normalize():f}"
            self.fields[f"received_{number}"] = quantity_field(
                _("%(goods)s: came whole") % {"goods": words},
                initial=sent,
                help_text=_("sent: %(sent)s") % {"sent": sent},
            )
            self.fields[f"damaged_{number}"] = quantity_field(
                _("%(goods)s: came damaged") % {"goods": words}, required=False
            )
        self.fields["warehouse"].choices = [("", _("a new store")), *((str(one.pk), one.name) for one in stores)]
        self.fields["warehouse"].initial = str(stores[0].pk) if stores else ""
        self.fields["store_place"].choices = choices(self.words.aid.areas, "—")
        lines = [name for n in self.numbers for name in (f"received_{n}", f"damaged_{n}")]
        self.order_fields(["key", *lines, "received_at", "remark", "warehouse", "store_name", "store_place"])

    def statement(self) -> AcceptanceStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        lines = tuple(
            Received(n, typed[f"received_{n}"], typed[f"damaged_{n}"] or Decimal(0)) for n in self.numbers
        )  # fmt: skip
        return AcceptanceStatement(
            lines, typed["received_at"], UUID(typed["warehouse"]) if typed["warehouse"] else None,
            (typed["store_name"], typed["store_place"]), typed["remark"],
        )  # fmt: skip


class ReasonForm(DeskForm):
    """A step with its reason, in one's own words."""

    text = forms.CharField(label=_("In your own words"), **LONG)
    field_of_refusal: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("explanation_missing", "difference_needs_words", "answer_empty", "feed_back_empty"), "text"
    )
