"""Law 6: nothing of a repository is executed or obeyed, and no process outlives its question."""

import asyncio
import os
import stat
import subprocess
from pathlib import Path

import pytest

from adapters.local_git import LocalGitSource
from bot.errors import RepositoryError, UnavailableError
from bot.target import LocalTarget

_HOOKS = ("post-checkout", "post-index-change", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc")


def _trap(repo) -> Path:
    """Plant every program that a repository's configuration can name; each leaves a canary behind."""
    canary, program = repo.path.parent / "canary", repo.path.parent / "trap"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {canary}\ncat "$1" 2>/dev/null\nexit 0\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    order = repo.path.parent / "order"
    order.write_text("tests/*\n")
    named = [
        "diff.external", "diff.trap.command", "diff.trap.textconv", "core.fsmonitor", "core.sshCommand", "core.pager",
        "pager.log", "pager.diff-tree", "core.gitProxy", "core.askPass", "core.editor", "gpg.program",
        "gpg.ssh.program", "credential.helper", "core.alternateRefsCommand", "filter.trap.smudge", "filter.trap.clean",
        "filter.trap.process", "uploadpack.packObjectsHook", "alias.log", "alias.diff-tree", "trailer.sign.command",
        "interactive.diffFilter", "core.hooksPath",
    ]  # fmt: skip
    for name in named:
        repo.git("config", name, str(program))
    for name, value in {
        "alias.rev-parse": f"!{program}",
        "log.showSignature": "true",
        "diff.submodule": "log",
        "diff.noprefix": "true",
        "diff.renames": "false",
        "diff.orderFile": str(order),
        "color.ui": "always",
        "log.decorate": "full",
        "protocol.ext.allow": "always",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{program} %S",
    }.items():
        repo.git("config", name, value)
    hooks = repo.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in _HOOKS:
        (hooks / name).write_bytes(program.read_bytes())
        (hooks / name).chmod(0o755)
    for attributes in (repo.path / ".gitattributes", repo.path / ".git" / "info" / "attributes"):
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text("* diff=trap filter=trap\n")
    return canary


def _sign(repo, name: str) -> str:
    """Return a copy of a commit with a signature on it, which a signature program would be asked about."""
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n"
    head, _, message = repo.git("cat-file", "commit", name).partition("\n\n")
    signed = f"{head}\n{signature}\n{message}\n".encode()
    return repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=signed)


def _as_a_user_would(path: Path, *arguments: str) -> str:
    """Run git without any of our precautions, and return its complaints."""
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", "-C", str(path), *arguments], capture_output=True, check=False, env=environment)
    return done.stderr.decode()


async def test_planted_programs_do_not_run(squashed, source):
    """Programs in configuration, attributes and hooks are not run by anything that the source does."""
    signed = _sign(squashed, "add-retry")
    squashed.pull_ref(7, signed)
    plain, _ = await source.pull_request(squashed.target(7))
    canary = _trap(squashed)
    for obedient in (("diff", "main~1", "main"), ("log", "-1", signed), ("status",)):
        complaint = _as_a_user_would(squashed.path, *obedient)
        assert canary.exists(), f"the trap does not work for git {obedient[0]}: {complaint}"
        canary.unlink()
    trapped, _ = await source.pull_request(squashed.target(7))
    await source.files_at_head(trapped, [file.path for file in trapped.files])
    await source.commit_files(trapped, [commit.sha for commit in trapped.commits])
    await source.follow_ups(trapped)
    await source.house_rules(trapped)
    assert not canary.exists(), canary.read_text()
    assert trapped.files == plain.files
    assert trapped.commits == plain.commits


async def test_missing_objects_are_not_fetched(squashed, source):
    """A partial clone's promise to run a transport is not taken up; the rest of the diff is read."""
    canary = _trap(squashed)
    blob = squashed.git("rev-parse", "add-retry:retry.py")
    (squashed.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    pull, coverage = await source.pull_request(squashed.target(7))
    assert not canary.exists(), canary.read_text()
    assert {file.path: file.patch is None for file in pull.files} == {
        "app.py": False,
        "retry.py": True,
        "tests/test_retry.py": False,
    }
    assert coverage.partial
    assert "1 files are not in this partial clone" in coverage.notes
    assert set(await source.files_at_head(pull, ["app.py", "retry.py"])) == {"app.py"}
    diffs = await source.commit_files(pull, [commit.sha for commit in pull.commits])
    assert list(diffs) == [pull.commits[0].sha]
    assert not canary.exists(), canary.read_text()


@pytest.mark.parametrize("as_submodule", [False, True])
async def test_attributes_do_not_hide_a_patch(squashed, source, as_submodule):
    """A checked-out ``.gitattributes`` that calls everything binary hides nothing, in a submodule's clone either."""
    if as_submodule:
        squashed.git("config", "core.worktree", "..")
    (squashed.path / ".gitattributes").write_text("* -diff\n*.py binary\n")
    squashed.git("add", ".gitattributes")
    pull, _ = await source.pull_request(squashed.target(7))
    assert all(file.patch and not file.is_binary for file in pull.files)


async def test_the_repository_is_left_as_it_was(squashed, source):
    """Reading writes nothing: no index refresh, no lock, no log."""

    def picture():
        return {
            str(file): (file.stat().st_mtime_ns, file.stat().st_size)
            for file in sorted(squashed.path.rglob("*"))
            if file.is_file()
        }

    before = picture()
    pull, _ = await source.pull_request(squashed.target(7))
    await source.follow_ups(pull)
    assert picture() == before


async def test_environment_is_not_inherited(squashed, source, monkeypatch, tmp_path):
    """Variables that steer git do not reach it."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_EXTERNAL_DIFF", "GIT_TRACE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    pull, _ = await source.pull_request(squashed.target(7))
    assert pull.commit_count == 3
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give a folder away")
async def test_somebody_else_s_clone_is_read(squashed, source):
    """A clone that another user owns is read all the same, since nothing in it can run."""
    for folder in (squashed.path, squashed.path / ".git"):
        os.chown(folder, 12345, 12345)
    assert "dubious ownership" in _as_a_user_would(squashed.path, "status")
    pull, _ = await source.pull_request(squashed.target(7))
    assert pull.commit_count == 3


@pytest.fixture
def hanging(tmp_path, monkeypatch):
    """A program called git that never answers and leaves its process id behind."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(
        f"#!/bin/sh\necho $$ > {folder}/pid.new && mv {folder}/pid.new {folder}/pid\nexec sleep 600\n"
    )
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "pid"


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_a_late_git_is_ended(hanging, tmp_path):
    """A git that takes too long is killed, and the asker is told what was slow."""
    with pytest.raises(UnavailableError, match="took longer than"):
        await LocalGitSource(seconds=2).pull_request(LocalTarget(tmp_path, 7))
    assert _is_gone(int(hanging.read_text()))


async def test_a_cancelled_question_leaves_no_process(hanging, tmp_path):
    """When the asker goes away, git is killed and reaped."""
    asking = asyncio.create_task(LocalGitSource().pull_request(LocalTarget(tmp_path, 7)))
    while not hanging.exists():
        await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert _is_gone(int(hanging.read_text()))


async def test_git_is_not_installed(tmp_path, monkeypatch):
    """Without git, the asker is told to install it or to give a URL."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="git is not installed"):
        await LocalGitSource().pull_request(LocalTarget(tmp_path, 7))
