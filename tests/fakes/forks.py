"""Processes to be killed, forked from one that has everything imported: a start takes milliseconds instead of seconds.

A script that serves orders calls ``serve(live)`` at its end; a test begins it by ``forked`` and orders lives of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def forked(script: Path) -> Iterator[subprocess.Popen[str]]:
    """Give the process that forks, everything imported."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, str(script)], cwd=ROOT, env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def order(parent: subprocess.Popen[str], *lives: Any, **common: Any) -> list[int]:
    """Have as many processes live as there are ``lives``, at the same time; return how each ended."""
    assert parent.stdin is not None
    assert parent.stdout is not None
    assert parent.stderr is not None
    parent.stdin.write(json.dumps({"lives": lives, "common": common}) + "\n")
    parent.stdin.flush()
    answer = parent.stdout.readline()
    assert answer, parent.stderr.read()
    return json.loads(answer)


def serve(live: Callable[[dict[str, Any], Any], Awaitable[None]]) -> None:
    """Serve orders until the input ends: ``live(common, one of the lives)`` in a process of its own each."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for line in sys.stdin:
        told = json.loads(line)
        children = [_fork(live, told["common"], one) for one in told["lives"]]
        # Whoever ends first is reaped first: a zombie looks alive to the sibling that waits for its job.
        ended = dict(os.wait() for _ in children)
        codes = [os.waitstatus_to_exitcode(ended[child]) for child in children]
        print(json.dumps(codes), flush=True)  # noqa: T201 - the answer


def _fork(live: Callable[[dict[str, Any], Any], Awaitable[None]], common: dict[str, Any], one: Any) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        asyncio.run(live(common, one))
        status = 0
    except BaseException as error:  # noqa: BLE001 - a child tells and ends, whatever it was
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(status)
