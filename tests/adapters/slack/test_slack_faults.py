"""Whatever goes wrong in Slack ends in the right words for the right person, and nothing is said twice."""

import asyncio
import time

import pytest
from fakes.slack import BOT, CHANNEL, Fault, signed, text_of

from adapters.slack import modals
from bot.card import CardExhibit
from bot.errors import MessengerError, StoreError
from bot.ports_messenger import Answer
from bot.records import Place

from .conftest import SOUP


async def test_bad_signature(make_home, slack):
    """A request with a wrong signature is turned away, and nothing happens"""
    home = await make_home(http=True)
    assert (await home.post(slack.command(SOUP), secret="another")).status_code == 401
    assert await home.store.jobs() == ()


async def test_old_timestamp(make_home, slack):
    """A request older than five minutes is turned away, however well it is signed"""
    home = await make_home(http=True)
    assert (await home.post(slack.command(SOUP), at=time.time() - 301)).status_code == 401
    assert await home.store.jobs() == ()


async def test_replay(make_home, slack):
    """A request sent again to the letter is answered once"""
    home = await make_home(http=True)
    body, headers = signed(slack.command(SOUP))
    for _ in range(3):
        assert (await home.post_raw(body, headers)).status_code == 200
    await home.done()
    await home.settled()
    assert len(slack.in_channel()) == 1


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{", b"payload=%7B", b"a" * 1_100_000], ids=["empty", "bytes", "cut", "no json", "huge"]
)
async def test_rubbish(make_home, slack, body):
    """What no Slack ever sent is turned away"""
    home = await make_home(http=True)
    assert (await home.post_raw(body, {"content-type": "application/json"})).status_code in {400, 401, 413}


async def test_ssl_check(make_home, slack):
    """Slack's probe of the address is answered with 200"""
    home = await make_home(http=True)
    assert (await home.post({"ssl_check": "1", "token": "x"})).status_code == 200


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found", "is_archived"])
async def test_no_way_into_the_channel(home, slack, code):
    """Where the bot may not post, the command's own address carries the card to the channel"""
    slack.channels[CHANNEL] = code
    await home.roast()
    (card,) = slack.in_channel()
    assert "Full roast" in text_of(card)
    assert slack.direct() == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_in_channel", "I am not in that channel"),
        ("channel_not_found", "I cannot see that conversation"),
        ("is_archived", "That channel is archived"),
    ],
)
async def test_no_way_at_all(home, slack, code, words):
    """Where that address has run out too, the card comes as a direct message that says why"""
    slack.channels[CHANNEL] = code
    slack.faults.append(Fault("response_url", status=404))
    await home.roast()
    assert slack.in_channel() == []
    (card,) = slack.direct()
    assert words in text_of(card)
    assert "Full roast" in text_of(card)


async def test_address_known_later(home, slack):
    """A card that was sent by the command's address is known by its message from the first press on"""
    slack.channels[CHANNEL] = "channel_not_found"
    await home.roast()
    (card,) = slack.in_channel()
    await slack.send(slack.press({**card, "channel": CHANNEL, "ts": "1900000000.000100"}, "Receipts"))
    await slack.until(slack.private)
    assert "1900000000.000100" in [post.message.id for post in await home.store.posts(1)]


@pytest.mark.parametrize("code", ["msg_too_long", "invalid_blocks", "msg_blocks_too_long"])
async def test_refused_blocks(home, slack, code):
    """Blocks that Slack will not have are said again in bare words, in the same message"""
    slack.faults.append(Fault("chat.update", error=code, when=lambda args: len(args.get("blocks") or []) > 1))
    await home.roast()
    (message,) = slack.in_channel()
    assert message["blocks"] == []
    assert "acme/soup#7" in message["text"]


async def test_rate_limited(home, slack):
    """A Retry-After is waited for, and the card comes"""
    slack.faults.append(Fault("chat.update", error="ratelimited", status=429, headers={"Retry-After": "1"}, times=2))
    await home.roast()
    assert "Full roast" in text_of(slack.in_channel()[0])


async def test_rate_limited_for_long(home, slack):
    """A Retry-After that nobody would wait for is not: the card comes by another way"""
    slack.faults.append(Fault("chat.update", error="ratelimited", status=429, headers={"Retry-After": "3600"}))
    slack.faults.append(Fault("chat.postMessage", status=429, error="ratelimited", headers={"Retry-After": "3600"}))
    started = time.monotonic()
    await home.roast()
    assert time.monotonic() - started < 30
    assert "Full roast" in text_of(slack.in_channel()[0])


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_token_of_no_use(home, slack, code):
    """Without a token that Slack accepts, the command's own address still answers, for it needs none"""
    for method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
        slack.faults.append(Fault(method, error=code))
    await home.roast()
    assert "Full roast" in text_of(slack.in_channel()[0])


async def test_nobody_can_be_told(home, slack):
    """Where every way is closed, the fault is in the job and names what to do"""
    for method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
        slack.faults.append(Fault(method, error="token_revoked"))
    slack.faults.append(Fault("response_url", status=404))
    job = await home.roast()
    assert "install me again" in job.error
    assert slack.posts == slack.private() == []


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 503}, {"cut": True}, {"delay": 2.5, "status": 504}], ids=str
)
async def test_down_while_editing(home, slack, fault):
    """An edit that Slack was too ill for is tried again until it is well"""
    slack.faults.append(Fault("chat.update", times=1, when=lambda args: "Full roast" in str(args["blocks"]), **fault))
    await home.roast()
    (message,) = slack.in_channel()
    assert "Full roast" in text_of(message)


@pytest.mark.parametrize("fault", [{"status": 500}, {"delay": 2.5, "status": 504}, {"cut": True}], ids=str)
async def test_posted_and_not_said(home, slack, fault):
    """A message that Slack took without saying so is found again by its metadata, and not posted twice"""
    slack.faults.append(Fault("chat.postMessage", after=True, times=1, **fault))
    await home.roast()
    (message,) = slack.in_channel()
    assert "Full roast" in text_of(message)


async def test_down_for_good(home, slack):
    """Where Slack stays ill while the card is to be shown, it is not shown to everybody a second time"""
    slack.faults.append(
        Fault("chat.update", status=503, after=True, when=lambda args: "Full roast" in str(args["blocks"]))
    )
    await home.roast()
    (message,) = slack.in_channel()
    assert "Full roast" in text_of(message)
    (told,) = slack.direct()
    assert "did not say whether it took my answer" in text_of(told)


async def test_address_spent(home, slack):
    """A refusal whose address has run out comes as an ephemeral message, and where that fails as a direct one"""
    slack.faults.append(Fault("response_url", status=404))
    await slack.send(slack.command("nonsense"))
    (whisper,) = await slack.until(lambda: slack.whispers)
    assert "is no command of mine" in text_of(whisper)
    slack.faults.append(Fault("chat.postEphemeral", error="user_not_in_channel"))
    await slack.send(slack.command("nonsense"))
    (direct,) = await slack.until(slack.direct)
    assert "You are not in that channel" in text_of(direct)


async def test_deleted_while_growing(home, slack):
    """A message that somebody deleted while it grew is posted anew, once"""

    def delete(call):
        if call.method == "chat.update":
            for message in slack.messages.values():
                message["deleted"] = message.get("deleted") or not message["edits"]
            slack.before = lambda _: None

    slack.before = delete
    await home.roast()
    (message,) = slack.in_channel()
    assert "Full roast" in text_of(message)


async def test_deleted_before_redrawing(home, slack):
    """A card that was deleted is noted as gone when it is to be redrawn"""
    await home.roast()
    (card,) = slack.in_channel()
    card["deleted"] = True
    await slack.send(slack.press(card, "Withdraw"))
    await slack.until(slack.private)
    assert await home.store.posts(1) == ()


async def test_socket_closed(home, slack):
    """A socket that closes midway is opened again, and the command after it is heard"""
    await slack.drop_sockets()
    assert await home.roast()
    assert "Full roast" in text_of(slack.in_channel()[0])
    assert home.app.connected


async def test_full_queue(make_home, slack):
    """A full queue is told to the asker at once"""
    home = await make_home(work=False)
    home.queue._most_waiting = 1
    await slack.send(slack.command(SOUP))
    await slack.until(slack.in_channel)
    await slack.send(slack.command(SOUP, user="U2"))
    (whisper,) = await slack.until(lambda: slack.private("U2"))
    assert "The grill is full" in text_of(whisper)


@pytest.fixture
async def stuck(make_home, monkeypatch):
    """The whole over HTTP, whose store writes down nothing that was said until the event is set."""
    home = await make_home(http=True, work=False)
    monkeypatch.setattr("adapters.slack.listeners.HEARD_WITHIN", 0.05)
    gate, begun = asyncio.Event(), asyncio.Event()
    enqueue = home.store.enqueue

    async def slowly(*args, **more):
        begun.set()
        await gate.wait()
        return await enqueue(*args, **more)

    monkeypatch.setattr(home.store, "enqueue", slowly)
    return home, gate, begun


async def test_slow_store(stuck, slack):
    """A command that is not in the store in time is acknowledged with the words that it was not heard, and never done"""
    home, gate, begun = stuck
    first = asyncio.create_task(home.post(slack.command(SOUP)))
    await begun.wait()
    second = await home.post(slack.command(SOUP, user="U2"))
    for answer in (await first, second):
        assert (answer.status_code, answer.text) == (200, "I am busy: my memory takes its time. Ask again in a minute.")
    gate.set()
    await slack.until(slack.in_channel)  # the first was being written when its time was up: that is answered
    await home.post(slack.command(SOUP, user="U3"))
    await slack.until(lambda: len(slack.in_channel()) == 2)
    asked = [job.payload["ask"]["person"]["user"] for job in await home.jobs()]
    assert asked == ["U1", "U3"]


async def test_slow_store_without_words(stuck, slack):
    """What cannot be acknowledged with words is not acknowledged, so that Slack shows it or sends it again; once told"""
    home, gate, _ = stuck
    event = slack.event("app_mention", text=f"<@{BOT}> {SOUP}", ts="1700000001.000001")
    assert [(await home.post(event)).status_code for _ in range(2)] == [503, 503]
    (told,) = await slack.until(slack.private)
    assert "Ask again in a minute" in text_of(told)
    assert (await home.post(slack.shortcut({"text": SOUP}))).status_code == 503
    gate.set()
    await slack.until(lambda: slack.posts)
    assert (await home.post(event)).status_code == 200
    await home.settled()
    assert len(slack.posts) == 1
    assert len(slack.private()) == 2


async def test_slow_store_under_a_form(stuck, slack):
    """A form that could not be kept stays open, and says so"""
    home, _, _ = stuck
    view = modals.appeal(
        1, [CardExhibit(id="E1", kind="soup", text="Soup", place="", url="", stands_in="merged")], CHANNEL, ""
    )
    answer = await home.post(slack.submit(view, exhibit="E1", ground="wrong"))
    assert answer.json()["response_action"] == "errors"
    assert "Ask again in a minute" in answer.json()["errors"]["exhibit"]


async def test_store_fails(stuck, slack, monkeypatch):
    """A store that fails at once is told of at once, in its own words"""
    home, _, _ = stuck

    async def fail(*args, **more):
        raise StoreError("The disk that holds the memory is full.", "Free some space there.")

    monkeypatch.setattr(home.store, "enqueue", fail)
    answer = await home.post(slack.command(SOUP))
    assert (answer.status_code, answer.text) == (200, "The disk that holds the memory is full. Free some space there.")


async def test_digest(home, slack):
    """A digest carries its run and is found by it; one that cannot be posted says why"""
    place = Place(platform="slack", workspace="T1", channel=CHANNEL)
    messenger = home.app.messenger
    posted = await messenger.post_digest(place, Answer(title="The week"), "run-1", ())
    assert await messenger.find_digest(place, "run-1") == posted
    assert await messenger.find_digest(place, "run-2") is None
    slack.channels[CHANNEL] = "is_archived"
    with pytest.raises(MessengerError, match="archived"):
        await messenger.post_digest(place, Answer(title="The week"), "run-2", ())


async def test_settle_in(home, slack):
    """A public channel is joined; a private one asks for an invitation, unless the bot was invited; closed is closed"""
    place = Place(platform="slack", workspace="T1", channel=CHANNEL)
    slack.channels[CHANNEL] = "not_in_channel"
    assert await home.app.messenger.settle_in(place) is None
    slack.channels[CHANNEL] = "method_not_supported_for_channel_type"
    hurdle = await home.app.messenger.settle_in(place)
    assert "Invite me" in hurdle.words
    assert hurdle.closed
    slack.members.add(CHANNEL)
    assert await home.app.messenger.settle_in(place) is None
    for code, closed in (("is_archived", True), ("missing_scope", False), ("ratelimited", False)):
        slack.channels[CHANNEL] = code
        assert (await home.app.messenger.settle_in(place)).closed is closed, code
