"""What a reading of GitHub costs, against a stand-in on loopback: ``python tests/benchmarks/github_requests.py``.

Prints requests and sequential round trips with and without a token, for a made-up pull request with a hundred files,
commits and remarks of each sort, and for the recordings where they lie beside the repository. Exit status 1 where a
figure is above what the design allows: 8 requests without a token and 4 with one, 40 more, 3 round trips.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes.github import SEVEN, FakeGitHub, made_up_pull_request  # noqa: E402

from adapters.github.limits import MAX_BASE_REQUESTS, MAX_EXTRA_REQUESTS  # noqa: E402
from adapters.github.source import GitHubSource  # noqa: E402
from bot.target import GitHubTarget  # noqa: E402
from bot.trial import telling_commits, telling_files  # noqa: E402

MOST_WITH_TOKEN = 4
MOST_ROUNDS = 3
LOCKSTEP = 0.2


@dataclass(frozen=True)
class Cost:
    """One reading: what was read, and what it cost."""

    what: str
    base: int
    extra: int
    rounds: int
    most_base: int

    @property
    def within(self) -> bool:
        """Whether every figure is allowed."""
        return self.base <= self.most_base and self.extra <= MAX_EXTRA_REQUESTS and self.rounds <= MOST_ROUNDS

    def __str__(self) -> str:
        """One line of the table."""
        verdict = "ok" if self.within else "ABOVE"
        base, extra = f"{self.base} of {self.most_base}", f"{self.extra} of {MAX_EXTRA_REQUESTS}"
        return f"{self.what:44}{base:>10}{extra:>12}{self.rounds:>6} of {MOST_ROUNDS}  {verdict}"


async def cost(github: FakeGitHub, target: GitHubTarget, what: str, *, token: str, most_base: int) -> Cost:
    """Read as the trial does, and count."""
    source = GitHubSource(api_url=github.url, token=token)
    try:
        pull, _ = await source.pull_request(target)
        base = len(github.requests)
        await asyncio.gather(
            source.files_at_head(pull, telling_files(pull)),
            source.commit_files(pull, telling_commits(pull)),
            source.follow_ups(pull),
            source.house_rules(pull),
        )
    finally:
        await source.aclose()
    return Cost(what, base, len(github.requests) - base, github.rounds, most_base)


def made_up(token: str) -> Cost:
    """The pull request with a hundred of everything, and ten follow-ups to choose from."""
    data = made_up_pull_request(7, files=100, commits=100, comments=100)
    data.later = [made_up_pull_request(20 + n, title="Fix the soup", merged_minutes=700 + n) for n in range(10)]
    data.head_files = {f"src/soup_{index}.py": b"x = 1\n" for index in range(100)} | {"AGENTS.md": b"Be good."}
    with FakeGitHub(graphql=True, lockstep=LOCKSTEP) as github:
        github.add(data)
        kind, most = ("with a token", MOST_WITH_TOKEN) if token else ("without a token", MAX_BASE_REQUESTS)
        return asyncio.run(cost(github, SEVEN, f"100 files, commits, remarks, {kind}", token=token, most_base=most))


def recorded(folder: Path, number: int) -> Cost:
    """A recorded pull request, without a token: the recordings are REST."""
    with FakeGitHub(folder / "github", lockstep=LOCKSTEP) as github:
        target = GitHubTarget("PrefectHQ", "prefect", number)
        return asyncio.run(cost(github, target, f"recorded {target}", token="", most_base=MAX_BASE_REQUESTS))


def main() -> int:
    """Print the table; 0 where every figure is within its bound."""
    costs = [made_up(""), made_up("t")]
    folder = ROOT.parent / "shared" / "recordings"
    if folder.is_dir():
        costs += [recorded(folder, number) for number in (21477, 22004)]
    lines = [f"{'':44}{'requests':>10}{'and more':>12}{'rounds':>11}", *map(str, costs)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if all(one.within for one in costs) else 1


if __name__ == "__main__":
    sys.exit(main())
