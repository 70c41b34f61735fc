"""Every fault leaves a line in the log that names it."""

import time

import pytest
from fakes.slack import CHANNEL, Fault, signed

from .conftest import SOUP

LATE = {"error": "ratelimited", "status": 429, "headers": {"Retry-After": "3600"}}


async def logged(capsys, slack, words):
    """Wait until the log has these words."""
    said = []

    def there():
        said.append(capsys.readouterr().out)
        return words in "".join(said)

    await slack.until(there)


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found", "is_archived"])
async def test_place(home, slack, capsys, code):
    """A conversation that cannot be written to is told by Slack's own name for the reason"""
    slack.channels[CHANNEL] = code
    await home.roast()
    await logged(capsys, slack, code)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"error": "msg_too_long"}, "msg_too_long"),
        ({"error": "invalid_blocks"}, "invalid_blocks"),
        ({"error": "token_revoked"}, "token_revoked"),
        ({"error": "account_inactive"}, "account_inactive"),
        ({"error": "message_not_found"}, "message_not_found"),
        ({"status": 503}, "status 503"),
        ({"delay": 2.5, "status": 504}, "TimeoutError"),
        (LATE, "ratelimited"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
async def test_edit(home, slack, capsys, fault, code):
    """Whatever hinders the edit that shows the card is told by its name"""
    slack.faults.append(Fault("chat.update", times=2, **fault))
    await home.roast()
    await logged(capsys, slack, code)


async def test_address_spent(home, slack, capsys):
    """An answer's address that ran out is told"""
    slack.faults.append(Fault("response_url", status=404))
    await slack.send(slack.command("nonsense"))
    await logged(capsys, slack, "response_url_expired")


async def test_turned_away(make_home, slack, capsys):
    """A bad signature and an old timestamp are told as requests that were turned away"""
    home = await make_home(http=True)
    await home.post(slack.command(SOUP), secret="another")
    await logged(capsys, slack, "a request was turned away")
    await home.post(slack.command(SOUP), at=time.time() - 301)
    await logged(capsys, slack, "a request was turned away")


async def test_repeated(make_home, slack, capsys):
    """A command that Slack repeats is told as heard before"""
    home = await make_home(http=True)
    body, headers = signed(slack.command(SOUP))
    for _ in range(2):
        await home.post_raw(body, headers)
    await logged(capsys, slack, "heard before")
    await home.done()


async def test_socket_closed(home, slack, capsys):
    """A socket that Slack closes is told"""
    await slack.drop_sockets()
    await logged(capsys, slack, "Slack closed a socket")
