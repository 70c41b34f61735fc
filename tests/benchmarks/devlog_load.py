"""The dev log under load: 10,000 posts built and served.

The build's time and memory (against a tenth of the posts), then requests a second against a bare Starlette "hello" in
the same run: both behind the same uvicorn in a process of its own, asked over loopback by eight connections. Pictures
are left out: each takes as long as the picture's own benchmark says, and is drawn once. Run:
``python -m tests.benchmarks.devlog_load [POSTS]``.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

POSTS = 10_000
CONNECTIONS, SECONDS = 8, 4.0
MOST_SECONDS, LEAST_SHARE, MOST_GROWTH = 60.0, 1 / 3, 120.0
WORKSPACE = {"platform": "slack", "workspace": "T1"}


async def fill(path: Path, posts: int) -> None:
    """Put the sample's verdict into a store so many times, each as another pull request by another author."""
    from datetime import UTC, datetime, timedelta

    from sqlalchemy import insert

    from adapters.store import open_store
    from adapters.store.schema import publications, verdict_bodies, verdict_features, verdicts
    from adapters.store.verdicts import _feature_rows, columns_of_verdict
    from bot import trial
    from bot.records import Place, PlaceSettings, VerdictId
    from bot.sample import TARGET, SampleSource

    case = await trial.gather(TARGET, SampleSource())
    sample = await trial.try_case(case, trial.examine(case))
    store = await open_store(f"sqlite+aiosqlite:///{path}")
    await store.set_place_settings(Place(**WORKSPACE), PlaceSettings(publish="all"))
    began = datetime(2024, 1, 1, tzinfo=UTC)
    for start in range(1, posts + 1, 500):
        rows, bodies, features, published = [], [], [], []
        for number in range(start, min(start + 500, posts + 1)):
            at = began + timedelta(hours=number)
            subject = sample.subject.model_copy(update={"author": f"author-{number % 400}"})
            repository = f"kitchen/barista-{number % 60}"
            changes = {
                "pull_request": f"{repository}#{number}",
                "title": f"{sample.title} {number}",
                "subject": subject,
            }
            one = sample.model_copy(update=changes)
            shown = {**columns_of_verdict(one), **WORKSPACE, "channel": "C1", "asker": "", "created_at": at}
            rows.append({"id": number, **shown})
            bodies.append({"verdict_id": number, "body": one.model_dump_json()})
            features += _feature_rows(VerdictId(number), one)
            published.append({"verdict_id": number, "headline": False, "offered_at": at, "due_at": at})
        async with store._write() as connection:
            for table, some in (
                (verdicts, rows),
                (verdict_bodies, bodies),
                (verdict_features, features),
                (publications, published),
            ):
                await connection.execute(insert(table), some)
    await store.aclose()


async def publisher_of(path: Path):
    """Return the publisher over a store."""
    from adapters.store import open_store
    from adapters.store.base import SystemClock
    from bot.publisher import Publisher
    from bot.settings_sections import Devlog

    store = await open_store(f"sqlite+aiosqlite:///{path}")
    return Publisher(store=store, clock=SystemClock(), settings=Devlog())


def build_in_a_process(path: str, folder: str, told) -> None:
    """Build, and tell how long it took and how large the process grew."""
    from adapters.devlog.build import build
    from adapters.devlog.configured import site_of
    from adapters.devlog.crew import Crew
    from adapters.devlog.look import Look
    from adapters.store import open_store

    async def run() -> tuple[float, float, int]:
        began = time.perf_counter()
        publisher = await publisher_of(Path(path))
        site = await site_of(publisher, Look(address="https://log.example"))
        crew = Crew(open_store, f"sqlite+aiosqlite:///{path}")
        done = await build(site, Path(folder), pictures=None, crew=crew)
        await publisher.store.aclose()
        return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, done.written

    told.put(asyncio.run(run()))


def built(path: Path, folder: Path) -> tuple[float, float, int]:
    """Return seconds, MiB at most, and files of one build in a process of its own."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    process = context.Process(target=build_in_a_process, args=(str(path), str(folder), told))
    process.start()
    found = told.get(timeout=600)
    process.join()
    return found


def serve_in_a_process(path: str, what: str, told) -> None:
    """Serve the dev log, or "hello", until ended."""
    import uvicorn

    async def run() -> None:
        if what == "hello":
            from starlette.applications import Starlette
            from starlette.responses import PlainTextResponse
            from starlette.routing import Route

            async def hello(_):
                return PlainTextResponse("hello")

            app = Starlette(routes=[Route("/", hello)])
        else:
            from adapters.devlog.app import DevlogApp
            from adapters.devlog.live import Live, Pictures
            from adapters.devlog.look import Look
            from adapters.web.app import make_app

            app = DevlogApp(Live(await publisher_of(Path(path)), Look(), Pictures(lambda *_: b"")))
            app = make_app(None, None, {"/": app})
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        told.put(server.servers[0].sockets[0].getsockname()[1])
        await serving

    asyncio.run(run())


async def answer_of(reader: asyncio.StreamReader) -> bytes:
    """Read one answer; return its head."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    await reader.readexactly(length)
    return head


async def rate(port: int, request: bytes) -> float:
    """Return answers a second over some connections that stay open."""
    count, end = 0, time.perf_counter() + SECONDS

    async def ask() -> None:
        nonlocal count
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            writer.write(request)
            await answer_of(reader)
            count += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - began)


async def slowness(port: int, paths: list[str]) -> list[float]:
    """Return how many milliseconds each of these takes, one after the other, sorted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    for path in paths:
        began = time.perf_counter()
        writer.write(asked(path))
        head = await answer_of(reader)
        took.append(1000 * (time.perf_counter() - began))
        assert b" 200 " in head[:20], head[:80]
    writer.close()
    return sorted(took)


def asked(path: str, *more: str) -> bytes:
    """Return a request as a browser would make it."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", "Accept-Encoding: gzip", *more, "", ""]).encode()


def slug_of(number: int, title: str) -> str:
    """Return the address of a post."""
    from bot.publishing import path_of

    return f"/{path_of(number, f'{title} {number}')}"


async def served(path: Path, posts: int) -> float:
    """Serve both, print the rates, and return the share of "hello" that a post's page reaches."""
    import sqlite3

    with sqlite3.connect(path) as connection:
        title = connection.execute("select title from verdicts where id = 1").fetchone()[0].removesuffix(" 1")
    context = multiprocessing.get_context("spawn")
    servers, ports = [], {}
    for what in ("hello", "log"):
        told = context.Queue()
        servers.append(context.Process(target=serve_in_a_process, args=(str(path), what, told), daemon=True))
        servers[-1].start()
        ports[what] = told.get(timeout=120)
    try:
        first = await slowness(ports["log"], ["/"])
        post = slug_of(posts // 2, title)
        cold = await slowness(ports["log"], [slug_of(number, title) for number in range(1, 200)])
        warm = await slowness(ports["log"], [post] * 300)
        reader, writer = await asyncio.open_connection("127.0.0.1", ports["log"])
        writer.write(asked(post))
        head = await answer_of(reader)
        writer.close()
        etag = next(line for line in head.decode().split("\r\n") if line.lower().startswith("etag:"))[6:]
        asks = {
            "a post": asked(post),
            "a post, unchanged": asked(post, f"If-None-Match: {etag}"),
            "the log": asked("/"),
        }
        hello = median([await rate(ports["hello"], asked("/")) for _ in range(3)])
        print(
            f"first look at the shelf {first[0]:.0f} ms; a post first {median(cold):.1f} ms, again {median(warm):.2f} ms"
        )
        print(f"hello             {hello:8.0f} a second")
        shares = {}
        for name, request in asks.items():
            found = median([await rate(ports["log"], request) for _ in range(3)])
            shares[name] = found / hello
            print(f"{name:<17} {found:8.0f} a second: {found / hello:.2f} of hello")
        return min(shares.values())
    finally:
        for one in servers:
            one.kill()
            one.join()


def main(posts: int) -> int:
    """Measure; return 1 where an aim was missed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, count in (("small", posts // 10), ("large", posts)):
            asyncio.run(fill(folder / f"{name}.sqlite3", count))
        _, small, _ = built(folder / "small.sqlite3", folder / "small")
        seconds, large, files = built(folder / "large.sqlite3", folder / "large")
        print(
            f"build of {posts:,} posts: {seconds:.1f} s, {files:,} files; {large:.0f} MiB at most, {small:.0f} for a tenth"
        )
        share = asyncio.run(served(folder / "large.sqlite3", posts))
    met = seconds < MOST_SECONDS and large - small < MOST_GROWTH and share >= LEAST_SHARE
    print(f"aims: under {MOST_SECONDS:.0f} s, at least {LEAST_SHARE:.2f} of hello: {'met' if met else 'MISSED'}")
    return not met


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS))
