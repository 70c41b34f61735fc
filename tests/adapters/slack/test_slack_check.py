"""What the doctor is told of Slack, and how the app starts where something is missing."""

import pytest
from fakes.slack import CHANNEL, TEAM, Fault

from adapters.slack.app import SlackApp
from bot.errors import MessengerError, SettingsError
from bot.records import NewSubscription, Place
from bot.settings import Settings

from .conftest import settings_for


async def test_sound(home):
    """Where all is well, every line that is needed says so, and names the bot and its workspace"""
    lines = await home.app.check()
    assert all(line.ok for line in lines if line.needed)
    assert "@roast in Acme" in lines[0].words


async def test_scope_missing(home):
    """A scope that was not granted is named with what does not work without it, and what to do"""
    (line,) = [line for line in await home.app.check() if "users:read" in line.words]
    assert (line.ok, line.needed) == (False, False)
    assert "who is an admin" in line.words
    assert "slack-manifest.yaml" in line.next_step


async def test_token_revoked(home, slack):
    """A token that Slack does not accept is told with the step to take, and nothing else is asked with it"""
    slack.faults.append(Fault("auth.test", error="token_revoked"))
    line, *rest = await home.app.check()
    assert not line.ok
    assert "SLACK_BOT_TOKEN" in line.next_step
    assert {one.name for one in rest} == {"Slack clock", "Slack connection"}


async def test_no_socket(home, slack):
    """An app token without the right to connect is told with the scope that it lacks"""
    slack.faults.append(Fault("apps.connections.open", error="missing_scope"))
    (line,) = [line for line in await home.app.check() if line.name == "Slack connection"]
    assert not line.ok
    assert "connections:write" in line.next_step


async def test_channel_lost(home, slack):
    """A channel that subscribed but which the bot cannot see any more is told"""
    place = Place(platform="slack", workspace=TEAM, channel=CHANNEL)
    await home.store.subscribe(NewSubscription(place=place, repository="acme/soup", schedule="0 16 * * fri"))
    slack.channels[CHANNEL] = "channel_not_found"
    (line,) = [line for line in await home.app.check() if line.name == "Slack channels"]
    assert (line.ok, line.words) == (False, f"{CHANNEL}: channel_not_found")


@pytest.mark.parametrize(
    ("section", "words"), [({}, "SLACK_BOT_TOKEN"), ({"bot_token": "xoxb-made-up"}, "SLACK_APP_TOKEN")]
)
async def test_setting_missing(home, section, words):
    """Without a token, or without a way to be heard, the app does not start and says which setting it wants"""
    app = SlackApp(Settings(slack=section), home.desk, home.commands)
    with pytest.raises(SettingsError, match=words):
        await app.start()
    assert not app.connected


async def test_away(home, slack):
    """Where Slack is away at the start, that is told, and the app can be started again"""
    slack.faults.append(Fault("auth.test", status=503, times=1))
    app = SlackApp(settings_for(slack, http=True), home.desk, home.commands)
    with pytest.raises(MessengerError, match="cannot be reached"):
        await app.start()
    await app.start()
    assert app.connected
    assert app.describe() == "HTTP at /slack/events as @roast in Acme"
    await app.stop()
    assert not app.connected
