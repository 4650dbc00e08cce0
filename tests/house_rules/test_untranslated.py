"""No page of an Arabic or Hebrew reader holds words that nobody translated; and each live piece is a piece."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import override_settings

from tansiq.building.ledger import sequencer
from tests import databases
from tests.house_rules.crawling import Answer, Walker, routes
from tests.house_rules.planting import furnish, plant

MARK = "zqalpha"
READER = "alpha"
LANGUAGES = ("ar", "he")
COOKIE = "tansiq_language"
NOT_WALKED = ("/floor/events", "/accounts/", "/static/", "/language/", "/api/v1/openapi.json")
SHOWN = ("placeholder", "title", "aria-label", "alt", "data-label", "data-key-label")
SILENT = frozenset({"script", "style", "template", "code", "kbd", "pre", "samp"})
MARKED = frozenset({"code", "tlp"})  # classes of references, codes and TLP marks
EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
ALLOWED = re.compile(
    r"""
    \b\d{6}Z\s[A-Z]{3}\s\d{2}\b                     # date-time groups
    | \b[\w.+-]+@[\w.-]+\b                          # addresses of accounts
    | \b[a-z_]+(?:\.[a-z_*]+)+\b                    # names of acts
    | (?:(?:entered|screened|manifested|sealed|departed)[ ])?zqalpha[\w@.-]*(?:[ ][\w.]+)*  # what people typed, perhaps after a stage's code
    | `\w+`                                        # names of an interface
    | \b[A-Z]{2}\d{2,}\b                           # p-codes
    | \bTLP:[A-Z+]+
    | \b(?:alpha|beta|envoy|floor|lead|guarantors|un|ngo|other_ngo|association|press)(?:[ ](?:officer|observer))?\b  # rooms and people of the test
    | \b(?:CSV|XLSX|PDF|JSON|TLP|SHA|RFC|UTC|OpenAPI|UN|NGO|HXL|YAML|XLS|ODS|UUID|WGS|P-code|km|kg)\b
    | %\w+%                                         # gaps of words that scripts fill
    | \bEnglish\b                                   # how the language names itself
    """,
    re.VERBOSE,
)
OF_DATA = frozenset(
    # Words of files and of the test operation, which stand as they were written: heads and cells of an imported table,
    # sources of outlines, roles, steps and kinds of record for which the test operation has no names.
    [
        "data_period",
        "reported_by",
        "cargo_category",
        "food",
        "unrwa",
        "centre_staff",
        "half",
        "cell_lead",
        "liaison_officer",
        "logistics_officer",
        "aid_consignment",
        "aid_event",
        "impediment",
        "manifest",
    ]
) | {
    "Month, Cluster, Region, RegionPcode, District, DistrictPcode, Organization Type, Organization_Name",
    "Hand-made schematic drawing for the sample operation",
    "Public administrative names and p-codes; outlines drawn by hand for the sample",
}
LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]+")


class Visible(HTMLParser):
    """What a reader sees or hears of a page, without what is marked as a code or as of another language."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent: list[bool] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        own = tag in SILENT or MARKED & set(given.get("class", "").split()) or given.get("lang") == "en"
        quiet = bool(own) or self.is_silent
        if not quiet:
            self.texts += [given[name] for name in SHOWN if given.get(name)]
        if tag not in EMPTY:
            self.silent.append(quiet)

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY and self.silent:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.texts.append(data)

    @property
    def is_silent(self) -> bool:
        return bool(self.silent) and self.silent[-1]


class Pieces(HTMLParser):
    """The addresses from which a page asks for its live pieces again."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found |= {value or "" for name, value in attributes if name == "data-live-url"}


def untranslated(page: str) -> list[str]:
    """The Latin words of a page that stand on no list, each with the text around it."""
    visible = Visible()
    visible.feed(page)
    texts = (" ".join(text.split()) for text in visible.texts)
    return [text for text in texts if text.strip(" ·") not in OF_DATA and LATIN.search(ALLOWED.sub(" ", text))]


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, dict[str, Answer]]]:
    """Every page that the officer of a room full of records reaches, in each language."""
    place = tmp_path_factory.mktemp("words")
    settings = override_settings(DATA=place, VAULT=place / "vault")
    with django_db_blocker.unblock(), settings, databases.copied("words"):  # type: ignore[attr-defined]
        furnish()
        plant(READER, MARK)
        sequencer.tick()
        yield {language: read_everything(language) for language in LANGUAGES}


def read_everything(language: str) -> dict[str, Answer]:
    reader = Walker(READER)
    reader.client.cookies[COOKIE] = language
    start = [route.filled({}) for route in routes() if not route.gaps]
    reader.walk(start, (), lambda url: url.startswith(NOT_WALKED) or "format=" in url)
    return {url: found for url, found in reader.answers.items() if found.kind.startswith("text/html")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_untranslated_words(walked: dict[str, dict[str, Answer]], language: str):
    pages = {url: found.body.decode() for url, found in walked[language].items() if found.status == 200}
    assert len(pages) > 60
    assert all(f'lang="{language}"' in page for page in pages.values() if "<html" in page)
    found = {text: url for url, page in pages.items() for text in untranslated(page)}
    assert not found, "\n".join(sorted(f"{url}: {text}" for text, url in found.items()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_planted_english_sentence_is_found(walked: dict[str, dict[str, Answer]], language: str):
    page = walked[language]["/aid/"].body.decode()
    assert untranslated(page) == []
    for planted in ("<p>Nothing waits here.</p>", '<input placeholder="Search here">'):
        assert len(untranslated(page.replace("</main>", f"{planted}</main>"))) == 1


def test_live_piece_is_no_whole_page(walked: dict[str, dict[str, Answer]]):
    pages = Pieces()
    for found in walked["ar"].values():
        pages.feed(found.body.decode())
    assert len(pages.found) > 8
    assert [url for url in pages.found if b"<html" in walked["ar"][url].body] == []
