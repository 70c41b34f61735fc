"""A pull request of any size, made of code that looks like code."""

from datetime import UTC, datetime, timedelta

from bot.case import Case, Coverage
from bot.pull_request import ChangedFile, Commit, FileStatus, PullRequest, User

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LINES_A_FILE = 500
FUNCTION = '''
async def step_{n}(store, key, *, limit=10):
    """Do step {n}."""
    row = await store.read(key)
    assert row is not None
    total = 0
    for index, value in enumerate(row["values"]):
        if value is None or index > limit:
            continue
        total += value * {n}
    try:
        await store.write(key, total)
    except KeyError as error:
        raise RuntimeError(str(error)) from error
    return {{"key": key, "total": total, "step": "step_{n}"}}
'''.strip("\n")


def _file(number: int, lines: int) -> ChangedFile:
    text: list[str] = []
    while len(text) < lines:
        text += [*FUNCTION.format(n=number * 1000 + len(text)).split("\n"), "", ""]
    text = text[:lines]
    patch = f"@@ -0,0 +1,{len(text)} @@\n" + "\n".join(f"+{line}" for line in text)
    folder = "tests/test_" if number % 3 == 2 else "src/app/"
    return ChangedFile(path=f"{folder}part_{number}.py", status=FileStatus.ADDED, additions=len(text), patch=patch)


def large_case(lines: int, commits: int = 20) -> Case:
    """Return a case with so many added lines, in files of 500, with the diffs of its commits."""
    files = tuple(_file(number, LINES_A_FILE) for number in range(max(lines // LINES_A_FILE, 1)))
    verbs = ("Add", "Fix", "Harden", "Simplify", "Address review comments on")
    log = tuple(
        Commit(
            sha=f"{number:040x}",
            message=f"{verbs[number % len(verbs)]} step {number}",
            author=User(login="ada"),
            authored_at=START + timedelta(hours=number),
            committed_at=START + timedelta(hours=number),
            parents=(f"{number - 1:040x}",) if number else (),
        )
        for number in range(commits)
    )
    pull = PullRequest(
        owner="o", repo="r", number=7, title="Add steps", body="All the steps.", user=User(login="ada"), merged=True,
        created_at=START, merged_at=START + timedelta(days=2), head_sha="f" * 40, url="https://example.com/o/r/pull/7",
        additions=sum(file.additions for file in files), changed_files=len(files), commit_count=commits, files=files,
        commits=log,
    )  # fmt: skip
    share = max(len(files) // commits, 1)
    commit_files = {commit.sha: files[at * share : (at + 1) * share] for at, commit in enumerate(log)}
    return Case(
        pull_request=pull, commit_files=commit_files, coverage=Coverage(files_read=len(files), files_total=len(files))
    )
