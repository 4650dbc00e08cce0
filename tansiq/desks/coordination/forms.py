"""What may be typed about coordination: which askings to list, a request, every step, an answer, a route's state."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import DayField, FilterForm, MomentField, choices, said
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.coordination.models import AskingLine, Move, TermKind
from tansiq.desks.coordination.queries.lists import OPEN, TO_ANSWER, Wanted, states_to_choose
from tansiq.desks.coordination.queries.words import Words
from tansiq.desks.coordination.rules import (
    ANSWERS,
    APPROVALS,
    QUANTITY_AT_MOST,
    Answer,
    CoordinationAsked,
    LineAsked,
    Outcome,
    RouteNamed,
    RouteStated,
)

LONG = {"widget": forms.Textarea(attrs={"rows": 3}), "max_length": 4000}
HOLDING_POINTS = 4  # for which the form has fields
FIELD_OF_REFUSAL = {
    "coordination_authority_unknown": "authorities", "coordination_no_authority": "authorities",
    "coordination_live": "authorities", "above_ceiling": "authorities", "coordination_window": "window_until",
    "coordination_window_past": "window_until", "coordination_crossing_unknown": "crossing_code",
    "coordination_route_twice": "route_name", "coordination_route_missing": "route_code",
    "coordination_reason_missing": "reason", "coordination_words_missing": "text",
    "coordination_changes_missing": "answer", "coordination_changes_plain": "answer",
    "coordination_part_missing": "answer", "coordination_beyond_approval": "until",
    "coordination_outcome_state": "outcome", "coordination_held": "held_1", "route_cause_missing": "cause",
    "route_since_future": "since_at", "route_expiry": "expires_at", "route_expiry_missing": "expires_at",
    "route_assessment_future": "assessed_date", "route_source_missing": "source", "route_assessment": "assessed_by",
}  # fmt: skip


class Written(forms.CharField):
    """Words that no browser cuts off while they are typed or pasted; what is too long is refused, and stays."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the widget says in the page: no greatest length."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def amount(label: Any) -> forms.DecimalField:
    """A quantity that may be left out."""
    return forms.DecimalField(
        label=label, required=False, max_digits=18, decimal_places=6, min_value=0, max_value=QUANTITY_AT_MOST
    )


class StepForm(forms.Form):
    """What every step carries; a refusal of the act is put beside the field that it speaks of."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def refuse(self, refused: Refused) -> None:
        """Show the sentence beside its field; above all of them where it speaks of none."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        if field == "window_until" and "valid_until" in self.fields:
            field = "valid_until"
        self.add_error(field if field in self.fields else None, str(refused))

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        return {"key": self.cleaned_data["key"]}


class AskingFilterForm(FilterForm):
    """Which askings to list; anything that is not a choice is passed over."""

    q = forms.CharField(label=_("Reference"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("State"), required=False)
    authority = forms.ChoiceField(label=_("Authority"), required=False)
    asker = forms.ChoiceField(label=_("Asked by"), required=False)
    consignment = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("all")), (TO_ANSWER, _("not answered")), (OPEN, _("not closed")), *states_to_choose()]
        self.fields["state"].choices = states
        rooms = sorted(((room.slug, local_name(room.names)) for room in words.rooms.values()), key=lambda one: one[1])
        named = [(room.slug, local_name(room.names)) for room in words.authorities]
        self.fields["authority"].choices = [("", _("all")), *named]
        self.fields["asker"].choices = [("", _("all")), *rooms]

    def in_force(self) -> list[tuple[str, str]]:
        """What the list is narrowed to, in words."""
        chosen = super().in_force()
        if said(self).get("consignment"):
            chosen.append((str(_("Consignment")), str(_("only requests about one consignment"))))
        return chosen

    def wanted(self, side: str) -> Wanted:
        """The valid choices, as the query takes them."""
        asked = said(self)
        return Wanted(
            side=side, sought=asked.get("q", ""), state=asked.get("state", ""), authority=asked.get("authority", ""),
            asker=asked.get("asker", ""), consignment=asked.get("consignment"),
        )  # fmt: skip


class RequestFields(StepForm):
    """What an authority is asked to agree to: window, crossing, route, how much of each line."""

    window_from = MomentField(label=_("Window from"))
    window_until = MomentField(label=_("Window until"))
    crossing_code = forms.ChoiceField(label=_("Crossing"), required=False)
    route_code = forms.ChoiceField(label=_("Route"), required=False)
    route_name = Written(
        label=_("Route by another name"), required=False, max_length=200,
        help_text=_("Where the list has no such route; it is kept as you write it."),
    )  # fmt: skip
    note = Written(label=_("What the authority should know"), required=False, **LONG)

    def __init__(self, *args: Any, goods: Sequence[LineAsked], names: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goods = goods
        self.fields["crossing_code"].choices = choices(self.words.crossings, "—")
        self.fields["route_code"].choices = choices(self.words.usable(TermKind.ROUTE), "—")
        for line in goods:
            self.fields[f"line_{line.number}"] = amount(names[line.number])
            self.initial.setdefault(f"line_{line.number}", f"{line.quantity.normalize():f}")

    @property
    def groups(self) -> Any:
        """The fields in their groups, as the page shows them."""
        first = [name for name in ("authorities",) if name in self.fields]
        lines = tuple(f"line_{line.number}" for line in self.goods)
        return [
            *([(_("Who is asked"), tuple(first))] if first else []),
            (_("When and where"), ("window_from", "window_until", "crossing_code", "route_code", "route_name")),
            *([(_("How much moves"), lines)] if lines else []), (_("Note"), ("note", "reason")),
        ]  # fmt: skip

    def request(self) -> CoordinationAsked:
        """What was typed, as the desk takes it; a line without a quantity does not move."""
        typed = self.cleaned_data
        amounts = {line.number: typed.get(f"line_{line.number}") for line in self.goods}
        lines = [
            LineAsked(line.number, Decimal(amounts[line.number] or 0), line.unit, line.commodity, line.cargo)
            for line in self.goods if amounts[line.number]
        ]  # fmt: skip
        return CoordinationAsked(
            typed["window_from"], typed["window_until"], typed["crossing_code"],
            RouteNamed(typed["route_code"], typed["route_name"]), tuple(lines), typed["note"],
        )  # fmt: skip


class AskForm(RequestFields):
    """A new request, before one authority or several at once."""

    authorities = forms.MultipleChoiceField(
        label=_("Authorities"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Each is asked by a request of its own and does not learn who else is asked."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms: dict[str, Room] = {room.slug: room for room in self.words.authorities}
        self.fields["authorities"].choices = [(slug, local_name(one.names)) for slug, one in self.rooms.items()]

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the consignment."""
        rooms = [self.rooms[slug] for slug in self.cleaned_data["authorities"]]
        return {**super().asked(), "authorities": rooms, "asked": self.request()}


class ChangeForm(RequestFields):
    """A changed request to the same authority; the former one is superseded."""

    reason = Written(label=_("Why it is changed"), required=False, **LONG)

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        return {**super().asked(), "asked": self.request(), "reason": self.cleaned_data["reason"]}


class TextForm(StepForm):
    """A step with words that may be left out."""

    text = Written(label=_("In your own words"), required=False, **LONG)

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        return {**super().asked(), "text": self.cleaned_data["text"]}


class InformForm(TextForm):
    """The information that was asked for."""

    text = Written(label=_("What was asked for"), **LONG)


class WithdrawForm(StepForm):
    """Why a request is taken back."""

    text = Written(label=_("Why"), **LONG)

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        return {**super().asked(), "reason": self.cleaned_data["text"]}


class ConcludeForm(StepForm):
    """What came of it, and how long it was held where."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    text = Written(label=_("Reason, in your own words"), required=False, **LONG)

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = self.words.bodies[TermKind.OUTCOME]
        usable = self.words.usable(TermKind.OUTCOME)
        fitting = {code: names for code, names in usable.items() if state in bodies[code].get("after", ())}
        self.fields["outcome"].choices = choices(fitting, _("Choose"))
        for number in range(1, HOLDING_POINTS + 1):
            self.fields[f"place_{number}"] = Written(
                label=_("Holding point %(number)s") % {"number": number}, required=False, max_length=200
            )
            self.fields[f"held_{number}"] = forms.IntegerField(
                label=_("Minutes held there"), required=False, min_value=0, max_value=527_040
            )

    def clean(self) -> dict[str, Any]:
        """A holding point has a name and minutes, or neither."""
        for number in range(1, HOLDING_POINTS + 1):
            place, held = self.cleaned_data.get(f"place_{number}"), self.cleaned_data.get(f"held_{number}")
            if bool(place) != (held is not None) and f"held_{number}" not in self.errors:
                self.add_error(f"held_{number}", _("A holding point needs its name and the minutes held there."))
        return self.cleaned_data

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        typed = self.cleaned_data
        holdings = [
            (typed[f"place_{number}"], typed[f"held_{number}"])
            for number in range(1, HOLDING_POINTS + 1) if typed.get(f"place_{number}")
        ]  # fmt: skip
        return {**super().asked(), "outcome": Outcome(typed["outcome"], typed["text"], tuple(holdings))}


class AnswerForm(StepForm):
    """What the authority answers; what is left out of an approval is agreed to as it was asked."""

    answer = forms.ChoiceField(label=_("Answer"))
    reason = forms.ChoiceField(label=_("Reason of a denial"), required=False)
    text = Written(label=_("In your own words"), required=False, **LONG)
    valid_from = MomentField(label=_("Another window, from"), required=False)
    valid_until = MomentField(label=_("Another window, until"), required=False)
    crossing_code = forms.ChoiceField(label=_("Another crossing"), required=False)
    route_code = forms.ChoiceField(label=_("Another route"), required=False)
    route_name = Written(label=_("Another route, by name"), required=False, max_length=200)

    def __init__(
        self, *args: Any, lines: Sequence[AskingLine], names: dict[int, str], moves: Sequence[str], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.lines = lines
        offered = [(move.value, ANSWER_WORDS[move]) for move in ANSWERS if move.value in moves]
        self.fields["answer"].choices = [("", _("Choose")), *offered]
        self.fields["reason"].choices = choices(self.words.usable(TermKind.REASON), "—")
        self.fields["crossing_code"].choices = choices(self.words.crossings, "—")
        self.fields["route_code"].choices = choices(self.words.usable(TermKind.ROUTE), "—")
        for line in lines:
            self.fields[f"line_{line.number}"] = amount(names[line.number])

    @property
    def groups(self) -> Any:
        """The fields in their groups, as the page shows them."""
        changes = ("valid_from", "valid_until", "crossing_code", "route_code", "route_name")
        lines = tuple(f"line_{line.number}" for line in self.lines)
        return [
            (_("Answer"), ("answer", "reason", "text")), (_("What is changed"), changes),
            *([(_("How much is agreed to"), lines)] if lines else []),
        ]  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        typed = self.cleaned_data
        move = Move(typed["answer"])
        agreed = [(line, typed.get(f"line_{line.number}")) for line in self.lines]
        said_: dict[str, Any] = {"reason": typed["reason"]} if move == Move.DENY else {}
        if move in APPROVALS:
            said_ = {
                "valid_from": typed["valid_from"], "valid_until": typed["valid_until"],
                "crossing_code": typed["crossing_code"], "route": RouteNamed(typed["route_code"], typed["route_name"]),
                "lines": tuple(LineAsked(line.number, much, line.unit) for line, much in agreed if much is not None),
            }  # fmt: skip
        return {**super().asked(), "answer": Answer(move, text=typed["text"], **said_)}


class GreenLightForm(TextForm):
    """A green light, perhaps for less long than the approval."""

    until = MomentField(
        label=_("Until"), required=False, help_text=_("Left out, it lasts as long as the approval, and no longer.")
    )
    field_order = ["key", "until", "text"]

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        return {**super().asked(), "until": self.cleaned_data["until"]}


class WithholdForm(TextForm):
    """Why no green light is given."""

    reason = forms.ChoiceField(label=_("Reason"))
    field_order = ["key", "reason", "text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices(self.words.usable(TermKind.REASON), _("Choose"))

    def asked(self) -> dict[str, Any]:
        """What the action takes beside the asking."""
        return {**super().asked(), "reason": self.cleaned_data["reason"]}


class RouteForm(StepForm):
    """What is stated of a route."""

    route_code = forms.ChoiceField(label=_("Route"), required=False)
    route_name = Written(label=_("Route by another name"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"))
    cause = forms.ChoiceField(label=_("Cause"), required=False, help_text=_("Of a closure or a suspension."))
    since_at = MomentField(label=_("Since"), required=False, help_text=_("Left out: from now on."))
    expires_at = MomentField(
        label=_("May be relied on until"), required=False, help_text=_("After that hour the statement says nothing.")
    )
    restrictions = Written(label=_("Restrictions"), required=False, **LONG)
    source = Written(label=_("Source"), max_length=300)
    assessed_by = Written(
        label=_("Assessed by"), required=False, max_length=200, help_text=_("An organisation or a team; no names.")
    )
    method = forms.ChoiceField(label=_("Method of assessment"), required=False)
    assessed_date = DayField(label=_("Day of assessment"), required=False)
    note = Written(label=_("Note"), required=False, **LONG)
    groups = (
        (_("Route"), ("route_code", "route_name")),
        (_("State"), ("state", "cause", "since_at", "expires_at", "restrictions")),
        (_("Explosive ordnance: how sure, and by whom"), ("assessed_by", "method", "assessed_date")),
        (_("Who says so"), ("source", "note")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = {"route_code": TermKind.ROUTE, "cause": TermKind.CAUSE, "method": TermKind.METHOD}
        for name, kind in lists.items():
            self.fields[name].choices = choices(self.words.usable(kind), "—")
        self.fields["state"].choices = choices(self.words.usable(TermKind.ROUTE_STATE), _("Choose"))

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        plain = {
            name: value for name, value in self.cleaned_data.items() if name not in ("key", "route_code", "route_name")
        }
        route = RouteNamed(self.cleaned_data["route_code"], self.cleaned_data["route_name"])
        return {**super().asked(), "stated": RouteStated(route=route, **plain)}


ANSWER_WORDS = {
    Move.APPROVE: _("Approve as asked"), Move.APPROVE_WITH_CHANGES: _("Approve with changes"),
    Move.APPROVE_PARTLY: _("Approve in part"), Move.DENY: _("Deny"), Move.ASK_INFORMATION: _("Ask for information"),
}  # fmt: skip
