"""A passkey in a real browser: set up once, then it is the whole way in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tansiq.building.people.models import Account
from tests import factories
from tests.servers import Served, _served, served  # noqa: F401
from tools.pictures import ARGUMENTS, find_browser

pytestmark = pytest.mark.browser

EMAIL = "guarantors-observer@example.org"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a browser whose device can hold passkeys."""
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        opened = browser.new_context().new_page()
        device = opened.context.new_cdp_session(opened)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield opened
        browser.close()


@pytest.fixture
def person(served: Served) -> Iterator[Account]:  # noqa: F811
    """Somebody who is not let off the second factor."""
    Account.objects.filter(email=EMAIL).update(is_sample=False)
    yield Account.objects.get(email=EMAIL)
    Account.objects.filter(email=EMAIL).update(is_sample=True)


def type_password(page: Page) -> None:
    page.fill("input[name=password]", factories.PASSWORD)
    page.click("main button[type=submit].button--main")


def test_passkey_is_set_up_and_then_leads_in_alone(page: Page, person: Account, served: Served):  # noqa: F811
    house = served.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to a number
    page.goto(f"{house}/accounts/login/")
    page.fill("input[name=login]", EMAIL)
    type_password(page)
    page.goto(f"{house}/people/me/")
    assert page.url == f"{house}/accounts/2fa/"
    page.goto(f"{house}/accounts/2fa/webauthn/add/")
    type_password(page)
    page.fill("input[name=name]", "this device")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto(f"{house}/people/me/")
    assert page.url == f"{house}/people/me/"
    page.context.clear_cookies()
    page.goto(f"{house}/people/me/")
    assert page.url.startswith(f"{house}/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url(f"{house}/people/me/")
    assert EMAIL in page.content()
