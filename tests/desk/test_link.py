"""Who is who on GitHub: by the mail of commits where the platform tells mails, by an admin everywhere."""

import pytest
from fakes.github.made_up import account, made_up_commit
from fakes.messenger import FakeMessenger

from bot.errors import MessengerError
from bot.vouching import Blind

from .conftest import ABROAD, person


class Telling(FakeMessenger):
    """A platform that knows mails: ``known`` by user."""

    tells_mail = True

    def __init__(self):
        super().__init__()
        self.known = {}

    async def mail_of(self, person, blind):
        """Return the hash, or raise where Slack is away."""
        found = self.known.get(person.user, "")
        if isinstance(found, Exception):
            raise found
        return blind.of(found)


def commit(mail, login="ada"):
    """Return a commit of somebody's."""
    item = made_up_commit(1, "Salt", author=account(login))
    return {**item, "commit": {**item["commit"], "author": {**item["commit"]["author"], "email": mail}}}


@pytest.fixture
async def telling(bot):
    """A bot on a platform that tells mails."""
    bot.messenger = bot.desk.messengers["slack"] = Telling()
    bot.commands.commits = bot.source
    bot.github.routes["/search/commits"] = {"items": [commit("ada@example.org")]}
    return bot


async def linked(bot, who="bob", login="ada"):
    """Name a login; return what is said in the end."""
    jobs = len(await bot.store.jobs(unfinished=False))
    reply = await bot.say(f"link {login}", who)
    assert reply.job is not None
    await bot.done(jobs + 1)
    return bot.messenger.words[-1]


async def test_by_mail(telling):
    """Whose mail is that of the login's commits needs nobody's word, and may then undo their own opt-out"""
    telling.messenger.known["bob"] = "Ada@Example.org"
    await telling.answer("optout ada", "eve", ABROAD)
    await telling.answer("optout ada", "eve")
    assert "your mail here is that of its commits" in await linked(telling)
    assert "You are ada; the mail of a commit confirmed it" in await linked(telling)
    assert "may be roasted again" in await telling.answer("optin ada")


async def test_mail_of_another(telling):
    """Another mail confirms nothing: an admin has to, and the way there is said"""
    telling.messenger.known["bob"] = "bob@example.org"
    said = await linked(telling)
    assert "Your mail here is on no commit of ada that I can see" in said
    assert "/roast confirm @you" in said
    assert "Only an admin" in await telling.answer("optin ada")


@pytest.mark.parametrize("known", ["", "1+ada@users.noreply.github.com", MessengerError("Slack is away.")])
async def test_no_mail(telling, known):
    """Where the platform tells no mail, is away, or names GitHub's own no-reply address, an admin has to"""
    telling.messenger.known["bob"] = known
    telling.github.routes["/search/commits"] = {"items": [commit("1+ada@users.noreply.github.com")]}
    assert "an admin here confirms it" in await linked(telling)
    assert await telling.store.people_of("ada") == ()


async def test_github_away(telling):
    """Where GitHub cannot be asked that is said, and an admin has to"""
    telling.source._client._patience = 0.0
    telling.messenger.known["bob"] = "ada@example.org"
    telling.github.fault("/search", status=502)
    said = await linked(telling)
    assert "I could not look at the commits of ada" in said
    assert "an admin here confirms it" in said


async def test_commits_of_remembered_roasts(telling):
    """Commits that the search does not see are found in the repositories of roasts that are remembered"""
    await telling.roast()
    telling.messenger.known["bob"] = "ada@work.example"
    telling.github.routes["/search/commits"] = {"items": []}
    telling.github.routes["/repos/acme/soup/commits"] = [commit("ada@work.example")]
    assert "your mail here is that of its commits" in await linked(telling)


async def test_mails_are_kept_nowhere(telling, tmp_path):
    """No mail is in the store afterwards, nor any hash of one"""
    telling.messenger.known["bob"] = "ada@example.org"
    await linked(telling)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))
    assert b"the mail of a commit" in kept
    assert b"example.org" not in kept


async def test_looking_up_is_bounded(telling):
    """Trying logins counts as asking for roasts does: nobody goes through a list of them"""
    for number in range(10):
        await linked(telling, login=f"ada{number}")
    assert "You have had 10 roasts within the hour" in await linked(telling, login="ada")


async def test_platform_without_mails(bot):
    """Where the platform tells no mails the way by an admin is said at once"""
    bot.commands.commits = bot.source
    said = await bot.answer("link ada", called="/roastbot")
    assert "/roastbot confirm @you" in said
    assert "do not know yet" in (await bot.answer("me"))
    await bot.answer("confirm <@bob>", "boss", is_admin=True)
    assert await bot.store.people_of("ada") == (person(),)


def test_blind():
    """Hashes of one mail are the same for one asker, whatever its letters' case, and different for the next"""
    blind, other = Blind(), Blind()
    assert blind.of(" Ada@Example.org") == blind.of("ada@example.ORG") != other.of("ada@example.org")
    assert blind.of("ada") == blind.of("") == ""
    assert "key" not in repr(blind)
