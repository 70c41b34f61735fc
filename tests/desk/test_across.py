"""What nobody learns of another place, and does to it: workspaces, channels, quiet asks, the tab that all may see."""

import pytest

from bot import memory
from bot.commands import unchecked
from bot.ports_messenger import Hurdle
from bot.publisher import Publisher
from bot.records import NewSubscription, Place, PlaceSettings, Policy, UserSettings
from bot.settings_sections import Devlog

from .conftest import ABROAD, ELSEWHERE, HERE, SOUP, person

HOME = HERE.whole
"""Where Slack's home tab speaks from: a workspace without a channel."""


async def test_a_binding_abroad(bot):
    """What another workspace binds changes nothing in this one: its roasts are read and listed as before"""
    number = await bot.roast()
    title = (await bot.store.verdict(number)).verdict.title
    await memory.react(bot.store, number, "🔥", person("carol"), at=bot.watch.now())
    await bot.store.bind(ABROAD, "acme/soup", "eve")
    assert title in await bot.answer(f"why {number}", "carol", place=ELSEWHERE)
    assert title in await bot.answer("leaderboard all", "carol", place=ELSEWHERE)
    await bot.store.bind(HERE, "acme/soup", "admin")
    assert "There is no roast number" in await bot.answer(f"why {number}", "carol", place=ELSEWHERE)
    assert title not in await bot.answer("leaderboard all", "carol", place=ELSEWHERE)


async def test_hotter_under_a_quiet_roast(bot):
    """What is asked for under an answer for one alone is theirs alone, too: not published, nobody mentioned"""
    bot.desk.publisher = Publisher(
        store=bot.store, clock=bot.watch, settings=Devlog(delay_hours=0), read_rules=bot.desk.read_rules
    )
    await bot.store.set_place_settings(HERE.whole, PlaceSettings(publish="all"))
    ada = UserSettings(login="ada", confirmed_by="admin", may_be_mentioned=True)
    await bot.store.set_user_settings(person("ada"), ada)
    first = await bot.roast(f"{SOUP} mild quietly")
    second = await bot.roast(f"hotter {first}", alone=True)
    assert second != first
    assert await bot.store.publication(second) is None
    assert not any("unpublish" in note for note in bot.messenger.cards[-1].card.notes)
    assert bot.messenger.cards[-1].private
    assert bot.messenger.mentioned == []


async def test_mentioned_where_it_was_asked(bot, monkeypatch):
    """Whose card came to its asker as a direct message is not mentioned there: they would not see it"""
    ada = UserSettings(login="ada", confirmed_by="admin", may_be_mentioned=True)
    await bot.store.set_user_settings(person("ada"), ada)
    show = bot.messenger.show

    async def directly(*rest):
        message = await show(*rest)
        return message.model_copy(update={"place": Place(platform="slack", workspace="T1", channel="D7")})

    monkeypatch.setattr(bot.messenger, "show", directly)
    await bot.roast()
    assert bot.messenger.mentioned == []


async def test_another_s_subscription(bot):
    """Subscribing again changes what stands: whoever subscribed may, and an admin; nobody else takes it over"""
    bot.commands.reachable = unchecked
    await bot.answer("subscribe acme/soup top 2")
    assert "Only an admin, or whoever subscribed" in await bot.answer("subscribe acme/Soup top 5", "eve")
    (kept,) = await bot.store.subscriptions(HERE)
    assert (kept.top, kept.created_by) == (2, person())
    assert "top 5" in await bot.answer("subscribe acme/soup top 5", "boss", is_admin=True)
    assert "Subscribed" in await bot.answer("subscribe acme/soup top 3", "eve", place=ELSEWHERE)


async def test_the_operator_s_subscription(bot):
    """What stands in the operator's settings is changed there, and nowhere else"""
    bot.commands.reachable = unchecked
    await bot.store.subscribe(
        NewSubscription(place=HERE, repository="acme/soup", schedule="0 9 * * mon", from_config=True)
    )
    assert "stand in the bot's own settings" in await bot.answer("subscribe acme/soup", "eve")
    (kept,) = await bot.store.subscriptions(HERE)
    assert kept.from_config


@pytest.mark.parametrize("how", ["bound", "noted", "learnt"])
async def test_the_tab_that_everybody_sees(bot, how):
    """The home tab names what is private to nobody: neither in lists, nor as the next digest, nor in a refusal"""

    async def reachable(_):
        return False

    if how == "learnt":
        bot.commands.reachable = reachable
    else:
        bot.commands.reachable = unchecked
    await bot.store.bind(HERE, "acme/secret", "admin")
    await bot.answer("subscribe acme/secret every monday 9:00", is_admin=True)
    if how != "bound":
        await bot.store.unbind(HERE, "acme/secret")
    if how == "noted":
        await bot.store.note_privacy("acme/secret", private=True)
    bot.commands.reachable = unchecked
    await bot.answer("subscribe acme/open every tuesday 9:00", place=ELSEWHERE)
    for words in ("digest", "settings", "status", "digest pause acme/stew", "unsubscribe acme/stew"):
        said = await bot.answer(words, "carol", place=HOME)
        assert "acme/secret" not in said, words
    assert "acme/open" in await bot.answer("digest", "carol", place=HOME)
    assert "acme/secret" in await bot.answer("digest", "carol", place=HERE)


async def test_status_of_a_quiet_ask(idle):
    """What somebody asked for quietly is told to others neither while it is made nor when it failed"""
    await idle.say("roast https://github.com/acme/soup/pull/7 quietly")
    running = await idle.store.next_job("me", ["roast"])
    assert "acme/soup" in await idle.answer("status")
    assert "acme/soup" not in await idle.answer("status", "carol")
    await idle.store.finish_job(running.id, "acme/soup#7 was not found.")
    assert "acme/soup" not in await idle.answer("status", "carol")


@pytest.mark.parametrize("platform", ["slack", "discord"])
@pytest.mark.parametrize("what", ["ada", "acme/soup"])
async def test_optout_is_undone_where_it_was_said(bot, platform, what):
    """An admin of another workspace undoes nobody's no, whether theirs or ours was said first; the operator does"""
    here, abroad = (Place(platform=platform, workspace=one, channel="1") for one in ("11", "22"))
    boss = {"who": "boss", "is_admin": True}
    assert "is not roasted any more" in await bot.answer(f"optout {what}", place=here, **boss)
    assert "in another place" in await bot.answer(f"optin {what}", place=abroad, **boss)
    assert "had opted out already" in await bot.answer(f"optout {what}", place=abroad, **boss)
    assert "in another place" in await bot.answer(f"optin {what}", place=abroad, **boss)
    assert await bot.store.opt_outs()
    assert "may be roasted again" in await bot.answer(f"optin {what}", place=here, **boss)
    await bot.answer(f"optout {what}", place=abroad, **boss)
    await bot.answer(f"optout {what}", place=here, **boss)
    assert "in another place" in await bot.answer(f"optin {what}", place=abroad, **boss)
    assert "roast-bot optin" in await bot.answer(f"optin {what}", place=abroad, **boss)
    terminal = Place(platform="terminal")
    assert "may be roasted again" in await bot.answer(f"optin {what}", place=terminal, **boss)


async def test_optout_of_several_names(bot):
    """Two names are no login: the first of them is not opted out by mistake"""
    for words in ("optout ada lovelace", "optin ada lovelace", "optout a b"):
        assert "more than one name" in await bot.answer(words, is_admin=True)
    assert await bot.store.opt_outs() == ()


async def test_a_login_confirmed_elsewhere_undoes_nothing(bot):
    """Who made themself somebody in a workspace of their own neither undoes that person's no nor says yes for them"""
    await bot.answer("optout ada", "bob")
    await bot.answer("link ada", "eve", ABROAD)
    await bot.answer("confirm <@eve>", "eve", ABROAD, is_admin=True)
    assert "in another place" in await bot.answer("optin", "eve", ABROAD)
    assert await bot.store.opt_outs()
    await bot.answer("optin ada", "boss", is_admin=True)
    assert "you are one now" in await bot.answer("optin", "eve", ABROAD)
    assert (await memory.settings_of_login(bot.store, "ada", ABROAD)).opted_in
    assert not (await memory.settings_of_login(bot.store, "ada", HERE)).opted_in
    await bot.store.set_place_settings(HERE.whole, PlaceSettings(policy=Policy.OPTED_IN))
    await bot.say(SOUP)
    await bot.done()
    assert "only people who opted in" in bot.messenger.words[-1]


async def test_subscribe_elsewhere(bot):
    """Another channel is subscribed by admins, and by its id; where nothing can be posted it is refused, and not kept"""
    bot.messenger.hurdle = Hurdle(words="I am not in that channel. Invite me.", closed=True)
    assert "Only an admin" in await bot.answer("subscribe acme/soup in <#C2|dev>")
    assert "I am not in that channel" in await bot.answer("subscribe acme/soup in <#C2|dev>", is_admin=True)
    assert await bot.store.subscriptions() == ()
    bot.messenger.hurdle = Hurdle(words="I may not put reactions there.")
    said = await bot.answer("subscribe acme/soup in <#C2|dev>", is_admin=True)
    assert "Subscribed: acme/soup" in said
    assert "But: I may not put reactions there." in said
    bot.messenger.hurdle = None
    assert "cannot tell which channel" in await bot.answer("subscribe acme/soup in #dev", is_admin=True)
    await bot.answer("subscribe acme/soup in #dev", is_admin=True, channels={"dev": "C2"})
    assert len(await bot.store.subscriptions(ELSEWHERE)) == 1
