"""Changing the language in a real browser: what was typed goes along; nothing of it is sent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import system_actor
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


def opened(browser: Browser, served: Served, slug: str, path: str, room: str | None = None) -> Page:  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    place = factories.room_id(room) if room else None
    context.add_cookies([{**cookie_of(factories.account(slug), place), "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}{path}")
    return page


def speak(page: Page, language: str) -> None:
    page.locator(f'.head button[name="language"][value="{language}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_refused_form_keeps_what_was_typed_in_every_language(browser: Browser, served: Served):  # noqa: F811
    page = opened(browser, served, "alpha", "/rooms/")
    expect(page.locator("#invite .without-script")).to_be_hidden()
    page.fill("#invite [name=email]", "not an address")
    page.check('#invite [name=roles][value="observer"]')
    page.click("#invite button[type=submit]")
    expect(page.locator("#invite .errorlist")).to_have_count(1)
    for language in ("ar", "he", "en"):
        speak(page, language)
        expect(page.locator("#invite [name=email]")).to_have_value("not an address")
        expect(page.locator('#invite [name=roles][value="observer"]')).to_be_checked()
        expect(page.locator('#invite [name=roles][value="officer"]')).not_to_be_checked()
    page.context.close()


def test_form_that_was_not_sent_yet_goes_along_and_secrets_do_not(browser: Browser, served: Served):  # noqa: F811
    page = opened(browser, served, "alpha", "/people/me/tokens/create/")
    page.fill("[name=name]", "weighbridge")
    page.fill("[name=networks]", "192.0.2.0/24\n198.51.100.0/24")
    speak(page, "he")
    expect(page.locator("[name=name]")).to_have_value("weighbridge")
    expect(page.locator("[name=networks]")).to_have_value("192.0.2.0/24\n198.51.100.0/24")
    page.context.close()
    entrance = browser.new_page()
    entrance.goto(f"{served.url}/accounts/one-time-code/")
    entrance.fill("[name=password]", "a secret")
    speak(entrance, "ar")
    assert entrance.evaluate("JSON.stringify(sessionStorage)").find("a secret") == -1
    expect(entrance.locator("[name=password]")).to_have_value("")
    entrance.close()


def test_form_of_another_room_is_kept_and_sent_where_it_belongs(browser: Browser, served: Served):  # noqa: F811
    account = factories.account("ngo")
    actions.grant_membership(by=system_actor(factories.room("beta")), account=account, roles=["officer"])
    page = opened(browser, served, "ngo", "/rooms/", room="ngo")
    page.fill("#invite [name=email]", "somebody@example.org")
    page.check('#invite [name=roles][value="observer"]')
    other = page.context.new_page()
    other.goto(f"{served.url}/rooms/choose/")
    other.locator("#room-beta button[name=room]").click()
    expect(other.locator("body")).to_have_attribute("data-room", str(factories.room_id("beta")))
    page.click("#invite button[type=submit]")
    expect(page.locator("h1")).to_have_text("Sent from another room")
    page.click("button[name=send_there]")
    expect(page.locator("h1")).to_have_text("Room ngo")
    expect(page.locator("#invitations")).to_contain_text("somebody@example.org")
    page.context.close()


def test_without_scripts_a_sentence_warns(browser: Browser, served: Served):  # noqa: F811
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{**cookie_of(factories.account("lead")), "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/rooms/")
    expect(page.locator("#invite .without-script")).to_contain_text("choose the language first")
    expect(page.locator("#invite .without-script")).to_be_visible()
    context.close()
