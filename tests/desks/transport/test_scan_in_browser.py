"""The scan page on a small phone in a real browser: typed codes, no link, and everything sent when it is back."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.aid.actions import register_consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.transport import actions
from tansiq.desks.transport.models import Scan, UnitCode
from tansiq.desks.transport.queries.codes import newest_codes
from tansiq.desks.transport.rules import LineAsked, ManifestStatement
from tests import factories
from tests.desks.transport.conftest import DAY, load_settings
from tests.servers import Served, _served, cookie_of, served  # noqa: F401
from tools.pictures import ARGUMENTS, find_browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        yield found
        found.close()


def sealed_unit(number: str) -> UnitCode:
    """The code of the one pallet on a sealed manifest."""
    by = factories.actor("un")
    load_settings()
    line = LineStatement(Decimal(5), "pallet", commodity="rice")
    goods = register_consignment(by=by, statement=ConsignmentStatement(f"C-{number}", (line,)))
    lines = (LineAsked(goods.pk, 1, f"PAL-{number}", Decimal(2)),)
    said = ManifestStatement(f"M-{number}", DAY, "T-1", lines, crossing_code="kerem_shalom")
    held = actions.seal_manifest(by=by, manifest=actions.draft_manifest(by=by, statement=said))
    with eyes_of(by):
        return next(code for unit, code in newest_codes(held).items() if unit)


def opened(browser: Browser, served: Served, **options: object) -> Page:  # noqa: F811
    context = browser.new_context(viewport={"width": 360, "height": 640}, **options)
    context.add_cookies([{**cookie_of(factories.account("un")), "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/transport/scan/")
    expect(page.locator("[data-scan-camera]")).to_be_visible()  # the script has begun
    return page


def fill_in(page: Page, code: str, deed: str = "scan_in") -> None:
    page.select_option("[name=place]", "crossing")
    page.select_option("[name=deed]", deed)
    page.fill("[name=code]", code)


def scans() -> int:
    with eyes_of(factories.actor("un")):
        return Scan.objects.count()


def test_scan_without_a_link_is_kept_and_sent_when_it_is_back(browser: Browser, served: Served):  # noqa: F811
    code = sealed_unit("1")
    page = opened(browser, served)
    before = scans()
    page.context.set_offline(True)
    fill_in(page, code.short)
    page.click("#scan-form button[type=submit]")
    kept = page.locator("[data-scan-list] > li")
    expect(kept).to_have_attribute("data-state", "waiting")
    expect(page.locator("[data-scan-state]")).to_contain_text("No link")
    expect(page.locator("[name=code]")).to_have_value("")
    expect(page.locator("[name=place]")).to_have_value("crossing")
    assert scans() == before
    page.context.set_offline(False)
    page.click("[data-scan-send]")
    expect(kept).to_have_attribute("data-state", "taken")
    expect(kept).to_contain_text("PAL-1")
    expect(page.locator("[data-scan-state]")).to_have_text("Everything was sent.")
    assert scans() == before + 1
    page.reload()
    expect(kept).to_have_attribute("data-state", "taken")
    page.context.close()


def test_phone_tells_a_forged_code_by_itself(browser: Browser, served: Served):  # noqa: F811
    code = sealed_unit("2")
    page = opened(browser, served)
    page.context.set_offline(True)
    page.fill("[name=code]", code.payload)
    expect(page.locator("[data-scan-check]")).to_have_text("Genuine: signed by this centre.")
    letter = "A" if code.payload[60] != "A" else "B"
    page.fill("[name=code]", code.payload[:60] + letter + code.payload[61:])
    expect(page.locator("[data-scan-check]")).to_have_text("Not made by this centre, or altered.")
    page.context.close()


def test_page_fits_the_smallest_phone_and_asks_what_the_deed_needs(browser: Browser, served: Served):  # noqa: F811
    load_settings()
    page = opened(browser, served)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.select_option("[name=place]", "hub")
    assert page.locator("[name=deed] option:not([hidden])").all_inner_texts() == [
        "Choose",
        "Scan in",
        "Load",
        "Scan out",
    ]
    page.select_option("[name=deed]", "load")
    expect(page.locator("[name=quantity]")).to_be_visible()
    expect(page.locator("[name=seal]")).to_be_hidden()
    page.click("#scan-form button[type=submit]")
    expect(page.locator("[data-scan-check]")).to_contain_text("scan or type a code")
    page.context.close()


def test_faulty_scan_stays_with_its_sentence_until_it_is_discarded(browser: Browser, served: Served):  # noqa: F811
    code = sealed_unit("3")
    page = opened(browser, served)
    fill_in(page, code.short, "offload")
    page.locator("[name=quantity]").evaluate("field => { field.type = 'text'; field.value = 'many' }")
    page.click("#scan-form button[type=submit]")
    kept = page.locator("[data-scan-list] > li")
    expect(kept).to_have_attribute("data-state", "faulty")
    expect(kept).to_contain_text("How much, as you count it")
    kept.locator("button").click()
    expect(kept).to_have_count(0)
    page.context.close()
