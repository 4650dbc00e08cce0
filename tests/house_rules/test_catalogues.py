"""Every text that is shown stands whole in Arabic and Hebrew, with the same placeholders as in English."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tools"))

import catalogues  # noqa: E402
import write_catalogues  # noqa: E402

LANGUAGES = sorted(write_catalogues.PLURALS)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%\w+%%|\{\w*\}|</?\w+[^>]*>")
WITHOUT_COUNT = {"ar": (0, 1, 2), "he": (0, 1)}  # forms that may say none, one or two in a word
FOREIGN = re.compile(r"[A-Za-z]{3,} [A-Za-z]{3,}")
LATIN = re.compile(r"GeoJSON|FeatureCollection|GeometryCollection|CSRF|ISO 8601|RFC 7946")


def read(language: str) -> list[catalogues.Message]:
    path = write_catalogues.catalogue_path(REPOSITORY, language)
    return catalogues.read(path.read_text(encoding="utf-8"), str(path))


def texts(language: str) -> list[catalogues.Message]:
    return [message for message in read(language) if message.source]


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def pairs(language: str) -> Iterator[tuple[str, str, bool]]:
    """Each translated form beside the English it stands for, and whether it may leave the count out."""
    for message in texts(language):
        for index, form in message.forms.items():
            english = message.source if index == 0 or message.plural is None else message.plural
            yield english, form, message.plural is not None and index in WITHOUT_COUNT[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_that_of_the_sources(language: str) -> None:
    wanted = write_catalogues.texts(REPOSITORY)
    present = write_catalogues.catalogue_path(REPOSITORY, language).read_text(encoding="utf-8")
    assert write_catalogues.written(language, wanted, read(language)) == present


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert [message.source for message in read(language) if not message.counts()] == []
    assert [message.source for message in read(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_marks_are_those_of_the_english(language: str) -> None:
    wrong = []
    for english, form, may_leave_out in pairs(language):
        wanted, found = placeholders(english), placeholders(form)
        if wanted != found and not (may_leave_out and not found - wanted):
            wrong.append((english, form))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_spaces_at_the_ends_are_those_of_the_english(language: str) -> None:
    assert [
        (english, form)
        for english, form, _ in pairs(language)
        if (english[:1].isspace(), english[-1:].isspace()) != (form[:1].isspace(), form[-1:].isspace())
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_words_are_left_in_a_translation(language: str) -> None:
    plain = ((english, LATIN.sub("", PLACEHOLDER.sub("", form))) for english, form, _ in pairs(language))
    assert [(english, form) for english, form in plain if FOREIGN.search(form)] == []


@pytest.mark.parametrize(("language", "count"), [("ar", 6), ("he", 3)])
def test_plurals_are_those_of_the_language(language: str, count: int) -> None:
    header = next(message.forms[0] for message in read(language) if message.source == "")
    assert f"Plural-Forms: {write_catalogues.PLURALS[language]}\n" in header
    assert f"nplurals={count};" in header
    assert [
        message.source for message in texts(language) if message.plural and sorted(message.forms) != list(range(count))
    ] == []


def test_catalogues_of_all_languages_hold_the_same_texts() -> None:
    keys = [[message.key() for message in read(language)] for language in LANGUAGES]
    assert all(one == keys[0] for one in keys)


def test_borrowed_sentences_are_still_those_of_the_libraries() -> None:
    places = [Path(django.__file__).parent, Path(allauth.__file__).parent]
    theirs = {
        message.source
        for place in places
        for path in place.rglob("locale/he/LC_MESSAGES/django.po")
        for message in catalogues.read(path.read_text(encoding="utf-8"), str(path))
    }
    borrowed = catalogues.read(write_catalogues.BORROWED.read_text(encoding="utf-8"))
    assert [message.source for message in borrowed if message.source not in theirs] == []
