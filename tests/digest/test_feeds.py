"""Feeds of posts: RSS, Atom, a folder of Markdown in a repository; and what is not one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from fakes.github import FakeGitHub

from adapters.feeds.http import HttpFeeds, posts_of
from adapters.github.posts import folder_of
from adapters.github.source import GitHubSource
from bot.errors import AccessError, NotFoundError, SourceError, UnavailableError
from bot.feeds import ManyFeeds
from bot.front_matter import post_of

UNTIL = datetime(2026, 5, 22, 16, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=7)
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Soup</title>
<item><title>On &lt;b&gt;broth&lt;/b&gt;</title><link>https://ada.example/broth</link>
<pubDate>Wed, 20 May 2026 09:00:00 +0200</pubDate></item>
<item><title>Old</title><pubDate>Wed, 01 Apr 2026 09:00:00 GMT</pubDate></item>
<item><title>Undated</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Soup</title><entry><title>Salt</title><id>1</id>
<published>2026-01-01T00:00:00Z</published><updated>2026-05-21T00:00:00Z</updated></entry>
<entry><title>Pepper</title><id>2</id><updated>2026-05-19T10:00:00Z</updated></entry></feed>"""
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel>&b;</channel></rss>'


@pytest.fixture
async def site():
    """A web site on loopback: what it answers by path, and where it listens."""
    answers = {}

    async def handle(request):
        answer = answers.get(request.path, web.Response(status=404))
        if asyncio.iscoroutinefunction(answer):
            return await answer(request)
        return answer if isinstance(answer, web.Response) else web.Response(body=answer)

    app = web.Application()
    app.router.add_get("/{rest:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield answers, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def feeds():
    """A reader that may read loopback."""
    made = HttpFeeds(timeout=5, inside=True)
    yield made
    await made.aclose()


async def test_rss(site, feeds):
    """The newest post of the window is found, with its harmless title; what bears no date does not count"""
    answers, url = site
    answers["/feed"] = RSS
    found = await feeds.latest(f"{url}/feed", SINCE, UNTIL)
    assert (found.title, found.url) == ("On <b>broth</b>", "https://ada.example/broth")
    assert found.at == datetime(2026, 5, 20, 7, tzinfo=UTC)
    assert await feeds.latest(f"{url}/feed", UNTIL, UNTIL + timedelta(days=7)) is None


async def test_atom(site, feeds):
    """A post counts by when it was written, not by when it was mended"""
    answers, url = site
    answers["/atom"] = ATOM
    assert (await feeds.latest(f"{url}/atom", SINCE, UNTIL)).title == "Pepper"


async def test_redirected(site, feeds):
    """A feed that moved is followed, a circle is not"""
    answers, url = site
    answers["/feed"] = ATOM
    answers["/old"] = web.Response(status=301, headers={"Location": "/feed"})

    async def go_round(request):
        return web.Response(status=302, headers={"Location": "/round"})

    answers["/round"] = go_round
    assert await feeds.latest(f"{url}/old", SINCE, UNTIL)
    with pytest.raises(UnavailableError, match="circles"):
        await feeds.latest(f"{url}/round", SINCE, UNTIL)


@pytest.mark.parametrize(
    ("path", "answer", "error"),
    [
        ("/gone", web.Response(status=410), NotFoundError),
        ("/door", web.Response(status=401), AccessError),
        ("/down", web.Response(status=503), UnavailableError),
        ("/page", b"<html><body>Hello</body></html>", SourceError),
        ("/huge", b" " * (5 * 1024 * 1024), UnavailableError),
        ("/none", b"", SourceError),
        ("/bomb", BOMB, None),
    ],
)
async def test_no_feed(site, feeds, path, answer, error):
    """What is gone, shut, down, no feed or too large ends in words; a bomb does no harm"""
    answers, url = site
    answers[path] = answer
    if error is None:
        assert await feeds.latest(f"{url}{path}", SINCE, UNTIL) is None
        return
    with pytest.raises(error) as caught:
        await feeds.latest(f"{url}{path}", SINCE, UNTIL)
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x",
        "http://localhost/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://[::127.0.0.1]/x",
        "http://[64:ff9b::a9fe:a9fe]/x",
        "http://[64:ff9b:1::7f00:1]/x",
        "http://[2002:7f00:1::]/x",
        "http://224.0.0.1/x",
        "http://[ff0e::1]/x",
        "http://192.88.99.1/x",
        "http://100.64.0.1/x",
        "http://[fec0::1]/x",
    ],
)
async def test_not_inside(address):
    """An address from people never leads into this machine's own network"""
    feeds = HttpFeeds()
    with pytest.raises(AccessError, match="own network"):
        await feeds.latest(address, SINCE, UNTIL)
    await feeds.aclose()


async def test_a_name_that_changes_its_mind(site, feeds, monkeypatch):
    """A name is looked up once: the connection goes to the address that was checked, and asks for the name"""
    answers, url = site
    names, hosts = [], []

    async def one_time(host, *_, **__):
        names.append(host)
        assert len(names) == 1
        return [(0, 0, 0, "", ("127.0.0.1", 0))]

    async def told(request):
        hosts.append(request.host)
        return web.Response(body=ATOM)

    answers["/feed"] = told
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", one_time)
    port = url.rpartition(":")[2]
    assert await feeds.latest(f"http://feeds.example:{port}/feed", SINCE, UNTIL)
    assert (names, hosts) == (["feeds.example"], [f"feeds.example:{port}"])


async def test_the_next_address(site, feeds, monkeypatch):
    """Where a name has several addresses, one that refuses is passed over"""
    answers, url = site
    answers["/feed"] = ATOM

    async def two(*_, **__):
        return [(0, 0, 0, "", ("127.0.0.2", 0)), (0, 0, 0, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two)
    assert await feeds.latest(f"http://feeds.example:{url.rpartition(':')[2]}/feed", SINCE, UNTIL)


async def test_an_address_that_never_answers(site, monkeypatch):
    """One that swallows what it is sent leaves time for the next one"""
    answers, url = site
    answers["/feed"] = ATOM
    port = int(url.rpartition(":")[2])

    async def two(*_, **__):
        return [(0, 0, 0, "", ("127.0.0.2", 0)), (0, 0, 0, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two)
    made = HttpFeeds(timeout=9, inside=True)
    with socket.create_server(("127.0.0.2", port), backlog=0), contextlib.ExitStack() as waiting:
        for _ in range(4):  # more than it takes: the others are never answered
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)  # noqa: FBT003
            one.connect_ex(("127.0.0.2", port))
        assert await made.latest(f"http://feeds.example:{port}/feed", SINCE, UNTIL)
    await made.aclose()


async def test_by_proxy(site, monkeypatch):
    """Where the environment names a proxy, it is asked by name"""
    answers, url = site
    asked = []

    async def told(request):
        asked.append(request.raw_path)
        return web.Response(body=ATOM)

    async def out_there(*_, **__):
        return [(0, 0, 0, "", ("93.184.216.34", 0))]

    answers["/feed"] = told
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("no_proxy", "")
    made = HttpFeeds(timeout=5)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", out_there)
    with pytest.raises(SourceError):
        await made.latest("http://feeds.example/other", SINCE, UNTIL)
    assert await made.latest("http://feeds.example/feed", SINCE, UNTIL)
    assert asked
    await made.aclose()


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("---\ntitle: On soup\ndate: 2026-05-20\n---\nText", "On soup"),
        ("+++\ntitle = 'On salt'\ndate = 2026-05-20T10:00:00Z\n+++\n", "On salt"),
        ("---\ntitle: Dated by name\n---\n", "Dated by name"),
        ("---\ntitle: Draft\ndate: 2026-05-20\ndraft: true\n---\n", None),
        ("---\ntitle: [broken\n---\n", None),
        ("---\n- a\n- list\n---\n", None),
        ("No head at all", None),
        ("---\n!!python/object/apply:os.system ['true']\n---\n", None),
    ],
)
def test_front_matter(head, title):
    """A head is read as data: drafts, damaged heads and files without one are no posts"""
    found = post_of(head, "posts/2026-05-20-soup.md")
    assert (found and found.title) == title
    assert found is None or found.at.date().isoformat() == "2026-05-20"


async def test_a_folder_of_posts():
    """A folder on GitHub is asked for what was committed to it, and its posts count by their own dates"""
    home = "/repos/ada/blog"
    with FakeGitHub() as github:
        files = [
            {"filename": "posts/soup.md", "status": "added"},
            {"filename": "posts/old.md", "status": "modified"},
            {"filename": "posts/gone.md", "status": "removed"},
            {"filename": "src/x.py", "status": "added"},
        ]
        github.routes[f"{home}/commits"] = [{"sha": "a1"}]
        github.routes[f"{home}/commits/a1"] = {"sha": "a1", "files": files}
        github.routes[f"{home}/contents/posts/soup.md"] = b"---\ntitle: Soup\ndate: 2026-05-19\n---\n"
        github.routes[f"{home}/contents/posts/old.md"] = b"---\ntitle: Old\ndate: 2025-05-19\n---\n"
        source = GitHubSource(api_url=github.url)
        address = f"https://{source.web_host}/ada/blog/tree/main/posts"
        posts = source.posts()
        assert posts.reads(address)
        found = await posts.latest(address, SINCE, UNTIL)
        assert found.title == "Soup"
        assert await posts.latest(address, UNTIL, UNTIL + timedelta(days=7)) is None
        await source.aclose()


async def test_private_folder():
    """A folder on GitHub lies in a private repository unless that is said to be open; a feed of the web in none"""
    with FakeGitHub() as github:
        source = GitHubSource(api_url=github.url)
        posts = ManyFeeds([source.posts(), HttpFeeds()])
        address = f"https://{source.web_host}/acme/old/tree/main/notes"
        for told, home in (({"private": False}, ""), ({"private": True, "full_name": "acme/new"}, "acme/new")):
            github.routes["/repos/acme/old"] = told
            assert await posts.private_home(address) == home
        github.routes["/repos/acme/old"] = {}
        assert await posts.private_home(address) == "acme/old"
        assert await posts.private_home("https://ada.example/feed.xml") == ""
        await posts.aclose()
        await source.aclose()


def test_folders():
    """Only a folder's own address on this host is one"""
    assert folder_of("https://github.com/a/b/tree/main/content/posts", "github.com").path == "content/posts"
    for address in (
        "https://github.com/a/b",
        "https://evil.example/a/b/tree/main/x",
        "https://github.com/a/b/tree/m/../x",
    ):
        assert folder_of(address, "github.com") is None


def test_titles_are_harmless():
    """What a feed says is made harmless before it is kept"""
    (post, *_) = posts_of(RSS.replace(b"On &lt;b", b"On \xe2\x80\xae &lt;b"), "https://ada.example")
    assert "\u202e" not in post.title
