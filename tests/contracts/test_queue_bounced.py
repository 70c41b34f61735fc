"""What PgBouncer's transaction mode takes away from the queue of many machines, and what it does not."""

import asyncio

import pytest
from fakes.memory import Watch
from queue_rig import Bounced, fresh, migrated

from bot.records import JobState, NewJob


@pytest.fixture
def rig(queue_server, bouncer):
    """Procrastinate behind PgBouncer."""
    return Bounced(queue_server, fresh(queue_server), bouncer)


async def test_nobody_is_called(rig):
    """With ``listen`` left on nobody hears of a job behind PgBouncer: it is done all the same, once jobs are looked for"""
    async with migrated(rig.url, Watch()) as store:
        queue = rig.queue(store, Watch(), listen=True, poll=0.2)

        async def handle(_):
            return ""

        await queue.start({"roast": handle})
        try:
            async with asyncio.timeout(60):
                for number in range(1, 4):
                    await queue.put(NewJob(kind="roast"))
                    while len(await store.jobs(unfinished=False)) < number or await store.jobs():
                        await asyncio.sleep(0.01)
            assert {one.state for one in await store.jobs(unfinished=False)} == {JobState.DONE}
            assert queue.trouble == ""
        finally:
            await queue.stop(5)
