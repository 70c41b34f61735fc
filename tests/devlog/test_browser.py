"""The dev log in a real browser: read, moved through, searched, in both themes, on a phone, by keyboard, with axe."""

import functools
import http.server
import os
import re
import shutil
import threading
from pathlib import Path

import pytest

from adapters.devlog.build import build
from adapters.devlog.configured import site_of
from adapters.devlog.look import CSP, Look
from adapters.picture import render
from bot.card import card_of
from bot.verdict import Struck

from .conftest import roast

pytestmark = pytest.mark.browser


def chromium():
    """Return a Chromium of this machine; its own download is not asked for."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser():
    """A headless browser, ended with the module."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the dev group has it)")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install Debian's package chromium, or name one in CHROMIUM")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files with the policy that the app sends, and says nothing."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory, empty):
    """The address of a static site of fourteen posts on loopback."""
    import asyncio

    from fakes.memory import Watch

    from adapters.store import open_store
    from bot.publisher import Publisher
    from bot.settings_sections import Devlog

    from .conftest import Log

    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(empty, folder / "store.sqlite3")

    async def make():
        watch = Watch()
        store = await open_store(f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}", clock=watch)
        publisher = Publisher(store=store, clock=watch, settings=Devlog(publish="all"))
        log = Log(store, watch, publisher)
        for number in range(1, 13):
            await log.put(number=number, title=f"Soup Number {number}")
        await log.put(roast(13, title="The Struck One", struck=(Struck(exhibit="E1", reason="Fixed since."),)))
        await log.put(roast(14, title="A Fair Bowl", author="grace", acquitted=True, score=0.3))
        pages = await site_of(publisher, Look(address="http://127.0.0.1/"))
        picture = render(card_of(roast()), roast())

        async def paint(_):
            return picture

        await build(pages, folder / "site", pictures=paint)
        await store.aclose()

    thread = threading.Thread(target=lambda: asyncio.run(make()))
    thread.start()
    thread.join()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder / "site"))
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.fixture
def visit(browser, site):
    """Open a page of the site, and see to it that it complained of nothing and asked nobody else."""
    contexts, troubles = [], []

    def opened(path="/", **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(site) else troubles.append(asked.url))
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def first_post(page):
    """Go to the first post of the log."""
    page.locator(".ticket h2 a").first.click()
    page.wait_for_selector("article.post")
    return page


def shows(page, words):
    """Wait until the search has said so."""
    from playwright.sync_api import expect

    expect(page.locator("#found")).to_have_text(words, timeout=30_000)


def test_read_and_move(visit):
    """A reader goes from the log to a post, opens a receipt, and moves to the post before and back"""
    page = first_post(visit())
    assert page.title().startswith("A Fair Bowl")
    receipt = page.locator("details").first
    assert not receipt.locator("pre").first.is_visible()
    receipt.locator("summary").click()
    assert receipt.locator("pre").first.is_visible()
    page.locator("a[rel=prev]").click()
    page.wait_for_url("**/13-the-struck-one/")
    assert page.locator("del").first.is_visible()
    page.locator("a[rel=next]").click()
    page.wait_for_url("**/14-a-fair-bowl/")


def test_without_script(visit):
    """Everything but the search works where no script runs, and the search says so"""
    page = first_post(visit(java_script_enabled=False))
    page.locator("details summary").first.click()
    assert page.locator("details pre").first.is_visible()
    page.get_by_role("link", name="Search").click()
    assert "Everything can be browsed" in page.locator("noscript, main").first.inner_text()
    assert not page.locator("#q").is_visible()


def test_search(visit):
    """The search finds by title, author and offence, says how many, leads to the post, and can be linked to"""
    page = visit("/search/")
    page.fill("#q", "struck")
    shows(page, "1 roast.")
    page.fill("#q", "BARE assert soup")
    shows(page, "13 roasts.")
    page.fill("#q", "grace")
    shows(page, "1 roast.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=grace")
    page.locator("#hits a").click()
    page.wait_for_url("**/14-a-fair-bowl/")
    page.goto(page.url.split("/posts/")[0] + "/search/?q=nothing-like-it")
    shows(page, "0 roasts.")


def test_search_shows_words(visit):
    """What is searched for is shown as words, never as a page's own"""
    page = visit("/search/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    shows(page, "0 roasts.")
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize("path", ["/", "/browse/", "/search/", "/about/", "/offences/bare_assert/", "post"])
def test_phone(visit, path):
    """On a phone nothing sticks out to the side"""
    page = visit("/" if path == "post" else path, viewport={"width": 320, "height": 640}, device_scale_factor=2)
    if path == "post":
        first_post(page)
        for one in page.locator("details summary").all():
            one.click()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_themes(visit):
    """Light and dark follow the reader's system"""
    light = visit(color_scheme="light").evaluate("getComputedStyle(document.body).backgroundColor")
    dark = visit(color_scheme="dark").evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [[int(part) for part in re.findall(r"\d+", one)] for one in (light, dark)]
    assert min(channels[0]) > 200
    assert max(channels[1]) < 40


def test_keyboard(visit):
    """By keyboard alone: skip to the text, see where one is, open a receipt, go on to the next post"""
    page = visit("/posts/13-the-struck-one/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    page.wait_for_selector("#main:focus")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("details[open] summary:focus")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.rel") == "next":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/14-a-fair-bowl/")


def test_feeds_are_found(visit):
    """The feeds are named in every page's head, and are there"""
    page = visit("/posts/13-the-struck-one/")
    links = page.eval_on_selector_all("link[rel=alternate]", "all => all.map(one => [one.type, one.href])")
    found = dict(links)
    for media in ("application/atom+xml", "application/feed+json"):
        assert page.request.get(found[media]).ok


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, scheme):
    """Axe finds nothing on any kind of page, in either theme, receipts open"""
    axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    script = next(Path(axe.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    page = visit(color_scheme=scheme)
    paths = [
        "/",
        "/page/2/",
        "/browse/",
        "/search/?q=soup",
        "/about/",
        "/offences/bare_assert/",
        "/authors/ada/",
        "/404.html",
    ]
    for path in [*paths, "/posts/13-the-struck-one/", "/posts/14-a-fair-bowl/"]:
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.evaluate(script)
        found = page.evaluate(
            "axe.run().then(all => all.violations.map(one => [one.id, one.nodes.map(n => n.html + n.failureSummary)]))"
        )
        assert found == [], (path, found)


def test_screenshots(visit, tmp_path):
    """Log and post can be photographed in both themes and are no blank pages"""
    from PIL import Image

    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme)
        page.screenshot(path=tmp_path / f"log-{scheme}.png")
        first_post(page).screenshot(path=tmp_path / f"post-{scheme}.png")
    for path in tmp_path.glob("*.png"):
        assert len(Image.open(path).convert("P").getcolors()) > 12
