"""Fields that the forms of several areas have: days, moments, and choices from lists of names."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.forms import of_our_time
from tansiq.building.rooms.queries import local_name

MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class DayField(forms.DateField):
    """A day of the operation's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], validators=[of_our_time], **kwargs)


class MomentField(forms.DateTimeField):
    """A local time of the operation."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=MOMENT_FORMATS, validators=[of_our_time], **kwargs)


class FilterForm(forms.Form):
    """What a list is narrowed to; what cannot be read narrows nothing."""

    def in_force(self) -> list[tuple[str, str]]:
        """Label and value of each filter that is in force, as a person reads them."""
        return [(str(bound.label), self._said(bound)) for bound in self.visible_fields() if self._is_in_force(bound)]

    def _is_in_force(self, bound: forms.BoundField) -> bool:
        return bool(self.data.get(bound.name)) and bound.name not in self.errors

    def _said(self, bound: forms.BoundField) -> str:
        if isinstance(bound.field, forms.BooleanField):
            return str(_("yes"))
        text = str(self.data[bound.name])
        labels = dict(getattr(bound.field, "choices", ()) or ())
        if isinstance(bound.field, forms.DateTimeField):
            return text.replace("T", " ")
        return str(labels.get(text, text))


def choices(names: Mapping[str, Mapping[str, str]], blank: Any = None) -> list[tuple[str, Any]]:
    """The entries of a list in the reader's language, after the words for "none of them"."""
    listed = [(code, local_name(text) or code) for code, text in names.items()]
    return listed if blank is None else [("", blank), *listed]


def said(form: forms.Form) -> dict[str, Any]:
    """Those fields that hold something valid; a filter that cannot be read narrows nothing."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "", False)}
