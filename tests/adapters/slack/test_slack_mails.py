"""The mail of a profile, where the operator lets it be compared with that of commits."""

import pytest
from fakes.slack import TEAM, Fault

from adapters.slack.app import SlackApp
from adapters.slack.mails import SCOPE
from bot.errors import MessengerError
from bot.records import Person
from bot.vouching import Blind

from .conftest import settings_for

ADA = Person(platform="slack", workspace=TEAM, user="U7")


@pytest.mark.parametrize(
    ("user", "tells"),
    [
        ({"team_id": TEAM}, True),
        ({"team_id": "T9", "enterprise_user": {"teams": [TEAM]}}, True),
        ({"team_id": "T9"}, False),
        ({"is_stranger": True}, False),
        ({"is_email_confirmed": False}, False),
        ({"deleted": True}, False),
        ({"profile": {}}, False),
    ],
)
async def test_mail(home, slack, user, tells):
    """The workspace's own people have a mail to compare; guests from elsewhere, unconfirmed and deleted ones have not"""
    slack.people["U7"] = {"profile": {"email": "ada@example.org"}, **user}
    blind = Blind()
    assert await home.app.messenger.mail_of(ADA, blind) == (blind.of("ada@example.org") if tells else "")


async def test_slack_away(home, slack):
    """Where Slack does not answer that is told in words"""
    slack.faults.append(Fault("users.info", error="user_not_found"))
    with pytest.raises(MessengerError):
        await home.app.messenger.mail_of(ADA, Blind())


async def test_by_setting(home, slack):
    """Mails are compared only where it is set; doctor then misses the scope where it was not granted"""
    assert not home.app.messenger.tells_mail
    assert not [line for line in await home.app.check() if SCOPE in line.words]
    app = SlackApp(settings_for(slack, confirm_by_mail=True), home.desk, home.commands)
    assert app.messenger.tells_mail
    (line,) = [line for line in await app.check() if SCOPE in line.words]
    assert "confirming logins by mail" in line.words
