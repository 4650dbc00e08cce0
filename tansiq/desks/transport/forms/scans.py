"""What may be typed, sent or uploaded of a scan: one form for the page, a phone's queue and the rows of a file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import FilterForm, choices, said
from tansiq.building.rooms.forms import of_our_time
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import Words
from tansiq.desks.transport.models import ScanAnswer
from tansiq.desks.transport.queries.settings import Settings
from tansiq.desks.transport.rules.manifests import QUANTITY_AT_MOST
from tansiq.desks.transport.rules.scans import ScanAsked, deeds_at

FIELD_OF_REFUSAL = {
    "scan_code_missing": "code", "scan_deed_unknown": "deed", "scan_deed_not_here": "deed",
    "scan_place_unknown": "place", "scan_crossing_unknown": "crossing_code",
    "scan_condition_unknown": "condition", "scan_quantity": "quantity",
}  # fmt: skip


def amount(label: Any, **options: Any) -> forms.DecimalField:
    """A quantity, which may be nought."""
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal(0), max_value=QUANTITY_AT_MOST, max_digits=18,
        decimal_places=6, **options,
    )  # fmt: skip


class ScanForm(forms.Form):
    """One scan."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    place = forms.ChoiceField(label=_("Where you are"))
    crossing_code = forms.ChoiceField(label=_("Which crossing"), required=False)
    deed = forms.ChoiceField(label=_("What happened"))
    code = forms.CharField(
        label=_("Code"), max_length=400, widget=forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "characters"}),
        help_text=_("Scan the square code, or type the nine signs under it."),
    )  # fmt: skip
    quantity = amount(_("How much, as you count it"))
    giver_quantity = amount(_("How much the other side says"))
    damaged_quantity = amount(_("Of this, damaged"))
    condition = forms.ChoiceField(label=_("Condition"), required=False)
    seal = forms.CharField(label=_("Number on the seal"), required=False, max_length=60)
    truck = forms.CharField(
        label=_("Truck"), required=False, max_length=120, help_text=_("Its plate, or the number of its manifest.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    claimed_at = forms.DateTimeField(
        label=_("When"), required=False, validators=[of_our_time], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, words: Words, usual: Settings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deeds = {code: one["names"] for code, one in usual.deeds.items()}
        conditions = {code: one["names"] for code, one in usual.conditions.items()}
        self.fields["place"].choices = choices(usual.places, _("Choose"))
        self.fields["deed"].choices = choices(deeds, _("Choose"))
        self.fields["crossing_code"].choices = choices(words.crossings, "—")
        self.fields["condition"].choices = choices(conditions, "—")

    def asked(self) -> ScanAsked:
        """The scan as the desk takes it."""
        return ScanAsked(**self.cleaned_data)

    def refuse(self, refused: Refused) -> None:
        """Put the sentence beside the field it speaks of."""
        self.add_error(FIELD_OF_REFUSAL.get(refused.code), str(refused))


class ScanUploadForm(forms.Form):
    """A file of scans."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,.txt"}),
        help_text=_("A text table (CSV) or a workbook, at most 4 MB and a thousand rows."),
    )  # fmt: skip


class ScanFilterForm(FilterForm):
    """Which scans to list; anything that is not a choice is passed over."""

    answer = forms.ChoiceField(label=_("Answer"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, *args: Any, usual: Settings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [("", _("all")), *ScanAnswer.choices]
        self.fields["place"].choices = choices(usual.places, _("all"))

    def wanted(self) -> tuple[str, str]:
        """The valid choices: answer and place."""
        asked = said(self)
        return asked.get("answer", ""), asked.get("place", "")


def deeds_by_place(usual: Settings, roles: set[str]) -> Mapping[str, list[str]]:
    """The deeds that mean something at each kind of place, for a person in these roles."""
    return {place: deeds_at(usual.deeds, place, roles) for place in usual.places}
