"""What may be typed about discrepancies: which to list, and each step with its reason."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.desks.aid.forms.fields import FilterForm, choices, said
from tansiq.desks.aid.models import KIND_WORDS
from tansiq.desks.aid.queries.discrepancies import ALL, CLOSED, LIVE, MINE, OVERDUE, UNOWNED, DiscrepancyFilter
from tansiq.desks.aid.queries.words import Names, Words

MOST_AMONG = 100
WHICH = (
    ("", _("open")), (MINE, _("open, taken on by my role")), (UNOWNED, _("open, without an owner")),
    (OVERDUE, _("open, overdue")), (CLOSED, _("closed")), (ALL, _("all")),
)  # fmt: skip


class DiscrepancyFilterForm(FilterForm):
    """Which discrepancies to list; what cannot be read narrows nothing."""

    which = forms.ChoiceField(label=_("Which"), required=False, choices=WHICH)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    consignment = forms.UUIDField(required=False, widget=forms.HiddenInput)
    among = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40 * MOST_AMONG)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("all")), *KIND_WORDS.items()]
        self.fields["stage"].choices = choices(words.stages, _("all"))

    def wanted(self) -> DiscrepancyFilter:
        """What the list is narrowed to."""
        typed = said(self)
        return DiscrepancyFilter(
            which=typed.get("which") or LIVE, kind=typed.get("kind") or "", stage=typed.get("stage") or "",
            consignment=typed.get("consignment") or None, ids=_ids(typed["among"]) if typed.get("among") else None,
        )  # fmt: skip


class StepForm(forms.Form):
    """A step of a discrepancy, with its reason."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = forms.CharField(
        label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read with the figures: by this room, and by whom its detail was released to."),
    )  # fmt: skip

    def __init__(self, *args: Any, roles: dict[str, Names], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the discrepancy."""
        return {"reason": self.cleaned_data["reason"]}

    @property
    def submission(self) -> UUID:
        """The key of this submission."""
        key: UUID = self.cleaned_data["key"]
        return key


class TakeOnForm(StepForm):
    """For which role it is taken on."""

    role = forms.ChoiceField(label=_("Role"))
    field_order = ["key", "role", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = choices(self.roles, _("Choose"))
        self.fields["reason"].required = False
        self.fields["reason"].label = _("Note")

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the discrepancy."""
        return {**super().asked(), "role": self.cleaned_data["role"]}


def _ids(text: str) -> list[UUID]:
    """Ids with commas between them; what is none is left out."""
    found = []
    for word in text.split(",")[:MOST_AMONG]:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found
