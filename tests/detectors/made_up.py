"""Pull requests of any size, made up: they touch most detectors and grow line by line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.case import Case, Coverage
from bot.pull_request import ChangedFile, Commit, FileStatus, PullRequest, User

_FUNCTION = """
async def read_all_things_{i}(session, pool, first=[], second=True, *, third=False, fourth=None):
    '''Read all things.'''
    pool_row = await session.read_pool(pool_id=pool.id)
    try:
        other = getattr(pool, "name_{i}", None)
        time.sleep(2)
        for item in first:
            if item.size > 4321:
                with item.lock:
                    if second and third:
                        await session.update(item, True, False)
    except ValueError as error:
        return str(error)
    except (OSError, Exception):
        pass
    again = await session.read_pool(pool_id=pool.id)
    assert again is not None
    _cache_{i}[pool.id] = {{**pool_row, **again}}
    stamp = datetime.utcnow()
    return again, other, stamp, fourth
"""
_HEAD = "import time\nfrom datetime import datetime\n\n_guard = object()\n"
_TEST = """
def test_things_{i}(monkeypatch):
    monkeypatch.setattr("app.module_0.read_all_things_{i}", lambda: None)
    assert thing({i}) == {i}
"""
_SCRIPT = "export function handle{i}(job: any): any {{\n  try {{ go(job); }} catch (error) {{}}\n  return job;\n}}\n"
_EPOCH = datetime(2026, 5, 1, 9, tzinfo=UTC)


def python(lines: int) -> str:
    """Return a module of about so many lines."""
    each = _FUNCTION.count("\n")
    count = max(1, lines // each)
    return (
        _HEAD
        + "".join(f"_cache_{i} = {{}}\n" for i in range(count))
        + "".join(_FUNCTION.format(i=i) for i in range(count))
    )


def added(path: str, text: str) -> ChangedFile:
    """Return a new file."""
    lines = text.split("\n")
    patch = f"@@ -0,0 +1,{len(lines)} @@\n" + "\n".join(f"+{line}" for line in lines)
    return ChangedFile(path=path, status=FileStatus.ADDED, additions=len(lines), patch=patch)


def modified(path: str, text: str) -> ChangedFile:
    """Return a file every tenth line of which was replaced, in one hunk."""
    lines = text.split("\n")
    body: list[str] = []
    replaced = 0
    for index, line in enumerate(lines):
        if index % 10 == 5:
            body += [f"-{line}  # before", f"+{line}"]
            replaced += 1
        else:
            body.append(f" {line}")
    patch = f"@@ -1,{len(lines)} +1,{len(lines)} @@\n" + "\n".join(body)
    return ChangedFile(path=path, additions=replaced, deletions=replaced, patch=patch)


def case_of(lines: int) -> Case:
    """Return a case of about so many changed lines: new Python, changed Python, tests and TypeScript."""
    half = lines // 2
    new, old = python(half), python(lines)
    tests = "".join(_TEST.format(i=i) for i in range(max(1, lines // 20)))
    script = "".join(_SCRIPT.format(i=i) for i in range(max(1, lines // 20)))
    return of_files(
        added("src/app/module_0.py", new),
        modified("src/app/module_1.py", old),
        added("tests/test_module.py", tests),
        added("web/src/module.ts", script),
        whole={"src/app/module_0.py": new, "src/app/module_1.py": old, "tests/test_module.py": tests},
    )


def of_files(*files: ChangedFile, whole: dict[str, str] | None = None) -> Case:
    """Return a merged pull request of these files with three commits, the last of which holds them all."""
    commits = tuple(
        Commit(
            sha=f"{index + 1:040x}", message=message, author=User(login="ada"), parents=(f"{index:040x}",),
            authored_at=_EPOCH + timedelta(hours=index), committed_at=_EPOCH + timedelta(hours=index),
        )
        for index, message in enumerate(["Add things", "Fix things", "Fix the last of the things"])
    )  # fmt: skip
    pull = PullRequest(
        owner="owner", repo="repo", number=7, title="Add things", merged=True, state="closed", base_sha="b" * 40,
        head_sha="a" * 40, url="https://github.com/owner/repo/pull/7", created_at=_EPOCH,
        merged_at=_EPOCH + timedelta(days=1), files=files, commits=commits, changed_files=len(files), commit_count=3,
        additions=sum(file.additions for file in files), deletions=sum(file.deletions for file in files),
    )  # fmt: skip
    coverage = Coverage(files_read=len(files), files_total=len(files), commits_read=3, commits_total=3)
    return Case(pull, head_files=whole or {}, commit_files={commits[-1].sha: files}, coverage=coverage)
