"""One process serves Slack and Discord: whatever one of them does, the other is answered as if nothing were."""

import asyncio
import statistics
import time
from itertools import count

import httpx
import pytest
from fakes.discord import FakeDiscord
from fakes.github import FakeGitHub
from fakes.slack import SECRET, FakeSlack, Fault, signed

from serve.running import serving, until

MANY, AT_ONCE = 100, 20
ROUNDS = 2
NUMBERS = count()
HELP = {"id": "1", "name": "roastbot", "type": 1, "options": [{"name": "help", "type": 1}]}
EVERY_CALL = (
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "conversations.history",
    "response_url",
    "auth.test",
)
AS_QUICK = 2.5
"""The calm half and the stormy half of one run differ by less, or one platform's fault is felt on the other.

A fault that blocks costs a timeout, seconds beside milliseconds; what differs otherwise is the noise of the machine.
"""


@pytest.fixture
async def discord():
    """Discord."""
    async with FakeDiscord() as running:
        yield running


@pytest.fixture
async def slack():
    """Slack."""
    async with FakeSlack() as running:
        yield running


@pytest.fixture
async def both(discord, slack, tmp_path):
    """The process, connected to both."""
    with FakeGitHub() as github:
        settings = {
            "DISCORD_TOKEN": "made.up",
            "ROAST_DISCORD__BASE_URL": discord.base_url,
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "SLACK_SIGNING_SECRET": SECRET,
            "ROAST_SLACK__BASE_URL": slack.base_url,
            "ROAST_GITHUB__API_URL": github.url,
        }
        async with serving(tmp_path, **settings) as running:
            assert "discord  on   gateway as roast" in running.screen
            assert "slack    on   HTTP" in running.screen
            yield running
            assert not [line for line in running.log if "Traceback" in line]


async def gently(ask):
    """Ask many times, some at once; return the seconds that each answer took."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number):
        async with gate:
            began = time.perf_counter()
            await ask(number)
            return time.perf_counter() - began

    return await asyncio.gather(*(one(number) for number in range(MANY)))


async def test_discord_flaps(both, discord, slack):
    """While Discord accepts no token, answers 503 and closes its gateway again and again, Slack is answered as ever"""

    async def ask(number):
        body, headers = signed(slack.command("help", user=f"U{next(NUMBERS)}", channel=f"C{number % 20}"))
        answer = await client.post("/slack/events", content=body, headers=headers)
        assert answer.status_code == 200, answer.text

    calm, stormy = [], []
    async with httpx.AsyncClient(base_url=both.web, timeout=60) as client:
        await gently(ask)  # the first ones import and connect
        for storm in ("gateway", "login")[:ROUNDS]:
            calm += await gently(ask)
            if storm == "gateway":
                discord.flapping, discord.down = 4000, 503
            else:
                discord.flapping, discord.down, discord.unknown = 4004, 0, True
            await discord.cut(discord.flapping)
            begun = len(discord.gateway) + len(discord.requests)
            stormy += await gently(ask)
            await until(lambda begun=begun: len(discord.gateway) + len(discord.requests) > begun)
        ready = await client.get("/readyz")
        assert ready.status_code == 200
    assert statistics.median(stormy) < AS_QUICK * statistics.median(calm)
    assert len(calm) == len(stormy) == ROUNDS * MANY
    assert any("discord" in line and "away" in line for line in both.log)
    discord.flapping, discord.unknown = 0, False
    await until(lambda: any(one["op"] == 2 for one in discord.heard[-3:]) and not discord.gateway[-1].closed)


async def test_slack_flaps(both, discord, slack):
    """While Slack refuses every call, then cuts every other one off, Discord is deferred as ever and gets its answers"""

    async def ask(number):
        await discord.interact(HELP)

    calm, stormy = [], []
    await gently(ask)
    calls = count()
    storms = ({"status": 500, "delay": 0.5}, {"cut": True, "when": lambda args: next(calls) % 2})
    for storm in storms[:ROUNDS]:
        slack.faults.clear()
        calm += await gently(ask)
        slack.faults.extend(Fault(method, **storm) for method in EVERY_CALL)
        async with httpx.AsyncClient(base_url=both.web, timeout=60) as client:
            for number in range(20):
                body, headers = signed(slack.command("#7", user=f"U{next(NUMBERS)}", channel=f"C{number % 20}"))
                await client.post("/slack/events", content=body, headers=headers)
        stormy += await gently(ask)
    assert statistics.median(stormy) < AS_QUICK * statistics.median(calm)
    await until(lambda: len(discord.told) == (2 * ROUNDS + 1) * MANY)
