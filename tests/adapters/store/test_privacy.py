"""What is private, on both databases."""

import sqlalchemy as sa
from alembic import command
from fakes.memory import PLACE, react, shown, verdict

from adapters.store import open_store
from adapters.store.migrate import migrate, script_config
from bot.records import Place

HOME = Place(platform="slack", workspace="T1", channel="C2")


async def test_noted(store):
    """What GitHub says is kept by the repository's name, whatever its case, and changed back"""
    for private, found in ((True, {"acme/tools"}), (True, {"acme/tools"}), (False, set())):
        await store.note_privacy("Acme/Tools", private=private)
        assert await store.private_among(["ACME/tools", "acme/other"]) == found
    assert await store.private_among([]) == frozenset()


async def test_of_verdicts(store):
    """A verdict is private if its repository was then, or is by now"""
    public = await shown(store)
    assert not (await store.verdict(public)).private
    secret = await shown(store, 8, where="2", private=True)
    assert [(await store.verdict(one)).private for one in (public, secret)] == [True, True]
    await store.note_privacy("acme/tools", private=False)
    assert [(await store.verdict(one)).private for one in (public, secret)] == [False, True]
    kept = await store.verdict(secret)
    assert await store.amend_verdict(secret, verdict(8, title="Amended", private=True), was=kept.verdict)
    assert (await store.verdict(secret)).private


async def test_lists(store):
    """Lists for a reader have what is private or bound in its own channels alone, and all for nobody in particular"""
    await shown(store, private=True)
    await shown(store, 8, where="2", repository="acme/open")
    for where in ("1.1", "2"):
        await store.record_reaction(react(where=where))
    await store.bind(HOME, "Acme/Tools", "admin")

    async def names(reader):
        lists = [await store.funniest(PLACE, reader=reader), await store.record("alice", reader=reader)]
        found = [sorted(one.pull_request.lower() for one in some) for some in lists]
        return [*found, [one.repository for one in await store.repository_records(PLACE, reader=reader)]]

    both = ["acme/open#8", "acme/tools#7"]
    assert await names(None) == await names(HOME) == [both, both, ["acme/open", "acme/tools"]]
    assert await names(PLACE) == [both[:1], both[:1], ["acme/open"]]


async def test_kept_before(own_url):
    """What an older program kept is marked by what its verdicts say of themselves"""

    def to(connection):
        command.downgrade(script_config(connection), "0006")

    store = await open_store(own_url)
    try:
        secret, public = (
            await shown(store, private=True),
            await shown(store, 8, where="2", repository="a/b", private=False),
        )
        was, opened = (
            await shown(store, 1, where="3", repository="a/c", private=True),
            await shown(store, 2, where="4", repository="a/c", private=False),
        )
        async with store._writer.begin() as connection:
            await connection.run_sync(to)
        await migrate(store._engine)
        found = [(await store.verdict(one)).private for one in (secret, public, was, opened)]
        assert found == [True, False, True, False]
        assert await store.private_among(["acme/tools", "a/b", "a/c"]) == {"acme/tools"}
        async with store._engine.connect() as connection:
            assert (await connection.execute(sa.text("SELECT count(*) FROM private_repositories"))).scalar_one() == 1
    finally:
        await store.aclose()
