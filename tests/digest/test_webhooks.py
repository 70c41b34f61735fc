"""GitHub's webhook: signed, heard once, believed in nothing but its names; and what becomes of a merge."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from digest_kitchen import FRIDAY, HERE
from fakes.github import FakeGitHub
from fakes.memory import exhibit, shown, verdict
from fakes.weeks import made_up, target_of
from markdown_it import MarkdownIt

from adapters.github.source import GitHubSource
from adapters.web.app import make_app
from adapters.web.webhook import webhook_app
from bot import parts
from bot.appeals import strike
from bot.errors import AccessError, MessengerError, StoreError, UnavailableError
from bot.exhibit import Receipt, Where
from bot.records import JobState, PostKind
from bot.repository_rules import RepositoryRules
from bot.settings import Settings
from bot.webhooks import MERGED, PATH, Hooks, comment_of, merged_in, signed

SECRET = "It is soup"
BRACKETED = Receipt(where=Where.FILE, path="a)![x](b.py", quote="x", url="https://github.com/acme/a)![x](b.py")


class Remarks:
    """Remarks on pull requests, in memory."""

    def __init__(self):
        self.bodies = []
        self.error = None

    async def find(self, repository, number, marker):
        """Look."""
        return next((str(at) for at, body in enumerate(self.bodies, 1) if marker in body), "")

    async def post(self, repository, number, body):
        """Put one there."""
        self.bodies.append(body)
        if self.error:
            raise self.error
        return str(len(self.bodies))

    async def edit(self, repository, remark, body):
        """Put other words into one."""
        self.bodies[int(remark) - 1] = body


def event(number=1, *, action="closed", merged=True, repository="acme/soup"):
    """Return a delivery's body."""
    told = {
        "action": action,
        "pull_request": {"number": number, "merged": merged},
        "repository": {"full_name": repository},
    }
    return json.dumps(told).encode()


def headers(body, delivery="d1", *, secret=SECRET, name="pull_request"):
    """Return a delivery's headers."""
    mark = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={mark}", "x-github-delivery": delivery, "x-github-event": name}


@pytest.fixture
def hooks(kitchen):
    """The ear, over a kitchen whose repository asks for remarks."""

    async def rules(repository):
        return RepositoryRules(comment=True)

    kitchen.desk.read_rules = rules
    return Hooks(kitchen.desk, SECRET, target_of, Remarks())


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


async def merge(kitchen, hooks, number=1, delivery="d1"):
    """Have a merge delivered and worked off; return what ended in words."""
    body = event(number)
    assert (await hooks.hear(headers(body, delivery), body))[0] == 202
    return await work_off(kitchen, hooks)


async def work_off(kitchen, hooks):
    """Work off what waits, and what that makes; return what ended in words."""
    words = []
    while job := await kitchen.store.next_job("worker", [MERGED]):
        words.append(await hooks.work(job))
        await kitchen.store.finish_job(job.id, words[-1])
    return " ".join(filter(None, words))


async def later(kitchen, hooks, **by):
    """Let time pass, and what was hindered be tried again."""
    kitchen.watch.forward(**by)
    await hooks.sweep()
    return await work_off(kitchen, hooks)


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


@pytest.mark.parametrize(
    "hostile",
    [
        r"\[click\](https://evil.example)",
        r"\!\[pixel\](https://evil.example/p.png)",
        r"\`[click](https://evil.example)`",
        "``[click](https://evil.example)`",
        "see https://evil.example or www.evil.example",
    ],
)
def test_comment_is_harmless_as_markdown(hostile):
    """No link or image of somebody's words comes alive, neither by a backslash nor by a code span that is none"""
    charge = exhibit("e1").model_copy(update={"summary": hostile, "receipts": (BRACKETED,)})
    said = MarkdownIt("gfm-like", {"linkify": False}).render(
        comment_of(verdict(title=hostile, punchline=hostile, exhibits=(charge,)))
    )
    assert re.findall(r'(?:href|src)="(.*?)"', said) == ["https://github.com/acme/a%29!%5Bx%5D%28b.py"]
    assert "https://evil" not in re.sub(r"<code>.*?</code>", "", said)
    assert "www.evil" not in said


def test_code_in_a_comment():
    """Code is shown as it is, brackets and signs and all"""
    said = MarkdownIt().render(comment_of(verdict(punchline="`items[0] < @x` is `not` it.")))
    assert "<code>items[0] &lt; @x</code> is <code>not</code> it." in said


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


async def test_only_our_remark(kitchen, hooks):
    """A remark of somebody's that looks like ours is not taken for it: ours is put there, theirs is never changed"""
    theirs = "<!-- roast-bot verdict #1 --> Mine."
    hooks.comments.bodies.append(theirs)
    kitchen.desk.remarks = hooks
    assert await merge(kitchen, hooks) == ""
    assert len(hooks.comments.bodies) == 2
    await kitchen.say("optout ada")
    await kitchen.work()
    assert hooks.comments.bodies == [theirs, "This roast was taken down: ada prefers not to be roasted."]


async def test_remark_follows_its_verdict(kitchen, hooks):
    """A remark loses what an appeal struck, and comes back when its roast is put back"""
    kitchen.desk.remarks = hooks
    assert await merge(kitchen, hooks) == ""
    (stored,) = await kitchen.store.verdicts(limit=5)
    whole = hooks.comments.bodies[0]
    charge = next(one for one in stored.verdict.exhibits if one.is_charge)
    amended = strike(stored.verdict, charge.id, "My mistake.")
    await kitchen.store.amend_verdict(stored.id, amended, was=stored.verdict)
    await kitchen.desk.redraw(await kitchen.store.posts(stored.id))
    assert hooks.comments.bodies[0] != whole
    assert "Struck on appeal" in hooks.comments.bodies[0]
    await kitchen.say(f"withdraw {stored.id}", admin=True)
    await kitchen.store.restore_verdict(stored.id)
    await kitchen.desk.redraw(await kitchen.store.posts(stored.id))
    assert "Struck on appeal" in hooks.comments.bodies[0]


async def test_a_roast_at_merge_is_a_story(kitchen, hooks):
    """What is posted at merge is noted as the whole story that it is, so that appeals reach it"""
    await kitchen.subscribe(options={"at_merge": True})
    hooks.comments = None
    assert await merge(kitchen, hooks) == ""
    (stored,) = await kitchen.store.verdicts(limit=5)
    assert [post.kind for post in await kitchen.store.posts(stored.id)] == [PostKind.FULL]


async def test_somebodys_own_roast_is_not_ours(kitchen, hooks):
    """What somebody had asked for before the merge is not told again in its place after a fault"""
    await kitchen.subscribe(options={"at_merge": True})
    hooks.comments = None
    before = await shown(kitchen.store, 1, repository="acme/soup", title="The old one", place=HERE)
    kitchen.source.before = lambda _: (_ for _ in ()).throw(UnavailableError("GitHub is down."))
    assert await merge(kitchen, hooks) == ""
    kitchen.source.before = lambda _: None
    assert await later(kitchen, hooks, minutes=6) == ""
    (post,) = kitchen.posts
    assert post.answer.title != (await kitchen.store.verdict(before)).verdict.title


def test_bounds_in_force(kitchen):
    """The bot that is put together has what the settings say of merges: patience, and how many a day"""
    settings = Settings(github={"webhook_secret": "s"}, scheduler={"most_a_day": 7, "patience_hours": 3})
    tools = SimpleNamespace(source=kitchen.source, hosts=frozenset({"github.com"}))
    made = parts._hooks_of(kitchen.desk, settings, tools, None)
    assert (made.most_a_day, made.patience) == (7, timedelta(hours=3))
