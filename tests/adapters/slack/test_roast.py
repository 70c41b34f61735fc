"""A roast in Slack from the command to the card, by both ways in, and everything that stands under it."""

import asyncio

import pytest
from fakes.slack import ASKER, BOT, CHANNEL, text_of

from adapters.slack import hearing
from adapters.slack.messenger import SlackMessenger
from bot.errors import StoreError
from bot.feedback import Meaning
from bot.ports_messenger import Answer, Ask
from bot.records import JobState, OptOutKind, Person, Place, PlaceSettings, PostKind, UserSettings

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


async def test_nothing_linked(home, slack):
    """Every message goes out without previews, links of names, or mentions"""
    await home.roast()
    for sent in slack.asked("chat.postMessage"):
        off = {str(sent[one]).lower() for one in ("unfurl_links", "unfurl_media", "link_names")}
        assert off <= {"0", "false"}
        assert sent["parse"] == "none"


async def test_acknowledged_first(make_home, slack):
    """What was acknowledged is in the store already, though nothing was decided on it yet"""
    home = await make_home(work=False)
    await home.app._listeners.inbox.stop()
    home.app._listeners.inbox._tasks = [asyncio.create_task(home.app._listeners.inbox._keep())]
    await slack.send(slack.command(SOUP))
    (job,) = await home.store.jobs()
    assert (job.kind, job.state, job.payload["said"][0]["words"]) == ("slack_heard", JobState.WAITING, SOUP)


async def test_changes_are_kept_first(make_home, slack):
    """A no, a setting, a subscription is kept before it is acknowledged, and done by whoever finds it after a crash"""
    home = await make_home(work=False)
    inbox = home.app._listeners.inbox
    await inbox.stop()
    inbox._tasks = [asyncio.create_task(inbox._keep())]
    slack.admins.add(ASKER)
    for words in ("optout ada", "settings hottest mild", "heat mild", "withdraw 7"):
        await slack.send(slack.command(words))
        assert words in str((await home.store.jobs())[-1].payload)
    assert await home.store.opt_outs() == ()
    await inbox.stop()
    inbox.start()
    place = Place(platform="slack", workspace="T1", channel=CHANNEL)

    async def done():
        return (await home.store.opt_outs()) and (await home.store.place_settings(place)).hottest

    await slack.until_async(done)
    await slack.until(lambda: len(slack.private()) == 4)
    await home.settled()
    said = [text_of(one) for one in slack.private()]
    for words in ("ada is not roasted any more", "hottest is mild", "Never hotter than mild", "no roast number 7"):
        assert sum(words in one for one in said) == 1, words


async def test_a_change_cut_short(home, slack, monkeypatch):
    """What died before it was answered is done again and answered; what was answered is not answered twice"""
    said = hearing.slash(slack.command("optout ada"), "/roast")
    claim, deaths = home.store.claim_event, [asyncio.CancelledError()]

    async def dying(event):
        if deaths:
            raise deaths.pop()
        return await claim(event)

    monkeypatch.setattr(home.store, "claim_event", dying)
    with pytest.raises(asyncio.CancelledError):
        await home.commands.hear(said)
    assert await home.store.opt_outs()
    assert "had opted out already" in (await home.commands.hear(said)).answer.text
    assert (await home.commands.hear(said)).answer is None


async def test_preheating(make_home, slack):
    """The asker sees that something happens before any worker has time for it"""
    await make_home(work=False)
    await slack.send(slack.command(SOUP))
    await slack.until(slack.in_channel)
    assert "Preheating" in text_of(slack.in_channel()[0])


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
async def test_trigger_twice(make_home, slack, http):
    """The same command twice, as Slack repeats it, gets one answer"""
    home = await make_home(http=http)
    command = slack.command(SOUP, trigger="t.1")
    for _ in range(2):
        await (home.post(command) if http else slack.send(command))
    await home.done()
    await home.settled()
    assert len(slack.in_channel()) == 1
    assert slack.private() == []


async def test_event_twice(home, slack):
    """The same mention twice gets one answer, in its thread"""
    event = slack.event("app_mention", text=f"<@{BOT}> {SOUP} mild", thread_ts="1700000000.000001")
    await slack.send(event)
    await slack.send(event, retry_attempt=1, retry_reason="timeout")
    await home.done()
    await home.settled()
    (message,) = slack.posts
    assert message["thread_ts"] == "1700000000.000001"
    assert "mild heat" in text_of(message)


async def test_mention_in_the_open(home, slack):
    """A mention outside of threads is answered in a thread below it, whatever stands before the mention"""
    await slack.send(slack.event("app_mention", text=f"hey <@{BOT}> {SOUP}", ts="1700000001.000001"))
    await home.done()
    assert [one["thread_ts"] for one in slack.posts] == ["1700000001.000001"]


async def test_mentioned(home, slack):
    """Whoever asked for it is mentioned in the thread below a roast of theirs, in a new message: an edit pings nobody"""
    ada = Person(platform="slack", workspace="T1", user="UADA")
    await home.store.set_user_settings(ada, UserSettings(login="ada", confirmed_by="x", may_be_mentioned=True))
    await home.roast()
    card, mention = slack.posts
    assert mention["thread_ts"] == card["ts"]
    assert text_of(mention) == "<@UADA> this one is about your pull request."
    assert "<@UADA>" not in text_of(card)


async def test_plain_words(home, slack):
    """Plain words to the bot get help, for whoever said them alone"""
    await slack.send(slack.event("app_mention", text=f"<@{BOT}> hello"))
    (whisper,) = await slack.until(slack.private)
    assert "I roast pull requests" in text_of(whisper)
    assert slack.posts == []


async def test_help(home, slack):
    """Help comes by the command's own address, as what people type here"""
    await slack.send(slack.command("help"))
    (whisper,) = await slack.until(slack.private)
    assert "/roast subscribe" in text_of(whisper)


async def test_shortcut(home, slack):
    """The message shortcut finds the pull request, wherever in the message it stands, and answers in its thread"""
    link = {"type": "rich_text", "elements": [{"type": "link", "url": SOUP}]}
    await slack.send(slack.shortcut({"text": "look", "blocks": [link]}))
    await home.done()
    assert [one["thread_ts"] for one in slack.posts] == ["1700000000.000500"]


async def test_shortcut_without_link(home, slack):
    """A message without a pull request is told so to the one who looked"""
    await slack.send(slack.shortcut({"text": "lunch?"}))
    (whisper,) = await slack.until(slack.private)
    assert "no link to a pull request" in text_of(whisper)


async def test_quietly(home, slack):
    """A roast asked for quietly is seen by nobody else"""
    await home.roast(f"{SOUP} quietly")
    assert slack.posts == []
    assert "acme/soup#7" in text_of(slack.private()[-1])
    assert slack.private("U2") == []


async def test_refused(home, slack):
    """A refusal is for the asker alone, and the public message that had begun is gone"""
    await home.store.opt_out(OptOutKind.LOGIN, "ada", "ada")
    await home.roast()
    await home.settled()
    assert slack.posts == []
    assert "prefers not to be roasted" in text_of(slack.private()[-1])


async def test_full_roast(home, slack):
    """Full roast comes in the card's thread, once, however often it is pressed"""
    await home.roast()
    (card,) = slack.in_channel()
    await asyncio.gather(*(slack.send(slack.press(card, "Full roast", user=user)) for user in ("U1", "U2", "U3")))
    await slack.until(lambda: len(slack.whispers) + sum(len(one.sent) for one in slack.hooks.values()) == 2)
    thread = [one for one in slack.posts if one.get("thread_ts") == card["ts"]]
    assert len(thread) == 1
    assert "Final verdict" in text_of(thread[0])
    posts = await home.store.posts(1)
    assert [post.kind for post in posts] == [PostKind.CARD, PostKind.FULL]


async def test_full_roast_that_nobody_noted(home, slack, monkeypatch):
    """A process that dies between the story and its note: the next press finds the story and tells it not again"""
    await home.roast()
    (card,) = slack.in_channel()
    record, deaths = home.store.record_post, [StoreError("The process died here.")]

    async def dying(number, message, kind=PostKind.CARD, asker=None):
        if kind is PostKind.FULL and deaths:
            raise deaths.pop()
        await record(number, message, kind, asker)

    monkeypatch.setattr(home.store, "record_post", dying)
    for many in (1, 2, 3):
        await slack.send(slack.press(card, "Full roast"))
        await home.settled()
        assert len([one for one in slack.posts if one.get("thread_ts") == card["ts"]]) == 1, many
    assert [post.kind for post in await home.store.posts(1)] == [PostKind.CARD, PostKind.FULL]
    assert "stands in the thread already" in text_of(slack.private()[-1])


async def test_receipts(home, slack):
    """Receipts are shown to whoever pressed, alone"""
    await home.roast()
    (card,) = slack.in_channel()
    await slack.send(slack.press(card, "Receipts", user="U2"))
    (whisper,) = await slack.until(lambda: slack.private("U2"))
    assert "Receipts of" in text_of(whisper)
    assert len(slack.posts) == 1


async def test_hotter(home, slack):
    """Hotter edits the card in place"""
    await home.roast()
    (card,) = slack.in_channel()
    await slack.send(slack.press(card, "Hotter"))
    await home.done(2)
    assert len(slack.posts) == 1
    assert "spicy heat" in text_of(slack.in_channel()[0])


async def test_hotter_by_a_stranger(home, slack):
    """Who is neither author nor asker is refused alone, and the card stays as it was"""
    await home.roast()
    (card,) = slack.in_channel()
    before = text_of(card)
    await slack.send(slack.press(card, "Hotter", user="U9"))
    (whisper,) = await slack.until(lambda: slack.private("U9"))
    assert "Only its author and whoever asked" in text_of(whisper)
    assert text_of(slack.in_channel()[0]) == before


async def test_hotter_fails(home, slack):
    """A card whose hotter version could not be made stays as it was; the presser is told why"""
    await home.roast()
    (card,) = slack.in_channel()
    before = text_of(card)
    await home.store.opt_out(OptOutKind.LOGIN, "ada", "ada")
    await slack.send(slack.press(card, "Hotter"))
    await home.done(2)
    assert text_of(slack.in_channel()[0]) == before
    assert "prefers not to be roasted" in text_of(slack.private()[-1])


async def test_appeal(home, slack):
    """Appeal opens a form of the lines; what was seen on looking again is told to the one who appealed"""
    await home.roast()
    (card,) = slack.in_channel()
    await slack.send(slack.press(card, "Appeal", user="U2"))
    (view,) = await slack.until(lambda: slack.views)
    lines = [one["value"] for one in view["blocks"][0]["element"]["options"]]
    await slack.send(slack.submit(view, user="U2", exhibit=lines[0], ground="unfair"))
    await home.done(2)
    (whisper,) = await slack.until(lambda: slack.private("U2"))
    assert "Noted." in text_of(whisper)
    assert len(await home.store.appeals(verdict_id=1)) == 1


async def test_withdraw_and_undo(home, slack):
    """The asker takes a roast down with one click, and back with another"""
    await home.roast()
    (card,) = slack.in_channel()
    await slack.send(slack.press(card, "Withdraw"))
    whisper = await slack.until(lambda: next((one for one in slack.private() if "Taken down" in text_of(one)), None))
    assert "was taken down" in text_of(slack.in_channel()[0])
    await slack.send(slack.press(whisper, "Undo"))
    await slack.until(lambda: "Full roast" in text_of(slack.in_channel()[0]))


async def test_withdraw_by_an_admin(home, slack):
    """A stranger may not take a roast down, an admin of the workspace may"""
    await home.roast()
    (card,) = slack.in_channel()
    await slack.send(slack.press(card, "Withdraw", user="U8"))
    await slack.until(lambda: slack.private("U8"))
    assert "Full roast" in text_of(slack.in_channel()[0])
    slack.admins.add("U9")
    await slack.send(slack.press(card, "Withdraw", user="U9"))
    await slack.until(lambda: "was taken down" in text_of(slack.in_channel()[0]))


async def test_reactions(home, slack):
    """A reaction counts, a repeated one once, a removed one no more, the bot's own never"""
    await home.roast()
    (card,) = slack.in_channel()
    item = {"type": "message", "channel": CHANNEL, "ts": card["ts"]}
    added = slack.event("reaction_added", user="U2", reaction="fire", item=item)
    for event in (added, added, slack.event("reaction_added", user=BOT, reaction="fire", item=item)):
        await slack.send(event)

    async def same(count, wanted):
        return await count() == wanted

    async def voices():
        return (await home.store.verdict(1)).voices.get(Meaning.FUNNY, 0)

    await slack.until_async(lambda: same(voices, 1))
    await slack.send(slack.event("reaction_removed", user="U2", reaction="fire", item=item))
    await slack.until_async(lambda: same(voices, 0))


async def test_seeded(home, slack):
    """Where it is set so, the bot puts the reactions that mean something under its card"""
    await home.store.set_place_settings(
        Place(platform="slack", workspace="T1", channel=CHANNEL), PlaceSettings(seed_reactions=True)
    )
    await home.roast()
    await slack.until(lambda: [one["name"] for one in slack.reactions] == ["fire", "dart", "skull"])


async def test_home(home, slack):
    """The home tab tells what I am, the digests, one's record, settings and privacy; its buttons open a window"""
    await slack.send(slack.event("app_home_opened", user=ASKER, tab="home", channel="D1"))
    tab = await slack.until(lambda: slack.homes.get(ASKER))
    for words in ("I roast pull requests", "Digests in this workspace", "Your record", "Privacy"):
        assert words in text_of(tab)
    press = slack.press({"blocks": tab["blocks"]}, "My record")
    press |= {"channel": None, "container": {"type": "view"}, "response_url": ""}
    await slack.send(press)
    (view,) = await slack.until(lambda: slack.views)
    assert "which GitHub login is yours" in text_of(view)
    await home.store.set_user_settings(
        Person(platform="slack", workspace="T1", user=ASKER), UserSettings(login="ada", confirmed_by="x")
    )
    press = slack.press({"blocks": tab["blocks"]}, "Never roast me")
    press |= {"channel": None, "container": {"type": "view"}, "response_url": ""}
    await slack.send(press)
    await slack.until(lambda: len(slack.views) == 2)
    assert "ada is not roasted any more" in text_of(slack.views[-1])


async def test_welcome(home, slack):
    """Added to a channel, the bot says hello once for all time; others who join are their own business"""
    for _ in range(2):
        await slack.send(slack.event("member_joined_channel", user=BOT, channel=CHANNEL))
    await slack.send(slack.event("member_joined_channel", user="U5", channel="C2"))
    await slack.until(lambda: slack.posts)
    await home.settled()
    assert [one["channel"] for one in slack.posts] == [CHANNEL]


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_removed(home, slack, kind):
    """Removed from the workspace, the app cleans up and ends with words"""
    await slack.send(slack.event(kind, tokens={"bot": [BOT]}))
    with pytest.raises(Exception, match="took the app away"):
        await asyncio.wait_for(home.app.wait(), 10)


async def test_told(home, slack):
    """What is told unasked comes as a direct message"""
    await home.app.messenger.tell(Person(platform="slack", workspace="T1", user=ASKER), Answer(text="Psst."))
    assert "Psst." in text_of(slack.direct()[0])


@pytest.mark.parametrize("words", [SOUP, f"{SOUP} quietly"])
async def test_late_preheating(make_home, slack, words):
    """Preheating that comes after the answer, from this process or another, changes nothing"""
    home = await make_home()
    await home.roast(words, trigger="t.1")
    await home.settled()
    before = [text_of(one) for one in [*slack.posts, *slack.private()]]
    place = Place(platform="slack", workspace="T1", channel=CHANNEL)
    person = Person(platform="slack", workspace="T1", user=ASKER)
    ask = Ask(typed=SOUP, place=place, person=person, event="slack:t.1", quiet="quietly" in words)
    await home.app.messenger.begin(ask, "Preheating")
    if "quietly" not in words:
        await SlackMessenger(home.app._workspaces, home.store).begin(ask, "Preheating")
    assert [text_of(one) for one in [*slack.posts, *slack.private()]] == before
