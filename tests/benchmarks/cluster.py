"""Many machines: real processes over one PostgreSQL, killed with -9, held to one answer for every question.

Run by name, for it takes its time; the sizes are arguments:

    python tests/benchmarks/cluster.py crash --installations 200 --each 50 --kills 20    10,000 roasts, 100 kills
    python tests/benchmarks/cluster.py crash --minutes 30 …                              as many as are done by then
    python tests/benchmarks/cluster.py compare --each 5                                  embedded, then 1, 2, 3 workers
    python tests/benchmarks/cluster.py noisy --each 5000                                 one asks for much, one for little
    python tests/benchmarks/cluster.py outage --seconds 30                               the database goes, and comes

Without arguments (``make bench``): a small round of each.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import httpx  # noqa: E402
from fakes.postgres import postgres_url, running_postgres  # noqa: E402
from fakes.town import Question, Report, Town, questions  # noqa: E402

CLUSTER = {"ROAST_QUEUE__ENGINE": "procrastinate", "ROAST_QUEUE__DEAD_AFTER": "6"}


@contextlib.contextmanager
def cluster(serves: int, workers: int, pull_requests: int, **more: str):
    """Give a town over PostgreSQL with so many processes, and its database's server."""
    with (
        tempfile.TemporaryDirectory(prefix="town-", dir="/tmp", ignore_cleanup_errors=True) as folder,
        running_postgres() as server,
    ):
        server.psql("CREATE DATABASE town;")
        with Town(postgres_url(server, "town"), Path(folder), pull_requests=pull_requests, **CLUSTER, **more) as town:
            town.begin("serve", serves, ROAST_QUEUE__WORKERS="0")
            town.begin("worker", workers)
            yield town, server


def told(name: str, report: Report) -> bool:
    """Print it; return whether every question has one answer."""
    print(f"{name}: {report.told()}", flush=True)
    for question, found in list(report.wrong.items())[:5]:
        print(f"    {question}: {found}")
    return not report.wrong


def _with_load(words: str) -> None:
    """Print how far it is, and how busy the machine was in the last minute: others may be at work on it."""
    print(f"    {words}; load {os.getloadavg()[0]:.1f}", flush=True)


async def _asked(town: Town, sizes: argparse.Namespace, kills: int = 0) -> tuple[Report, dict[str, float]]:
    await town.ready()
    before = town.processor_seconds()
    asked = questions(sizes.installations, sizes.each)
    report = await town.ask(
        asked,
        kills=kills,
        patience=sizes.patience,
        outstanding=sizes.outstanding,
        within=60 * sizes.minutes,
        tell=_with_load,
    )
    after = town.processor_seconds()
    return report, {name: after[name] - before.get(name, 0.0) for name in after}


def crash(sizes: argparse.Namespace) -> bool:
    """Ask everything while every process is killed again and again."""
    with cluster(sizes.serves, sizes.workers, sizes.each) as (town, _):
        report, _ = asyncio.run(_asked(town, sizes, sizes.kills))
    return told(f"{sizes.serves} serves, {sizes.workers} workers, {sizes.kills} kills each", report)


def compare(sizes: argparse.Namespace) -> bool:
    """Ask the same of the embedded queue and of one, two and three workers."""
    good = True
    with tempfile.TemporaryDirectory(prefix="town-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        url = f"sqlite+aiosqlite:///{folder}/store.sqlite3"
        with Town(url, Path(folder), pull_requests=sizes.each) as town:
            town.begin("serve", 1)
            good &= _compared("embedded, 1 serve", *asyncio.run(_asked(town, sizes)))
    for workers in (1, 2, 3):
        with cluster(2, workers, sizes.each) as (town, _):
            good &= _compared(f"cluster, 2 serves, {workers} workers", *asyncio.run(_asked(town, sizes)))
    return good


def _compared(name: str, report: Report, spent: dict[str, float]) -> bool:
    good = told(name, report)
    each = {command: f"{1000 * seconds / max(1, report.asked):.0f} ms" for command, seconds in spent.items()}
    print(f"    processor's time for each roast: {each}", flush=True)
    return good


def noisy(sizes: argparse.Namespace) -> bool:
    """One installation asks for very much; then another asks for one thing, and a third when all was decided upon."""
    with cluster(1, sizes.workers, 8) as (town, _):
        found = asyncio.run(one_among(town, sizes.each))
    slots = sizes.workers * 2
    print(f"{sizes.each:,} asks of one installation waited; what came between another's single one and its answer:")
    for when, (between, wait) in zip(("as asks", "as jobs"), found, strict=True):
        print(f"    {when}: {between} others in {wait:.1f} s; {slots} ran when it was asked", flush=True)
    return all(between <= 2 * slots for between, _ in found)


async def one_among(town: Town, many: int) -> list[tuple[int, float]]:
    """Have one installation ask ``many`` times; then others once, before these are decided upon and after.

    Return for each of the two how many of the crowd were answered between its ask and its answer, and after how long.
    """
    await town.ready()
    await town.let_ask(["T0", "T1", "T2"])
    crowd = [Question(f"n{number}", "T0", f"C{number}", f"acme/soup#{number % 8 + 1}") for number in range(many)]
    report = Report()
    gate = asyncio.Semaphore(16)
    async with httpx.AsyncClient(timeout=60) as client:
        await asyncio.gather(*(heard(town, client, gate, one, report) for one in crowd))
        before = await _alone(town, client, report, "T1")
        await town.decided()
        return [before, await _alone(town, client, report, "T2")]


async def _alone(town: Town, client: httpx.AsyncClient, report: Report, team: str) -> tuple[int, float]:
    """Ask once; return how many others were answered until this one was, and how long that took."""
    single = Question(f"single-{team}", team, f"C{team}", "acme/soup#1")
    await town.hear(client, single, report)
    asked = time.time()
    async with asyncio.timeout(600):
        while True:
            found = await town.answers(client)
            if (one := found.get(single.name)) and one["cards"]:
                break
            await asyncio.sleep(0.2)
    between = sum(asked < other["at"] < one["at"] for other in found.values())
    return between, one["at"] - asked


async def heard(
    town: Town,
    client: httpx.AsyncClient,
    gate: asyncio.Semaphore,
    one: Question,
    report: Report,
    *,
    insists: bool = True,
) -> None:
    """Ask one of many questions, so many at once as the gate lets through."""
    async with gate:
        await town.hear(client, one, report, insists=insists)


def outage(sizes: argparse.Namespace) -> bool:
    """Stop the database under load, and start it again."""
    with cluster(sizes.serves, sizes.workers, sizes.each) as (town, server):
        report, busy = asyncio.run(through_an_outage(town, server, sizes.installations, sizes.each, sizes.seconds))
    print(f"{sizes.seconds:g} s without a database: {busy} were told to come again, {report.told()}", flush=True)
    for question, found in list(report.wrong.items())[:5]:
        print(f"    {question}: {found}")
    return not report.wrong


async def through_an_outage(town: Town, server, installations: int, each: int, seconds: float):
    """Ask before, during and after an outage; return what became of those that were taken, and who was sent away.

    Who was told to come again and got a card all the same is counted as answered.
    """
    await town.ready()
    asked, report, gate = questions(installations, each), Report(), asyncio.Semaphore(8)
    await town.let_ask({question.team for question in asked})
    third = len(asked) // 3
    parts = asked[:third], asked[third : 2 * third], asked[2 * third :]
    began = time.time()
    async with httpx.AsyncClient(timeout=60) as client:

        async def hear(some: list[Question]) -> None:
            await asyncio.gather(*(heard(town, client, gate, question, report, insists=False) for question in some))

        await hear(parts[0])
        server.get_postmaster_info().process.send_signal(signal.SIGINT)
        await asyncio.gather(hear(parts[1]), asyncio.sleep(seconds))
        await asyncio.to_thread(server.ensure_postgres_running)
        await town.ready()
        await hear(parts[2])
        found = await _until_answered(town, client, asked)
    for question in asked:
        one = found.get(question.name) or {"messages": 0, "cards": 0, "words": []}
        again = [words for words in one["words"] if "again in a minute" in words]
        if one["cards"] == one["messages"] == 1 and again == one["words"]:
            report.waits.append(one["at"] - report.heard[question.name])
        elif one["cards"] or not again or again != one["words"]:
            report.wrong[question.name] = one
    busy = len(asked) - len(report.waits) - len(report.wrong)
    report.asked, report.seconds = len(asked), time.time() - began
    return report, busy


def sent_away(one: dict) -> bool:
    """Whether somebody was told to come again."""
    return any("again in a minute" in words for words in one["words"])


async def _until_answered(town: Town, client: httpx.AsyncClient, asked: list[Question], patience: float = 240):
    """Wait until everybody was told something, for so long at most; return what stands."""
    until = time.monotonic() + patience
    while True:
        found = await town.answers(client)
        told = [found[one.name] for one in asked if one.name in found]
        if len(told) == len(asked) and all(one["cards"] or sent_away(one) for one in told):
            return found
        if time.monotonic() > until:
            return found
        await asyncio.sleep(0.5)


def main() -> int:
    """Run what was named, or a little of everything."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("what", nargs="?", choices=["crash", "compare", "noisy", "outage"])
    for name, usual in (
        ("installations", 10),
        ("each", 4),
        ("serves", 2),
        ("workers", 3),
        ("kills", 1),
        ("outstanding", 100),
    ):
        words.add_argument(f"--{name}", type=int, default=usual)
    for name, usual in (("patience", 300.0), ("seconds", 5.0), ("minutes", 0.0)):
        words.add_argument(f"--{name}", type=float, default=usual)
    sizes = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and leave no process behind
    what = {"crash": crash, "compare": compare, "noisy": noisy, "outage": outage}
    done = [run(sizes) for name, run in what.items() if sizes.what in {None, name}]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
