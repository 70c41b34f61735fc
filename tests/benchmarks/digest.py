"""What the choice of a digest costs for 10, 100 and 1,000 merged pull requests: requests, seconds, memory.

    python tests/benchmarks/digest.py

GitHub is a stand-in in a process of its own thread; memory is what the choosing itself holds at most (tracemalloc).
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakes.github import FakeGitHub, made_up_pull_request
from fakes.github.merged import merged_routes

from adapters.github.source import GitHubSource
from bot.digest_choice import Told, Wanted, admitted, dozen, ranked

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
END = START + timedelta(days=7)
MOST_REQUESTS, MOST_MEGABYTES, STEEPEST = 30, 300, 3.0


def routes(count: int) -> dict[str, object]:
    """Return the lists of so many pull requests, merged evenly through the week by a dozen people."""
    pulls = [
        made_up_pull_request(
            number + 1, files=3, commits=2, comments=0, merged_minutes=number * 10_000 / count,
            author=f"person{number % 12}", title=f"Add thing {number}",
        ).pull
        for number in range(count)
    ]  # fmt: skip
    return merged_routes(pulls)


async def choose(github: FakeGitHub, token: str) -> tuple[int, float, float]:
    """Return the requests, seconds and megabytes of one choice."""
    source = GitHubSource(api_url=github.url, token=token, now=lambda: END)
    github.forget()
    tracemalloc.start()
    begun = time.perf_counter()
    found = await source.merged("acme/soup", START, END)
    chosen = dozen(ranked(admitted(found.pulls, Wanted(), lambda _: False), Told(), END), Told())
    seconds, (_, peak) = time.perf_counter() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    await source.aclose()
    assert len(chosen) == min(12, len(found.pulls))
    return len(github.requests), seconds, peak / 1024 / 1024


def main() -> int:
    """Measure, print, and fail where it costs more than it may."""
    bad = False
    for token in ("", "token"):
        print(f"{'with a token (GraphQL)' if token else 'without a token (REST)'}")
        each: dict[int, float] = {}
        for count in (10, 100, 1000):
            with FakeGitHub(graphql=bool(token)) as github:
                github.routes |= routes(count)
                requests, seconds, megabytes = min(asyncio.run(choose(github, token)) for _ in range(3))
            each[count] = seconds / count
            print(f"  {count:>5} merged: {requests:>3} requests, {seconds:6.2f} s, {megabytes:6.1f} MB")
            bad |= requests > MOST_REQUESTS or megabytes > MOST_MEGABYTES
        growth = each[1000] / each[100]
        print(f"  a tenfold week costs {growth:.2f} times as much for each of its pull requests (1 is linear)")
        bad |= growth > STEEPEST
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"the whole process, stand-in and all, held {whole:.0f} MB at most")
    return int(bad or whole > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
