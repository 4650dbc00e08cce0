"""What may be asked of the lists of consignments and cargo names, and what a cargo name means."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.desks.aid.forms.fields import FilterForm, MomentField, choices
from tansiq.desks.aid.queries.words import Words


class ConsignmentFilterForm(FilterForm):
    """Which consignments to list."""

    q = forms.CharField(label=_("Reference"), required=False, max_length=120)
    source = forms.ChoiceField(label=_("Source"), required=False)
    as_of = MomentField(label=_("As known at"), required=False)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = choices(words.sources, _("all"))


class CargoFilterForm(FilterForm):
    """Which cargo names to list."""

    q = forms.CharField(label=_("Name"), required=False, max_length=120)
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("those without a meaning")), ("all", _("all"))]
    )


class MapCargoForm(forms.Form):
    """What a cargo name means."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    cargo_key = forms.CharField(widget=forms.HiddenInput, max_length=32)
    commodity = forms.ChoiceField(label=_("Commodity"))

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commodity"].choices = choices(words.commodities, _("Choose"))
