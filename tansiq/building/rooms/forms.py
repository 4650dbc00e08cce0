"""What may be typed about a room's members, and what every form asks of a date."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import Role
from tansiq.building.rooms.queries import local_name

YEARS = range(1900, 2201)


def of_our_time(when: date) -> None:
    """Refuse a year that nobody can mean; the first and the last ones overflow when a time zone is applied."""
    if when.year not in YEARS:
        raise ValidationError(
            _("The year %(year)s is not between %(first)s and %(last)s."),
            params={"year": str(when.year), "first": str(YEARS[0]), "last": str(YEARS[-1])},
        )


class RolesForm(forms.Form):
    """Roles of the operation, as one person has them in a room."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, operation_id: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [
            (role.code, local_name(role.names))
            for role in Role.objects.filter(operation_id=operation_id).order_by("code")
        ]


class InvitationForm(RolesForm):
    """Invite a person into the room: an address, whether or not an account has it, and roles of the operation."""

    email = forms.EmailField(label=_("E-mail address of the account"))
    field_order = ("email", "roles")

    def clean_email(self) -> str:
        """The address as accounts keep it."""
        return str(self.cleaned_data["email"]).lower()
