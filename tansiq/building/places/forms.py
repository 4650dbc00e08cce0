"""What may be typed about crossings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.places.models import CrossingState
from tansiq.building.places.queries.crossings import reasons_of
from tansiq.building.places.queries.words import local_name
from tansiq.building.rooms.forms import of_our_time


class Moment(forms.DateTimeInput):
    """A field for a date and a time of day."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class StatusForm(forms.Form):
    """A report of a crossing's state."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), choices=CrossingState.choices)
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, help_text=_("Needed when the crossing is closed or restricted.")
    )
    since_at = forms.DateTimeField(
        label=_("Since"), required=False, widget=Moment, validators=[of_our_time],
        help_text=_("Local time of the operation; empty means now."),
    )  # fmt: skip
    until_at = forms.DateTimeField(label=_("Expected until"), required=False, widget=Moment, validators=[of_our_time])
    source = forms.CharField(label=_("Source"), required=False, max_length=200)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )

    def __init__(self, *args: Any, operation_id: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = reasons_of(operation_id).items()
        listed = [(code, local_name(names) or code) for code, names in reasons]
        self.fields["reason"].choices = [("", "—"), *listed]


class QuotaForm(forms.Form):
    """A change of what may or must pass a crossing per day."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    goods_class = forms.SlugField(label=_("Class of goods"), required=False, help_text=_("Empty: all goods."))
    units_per_day = forms.IntegerField(
        label=_("Trucks per day"), required=False, min_value=0, help_text=_("Empty: no quota any more.")
    )
    from_date = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=[of_our_time]
    )
    source = forms.CharField(label=_("Source"), max_length=200)


class SearchForm(forms.Form):
    """What may be asked of the gazetteer."""

    q = forms.CharField(label=_("Name, in any spelling"), required=False, max_length=120)
    catalogue = forms.SlugField(required=False)


class MomentForm(forms.Form):
    """As of which moment a page is asked for."""

    at = forms.DateTimeField(label=_("As of"), required=False, widget=Moment, validators=[of_our_time])
