"""What may be typed of a seal."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport.actions import SealStatement
from tansiq.desks.transport.models import SealDeed
from tansiq.desks.transport.rules.scans import SEAL_LENGTH

FIELD_OF_REFUSAL = {
    "seal_reading_missing": "reading", "seal_reading_too_long": "reading", "seal_on_it_already": "reading",
}  # fmt: skip


class SealForm(forms.Form):
    """A reading of a seal; which seal it replaces is asked where one is replaced."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    former = forms.CharField(label=_("Seal that is replaced"), max_length=SEAL_LENGTH)
    reading = forms.CharField(
        label=_("What stands on the seal"), max_length=SEAL_LENGTH, widget=forms.TextInput(attrs={"dir": "ltr"})
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, deed: str, on_it: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deed = deed
        if deed != SealDeed.REPLACED:
            del self.fields["former"]
        elif len(on_it) == 1:
            self.fields["former"].initial = on_it[0]

    def refuse(self, refused: Refused) -> None:
        """Put the sentence beside the field it speaks of."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        if refused.code == "seal_not_on_it":
            field = "former" if "former" in self.fields else "reading"
        self.add_error(field, str(refused))

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the manifest."""
        typed = self.cleaned_data
        said = {"key": typed["key"], "statement": SealStatement(typed["reading"], typed["note"])}
        return said | ({"former": typed["former"]} if "former" in self.fields else {})
