"""The queue of many machines and a database that is away for longer than its driver's patience."""

import asyncio

import pytest
from fakes.memory import Watch
from queue_rig import Cluster, fresh, migrated

from bot.records import JobState, NewJob


@pytest.fixture
def rig(queue_server):
    """Procrastinate over a database of its own."""
    return Cluster(queue_server, fresh(queue_server))


async def until(condition):
    """Wait until something holds, however slow the machine is."""
    async with asyncio.timeout(60):
        while not (found := await condition()):
            await asyncio.sleep(0.005)
    return found


async def test_worked_on_after_a_long_outage(rig, queue_server, tmp_path_factory, monkeypatch):
    """A database that cannot be reached until the driver gives up is told as trouble, and worked from once it is back"""
    from psycopg_pool import AsyncConnectionPool

    door = tmp_path_factory.mktemp("q") / "s"  # libpq looks for the server's socket in a folder that is not there yet
    patient = AsyncConnectionPool.wait

    async def wait(pool, seconds=30.0):
        await patient(pool, seconds if door.exists() else 0.01)

    monkeypatch.setattr(AsyncConnectionPool, "wait", lambda pool, timeout=30.0: wait(pool, timeout))
    home = str(queue_server.get_postmaster_info().socket_dir)
    async with migrated(rig.url, Watch()) as store:
        queue = rig.queue(store, Watch(), url=rig.libpq.replace(home, str(door)))

        async def handle(_):
            return ""

        async def told():
            return queue.trouble

        async def done():
            return [job for job in await store.jobs(unfinished=False) if job.state is JobState.DONE]

        async def is_sound():
            return not queue.trouble

        await queue.start({"roast": handle})
        try:
            assert "database" in await until(told)
            await queue.put(NewJob(kind="roast"))
            door.symlink_to(home)
            await until(done)
            await until(is_sound)
        finally:
            await queue.stop(0)
