"""What stands on a pull request or in a channel after a merge: nobody else's markup, and the verdict as it is by now."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from digest_hooks import later, merge
from digest_kitchen import HERE
from fakes.memory import exhibit, shown, verdict
from markdown_it import MarkdownIt

from bot import parts
from bot.appeals import strike
from bot.errors import UnavailableError
from bot.exhibit import Receipt, Where
from bot.records import PostKind
from bot.settings import Settings
from bot.webhooks import comment_of

BRACKETED = Receipt(where=Where.FILE, path="a)![x](b.py", quote="x", url="https://github.com/acme/a)![x](b.py")


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
