"""A repository in memory that merges pull requests by the week: some sinful, some clean, most in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from bot.case import Coverage
from bot.errors import NotFoundError
from bot.merged import Merged, MergedPull, within
from bot.pull_request import ChangedFile, Commit, FileStatus, FollowUp, PullRequest, Review, ReviewState, User
from bot.target import GitHubTarget, Target

NOUNS = ("oven", "ladle", "broth", "pantry", "menu", "table", "waiter", "receipt", "kettle", "larder")
_SINS = (
    "def {noun}_ready(pool, worker):\n    assert worker is not None\n    assert pool is not None\n    return pool[worker]\n",
    "def {noun}_load(path):\n    try:\n        return open(path).read()\n    except Exception:\n        pass\n",
    "def {noun}_wait():\n    import time\n    time.sleep(7)  # TODO: do this properly\n    print('waited')\n",
    "def {noun}_all(a, b, c, d, e, f, g, first=[], second=True):\n    if a:\n        if b:\n            if c:\n"
    "                if d:\n                    if e:\n                        first.append(f)\n    return first\n",
    "def {noun}_stamp():\n    from datetime import datetime\n    return datetime.utcnow()\n",
    "_{noun}_cache = {{}}\n\n\ndef {noun}_of(key):\n    _{noun}_cache[key] = key * 4321\n    return _{noun}_cache[key]\n",
)
_CLEAN = 'def {noun}(count: int) -> int:\n    """Return how many there are."""\n    return count + 1\n'
_TESTS = (
    "import pytest\n\nfrom app.{noun} import {noun}\n\n\n"
    '@pytest.mark.parametrize(("count", "wanted"), [(0, 1), (1, 2), (-1, 0)])\n'
    "def test_{noun}(count, wanted):\n    assert {noun}(count) == wanted\n\n\n"
    'def test_{noun}_refuses_words():\n    with pytest.raises(TypeError):\n        {noun}("two")\n'
)
_REPAIRS = ("fix lint", "oops", "address review", "fix tests again", "typo", "actually fix it")


def added(path: str, text: str) -> ChangedFile:
    """Return a new file."""
    lines = text.splitlines()
    patch = f"@@ -0,0 +1,{len(lines)} @@\n" + "\n".join(f"+{line}" for line in lines)
    return ChangedFile(path=path, status=FileStatus.ADDED, additions=len(lines), patch=patch)


def made_up(number: int, author: str, merged_at: datetime, *, sins: int = 2, repairs: int = 2) -> PullRequest:
    """Return a merged pull request with so many sins in its code and repairs among its commits."""
    dice = Random(f"{number} {author}")
    noun = NOUNS[number % len(NOUNS)]
    code = [one.format(noun=noun) for one in dice.sample(_SINS, min(sins, len(_SINS)))] or [_CLEAN.format(noun=noun)]
    files = [added(f"app/{noun}.py", "\n\n".join(code))]
    if sins < 2:
        files.append(added(f"tests/test_{noun}.py", _TESTS.format(noun=noun)))
    begun = merged_at - timedelta(hours=dice.randint(2, 60))
    subjects = [f"Add the {noun}", *dice.choices(_REPAIRS, k=repairs)]
    step = (merged_at - begun) / (len(subjects) + 1)
    url = f"https://github.com/acme/soup/pull/{number}"
    who = User(login=author, is_bot=author.endswith("[bot]"))
    return PullRequest(
        owner="acme",
        repo="soup",
        number=number,
        title=f"chore(deps): bump {noun}" if who.is_bot else f"Add the {noun}, number {number}",
        body="" if sins > 2 else f"The kitchen had no {noun}. Now it has one, with tests for what goes wrong.",
        user=who,
        state="closed",
        merged=True,
        created_at=begun,
        merged_at=merged_at,
        closed_at=merged_at,
        base_ref="main",
        base_sha=f"{number:039x}b",
        head_sha=f"{number:039x}a",
        merge_commit_sha=f"{number:039x}c",
        additions=sum(file.additions for file in files),
        changed_files=len(files),
        commit_count=len(subjects),
        url=url,
        files=tuple(files),
        commits=tuple(
            Commit(
                sha=f"{number:08x}{rank:032x}", message=subject, author=who, authored_at=begun + step * rank,
                committed_at=begun + step * rank, parents=(f"{number:08x}{rank + 1:032x}",),
            )
            for rank, subject in enumerate(subjects)
        ),
        reviews=(
            Review(id=number, user=User(login="headchef"), state=ReviewState.APPROVED, submitted_at=merged_at - step / 2),
        ),
    )  # fmt: skip


class FakeWeeks:
    """A source over such pull requests. ``before`` is called with what is about to be read, and may raise or kill.

    ``name`` is what the repository is called now; ``private`` and ``archived`` are what GitHub says of it.
    """

    def __init__(self, *pulls: PullRequest, name: str = "acme/soup") -> None:
        self.pulls = {pull.number: pull for pull in pulls}
        self.name, self.archived, self.private = name, False, False
        self.before: Callable[[str], None] = lambda _: None
        self.asked: list[str] = []
        self.remaining: int | None = None

    def add(self, *pulls: PullRequest) -> None:
        """Merge more."""
        self.pulls.update({pull.number: pull for pull in pulls})

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        self.before(what)

    async def merged(self, repository: str, since: datetime, until: datetime) -> Merged:
        """List what was merged."""
        self._ask("list")
        return Merged(
            repository=self.name, since=since, until=until, archived=self.archived, private=self.private,
            pulls=within([_record(pull) for pull in self.pulls.values()], since, until),
        )  # fmt: skip

    def reads(self, target: Target) -> bool:
        """Read everything on GitHub."""
        return isinstance(target, GitHubTarget)

    async def pull_request(self, target: Target) -> tuple[PullRequest, Coverage]:
        """Read one."""
        self._ask(f"#{target.number}")
        pull = self.pulls.get(target.number)
        if pull is None:
            raise NotFoundError(f"{target} is not there.", "Check the number.")
        read = Coverage(
            files_read=len(pull.files), files_total=len(pull.files), commits_read=len(pull.commits),
            commits_total=len(pull.commits),
        )  # fmt: skip
        return pull.model_copy(update={"private": self.private}), read

    async def files_at_head(self, pull_request: PullRequest, paths: Sequence[str]) -> Mapping[str, str]:
        """Give no whole files."""
        return {}

    async def commit_files(
        self, pull_request: PullRequest, shas: Sequence[str]
    ) -> Mapping[str, tuple[ChangedFile, ...]]:
        """Give no commits' own diffs."""
        return {}

    async def follow_ups(self, pull_request: PullRequest) -> tuple[FollowUp, ...]:
        """Give nothing that came after."""
        return ()

    async def house_rules(self, pull_request: PullRequest) -> Mapping[str, str]:
        """Give no rules."""
        return {}

    async def file_of(self, repository: str, path: str) -> str | None:
        """Have no such file."""
        return None

    async def may_see(self, repository: str) -> bool:
        """Show everything."""
        return not self.private

    async def aclose(self) -> None:
        """Hold nothing."""


def target_of(repository: str, number: int) -> Target:
    """Return how a pull request is named."""
    owner, _, repo = repository.partition("/")
    return GitHubTarget(owner, repo, number)


def _record(pull: PullRequest) -> MergedPull:
    assert pull.merged_at is not None
    return MergedPull(
        number=pull.number, title=pull.title, user=pull.user, merged_at=pull.merged_at, created_at=pull.created_at,
        url=pull.url, labels=pull.labels, additions=pull.additions, deletions=pull.deletions,
        changed_files=pull.changed_files, commits=pull.commit_count, reviews=len(pull.reviews), comments=0,
        paths=tuple(file.path for file in pull.files), subjects=tuple(one.subject for one in pull.commits),
    )  # fmt: skip
