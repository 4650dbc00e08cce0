"""What may be typed about a token, a recovery, and with a one-time code."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import describe
from tansiq.building.people.actions import TokenAsked
from tansiq.building.people.models import Account
from tansiq.building.people.rules import TOKEN_MOST_DAYS, checked_networks
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import ACTIONS
from tansiq.building.rooms.models import Membership
from tansiq.building.rooms.refusals import Refused


class TokenForm(forms.Form):
    """A token for a program: a name to know it by, what it may do, for how long and from where."""

    name = forms.CharField(label=_("What the token is for"), max_length=80)
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=TOKEN_MOST_DAYS, initial=30)
    networks = forms.CharField(
        label=_("Networks it may come from"),
        help_text=_("One on each line, such as 192.0.2.0/24. Empty: from anywhere."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
    )
    acts = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acts"].choices = [(name, _in_words(name)) for name in acts_of(actor)]

    def clean_networks(self) -> tuple[str, ...]:
        """The networks in their normal spelling."""
        try:
            return tuple(checked_networks(self.cleaned_data["networks"].split()))
        except Refused as refused:
            raise ValidationError(str(refused)) from refused

    def asked(self) -> TokenAsked:
        """What was typed, as the action takes it."""
        typed = self.cleaned_data
        until = datetime.now(UTC) + timedelta(days=typed["days"])
        return TokenAsked(typed["name"], tuple(typed["acts"]), until, typed["networks"])


class RecoveryForm(forms.Form):
    """Whom of the acting room to let in anew, and why."""

    account = forms.ModelChoiceField(label=_("Who lost the way in"), queryset=Account.objects.none())
    reason = forms.CharField(
        label=_("What was lost, and how you made sure who asks"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Membership.objects.filter(room_id=actor.room_id, ended_at=None).exclude(account_id=actor.account_id)
        members = Account.objects.filter(pk__in=here.values("account_id"), is_active=True)
        self.fields["account"].queryset = members.order_by("name", "id")


class EntryForm(forms.Form):
    """A one-time code, for whom it was made, and the new password."""

    email = forms.EmailField(label=_("E-mail address of the account"))
    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Capital or small letters, with or without dashes."),
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("New password, again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Twice the same password, and a good one; said before the code is looked at, so that it stays unused."""
        typed = super().clean() or {}
        first, second = typed.get("password"), typed.get("again")
        if first and second and first != second:
            self.add_error("again", _("You must type the same password each time."))
        elif first:
            try:
                validate_password(first)
            except ValidationError as weak:
                self.add_error("password", weak)
        return typed


def acts_of(actor: Actor) -> list[str]:
    """Every act by name, those of pages too, that the actor may do; none that makes further tokens."""
    known = set(ACTIONS) | {str(name) for name in _acts_of_pages(get_resolver().url_patterns)}
    return sorted(name for name in known if actor.may(name) and not name.startswith("people.token."))


def _in_words(act: str) -> str:
    """The act in words where it has any, and by its name, which is the same in every language."""
    words = str(describe(act))
    return act if words == act else f"{words} · {act}"


def _acts_of_pages(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= _acts_of_pages(pattern.url_patterns)
        elif getattr(pattern.callback, "act", None):
            found.add(pattern.callback.act)
    return found
