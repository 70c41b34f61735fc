"""Every page of the dev log, by path. The same for the server and for the static site; nothing is cached here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.devlog import feeds
from adapters.devlog.look import Look, asset, assets, environment
from adapters.devlog.offences import explained
from adapters.devlog.prose import Links, prose, without_marks
from adapters.devlog.shelves import KINDS, Group, Shelves, key_of
from adapters.devlog.views import PostView, label_of, post_view
from bot.display import plain
from bot.publishing import Listed
from bot.records import StoredVerdict, VerdictId

PER_PAGE, PER_LIST, IN_FEED, BEST = 12, 60, 30, 6
_POST = re.compile(r"^posts/(\d{1,18})(?:-[a-z0-9-]*)?/(|card\.png|oembed\.json)$")
_PAGED = re.compile(r"^(.*?)(?:page/(\d{1,6})/)?$")
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"

Fetch = Callable[[Sequence[VerdictId]], Awaitable[tuple[StoredVerdict, ...]]]
Paint = Callable[[StoredVerdict], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its bytes and their type. ``location`` leads on where the page has moved."""

    body: bytes
    media: str = HTML
    status: int = 200
    location: str = ""
    lasting: bool = False


@dataclass(slots=True)
class Site:
    """The pages over one state of the shelf. ``ran`` says when something was last done, in words."""

    look: Look
    shelves: Shelves
    fetch: Fetch
    paint: Paint
    ran: tuple[tuple[datetime, str], ...] = ()
    _gists: dict[VerdictId, str] = field(default_factory=dict)

    async def page(self, path: str) -> Page | None:  # noqa: PLR0911 - one line for each kind of page
        """Return the page at a path without its first slash, nothing where there is none."""
        if path.startswith("static/"):
            return _static(path.removeprefix("static/"))
        if found := _POST.match(path):
            return await self._of_post(VerdictId(int(found[1])), path, found[2])
        if path in _FIXED:
            return await _FIXED[path](self)
        if path.startswith("search-") and path.endswith(".json"):
            return await asyncio.to_thread(feeds.search_page, self, path)
        base, number = _paged(path)
        if base == "":
            return await self._log(number)
        kind, _, key = base.partition("/")
        group = self.shelves.group(kind, key.rstrip("/"))
        if group is None or not base.endswith("/"):
            return None
        return await (self._offence(group, number) if kind == "offences" else self._group(group, number))

    def paths(self) -> Iterator[str]:
        """Yield the path of every page but pictures."""
        yield from (f"static/{name}" for name in assets())
        yield from _pages("", len(self.shelves.posts), PER_PAGE)
        yield from (path for path in _FIXED if path)
        yield from (f"search-{number}.json" for number in range(2, feeds.shards(self) + 1))
        for kind in KINDS:
            for group in self.shelves.groups[kind].values():
                yield from _pages(group.path, len(group.posts), PER_LIST)
        for post in self.shelves.posts:
            yield f"posts/{post.slug}/"
            yield f"posts/{post.slug}/oembed.json"

    def render(self, template: str, path: str, **more: Any) -> bytes:
        """Return a page in HTML. Links in it are relative to ``path``: it works below any address."""
        root = "../" * path.count("/") or "./"
        context = {"site": self, "look": self.look, "root": root, "path": path, "asset": asset, "key_of": key_of}
        return environment().get_template(template).render(context | more).encode()

    async def _rendered(self, template: str, path: str, **more: Any) -> Page:
        """Return a page made in a thread: the loop has platforms to acknowledge to meanwhile."""
        return Page(await asyncio.to_thread(self.render, template, path, **more))

    def absolute(self, path: str) -> str:
        """Return the address of a path."""
        return f"{self.look.address}/{path}"

    # posts

    async def _of_post(self, number: VerdictId, path: str, what: str) -> Page | None:
        if number in self.shelves.moved:
            number = self.shelves.moved[number]
        index = self.shelves.place.get(number)
        if index is None:
            return self.gone(path) if number in self.shelves.gone else None
        listed = self.shelves.posts[index]
        if path != (right := f"posts/{listed.slug}/{what}"):
            return Page(b"", status=301, location=right)
        for stored in await self.fetch([number]):
            return await self.of_stored(listed, stored, what)
        return self.gone(path)

    async def of_stored(self, listed: Listed, stored: StoredVerdict, what: str = "") -> Page:
        """Return one of the pages of a post whose verdict is at hand."""
        if what == "card.png":
            return Page(await self.paint(stored), "image/png")
        make = self._oembed if what == "oembed.json" else self._whole
        return await asyncio.to_thread(make, listed, stored)

    def _oembed(self, listed: Listed, stored: StoredVerdict) -> Page:
        return Page(feeds.oembed(self, self.view(listed, stored)), JSON)

    def _whole(self, listed: Listed, stored: StoredVerdict) -> Page:
        return Page(self._post(listed, self.view(listed, stored)))

    def both_of(self, listed: Listed, stored: StoredVerdict) -> tuple[bytes, bytes]:
        """Return a post's page and its oEmbed at once."""
        post = self.view(listed, stored)
        return self._post(listed, post), feeds.oembed(self, post)

    def _post(self, listed: Listed, post: PostView) -> bytes:
        index = self.shelves.place[listed.id]
        newer = self.shelves.posts[index - 1] if index else None
        older = self.shelves.posts[index + 1] if index + 1 < len(self.shelves.posts) else None
        article = feeds.article(self, post)
        return self.render("post.html", post.path, post=post, newer=newer, older=older, article=article)

    def view(self, listed: Listed, stored: StoredVerdict) -> PostView:
        """Return a post, and keep its gist for the lists."""
        post = post_view(stored, listed.publication.due_at)
        self._gists[listed.id] = post.summary
        return post

    def known_gist(self, number: VerdictId) -> str:
        """Return the gist of a post that was seen."""
        return self._gists.get(number, "")

    def know_gist(self, number: VerdictId, gist: str) -> None:
        """Keep a gist for the lists."""
        self._gists[number] = gist

    async def views(self, posts: Sequence[Listed]) -> list[PostView]:
        """Return posts whole, as far as they still stand."""
        by_id = {stored.id: stored for stored in await self.fetch([one.id for one in posts])}
        return await asyncio.to_thread(lambda: [self.view(one, by_id[one.id]) for one in posts if one.id in by_id])

    async def gists(self, posts: Sequence[Listed]) -> dict[VerdictId, str]:
        """Return the gists of some posts."""
        missing = [one for one in posts if one.id not in self._gists]
        if missing:
            await self.views(missing)
        return {one.id: self._gists.get(one.id, "") for one in posts}

    # lists

    async def _log(self, number: int) -> Page | None:
        cut = _cut(self.shelves.posts, number, PER_PAGE)
        if cut is None:
            return None
        posts, pages = cut
        path = _page_path("", number)
        gists = await self.gists(posts)
        context = {"posts": posts, "gists": gists, "number": number, "pages": pages, "base": ""}
        return await self._rendered("log.html", path, **context)

    async def _group(self, group: Group, number: int) -> Page | None:
        cut = _cut(group.posts, number, PER_LIST)
        if cut is None:
            return None
        posts, pages = cut
        context = {"group": group, "posts": posts, "number": number, "pages": pages, "base": group.path}
        context["name"] = await self._spelled(group)
        return await self._rendered("group.html", _page_path(group.path, number), **context)

    async def _spelled(self, group: Group) -> str:
        """Return a group's name; an author's as the newest roast spells it."""
        if group.kind == "authors":
            for stored in await self.fetch([group.posts[0].id]):
                return plain(stored.verdict.subject.author)
        return group.name

    async def _offence(self, group: Group, number: int) -> Page | None:
        cut = _cut(group.posts, number, PER_LIST)
        if cut is None:
            return None
        posts, pages = cut
        best = await self._best_lines(group) if number == 1 else []
        context = {"group": group, "posts": posts, "number": number, "pages": pages, "base": group.path}
        context |= {"best": best, "about": explained(group.name), "label": label_of(group.name), "prose": _plain_prose}
        return await self._rendered("offence.html", _page_path(group.path, number), **context)

    async def _best_lines(self, group: Group) -> list[tuple[Listed, str]]:
        """Return the lines on an offence that people liked most, one of each post, each once."""
        liked = sorted(group.posts, key=lambda one: (-_liking(one), -one.id))[: 3 * BEST]
        lines: list[tuple[Listed, str]] = []
        by_id = {stored.id: stored for stored in await self.fetch([one.id for one in liked])}
        for one in liked:
            line = _line_on(group.name, by_id[one.id]) if one.id in by_id else ""
            if line and line not in {told for _, told in lines}:
                lines.append((one, line))
        return lines[:BEST]

    async def browse(self) -> Page:
        """Return the page of all lists."""
        ranked = {kind: self.shelves.ranked(kind) for kind in KINDS}
        ranked["weeks"] = sorted(ranked["weeks"], key=lambda one: one.key, reverse=True)
        return await self._rendered("browse.html", "browse/", ranked=ranked, label_of=label_of)

    async def search(self) -> Page:
        """Return the page that searches."""
        return Page(self.render("search.html", "search/", shards=feeds.shards(self)))

    async def about(self) -> Page:
        """Return the page on what this is, and how to opt out."""
        return Page(self.render("about.html", "about/"))

    def gone(self, path: str) -> Page:
        """Return the page of what was taken down."""
        return Page(self.render("gone.html", path), status=410)

    def missing(self, path: str) -> Page:
        """Return the page of what never was. It may lie at any depth, so its links begin at the root."""
        body = (
            environment()
            .get_template("missing.html")
            .render(
                {
                    "site": self,
                    "look": self.look,
                    "root": self.look.base,
                    "path": path,
                    "asset": asset,
                    "key_of": key_of,
                }
            )
        )
        return Page(body.encode(), status=404)

    async def each_post(self, batch: int = 100) -> AsyncIterator[tuple[Listed, StoredVerdict]]:
        """Yield every post with its verdict, a batch at a time: for the static site, whose memory stays flat."""
        for start in range(0, len(self.shelves.posts), batch):
            some = self.shelves.posts[start : start + batch]
            by_id = {stored.id: stored for stored in await self.fetch([one.id for one in some])}
            for one in some:
                if one.id in by_id:
                    yield one, by_id[one.id]


def _plain_prose(text: str) -> Any:
    return prose(text, _NO_LINKS)


def _liking(one: Listed) -> float:
    from bot.feedback import LIKING  # noqa: PLC0415 - a table

    return sum(LIKING.get(meaning, 0.0) * count for meaning, count in one.voices.items())


def _line_on(kind: str, stored: StoredVerdict) -> str:
    """Return the sentences of the first paragraph that rests on this offence before all others, at most two."""
    verdict = stored.verdict
    struck = {one.exhibit for one in verdict.struck}
    mine = {item.id for item in verdict.public_exhibits if item.kind == kind} - struck
    hidden = {item.id for item in verdict.exhibits if item.sensitive} | struck
    for paragraph in verdict.paragraphs:
        if mine & set(paragraph.exhibits) and not hidden & set(paragraph.exhibits):
            sentences = re.split(r"(?<=[.!?…”])\s+(?=[A-Z“`])", without_marks(paragraph.text))
            tail = " ".join(sentences[-2:])
            return tail if len(tail) <= 280 else sentences[-1][:280]
    return ""


def _paged(path: str) -> tuple[str, int]:
    found = _PAGED.match(path)
    if found is None or (found[2] is not None and (int(found[2]) < 2 or found[2].startswith("0"))):
        return "/", 1  # no page is there
    return found[1], int(found[2] or 1)


def _page_path(base: str, number: int) -> str:
    return base if number == 1 else f"{base}page/{number}/"


def _pages(base: str, count: int, per_page: int) -> Iterator[str]:
    for number in range(1, max(1, -(-count // per_page)) + 1):
        yield _page_path(base, number)


def _cut(posts: Sequence[Listed], number: int, per_page: int) -> tuple[Sequence[Listed], int] | None:
    """Return the posts of one page and how many pages there are; the first page is always there."""
    pages = max(1, -(-len(posts) // per_page))
    if number > pages:
        return None
    return posts[(number - 1) * per_page : number * per_page], pages


def _static(name: str) -> Page | None:
    found = assets().get(name)
    return Page(found[0], found[1], lasting=True) if found else None


async def _atom(site: Site) -> Page:
    posts = await site.views(site.shelves.posts[:IN_FEED])
    return Page(await asyncio.to_thread(feeds.atom, site, posts), "application/atom+xml; charset=utf-8")


async def _json_feed(site: Site) -> Page:
    posts = await site.views(site.shelves.posts[:IN_FEED])
    return Page(await asyncio.to_thread(feeds.json_feed, site, posts), "application/feed+json")


async def _sitemap(site: Site) -> Page:
    return Page(await asyncio.to_thread(feeds.sitemap, site), "application/xml; charset=utf-8")


async def _robots(site: Site) -> Page:
    return Page(feeds.robots(site), "text/plain; charset=utf-8")


async def _search_index(site: Site) -> Page:
    return Page(await asyncio.to_thread(feeds.search_index, site, 1), JSON)


_NO_LINKS = Links()
_FIXED: dict[str, Callable[[Site], Awaitable[Page]]] = {
    "browse/": Site.browse,
    "search/": Site.search,
    "about/": Site.about,
    "atom.xml": _atom,
    "feed.json": _json_feed,
    "sitemap.xml": _sitemap,
    "robots.txt": _robots,
    "search.json": _search_index,
}
