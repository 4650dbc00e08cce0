"""What may be typed about distributions: the plan, a check, why it is put off, and the report."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import FilterForm, MomentField, choices, said
from tansiq.building.rooms.queries import local_name
from tansiq.desks.distribution.forms.fields import LONG, DeskForm, GoodsLines, quantity_field
from tansiq.desks.distribution.models import PlanState, Warehouse
from tansiq.desks.distribution.queries.plans import PlannedLine
from tansiq.desks.distribution.rules import CheckStatement, Outcome, PlannedGoods, PlanStatement, ReportStatement

MOST_PEOPLE = 1_000_000


class PlanFilterForm(FilterForm):
    """Which distributions to list."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *PlanState.choices])

    def state_wanted(self) -> str:
        """The chosen state; "" for all."""
        return str(said(self).get("state", ""))


class PlanForm(GoodsLines):
    """A distribution: out of which store, where, when, for whom, what each household is given, and the crowd plan."""

    warehouse = forms.ChoiceField(label=_("Out of which store"))
    area = forms.ChoiceField(label=_("Area"))
    site = forms.CharField(label=_("Exact site"), max_length=300)
    starts_at = MomentField(label=_("Begins at"))
    ends_at = MomentField(label=_("Ends at"))
    households = forms.IntegerField(label=_("Households, how many"), min_value=1, max_value=MOST_PEOPLE)
    criteria = forms.CharField(label=_("Who is entitled"), required=False, **LONG)
    crowd_measures = forms.MultipleChoiceField(
        label=_("Crowd plan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    crowd_plan = forms.CharField(label=_("Crowd plan, in words"), required=False, **LONG)
    staff_count = forms.IntegerField(
        label=_("How many people work there"), required=False, min_value=0, max_value=10_000,
        help_text=_("A number only. Nobody is asked for a list of names, and none can be kept here."),
    )  # fmt: skip
    focal_person = forms.CharField(
        label=_("Whom one meets there"), required=False, max_length=200,
        help_text=_("Read by your own room alone, and purged some days after the distribution."),
    )  # fmt: skip
    contact = forms.CharField(label=_("How to reach them"), required=False, max_length=300)
    with_expiry: ClassVar[bool] = False
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "plan_area_unknown": "area", "plan_site_missing": "site", "plan_hours": "ends_at",
        "plan_households": "households", "plan_staff": "staff_count", "stock_reserved": "quantity_1",
        "warehouse_closed": "warehouse",
    }  # fmt: skip

    def __init__(self, *args: Any, stores: Iterable[Warehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].choices = [("", _("Choose")), *((str(one.pk), one.name) for one in stores)]
        self.fields["area"].choices = choices(self.words.aid.areas, _("Choose"))
        self.fields["crowd_measures"].choices = choices(self.words.lists["crowd_measures"])

    def statement(self) -> PlanStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        plain = ("area", "site", "starts_at", "ends_at", "households", "criteria", "crowd_plan", "staff_count",
                 "focal_person", "contact")  # fmt: skip
        return PlanStatement(
            warehouse_id=UUID(typed["warehouse"]), crowd_measures=tuple(typed["crowd_measures"]),
            goods=tuple(PlannedGoods(one.commodity, one.unit, one.quantity) for one in self.goods()),
            **{name: typed[name] for name in plain},
        )  # fmt: skip


class CheckForm(DeskForm):
    """A check before a distribution."""

    check = forms.ChoiceField(label=_("What was checked"))
    is_so = forms.ChoiceField(label=_("What was found"), choices=[("yes", _("it is so")), ("no", _("it is not so"))])
    by_whom = forms.CharField(
        label=_("Who checked it"), max_length=200, help_text=_("The organisation or team; no name of a person.")
    )
    source = forms.CharField(label=_("Source"), max_length=300)
    checked_at = MomentField(label=_("Checked at"), initial=timezone.now)
    valid_until = MomentField(
        label=_("Holds until"), required=False, help_text=_("Left empty: as long as the operation says.")
    )
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "check_unknown": "check", "check_unsourced": "by_whom", "check_ahead": "checked_at",
        "check_without_time": "valid_until",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["check"].choices = choices(self.words.lists["checks"], _("Choose"))

    def statement(self) -> CheckStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return CheckStatement(
            typed["check"], typed["is_so"] == "yes", typed["by_whom"], typed["source"], typed["checked_at"],
            typed["valid_until"],
        )  # fmt: skip


class PutOffForm(DeskForm):
    """Why a distribution is put off or given up."""

    reason = forms.ChoiceField(label=_("Reason"))
    text = forms.CharField(label=_("In your own words"), required=False, **LONG)
    field_of_refusal: ClassVar[Mapping[str, str]] = {"put_off_reason_unknown": "reason"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices(self.words.lists["put_off_reasons"], _("Choose"))


class ReportForm(DeskForm):
    """What became of the goods and whom they reached: a few numbers, on a phone with a bad connection."""

    held_at = MomentField(label=_("When was it held?"), initial=timezone.now)
    households = forms.IntegerField(label=_("How many households received?"), min_value=0, max_value=MOST_PEOPLE)
    remark = forms.CharField(label=_("Remark"), required=False, **LONG)
    insist = forms.BooleanField(label=_("The figures differ: send it all the same, I will explain"), required=False)
    field_of_refusal: ClassVar[Mapping[str, str]] = {
        "not_yet": "held_at", "not_yet_happened": "held_at", "fewer_people": "households",
        "people_out_of_range": "households", "report_differs": "distributed_1", "movement_reason_unknown": "reason_1",
    }  # fmt: skip

    def __init__(self, *args: Any, lines: list[PlannedLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.planned = list(enumerate(lines, start=1))
        reasons = choices(self.words.reasons_of("loss"), "—")
        for number, one in self.planned:
            first = f"{one.quantity.normalize():f}"
            self.fields[f"received_{number}"] = quantity_field(_("received"), initial=first)
            self.fields[f"distributed_{number}"] = quantity_field(_("distributed"))
            self.fields[f"left_{number}"] = quantity_field(_("left"), initial="0")
            self.fields[f"lost_{number}"] = quantity_field(_("lost"), initial="0")
            self.fields[f"reason_{number}"] = forms.ChoiceField(
                label=_("why lost"), required=False, choices=reasons
            )  # fmt: skip
        for code, names in self.words.lists["groups"].items():
            self.fields[f"group_{code}"] = forms.IntegerField(
                label=local_name(names), required=False, min_value=0, max_value=MOST_PEOPLE
            )
        for field in self.fields.values():
            if isinstance(field, forms.DecimalField | forms.IntegerField):
                field.widget.attrs["inputmode"] = "decimal"

    def goods(self) -> list[tuple[PlannedLine, list[forms.BoundField]]]:
        """The fields of each kind of goods."""
        parts = ("received", "distributed", "left", "lost", "reason")
        return [(one, [self[f"{part}_{number}"] for part in parts]) for number, one in self.planned]

    def people(self) -> list[forms.BoundField]:
        """The fields of the groups by sex and age."""
        return [self[name] for name in self.fields if name.startswith("group_")]

    def typed(self) -> dict[str, str]:
        """Everything as it was typed, for the draft."""
        return {name: self.data.get(name, "") for name in self.fields if name != "key" and self.data.get(name)}

    def statement(self) -> ReportStatement:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        outcomes = tuple(
            Outcome(one.commodity, one.unit, *[typed[f"{part}_{n}"] or Decimal(0) for part in FIGURES],
                    typed[f"reason_{n}"])
            for n, one in self.planned
        )  # fmt: skip
        people = {
            name.removeprefix("group_"): typed[name]
            for name in self.fields
            if name.startswith("group_") and typed[name] is not None
        }
        return ReportStatement(
            typed["held_at"], outcomes, typed["households"], people, typed["insist"], typed["remark"]
        )  # fmt: skip


FIGURES = ("received", "distributed", "left", "lost")
