"""The memory at size: a million reactions on 100,000 verdicts, against one hundredth of it.

Half of it all is in one workspace, a quarter in one channel. Timed through the ``Store`` port, as people
meet it: recording a reaction, reading the counts and drawing casting weights, the leaderboard. Printed:
the median at both sizes, the best and the worst at the whole one, and the growth. Aim: each under 20 ms.

Run: ``python tests/benchmarks/store_load.py [sqlite] [postgresql] [--small]``.
"""

import asyncio
import json
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
ROUNDS = 200
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


async def timed(action):
    """Return how many milliseconds each of many calls took."""
    for number in range(10):
        await action(-number - 1)
    took = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        await action(number)
        took.append((time.perf_counter() - began) * 1000)
    return took


async def measure(url, total):
    """Fill a store and time what people wait for."""
    store = await open_store(url)
    began = time.perf_counter()
    await fill(store, total)
    filled = time.perf_counter() - began
    here = Place(platform="slack", workspace="T0", channel="C0")
    dice = random.Random(2)

    async def react(number):
        target = dice.randrange(1, total // 4) * 4
        who = Person(platform="slack", workspace="T0", user=f"new{number}")
        message = Message(place=here, id=f"m{target}")
        answer = await store.record_reaction(Reaction(message=message, person=who, emoji="🔥", at=NOW))
        assert answer.heard == "counted", answer

    async def cast(number):
        drawn = weights(await store.taste_counts(here, NOW), seed=str(number))
        assert len(drawn.offences) > 5

    async def board(number):
        del number
        since = NOW - timedelta(days=90)
        found = leaderboard(
            await store.funniest(here.whole, since=since), await store.repository_records(here.whole, since=since)
        )
        assert found.funniest

    async def board_of_all_time(number):
        del number
        assert await store.funniest(here.whole)

    actions = {"record a reaction": react, "casting weights": cast, "leaderboard, 90 days": board}
    actions |= {"funniest of all time": board_of_all_time, "history": lambda _: store.history(here)}
    try:
        return {name: await timed(action) for name, action in actions.items()} | {"(filled in seconds)": [filled]}
    finally:
        await store.aclose()


def tell(name, small, large, size):
    """Print both sizes and the growth."""
    sys.stdout.write(f"\n{name}: {size:,} verdicts and {size * VOICES:,} reactions, against one hundredth\n")
    sys.stdout.write(
        f"{'milliseconds':<24}{'1/100 median':>14}{'whole median':>14}{'best':>9}{'worst':>9}{'growth':>9}\n"
    )
    for action, took in large.items():
        before, after = statistics.median(small[action]), statistics.median(took)
        line = f"{before:>14.1f}{after:>14.1f}{min(took):>9.1f}{max(took):>9.1f}{after / before:>8.1f}×"
        sys.stdout.write(f"{action:<24}{line}\n")
    sys.stdout.flush()


def main():
    """Run on the databases that were named, both by default."""
    total = 10_000 if "--small" in sys.argv else 100_000
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or ["sqlite", "postgresql"]
    figures = {}
    if "sqlite" in wanted:
        with tempfile.TemporaryDirectory(prefix="roast-load-") as folder:
            small = asyncio.run(measure(f"sqlite:///{folder}/small.sqlite3", total // 100))
            large = asyncio.run(measure(f"sqlite:///{folder}/large.sqlite3", total))
            size = Path(folder, "large.sqlite3").stat().st_size
        tell("SQLite", small, large, total)
        figures["sqlite_megabytes"] = round(size / 1e6)
    if "postgresql" in wanted:
        with running_postgres() as server:
            for name in ("small", "large"):
                server.psql(f"CREATE DATABASE {name};")
            small = asyncio.run(measure(postgres_url(server, "small"), total // 100))
            large = asyncio.run(measure(postgres_url(server, "large"), total))
        tell("PostgreSQL", small, large, total)
    sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    main()
