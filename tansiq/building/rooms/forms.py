"""What may be typed about a room's members, and what every form asks of a date."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import Role

YEARS = range(1900, 2201)


def of_our_time(when: date) -> None:
    """Refuse a year that nobody can mean; the first and the last ones overflow when a time zone is applied."""
    if when.year not in YEARS:
        raise ValidationError(
            _("The year %(year)s is not between %(first)s and %(last)s."),
            params={"year": str(when.year), "first": str(YEARS[0]), "last": str(YEARS[-1])},
        )


class MembershipForm(forms.Form):
    """Take a person into the room: an existing account's address, and roles of the operation."""

    email = forms.EmailField(label=_("E-mail address of the account"))
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, operation_id: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["roles"].choices = [
            (role.code, role.names.get(language) or role.names.get("en", role.code))
            for role in Role.objects.filter(operation_id=operation_id).order_by("code")
        ]

    def account(self) -> AbstractBaseUser | None:
        """The account of the typed address; None when there is none (the page must not tell)."""
        return get_user_model().objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
