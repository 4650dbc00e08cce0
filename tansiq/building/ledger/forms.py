"""What may be handed in to be checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

RECEIPT_MOST_BYTES = 1_000_000


class ReceiptForm(forms.Form):
    """A receipt file to be checked against this ledger's key."""

    receipt = forms.FileField(
        label=_("Receipt"), help_text=_("The file that was downloaded from the ledger, unchanged."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json", "data-max-bytes": RECEIPT_MOST_BYTES}),
    )  # fmt: skip

    def clean_receipt(self) -> bytes:
        """The file's bytes; too large a file is refused before it is read."""
        handed = self.cleaned_data["receipt"]
        if handed.size > RECEIPT_MOST_BYTES:
            raise forms.ValidationError(
                _("A receipt has at most %(most)s bytes; this file has %(found)s."),
                params={"most": RECEIPT_MOST_BYTES, "found": handed.size},
            )
        content: bytes = handed.read()
        return content
