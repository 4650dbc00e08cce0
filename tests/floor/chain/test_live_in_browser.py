"""The chain board in a real browser: one event repaints the row of its consignment, and no other."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import factories
from tests.floor.chain.conftest import INTO, id_of, load_chain, move, register
from tests.servers import Served, _served, cookie_of, served  # noqa: F401
from tools.pictures import ARGUMENTS, find_browser

pytestmark = pytest.mark.browser

MARK = """() => {
  window.touched = new Set()
  for (const row of document.querySelectorAll('.chain-board tr[data-row]')) {
    row.mark = row.id
    for (const cell of row.cells) cell.mark = row.id
    const seen = (changes) => changes.length && window.touched.add(row.id)
    new MutationObserver(seen).observe(row, { childList: true, characterData: true, subtree: true })
  }
}"""
MARKED = """() => [...document.querySelectorAll('.chain-board tr[data-row]')].filter(
  (row) => row.mark === row.id && [...row.cells].every((cell) => cell.mark === row.id)).map((row) => row.id)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        yield found
        found.close()


def open_board(browser: Browser, served: Served, slug: str, width: int = 1280) -> tuple[Page, list[str]]:  # noqa: F811
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{**cookie_of(factories.account(slug)), "url": served.url}])
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(f"{served.url}/floor/chain/")
    expect(page.locator("[data-live-stream]")).to_have_attribute("data-state", "live")
    return page, asked


def test_one_event_repaints_its_row_alone_and_moves_it_into_its_lane(browser: Browser, served: Served):  # noqa: F811
    load_chain()
    un = factories.actor("un")
    for n in range(6):
        register(un, f"LIVE-{n}")
    move(un, "LIVE-5", *INTO)
    page, asked = open_board(browser, served, "un")
    page.evaluate(MARK)
    rows = page.evaluate(MARKED)
    assert len(rows) == 6
    moved = f"chain-{id_of(un, 'LIVE-2')}"
    expect(page.locator(f'tbody[data-lane="entry"] #{moved}')).to_be_visible()
    move(un, "LIVE-2", *INTO, hours_ago=6)
    expect(page.locator(f'tbody[data-lane="transport"] #{moved}')).to_be_visible()
    expect(page.locator(f"#{moved}")).to_contain_text("Transport")
    assert page.evaluate("[...window.touched]") == [moved]
    assert set(page.evaluate(MARKED)) == set(rows)  # the row itself was painted anew, none was put in its place
    pieces = {url.split("/_row/")[1].split("?")[0] for url in asked if "/_row/" in url}
    assert pieces == {moved.removeprefix("chain-")}
    page.context.close()


def test_room_that_reads_nothing_of_it_hears_nothing_of_it(browser: Browser, served: Served):  # noqa: F811
    load_chain()
    un, beta = factories.actor("un"), factories.actor("beta")
    register(un, "QUIET-1")
    register(beta, "QUIET-2")
    page, asked = open_board(browser, served, "beta")
    move(un, "QUIET-1", *INTO)
    move(beta, "QUIET-2", *INTO)
    own = f"chain-{id_of(beta, 'QUIET-2')}"
    expect(page.locator(f"#{own}")).to_contain_text("Transport")
    assert str(id_of(un, "QUIET-1")) not in "".join(asked) + page.content()
    page.context.close()


def test_narrow_screen_shows_the_lanes_as_a_list_that_fits(browser: Browser, served: Served):  # noqa: F811
    load_chain()
    register(factories.actor("un"), "NARROW-1")
    page, _asked = open_board(browser, served, "un", width=390)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    expect(page.locator("tbody[data-lane=entry] tr[data-row]").first).to_be_visible()
    page.context.close()


def test_board_is_arranged_by_keys(browser: Browser, served: Served):  # noqa: F811
    load_chain()
    register(factories.actor("un"), "KEYS-1")
    page, _asked = open_board(browser, served, "un")
    page.keyboard.press("3")
    expect(page.locator('tbody[data-lane="kissufim"]')).to_be_visible()
    page.keyboard.press("2")
    expect(page).to_have_url(f"{served.url}/floor/chain/?by=holder")
    page.context.close()
