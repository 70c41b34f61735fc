"""What can come between a digest and its readers: each ends in words, and none in a second post."""

from __future__ import annotations

from datetime import timedelta

import pytest
from digest_kitchen import BOB, FRIDAY, HERE, week
from fakes.weeks import made_up

from bot.digest_held import period_of
from bot.errors import AccessError, NotFoundError, RateLimitedError, RefusedError, UnavailableError
from bot.feeds import Published
from bot.records import OptOutKind, RunState


def once(kitchen, at, error):
    """Let one reading go wrong, once."""
    left = [error]

    def before(what):
        if what == at and left:
            raise left.pop()

    kitchen.source.before = before


async def test_limited_in_the_middle(kitchen):
    """Limited in the middle it waits, resumes where it stopped, and comes late with an apology, whole"""
    one = await kitchen.subscribe()
    until = FRIDAY + timedelta(hours=2)
    once(kitchen, "#3", RateLimitedError("GitHub asks us to wait.", "", until))
    await kitchen.sweep()
    assert kitchen.posts == []
    assert "waits until 18:00 UTC" in await kitchen.say("status")
    await kitchen.later(minutes=90)
    assert kitchen.posts == []
    await kitchen.later(minutes=31)
    (text,) = kitchen.texts
    assert "Late by 2 hours, sorry: this was due on Friday at 16:00. GitHub had asked me to wait." in text
    assert kitchen.source.asked.count("list") == 1
    assert (await kitchen.runs(one))[0].state is RunState.POSTED


@pytest.mark.parametrize("at", ["list", "#1"])
async def test_down_for_a_while(kitchen, at):
    """Where GitHub is down it is tried again with growing pauses, and posted once"""
    await kitchen.subscribe()
    once(kitchen, at, UnavailableError("api.github.com did not answer within 30 seconds."))
    await kitchen.sweep()
    assert kitchen.posts == []
    await kitchen.later(minutes=2)
    assert len(kitchen.posts) == 1


async def test_down_for_three_weeks(kitchen):
    """Down for three weeks it rests, and who subscribed is told once, with what to do"""
    one = await kitchen.subscribe()

    def before(what):
        raise UnavailableError("api.github.com cannot be reached.")

    kitchen.source.before = before
    for weeks in range(4):
        kitchen.watch.time = FRIDAY + timedelta(days=7 * weeks)
        await kitchen.sweep()
        for _ in range(14):
            await kitchen.later(hours=2)
    rests = await kitchen.again(one)
    assert rests.failures == 3
    assert "3 failures in a row" in rests.paused
    ((who, answer),) = kitchen.messenger.told
    assert who == BOB
    assert "digest resume acme/soup" in answer.text
    assert kitchen.posts == []
    assert [run.state for run in await kitchen.runs(one)] == [RunState.FAILED] * 3


async def test_creator_left(kitchen):
    """Where whoever subscribed is gone, the channel itself is told that its digests rest"""
    await kitchen.subscribe()
    kitchen.messenger.fail.add("tell")

    def before(what):
        raise NotFoundError("acme/soup is not there, or not to be seen by me.", "Check its name.")

    kitchen.source.before = before
    for weeks in range(4):
        kitchen.watch.time = FRIDAY + timedelta(days=7 * weeks)
        await kitchen.sweep()
    (text,) = kitchen.texts
    assert text.startswith("The digests of acme/soup rest")


async def test_deleted(kitchen):
    """A repository that is gone is a failed week at once, in words, and a good week ends the row"""
    one = await kitchen.subscribe()
    once(kitchen, "list", NotFoundError("acme/soup is not there, or not to be seen by me.", "Check its name."))
    await kitchen.sweep()
    failed = await kitchen.again(one)
    assert (failed.failures, failed.paused) == (1, "")
    assert failed.last_decision == "Failed: acme/soup is not there, or not to be seen by me. Check its name."
    kitchen.source.add(*week(11, before=FRIDAY + timedelta(days=7)))
    await kitchen.later(days=7)
    assert (await kitchen.again(one)).failures == 0
    assert len(kitchen.posts) == 1


async def test_renamed(kitchen):
    """A renamed repository is followed, and the digest says so"""
    one = await kitchen.subscribe()
    kitchen.source.name = "acme/broth"
    await kitchen.sweep()
    assert "acme/soup is called acme/broth now." in kitchen.texts[0]
    assert (await kitchen.again(one)).repository == "acme/broth"


async def test_archived(kitchen):
    """An archived repository gets a last word, and rests"""
    one = await kitchen.subscribe(options={"silent": True})
    kitchen.source.archived = True
    kitchen.source.pulls.clear()
    await kitchen.sweep()
    assert "is archived. These digests end here" in kitchen.texts[0]
    assert "archived" in (await kitchen.again(one)).paused


async def test_gone_private(kitchen):
    """What went private is not told in a channel that it was not bound to, and is told again where it was"""
    one = await kitchen.subscribe()
    kitchen.source.private = True
    await kitchen.sweep()
    assert kitchen.posts == []
    assert "private and not at home in this channel" in (await kitchen.again(one)).last_decision
    await kitchen.store.bind(HERE, "acme/soup", "admin")
    kitchen.source.add(*week(11, before=FRIDAY + timedelta(days=7)))
    await kitchen.later(days=7)
    assert len(kitchen.posts) == 1


async def test_channel_archived(kitchen):
    """Where the channel refuses, the run goes on trying, then fails in the platform's words"""
    one = await kitchen.subscribe()
    kitchen.messenger.fail.add("post_digest")
    for _ in range(40):
        await kitchen.later(minutes=61)
    failed = await kitchen.again(one)
    assert failed.failures == 1
    assert "slack would not post_digest" in failed.last_decision


async def test_posted_but_not_heard(kitchen):
    """A platform that took the post and then failed is looked at before anything is posted again"""
    one = await kitchen.subscribe()
    post = kitchen.messenger.post_digest

    async def cut(*given, **named):
        await post(*given, **named)
        raise UnavailableError("The answer was cut off.")

    kitchen.messenger.post_digest = cut
    await kitchen.sweep()
    kitchen.messenger.post_digest = post
    await kitchen.later(minutes=5)
    assert len(kitchen.posts) == 1
    assert (await kitchen.runs(one))[0].state is RunState.POSTED


async def test_slept_through(kitchen):
    """Missed by hours it is caught up once; missed by a day it is not, and the next one says so"""
    one = await kitchen.subscribe()
    await kitchen.later(hours=5)
    await kitchen.later(hours=1)
    assert len(kitchen.posts) == 1
    assert "Late by 5 hours, sorry" in kitchen.texts[0]
    await kitchen.later(days=7, hours=20)
    assert len(kitchen.posts) == 1
    assert (await kitchen.again(one)).last_decision.startswith("Missed: it was due Fri 29 May 16:00 (UTC)")
    kitchen.source.add(*week(21, before=FRIDAY + timedelta(days=14)))
    kitchen.watch.time = FRIDAY + timedelta(days=14)
    await kitchen.sweep()
    assert "The digest of 29 May fell out" in kitchen.texts[1]


@pytest.mark.parametrize("paused", ["", "by bob"])
async def test_now_is_not_lost_elsewhere(kitchen, paused):
    """A digest asked for by hand that a worker elsewhere began and left is taken up, also while the others rest"""
    one = await kitchen.subscribe()
    await kitchen.sweep()
    await kitchen.sweep()
    await kitchen.store.save_subscription((await kitchen.again(one)).model_copy(update={"paused": paused}))
    kitchen.watch.forward(hours=1)
    period = period_of(kitchen.watch.now(), manual=True)
    assert await kitchen.store.claim_run(one.id, period, "a worker that dies", timedelta(minutes=2))
    await kitchen.sweep()
    assert len(kitchen.posts) == 1
    await kitchen.later(minutes=3)
    assert len(kitchen.posts) == 2


async def test_enough_for_a_day(kitchen):
    """One workspace has so many digests and roasts of its own accord a day; what is left out says so, and others go on"""
    one = await kitchen.subscribe(schedule="0 * * * *")
    other = await kitchen.subscribe(place=HERE.model_copy(update={"workspace": "T2"}))
    kitchen.digests.most_a_day = 1
    await kitchen.sweep()
    assert len(kitchen.posts) == 2
    await kitchen.later(hours=1)
    assert len(kitchen.posts) == 2
    assert (await kitchen.again(one)).last_decision.startswith("Left out: This workspace has had its share")
    assert "its share of digests" in await kitchen.say("digest now acme/soup")
    assert (await kitchen.again(other)).last_decision.startswith("Told")
    kitchen.source.add(*week(21, before=kitchen.watch.now() + timedelta(days=1)))
    await kitchen.later(days=1)
    assert len(kitchen.posts) == 3


async def test_fell_out(kitchen):
    """What fell out is told by the channel's own day, and without a reason that nobody knows"""
    one = await kitchen.subscribe(schedule="0 1 * * sat", timezone="Asia/Tokyo")
    await kitchen.store.save_subscription(one.model_copy(update={"paused": "by bob"}))
    await kitchen.later(hours=20)
    await kitchen.store.save_subscription(one)
    await kitchen.later(hours=1)
    assert (await kitchen.again(one)).last_decision == (
        "Missed: it was due Sat 23 May 01:00 (Asia/Tokyo), and was looked at too late."
    )
    kitchen.source.add(*week(21, before=FRIDAY + timedelta(days=7)))
    kitchen.watch.time = FRIDAY + timedelta(days=7)
    await kitchen.sweep()
    assert kitchen.posts[0].answer.text.startswith("The digest of 23 May fell out.")
    assert "running" not in kitchen.texts[0]


async def test_clock_jumps(kitchen):
    """A clock that jumps back posts nothing twice, and one that jumps on a year posts one, not fifty-two"""
    await kitchen.subscribe()
    await kitchen.sweep()
    await kitchen.later(days=-3)
    await kitchen.later(days=3)
    assert len(kitchen.posts) == 1
    await kitchen.later(days=364)
    await kitchen.later(hours=1)
    assert len(kitchen.posts) == 2


async def test_before_its_time(kitchen):
    """A fresh subscription waits for its first time; nothing is caught up from before it was there"""
    await kitchen.subscribe()
    kitchen.watch.time = FRIDAY - timedelta(minutes=1)
    await kitchen.sweep()
    assert kitchen.posts == []


async def test_opted_out(kitchen):
    """Whoever opted out is not told, not praised and not read in full; nor is what carries the label"""
    await kitchen.subscribe()
    await kitchen.store.opt_out(OptOutKind.LOGIN, "ada", "ada")
    labelled = kitchen.source.pulls[2].model_copy(update={"labels": ("no-roast",)})
    kitchen.source.add(labelled)
    await kitchen.sweep()
    assert not {"#1", "#2"} & set(kitchen.source.asked)
    assert "acme/soup#3 " in kitchen.texts[0]


async def test_quiet(kitchen):
    """A week without a merge is one friendly line, or silence where that is wished; both leave their mark"""
    one = await kitchen.subscribe()
    kitchen.source.pulls.clear()
    await kitchen.sweep()
    assert len(kitchen.posts) == 1
    await kitchen.store.save_subscription((await kitchen.again(one)).model_copy(update={"options": {"silent": True}}))
    await kitchen.later(days=7)
    assert len(kitchen.posts) == 1
    assert (await kitchen.again(one)).last_decision.startswith("Kept quiet: Nothing told")


async def test_cancelled(kitchen):
    """A digest that is being made can be cancelled: nothing is posted, and who did it stands in the mark"""
    one = await kitchen.subscribe()
    once(kitchen, "#2", RateLimitedError("Wait.", "", FRIDAY + timedelta(hours=1)))
    await kitchen.sweep()
    assert "ends at its next step" in await kitchen.say("digest cancel")
    await kitchen.later(hours=2)
    assert kitchen.posts == []
    assert (await kitchen.again(one)).last_decision == "Cancelled by hand."
    assert "No digest of acme/soup is being made" in await kitchen.say("digest cancel")


async def test_preview_without_one(kitchen, monkeypatch):
    """One that may not be told after all, or is gone, is left out of a preview; the others are shown"""
    await kitchen.subscribe(top=2)
    judged, refused = kitchen.desk.judged, []

    async def judge(ask, target, *rest):
        if not refused:
            refused.append(target)
            raise RefusedError("ada prefers not to be roasted, and that is that.")
        return await judged(ask, target, *rest)

    monkeypatch.setattr(kitchen.desk, "judged", judge)
    said = await kitchen.say("digest preview")
    assert "prefers not" not in said
    assert "🔥" in said


async def test_preview_and_now(kitchen):
    """A preview is for the asker alone and keeps nothing; now posts at once, and both may come before its time"""
    await kitchen.subscribe()
    kitchen.watch.time = FRIDAY - timedelta(hours=3)
    shown = await kitchen.say("digest preview")
    assert shown.startswith("Preview: The week in acme/soup")
    assert kitchen.posts == []
    assert await kitchen.store.verdicts() == ()
    assert "is being made" in await kitchen.say("digest now")
    await kitchen.work()
    assert len(kitchen.posts) == 1
    assert "Last ran: Fri 22 May 13:00 (UTC). Told acme/soup#" in await kitchen.say("digest")


class Feed:
    """A feed in memory."""

    def __init__(self):
        self.post = None
        self.error = None
        self.home = ""
        self.asked = []

    async def private_home(self, address):
        """Return the repository that it lies in."""
        return self.home

    async def latest(self, address, since, until):
        """Return the post."""
        self.asked.append(address)
        if self.error:
            raise self.error
        return self.post if self.post and since <= self.post.at < until else None


async def test_accountability(kitchen):
    """Who published something is spared with thanks; who did not has their own most roastable one told, and no other's"""
    one = await kitchen.subscribe(person="grace", feed="https://grace.example/feed.xml")
    kitchen.digests.runner.feeds = feed = Feed()
    feed.post = Published(title="On soup", at=FRIDAY - timedelta(days=2))
    assert "grace published “On soup” on 20 May. Thank you" in await kitchen.say("digest preview")
    await kitchen.sweep()
    assert "grace published “On soup” on 20 May. Thank you" in kitchen.texts[0]
    assert kitchen.source.asked == []
    assert (await kitchen.again(one)).last_decision == "Spared grace: published “On soup” on 20 May."
    kitchen.source.add(*week(11, before=FRIDAY + timedelta(days=7)), made_up(15, "grace", FRIDAY, sins=6, repairs=5))
    await kitchen.later(days=7)
    assert "#15 " in kitchen.texts[1]
    assert set(kitchen.source.asked) == {"list", "#12", "#15"}
    assert "grace published nothing" in (await kitchen.again(one)).last_decision


async def test_private_feed(kitchen):
    """A folder of posts in a private repository is not even read for a channel that it is not bound to"""
    one = await kitchen.subscribe(person="grace", feed="https://github.com/acme/secret/tree/main/notes")
    kitchen.digests.runner.feeds = feed = Feed()
    feed.home, feed.post = "acme/secret", Published(title="Layoffs", at=FRIDAY + timedelta(days=5))
    await kitchen.sweep()
    assert (kitchen.posts, feed.asked) == ([], [])
    assert (
        "acme/secret is not there, or it is private and not at home in this channel"
        in (await kitchen.again(one)).last_decision
    )
    await kitchen.store.bind(HERE, "acme/secret", "admin")
    await kitchen.later(days=7)
    assert "grace published “Layoffs”" in kitchen.texts[0]


async def test_feed_away(kitchen):
    """Where the feed cannot be read nobody is roasted for it: it is tried again, and fails in words"""
    one = await kitchen.subscribe(person="grace", feed="https://grace.example/feed.xml")
    kitchen.digests.runner.feeds = feed = Feed()
    feed.error = AccessError("grace.example wants a password.")
    await kitchen.sweep()
    assert kitchen.posts == []
    assert (await kitchen.again(one)).last_decision == "Failed: grace.example wants a password."
