"""A card's picture: in the card where Slack shows it, in its thread otherwise, and gone with the card."""

import pytest
from fakes.slack import CHANNEL, Fault, text_of

PNG = b"\x89PNG made up"


@pytest.fixture
async def painted(make_home):
    """The whole at work, with a picture for each card."""
    return await make_home(draw=lambda card, verdict: PNG)


def picture_of(message):
    """Return the file that a message shows, if any."""
    return next((one["slack_file"]["id"] for one in message["blocks"] if one["type"] == "image"), "")


async def shown(slack):
    """Wait until the card shows a picture; return the card."""
    return await slack.until(lambda: next((one for one in slack.in_channel() if picture_of(one)), None))


async def test_in_the_card(painted, slack):
    """The picture stands in the card, above its buttons, with words for those who do not see it"""
    await painted.roast()
    card = await shown(slack)
    (file,) = slack.standing_files
    assert (picture_of(card), PNG in file["bytes"], file.get("channel_id")) == (file["id"], True, None)
    assert [block["type"] for block in card["blocks"]][-2:] == ["image", "actions"]
    assert "acme/soup#7" in text_of(card)
    assert next(one["alt_text"] for one in card["blocks"] if one["type"] == "image")


async def test_shown_late(painted, slack):
    """A file that Slack has not looked at yet is shown a little later"""
    refuse = Fault(
        "chat.update", error="invalid_blocks", times=2, when=lambda args: "slack_file" in str(args["blocks"])
    )
    slack.faults.append(refuse)
    await painted.roast()
    card = await shown(slack)
    assert "Full roast" in text_of(card)
    assert len(slack.standing_files) == 1


async def test_in_the_thread(painted, slack):
    """Where Slack shows no file in a card, the picture comes in the card's thread, and the card stays whole"""
    slack.shows_files = False
    await painted.roast()
    (file,) = await slack.until(lambda: [one for one in slack.standing_files if one.get("thread_ts")])
    (card,) = slack.in_channel()
    assert (file["channel_id"], file["thread_ts"]) == (CHANNEL, card["ts"])
    assert "Full roast" in text_of(card)
    assert slack.standing_files == [file]


@pytest.mark.parametrize("fault", [{"status": 500}, {"cut": True}, {"error": "file_upload_failed"}], ids=str)
@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
async def test_lost(painted, slack, capsys, method, fault):
    """A picture that fails at any of the three steps costs a log line and nothing else"""
    if method == "upload" and "error" in fault:
        fault = {"status": 403}
    slack.faults.append(Fault(method, **fault))
    job = await painted.roast()
    assert job.error == ""
    await slack.until(lambda: "a picture could not be sent" in capsys.readouterr().out)
    (card,) = slack.in_channel()
    assert "Full roast" in text_of(card)
    assert not picture_of(card)


async def test_scope_missing(painted, slack, capsys):
    """Without the right to send files that is said once in the log, with what to do, and not tried again"""
    slack.faults.append(Fault("files.getUploadURLExternal", error="missing_scope"))
    await painted.roast()
    await slack.until(lambda: not painted.app.messenger.extras._running)
    await painted.roast("https://github.com/acme/soup/pull/7 spicy")
    await slack.until(lambda: not painted.app.messenger.extras._running)
    assert capsys.readouterr().out.count("files:write") == 1
    assert len(slack.asked("files.getUploadURLExternal")) == 1
    assert len(slack.in_channel()) == 2


@pytest.mark.parametrize("shows", [True, False], ids=["card", "thread"])
async def test_withdrawn(painted, slack, shows):
    """A card that is withdrawn takes its picture along, wherever that stands"""
    slack.shows_files = shows
    await painted.roast()
    await slack.until(lambda: not painted.app.messenger.extras._running)
    assert len(slack.standing_files) == 1
    await slack.send(slack.press(slack.in_channel()[0], "Withdraw"))
    await slack.until(lambda: "was taken down" in text_of(slack.in_channel()[0]))
    await slack.until(lambda: slack.standing_files == [])


async def test_withdrawn_meanwhile(painted, slack):
    """A card that is withdrawn while its picture is on the way stays withdrawn, and the picture is thrown away"""
    store = painted.store
    real = painted.app.messenger.extras._still_shows

    async def withdrawn_first(one):
        for post in await store.withdraw_verdict(one.stored.id, "asked to"):
            await painted.app.messenger.take_down(post, "It was taken down.")
        return await real(one)

    painted.app.messenger.extras._still_shows = withdrawn_first
    await painted.roast()
    await slack.until(lambda: not painted.app.messenger.extras._running)
    assert slack.standing_files == []
    assert not any(picture_of(one) for one in slack.in_channel())


async def test_hotter(painted, slack):
    """Hotter brings a picture of its own into the same card, and the old one goes"""
    await painted.roast()
    first = picture_of(await shown(slack))
    await slack.send(slack.press(slack.in_channel()[0], "Hotter"))
    await painted.done(2)
    await slack.until(lambda: picture_of(slack.in_channel()[0]) not in {"", first})
    (file,) = slack.standing_files
    assert picture_of(slack.in_channel()[0]) == file["id"]
    assert len(slack.posts) == 1
