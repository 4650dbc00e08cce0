"""Steps of a ladder are read in words, never as codes, in each language."""

from datetime import timedelta

import pytest
from django.utils import translation

from tansiq.building.clocks.templatetags.clocks import step_in_words
from tansiq.building.rooms.wording import span_in_words


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("50%", "at 50 % of the time"),
        ("100%", "at the due time"),
        ("+PT2H", "2 hours after the due time"),
        ("+P1DT1H30M", "1 day 1 hour 30 minutes after the due time"),
    ],
)
def test_step_in_english(code, said):
    assert step_in_words(code) == said


@pytest.mark.parametrize(("language", "said"), [("ar", "بعد الموعد بمدة ساعتين"), ("he", "שעתיים אחרי מועד היעד")])
def test_step_in_the_readers_language(language, said):
    with translation.override(language):
        assert step_in_words("+PT2H") == said


@pytest.mark.parametrize(("hours", "said"), [(1, "ساعة واحدة"), (2, "ساعتين"), (3, "3 ساعات"), (11, "11 ساعة")])
def test_arabic_counts_as_arabic_does(hours, said):
    with translation.override("ar"):
        assert span_in_words(timedelta(hours=hours)) == said
