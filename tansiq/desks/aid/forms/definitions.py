"""What may be typed to define a room's own count."""

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from tansiq.desks.aid.forms.fields import choices
from tansiq.desks.aid.queries.words import Words
from tansiq.desks.aid.rules.definitions import CODE

LANGUAGES = ("en", "ar", "he")
MEASURES = (
    ("units", _("units, each once: how many trucks, how many pallets")),
    ("quantity", _("the sum of quantities in the unit")),
    ("quantity_damaged", _("the sum of what was damaged, in the unit")),
    ("events", _("records: how many times it was stated")),
)
TIME_RULES = (
    ("each_event", _("every event on the day it happened")),
    ("first_event", _("a unit once, on the day of its first such event")),
    ("recorded", _("every event on the day it was recorded")),
)
ATTEMPTS = (("all", _("every attempt of a unit that was sent again")), ("last", _("its last attempt only")))
SIDES = (
    ("receiver", _("As the receiver counts")), ("giver", _("As the giver counts")), ("lower", _("The lower of both")),
)  # fmt: skip
SETS = ("stages", "consignor_classes", "commodities", "crossings", "sources")
PLAIN = ("measure", "time_rule", "attempts", "side")


class DefinitionForm(forms.Form):
    """A count in words of the operation; what is left open counts everything."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    code = forms.CharField(
        label=_("Code"), max_length=64, widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=_("Small Latin letters, digits and _; it stays the same in every version."),
    )  # fmt: skip
    measure = forms.ChoiceField(label=_("What is counted"), choices=MEASURES)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    side = forms.ChoiceField(label=_("Whose quantity"), choices=SIDES, required=False)
    stages = forms.MultipleChoiceField(label=_("Stages"), widget=forms.CheckboxSelectMultiple)
    consignor_classes = forms.MultipleChoiceField(
        label=_("Consignor classes"), widget=forms.CheckboxSelectMultiple, required=False
    )
    commodities = forms.MultipleChoiceField(
        label=_("Commodity classes"), widget=forms.CheckboxSelectMultiple, required=False
    )
    crossings = forms.MultipleChoiceField(label=_("Crossings"), widget=forms.CheckboxSelectMultiple, required=False)
    sources = forms.MultipleChoiceField(label=_("Sources"), widget=forms.CheckboxSelectMultiple, required=False)
    time_rule = forms.ChoiceField(label=_("On which day"), choices=TIME_RULES)
    attempts = forms.ChoiceField(label=_("Attempts"), choices=ATTEMPTS)

    def __init__(self, *args: Any, words: Words, changes: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = {"stages": words.stages, "consignor_classes": words.consignors, "commodities": words.classes,
                  "crossings": words.crossings, "sources": words.sources}  # fmt: skip
        for name, names in listed.items():
            self.fields[name].choices = choices(names)
            if not self.fields[name].required:
                self.fields[name].help_text = _("None chosen: all of them.")
        self.fields["unit"].choices = choices(words.units, "—")
        if changes:
            self.fields["code"].disabled, self.fields["code"].initial = True, changes
        for language in LANGUAGES:
            self._add_names(language)
        self.groups = (
            (_("Name"), ("code", *(f"name_{one}" for one in LANGUAGES), *(f"description_{one}" for one in LANGUAGES))),
            (_("Measure"), ("measure", "unit", "side")),
            (_("At which stages"), ("stages",)),
            (_("Of which goods, through where, as stated by whom"), SETS[1:]),
            (_("Time"), ("time_rule", "attempts")),
        )

    def clean_code(self) -> str:
        """A code as it stands in addresses and files."""
        code = str(self.cleaned_data["code"])
        if not re.fullmatch(CODE, code):
            raise forms.ValidationError(
                _("Found “%(found)s”, expected small Latin letters, digits and _, with a letter first."),
                params={"found": code},
            )
        return code

    def clean(self) -> dict[str, Any]:
        """A name in one language at least; a unit for whatever is not counted in records."""
        typed = super().clean() or self.cleaned_data
        if not self.names():
            self.add_error("name_en", _("Give a name in one language at least."))
        if typed.get("measure") not in (None, "events") and not typed.get("unit"):
            self.add_error("unit", _("Choose the unit in which it is counted."))
        return typed

    def names(self) -> dict[str, str]:
        """The names that were typed, by language."""
        return self._texts("name")

    def body(self) -> dict[str, Any]:
        """What was chosen, as a definition is written; what is open is left out."""
        typed = self.cleaned_data
        body = {name: typed[name] for name in (*SETS, *PLAIN) if typed[name]}
        if typed["measure"] != "events":
            body["unit"] = typed["unit"]
        if not typed["measure"].startswith("quantity"):
            body.pop("side", None)
        described = self._texts("description")
        return body | ({"description": described} if described else {})

    def _texts(self, what: str) -> dict[str, str]:
        said = {language: str(self.cleaned_data.get(f"{what}_{language}") or "") for language in LANGUAGES}
        return {language: text for language, text in said.items() if text}

    def _add_names(self, language: str) -> None:
        name = get_language_info(language)["name_translated"]
        attrs = {"dir": "rtl" if get_language_info(language)["bidi"] else "ltr", "lang": language}
        self.fields[f"name_{language}"] = forms.CharField(
            label=_("Name: %(language)s") % {"language": name}, required=False, max_length=200,
            widget=forms.TextInput(attrs=attrs),
        )  # fmt: skip
        self.fields[f"description_{language}"] = forms.CharField(
            label=_("Description: %(language)s") % {"language": name}, required=False, max_length=1000,
            widget=forms.TextInput(attrs=attrs),
        )  # fmt: skip


def typed_before(code: str, names: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """A definition as the form shows it, so that only what changes need be typed."""
    said = {name: body[name] for name in (*SETS, *PLAIN, "unit") if name in body}
    texts = {f"name_{language}": text for language, text in names.items()}
    texts |= {f"description_{language}": text for language, text in body.get("description", {}).items()}
    return {"code": code, **said, **texts}
