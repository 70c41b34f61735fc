"""A digest from its time to its post, and everything that can come in between."""

from __future__ import annotations

from datetime import timedelta

from digest_kitchen import FRIDAY, week

from bot.records import RunState


async def test_a_digest(kitchen):
    """At its time a digest is posted once: the headline in full, two in short, with thread and mark"""
    one = await kitchen.subscribe()
    await kitchen.sweep()
    await kitchen.sweep()
    (post,) = kitchen.posts
    assert "acme/soup#1" in post.answer.text
    assert len(post.cards) == 2
    assert dict(post.answer.rows)["In numbers"].startswith("4 merged by 4 authors")
    below = [shown for shown in kitchen.messenger.shown if shown.below == post.id]
    assert [shown.answer.title == "Where to look" for shown in below] == [True, False, False]
    (run,) = await kitchen.runs(one)
    assert run.state is RunState.POSTED
    mark = await kitchen.again(one)
    assert mark.last_ran_at == FRIDAY
    assert mark.last_decision.startswith("Told acme/soup#1 and ")


async def test_next_week(kitchen):
    """A week later others are told, and what was told before is not told again"""
    await kitchen.subscribe(top=1)
    await kitchen.sweep()
    kitchen.source.add(*week(11, before=FRIDAY + timedelta(days=7)))
    await kitchen.later(days=7)
    first, second = kitchen.posts
    assert "acme/soup#1 " in first.answer.text
    assert "by ada" not in second.answer.text
    assert len(kitchen.posts) == 2
