"""Takes pictures of pages in every language, theme and size: python tools/pictures.py URL EMAIL PASSWORD PATH …"""

import argparse
import asyncio
import os
import re
import shutil
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

LANGUAGES = ("en", "ar", "he")
THEMES = ("light", "dark")
SIZES = ((1280, 720), (390, 844))  # the smallest laptop that must do, and a phone
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
QUIET_MS = 400  # after the last answer
MAP_MS = 15_000


@dataclass(frozen=True)
class Asked:
    """What to take pictures of, and where to put them."""

    base: str
    email: str
    password: str
    paths: tuple[str, ...]
    folder: Path
    whole: bool  # the whole page, not only what fits the window


async def take_all(asked: Asked) -> list[str]:
    """Write every picture; answer the addresses that a page asked of another host, which must be none."""
    foreign: list[str] = []
    asked.folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        state = await signed_in(browser, asked)
        for language, theme, size in product(LANGUAGES, THEMES, SIZES):
            context = await browser.new_context(
                storage_state=state, viewport={"width": size[0], "height": size[1]}, color_scheme=theme,
                reduced_motion="reduce",
            )  # fmt: skip
            watch(context, asked.base, foreign)
            await dress(context, asked.base, language, theme)
            page = await context.new_page()
            for path in asked.paths:
                await take(page, asked, path, f"{language}-{theme}-{size[0]}x{size[1]}")
            await context.close()
        await browser.close()
    return foreign


def find_browser() -> str:
    """The system's Chromium; TANSIQ_BROWSER names another."""
    found = os.environ.get("TANSIQ_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        sys.exit(f"No browser found: install one of {', '.join(BROWSERS)}, or name it in TANSIQ_BROWSER.")
    return found


async def signed_in(browser: Browser, asked: Asked) -> dict:
    """Sign in once, as a person does, and keep the cookies."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{asked.base}/accounts/login/")
    await page.fill("input[name=login]", asked.email)
    await page.fill("input[name=password]", asked.password)
    async with page.expect_navigation():
        await page.press("input[name=password]", "Enter")
    if "/accounts/login" in page.url:
        sys.exit(f"{asked.email} could not sign in at {asked.base}.")
    state = await context.storage_state()
    await context.close()
    return state


def watch(context: BrowserContext, base: str, foreign: list[str]) -> None:
    """Note each request that leaves the host."""
    home = urlsplit(base).netloc

    def look(request) -> None:  # type: ignore[no-untyped-def]
        if request.url.startswith(("http", "ws")) and urlsplit(request.url).netloc != home:
            foreign.append(request.url)

    context.on("request", look)


async def dress(context: BrowserContext, base: str, language: str, theme: str) -> None:
    """Choose language and theme, as the buttons of the page do."""
    chosen = {"tansiq_language": language, "theme": theme}
    await context.add_cookies([{"name": name, "value": value, "url": base} for name, value in chosen.items()])


async def take(page: Page, asked: Asked, path: str, variant: str) -> None:
    """Open a page, wait until it has drawn itself, and write its picture."""
    answer = await page.goto(asked.base + path, wait_until="load")
    if answer is None or answer.status >= 400:
        print(f"{path}: {answer.status if answer else 'no answer'}", file=sys.stderr)
    await page.evaluate("document.fonts.ready")
    for place in await page.query_selector_all("[data-map]"):
        await place.evaluate(
            "(map, most) => new Promise((done) => { const until = Date.now() + most; const look = () => "
            "map.dataset.ready === 'yes' || map.querySelector('.map__note') || Date.now() > until ? done() "
            ": setTimeout(look, 50); look() })",
            MAP_MS,
        )
    await page.wait_for_timeout(QUIET_MS)
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
    await page.screenshot(path=asked.folder / f"{name}-{variant}.png", full_page=asked.whole)


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="address of a server that runs, such as http://localhost:8000")
    parser.add_argument("email")
    parser.add_argument("password")
    parser.add_argument("paths", nargs="+", help="paths of pages, such as /floor/")
    parser.add_argument("--into", type=Path, default=Path("var/pictures"), help="folder (default: var/pictures)")
    parser.add_argument("--whole", action="store_true", help="the whole page, not only what fits the window")
    given = parser.parse_args()
    asked = Asked(
        given.base.rstrip("/"), given.email, given.password, tuple(given.paths), given.into, given.whole
    )  # fmt: skip
    foreign = asyncio.run(take_all(asked))
    for address in sorted(set(foreign)):
        print(f"left the host: {address}", file=sys.stderr)
    print(f"{len(asked.paths) * len(LANGUAGES) * len(THEMES) * len(SIZES)} pictures in {asked.folder}")
    sys.exit(1 if foreign else 0)


if __name__ == "__main__":
    main()
