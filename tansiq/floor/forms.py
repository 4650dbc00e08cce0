"""What may be typed on the floor: to what the chain board is narrowed, and over which days the funnel counts."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import DayField, FilterForm, choices, said
from tansiq.building.rooms.queries import local_name
from tansiq.desks.impediments.queries.words import Words
from tansiq.floor.queries.chain.board import ARRANGEMENTS, Wanted
from tansiq.floor.queries.chain.sentences import STATES
from tansiq.floor.queries.chain.setting import Setting

HOLDING = ("ready", "refused", "invalid", "no_response", "expired", "closed")  # how a link that holds may stand
USUAL_DAYS = 30


class ChainFilterForm(FilterForm):
    """To what the chain board is narrowed; anything that is not a choice is passed over."""

    q = forms.CharField(label=_("Consignment"), required=False, max_length=120)
    link = forms.ChoiceField(label=_("Link of the chain"), required=False)
    holder = forms.ChoiceField(label=_("Held by"), required=False)
    crossing = forms.ChoiceField(label=_("Crossing"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    overdue = forms.BooleanField(label=_("Only past their deadline"), required=False)
    impeded = forms.BooleanField(label=_("Only with an impediment"), required=False)
    by = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(one, one) for one in ARRANGEMENTS])
    lane = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, words: Words, setting: Setting | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = setting.codes if setting else ()
        crossings = {code: names for code, names in words.places.items() if code.islower()}
        self.fields["link"].choices = choices({code: words.links.get(code, {}) for code in codes}, _("all"))
        self.fields["crossing"].choices = choices(crossings, _("all"))
        self.fields["state"].choices = [("", _("all")), *((code, STATES[code]) for code in HOLDING)]
        rooms = sorted(((room.slug, local_name(room.names)) for room in words.rooms.values()), key=lambda one: one[1])
        self.fields["holder"].choices = [("", _("all")), *rooms]

    def wanted(self) -> Wanted:
        """The valid choices, as the query takes them."""
        asked = said(self)
        lane = self.data.get("lane") if "lane" in self.data and "lane" not in self.errors else None
        return Wanted(
            by=asked.get("by", "link"), sought=asked.get("q", ""), overdue=bool(asked.get("overdue")),
            impeded=bool(asked.get("impeded")), lane=lane,
            **{name: asked.get(name, "") for name in ("link", "holder", "crossing", "state")},
        )  # fmt: skip


class FunnelForm(FilterForm):
    """Over which days and at which crossing the funnel counts."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    crossing = forms.ChoiceField(label=_("Crossing"), required=False)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        crossings = {code: names for code, names in words.places.items() if code.islower()}
        self.fields["crossing"].choices = choices(crossings, _("all"))

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("The last day lies before the first one."))
        return found

    def span(self, today: date) -> tuple[date, date]:
        """The first and the last day; the latest weeks where none is asked for."""
        asked = said(self)
        last = asked.get("until", today)
        return asked.get("since", last - timedelta(days=USUAL_DAYS - 1)), last

    def chosen_crossing(self) -> str:
        """The code of the crossing, or "" for all."""
        return str(said(self).get("crossing", ""))
