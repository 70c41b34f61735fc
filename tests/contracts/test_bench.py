"""What every bench keeps to: the work's own answer or error, beside the loop, whatever happens to a process."""

import asyncio
import os
import signal
import time

import pytest

from adapters.queue.pool import ProcessBench


def add(one, two=0):
    """Return a sum."""
    return one + two


def fail():
    """Fail."""
    raise ValueError("as it should")


def who():
    """Return the process that does this."""
    return os.getpid()


def die_once(path):
    """Kill the own process the first time."""
    if not path.exists():
        path.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die_in_a_process(home):
    """Kill every process but the one that is at home here."""
    if os.getpid() != home:
        os.kill(os.getpid(), signal.SIGKILL)
    return "at home"


@pytest.fixture
def processes():
    """A bench of one process."""
    bench = ProcessBench(1)
    yield bench
    bench.close()


@pytest.fixture(params=["thread", "processes"])
def bench(request):
    """Either bench."""
    return asyncio.to_thread if request.param == "thread" else request.getfixturevalue("processes")


async def test_answers(bench):
    """The work's answer comes back, with named arguments too, and so does its error"""
    assert await bench(add, 1, two=2) == 3
    with pytest.raises(ValueError, match="as it should"):
        await bench(fail)


async def test_elsewhere_and_modest(processes):
    """The work is done in another process, which yields to this one"""
    assert await processes(who) != os.getpid()
    assert await processes(os.nice, 0) > os.nice(0)


async def test_a_process_dies(processes, tmp_path):
    """A process that dies costs one more try"""
    assert await processes(die_once, tmp_path / "died") == "alive"


async def test_every_process_dies(processes):
    """Where no process survives the work, it is done here"""
    assert await processes(die_in_a_process, os.getpid()) == "at home"


async def test_closed_while_at_work(processes):
    """Closing ends what runs at once, and leaves no process behind"""
    home = await processes(who)
    work = asyncio.create_task(processes(time.sleep, 3600))
    await asyncio.sleep(0.2)
    work.cancel()
    processes.close()
    with pytest.raises(ProcessLookupError):
        os.kill(home, 0)
    await asyncio.gather(work, return_exceptions=True)
