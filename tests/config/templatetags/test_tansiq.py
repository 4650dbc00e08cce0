"""Names, times, numbers and marks as pages show them."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from tansiq.config.templatetags import tansiq

NAMES = {"en": "North Crossing", "ar": "معبر الشمال"}
MOMENT = datetime(2026, 11, 21, 12, 30, 5, tzinfo=timezone(timedelta(hours=2)))


class EventForm(forms.Form):
    """A form with groups, for the layout."""

    groups = (("What", ("reference", "gone")),)
    reference = forms.CharField()
    note = forms.CharField(widget=forms.Textarea, required=False)
    sealed = forms.BooleanField(required=False)
    file = forms.FileField(required=False)


@pytest.mark.parametrize(
    ("language", "shown"), [("ar", "معبر الشمال"), ("ar-eg", "معبر الشمال"), ("he", "North Crossing")]
)
def test_local_takes_the_language_then_english(language: str, shown: str) -> None:
    with translation.override(language):
        assert tansiq.local(NAMES) == shown


def test_local_takes_any_name_when_english_is_missing() -> None:
    assert [tansiq.local({"en": "", "he": "שער"}), tansiq.local("plain"), tansiq.local(None)] == ["שער", "plain", ""]


def test_dtg_is_in_utc_with_english_month() -> None:
    with translation.override("ar"):
        assert tansiq.dtg(MOMENT) == "211030Z NOV 26"
    assert tansiq.dtg(None) == ""


def test_local_time_has_the_month_in_the_language() -> None:
    with translation.override("ar"):
        assert tansiq.local_time(MOMENT) == "21 نوفمبر 2026 10:30"


def test_iso_is_utc() -> None:
    assert tansiq.iso(MOMENT) == "2026-11-21T10:30:05Z"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (35521, None, "35,521"),
        (-1200, None, "\u200e\u22121,200"),
        (Decimal("12.5"), 2, "12.50"),
        (0, None, "0"),
        (None, None, ""),
    ],
)
def test_number_has_latin_digits_in_groups(value: object, places: int | None, shown: str) -> None:
    with translation.override("ar"):
        assert tansiq.number(value, places) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize("state", tansiq.SHARE_STATES)
def test_share_has_a_class_and_a_word_of_its_own(state: str) -> None:
    shown = tansiq.share(state)
    assert f"share--{state}" in shown
    assert "<span></span>" not in shown


def test_share_refuses_an_unknown_state() -> None:
    with pytest.raises(ValueError, match="own, released, received, pending, recalled"):
        tansiq.share("secret")


def test_tlp_is_written_as_the_standard_writes_it() -> None:
    with translation.override("he"):
        expected = '<span class="tlp tlp--amber-strict" lang="en">TLP:AMBER+STRICT</span>\n'
        assert tansiq.tlp("AMBER+STRICT") == expected
    with pytest.raises(ValueError, match="WHITE"):
        tansiq.tlp("WHITE")


def test_theme_takes_only_known_values() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = '"><b>'
    assert tansiq.theme(request) == ""
    request.COOKIES["theme"] = "dark"
    assert tansiq.theme(request) == "dark"


def test_field_groups_put_unnamed_fields_last() -> None:
    groups = [(legend, [field.name for field in fields]) for legend, fields in tansiq.field_groups(EventForm())]
    assert groups == [("What", ["reference"]), ("", ["note", "sealed", "file"])]


def test_form_shows_the_error_beside_its_field_and_typed_text_in_its_own_direction() -> None:
    html = EventForm({"reference": ""}).as_div()
    field = html[html.index('for="id_reference"') : html.index('name="reference"')]
    assert 'id="id_reference_error"' in field
    assert html.count('dir="auto"') == 2
    assert html.count('class="file-drop"') == 1
    assert html.count("field--tick") == 1


def test_page_link_keeps_the_filters() -> None:
    request = RequestFactory().get("/aid/", {"crossing": "north", "page": "2"})
    template = Template("{% load tansiq %}{% page_link 3 %}")
    assert template.render(Context({"request": request})) == "?crossing=north&amp;page=3"
