"""What may be typed about a room's members."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.models import Role


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
