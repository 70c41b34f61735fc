"""The memory at size: a million reactions on 100,000 verdicts, against one hundredth of it.

Half of it all is in one workspace, a quarter in one channel. Timed through the ``Store`` port, as people meet it:
recording a reaction, reading the voices and drawing casting weights, the leaderboard. Calls on the small and on the
large store take turns, so that whatever else the machine does hits both alike. Between them two things are timed that no
store can help: the disk alone (8 KiB, written and synced), and the machine alone (a loop of a fixed length, about
10 ms on a machine of its own): where that is late, all figures are.

Printed: median, 99th percentile and worst of both, and the growth of the median. The aims, and the exit status: medians
below 20 ms on the large store, and at most fourfold growth for a hundred times as much. Afterwards one person with the
share of verdicts that everybody has is exported and forgotten.

Run: ``python tests/benchmarks/store_load.py [sqlite] [postgresql] [--small]``.
"""

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes.memory import verdict  # noqa: E402
from fakes.postgres import postgres_url, running_postgres  # noqa: E402
from sqlalchemy import insert, text  # noqa: E402

from adapters.store import open_store  # noqa: E402
from adapters.store.schema import (  # noqa: E402
    posts,
    reactions,
    repository_months,
    taste,
    verdict_bodies,
    verdict_features,
    verdicts,
)
from bot.leaderboard import leaderboard  # noqa: E402
from bot.records import Message, Person, Place, Reaction  # noqa: E402
from bot.taste import weights  # noqa: E402

NOW = datetime(2026, 5, 22, 12, 0, tzinfo=UTC)
BATCH = 2_000
VOICES = 10
ROUNDS, WARM_UP = 300, 10
MOST_GROWTH, MARK = 4.0, 20.0
BODY = verdict().model_dump_json()


def place(number):
    """Return where a verdict was told: half in one workspace, a quarter in one of its channels."""
    if number % 4 == 0:
        return "T0", "C0"
    return ("T0", f"C{number % 40}") if number % 4 == 2 else (f"T{number % 199}", f"C{number % 7}")


def rows(number, total, dice):
    """Return the rows of one verdict by table."""
    workspace, channel = place(number)
    where = {"platform": "slack", "workspace": workspace, "channel": channel}
    at = NOW - timedelta(days=730) * (1 - number / total)
    repository = f"acme/r{number % 211}"
    funny = dice.randrange(VOICES)
    columns = {"id": number, **where, "created_at": at, "asker": "slack/T/asker", "repository": repository}
    columns |= {"pull_request": f"{repository}#{number}", "number": number, "url": "https://example.org"}
    columns |= {"author": f"a{number % 503}", "title": f"Title {number}", "epithet": "e", "punchline": "p"}
    columns |= {"doneness": "medium", "heat": "medium", "motif": "reception", "score": 4.0, "acquitted": False}
    columns |= {"voices_funny": funny, "voices_dull": VOICES - funny, "hit": funny / 11, "miss": (VOICES - funny) / 11}
    told = {("offence", f"offence{dice.randrange(70)}") for _ in range(3)}
    told |= {("motif", f"motif{dice.randrange(20)}"), ("angle", f"angle{number % 6}"), ("heat", "medium")}
    return {
        verdicts: [columns],
        verdict_bodies: [{"verdict_id": number, "body": BODY}],
        verdict_features: [{"verdict_id": number, "kind": kind, "name": name} for kind, name in sorted(told)],
        posts: [
            {"id": number, **where, "message": f"m{number}", "verdict_id": number, "kind": "card", "posted_at": at}
        ],
        reactions: [
            {"post_id": number, "verdict_id": number, "person": f"slack/{workspace}/p{(number + voter) % 997}"}
            | {"emoji": "fire" if voter < funny else "neutral_face", "is_on": True, "at": at}
            | {"meaning": "funny" if voter < funny else "dull"}
            for voter in range(VOICES)
        ],
    }


async def fill(store, total):
    """Write verdicts and reactions in batches, and the counters as the store keeps them."""
    dice = random.Random(1)
    levels, months = {}, {}
    for start in range(1, total + 1, BATCH):
        batch = {}
        for number in range(start, min(start + BATCH, total + 1)):
            for table, some in rows(number, total, dice).items():
                batch.setdefault(table, []).extend(some)
            count(number, total, batch[verdict_features], levels, months)
        async with store._write() as connection:
            for table, some in batch.items():
                await connection.execute(insert(table), some)
    async with store._write() as connection:
        for table, some in ((taste, levels), (repository_months, months)):
            await connection.execute(insert(table), list(some.values()))
    if "postgresql" in str(store._engine.url):
        async with store._write() as connection:
            for name in ("verdicts", "posts"):
                await connection.execute(text(f"SELECT setval('{name}_id_seq', {total + 1})"))
        async with store._engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))


def count(number, total, told, levels, months):
    """Count one verdict in its levels of taste and its repository's month."""
    workspace, channel = place(number)
    for where in {("slack", workspace, channel), ("slack", workspace, ""), ("", "", "")}:
        for one in told[-6:]:
            key = (*where, one["kind"], one["name"])
            names = ("platform", "workspace", "channel", "kind", "name")
            row = levels.setdefault(key, dict(zip(names, key, strict=True)) | {"hit": 0, "miss": 0, "judged": 0})
            row["hit"] += 0.4
            row["miss"] += 0.5
            row["judged"] += 1
    month = f"{NOW - timedelta(days=730) * (1 - number / total):%Y-%m}"
    key = ("slack", workspace, f"acme/r{number % 211}", month)
    row = months.setdefault(
        key, dict(zip(("platform", "workspace", "repository", "month"), key, strict=True)) | {"verdicts": 0, "score": 0}
    )
    row["verdicts"] += 1
    row["score"] += 4.0


def actions_on(store, total, seed):
    """Return what people wait for, as functions of a running number."""
    here = Place(platform="slack", workspace="T0", channel="C0")
    dice = random.Random(seed)
    since = NOW - timedelta(days=90)

    async def react(number):
        message = Message(place=here, id=f"m{dice.randrange(1, total // 4) * 4}")
        who = Person(platform="slack", workspace="T0", user=f"new{number}-{os.getpid()}")
        answer = await store.record_reaction(Reaction(message=message, person=who, emoji="🔥", at=NOW))
        assert answer.heard == "counted", answer

    async def cast(number):
        drawn = weights(await store.taste_counts(here, NOW), seed=str(number))
        assert len(drawn.offences) > 5

    async def board(_):
        found = leaderboard(
            await store.funniest(here.whole, since=since), await store.repository_records(here.whole, since=since)
        )
        assert found.funniest

    async def all_time(_):
        assert await store.funniest(here.whole)

    return {
        "record a reaction": react,
        "casting weights": cast,
        "leaderboard, 90 days": board,
        "funniest of all time": all_time,
        "history": lambda _: store.history(here),
    }


async def took(action, number):
    """Return how many milliseconds a call took, with those of them in which this process had a processor."""
    began, worked = time.perf_counter(), time.process_time()
    await action(number)
    return Took((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000)


class Took(float):
    """Milliseconds, and how many of them ``of`` this process's own work: the rest was waiting for disk and turn."""

    def __new__(cls, whole, of):
        return super().__new__(cls, whole)

    def __init__(self, whole, of):
        self.of = of


def synced(file):
    """Return how many milliseconds the disk alone takes."""
    began = time.perf_counter()
    os.write(file.fileno(), bytes(8192))
    os.fsync(file.fileno())
    return (time.perf_counter() - began) * 1000


def idled():
    """Return how many milliseconds a loop of a fixed length takes."""
    began = time.perf_counter()
    for _ in range(300_000):
        pass
    return (time.perf_counter() - began) * 1000


async def compare(urls, total):
    """Fill a small and a large store, then time both by turns; return the figures by action."""
    stores = [await open_store(url) for url in urls]
    sizes = [total // 100, total]
    for store, size in zip(stores, sizes, strict=True):
        if not (await store.sizes())["verdicts"]:
            await fill(store, size)
    both = [actions_on(store, size, 2) for store, size in zip(stores, sizes, strict=True)]
    figures = {name: ([], []) for name in both[0]}
    figures |= {"the disk alone": ([], []), "the machine alone": ([], [])}
    try:
        with tempfile.TemporaryFile() as file:
            for number in range(ROUNDS + WARM_UP):
                for name in both[0]:
                    for side in (0, 1):
                        figures[name][side].append(await took(both[side][name], number))
                for side in (0, 1):
                    figures["the disk alone"][side].append(await asyncio.to_thread(synced, file))
                    figures["the machine alone"][side].append(idled())
        figures = {name: [side[WARM_UP:] for side in sides] for name, sides in figures.items()}
        for action in ("export", "forget"):
            sides = [await took(lambda _, do=action, of=store: getattr(of, do)("a7"), 0) for store in stores]
            figures[f"{action} one of 503"] = [[one] for one in sides]
        return figures
    finally:
        for store in stores:
            await store.aclose()


def tell(name, figures, size):
    """Print both sizes and the growth; return what grew too much."""
    sys.stdout.write(f"\n{name}: {size:,} verdicts and {size * VOICES:,} reactions, against one hundredth\n")
    heads = ("1/100: p50", "p99", "worst", "whole: p50", "p99", "worst", "own work", "growth")
    sys.stdout.write(f"{'milliseconds':<24}" + "".join(f"{head:>11}" for head in heads) + "\n")
    grown = []
    for action, sides in figures.items():
        marks = [mark for side in sides for mark in (statistics.median(side), quantile(side, 0.99), max(side))]
        growth = marks[3] / marks[0]
        marks.append(statistics.median(getattr(one, "of", one) for one in sides[1]))
        sys.stdout.write(f"{action:<24}" + "".join(f"{mark:>11.1f}" for mark in marks) + f"{growth:>10.1f}×\n")
        if len(sides[0]) > 1 and (growth > MOST_GROWTH or (marks[3] > MARK and not action.startswith("the "))):
            grown.append(f"{name}, {action}: {marks[3]:.0f} ms, {growth:.1f}×")
    sys.stdout.flush()
    return grown


def quantile(values, share):
    """Return the value that a share of all lies below."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main():
    """Run on the databases that were named, both by default; return 1 where something grew too much."""
    total = 10_000 if "--small" in sys.argv else 100_000
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or ["sqlite", "postgresql"]
    grown = []
    if "sqlite" in wanted:
        with tempfile.TemporaryDirectory(prefix="roast-load-") as folder:
            urls = [f"sqlite:///{folder}/{name}.sqlite3" for name in ("small", "large")]
            grown += tell("SQLite", asyncio.run(compare(urls, total)), total)
            sys.stdout.write(f"{Path(folder, 'large.sqlite3').stat().st_size / 1e6:,.0f} MB in one file\n")
    if "postgresql" in wanted:
        with running_postgres(fsync=True) as server:
            for name in ("small", "large"):
                server.psql(f"CREATE DATABASE {name};")
            urls = [postgres_url(server, name) for name in ("small", "large")]
            grown += tell("PostgreSQL", asyncio.run(compare(urls, total)), total)
    sys.stdout.write(f"an aim was missed: {'; '.join(grown)}\n" if grown else "every aim was met\n")
    return bool(grown)


if __name__ == "__main__":
    sys.exit(main())
