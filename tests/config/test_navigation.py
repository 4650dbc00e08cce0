"""The ways through the building: grouped, each with a key of its own, and all within reach on a phone."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect, sync_playwright

from tansiq.config.navigation import AT_HAND, SECTIONS
from tests import factories
from tests.servers import Served, _served, cookie_of, served  # noqa: F401
from tools.pictures import ARGUMENTS, find_browser

LINES = [line for _group, sections in SECTIONS for line in sections]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        yield found
        found.close()


def test_no_two_sections_share_an_address_a_key_or_a_name():
    assert len({reverse(name) for name, *_rest in LINES}) == len(LINES)
    assert len({key for _name, _label, key, *_rest in LINES}) == len(LINES)
    assert len({str(label) for _name, label, *_rest in LINES}) == len(LINES)


@pytest.mark.django_db
def test_groups_name_their_sections_once_and_mark_where_the_reader_stands():
    client = Client()
    client.force_login(factories.account("alpha"))
    shown = client.get(reverse("aid:counts")).context["navigation"]
    assert [section["url"] for group in shown for section in group["sections"]] == [reverse(one[0]) for one in LINES]
    assert all(group["sections"] for group in shown)
    current = [section["url"] for group in shown for section in group["sections"] if section["current"]]
    assert current == [reverse("aid:counts")]


@pytest.mark.browser
def test_phone_has_some_sections_at_hand_and_all_in_the_menu(browser: Browser, served: Served):  # noqa: F811
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{**cookie_of(factories.account("alpha")), "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/floor/")
    expect(page.locator(".rail a:visible")).to_have_count(AT_HAND)
    page.locator(".rail__more").click()
    expect(page.locator("#menu-sections a:visible")).to_have_count(len(LINES))
    page.locator("#menu-sections a").last.click()
    expect(page).to_have_url(f"{served.url}{reverse(LINES[-1][0])}")
    context.close()


@pytest.mark.browser
def test_wide_screen_names_the_groups_and_goes_to_each_section_by_keys(browser: Browser, served: Served):  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_cookies([{**cookie_of(factories.account("alpha")), "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/floor/")
    expect(page.locator(".rail a:visible")).to_have_count(len(LINES))
    expect(page.get_by_role("navigation").get_by_role("list", name="Building")).to_be_visible()
    for name, _label, key, *_rest in LINES[:2]:
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page).to_have_url(f"{served.url}{reverse(name)}")
    context.close()
