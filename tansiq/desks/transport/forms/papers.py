"""What may be chosen for labels and papers: languages and sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import choices
from tansiq.desks.transport.queries.papers import LANGUAGES
from tansiq.desks.transport.queries.settings import Settings

NAMES = {"ar": "العربية", "en": "English", "he": "עברית"}


class PaperForm(forms.Form):
    """In which languages a manifest or waybill is set."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=[(code, NAMES[code]) for code in LANGUAGES], initial=list(LANGUAGES),
        widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose one language at least.")},
    )  # fmt: skip


class LabelForm(PaperForm):
    """In which languages labels are set, and how they stand on a sheet."""

    sheet = forms.ChoiceField(label=_("Sheet"))
    field_order = ["sheet", "languages"]

    def __init__(self, *args: Any, usual: Settings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = choices({code: one["names"] for code, one in usual.sheets.items()})
