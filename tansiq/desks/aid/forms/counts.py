"""What may be asked of counts: a definition or two, a period, a past moment, a grouping."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.forms.fields import DayField, FilterForm, MomentField, choices
from tansiq.desks.aid.queries.words import Words
from tansiq.desks.aid.rules import CountRule

GROUPS = {"day": _("Day"), "crossing": _("Crossing"), "commodity_class": _("Commodity class"),
          "commodity": _("Commodity"), "consignor": _("Consignor class"), "source": _("Source")}  # fmt: skip
USUAL_DAYS, LONGEST_DAYS = 14, 1_100


class CountForm(FilterForm):
    """A count, or two of them side by side."""

    count = forms.ChoiceField(label=_("Count"))
    source = forms.ChoiceField(label=_("of source"), required=False)
    beside = forms.ChoiceField(label=_("Beside it"), required=False)
    beside_source = forms.ChoiceField(label=_("of source"), required=False)
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))
    as_of = MomentField(label=_("As known at"), required=False)
    by = forms.ChoiceField(label=_("Group by"), choices=GROUPS.items())

    def __init__(self, data: Any, *, rules: list[CountRule], words: Words) -> None:
        self.rules = {rule.definition.code: rule for rule in rules}
        super().__init__({**self._usual(), **{name: text for name, text in data.items() if text}})
        counts = [(code, name_of(rule)) for code, rule in self.rules.items()]
        self.fields["count"].choices = counts
        self.fields["beside"].choices = [("", _("nothing")), *counts]
        for name in ("source", "beside_source"):
            self.fields[name].choices = choices(words.sources, _("all"))

    def clean(self) -> dict[str, Any]:
        """The days in order, and not too many of them."""
        typed = super().clean() or self.cleaned_data
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", _("Found %(found)s, expected a day from %(expected)s on.")
                           % {"found": until.isoformat(), "expected": since.isoformat()})  # fmt: skip
        elif since and until and (until - since).days >= LONGEST_DAYS:
            self.add_error("until", _("Found %(found)s days, expected at most %(expected)s.")
                           % {"found": (until - since).days + 1, "expected": LONGEST_DAYS})  # fmt: skip
        return typed

    def chosen(self) -> tuple[CountRule, CountRule | None]:
        """The count and what stands beside it, each narrowed to its source."""
        typed = self.cleaned_data
        first = narrowed(self.rules[typed["count"]], typed["source"])
        if not (typed["beside"] or typed["beside_source"]):
            return first, None
        return first, narrowed(self.rules[typed["beside"] or typed["count"]], typed["beside_source"])

    def _usual(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {
            "count": next(iter(self.rules), ""), "by": "day", "until": today.isoformat(),
            "since": (today - timedelta(days=USUAL_DAYS - 1)).isoformat(),
        }  # fmt: skip


class DifferenceForm(CountForm):
    """Two counts whose difference is to be explained."""

    def __init__(self, data: Any, *, rules: list[CountRule], words: Words) -> None:
        super().__init__(data, rules=rules, words=words)
        del self.fields["by"]


def name_of(rule: CountRule) -> str:
    """A definition's name, with the room that defined it where that is another one."""
    name = local_name(rule.names) or rule.definition.code
    return f"{name} ({local_name(rule.owner)})" if rule.owner else name


def narrowed(rule: CountRule, source: str) -> CountRule:
    """A count of one source alone."""
    if not source:
        return rule
    return replace(rule, definition=replace(rule.definition, sources=frozenset({source})))
