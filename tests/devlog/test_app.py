"""The dev log over HTTP."""

import asyncio
import gzip
import threading

import pytest

from adapters.devlog import prose
from bot.errors import StoreError
from bot.records import PlaceSettings

from .conftest import PLACE, ask


async def test_headers(log):
    """Every answer carries a policy without inline script or style, and is of the type that it says"""
    await log.put()
    for path, media in (
        ("/", "text/html"),
        ("/nowhere", "text/html"),
        ("/atom.xml", "application/atom+xml"),
        ("/feed.json", "application/feed+json"),
    ):
        answer = await ask(log.app(), path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].startswith(media)


async def test_etag(log):
    """An unchanged page is not sent again; a changed one is"""
    app = log.app()
    first = await ask(app, "/")
    again = await ask(app, "/", if_none_match=first.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await log.put()
    changed = await ask(app, "/", if_none_match=first.headers["etag"])
    assert (changed.status, changed.headers["etag"] == first.headers["etag"]) == (200, False)


async def test_packed(log):
    """Whoever can unpack gets it packed: the same page under another ETag"""
    await log.put()
    app = log.app()
    plain, packed = await ask(app, "/"), await ask(app, "/", accept_encoding="br, gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert len(packed.body) < len(plain.body) / 2


async def test_head(log):
    """HEAD says what GET would, without a body"""
    get, head = await ask(log.app(), "/"), await ask(log.app(), "/", "HEAD")
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_only_reading(log, method):
    """Nothing else is public"""
    answer = await ask(log.app(), "/", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_gone(log):
    """A withdrawn roast's page says 410 without a word of it, and the feeds forget it; restored, it is back"""
    number = await log.put(title="Regrettable")
    app, path = log.app(), f"/posts/{number}-regrettable/"
    assert (await ask(app, path)).status == 200
    await log.store.withdraw_verdict(number, "withdrawn")
    for one in (path, f"{path}card.png", f"{path}oembed.json", f"/posts/{number}/"):
        answer = await ask(app, one)
        assert (answer.status, b"Regrettable" in answer.body) == (410, False), one
    for one in ("/", "/atom.xml", "/feed.json", "/sitemap.xml", "/search.json", "/browse/"):
        assert b"egrettable" not in (await ask(app, one)).body, one
    await log.store.restore_verdict(number)
    assert (await ask(app, path)).status == 200


async def test_forgotten(log):
    """Who is forgotten leaves pages that are gone, and no name anywhere"""
    number = await log.put(author="ada")
    await log.store.forget("ada")
    app = log.app()
    assert (await ask(app, f"/posts/{number}-x/")).status == 410
    assert (await ask(app, "/authors/ada/")).status == 404


async def test_choice_taken_back(log):
    """A workspace that takes its choice back takes its pages down"""
    number = await log.put()
    app = log.app()
    assert (await ask(app, f"/posts/{number}-soup-number-7/")).status == 200
    await log.store.set_place_settings(PLACE.whole, PlaceSettings(publish="nothing"))
    assert (await ask(app, f"/posts/{number}-soup-number-7/")).status == 410


async def test_moved(log):
    """An old or short address leads to the right one, and a roast told anew to the newer one"""
    old = await log.put(number=7, title="Old")
    new = await log.put(number=7, title="New")
    app = log.app()
    for path in (f"/posts/{new}-whatever/", f"/posts/{new}/", f"/posts/{old}-old/"):
        answer = await ask(app, path)
        assert (answer.status, answer.headers["location"]) == (301, f"/dev/posts/{new}-new/"), path
    answer = await ask(app, "/about")
    assert (answer.status, answer.headers["location"]) == (301, "/dev/about/")


async def test_picture(log):
    """The card's picture is drawn once, whoever asks"""
    number = await log.put()
    app, path = log.app(), f"/posts/{number}-soup-number-7/card.png"
    first, second = await ask(app, path), await ask(app, path)
    assert (first.headers["content-type"], first.body) == ("image/png", second.body)
    assert log.drawn == ["acme/soup#7"]


async def test_lasting_files(log):
    """Styles, script and fonts have lasting names and may be kept for good"""
    from adapters.devlog.look import asset

    for name in ("log.css", "search.js", "serif-400.woff2", "serif-400-italic.woff2", "display-900.woff2", "icon.svg"):
        answer = await ask(log.app(), f"/{asset(name)}")
        assert (answer.status, "immutable" in answer.headers["cache-control"]) == (200, True), name
    style = (await ask(log.app(), f"/{asset('log.css')}")).body.decode()
    assert "//" not in style.replace("/*", "")
    assert "http" not in style


async def test_admin(log):
    """With the token of the settings an operator takes a post out at once; without it nobody does"""
    number = await log.put()
    app, path = log.app("s3cret"), f"/admin/veto/{number}"
    assert (await ask(app, path, "POST")).status == 401
    assert (await ask(app, path, "POST", authorization="Bearer wrong")).status == 401
    assert (await ask(app, path, "GET", authorization="Bearer s3cret")).status == 404
    assert (await ask(app, f"/posts/{number}-soup-number-7/")).status == 200
    assert (await ask(app, path, "POST", authorization="Bearer s3cret")).status == 200
    assert (await ask(app, f"/posts/{number}-soup-number-7/")).status == 410
    assert (await ask(app, "/admin/veto/999", "POST", authorization="Bearer s3cret")).status == 404
    assert (await ask(app, "/admin/veto/x", "POST", authorization="Bearer s3cret")).status == 404
    assert (await ask(app, "/admin/rebuild", "POST", authorization="Bearer s3cret")).status == 200


async def test_no_admin_without_token(log):
    """Where no token is set there are no such doors, not even for an empty one"""
    assert (await ask(log.app(), "/admin/rebuild", "POST", authorization="Bearer ")).status == 405


async def test_store_fails(log, monkeypatch):
    """Where the memory fails before anything was read, readers are told; after that the last state is shown"""
    await log.put()

    async def broken():
        raise StoreError("The disk is gone.")

    app, shown = log.app(), log.app()
    assert (await ask(shown, "/")).status == 200
    monkeypatch.setattr(log.store, "listed_mark", broken)
    assert (await ask(app, "/")).status == 503
    assert (await ask(shown, "/")).status == 200


async def test_looks_seldom(log):
    """Between two looks at the memory pages come from memory alone"""
    from adapters.devlog.app import DevlogApp
    from adapters.devlog.live import Live, Pictures
    from adapters.devlog.look import Look

    await log.put()
    app = DevlogApp(Live(log.publisher, Look(), Pictures(log.drawn), fresh_seconds=3600))
    before = (await ask(app, "/")).body
    await log.put(number=8)
    assert (await ask(app, "/")).body == before


async def test_long_paths(log):
    """A path of absurd length is no page, and costs nothing"""
    assert (await ask(log.app(), "/" + "a" * 5000)).status == 404


async def test_overtaken(log, monkeypatch):
    """A page that was being made while its roast was vetoed is not kept for those who ask later"""
    number = await log.put()
    app, path = log.app(), f"/posts/{number}-soup-number-7/"
    reading, vetoed, fetch = asyncio.Event(), asyncio.Event(), log.store.standing_verdicts

    async def slowly(numbers):
        found = await fetch(numbers)
        reading.set()
        await vetoed.wait()
        return found

    assert (await ask(app, "/about/")).status == 200
    monkeypatch.setattr(log.store, "standing_verdicts", slowly)
    app = log.app()
    asked = asyncio.create_task(ask(app, path))
    await reading.wait()
    await log.store.veto_publication(number, "no")
    assert (await ask(app, "/about/")).status == 200  # the change is seen, and the cache emptied
    vetoed.set()
    assert (await asked).status == 200
    assert (await ask(app, path)).status == 410


async def test_spellings_are_not_kept(log):
    """Whatever anonymous readers spell, memory does not grow: redirects are not kept, and small answers have weight"""
    number = await log.put()
    app = log.app()
    for spelling in range(50):
        assert (await ask(app, f"/posts/{number}-x{spelling}/")).status == 301
    assert app.kept == 0
    assert (await ask(app, f"/posts/{number}-soup-number-7/")).status == 200
    assert app.kept == 1


async def test_kept_within_bounds(log, monkeypatch):
    """What is kept is bounded, and the same page asked for twice at once is counted once"""
    monkeypatch.setattr("adapters.devlog.app.MOST_KEPT", 40_000)
    number = await log.put()
    app, path = log.app(), f"/posts/{number}-soup-number-7/"
    for _ in range(3):
        await asyncio.gather(*(ask(app, one) for one in (path, path, "/", "/about/", "/browse/", "/search/")))
        assert 0 < app.kept < 10


@pytest.fixture
def painted(monkeypatch):
    """In which threads quotations were coloured."""
    threads, paint = [], prose.paint

    def noted(*given):
        threads.append(threading.current_thread())
        return paint(*given)

    monkeypatch.setattr(prose, "paint", noted)
    return threads


async def test_lists_colour_nothing(log, painted):
    """Feeds and lists show no receipts, and so none is coloured for them"""
    await log.put()
    for path in ("/", "/atom.xml", "/feed.json", "/authors/ada/", "/offences/bare_assert/"):
        assert (await ask(log.app(), path)).status == 200, path
    assert painted == []


async def test_made_beside_the_loop(log, painted):
    """A page is made in a thread: the loop that acknowledges commands goes on meanwhile"""
    number = await log.put()
    assert b"<pre" in (await ask(log.app(), f"/posts/{number}-soup-number-7/")).body
    assert painted
    assert threading.main_thread() not in painted
