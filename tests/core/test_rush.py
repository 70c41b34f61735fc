"""Extras let those go first who wait, a few at a time, and come in the end."""

import asyncio

import pytest

from bot import rush
from bot.rush import Rush


async def test_those_who_wait_go_first():
    """An extra comes after all who waited when it came, and after those who came meanwhile"""
    counted, steps, go = Rush(), [], [asyncio.Event() for _ in range(3)]

    async def somebody(number):
        with counted.waiting():
            await go[number].wait()
            steps.append(number)

    async def extra():
        async with counted.afterwards():
            steps.append("extra")

    waiting = [asyncio.create_task(somebody(number)) for number in (0, 1)]
    await asyncio.sleep(0)
    extras = [asyncio.create_task(extra()) for _ in range(9)]
    await asyncio.sleep(0)
    go[0].set()
    waiting.append(asyncio.create_task(somebody(2)))
    await asyncio.sleep(0)
    go[1].set()
    await asyncio.sleep(0.01)
    assert steps == [0, 1]
    go[2].set()
    await asyncio.gather(*waiting, *extras)
    assert steps == [0, 1, 2, *["extra"] * 9]


async def test_a_few_at_a_time():
    """No more extras are at work at once than is allowed"""
    counted, at_work, most = Rush(extras_at_once=2), 0, 0

    async def extra():
        nonlocal at_work, most
        async with counted.afterwards():
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0)
            at_work -= 1

    await asyncio.gather(*(extra() for _ in range(10)))
    assert most == 2


async def test_not_for_ever(monkeypatch):
    """A rush that does not end holds no extra up for ever"""
    monkeypatch.setattr(rush, "_AT_MOST", 0.01)
    counted = Rush()
    with counted.waiting():
        async with counted.afterwards():
            pass


async def test_a_fault_is_no_rush():
    """Whoever fails waits no longer"""
    counted = Rush()
    with pytest.raises(ZeroDivisionError), counted.waiting():
        1 / 0  # noqa: B018
    async with asyncio.timeout(20), counted.afterwards():
        pass
