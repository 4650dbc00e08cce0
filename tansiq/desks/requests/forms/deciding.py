"""What may be typed of a decision, of a consignment made of a request, of a list and of a token."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import FilterForm, MomentField, choices, said
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.forms.drafts import Written, goods_by_class, long_text
from tansiq.desks.requests.models import Clearance, Outcome, RequestState
from tansiq.desks.requests.queries.lists import MINE, Wanted
from tansiq.desks.requests.queries.movable import Movable
from tansiq.desks.requests.queries.operation import Words
from tansiq.desks.requests.rules import DecisionStatement, Part, plain
from tansiq.engine.tokens import MOST

FIELD_OF_REFUSAL = {
    "clearance_outcome": "outcome", "clearance_reason": "reason", "clearance_quantity": "quantity",
    "clearance_conditions": "conditions", "clearance_question": "words", "clearance_valid_until": "valid_until",
    "clearance_role": "decided_role",
}  # fmt: skip


class DecideForm(forms.Form):
    """What an authority decides of a line."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    outcome = forms.ChoiceField(label=_("Decision"), choices=[("", _("Choose")), *Outcome.choices])
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, help_text=_("Needed for a refusal and for an approval in part.")
    )
    quantity = forms.DecimalField(
        label=_("Approved quantity"), required=False, min_value=Decimal(0), max_digits=18, decimal_places=6,
        help_text=_("Only where less is approved than was asked for."),
    )  # fmt: skip
    conditions = long_text(label=_("Conditions"), required=False)
    words = long_text(label=_("Words to the asking room, or the information that is missing"), required=False)
    valid_until = MomentField(
        label=_("Valid until"), required=False, help_text=_("Empty: as long as the operation says.")
    )
    decided_role = forms.ChoiceField(label=_("Who decided"), required=False)

    def __init__(self, *args: Any, words: Words, asked: Clearance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices(words.item_reasons, "—")
        self.fields["decided_role"].choices = choices(words.roles, "—")
        self.fields["decided_role"].initial = asked.role

    def statement(self) -> DecisionStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return DecisionStatement(**{name: typed[name] for name in typed if name != "key"})

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the act beside the field it speaks of."""
        self.add_error(FIELD_OF_REFUSAL.get(refused.code), str(refused))


class ConsignForm(forms.Form):
    """How much of each cleared line becomes one consignment, and what that is called."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reference = Written(
        label=_("Reference"), required=False, max_length=300, help_text=_("Empty: made of the request's reference.")
    )
    crossing_code = forms.ChoiceField(label=_("Crossing"), required=False)
    destination = Written(label=_("Destination"), required=False, max_length=500)
    consignee = Written(label=_("Consignee"), required=False, max_length=500)

    def __init__(self, *args: Any, words: Words, lines: list[Movable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [one for one in lines if one.left > 0]
        self.fields["crossing_code"].choices = choices(words.crossings, _("as the request wishes"))
        for one in self.lines:
            goods = local_name(words.commodities.get(one.line.commodity, {})) or one.line.commodity
            unit = local_name(words.units.get(one.line.unit, {})) or one.line.unit
            self.fields[f"quantity_{one.line.number}"] = forms.DecimalField(
                label=f"{one.line.number}. {goods} ({unit})", required=False, min_value=Decimal(0), max_digits=18,
                decimal_places=6, initial=plain(one.left),
                help_text=_("At most %(left)s.") % {"left": plain(one.left)},
            )  # fmt: skip
        self.order_fields(["key", *(f"quantity_{one.line.number}" for one in self.lines)])

    def part(self) -> Part:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        quantities = {one.line.pk: typed[f"quantity_{one.line.number}"] or Decimal(0) for one in self.lines}
        return Part(
            quantities, **{name: typed[name] for name in ("reference", "crossing_code", "destination", "consignee")}
        )

    def refuse(self, refused: Refused) -> None:
        """Put a refusal of the act beside the field it speaks of."""
        field = f"quantity_{refused.params.get('row')}"
        if refused.code == "reference_taken":
            field = "reference"
        self.add_error(field if field in self.fields else None, str(refused))


class RequestFilterForm(FilterForm):
    """Which requests to list; anything that is not a choice is passed over."""

    q = forms.CharField(label=_("Title or reference"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False)
    room = forms.ChoiceField(label=_("Asked by"), required=False)
    commodity = forms.ChoiceField(label=_("Commodity"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("all")), *RequestState.choices]
        rooms = sorted(((one.slug, local_name(one.names)) for one in words.rooms.values()), key=lambda one: one[1])
        self.fields["room"].choices = [("", _("all")), (MINE, _("my own room")), *rooms]
        self.fields["commodity"].choices = choices(words.commodities, _("all"))
        self.fields["place"].choices = choices(words.areas, _("all"))

    def wanted(self) -> Wanted:
        """The valid choices, as the query takes them."""
        asked = said(self)
        return Wanted(asked.get("q", ""), **{x: asked.get(x, "") for x in ("state", "room", "commodity", "place")})


class ItemFilterForm(FilterForm):
    """Which decisions to list: of one commodity, or of whatever answers to a word in any language."""

    q = forms.CharField(label=_("Item, in any language"), required=False, max_length=120)
    item = forms.ChoiceField(label=_("Commodity"), required=False)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", _("all")), *goods_by_class(words)[1:]]


class TokenForm(forms.Form):
    """The text of a token, as a camera reads it from its code."""

    token = forms.CharField(
        label=_("Token"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "class": "code"}),
        help_text=_("The text that the QR code holds; it begins with TQ1."),
    )  # fmt: skip
