"""What machines read, held to what their formats say."""

import json
import xml.etree.ElementTree as ET

import feedparser
import jsonschema

from bot.verdict import Struck

from .conftest import ADDRESS, roast
from .test_hostile import EVIL, Reading, hostile

ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": {"type": "string", "format": "uri"},
        "external_url": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "content_html": {"type": "string"},
        "summary": {"type": "string"},
        "image": {"type": "string", "format": "uri"},
        "date_published": {"type": "string", "format": "date-time"},
        "date_modified": {"type": "string", "format": "date-time"},
        "authors": {"type": "array", "items": {"type": "object", "minProperties": 1}},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
# https://www.jsonfeed.org/version/1.1/, as far as we use it: nothing else may stand in it.
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "home_page_url": {"type": "string", "format": "uri"},
        "feed_url": {"type": "string", "format": "uri"},
        "authors": {"type": "array", "items": {"type": "object", "minProperties": 1}},
        "language": {"type": "string"},
        "items": {"type": "array", "items": ITEM},
    },
}
ATOM = "{http://www.w3.org/2005/Atom}"


async def test_atom(log):
    """A feed reader reads the feed without objection, with full text, an id that stays, and links both ways"""
    number = await log.put(title="A & B")
    read = feedparser.parse(await log.page("atom.xml"))
    assert (read.bozo, read.version, read.feed.title) == (False, "atom10", "The dev log")
    (entry,) = read.entries
    assert (entry.title, entry.id) == ("A & B", f"tag:log.example,2026:roast-{number}")
    assert entry.link == f"{ADDRESS}/posts/{number}-a-b/"
    assert "<code>serve_cup</code> asserts that <em>nothing</em> is None." in entry.content[0].value
    assert "Final verdict: The Parliament of Beans" in entry.content[0].value
    assert {tag.term for tag in entry.tags} == {"bare_assert"}


async def test_atom_by_its_specification(log):
    """What RFC 4287 requires is there once in the feed and in each entry, and the moments are moments"""
    from datetime import datetime

    await log.put()
    await log.put(number=8)
    root = ET.fromstring(await log.page("atom.xml"))  # noqa: S314 - our own
    for one in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated")).tzinfo
    assert root.find(f"{ATOM}author/{ATOM}name").text == "roast-bot"
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}
    assert len({one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")}) == 2


async def test_json_feed(log):
    """The JSON Feed keeps to version 1.1"""
    await log.put()
    await log.put(roast(8, url=""))
    feed = json.loads(await log.page("feed.json"))
    jsonschema.validate(feed, JSON_FEED, format_checker=jsonschema.FormatChecker())
    assert [item["title"] for item in feed["items"]] == ["Soup Number 8", "Soup Number 7"]
    assert feed["items"][1]["external_url"] == "https://github.com/acme/soup/pull/7"


async def test_empty_feeds(log):
    """A log without posts has feeds all the same"""
    assert not feedparser.parse(await log.page("atom.xml")).bozo
    jsonschema.validate(json.loads(await log.page("feed.json")), JSON_FEED)


async def test_hostile_feeds(log):
    """Hostile words are words in feeds too: well-formed, and without an element or an address of theirs"""
    await log.put(hostile())
    text = await log.page("atom.xml")
    assert not feedparser.parse(text, sanitize_html=False).bozo
    feed = json.loads(await log.page("feed.json"))
    jsonschema.validate(feed, JSON_FEED)
    raw = ET.fromstring(text).find(f"{ATOM}entry/{ATOM}content").text  # noqa: S314 - our own
    for html in (raw, feed["items"][0]["content_html"]):
        reading = Reading()
        reading.feed(html)
        assert {tag for tag, _ in reading.seen} <= {"p", "strong", "em", "code", "a", "del"}
        links = [attributes["href"] for tag, attributes in reading.seen if tag == "a"]
        assert all(link.startswith(("https://github.com/acme/soup/", ADDRESS)) for link in links)
    assert EVIL[:25] in feed["items"][0]["title"]


async def test_struck_in_feeds(log):
    """A struck line is struck in the feeds, with its reason"""
    await log.put(struck=(Struck(exhibit="E1", reason="Fixed since."),))
    for path in ("atom.xml", "feed.json"):
        page = await log.page(path)
        assert "Struck on appeal: Fixed since." in page


async def test_preview(log):
    """An unfurled link shows the card: Open Graph with an absolute picture of the right size, and oEmbed"""
    number = await log.put()
    page = await log.post(number)
    reading = Reading()
    reading.feed(page)
    meta = {
        one.get("property") or one.get("name"): one["content"]
        for tag, one in reading.seen
        if tag == "meta" and "content" in one
    }
    here = f"{ADDRESS}/posts/{number}-soup-number-7/"
    assert (meta["og:title"], meta["og:url"], meta["og:type"]) == ("Soup Number 7", here, "article")
    assert (meta["og:image"], meta["og:image:width"], meta["og:image:height"]) == (f"{here}card.png", "1200", "630")
    assert meta["twitter:card"] == "summary_large_image"
    links = {
        one.get("rel"): one["href"] for tag, one in reading.seen if tag == "link" and one.get("rel") == "canonical"
    }
    assert links == {"canonical": here}
    (oembed,) = [one["href"] for tag, one in reading.seen if one.get("type") == "application/json+oembed"]
    data = json.loads(await log.page(oembed.removeprefix(f"{ADDRESS}/")))
    assert (data["version"], data["type"], data["thumbnail_url"]) == ("1.0", "link", f"{here}card.png")
    assert {"thumbnail_width", "thumbnail_height", "title", "provider_name"} <= data.keys()


async def test_article(log):
    """The post is an article for search engines: headline, moments, picture, and what it is about"""
    import re

    page = await log.post(await log.put())
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert (data["@type"], data["headline"], data["about"]["url"]) == (
        "Article", "Soup Number 7", "https://github.com/acme/soup/pull/7",
    )  # fmt: skip


async def test_sitemap_and_robots(log):
    """The sitemap lists every post by its right address, and robots.txt leads to it"""
    numbers = [await log.put(number=number) for number in (7, 8)]
    root = ET.fromstring(await log.page("sitemap.xml"))  # noqa: S314 - our own
    found = {one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert {f"{ADDRESS}/posts/{number}-soup-number-{n}/" for number, n in zip(numbers, (7, 8), strict=True)} <= found
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in await log.page("robots.txt")


async def test_search_index(log):
    """The index of the search has what people look for, and is cut into parts that name the next one"""
    from adapters.devlog import feeds

    await log.put(author="ada", title="Find Me")
    data = json.loads(await log.page("search.json"))
    (row,) = data["posts"]
    assert row[0] == "Find Me"
    assert (row[2], row[3], [data["offences"][one] for one in row[5]]) == ("acme/soup#7", "ada", ["bare assert"])
    assert data["more"] == ""
    await log.put(number=8)
    feeds.PER_SHARD, kept = 1, feeds.PER_SHARD
    try:
        first, second = json.loads(await log.page("search.json")), json.loads(await log.page("search-2.json"))
        assert (first["more"], second["more"], second["posts"][0][0]) == ("search-2.json", "", "Find Me")
        site = await log.site()
        assert "search-2.json" in set(site.paths())
        assert await site.page("search-3.json") is None
    finally:
        feeds.PER_SHARD = kept
