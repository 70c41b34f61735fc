"""A roast in Slack from the command to the card, by both ways in, and everything that stands under it."""

import asyncio

import pytest
from fakes.slack import ASKER, BOT, CHANNEL, text_of

from bot.feedback import Meaning
from bot.records import JobState, PlaceSettings, PostKind

from .conftest import SOUP


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_roasted(make_home, slack, http):
    """A command is acknowledged without words, and one message grows from preheating to the card"""
    home = await make_home(http=http)
    command = slack.command(SOUP)
    if http:
        answer = await home.post(command)
        assert (answer.status_code, answer.text) == (200, "")
    else:
        assert await slack.send(command) is None
    await home.done()
    (message,) = slack.in_channel()
    assert "acme/soup#7" in text_of(message)
    assert "Full roast" in text_of(message)
    grown = [text_of(edit) for edit in message["edits"]]
    assert grown
    assert all("🔥" in one for one in grown)
    assert slack.private() == []
    assert slack.refused == []
