"""How long the loop is kept from answering while roasts are written: in threads, and in processes.

200 commands are heard while two large recorded pull requests are roasted over and over; the same once with nothing
else going on. Run: ``python -m tests.benchmarks.loop_lag`` (needs the recordings beside the repository).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

COMMANDS = 200


async def measure(bench_name: str, *, roasting: bool) -> dict[str, float]:
    """Return lag of the loop, and times from hearing a command to its acknowledgement, in milliseconds."""
    from fakes.desks import desk_of
    from fakes.github import FakeGitHub
    from fakes.messenger import FakeMessenger

    from adapters.github.source import GitHubSource
    from adapters.queue.embedded import EmbeddedQueue
    from adapters.queue.pool import ProcessBench
    from adapters.store import open_store
    from adapters.store.base import SystemClock
    from bot.commands import Commands
    from bot.desk import ROAST
    from bot.ports_messenger import Said
    from bot.records import JobState, Person, Place, PlaceSettings

    clock, lags, acks = SystemClock(), [], []
    pool = ProcessBench(2) if bench_name == "processes" else None
    with (
        FakeGitHub(ROOT.parent / "shared" / "recordings" / "github") as github,
        tempfile.TemporaryDirectory() as folder,
    ):
        store = await open_store(f"sqlite+aiosqlite:///{folder}/store.sqlite3", clock=clock)
        await store.set_place_settings(
            Place(platform="slack", workspace="T1"),
            PlaceSettings(per_person=1000, per_channel=1000, per_workspace=1000),
        )
        source = GitHubSource(api_url=github.url)
        queue = EmbeddedQueue(store, clock, workers=2, most_waiting=10_000)
        bench = pool or asyncio.to_thread
        desk = desk_of(store, source, clock, queue, messengers={"slack": FakeMessenger()}, bench=bench)
        commands = Commands(desk)

        async def say(number: int, channel: str, words: str) -> None:
            place = Place(platform="slack", workspace="T1", channel=channel)
            began = time.perf_counter()
            who = Person(platform="slack", workspace="T1", user=f"U{number}")
            reply = await commands.hear(Said(words=words, place=place, person=who, event=f"{channel}:{number}"))
            assert reply.job is not None or reply.answer is not None, reply
            acks.append(time.perf_counter() - began)

        async def watch() -> None:
            while True:
                began = time.perf_counter()
                await asyncio.sleep(0.005)
                lags.append(time.perf_counter() - began - 0.005)

        if roasting:
            await queue.start({ROAST: desk.work})
            for number in range(12):
                await say(number, f"roast{number}", f"PrefectHQ/prefect#{(21477, 22004)[number % 2]}")
            while not any(job.state is JobState.DONE for job in await store.jobs(unfinished=False)):
                await asyncio.sleep(0.05)
        lags.clear()
        acks.clear()
        watching = asyncio.create_task(watch())
        for number in range(COMMANDS):
            await say(number, "load", "PrefectHQ/prefect#22067")
            await asyncio.sleep(0.01)
        busy = sum(job.state is JobState.RUNNING for job in await store.jobs())
        one_by_one, lag = list(acks), list(lags)
        acks.clear()
        await asyncio.gather(*(say(number, "burst", "PrefectHQ/prefect#22067") for number in range(COMMANDS)))
        watching.cancel()
        await queue.stop(0)
        if pool:
            pool.close()
        await source.aclose()
        await store.aclose()
    assert not roasting or busy, "nothing was roasted any more"
    return {
        "lag p50": part(lag, 0.5), "lag p99": part(lag, 0.99), "lag worst": part(lag, 1),
        "ack p50": part(one_by_one, 0.5), "ack p99": part(one_by_one, 0.99), "ack worst": part(one_by_one, 1),
        "200 at once p50": part(acks, 0.5), "200 at once worst": part(acks, 1),
    }  # fmt: skip


def part(times: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def main() -> None:
    """Print the table."""
    runs = {
        "idle": measure("threads", roasting=False),
        "roasting in threads": measure("threads", roasting=True),
        "roasting in processes": measure("processes", roasting=True),
    }
    for name, run in runs.items():
        found = asyncio.run(run)
        print(f"{name:<22}", ", ".join(f"{key} {value:.1f}" for key, value in found.items()), "ms")


if __name__ == "__main__":
    main()
