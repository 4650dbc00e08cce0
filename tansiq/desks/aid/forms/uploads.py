"""What may be typed with a ledger file: which mapping reads it, and how it is taken."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.models import Reference

MAPPING_MOST_BYTES = 200_000
SHEETS = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"


class UploadForm(forms.Form):
    """A ledger file and how to read it."""

    file = forms.FileField(
        label=_("Ledger file"),
        help_text=_("A workbook (XLSX, XLS, ODS) or a text table (CSV)."),
        widget=forms.FileInput,
    )
    mapping = forms.ChoiceField(label=_("Mapping"), required=False)
    mapping_file = forms.FileField(
        label=_("or a mapping file of your own"), required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        help_text=_("YAML, as the documentation of imports describes it. It is kept with the import."),
    )  # fmt: skip
    is_whole = forms.BooleanField(
        label=_("The file is the whole ledger"), required=False, initial=True,
        help_text=_("Rows of an earlier edition that it lacks are withdrawn. Untick it for an addition."),
    )  # fmt: skip
    allow_refused = forms.BooleanField(
        label=_("Take the good rows even where others are refused"), required=False,
        help_text=_("Otherwise a file with one row that cannot be read is not taken at all."),
    )  # fmt: skip

    def __init__(self, *args: Any, mappings: list[Reference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one.code, local_name(one.names) or one.code) for one in mappings]
        self.fields["mapping"].choices = [("", _("Choose")), *listed]
        self.fields["file"].widget.attrs |= {"accept": SHEETS, "data-max-bytes": settings.UPLOAD_MOST_BYTES}

    def clean_file(self) -> Any:
        """A file within the limit."""
        return _within(self.cleaned_data["file"], settings.UPLOAD_MOST_BYTES)

    def clean_mapping_file(self) -> Any:
        """A mapping file within the limit."""
        given = self.cleaned_data["mapping_file"]
        return _within(given, MAPPING_MOST_BYTES) if given else None

    def clean(self) -> dict[str, Any]:
        """One mapping, not two and not none."""
        typed = super().clean() or self.cleaned_data
        given = [name for name in ("mapping", "mapping_file") if typed.get(name)]
        if len(given) != 1 and "mapping" not in self.errors and "mapping_file" not in self.errors:
            found = _("found both") if given else _("found neither")
            self.add_error("mapping", _("Choose a mapping, or bring a file of one: %(found)s.") % {"found": found})
        return typed


def _within(file: Any, limit: int) -> Any:
    if file.size > limit:
        raise forms.ValidationError(
            _("The file has %(found)s; at most %(expected)s are taken."),
            params={"found": filesizeformat(file.size), "expected": filesizeformat(limit)},
        )
    return file
