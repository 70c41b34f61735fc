"""Words that came from outside stay words, on every page, in every feed, in every file for another log."""

import re
from html.parser import HTMLParser

import pytest

from bot.brief import Subject
from bot.exhibit import Receipt, Stance, Where
from bot.verdict import Paragraph, Struck

from .conftest import HOST, roast

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) \"' onload=x {{ 7*7 }} {% raw %} ]]> --> \x1b[31m\u202e"
URLS = (
    "javascript:alert(1)",
    "https://evil.example/acme/soup",
    "https://github.com@evil.example/x",
    "https://github.com.evil.example/x",
    "//evil.example",
    'https://github.com/" onclick="alert(1)',
    "data:text/html,<script>",
)


def hostile():
    """Return a verdict whose every word is hostile."""
    from fakes.verdicts import exhibit

    receipts = tuple(
        Receipt(where=Where.FILE, path=f"a/{EVIL}.py", line=1, sha="1a2b3c4", quote=f"x = '{EVIL}'", url=url)
        for url in URLS
    )
    spoken = Receipt(where=Where.COMMENT, quote=EVIL, id=4, url=URLS[1])
    exhibits = (
        exhibit("E1", "bare_assert", Stance.CHARGE, 6, EVIL, receipts=receipts),
        exhibit("E2", "tug_of_war", Stance.CHARGE, 6, EVIL, receipts=(spoken,)),
        exhibit("C1", "../../etc", Stance.CHARGE, 6, EVIL, receipts=(spoken,)),
    )
    return roast(
        title=f"T {EVIL}", gist=EVIL, epithet=EVIL, punchline=EVIL, exhibits=exhibits,
        subject=Subject(slug="acme/soup#7", number=7, title=EVIL, url=HOST, author=f"ada {EVIL}"),
        paragraphs=(
            Paragraph(text=f"{EVIL} `{EVIL}` *{EVIL}* #7", exhibits=("E1", "C1")),
            Paragraph(text=EVIL, exhibits=("E2",)),
        ),
        struck=(Struck(exhibit="E2", reason=EVIL),),
    )  # fmt: skip


class Reading(HTMLParser):
    """What a browser would see of a page: its elements and attributes."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def read(page):
    """Return the elements of a page."""
    reading = Reading()
    reading.feed(page)
    return reading.seen


async def every_page(log):
    """Return every page in HTML, by path."""
    site = await log.site()
    pages = {path: (await site.page(path)).body.decode() for path in site.paths() if path == "" or path.endswith("/")}
    return pages | {"gone": site.gone("x/").body.decode(), "missing": site.missing(EVIL).body.decode()}


async def test_no_element_of_theirs(log):
    """No page has an element or attribute that came from outside, nor a script or style that is not a file of ours"""
    await log.put(hostile())
    for path, page in (await every_page(log)).items():
        for tag, attributes in read(page):
            assert tag not in {"iframe", "object", "embed", "base", "style"}, path
            assert not any(name.startswith("on") or name == "style" for name in attributes), (path, tag, attributes)
            if tag == "script":
                assert attributes.get("type") == "application/ld+json" or attributes["src"].startswith("../static/"), (
                    path
                )
            if tag == "img":
                assert attributes["src"].endswith("card.png"), path


async def test_links_lead_to_the_host(log):
    """Links out of the log lead to the pull request's host and to nowhere else, and say what they are"""
    await log.put(hostile())
    await log.put(number=8)
    for path, page in (await every_page(log)).items():
        for tag, attributes in read(page):
            there = attributes.get("href", "")
            if tag != "a" or there.startswith(("./", "../", "#", "/dev/")):
                continue
            assert there.startswith("https://github.com/"), (path, there)
            assert attributes["rel"] == "noopener nofollow ugc", (path, there)


async def test_host_is_not_guessed(log):
    """A receipt on another host than the pull request's gets no link; nor does anything of a roast without a host"""
    site = await log.site()
    number = await log.put(roast(url="https://ghe.corp.example/acme/soup/pull/7"))
    page = await log.post(number)
    assert "https://github.com/" not in page
    assert 'href="https://ghe.corp.example/acme/soup/pull/7"' in page
    number = await log.put(roast(8, url=""))
    page = await log.post(number)
    assert not [one for tag, one in read(page) if tag == "a" and one["href"].startswith("http")]
    assert site is not None


async def test_ld_json_stays_closed(log):
    """The data for search engines cannot be ended by a title, and is JSON"""
    import json

    page = await log.post(await log.put(hostile()))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    article = json.loads(found[1])
    assert article["headline"].startswith("T <script>alert(1)</script>")


async def test_no_control_character(log):
    """No page has an escape sequence or a mark that turns text around"""
    await log.put(hostile())
    for path, page in (await every_page(log)).items():
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page), path


async def test_names_stay_inside(log, tmp_path):
    """Repositories, authors and offences with odd names get plain addresses inside of the folder"""
    from adapters.devlog.build import build

    for number, name in enumerate(
        ("../../../tmp/evil", ".git/config", "A B/../../c", "日本/語", "x\0y/z", ".htaccess"), 1
    ):
        await log.put(roast(number, repository=name, author=f"{name}\n"))
    done = await build(await log.site(), tmp_path / "site", pictures=None)
    assert done.posts == 6
    for path in (tmp_path / "site").rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", str(path.relative_to(tmp_path / "site"))), path
    assert sorted(one.name for one in tmp_path.iterdir()) == ["site", "store.sqlite3"] or {
        one.name for one in tmp_path.iterdir()
    } <= {"site", "store.sqlite3", "store.sqlite3-wal", "store.sqlite3-shm"}
    assert not (tmp_path / "site" / ".git").exists()


@pytest.mark.parametrize(
    "path", ["posts/1/../../x", "static/../look.py", "static/", "offences/../", "posts/1-<b>/", "%2e%2e/", "\0", "/"]
)
async def test_odd_paths(log, path):
    """An odd path is no page"""
    await log.put()
    assert await (await log.site()).page(path) is None
