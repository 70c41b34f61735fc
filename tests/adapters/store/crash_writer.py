"""A program that writes to a store for as long as it lives, and says what was acknowledged.

It imports once and forks a writer for each line on its input (fifty interpreters would take most of a
test's time to start). The first line of a writer's output is its process id; each further one is what
a write's return acknowledged. Nobody tidies up: the test kills it with -9.
"""

import asyncio
import os
import sys

from fakes.memory import ASKER, PLACE, message, react, verdict

from adapters.store import open_store
from adapters.store.engine import make_engine, read_url
from bot.records import NewJob


def acknowledge(line):
    """Say it in one write to the pipe, which is whole or not at all."""
    os.write(1, f"{line}\n".encode())


async def write(url, name):
    """Write with four hands at once until killed."""
    store = await open_store(url)
    await asyncio.gather(*(hand(store, f"{name}-{number}") for number in range(4)))


async def hand(store, name):
    """Do every kind of write that people wait for, one after another."""
    for number in range(10_000):
        key = f"{name}-{number}"
        await store.claim_event(key)
        acknowledge(f"event {key}")
        verdict_id = await store.save_verdict(verdict(number, title=key), PLACE, ASKER)
        acknowledge(f"verdict {verdict_id} {key}")
        await store.record_post(verdict_id, message(key))
        await store.record_reaction(react(where=key))
        acknowledge(f"voice {verdict_id}")
        job_id = await store.enqueue(NewJob(kind="answer", key=key))
        acknowledge(f"job {job_id}")


if __name__ == "__main__":
    make_engine(read_url(sys.argv[1]))  # imports the driver; connects to nothing
    for name in sys.stdin:
        pid = os.fork()
        if pid == 0:
            asyncio.run(write(sys.argv[1], name.strip()))
            os._exit(0)
        acknowledge(pid)
        os.waitpid(pid, 0)
        acknowledge("dead")
