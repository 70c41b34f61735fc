"""What readers find on the pages."""

import re

import pytest
from fakes.memory import PLACE, react

from bot.brief import Role
from bot.exhibit import Stance
from bot.records import NewSubscription, Place, PlaceSettings
from bot.verdict import Paragraph, Struck, WriterInfo

from .conftest import roast


async def test_nothing_yet(log):
    """With nothing published the front page says so, kindly, and how that changes"""
    page = await log.page("")
    assert "Nothing on the pass yet" in page
    assert "settings publish all" in page


async def test_log(log):
    """The log has the newest first, each with its pull request, gist, doneness and last word"""
    first, second = await log.put(number=7, title="First"), await log.put(number=8, title="Second")
    page = await log.page("")
    assert page.index("Second") < page.index("First")
    assert f'href="./posts/{second}-second/"' in page
    assert "acme/soup#7" in page
    assert "The grinder and the milk now vote" in page
    assert page.count('class="on c') == 2 * 7
    assert first != second


async def test_post(log):
    """A post has a byline, its day, links to pull request, author and repository, the verdict, the bill, its tags"""
    page = await log.post(await log.put())
    assert "By roast-bot, <time" in page
    assert '<a href="https://github.com/acme/soup/pull/7" rel="noopener nofollow ugc">acme/soup#7</a>' in page
    assert 'href="../../authors/ada/"' in page
    assert 'href="../../repositories/acme/soup/"' in page
    assert "The Parliament of Beans" in page
    assert "bare assert</span>" in page
    assert 'href="../../offences/bare_assert/"' in page
    assert 'src="../../posts/' in page


async def test_receipts(log):
    """Receipts lie folded beside their paragraph: the quotation in colours, and where it stands"""
    page = await log.post(await log.put())
    told = page[page.index("<details") : page.index("</details>")]
    assert '<span class="k">assert</span>' in told
    assert "github.com/acme/soup/blob/1a2b3c4d5e6f/barista/lease.py#L12" in told
    assert "barista/lease.py:12" in told


async def test_words_become_links(log):
    """Numbers of pull requests, paths and commits that receipts know lead to the host; the rest stays words"""
    words = "See #22 and `barista/lease.py`, not `other.py` or issue&#35;5 or a/b#9."
    paragraphs = (Paragraph(text=words, exhibits=("E1",)),)
    page = await log.post(await log.put(paragraphs=paragraphs))
    story = page[page.index('class="dish"') : page.index("<details")]
    links = re.findall(r'href="([^"]+)"', story)
    assert links == [
        "https://github.com/acme/soup/pull/22",
        "https://github.com/acme/soup/blob/1a2b3c4d5e6f/barista/lease.py#L12",
    ]


async def test_struck(log):
    """A struck line is shown struck with the reason, in the story, the receipts and the bill; its tag is gone"""
    page = await log.post(await log.put(struck=(Struck(exhibit="E1", reason="Fixed since, by #9. Well done."),)))
    assert page.count("<del>") == 3
    assert "Struck on appeal.</b> Fixed since, by #9. Well done." in page
    assert 'offences/bare_assert/"' not in page


async def test_part_of_a_paragraph_struck(log):
    """A paragraph that rests on something else too stays as it is"""
    both = (Paragraph(text="Two things.", role=Role.CHARGE, exhibits=("E1", "E2")),)
    page = await log.post(await log.put(paragraphs=both, struck=(Struck(exhibit="E1", reason="Gone."),)))
    assert "<p>Two things.</p>" in page


async def test_sensitive_never(log):
    """Nothing that rests on a sensitive exhibit gets onto a page, into a feed or into the index"""
    from fakes.verdicts import exhibit

    secret = exhibit("S1", "secret_in_diff", Stance.CHARGE, 9, "The key is hunter2.", sensitive=True)
    told = (*roast().paragraphs, Paragraph(text="The key hunter2 was pushed.", exhibits=("S1",)))
    number = await log.put(exhibits=(*roast().exhibits, secret), paragraphs=told)
    site = await log.site()
    for path in site.paths():
        if not path.endswith(".woff2"):
            assert b"hunter2" not in (await site.page(path)).body, path
    assert "secret_in_diff" not in await log.post(number)


async def test_acquitted(log):
    """An acquittal is told as one, with no mark of the grill"""
    page = await log.post(await log.put(acquitted=True, score=0.4))
    assert 'class="meter acquitted"' in page
    assert 'class="on' not in page


async def test_voices(log):
    """What people said so far is counted in words"""
    number = await log.put()
    for who in ("bob", "eve"):
        await log.store.record_reaction(react("🔥", who, where=f"m{number}"))
    await log.store.record_reaction(react("💀", "joe", where=f"m{number}"))
    page = await log.post(number)
    assert re.search(r"2 <span>funny</span>", page)
    assert re.search(r"1 <span>too harsh</span>", page)


async def test_neighbours(log):
    """A post leads to the one before and the one after it"""
    numbers = [await log.put(number=number) for number in (7, 8, 9)]
    page = await log.post(numbers[1])
    assert re.findall(r'rel="(prev|next)" href="../../posts/(\d+)', page) == [
        ("prev", str(numbers[0])),
        ("next", str(numbers[2])),
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("repositories/acme/soup/", "acme/soup"),
        ("authors/ada/", "Ada"),
        ("weeks/2026-w21/", "2026-W21"),
        ("offences/bare_assert/", "Bare assert"),
    ],
)
async def test_groups(log, path, name):
    """There is a page for each repository, author, week and offence, with its posts"""
    await log.put(author="Ada", title="Mine")
    await log.put(
        number=8, repository="other/place", author="bob", title="Theirs", paragraphs=(), exhibits=roast().exhibits
    )
    page = await log.page(path)
    assert f"<h1>{name}</h1>" in page
    assert "Mine" in page
    assert ("Theirs" in page) == (path.startswith("weeks"))


async def test_offence(log):
    """An offence's page says what it is, how often it came, and the best-liked line on it"""
    liked = await log.put(number=7, title="Liked")
    other = (Paragraph(text="Another line on it.", exhibits=("E1",)),)
    await log.put(number=8, title="Unliked", paragraphs=other)
    await log.put(number=9, title="The same line again")
    await log.store.record_reaction(react("🔥", "bob", where=f"m{liked}"))
    page = await log.page("offences/bare_assert/")
    assert "3 of 3 roasts tell of it" in page
    assert "What it finds" in page
    assert "<dd>" in page
    best = page[page.index("The best lines") : page.index("Where it was found")]
    assert best.index("Liked") < best.index("Unliked")
    assert best.count("serve_cup asserts that nothing is None.") == 1


async def test_pages(log):
    """A long log is cut into pages that lead to each other, and there is none beyond the last"""
    for number in range(1, 15):
        await log.put(number=number)
    site = await log.site()
    first, second = (await site.page("")).body.decode(), (await site.page("page/2/")).body.decode()
    assert 'rel="next" href="./page/2/"' in first
    assert 'rel="prev" href="../../"' in second
    assert (first.count("<article"), second.count("<article")) == (12, 2)
    for path in ("page/3/", "page/1/", "page/02/", "page/0/", "repositories/nobody/", "nonsense/", "posts/999-x/"):
        assert await site.page(path) is None, path


async def test_every_link_leads_somewhere(log):
    """Every link within the log, on every page, leads to a page that is there"""
    from posixpath import normpath

    for number in (7, 8, 9):
        await log.put(number=number, author=f"a{number}")
    site = await log.site()
    for path in list(site.paths()):
        if not (path == "" or path.endswith("/")):
            continue
        for link in re.findall(r'(?:href|src)="(\.\.?/[^"#]*)', (await site.page(path)).body.decode()):
            there = normpath(f"/{path}{link}").lstrip("/") + ("/" if link.endswith("/") else "")
            there = "" if there == "/" else there
            assert await site.page(there) is not None, (path, link, there)


async def ran(log, repository, decision, **changes):
    """Let a digest have run."""
    new = NewSubscription(**({"place": PLACE, "repository": repository, "schedule": "0 9 * * fri"} | changes))
    kept = await log.store.subscribe(new)
    done = kept.model_copy(update={"last_ran_at": log.watch.forward(hours=1), "last_decision": decision})
    await log.store.save_subscription(done)


async def test_last_ran(log):
    """The foot tells when a digest last ran, of repositories in the log by name, of others only the day"""
    await log.put()
    for repository in ("acme/soup", "secret/thing"):
        await ran(log, repository, "Told acme/soup#7, of 12 merged and 9 read in full.")
    page = await log.page("about/")
    assert "acme/soup: Told acme/soup#7, of 12 merged" in page
    assert "a digest" in page
    assert "secret/thing" not in page


@pytest.mark.parametrize(
    ("decision", "changes"),
    [
        ("Told acme/soup#7, of 3 merged. ada published nothing.", {"person": "ada", "feed": "https://ada.example/f"}),
        ("Told acme/soup#8, of 3 merged and 3 read in full.", {}),
        ("Cancelled by U123.", {}),
        ("GitHub refused the token.", {}),
    ],
    ids=["a person", "a roast that is not in the log", "called off", "a fault"],
)
async def test_last_ran_keeps_quiet(log, decision, changes):
    """Of a person's digest, of what the log does not show, and of what went wrong nothing but the day is told"""
    await log.put()
    await ran(log, "acme/soup", decision, **changes)
    page = await log.page("about/")
    assert "a digest" in page
    assert decision.partition(",")[0] not in page


async def test_last_ran_elsewhere(log):
    """A place that publishes nothing is not told of at all, however public its repository is"""
    await log.put()
    other = Place(platform="slack", workspace="T2", channel="C2")
    await log.store.set_place_settings(other.whole, PlaceSettings(publish="nothing"))
    await ran(log, "acme/soup", "Told acme/soup#7, of 3 merged and 3 read in full.", place=other)
    page = await log.page("about/")
    assert "Told" not in page
    assert "a digest" not in page


async def test_small(log):
    """A whole post travels in less than 60 KB, its style and fonts included, and so it is unpacked without the fonts"""
    import gzip

    from adapters.devlog.look import assets

    text = "A sentence of some length, with `code` in it. " * 8
    long = tuple(Paragraph(text=f"{number} {text}", exhibits=("E1", "E2", "C1")) for number in range(9))
    page = (await log.post(await log.put(paragraphs=long, writer=WriterInfo(name="house")))).encode()
    files = assets()
    style = next(body for name, (body, _) in files.items() if name.endswith(".css"))
    fonts = [body for name, (body, _) in files.items() if name.startswith(("serif-400.", "display"))]
    assert len(page) + len(style) < 60_000
    assert sum(len(gzip.compress(one)) for one in (page, style)) + sum(map(len, fonts)) < 45_000


def test_no_detector_is_imported():
    """Explaining an offence reads its file and imports nothing"""
    import subprocess
    import sys

    program = (
        "import sys; from adapters.devlog.offences import explained; assert explained('bare_assert').finds;"
        "assert not explained('../errors').finds; sys.exit('bot.detectors' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
