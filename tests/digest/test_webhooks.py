"""GitHub's webhook: signed, heard once, believed in nothing but its names; and what becomes of a merge."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from digest_hooks import SECRET, event, headers, later, merge
from digest_kitchen import FRIDAY
from fakes.github import FakeGitHub
from fakes.memory import verdict
from fakes.weeks import made_up

from adapters.github.source import GitHubSource
from adapters.web.app import make_app
from adapters.web.webhook import webhook_app
from bot.errors import AccessError, MessengerError, StoreError, UnavailableError
from bot.records import JobState
from bot.repository_rules import RepositoryRules
from bot.webhooks import MERGED, PATH, comment_of, merged_in, signed


def test_signature():
    """Only our secret's signature over this very body counts"""
    body = event()
    good = headers(body)["x-hub-signature-256"]
    assert signed(SECRET, body, good)
    for bad in (
        "",
        "sha256=",
        good[:-1],
        good.replace("sha256", "sha1"),
        "sha256=ü",
        headers(body, secret="x")["x-hub-signature-256"],
    ):
        assert not signed(SECRET, body, bad)
    assert not signed(SECRET, body + b" ", good)


@pytest.mark.parametrize(
    "body",
    [
        event(merged=False),
        event(action="opened"),
        event(repository="../etc"),
        event(repository="a b/c"),
        b"",
        b"[]",
        b"null",
        b"\xff{",
        b'{"action": "closed"}',
    ],
)
def test_other_events(body):
    """What is no merge, or no event at all, is nothing to do"""
    assert merged_in("pull_request", body) is None
    assert merged_in("push", event()) is None


async def test_heard_once(kitchen, hooks):
    """A delivery makes one job however often it comes, also while and after it is worked off"""
    body, fresh = event(), []
    hooks.fresh = fresh.append
    assert await hooks.hear(headers(body), body) == (202, "Taken.")
    assert await hooks.hear(headers(body), body) == (202, "Taken before.")
    assert await hooks.hear(headers(body, secret="x"), body) == (401, "The signature is not ours.")
    jobs = await kitchen.store.jobs()
    assert [(job.kind, job.state) for job in jobs] == [(MERGED, JobState.WAITING)]
    assert fresh == ["acme/soup", "acme/soup"]


async def test_over_http(kitchen, hooks):
    """The web side passes a delivery on and answers with its status; whoever only looks is told that GitHub posts"""
    app = make_app(dict, lambda: b"", {PATH: webhook_app(hooks.hear)})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://roast") as client:
        body = event()
        assert (await client.post(PATH, content=body, headers=headers(body))).status_code == 202
        assert (await client.post(PATH, content=body)).status_code == 401
        assert (await client.get(PATH)).status_code == 405


async def test_at_merge(kitchen, hooks):
    """A channel that subscribed "live" sees the roast when it is merged, once; other channels wait for their digest"""
    await kitchen.subscribe(options={"at_merge": True})
    assert await merge(kitchen, hooks) == ""
    assert await merge(kitchen, hooks, delivery="d2") == ""
    (post,) = kitchen.posts
    assert "Final verdict" in post.answer.text
    assert len(hooks.comments.bodies) == 1


async def test_comment(kitchen, hooks):
    """The verdict comes as one remark with its marker; one that came through although GitHub failed is not repeated"""
    hooks.comments.error = UnavailableError("api.github.com cut its answer off.")
    assert await merge(kitchen, hooks) == ""
    hooks.comments.error = None
    assert await later(kitchen, hooks, minutes=6) == ""
    (body,) = hooks.comments.bodies
    assert re.match(r"<!-- roast-bot verdict #1 [0-9a-f]{32} -->\n### ", body)
    assert "**Final verdict:**" in body


async def test_comment_struck(kitchen, hooks):
    """A remark says that it was taken down once its author opts out, also one that a crash left behind"""
    hooks.comments.error = UnavailableError("api.github.com cut its answer off.")
    await merge(kitchen, hooks)
    hooks.comments.error, kitchen.desk.remarks = None, hooks
    await later(kitchen, hooks, minutes=6)
    await kitchen.say("optout ada")
    await kitchen.work()
    assert hooks.comments.bodies == ["This roast was taken down: ada prefers not to be roasted."]


async def test_comment_only_where_asked(kitchen, hooks):
    """Without the repository's own word nothing is written on a pull request, and nothing is read"""

    async def rules(repository):
        return RepositoryRules()

    kitchen.desk.read_rules = rules
    assert await merge(kitchen, hooks) == ""
    assert hooks.comments.bodies == []
    assert kitchen.source.asked == []


def test_comment_is_harmless():
    """Nobody is called by a remark, and no tag, image or link of somebody's words lives in it"""
    hostile = "@ada <script>alert(1)</script> ![x](https://evil.example/x.png) fixes #1"
    body = comment_of(verdict(title=hostile[:70], punchline=hostile))
    assert "@ada" not in body
    assert "<script" not in body
    assert "![x]" not in body
    assert "#1" not in body.replace("## ", "")


async def test_remarks_on_github():
    """Remarks are looked for page by page and put there by one request with the token; without a token not at all"""
    with FakeGitHub() as github:
        path = "/repos/acme/soup/issues/7/comments"
        github.routes[path] = [{"body": f"remark {number}"} for number in range(120)] + [
            {"id": 9, "body": "x <!-- mark -->"}
        ]
        source = GitHubSource(api_url=github.url, token="t")
        remarks = source.comments()
        assert await remarks.find("acme/soup", 7, "<!-- mark -->") == "9"
        assert not await remarks.find("acme/soup", 7, "<!-- other -->")
        github.routes[path] = {"id": 1}
        assert await remarks.post("acme/soup", 7, "Hello.") == "1"
        (sent,) = [one for one in github.requests if one.method == "POST"]
        assert (json.loads(sent.body), sent.token) == ({"body": "Hello."}, "t")
        github.routes["/repos/acme/soup/issues/comments/1"] = {"id": 1}
        for remark in ("1", "404"):
            await remarks.edit("acme/soup", remark, "Gone.")
        changed = [one for one in github.requests if one.method == "PATCH"]
        assert {(one.path, json.loads(one.body)["body"]) for one in changed} == {
            (f"/repos/acme/soup/issues/comments/{remark}", "Gone.") for remark in ("1", "404")
        }
        await source.aclose()
        assert GitHubSource(api_url=github.url).comments() is None


async def test_opted_out_at_merge(kitchen, hooks):
    """Whoever opted out is left alone here too, and that is no fault"""
    from bot.records import OptOutKind

    await kitchen.subscribe(options={"at_merge": True})
    await kitchen.store.opt_out(OptOutKind.LOGIN, "ada", "ada")
    assert await merge(kitchen, hooks) == ""
    assert kitchen.posts == []
    assert hooks.comments.bodies == []


@pytest.mark.parametrize(
    "changes",
    [
        {"options": {"not_authors": ["ada"]}},
        {"options": {"labels": ["cooked"]}},
        {"options": {"paths": ["docs/"]}},
        {"person": "grace", "feed": "https://grace.example/feed"},
        {"min_doneness": "charcoal"},
    ],
)
async def test_filters_at_merge(kitchen, hooks, changes):
    """What a channel's subscription leaves out of its digests is not roasted at merge either, and that is no fault"""
    await kitchen.subscribe(**changes | {"options": {"at_merge": True} | changes.get("options", {})})
    assert await merge(kitchen, hooks) == ""
    assert kitchen.posts == []


async def test_routine_at_merge(kitchen, hooks):
    """A machine's routine is not roasted at merge: nothing of it is read beyond itself"""
    kitchen.source.add(made_up(9, "dependabot[bot]", FRIDAY, sins=4))
    await kitchen.subscribe(options={"at_merge": True})
    hooks.comments = None
    assert await merge(kitchen, hooks, 9) == ""
    assert kitchen.posts == []
    assert await kitchen.store.verdicts(limit=5) == ()


async def test_a_passing_fault_at_merge(kitchen, hooks):
    """What GitHub or a platform hinders is tried again until it succeeds, once, and costs other places nothing"""
    down = {"#1": UnavailableError("GitHub is down.")}

    def before(what):
        if what in down:
            raise down[what]

    kitchen.source.before = before
    await kitchen.subscribe(options={"at_merge": True})
    assert await merge(kitchen, hooks) == ""
    assert kitchen.posts == []
    assert await hooks.sweep() == 0
    down.clear()
    assert await later(kitchen, hooks, minutes=6) == ""
    assert len(kitchen.posts) == len(hooks.comments.bodies) == 1
    assert await later(kitchen, hooks, hours=30) == ""
    assert len(kitchen.posts) == len(hooks.comments.bodies) == 1


@pytest.mark.parametrize("error", [AccessError("The token is bad."), ZeroDivisionError("oops")])
async def test_a_lasting_fault_at_merge(kitchen, hooks, error):
    """What will not pass ends at once, the channel's list says so, and the other places have theirs"""

    def before(what):
        if what == "#1" and kitchen.source.asked.count("#1") == 1:
            raise error

    one = await kitchen.subscribe(options={"at_merge": True})
    kitchen.source.before = before
    told = await merge(kitchen, hooks)
    assert told
    assert len(hooks.comments.bodies) == 1
    assert "#1 could not be roasted when it was merged" in (await kitchen.again(one)).last_decision
    assert await later(kitchen, hooks, hours=1) == ""


async def test_patience_at_merge_ends(kitchen, hooks):
    """A platform that stays away for a day is given up, in words, and is not asked more than some dozen times"""
    one = await kitchen.subscribe(options={"at_merge": True})
    hooks.comments, tries = None, []

    async def away(*_):
        tries.append(1)
        raise MessengerError("Slack is away.")

    kitchen.messenger.post_digest = away
    kitchen.messenger.find_digest = away
    assert await merge(kitchen, hooks) == ""
    words = [await later(kitchen, hooks, minutes=6) for _ in range(500)]
    assert [one for one in words if one] == ["Slack is away."]
    assert "Slack is away." in (await kitchen.again(one)).last_decision
    assert len(tries) < 24
    ((owner, answer),) = kitchen.messenger.told
    assert owner == one.created_by
    assert "#1 could not be roasted when it was merged: Slack is away." in answer.text


async def test_a_merge_is_not_lost_before_it_is_spread(kitchen, hooks):
    """A merge whose own job failed is taken up again"""
    await kitchen.subscribe(options={"at_merge": True})
    hooks.comments, subscriptions = None, kitchen.store.subscriptions

    async def away(*_):
        raise StoreError("The memory is away.")

    kitchen.store.subscriptions = away
    assert await merge(kitchen, hooks) == ""
    kitchen.store.subscriptions = subscriptions
    assert await later(kitchen, hooks, minutes=6) == ""
    assert len(kitchen.posts) == 1


async def test_enough_at_merge(kitchen, hooks):
    """What a workspace has merged beyond its share of a day waits until there is room again"""
    await kitchen.subscribe(options={"at_merge": True})
    hooks.comments, hooks.most_a_day = None, 1
    assert await merge(kitchen, hooks) == ""
    assert await merge(kitchen, hooks, 2, "d2") == ""
    assert len(kitchen.posts) == 1
    hooks.most_a_day = 2
    assert await later(kitchen, hooks, minutes=6) == ""
    assert len(kitchen.posts) == 2
