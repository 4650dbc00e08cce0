"""The floor in a real browser: it changes by itself, by the keyboard, and asks nothing of another host."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tansiq.building.people.models import Account
from tansiq.building.rooms import actions
from tests import factories
from tests.servers import Served, _served, cookie_of, served  # noqa: F401
from tools.pictures import ARGUMENTS, find_browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        yield found
        found.close()


def open_floor(browser: Browser, served: Served, slug: str) -> tuple[Page, list[str]]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_cookies([{**cookie_of(factories.account(slug)), "url": served.url}])
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(f"{served.url}/floor/")
    expect(page.locator("[data-live-stream]")).to_have_attribute("data-state", "live")
    return page, asked


def test_floor_shows_an_act_of_its_own_room_without_reload(browser: Browser, served: Served):  # noqa: F811
    alpha, asked = open_floor(browser, served, "alpha")
    beta, _asked = open_floor(browser, served, "beta")
    before = alpha.locator(".log > li").count(), beta.locator(".log > li").count()
    person = Account.objects.get(email="press-officer@example.org")
    actions.grant_membership(by=factories.actor("alpha"), account=person, roles=["observer"])
    expect(alpha.locator(".log > li")).to_have_count(before[0] + 1)
    assert beta.locator(".log > li").count() == before[1]
    hosts = {urlsplit(url).netloc for url in asked if url.startswith(("http", "ws"))}
    assert hosts == {urlsplit(served.url).netloc}
    alpha.context.close(), beta.context.close()


def test_floor_fits_the_smallest_screen_and_lists_its_keys(browser: Browser, served: Served):  # noqa: F811
    page, _asked = open_floor(browser, served, "alpha")
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    expect(page.locator("dialog#keys")).to_contain_text("Floor")
    page.context.close()
