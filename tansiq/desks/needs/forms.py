"""What may be typed of needs: a caseload, a file of them, exposure, a storm, and what lists are narrowed to."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.fields import DayField, FilterForm, MomentField, choices, said
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.needs.queries.setting import Setting
from tansiq.desks.needs.rules import PEOPLE_AT_MOST, CaseloadStated, ExposureStated, StormStated

FIELD_OF_REFUSAL = {
    "needs_area_unknown": "p_code", "needs_indicator_unknown": "indicator", "needs_level_unknown": "level",
    "needs_hazard_unknown": "hazard", "needs_source_missing": "source", "needs_people_out_of_range": "people",
    "needs_households_too_many": "households", "needs_date_ahead": "as_of_date", "needs_storm_span": "ends_at",
    "needs_storm_areas": "areas", "needs_storm_warning": "warning", "needs_reason_missing": "reason",
    "needs_file_unreadable": "file", "needs_file_columns": "file",
}  # fmt: skip
SHEETS = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"
LAST_DAYS = 30


class KnownForm(forms.Form):
    """A form that knows the setting, and puts a refusal of the act beside the field it speaks of."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, known: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "p_code": (known.areas, _("Choose")), "areas": (known.areas, None),
            "indicator": (named(known.needs.indicators), _("whoever needs anything")),
            "level": (named(known.needs.levels), _("Choose")), "hazard": (named(known.needs.hazards), _("Choose")),
        }  # fmt: skip
        for name, (names, blank) in offered.items():
            if name in self.fields:
                self.fields[name].choices = choices(names, blank)

    def refuse(self, refused: Refused) -> None:
        """Show the sentence beside its field; above all of them where it speaks of none."""
        field = FIELD_OF_REFUSAL.get(refused.code)
        self.add_error(field if field in self.fields else None, str(refused))


class CaseloadForm(KnownForm):
    """How many people in a place need something."""

    p_code = forms.ChoiceField(label=_("Area"))
    site = forms.CharField(label=_("Site"), required=False, max_length=200, help_text=_("Empty: the whole area."))
    indicator = forms.ChoiceField(label=_("What they need"), required=False)
    people = forms.IntegerField(label=_("People"), min_value=0, max_value=PEOPLE_AT_MOST)
    households = forms.IntegerField(
        label=_("Households"), required=False, min_value=0, max_value=PEOPLE_AT_MOST,
        help_text=_("Empty: reckoned from the size of a household."),
    )  # fmt: skip
    as_of_date = DayField(label=_("Counted on"))
    source = forms.CharField(label=_("Source"), max_length=200)

    def stated(self) -> CaseloadStated:
        """What was typed, as the desk takes it."""
        return CaseloadStated(**{name: value for name, value in self.cleaned_data.items() if name != "key"})


class FileForm(KnownForm):
    """A file of caseloads."""

    file = forms.FileField(
        label=_("File"), help_text=_("A workbook or a CSV file; an HXL row is understood."),
        widget=forms.FileInput(attrs={"accept": SHEETS}),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), required=False, max_length=200, help_text=_("For rows that state none.")
    )
    as_of = DayField(label=_("Counted on"), required=False, help_text=_("For rows that state none."))
    allow_refused = forms.BooleanField(
        label=_("Take the good rows even where others are refused"), required=False,
        help_text=_("Otherwise a file with one row that cannot be read is not taken at all."),
    )  # fmt: skip


class ExposureForm(KnownForm):
    """How exposed a place is to a hazard."""

    p_code = forms.ChoiceField(label=_("Area"))
    site = forms.CharField(label=_("Site"), required=False, max_length=200, help_text=_("Empty: the whole area."))
    hazard = forms.ChoiceField(label=_("Hazard"))
    level = forms.ChoiceField(label=_("Exposure"))
    as_of_date = DayField(label=_("As of"))
    source = forms.CharField(label=_("Source"), max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def stated(self) -> ExposureStated:
        """What was typed, as the desk takes it."""
        return ExposureStated(**{name: value for name, value in self.cleaned_data.items() if name != "key"})


class StormForm(KnownForm):
    """A warning over which storm mode is opened."""

    warning = forms.CharField(label=_("What is warned of"), max_length=200)
    hazard = forms.ChoiceField(label=_("Hazard"))
    areas = forms.MultipleChoiceField(label=_("Areas"), widget=forms.CheckboxSelectMultiple)
    begins_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    source = forms.CharField(label=_("Source"), max_length=200)

    def stated(self) -> StormStated:
        """What was typed, as the desk takes it."""
        typed = self.cleaned_data
        return StormStated(
            typed["warning"], typed["hazard"], tuple(typed["areas"]), typed["begins_at"], typed["ends_at"],
            typed["source"],
        )  # fmt: skip


class CloseForm(KnownForm):
    """Why storm mode is closed."""

    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class PlaceFilterForm(FilterForm):
    """To which area, indicator or hazard a list is narrowed."""

    p_code = forms.ChoiceField(label=_("Area"), required=False)
    indicator = forms.ChoiceField(label=_("What they need"), required=False)
    hazard = forms.ChoiceField(label=_("Hazard"), required=False)

    def __init__(self, *args: Any, known: Setting, without: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in without:
            del self.fields[name]
        names = {
            "p_code": known.areas,
            "indicator": named(known.needs.indicators),
            "hazard": named(known.needs.hazards),
        }
        for name in self.fields:
            self.fields[name].choices = choices(names[name], _("all"))

    def wanted(self) -> dict[str, str]:
        """The valid choices."""
        return {name: str(value) for name, value in said(self).items()}


class DaysForm(FilterForm):
    """Between which days."""

    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    def chosen(self, today: date) -> tuple[date, date]:
        """The days asked for; the last thirty days where none are."""
        asked = said(self)
        last: date = asked.get("last", today)
        first: date = asked.get("first", last - timedelta(days=LAST_DAYS - 1))
        return min(first, last), last


def named(entries: Any) -> dict[str, dict[str, str]]:
    """Code → names of a list of the operation's files."""
    return {one.code: one.names.as_data() for one in entries}
