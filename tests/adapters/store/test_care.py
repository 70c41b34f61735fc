"""Forget, export, prune, backup and restore."""

import asyncio
import json
import sqlite3
from datetime import timedelta

import pytest
from fakes.memory import NOON, PLACE, message, person, react, shown, verdict
from sqlalchemy import insert, select

from adapters.store import open_store, restore
from adapters.store.schema import etags, handled_events
from bot.errors import StoreError
from bot.feedback import Meaning
from bot.records import Ground, NewJob, NewSubscription, OptOutKind, RunState, UserSettings, VerdictId
from bot.verdict import Paragraph


async def full(store):
    """Fill a store with something of everything about Alice (chat user "al") and Bob."""
    first = await shown(store, 7, author="Alice", where="1")
    told = (Paragraph(text="A fix that @alice and alice-2 asked for.", exhibits=("e1",)),)
    second = await shown(store, 8, author="Bob", where="2", paragraphs=told, title="What ALICE wanted")
    await store.set_user_settings(person("al"), UserSettings(login="Alice", confirmed_by="admin"))
    await store.record_reaction(react("🔥", "al", where="2"))
    await store.record_reaction(react("🔥", "carol", where="2"))
    await store.open_appeal(second, "e1", "bare_assert", Ground.UNFAIR, person("al"))
    await store.claim_ask(PLACE, person("al"), [])
    await store.subscribe(NewSubscription(place=PLACE, repository="acme/tools", schedule="x", person="Alice", feed="f"))
    await store.opt_out(OptOutKind.LOGIN, "dave", by=str(person("al")))
    done = await store.enqueue(NewJob(kind="answer", payload={"asked": "alice/x#1"}))
    await store.finish_job(done)
    return first, second


def rows_of(path):
    """Return everything in a SQLite file as one text."""
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


async def test_forget(store, tmp_path):
    """After ``forget`` the whole store does not hold the login or the chat user any more, but in addresses."""
    first, second = await full(store)
    done = await store.forget("ALICE")
    assert await store.verdict(first) is None
    assert [post.message for post in done.posts] == [message("1")]
    kinds = ("verdicts", "reactions", "appeals", "asks", "users", "subscriptions", "mentions")
    assert {kind: done.removed[kind] for kind in kinds} == dict.fromkeys(kinds, 1)
    kept = (await store.verdict(second)).verdict
    assert kept.paragraphs[0].text == "A fix that @somebody and alice-2 asked for."
    assert kept.title == "What somebody wanted"
    await store.backup(tmp_path / "after")
    left = rows_of(tmp_path / "after").lower()
    assert "alice" not in left.replace("alice-2", "")
    assert "/al'" not in left


async def test_forget_takes_voices_back(store):
    """Voices of a forgotten person no longer count, those of others do."""
    _, second = await full(store)
    assert (await store.verdict(second)).voices == {Meaning.FUNNY: 2}
    await store.forget("alice")
    assert (await store.verdict(second)).voices == {Meaning.FUNNY: 1}


async def test_forget_keeps_the_no(store):
    """The opt-out itself outlives ``forget``, or the forgotten one would be roasted again; ``forget`` says so."""
    await store.opt_out(OptOutKind.LOGIN, "alice", by="alice")
    done = await store.forget("Alice")
    assert done.opted_out
    assert await store.opted_out(OptOutKind.LOGIN, ["alice"]) == {"alice"}
    assert [one.by for one in await store.opt_outs()] == [""]


async def test_forget_what_waits(store):
    """What somebody asked for and still waits is called off, what others ask for stays, and posts lose who asked"""
    al, bob = (person(name).model_dump() for name in ("al", "bob"))
    await store.set_user_settings(person("al"), UserSettings(login="Alice", confirmed_by="admin"))
    waiting = {
        "roast": [{"ask": {"typed": "a/b#1", "person": al}}, {"ask": {"typed": "a/b#2", "person": bob}}],
        "heard": [{"said": [{"words": "x", "person": al}, {"words": "optout alice", "person": bob}]}],
        "all hers": [{"said": [{"words": "x", "person": al}]}],
        "redraw": [{"posts": [{"asker": al, "kind": "card"}, {"asker": bob, "kind": "card"}]}],
    }
    for kind, payloads in waiting.items():
        for payload in payloads:
            await store.enqueue(NewJob(kind=kind, payload=payload))
    running = await store.next_job("p", ["roast"])
    assert (await store.forget("alice")).removed["jobs"] == 2
    left = {job.kind: job.payload for job in await store.jobs()}
    assert left == {
        "roast": waiting["roast"][1],
        "heard": {"said": [{"words": "optout alice", "person": bob}]},
        "redraw": {"posts": [{"asker": None, "kind": "card"}, {"asker": bob, "kind": "card"}]},
    }
    await store.finish_job(running.id)  # whoever works on it finds it gone, and ends in peace


async def test_ended_jobs_keep_no_people(store):
    """Of a job that ended what was asked for is kept, and plain figures: no person, no words, no address of an answer"""
    ask = {"typed": "a/b#1", "person": person("al").model_dump(), "reply": {"response_url": "https://x"}}
    for payload in ({"ask": ask}, {"said": [{"words": "hello"}]}, {"repository": "a/b", "number": 7}):
        job = await store.enqueue(NewJob(kind="k", payload=payload))
        await store.finish_job(job)
    kept = [job.payload for job in await store.jobs(unfinished=False, newest=True)]
    assert kept == [{"repository": "a/b", "number": 7}, {}, {"ask": {"typed": "a/b#1"}}]


async def test_forget_looks_as_a_reader(store, monkeypatch):
    """While others' words are looked through, others write; what they write meanwhile is looked through as well"""
    await shown(store, 8, author="Bob", where="1", gist="As alice said.")
    seek, written = type(store)._seek, []

    async def meanwhile(self, who):
        sought = await seek(self, who)
        written.append(await shown(store, 9, author="Bob", where="2", gist="Alice again."))
        return sought

    monkeypatch.setattr(type(store), "_seek", meanwhile)
    done = await store.forget("alice")
    assert done.removed["mentions"] == 2
    assert (await store.verdict(written[0])).verdict.gist == "somebody again."


async def test_forget_slice_by_slice(store, monkeypatch):
    """More words than are read at once are all looked through, and all that name somebody are changed"""
    monkeypatch.setattr("adapters.store.forgetting._SLICE", 3)
    monkeypatch.setattr("adapters.store.forgetting._MANY", 2)
    for number in range(1, 12):
        gist = f"As alice said, {number}." if number % 2 else "Nobody said so."
        await shown(store, number, author="Bob", where=str(number), gist=gist)
    assert len((await store.export("alice"))["mentioned_in"]) == 6
    done = await store.forget("alice")
    assert (done.removed["mentions"], len(done.changed)) == (6, 6)
    assert (await store.export("alice"))["mentioned_in"] == []


async def test_forget_a_stranger(store):
    """Forgetting somebody unknown removes nothing."""
    await full(store)
    before = await store.sizes()
    assert not any((await store.forget("zoe")).removed.values())
    assert await store.sizes() == before


async def test_export(store):
    """An export is JSON and has every kind of thing that is kept on the login, and nothing on others."""
    await full(store)
    out = json.loads(json.dumps(await store.export("alice")))
    assert [one["verdict"]["pull_request"] for one in out["verdicts"]] == ["acme/Tools#7"]
    assert out["mentioned_in"] == ["acme/Tools#8"]
    assert [one["emoji"] for one in out["reactions"]] == ["fire"]
    for kind in ("appeals", "subscriptions", "users", "asks"):
        assert len(out[kind]) == 1, kind
    assert "carol" not in json.dumps(out)


async def test_prune(store, watch):
    """Pruning forgets what is older than the retention and bookkeeping of no more use, and nothing else."""
    old = await shown(store, 1, where="1")
    await store.record_reaction(react(where="1"))
    await store.claim_event("old")
    await store.claim_effect("begun", "p")
    watch.forward(days=100)
    new = await shown(store, 2, where="2")
    await store.claim_event("new")
    removed = await store.prune(timedelta(days=90))
    assert (removed["verdicts"], removed["handled_events"], removed["effects"]) == (1, 1, 0)
    assert await store.verdict(old) is None
    assert await store.verdict(new) is not None
    assert (await store.sizes())["reactions"] == 0
    assert not await store.claim_event("new")


async def test_prune_in_batches(store, watch):
    """More old events than fit into one batch go in one call."""
    old = [{"event": f"e{number}", "at": watch.now()} for number in range(1100)]
    async with store._write() as connection:
        await connection.execute(insert(handled_events), old)
    watch.forward(days=8)
    assert (await store.prune(timedelta(days=9)))["handled_events"] == 1100


async def test_prune_one_of_two_keys(store, watch):
    """Of what has two keys only the old row goes, not all that share its first key"""
    rows = [{"credential": "token", "url": url, "etag": "a", "at": watch.now() + later}
            for url, later in (("/old", timedelta()), ("/new", timedelta(days=91)))]  # fmt: skip
    async with store._write() as connection:
        await connection.execute(insert(etags), rows)
    watch.forward(days=91)
    assert (await store.prune(timedelta(days=900)))["etags"] == 1
    async with store._read() as connection:
        assert (await connection.execute(select(etags.c.url))).scalars().all() == ["/new"]


async def test_prune_runs(store, watch):
    """Runs of digests go with the retention; the last of a subscription stays without what it was made of"""
    wish = NewSubscription(place=PLACE, repository="acme/tools", schedule="x")
    one = await store.subscribe(wish)
    for period in ("2026-05-01T16:00:00Z", "2026-05-08T16:00:00Z", "2026-05-09T16:00:00Z now"):
        run = await store.claim_run(one.id, period, "p", timedelta(minutes=2))
        run = run.model_copy(update={"progress": {"repository": "acme/tools"}})
        assert await store.finish_run(run, RunState.POSTED, "Told acme/tools#1.")
    await store.claim_run(one.id, "2026-05-10T16:00:00Z now", "p", timedelta(minutes=2))
    watch.forward(days=8)
    assert (await store.prune(timedelta(days=9)))["digest_runs"] == 0
    assert (await store.prune(timedelta(days=7)))["digest_runs"] == 2
    left = {run.period: (run.state, run.progress, run.decision) for run in await store.runs(one.id)}
    assert left == {
        "2026-05-08T16:00:00Z": (RunState.POSTED, {}, ""),
        "2026-05-10T16:00:00Z now": (RunState.CLAIMED, {}, ""),
    }


async def test_prune_what_belongs_to_nobody(store, watch):
    """Notes on pictures of forgotten cards, leases and beats of dead processes go, those that are in use stay"""
    await shown(store, 1, where="1")
    there = message("1").place
    for where in ("1", "2"):
        await store.set_meta(f"slack:picture:{there.workspace}:{there.channel}:{where}", "F1")
    await store.set_meta("pruned", "x")
    await store.set_meta("queue:here:1", f"killed {watch.now().isoformat()}")
    await store.set_meta("queue:here:2", "damaged")
    await store.hold(["shard 1"], "dead", timedelta(seconds=30), 1)
    watch.forward(days=2)
    await store.set_meta("queue:here:3", f"alive {watch.now().isoformat()}")
    await store.hold(["shard 2"], "alive", timedelta(seconds=30), 1)
    removed = await store.prune(timedelta(days=90))
    assert (removed["meta"], removed["leases"]) == (3, 1)
    assert [await store.meta(f"queue:here:{number}") is None for number in (1, 2, 3)] == [True, True, False]
    assert await store.meta(f"slack:picture:{there.workspace}:{there.channel}:1") == "F1"
    assert await store.meta("pruned") == "x"


async def test_backup_while_writing(store, tmp_path):
    """A backup made under writes is a store of its own that opens, whole, with every write acknowledged before it."""
    acknowledged = []

    async def write():
        for number in range(1, 25):
            acknowledged.append(await shown(store, number, where=str(number)))
            if number == 5:
                enough.set()
            await store.record_reaction(react(where=str(number)))

    enough = asyncio.Event()
    writer = asyncio.create_task(write())
    await enough.wait()
    before = list(acknowledged)
    assert await store.backup(tmp_path / "copy.sqlite3") > 0
    await writer
    copy = await open_store(f"sqlite:///{tmp_path}/copy.sqlite3")
    try:
        await copy.check()
        for verdict_id in before:
            assert (await copy.verdict(verdict_id)).verdict == (await store.verdict(verdict_id)).verdict
        sizes = await copy.sizes()
        assert sizes["posts"] in {sizes["verdicts"], sizes["verdicts"] - 1}
    finally:
        await copy.aclose()
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy.sqlite3"]


async def test_backup_and_restore(store, tmp_path, request):
    """What was backed up on either database can be restored into the other, and goes on being numbered."""
    _, second = await full(store)
    await store.backup(tmp_path / "copy")
    if "sqlite" in request.node.callspec.id:
        from fakes.postgres import postgres_url

        server = request.getfixturevalue("postgres_template")
        server.psql("CREATE DATABASE restored TEMPLATE template_roast;")
        target = postgres_url(server, "restored")
    else:
        target = f"sqlite:///{tmp_path}/restored"
    await restore(tmp_path / "copy", target)
    other = await open_store(target)
    try:
        assert await other.verdict(second) == await store.verdict(second)
        assert await other.sizes() == await store.sizes()
        assert await other.export("alice") == await store.export("alice")
        assert await other.save_verdict(verdict(9), PLACE) == second + 1
        with pytest.raises(StoreError, match="not empty"):
            await restore(tmp_path / "copy", target)
    finally:
        await other.aclose()


async def test_backup_to_nowhere(store, tmp_path):
    """A backup into a folder that is not there says so and leaves nothing behind."""
    with pytest.raises(StoreError, match=r"no folder|cannot be opened"):
        await store.backup(tmp_path / "none" / "copy")


async def test_no_code_is_kept(store):
    """Of the pull request only what the verdict itself holds is kept: no table has room for a patch or a body."""
    await shown(store)
    sizes = await store.sizes()
    assert {name for name, rows in sizes.items() if rows} == {
        *("meta", "verdicts", "verdict_bodies", "verdict_features", "posts", "lines_used", "repository_months")
    }
    assert (await store.verdict(VerdictId(1))).created_at == NOON
