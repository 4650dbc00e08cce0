"""What may be typed about impediments: which to list, a new one, what is said anew, and each step with its reason."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.fields import DayField, FilterForm, choices, said
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments.models import ImpedimentState, TermKind
from tansiq.desks.impediments.queries.likeness import Sought
from tansiq.desks.impediments.queries.lists import LIVE, Wanted
from tansiq.desks.impediments.queries.words import Words
from tansiq.desks.impediments.rules import (
    QUANTITY_AT_MOST,
    TITLE_LENGTH,
    Amendment,
    ImpedimentStatement,
    RecordReference,
)

LONG = {"widget": forms.Textarea(attrs={"rows": 3}), "max_length": 4000}
SAID_AGAIN = ("chain_links", "obligation", "description", "clause", "cost_quantity", "cost_unit", "cost_source",
              "owner_person", "contact", "next_forum", "next_forum_date")  # fmt: skip
FIELD_OF_REFUSAL = {
    "impediment_title_missing": "title", "impediment_title_too_long": "title", "impediment_place_unknown": "place",
    "impediment_obligation_unknown": "obligation", "impediment_owner_unknown": "owner_room",
    "impediment_owner_cannot_read": "owner_room", "impediment_same_owner": "owner_room",
    "impediment_owner_role_unknown": "owner_role", "impediment_cost_out_of_range": "cost_quantity",
    "impediment_reason_missing": "reason",
}  # fmt: skip
COST = ("cost_quantity", "cost_unit", "cost_source")


class Written(forms.CharField):
    """Words that no browser cuts off while they are typed or pasted; what is too long is refused, and stays."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the widget says in the page: no greatest length."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class RefusableForm(forms.Form):
    """A form that puts a refusal of the act beside the field it speaks of."""

    def refuse(self, refused: Refused) -> None:
        """Show the sentence beside its field; above all of them where it speaks of none."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        if refused.code == "impediment_cost_without_unit":
            field = next((name for name in COST if self.cleaned_data.get(name) in (None, "")), None)
        self.add_error(field if field in self.fields else None, str(refused))


def rooms_by_name(words: Words) -> list[tuple[str, str]]:
    """The rooms of the operation, by what they are called."""
    return sorted(((room.slug, local_name(room.names)) for room in words.rooms.values()), key=lambda one: one[1])


class ImpedimentFilterForm(FilterForm):
    """Which impediments to list; anything that is not a choice is passed over."""

    q = forms.CharField(label=_("Title"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Type"), required=False)
    link = forms.ChoiceField(label=_("Link of the chain"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    raiser = forms.ChoiceField(label=_("Raised by"), required=False)
    record = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("all that stand in the way")), ("all", _("all, closed ones too")), *ImpedimentState.choices]
        self.fields["state"].choices = states
        for name, names in (("kind", words.types), ("link", words.links), ("place", words.places)):
            self.fields[name].choices = choices(names, _("all"))
        for name in ("owner", "raiser"):
            self.fields[name].choices = [("", _("all")), *rooms_by_name(words)]

    def in_force(self) -> list[tuple[str, str]]:
        """What the list is narrowed to; without a choice of state the closed ones are left out, and it says so."""
        chosen = super().in_force()
        labels = {str(label) for label, _text in chosen}
        if str(self.fields["state"].label) not in labels:
            chosen.insert(0, (str(self.fields["state"].label), str(_("all that stand in the way"))))
        if said(self).get("record"):
            chosen.append((str(_("Record")), str(_("only those that hold up one record"))))
        return chosen

    def wanted(self) -> Wanted:
        """The valid choices, as the query takes them."""
        asked = said(self)
        state = asked.get("state", LIVE)
        return Wanted(
            sought=asked.get("q", ""), state="" if state == "all" else state, record_id=asked.get("record"),
            **{name: asked.get(name, "") for name in ("kind", "link", "place", "owner", "raiser")},
        )  # fmt: skip


class ReasonForm(RefusableForm):
    """A step with its reason."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = Written(
        label=_("Why"), **LONG,
        help_text=_("Read by your own room, the room that raised it and the room that owns it."),
    )  # fmt: skip

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the impediment."""
        return {"key": self.cleaned_data["key"], "reason": self.cleaned_data["reason"]}


class AnswerForm(ReasonForm):
    """What the owner answers, and why."""

    answer = forms.ChoiceField(label=_("Answer"))
    field_order = ["key", "answer", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = choices(self.words.given, _("Choose"))

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the impediment."""
        return {**super().asked(), "answer": self.cleaned_data["answer"]}


class OwnerFields(forms.Form):
    """The room that must answer, and the role there."""

    owner_room = forms.ChoiceField(label=_("Owner"), help_text=_("The room that must answer; it will read this."))
    owner_role = forms.ChoiceField(label=_("Role there"), required=False)

    def offer_owners(self, words: Words) -> None:
        """Give the rooms and roles to choose from."""
        self.fields["owner_room"].choices = [("", _("Choose")), *rooms_by_name(words)]
        self.fields["owner_role"].choices = choices(words.roles, _("whoever is there"))

    def owner(self, words: Words) -> Holder:
        """The chosen owner."""
        rooms: dict[str, Room] = {room.slug: room for room in words.rooms.values()}
        return Holder(rooms[self.cleaned_data["owner_room"]].pk, self.cleaned_data["owner_role"])


class HandOverForm(ReasonForm, OwnerFields):
    """To whom an impediment is handed over, and why."""

    field_order = ["key", "owner_room", "owner_role", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_owners(self.words)

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the impediment."""
        return {**super().asked(), "owner": self.owner(self.words)}


class SaidFields(RefusableForm):
    """What may be said of an impediment again and again."""

    chain_links = forms.MultipleChoiceField(
        label=_("Links of the chain that it holds up"), required=False, widget=forms.CheckboxSelectMultiple
    )
    obligation = forms.ChoiceField(label=_("Obligation that suffers"), required=False)
    clause = Written(label=_("Clause, in words"), required=False, max_length=300)
    description = Written(label=_("What it is about"), required=False, **LONG)
    cost_quantity = forms.DecimalField(
        label=_("Units lost a day"), required=False, max_digits=18, decimal_places=6, max_value=QUANTITY_AT_MOST
    )
    cost_unit = forms.ChoiceField(label=_("Unit"), required=False)
    cost_source = Written(label=_("Source of the figure"), required=False, max_length=300)
    owner_person = Written(
        label=_("Who answers for it, by name"), required=False, max_length=200,
        help_text=_("Stands on the identities line: your own room alone reads it until it is released."),
    )  # fmt: skip
    contact = Written(label=_("How to reach them"), required=False, max_length=300)
    next_forum = Written(
        label=_("Next forum"), required=False, max_length=200, help_text=_("The meeting that takes it up next.")
    )
    next_forum_date = DayField(label=_("Day of that meeting"), required=False)

    def clean_next_forum_date(self) -> date | None:
        """The day of the next meeting, which is not over; the day that stands already may stay."""
        day: date | None = self.cleaned_data["next_forum_date"]
        if day and day < timezone.localdate() and day != self.initial.get("next_forum_date"):
            raise forms.ValidationError(_("The next meeting cannot be on a day that has passed."))
        return day

    def offer_words(self, words: Words) -> None:
        """Give the codes of the operation to choose from; what is chosen already stays on offer."""
        links = words.usable(TermKind.CHAIN_LINK)
        kept = {code: words.links[code] for code in self.initial.get("chain_links", ()) if code in words.links}
        self.fields["chain_links"].choices = choices({**links, **kept})
        self.fields["obligation"].choices = choices(words.obligations, "—")
        self.fields["cost_unit"].choices = choices(words.usable(TermKind.COST_UNIT), "—")

    def what_is_said(self) -> dict[str, Any]:
        """These fields as the desk takes them."""
        return {**{name: self.cleaned_data[name] for name in SAID_AGAIN},
                "chain_links": tuple(self.cleaned_data["chain_links"])}  # fmt: skip


class OpenForm(SaidFields, OwnerFields):
    """A new impediment. One that resembles a live one is first shown that one."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    records = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    title = Written(
        label=_("What stands in the way"), max_length=TITLE_LENGTH, help_text=_("In a few words; no names of persons.")
    )
    kind = forms.ChoiceField(label=_("Type"))
    place = forms.ChoiceField(label=_("Place"), required=False, help_text=_("The crossing or the area."))
    another = forms.BooleanField(label=_("It is another one: open it"), required=False)
    groups = (
        (_("What"), ("title", "kind", "place", "chain_links", "description")),
        (_("Who must answer"), ("owner_room", "owner_role", "owner_person", "contact")),
        (_("What it costs"), ("cost_quantity", "cost_unit", "cost_source")),
        (_("What was agreed"), ("obligation", "clause", "next_forum", "next_forum_date")),
    )

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        self.fields["kind"].choices = choices(words.usable(TermKind.TYPE), _("Choose"))
        self.fields["place"].choices = choices(words.places, "—")
        self.offer_words(words)
        self.offer_owners(words)

    def ask_whether_another(self) -> None:
        """Show the tick box and say what is asked; without resemblance there is nothing to tick."""
        self.add_error(
            "another", _("Nothing is opened yet. Raise one of those shown again, or tick this to open another.")
        )
        self.groups = ((_("Is it one of these?"), ("another",)), *self.groups)

    def hide_another(self) -> None:
        """Leave the tick box out."""
        self.fields["another"].widget = forms.HiddenInput()

    def sought(self, records: tuple[RecordReference, ...]) -> Sought:
        """What is looked for among the live ones."""
        typed = self.cleaned_data
        return Sought(typed["title"], typed["kind"], typed["place"], frozenset(one.id for one in records))

    def statement(self, records: tuple[RecordReference, ...]) -> ImpedimentStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return ImpedimentStatement(
            title=typed["title"], kind=typed["kind"], place=typed["place"], owner=self.owner(self.words),
            records=records, **self.what_is_said(),
        )  # fmt: skip


class AmendForm(ReasonForm, SaidFields):
    """What is said anew of an impediment, and why."""

    precedents = forms.MultipleChoiceField(
        label=_("Precedents"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Other impediments that show how this was answered before."),
    )  # fmt: skip
    groups = (
        (_("What"), ("chain_links", "description", "obligation", "clause")),
        (_("Who must answer"), ("owner_person", "contact")),
        (_("What it costs"), ("cost_quantity", "cost_unit", "cost_source")),
        (_("What comes next"), ("next_forum", "next_forum_date", "precedents")),
        (_("Why it is said anew"), ("reason",)),
    )

    def __init__(self, *args: Any, others: dict[UUID, RecordReference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others
        self.offer_words(self.words)
        self.fields["precedents"].choices = [(str(pk), local_name(one.names)) for pk, one in others.items()]
        if not others:
            del self.fields["precedents"]  # nothing to choose from

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the impediment."""
        precedents = tuple(self.others[UUID(pk)] for pk in self.cleaned_data.get("precedents", ()))
        return {**super().asked(), "amendment": Amendment(precedents=precedents, **self.what_is_said())}
