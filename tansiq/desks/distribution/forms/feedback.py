"""What may be typed about monitoring rounds and complaints; never the name of who was asked or who complains."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import FilterForm, MomentField, choices, said
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import local_name
from tansiq.desks.distribution.forms.fields import DeskForm
from tansiq.desks.distribution.models import DistributionPlan, Frame, MonitoringRound
from tansiq.desks.distribution.rules import STATE_WORDS, ComplaintStatement, InterviewStatement, RoundStatement


def rooms_by_name(rooms: Mapping[UUID, Room]) -> list[tuple[str, str]]:
    """Rooms by what they are called."""
    return sorted(((str(pk), local_name(room.names)) for pk, room in rooms.items()), key=lambda one: one[1])


class RoundForm(DeskForm):
    """A round of monitoring: who asks, and from what the system draws."""

    interviewer = forms.ChoiceField(
        label=_("Who asks"), help_text=_("A room that did not hold the distribution.")
    )  # fmt: skip
    frame = forms.ChoiceField(label=_("Drawn from"), choices=Frame.choices)
    population = forms.IntegerField(
        label=_("Households at the distribution"), required=False, min_value=1, max_value=1_000_000,
        help_text=_("They are numbered from 1; the system draws numbers."),
    )  # fmt: skip
    sites = forms.MultipleChoiceField(label=_("Sites"), required=False, widget=forms.CheckboxSelectMultiple)
    size = forms.IntegerField(
        label=_("How many are asked"), required=False, min_value=1, max_value=1_000_000,
        help_text=_("Left empty: as many as the operation's margin asks for."),
    )  # fmt: skip
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "interviewer_not_independent": "interviewer", "interviewer_unknown": "interviewer",
        "above_ceiling": "interviewer", "population_out_of_range": "population", "sample_out_of_range": "size",
        "sites_unknown": "sites",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interviewer"].choices = [("", _("Choose")), *rooms_by_name(self.words.rooms)]
        self.fields["sites"].choices = choices(self.words.aid.areas)

    def statement(self, plan: DistributionPlan) -> RoundStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return RoundStatement(
            plan.pk, UUID(typed["interviewer"]), typed["frame"], typed["population"] or 0, tuple(typed["sites"]),
            typed["size"],
        )  # fmt: skip


class InterviewForm(DeskForm):
    """The answers of one number of a sample."""

    number = forms.ChoiceField(label=_("Number"))
    held_at = MomentField(label=_("When"), initial=timezone.now)
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "number_not_drawn": "number", "number_asked": "number", "not_yet": "held_at",
    }  # fmt: skip

    def __init__(self, *args: Any, found: MonitoringRound, waiting: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = found.frame_codes
        names = self.words.aid.areas
        self.fields["number"].choices = [
            (str(n), f"{n} · {local_name(names.get(codes[n - 1])) or codes[n - 1]}" if codes else str(n))
            for n in waiting
        ]
        for question in found.questionnaire:
            answers = [("yes", _("yes")), ("no", _("no"))]
            if question["kind"] == "choice":
                answers = [(one["code"], local_name(one["names"])) for one in question["choices"]]
            self.fields[f"answer_{question['code']}"] = forms.ChoiceField(
                label=local_name(question["names"]), required=False, choices=[("", _("no answer")), *answers]
            )

    def statement(self) -> InterviewStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        answers = {name.removeprefix("answer_"): typed[name] for name in self.fields if name.startswith("answer_")}
        given = {code: answer for code, answer in answers.items() if answer}
        return InterviewStatement(int(typed["number"]), typed["held_at"], given)


class ComplaintFilterForm(FilterForm):
    """Which complaints to list."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *STATE_WORDS.items()])

    def state_wanted(self) -> str:
        """The chosen state; "" for all."""
        return str(said(self).get("state", ""))


class ComplaintForm(DeskForm):
    """A complaint as it came in."""

    category = forms.ChoiceField(label=_("What is it about?"))
    text = forms.CharField(
        label=_("The complaint"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
        help_text=_("Leave out the name of who complains; give them the reference instead."),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("How did it come?"))
    received_at = MomentField(label=_("When"), initial=timezone.now)
    on_behalf = forms.BooleanField(label=_("We say it for somebody else"), required=False)
    is_anonymous = forms.BooleanField(label=_("Who complains wants to stay unknown"), required=False, initial=True)
    area = forms.ChoiceField(label=_("Area"), required=False)
    plan = forms.ChoiceField(label=_("About which distribution"), required=False)
    handler = forms.ChoiceField(
        label=_("Who must answer"),
        required=False,
        help_text=_("Sensitive complaints go to the room that the operation names for them, and to nobody else."),
    )
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "category_unknown": "category", "channel_unknown": "channel", "complaint_empty": "text",
        "plan_area_unknown": "area", "not_yet": "received_at", "handler_unknown": "handler",
        "above_ceiling": "handler", "handler_concerned": "plan",
    }  # fmt: skip

    def __init__(self, *args: Any, plans: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = self.words.lists
        self.fields["category"].choices = choices(lists["complaint_categories"], _("Choose"))
        self.fields["channel"].choices = choices(lists["complaint_channels"], _("Choose"))
        self.fields["area"].choices = choices(self.words.aid.areas, "—")
        self.fields["plan"].choices = [("", "—"), *((str(pk), name) for pk, name in plans.items())]
        self.fields["handler"].choices = [("", _("our own room")), *rooms_by_name(self.words.rooms)]

    def statement(self) -> ComplaintStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return ComplaintStatement(
            typed["category"], typed["channel"], typed["text"], typed["received_at"], typed["on_behalf"],
            typed["is_anonymous"], typed["area"], UUID(typed["plan"]) if typed["plan"] else None,
            UUID(typed["handler"]) if typed["handler"] else None,
        )  # fmt: skip
