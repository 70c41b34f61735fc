"""What machines read: Atom (RFC 4287), JSON Feed 1.1, a sitemap, oEmbed, JSON-LD, the index of the search."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from adapters.devlog.look import environment
from adapters.devlog.views import PostView, label_of
from bot.display import plain
from bot.publishing import Listed

if TYPE_CHECKING:
    from adapters.devlog.site import Page, Site

BY = "roast-bot"
PER_SHARD = 2500
PICTURE_SIZE = (1200, 630)
_JSON = "application/json; charset=utf-8"


def _dump(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def permanent_id(site: Site, post: PostView | Listed) -> str:
    """Return an id that stays the same when the address or the title change (RFC 4151)."""
    host = urlsplit(site.look.address).hostname or "localhost"
    return f"tag:{host},2026:roast-{post.id}"


def full_text(site: Site, post: PostView) -> str:
    """Return the whole roast as HTML for feed readers: plain elements, absolute links, no classes."""
    return environment().get_template("feed_content.html").render(post=post, site=site)


def _updated(posts: Sequence[PostView]) -> datetime:
    return max((post.changed for post in posts), default=datetime(2026, 1, 1, tzinfo=UTC))


def atom(site: Site, posts: Sequence[PostView]) -> bytes:
    """Return the newest posts as Atom, with full text."""
    context = {
        "site": site,
        "look": site.look,
        "updated": _updated(posts).isoformat(),
        "entries": [(post, permanent_id(site, post), full_text(site, post)) for post in posts],
        "id": f"tag:{urlsplit(site.look.address).hostname or 'localhost'},2026:roasts",
        "label_of": label_of,
    }
    return environment().get_template("atom.xml").render(context).encode()


def json_feed(site: Site, posts: Sequence[PostView]) -> bytes:
    """Return the newest posts as JSON Feed, with full text: https://www.jsonfeed.org/version/1.1/."""
    return _dump(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": site.look.title,
            "description": "Roasts of pull requests. Every line carries a receipt.",
            "home_page_url": site.absolute(""),
            "feed_url": site.absolute("feed.json"),
            "authors": [{"name": BY}],
            "language": "en",
            "items": [_item(site, post) for post in posts],
        }
    )


def _item(site: Site, post: PostView) -> dict[str, Any]:
    item = {
        "id": permanent_id(site, post),
        "url": site.absolute(post.path),
        "title": post.title,
        "summary": post.summary,
        "content_html": full_text(site, post),
        "image": site.absolute(f"{post.path}card.png"),
        "date_published": post.when.isoformat(),
        "date_modified": post.changed.isoformat(),
        "authors": [{"name": BY}],
        "tags": [label_of(tag) for tag in post.tags],
    }
    return item | ({"external_url": post.url} if post.url else {})


def sitemap(site: Site) -> bytes:
    """Return all pages that people look for."""
    return environment().get_template("sitemap.xml").render(site=site).encode()


def robots(site: Site) -> bytes:
    """Return what crawlers may read: everything but the index of the search."""
    return f"User-agent: *\nDisallow: {site.look.base}search.json\nSitemap: {site.absolute('sitemap.xml')}\n".encode()


def oembed(site: Site, post: PostView) -> bytes:
    """Return a post for those who embed it: the card's picture and a link (https://oembed.com/)."""
    width, height = PICTURE_SIZE
    return _dump(
        {
            "version": "1.0",
            "type": "link",
            "title": post.title,
            "author_name": BY,
            "provider_name": site.look.title,
            "provider_url": site.absolute(""),
            "thumbnail_url": site.absolute(f"{post.path}card.png"),
            "thumbnail_width": width,
            "thumbnail_height": height,
            "cache_age": 3600,
        }
    )


def article(site: Site, post: PostView) -> dict[str, Any]:
    """Return a post as schema.org's Article, for JSON-LD."""
    about = {"@type": "CreativeWork", "name": post.slug} | ({"url": post.url} if post.url else {})
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": post.title,
        "description": post.summary,
        "image": site.absolute(f"{post.path}card.png"),
        "datePublished": post.when.isoformat(),
        "dateModified": post.changed.isoformat(),
        "author": {"@type": "Organization", "name": BY},
        "mainEntityOfPage": site.absolute(post.path),
        "keywords": [label_of(tag) for tag in post.tags],
        "about": about,
    }


def shards(site: Site) -> int:
    """Return into how many files the index of the search is cut, the newest posts in the first."""
    return max(1, -(-len(site.shelves.posts) // PER_SHARD))


def search_index(site: Site, number: int) -> bytes:
    """Return one part of the index: title, slug, pull request, author, last line, offences, doneness, day."""
    posts = site.shelves.posts[(number - 1) * PER_SHARD : number * PER_SHARD]
    offences = sorted({offence for post in posts for offence in post.offences})
    place = {offence: index for index, offence in enumerate(offences)}
    rows = [
        [
            plain(post.title),
            post.slug,
            plain(post.pull_request),
            plain(post.author),
            plain(post.epithet),
            [place[one] for one in post.offences],
            "acquitted" if post.acquitted else post.doneness,
            f"{post.created_at:%Y-%m-%d}" if post.created_at else "",
        ]
        for post in posts
    ]
    more = f"search-{number + 1}.json" if number < shards(site) else ""
    return _dump({"offences": [label_of(one) for one in offences], "posts": rows, "more": more})


def search_page(site: Site, path: str) -> Page | None:
    """Return a further part of the index."""
    from adapters.devlog.site import Page  # noqa: PLC0415 - it knows us

    digits = path.removeprefix("search-").removesuffix(".json")
    if not (digits.isdecimal() and len(digits) < 6 and 2 <= int(digits) <= shards(site) and digits == str(int(digits))):
        return None
    return Page(search_index(site, int(digits)), _JSON)
