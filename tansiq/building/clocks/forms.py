"""What may be typed about a clock: why it stands still, a note, and which clocks to list."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.clocks.models import OPEN_STATES, Clock, ClockState
from tansiq.building.clocks.queries import holder_rooms, kinds
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.queries import local_name


class NoteForm(forms.Form):
    """Move a clock, with a word for the history if one wishes."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Read by your own room, and by the room that started the clock when you answer."),
    )  # fmt: skip


class PauseForm(NoteForm):
    """Pause a clock for one of the reasons that its kind allows."""

    reason = forms.ChoiceField(label=_("Reason"))
    field_order = ["key", "reason", "note"]

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(code, local_name(names)) for code, names in clock.kind.pause_reasons.items()]


class ClockFilter(forms.Form):
    """Which clocks to list; anything that is not a choice is passed over."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    holder = forms.ChoiceField(label=_("Held by"), required=False)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [state for state in ClockState.choices if state[0] in (*OPEN_STATES, ClockState.STOPPED)]
        self.fields["state"].choices = [("", _("all that are open")), *states]
        self.fields["kind"].choices = [("", _("all")), *((kind.code, local_name(kind.names)) for kind in kinds(by))]
        self.fields["holder"].choices = [
            ("", _("all")), *((room.slug, local_name(room.names)) for room in holder_rooms(by))
        ]  # fmt: skip

    def chosen(self) -> dict[str, str]:
        """The valid choices, as the query takes them."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)}
