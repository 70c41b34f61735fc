"""Each fault that Discord knows, at each place where it can come: somebody learns of it, the log too, nobody hears twice."""

import pytest
from structlog.testing import capture_logs

from adapters.discord import faults

SOUP = "https://github.com/acme/soup/pull/7"
ORIGINAL, FOLLOW_UP, DEFERRAL = "/webhooks/*/messages/@original", "/webhooks/*", "/interactions/*"
HERE, OPENING = "here", "/users/@me/channels"
EVERYWHERE = [("*", "/webhooks/*"), ("*", HERE), ("*", f"{HERE}/*")]

CARD = "the card is shown"
DIRECT = "the card comes as a direct message that says why"
UNTOLD = "nobody can be told, and the job says so"

FAULTS = {
    "the interaction is unknown": ([("POST", DEFERRAL)], 404, 10062, CARD),
    "it was acknowledged already": ([("POST", DEFERRAL)], 400, 40060, CARD),
    "the token has run out": ([("*", "/webhooks/*")], 404, 10015, CARD),
    "the token is not accepted": ([("*", "/webhooks/*")], 401, 50027, CARD),
    "the deferred message is gone": ([("PATCH", ORIGINAL)], 404, 10008, CARD),
    "the channel is gone": (EVERYWHERE, 404, 10003, DIRECT),
    "no access": (EVERYWHERE, 403, 50001, DIRECT),
    "no permission": (EVERYWHERE, 403, 50013, DIRECT),
    "the thread is locked": (EVERYWHERE, 403, 160005, DIRECT),
    "the thread is archived": (EVERYWHERE, 400, 50083, DIRECT),
    "no direct messages either": ([*EVERYWHERE, ("*", OPENING)], 403, 50007, UNTOLD),
    "the picture is too large": ([("PATCH", ORIGINAL)], 413, 40005, CARD),
    "the form is not right": ([("PATCH", ORIGINAL)], 400, 50035, CARD),
    "unavailable": ([("PATCH", ORIGINAL)], 503, 0, CARD),
}
ONCE = {40005, 50035}
"""Faults of a message's form: they come once, as the form changes."""


def cards(messages):
    """Return what shows the roast, as card or as bare words."""
    return [one for one in messages if "acme/soup#7" in str([one.content, *(each.to_dict() for each in one.embeds)])]


def by_the_bot(messages, home):
    """Return the bot's own messages."""
    return [one for one in messages if one.author.id == home.guild.me.id]


@pytest.mark.parametrize("name", FAULTS)
async def test_a_roast_and_a_fault(live, name):
    """The roast is shown once, here or in a direct message that says why, or the fault is told; and it is logged"""
    places, status, code, outcome = FAULTS[name]
    async with live(work=False, draw=lambda card, verdict: b"\x89PNG made up") as home:
        home.app.messenger._every = 1e9
        if ("POST", DEFERRAL) in places:
            home.env.inject_error("POST", DEFERRAL, status=status, code=code)
            if code == 10062:
                home.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
            with capture_logs() as logged:
                await home.bob.slash(home.channel, "roast", pr=SOUP)
                await home.work()
                (job,) = await home.done()
        else:
            await home.bob.slash(home.channel, "roast", pr=SOUP)
            for method, path in places:
                where = path.replace(HERE, f"/channels/{home.channel.id}")
                times = 1 if code in ONCE else None
                home.env.inject_error(method, where, status=status, code=code, times=times)
            with capture_logs() as logged:
                await home.work()
                (job,) = await home.done()
        here, direct = cards(home.shown()), cards(by_the_bot(home.bob.user.dm_channel.history(), home))
        assert (len(here), len(direct)) == {CARD: (1, 0), DIRECT: (0, 1), UNTOLD: (0, 0)}[outcome]
        if outcome == DIRECT:
            assert direct[0].content.startswith("I could not answer where you asked. ")
            assert direct[0].content.removeprefix("I could not answer where you asked. ") in faults.WORDS.values()
        assert bool(job.error) is (outcome == UNTOLD)
        assert any(str(code or f"status {status}") == one.get("code") for one in logged), logged
        assert home.env.errors == []


@pytest.mark.parametrize("code", [50013, 10008, 10062, 50007])
async def test_an_answer_and_a_fault(live, code):
    """An answer for one person goes around what is closed, or the log says that it could not be given"""
    async with live(work=False) as home:
        home.env.inject_error("*", "/webhooks/*", status=404 if code < 50000 else 403, code=code, times=None)
        if code == 50007:
            home.env.inject_error("POST", OPENING, status=403, code=code, times=None)
        with capture_logs() as logged:
            await home.bob.slash(home.channel, "roastbot help")
        direct = by_the_bot(home.bob.user.dm_channel.history(), home)
        assert len(direct) == (0 if code == 50007 else 1)
        assert any(one.get("code") == str(code) for one in logged)
        assert any("could not be answered" in one["event"] for one in logged) is (code == 50007)
        assert home.shown() == []
        assert home.env.errors == []
