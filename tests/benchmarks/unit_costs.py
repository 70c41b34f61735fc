"""What one thing costs, measured in one run: a real serve, a real worker and a real PostgreSQL, Slack and GitHub on loopback.

For a roast of a small pull request, of a large one, a refused ask, a reaction and a digest of three: requests to GitHub,
calls to Slack, rows and bytes that stay in PostgreSQL, seconds of a processor by kind of process; and a model's tokens,
counted in the shipped prompt and in the drafts of ``tests/receipts/drafts``. GitHub is asked with a token, so by GraphQL. From these, by arithmetic, the table for 10,
1,000 and 100,000 workspaces: both stand in ``docs/scale.md``.

    python tests/benchmarks/unit_costs.py [--many 40]        the figures hold whatever else the machine does
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import httpx  # noqa: E402
import psutil  # noqa: E402
import structlog  # noqa: E402
from benchmarks.cluster import CLUSTER  # noqa: E402
from fakes.github import FakeGitHub  # noqa: E402
from fakes.postgres import postgres_url, running_postgres  # noqa: E402
from fakes.slack_payloads import BOT, signed  # noqa: E402
from fakes.town import Question, Report, Town  # noqa: E402
from fakes.town_world import LARGE, of_size  # noqa: E402

from adapters.github.source import GitHubSource  # noqa: E402
from adapters.store import SqlStore, open_store  # noqa: E402
from bot.brief import Brief  # noqa: E402
from bot.errors import WriterError  # noqa: E402
from bot.records import OptOutKind  # noqa: E402
from bot.target import parse_target  # noqa: E402
from bot.trial import roast  # noqa: E402
from bot.writers.model import prompt_of, tokens_of  # noqa: E402

TEAM, WARM = "T0", 4
KINDS = ("serve", "worker", "postgresql")


@dataclass
class Cost:
    """What one thing costs: rows by table, seconds by kind of process, tokens of a model where one is used."""

    requests: float = 0.0
    calls: float = 0.0
    rows: dict[str, float] = field(default_factory=dict)
    kept: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    tokens: tuple[float, float] = (0.0, 0.0)

    @property
    def all_rows(self) -> float:
        """The rows of all tables."""
        return sum(self.rows.values())

    def row(self, name: str) -> str:
        """Return it as a row of a table in Markdown."""
        used = f"{self.tokens[0]:,.0f} in, {self.tokens[1]:,.0f} out" if self.tokens[0] else "0"
        spent = ", ".join(f"{1000 * self.seconds.get(kind, 0.0):,.0f} ms {kind}" for kind in KINDS)
        return (
            f"| {name} | {self.requests:.3g} | {self.calls:.3g} | {used} | {self.all_rows:.3g} "
            f"| {self.kept / 1000:.1f} kB | {spent} |"
        )


@dataclass
class Ground:
    """Where it is measured: a town of one serve and one worker, its store, its database's server, somebody who asks."""

    town: Town
    server: Any
    store: SqlStore
    client: httpx.AsyncClient

    async def look(self) -> dict[str, Any]:
        """Return all counts as they are."""
        tally = (await self.client.get(f"{self.town.places['window']}/tally")).json()
        return tally | {"rows": await self.store.sizes(), "kept": await self._bytes(), "seconds": self._seconds()}

    async def _bytes(self) -> int:
        from sqlalchemy import text

        query = (
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r'"
        )
        async with self.store.engine.connect() as connection:
            return int((await connection.execute(text(query))).scalar_one())

    def _seconds(self) -> dict[str, float]:
        found = self.town.processor_seconds()
        postmaster = psutil.Process(self.server.get_postmaster_info().process.pid)
        ended = postmaster.cpu_times()
        spent = ended.children_user + ended.children_system
        for one in postmaster.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                spent += times.user + times.system
        return found | {"postgresql": spent}

    async def at_rest(self) -> None:
        """Wait until nothing waits or runs, and nothing more comes after it (a picture does)."""
        before = None
        while True:
            backlog = await self.store.backlog()
            now = (await self.client.get(f"{self.town.places['window']}/tally")).json()
            if not backlog.waiting + backlog.running and now == before:
                return
            before = now
            await asyncio.sleep(1.0)

    async def cost(self, many: int, do: Callable[[], Awaitable[object]]) -> Cost:
        """Do ``many`` things; return what one of them cost."""
        before = await self.look()
        await do()
        await self.at_rest()
        after = await self.look()
        rows = {name: (after["rows"][name] - had) / many for name, had in before["rows"].items()}
        return Cost(
            requests=(after["github"] - before["github"]) / many,
            calls=(after["slack"] - before["slack"]) / many,
            rows={name: added for name, added in rows.items() if added},
            kept=(after["kept"] - before["kept"]) / many,
            seconds={
                kind: (spent - before["seconds"].get(kind, 0.0)) / many for kind, spent in after["seconds"].items()
            },
        )

    async def say(self, *words: str, channel: str = "") -> None:
        """Say each of these after ``/roast``, four at once, each in a channel of its own or all in one."""
        gate = asyncio.Semaphore(4)

        async def one(typed: str) -> None:
            async with gate:
                name = f"u{next(_NUMBERS)}"
                await self.town.hear(self.client, Question(name, TEAM, channel or f"C{name}", typed), Report())

        await asyncio.gather(*map(one, words))

    async def react(self, many: int) -> None:
        """Let so many people react to the posts that there are."""
        shown = [post.message for one in await self.store.verdicts() for post in await self.store.posts(one.id)]
        for number in range(many):
            message = shown[number % len(shown)]
            body, headers = signed(_reaction(number, message.place.channel, message.id))
            (await self.client.post(f"{self._serve}/slack/events", content=body, headers=headers)).raise_for_status()

    @property
    def _serve(self) -> str:
        return f"http://127.0.0.1:{self.town.serves[0].port}"


_NUMBERS: Iterator[int] = iter(range(1_000_000))


def _reaction(number: int, channel: str, ts: str) -> dict[str, Any]:
    item = {"type": "message", "channel": channel, "ts": ts}
    inner = {"type": "reaction_added", "user": f"U{number}", "reaction": "fire", "item": item, "item_user": BOT}
    return {
        "type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": f"EvR{number}",
        "event_time": 1_700_000_000, "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "event": inner | {"event_ts": f"17000000{number:02}.1"},
    }  # fmt: skip


async def measured(ground: Ground, many: int) -> dict[str, Cost]:
    """Return what each thing costs."""
    small = [f"acme/soup#{number}" for number in range(1, many + WARM + 1)]
    large = [f"acme/soup#{LARGE + number}" for number in range(1, many // 2 + WARM + 1)]
    await ground.town.let_ask([TEAM])
    await ground.store.opt_out(OptOutKind.REPOSITORY, "acme/secret", "operator")
    await ground.say(*small[:WARM], *large[:WARM], "acme/secret#1")
    await ground.at_rest()
    costs = {
        "roast of a small pull request": await ground.cost(many, lambda: ground.say(*small[WARM:])),
        "roast of a large one": await ground.cost(many // 2, lambda: ground.say(*large[WARM:])),
        "ask that is refused": await ground.cost(many, lambda: ground.say(*["acme/secret#1"] * many)),
        "reaction": await ground.cost(5 * many, lambda: ground.react(5 * many)),
    }
    digests = max(1, many // 10)
    for number in range(digests):
        await ground.say("subscribe acme/soup every friday 16:00 top 3", channel=f"CD{number}")
    await ground.at_rest()

    async def digest() -> None:
        for number in range(digests):
            await ground.say("digest now acme/soup", channel=f"CD{number}")

    costs["digest of three"] = await ground.cost(digests, digest)
    small_in, large_in, out = await tokens()
    costs["roast of a small pull request"].tokens = small_in, out
    costs["roast of a large one"].tokens = large_in, out
    costs["digest of three"].tokens = 3 * large_in, 3 * out
    return costs


class _Peeks:
    """A writer that only looks at the brief."""

    name = "peeks"

    async def write(self, brief: Brief, objections: object = ()) -> Any:
        """Keep it, and let the embedded one write."""
        del objections
        self.brief = brief
        raise WriterError("I only look.")


async def tokens() -> tuple[float, float, float]:
    """Return the tokens of the shipped prompt, by our own count, for a small pull request and for real ones; of a draft.

    The real ones are the briefs and drafts of ``tests/receipts/drafts``: their means.
    """
    peeks = _Peeks()
    with FakeGitHub() as github:
        github.add(of_size(1))
        source = GitHubSource(api_url=github.url, patience=0.0)
        try:
            await roast(parse_target("acme/soup#1", hosts=frozenset({"github.com"})), source, writer=peeks)
        finally:
            await source.aclose()
    files = (ROOT / "tests" / "receipts" / "drafts").glob("*.json")
    kept = [json.loads(one.read_text(encoding="utf-8")) for one in files]
    real = statistics.mean(prompt_of(Brief.model_validate(one["brief"])).tokens for one in kept)
    return prompt_of(peeks.brief).tokens, real, statistics.mean(tokens_of(json.dumps(one["draft"])) for one in kept)


ROASTS, REACTIONS, LARGE_SHARE, DIGESTS, BUSIEST = 10, 30, 1 / 3, 1 / 7, 1 / 5
"""What is assumed of a workspace and day: roasts, reactions, the share of large ones, digests; and of the busiest hour."""
DOLLARS = 3e-6, 15e-6


def a_day(costs: dict[str, Cost]) -> Cost:
    """Return what a workspace costs on such a day."""
    parts = [
        (ROASTS * (1 - LARGE_SHARE), costs["roast of a small pull request"]),
        (ROASTS * LARGE_SHARE, costs["roast of a large one"]),
        (REACTIONS, costs["reaction"]),
        (DIGESTS, costs["digest of three"]),
    ]
    return Cost(
        requests=sum(times * one.requests for times, one in parts),
        calls=sum(times * one.calls for times, one in parts),
        rows={"all": sum(times * one.all_rows for times, one in parts)},
        kept=sum(times * one.kept for times, one in parts),
        seconds={kind: sum(times * one.seconds.get(kind, 0.0) for times, one in parts) for kind in KINDS},
        tokens=tuple(sum(times * one.tokens[way] for times, one in parts) for way in (0, 1)),  # type: ignore[arg-type]
    )


def units(costs: dict[str, Cost]) -> list[str]:
    """Return the table of what one thing costs."""
    head = "| one… | GitHub requests | Slack calls | a model's tokens | rows that stay | bytes that stay | processor |"
    return [head, "| --- | --- | --- | --- | --- | --- | --- |", *(one.row(name) for name, one in costs.items())]


def totals(day: Cost) -> list[str]:
    """Return the table of what workspaces cost."""
    sizes = (10, 1_000, 100_000)
    cores = sum(day.seconds.values()) * BUSIEST / 3600
    price = sum(dollars * used for dollars, used in zip(DOLLARS, day.tokens, strict=True))
    rows: list[tuple[str, Callable[[int], str]]] = [
        ("roasts a day; a second in the busiest hour", lambda n: f"{n * ROASTS:,}; {n * ROASTS * BUSIEST / 3600:.2g}"),
        ("GitHub requests in the busiest hour", lambda n: f"{n * day.requests * BUSIEST:,.0f}"),
        ("tokens a day, in and out", lambda n: " and ".join(f"{n * one / 1e6:,.1f} M" for one in day.tokens)),
        ("a model's price a day", lambda n: f"${n * price:,.0f}"),
        ("rows a day", lambda n: f"{n * day.all_rows:,.0f}"),
        ("bytes a day", lambda n: f"{n * day.kept / 1e6:,.0f} MB"),
        ("processor cores in the busiest hour", lambda n: f"{n * cores:.2g}"),
    ]
    head = "| workspaces | " + " | ".join(f"{n:,}" for n in sizes) + " |"
    return [head, "| --- | --- | --- | --- |"] + [
        f"| {name} | " + " | ".join(map(told, sizes)) + " |" for name, told in rows
    ]


async def _in(town: Town, server: Any, many: int) -> dict[str, Cost]:
    await town.ready()
    store = await open_store(town.url)
    try:
        async with httpx.AsyncClient(timeout=60) as client:
            return await measured(Ground(town, server, store, client), many)
    finally:
        await store.aclose()


def costs_of(many: int) -> dict[str, Cost]:
    """Begin a town, and measure ``many`` of each thing there."""
    with (
        tempfile.TemporaryDirectory(prefix="town-", dir="/tmp", ignore_cleanup_errors=True) as folder,
        running_postgres() as server,
    ):
        server.psql("CREATE DATABASE costs;")
        sizes = {"pull_requests": many + WARM, "large": many // 2 + WARM}
        with Town(postgres_url(server, "costs"), Path(folder), **sizes, **CLUSTER) as town:
            town.begin("serve", 1, ROAST_QUEUE__WORKERS="0")
            town.begin("worker", 1)
            return asyncio.run(_in(town, server, many))


def main() -> int:
    """Measure, and print both tables."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--many", type=int, default=40)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))  # the tables are to be copied
    costs = costs_of(words.parse_args().many)
    print("\n".join([*units(costs), "", *totals(a_day(costs)), ""]))
    for name, one in costs.items():
        told = ", ".join(f"{table} {rows:.3g}" for table, rows in sorted(one.rows.items(), key=lambda item: -item[1]))
        print(f"Rows of one {name}: {told}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
