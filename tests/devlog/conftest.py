"""A store with published roasts, and the pages over it: in memory, as a folder, over loopback."""

import asyncio
import shutil
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from fakes.memory import PLACE, Watch, message
from fakes.verdicts import exhibit, verdict

from adapters.devlog.app import DevlogApp
from adapters.devlog.configured import site_of
from adapters.devlog.live import Live, Pictures
from adapters.devlog.look import Look
from adapters.store import open_store
from bot.brief import Subject
from bot.exhibit import Receipt, Stance, Where
from bot.publisher import Publisher
from bot.settings_sections import Devlog, Privacy

HOST = "https://github.com"
ADDRESS = "https://log.example/dev"


def roast(number=7, *, repository="acme/soup", author="ada", title="", **changes):
    """Return a verdict on a pull request at GitHub, its receipts there too."""
    url = f"{HOST}/{repository}/pull/{number}"
    blob = f"{HOST}/{repository}/blob/1a2b3c4d5e6f/barista/lease.py#L12"
    proof = Receipt(
        where=Where.FILE, path="barista/lease.py", line=12, sha="1a2b3c4d5e6f", quote="assert machine is not None",
        url=blob,
    )  # fmt: skip
    fields = {
        "pull_request": f"{repository}#{number}",
        "url": url,
        "subject": Subject(slug=f"{repository}#{number}", number=number, title="Season it", url=url, author=author),
        "title": title or f"Soup Number {number}",
        "private": False,
        "exhibits": tuple(
            exhibit(key, kind, stance, weight, f"What {key} says of `barista/lease.py`.", receipts=(proof,))
            for key, kind, stance, weight in (
                ("E1", "bare_assert", Stance.CHARGE, 6.6),
                ("E2", "tug_of_war", Stance.CHARGE, 7.1),
                ("C1", "races_handled", Stance.CREDIT, 5.0),
            )
        ),
    }
    return verdict(**(fields | changes))


class Calls(list):
    """Pictures that were drawn."""

    def __call__(self, card, verdict):
        """Return a picture that is none, but tells of what."""
        self.append(card.slug)
        return b"\x89PNG " + card.title.encode()


@dataclass
class Log:
    """The dev log and all that stands behind it."""

    store: object
    watch: Watch
    publisher: Publisher
    drawn: Calls = field(default_factory=Calls)

    async def put(self, verdict=None, **changes):
        """Publish a verdict; return its number."""
        self.watch.forward(hours=1)
        number = await self.store.save_verdict(verdict or roast(**changes), PLACE)
        await self.store.record_post(number, message(f"m{number}"))
        await self.store.offer_publication(number, headline=False, due_at=self.watch.now())
        return number

    async def site(self, address=ADDRESS):
        """Return the site as it stands now."""
        return await site_of(self.publisher, Look(address=address))

    async def page(self, path, address=ADDRESS):
        """Return the text of one page."""
        page = await (await self.site(address)).page(path)
        assert page is not None, path
        return page.body.decode()

    async def post(self, number):
        """Return a post's page."""
        site = await self.site()
        slug = site.shelves.posts[site.shelves.place[number]].slug
        return (await site.page(f"posts/{slug}/")).body.decode()

    def app(self, token="", address=ADDRESS):
        """Return the app, which looks at the store for every request."""
        live = Live(self.publisher, Look(address=address), Pictures(self.drawn), fresh_seconds=0)
        return DevlogApp(live, token)


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """A migrated empty store to copy."""
    path = tmp_path_factory.mktemp("empty") / "store.sqlite3"

    async def make():
        await (await open_store(f"sqlite+aiosqlite:///{path}")).aclose()

    asyncio.run(make())
    return path


@pytest.fixture
async def log(tmp_path, empty):
    """A dev log of a workspace that publishes all."""
    shutil.copy(empty, tmp_path / "store.sqlite3")
    watch = Watch()
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}", clock=watch)
    publisher = Publisher(store=store, clock=watch, settings=Devlog(publish="all"), privacy=Privacy(), address=ADDRESS)
    yield Log(store, watch, publisher)
    await store.aclose()


@dataclass
class Answer:
    """What came back over ASGI."""

    status: int
    headers: dict
    body: bytes


async def ask(app, path, method="GET", **headers):
    """Ask an ASGI app as a server would."""
    sent = []
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": given, "query_string": b""}

    async def send(event):
        sent.append(event)

    await app(scope, None, send)
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], fields, b"".join(event.get("body", b"") for event in sent[1:]))


def later(watch):
    """Let a moment pass."""
    return watch.forward(seconds=1) + timedelta(0)
