"""The sample's operation behind a server of its own, and people who sit at browsers in its rooms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Browser, Locator, expect, sync_playwright

from tansiq.building.ledger import sequencer
from tansiq.building.ledger.signer import FileSigner
from tansiq.building.rooms.configuration import OperationConfiguration, read_operation
from tansiq.console.operation import load_operation
from tansiq.console.sample import DIRECTORY
from tests import databases
from tests.servers import served_apart
from tools.pictures import ARGUMENTS, find_browser

LANGUAGES = {"ar": "العربيّة", "en": "English", "he": "עברית"}
ISOLATES = re.compile("[\u2066-\u2069]")
PEOPLE = {
    "cedar": "ar", "liaison.a": "he", "second.a": "he", "logistics": "en", "crossing": "en", "watch": "en",
    "duty.director": "en", "olive": "ar", "lantern": "en", "press": "en", "liaison.b": "ar",
}  # fmt: skip
"""Post → the language in which it works here."""
IN_SEVERAL_ROOMS = {"duty.director": "Shared floor"}


class Person:
    """Somebody at a browser, in the language they work in; sees what a page says and uses what it offers."""

    def __init__(self, browser: Browser, url: str, email: str, language: str, room: str = "") -> None:
        self.url, self.language = url, language
        self.page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        self.page.set_default_timeout(20_000)
        self.go("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", read().sample_password)
        self.page.press("[name=password]", "Enter")
        expect(self.page).not_to_have_url(re.compile("/login/"))
        if room:
            card = self.page.locator("main li, main section, main article, main form").filter(has_text=room)
            card.get_by_role("button").last.click()
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.get_by_role("button", name=LANGUAGES[language], exact=True).click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def go(self, path: str) -> int:
        answer = self.page.goto(path if path.startswith("http") else self.url + path)
        return answer.status if answer else 0

    def says(self, words: str, context: str = "") -> str:
        """Words of the product as this person reads them; words that nobody translated are a fault."""
        with translation.override(self.language):
            found = pgettext(context, words) if context else gettext(words)
        assert self.language == "en" or found != words, f"not translated into {self.language}: {words}"
        return found

    def press(self, words: str, context: str = "") -> None:
        """Follow a link or press a button by what stands on it."""
        name = self.says(words, context)
        named = self.page.locator("main").get_by_role("link", name=name, exact=True)
        self.click(named.or_(self.page.locator("main").get_by_role("button", name=name, exact=True)))

    def follow(self, words: str) -> None:
        """Follow a link that contains these words, as they stand in the page."""
        self.click(self.page.locator("main a", has_text=words))

    def submit(self) -> None:
        """Send the form with its main button."""
        self.click(self.page.locator("#form > button[type=submit], #form .button-row .button--main"))

    def fill(self, **fields: object) -> None:
        """Fill in fields by their names: what is typed, chosen, or ticked."""
        for name, value in fields.items():
            for one in value if isinstance(value, tuple) else (value,):
                self._fill(self.page.locator(f"main [name={name}]"), str(one))

    def _fill(self, found: Locator, value: str) -> None:
        kind = found.first.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
        if kind == "select":
            found.select_option(value)
        elif kind == "checkbox":
            (found if value == "True" else found.and_(self.page.locator(f"[value='{value}']"))).check()
        else:
            found.fill(value)

    def text(self) -> str:
        return ISOLATES.sub("", " ".join(self.page.locator("main").inner_text().split()))

    def sees(self, *words: str) -> None:
        shown = self.text()
        for one in words:
            assert " ".join(one.split()) in shown, f"{self.page.url} does not say “{one}”:\n{shown}"

    def reads(self, *words: str) -> None:
        """The same for words of the product."""
        self.sees(*map(self.says, words))

    def click(self, found: Locator) -> None:
        found.locator("visible=true").first.click()
        self.page.wait_for_load_state()


@dataclass
class Way:
    """What the story leaves behind: addresses, and after each chapter how far the signed tree reached."""

    people: dict[str, Person]
    signer: FileSigner
    pages: dict[str, str] = field(default_factory=dict)
    code: str = ""
    chapters: list[tuple[str, tuple[str, ...], int]] = field(default_factory=list)

    def keep(self, name: str, who: str) -> None:
        """Remember the address at which somebody stands."""
        self.pages[name] = self.people[who].page.url.split("?", maxsplit=1)[0].removeprefix(self.people[who].url)

    def told(self, who: str, *acts: str) -> None:
        """A chapter ends: the sequencer places what was done."""
        done = sequencer.tick(self.signer)
        assert done is not None
        self.chapters.append((who, acts, done.size))


def read() -> OperationConfiguration:
    return read_operation(DIRECTORY)


@pytest.fixture(scope="module")
def url(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """The sample's operation, without the sample's story, in a database of its own behind a server of its own."""
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock():  # type: ignore[attr-defined]
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with databases.copied("path") as name:
            load_operation(DIRECTORY, read())
            with served_apart(name) as served:
                yield served.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture
def way(browser: Browser, url: str, tmp_path: Path) -> Way:
    found = {
        name: Person(browser, url, f"{name}@example.org", language, IN_SEVERAL_ROOMS.get(name, ""))
        for name, language in PEOPLE.items()
    }
    return Way(found, FileSigner(tmp_path / "keys", "path.example/ledger/1"))
