"""The counter, end to end: what people say, and what they are answered."""

import pytest
from fakes.github import made_up_pull_request

from bot.brief import Heat
from bot.command_digests import MostSubscribed
from bot.commands import unchecked
from bot.feedback import Meaning
from bot.ports_messenger import Tone
from bot.records import (
    Heard,
    Message,
    NewJob,
    OptOutKind,
    Outcome,
    PlaceSettings,
    Policy,
    Reaction,
    UserSettings,
)

from .conftest import ABROAD, ELSEWHERE, HERE, person


async def test_help(bot):
    """Help lists what there is in the words that this platform's people type; what is for admins only to admins"""
    text = await bot.answer("help", called="/toast")
    assert "/toast subscribe <owner/repo>" in text
    assert "/toast bind" not in text
    assert "/toast bind" in await bot.answer("help", called="/toast", is_admin=True)
    assert "every friday 16:00 top 3" in await bot.answer("help subscribe")
    assert "never be roasted" in (await bot.answer("help optot")).lower()


async def test_wrong_words_offer_help(bot):
    """Wrong words are answered with the way to help, for the asker alone"""
    reply = await bot.say("bake acme/soup#7")
    assert (reply.answer.private, reply.answer.actions[0].command) == (True, "help")


async def test_full(bot):
    """The whole story is for everybody, and what shows it is brought up to date with the verdict"""
    number = await bot.roast()
    reply = await bot.say(f"full {number}")
    assert not reply.answer.private
    assert "Final verdict:" in reply.answer.text
    await bot.messenger.show((await _ask(bot)), bot.messenger.cards[0].card, await bot.store.verdict(number), None)
    await bot.desk.shown_full(number, Message(place=HERE, id="m2"))
    await bot.say(f"withdraw {number}")
    assert [bool(one.taken_down) for one in bot.messenger.shown] == [True, True]


async def _ask(bot):
    from bot.ports_messenger import Ask

    return Ask(typed="x", place=HERE, person=person(), key="full")


async def test_by_message(bot):
    """A roast can be meant by replying to it, by its number, or as the newest here"""
    number = await bot.roast()
    message = Message(place=HERE, id=bot.messenger.cards[0].id)
    said = await bot.answer("why", message=message)
    assert said == await bot.answer(f"why {number}") == await bot.answer("why")
    assert "Which roast" in await bot.answer("why", place=ELSEWHERE)
    assert "Which roast" in await bot.answer("withdraw")


async def test_why(bot):
    """Why tells what each part rests on and how it was cast"""
    text = await bot.answer(f"why {await bot.roast()}")
    assert "exhibits were found" in text
    assert "embedded writer at medium heat" in text
    assert "X1" in text


async def test_receipts_are_private(bot):
    """Receipts are for the asker alone; what is sensitive for whoever asked, and for the author"""
    number = await bot.roast()
    kept = await bot.store.verdict(number)
    odd = kept.verdict.exhibits[0].model_copy(update={"id": "E9", "sensitive": True, "summary": "A key lies about."})
    changed = kept.verdict.model_copy(update={"exhibits": (*kept.verdict.exhibits, odd)})
    assert await bot.store.amend_verdict(number, changed, was=kept.verdict)
    assert (await bot.say(f"receipts {number}")).answer.private
    assert "A key lies about" in await bot.answer(f"receipts {number}")
    assert "A key lies about" not in await bot.answer(f"receipts {number}", "eve")
    await bot.store.set_user_settings(person("eve"), UserSettings(login="ADA", confirmed_by="admin"))
    assert "A key lies about" in await bot.answer(f"receipts {number}", "eve")


async def test_receipts_in_pages(bot):
    """Many exhibits come in pages, with the way to the next"""
    number = await bot.roast()
    kept = await bot.store.verdict(number)
    many = tuple(kept.verdict.exhibits[0].model_copy(update={"id": f"E{n}"}) for n in range(20))
    await bot.store.amend_verdict(number, kept.verdict.model_copy(update={"exhibits": many}), was=kept.verdict)
    first = await bot.answer(f"receipts {number}")
    assert f"receipts {number} 2" in first
    last = await bot.answer(f"receipts {number} 3")
    assert "page 3 of 3" in last
    assert "receipts" not in last.splitlines()[-1]
    assert "page 3 of 3" in await bot.answer(f"receipts {number} 99")


async def test_appeal_strikes(bot):
    """An appeal that is right strikes the line on every post, and the asker is told through the messenger"""
    number = await bot.roast()
    kept = await bot.store.verdict(number)
    from bot.exhibit import Exhibit, Receipt, Stance, StandsIn, Where

    wrong = Exhibit(
        id="E1", kind="bare_assert", stance=Stance.CHARGE, weight=5, summary="It asserts thrice.", stands_in=StandsIn.MERGED,
        receipts=(Receipt(where=Where.TITLE, quote="this was never the title"),),
    )  # fmt: skip
    changed = kept.verdict.model_copy(update={"exhibits": (*kept.verdict.exhibits, wrong)})
    await bot.store.amend_verdict(number, changed, was=kept.verdict)
    reply = await bot.say(f"appeal {number} e1 wrong", "ada")
    assert reply.job is not None
    await bot.done(2)
    card = bot.messenger.cards[0]
    assert [(one.text, bool(one.reason)) for one in card.card.struck] == [("It asserts thrice.", True)]
    assert "the line is struck" in bot.messenger.words[0]
    (appeal,) = await bot.store.appeals(verdict_id=number)
    assert appeal.outcome is Outcome.STRUCK
    assert "bare assert: wrong, struck" in await bot.answer("appeals")


async def test_appeal_in_wrong_words(bot):
    """An appeal that names no line or no ground is answered at once with the lines there are"""
    number = await bot.roast()
    assert "X1 (purpose)" in await bot.answer(f"appeal {number} E77 wrong")
    assert "unfair" in await bot.answer(f"appeal {number} X1")


async def test_appeal_while_github_is_away(bot):
    """An appeal that cannot be looked into stays open, and says so"""
    number = await bot.roast()
    bot.source._client._patience = 0.0
    bot.github.fault("/", status=502)
    await bot.say(f"appeal {number} X1 wrong")
    await bot.done(2)
    (appeal,) = await bot.store.appeals(verdict_id=number)
    assert appeal.outcome is Outcome.PENDING
    assert "GitHub" in bot.messenger.words[0] or "127.0.0.1" in bot.messenger.words[0]


async def test_withdraw_and_undo(bot):
    """Whoever asked takes a roast down and can undo that for a minute; then only an admin can"""
    number = await bot.roast()
    reply = await bot.say(f"withdraw {number}")
    assert [action.command for action in reply.answer.actions] == [f"undo {number}"]
    assert "taken down" in bot.messenger.shown[0].taken_down
    assert "It is back" in await bot.answer(f"undo {number}")
    assert bot.messenger.shown[0].card is not None
    await bot.say(f"withdraw {number}")
    bot.watch.forward(seconds=61)
    assert "minute to undo that is over" in await bot.answer(f"undo {number}")
    assert "It is back" in await bot.answer(f"undo {number}", "boss", is_admin=True)
    assert "stands already" in await bot.answer(f"undo {number}")


async def test_withdraw_by_others(bot):
    """Anybody else is told to appeal instead"""
    number = await bot.roast()
    assert "Appeal instead" in await bot.answer(f"withdraw {number}", "eve")


async def test_post_that_cannot_be_edited(bot):
    """A post that cannot be edited does not keep the others from it, nor the answer"""
    number = await bot.roast()
    bot.messenger.fail = {"take_down"}
    assert "Taken down" in await bot.answer(f"withdraw {number}")


async def test_optout(bot):
    """Whoever names a login opts it out: what stands is taken down by a job, and an admin can undo it"""
    await bot.roast()
    assert "ada is not roasted any more" in await bot.answer("optout ada", "eve")
    await bot.done(2)
    assert "prefers not to be roasted" in bot.messenger.shown[0].taken_down
    assert "Only an admin" in await bot.answer("optin ada", "eve")
    assert "may be roasted again" in await bot.answer("opt in @ada", "boss", is_admin=True)


async def test_own_optout(bot):
    """Without a name it is about oneself, once the login is known"""
    assert "which GitHub login is yours" in await bot.answer("optout")
    await bot.answer("link https://github.com/ada")
    assert "ada is not roasted any more" in await bot.answer("optout")
    assert "Only an admin" in await bot.answer("optin")
    await bot.answer("confirm <@bob>", "boss", is_admin=True)
    assert "you are one now" in await bot.answer("optin")
    assert (await bot.store.user_settings(person())).opted_in


async def test_optout_of_a_repository(bot):
    """A repository is opted out by an admin, or by its own file"""
    assert ".roast.toml" in await bot.answer("optout acme/soup")
    assert "acme/soup is not roasted" in await bot.answer("optout acme/soup", is_admin=True)
    assert await bot.store.opted_out(OptOutKind.REPOSITORY, ["acme/soup"])


async def test_who_confirms(bot):
    """Only an admin confirms a login, and only one that was named"""
    assert "Only an admin" in await bot.answer("confirm <@U9>")
    assert "No login was named" in await bot.answer("confirm <@U9>", is_admin=True)
    assert "Mention the person" in await bot.answer("confirm ada", is_admin=True)


async def test_heat(bot):
    """Everybody sets the heat they bear, and sees it"""
    assert "as hot as the place allows" in await bot.answer("heat")
    assert "Never hotter than mild" in await bot.answer("heat mild")
    assert (await bot.store.user_settings(person())).hottest is Heat.MILD
    assert "mild at most" in await bot.answer("heat")
    assert "As hot as" in await bot.answer("heat any")
    assert "is no heat" in await bot.answer("heat volcanic")


async def test_settings(bot):
    """A place's settings are seen by all and changed by admins, for the channel or everywhere"""
    assert "everyone: everybody is roasted" in await bot.answer("settings")
    assert "Only an admin" in await bot.answer("settings hottest mild")
    await bot.answer("settings hottest mild", is_admin=True)
    await bot.answer("settings everywhere person 3", is_admin=True)
    await bot.answer("settings reactions off", is_admin=True)
    await bot.answer("settings revive bare_assert", is_admin=True)
    here, all_over = await bot.store.place_settings(HERE), await bot.store.place_settings(HERE.whole)
    assert (here.hottest, here.seed_reactions, here.revived) == (Heat.MILD, False, ("bare_assert",))
    assert all_over.per_person == 3
    text = await bot.answer("settings")
    assert "mild to mild" in text
    assert "3 for a person" in text
    await bot.answer("settings hottest default", is_admin=True)
    assert (await bot.store.place_settings(HERE)).hottest is None


@pytest.mark.parametrize(
    "words", ["settings colour blue", "settings hottest volcanic", "settings person many", "settings hottest"]
)
async def test_wrong_settings(bot, words):
    """A setting that is none, or a value that does not go with it, is refused in words"""
    reply = await bot.say(words, is_admin=True)
    assert reply.answer.tone is Tone.REFUSED


async def test_policy(bot):
    """The policy is told with its meaning, and set for the whole workspace"""
    assert "everybody is roasted but who opted out" in await bot.answer("policy")
    assert "Only an admin" in await bot.answer("policy own")
    await bot.answer("policy opted_in", is_admin=True)
    assert await bot.store.place_settings(HERE.whole) == PlaceSettings(policy=Policy.OPTED_IN)


async def test_bind(bot):
    """An admin binds a repository to a channel and unbinds it"""
    assert "Only an admin" in await bot.answer("bind acme/soup")
    await bot.answer("bind https://github.com/acme/soup", is_admin=True)
    assert await bot.store.bindings(place=HERE) == ((HERE, "acme/soup"),)
    assert "not at home here any more" in await bot.answer("unbind acme/soup", is_admin=True)
    assert "Which repository" in await bot.answer("bind", is_admin=True)


@pytest.mark.parametrize("told", [{"private": True}, {}, None])
async def test_bind_abroad(bot, github, told):
    """An admin of a workspace that the operator does not trust binds nothing private, and cannot tell what exists"""
    github.routes.pop("/repos/acme/soup", None)
    if told is not None:
        github.routes["/repos/acme/soup"] = {"full_name": "acme/soup", **told}
    said = await bot.answer("bind acme/soup", place=ABROAD, is_admin=True)
    assert "acme/soup is not there, or it is private and not at home in this channel" in said
    assert await bot.store.bindings() == ()


async def test_bind_abroad_open(bot, github):
    """What is open to everybody is bound in any workspace, and not shown there once it has turned private"""
    github.routes["/repos/acme/soup"] = {"full_name": "acme/soup", "private": False}
    await bot.answer("bind acme/soup", place=ABROAD, is_admin=True)
    assert await bot.store.bindings(place=ABROAD) == ((ABROAD, "acme/soup"),)
    pull = made_up_pull_request(7)
    pull.pull["base"]["repo"]["private"] = True
    github.add(pull)
    await bot.say("#7", place=ABROAD)
    await bot.done()
    assert "add slack/T2 to privacy.private_for" in bot.messenger.words[-1]
    assert bot.messenger.cards == []


async def test_leaderboard(bot):
    """The leaderboard counts voices, is for everybody, and leaves out what is at home elsewhere"""
    assert "Nobody has laughed" in await bot.answer("leaderboard")
    number = await bot.roast()
    message = Message(place=HERE, id=bot.messenger.cards[0].id)
    heard = await bot.store.record_reaction(
        Reaction(message=message, person=person("eve"), emoji="fire", at=bot.watch.now())
    )
    assert (heard.heard, heard.voices[Meaning.FUNNY]) == (Heard.COUNTED, 1)
    assert f"1 × funny, no. {number}" in await bot.answer("leaderboard")
    assert not (await bot.say("leaderboard")).answer.private
    await bot.store.bind(ELSEWHERE, "acme/soup", "admin")
    assert "acme/soup" not in await bot.answer("leaderboard all")


async def test_me(bot):
    """Everybody sees their own record once their login is confirmed"""
    assert "which GitHub login is yours" in await bot.answer("me")
    number = await bot.roast()
    await bot.store.set_user_settings(person(), UserSettings(login="ada", confirmed_by="admin"))
    assert f"no. {number}" in await bot.answer("me")


async def test_subscribe(bot):
    """A subscription is kept, and the next three times are shown in its own zone"""
    bot.github.routes["/repos/acme/soup"] = {"full_name": "acme/soup", "private": False}
    text = await bot.answer("subscribe acme/soup every monday 9:00 timezone Europe/Berlin top 2")
    assert "Mon 25 May 09:00 (Europe/Berlin) · Mon 1 June 09:00 (Europe/Berlin) · Mon 8 June" in text
    (kept,) = await bot.store.subscriptions(HERE)
    assert (kept.schedule, kept.timezone, kept.top, kept.created_by) == ("0 9 * * mon", "Europe/Berlin", 2, person())
    assert "acme/soup" in await bot.answer("digest")
    assert "Mon 25 May 09:00" in await bot.answer("status")


async def test_subscribe_what_cannot_be_seen(bot):
    """A repository that cannot be seen is not subscribed"""
    assert "acme/stew is not there, or it is private" in await bot.answer("subscribe acme/stew")
    assert await bot.store.subscriptions() == ()


async def test_enough_subscriptions(bot, github):
    """A channel and a workspace have so many subscriptions and no more, are told so, and may change what stands"""
    bot.commands.most_subscribed = MostSubscribed(channel=1, workspace=2)
    bot.commands.reachable = unchecked
    await bot.answer("subscribe acme/soup")
    said = await bot.answer("subscribe acme/stew")
    assert "This channel has 1 subscription, which is as many as it may have. End one first" in said
    assert "Subscribed: acme/soup" in await bot.answer("subscribe acme/soup top 5")
    assert "Subscribed" in await bot.answer("subscribe acme/stew", place=ELSEWHERE)
    third = HERE.model_copy(update={"channel": "C3"})
    assert "This workspace has 2 subscriptions" in await bot.answer("subscribe acme/stew", place=third)
    assert "Subscribed" in await bot.answer("subscribe acme/stew", place=ABROAD)
    await bot.answer("unsubscribe acme/soup")
    assert "Subscribed" in await bot.answer("subscribe acme/stew")


async def test_subscribe_a_person(bot):
    """A subscription that names a person is theirs to make, or an admin's"""
    assert "Only octocat or an admin" in await bot.answer("subscribe acme/soup person octocat")
    await bot.store.set_user_settings(person(), UserSettings(login="octocat", confirmed_by="admin"))
    assert "Person: octocat" in await bot.answer("subscribe acme/soup person octocat")


async def test_digest(bot):
    """Whoever subscribed pauses, resumes and ends it; others do not"""
    await bot.answer("subscribe acme/soup")
    assert "Only an admin" in await bot.answer("digest pause", "eve")
    assert "rest" in await bot.answer("digest pause")
    assert "Resting: paused by hand" in await bot.answer("digest")
    assert "go on" in await bot.answer("digest resume acme/soup")
    assert "not subscribed here" in await bot.answer("digest pause acme/stew")
    assert "Digests are off" in await bot.answer("digest now")
    assert "No more digests" in await bot.answer("unsubscribe acme/soup")
    assert "Nothing is subscribed" in await bot.answer("digest")


async def test_status(idle):
    """Status tells what waits, who writes, and what went wrong lately, of this workspace in words"""
    await idle.store.enqueue(NewJob(kind="roast", place=HERE, payload={"ask": {"typed": "acme/soup#7"}}))
    failed = await idle.store.next_job("me")
    await idle.store.finish_job(failed.id, "The grill was out.")
    await idle.store.enqueue(NewJob(kind="roast", place=HERE))
    idle.watch.forward(minutes=5)
    text = await idle.answer("status")
    assert "1, the oldest for 5 minutes; 1 of them from here" in text
    assert "5 minutes ago: The grill was out." in text
    assert "10 for a person" in text


async def test_unforeseen_at_the_counter(bot, monkeypatch):
    """A bug in a command ends in words"""

    async def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setitem(bot.commands._handlers, "me", broken)
    assert "unforeseen" in await bot.answer("me")
