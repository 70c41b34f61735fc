"""Every table says what it holds of people: a table or column that nobody classified fails here."""

import contextlib
import itertools
import json
import sqlite3
from datetime import UTC, datetime

import pytest
from fakes.memory import person, react, shown, verdict
from sqlalchemy import Boolean, DateTime, Text, insert

from adapters.store.belongings import BELONGINGS, NOBODYS, SOMEBODY, Somebody
from adapters.store.keys import person_key
from adapters.store.schema import Moment, metadata
from bot.digest_held import Kept
from bot.feedback import Meaning
from bot.ports_messenger import Answer, Tone
from bot.records import VerdictId

AL = person_key(person("al"))
HERS, BOBS = 1, 2
TABLES = {table.name: table for table in metadata.sorted_tables}


def columns_of(belongs):
    """Return the columns that a classification names."""
    named = {*belongs.logins, *belongs.people, *belongs.mentioning, *belongs.signed, *belongs.worded}
    return named | {name for name in (belongs.unless_open, belongs.follows) if name}


def test_every_table():
    """Each table of the schema is classified, and nothing is that is not there."""
    assert set(BELONGINGS) == set(TABLES), "classify it in adapters/store/belongings.py"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column(name):
    """Each column of text is either said to hold something of people or is of a kind that never does."""
    belongs, table = BELONGINGS.get(name), TABLES[name]
    assert belongs is not None, f"say in adapters/store/belongings.py what {name} holds of people"
    assert columns_of(belongs) <= set(table.c.keys())
    texts = {column.name for column in table.c if isinstance(column.type, Text)}
    assert texts - columns_of(belongs) <= NOBODYS, f"say whether these of {name} name anybody"
    held = {*belongs.logins, *belongs.people, *belongs.mentioning, *belongs.signed, *belongs.worded}
    assert held or belongs.why, f"say why {name} names nobody"


@pytest.mark.parametrize("name", [name for name, one in BELONGINGS.items() if one.follows])
def test_goes_along(name):
    """A table whose rows follow another's is tied to it by a key that deletes along."""
    keys = TABLES[name].c[BELONGINGS[name].follows].foreign_keys
    assert [key.ondelete for key in keys] == ["CASCADE"]


def filled(table, number):
    """Return a row that names Alice wherever it can: the first is hers, the second is Bob's and only mentions her."""
    belongs, row = BELONGINGS[table.name], {}
    for column in table.c:
        if column.name in {"id", "verdict_id"} or column.foreign_keys:
            row[column.name] = number
        elif isinstance(column.type, Boolean):
            row[column.name] = True
        elif isinstance(column.type, Moment) and (not column.nullable or column.name == belongs.unless_open):
            row[column.name] = datetime(2026, 5, 22, tzinfo=UTC)
        elif isinstance(column.type, DateTime) and not column.nullable:
            row[column.name] = datetime(2026, 5, 22)  # noqa: DTZ001 - as Slack's library keeps them
        elif isinstance(column.type, Text):
            row[column.name] = f"{column.name}-{number}"
    named = json.dumps({"said": f"@Alice and {AL} said so, because\nalice knows", "alice": [1]})
    row |= dict.fromkeys(belongs.signed, AL) | dict.fromkeys(belongs.worded, named)
    if number == HERS:
        row |= dict.fromkeys(belongs.logins, "Alice" if table.name == "subscriptions" else "alice")
        row |= dict.fromkeys(belongs.people, AL) | dict.fromkeys(belongs.mentioning, named)
    if table.name == "posts":
        row["kind"] = "card"
    if table.name == "verdict_bodies":
        author = "Alice" if number == HERS else "Bob"
        row["body"] = verdict(number, author=author, gist="As @alice said.\nAlice knows.").model_dump_json()
    return row


async def fill(store):
    """Put two such rows into every table."""
    async with store._write() as connection:
        for table, number in itertools.product(metadata.sorted_tables, (HERS, BOBS)):
            await connection.execute(insert(table).values(filled(table, number)))


async def naming_alice(store, path):
    """Return where her login or her key stands, by table and column."""
    await store.backup(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = [(name, row) for name in TABLES for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608
    return {
        (name, key)
        for name, row in rows
        for key in row.keys()  # noqa: SIM118 - a sqlite3.Row is no mapping
        if "alice" in str(row[key]).lower() or AL in str(row[key])
    }


async def test_forget_reaches_everything(store, tmp_path):
    """With rows in every table that name her wherever they can, nothing names her after ``forget``."""
    await fill(store)
    names = [(name, one.logins + one.people + one.mentioning + one.worded) for name, one in BELONGINGS.items()]
    held = {(name, column) for name, columns in names for column in columns}
    held |= {(name, column) for name, one in BELONGINGS.items() for column in one.signed}
    assert await naming_alice(store, tmp_path / "before") == held
    done = await store.forget("ALICE")
    assert await naming_alice(store, tmp_path / "after") == set()
    assert [post.verdict for post in done.changed] == [BOBS]
    kept = (await store.verdict(VerdictId(BOBS))).verdict
    assert kept.gist == f"As @{SOMEBODY} said.\n{SOMEBODY} knows."
    assert (await store.sizes())["users"] == 1


async def test_export_shows_everything(store):
    """Whatever ``forget`` would remove or take a name off is in the export, from every table that holds something."""
    await fill(store)
    out = await store.export("Alice")
    theirs = {name for name, one in BELONGINGS.items() if one.logins + one.people + one.mentioning}
    assert theirs <= set(out)
    assert all(len(out[name]) == 1 for name in theirs)
    signed = {(one["table"], one["column"]) for one in out["signed"]}
    assert signed == {(name, column) for name, one in BELONGINGS.items() for column in one.signed}
    assert out["mentioned_in"] == ["pull_request-2"]
    json.dumps(out)


async def test_forget_a_chat_user(store):
    """Somebody whose login was never linked is forgotten by their chat user as well."""
    verdict_id = await shown(store, author="Bob")
    await store.record_reaction(react("🔥", "al"))
    await store.forget("alice")
    assert (await store.verdict(verdict_id)).voices == {Meaning.FUNNY: 1}
    await store.forget("alice", [person("al")])
    assert (await store.verdict(verdict_id)).voices == {}


async def test_forget_a_word_of_ours(store):
    """Whose login is a word that records are written in is forgotten without harm to other people's"""
    others = await shown(store, author="Bob")
    before = (await store.verdict(others)).verdict
    for login in ("title", "text", "role", "merged", "medium", "charge", "facts"):
        mine = await shown(store, 8, author=login, gist=f"As @{login} said.")
        await store.forget(login)
        assert await store.verdict(mine) is None
        assert (await store.verdict(others)).verdict == before


@pytest.mark.parametrize("login", ["said", "week", "first", "done", "shown"])
def test_words_of_a_digest(login):
    """The same for what a digest's run keeps; what was said of them in it goes"""
    kept = Kept(first=f"For {login}.", said=Answer(title=f"{login} did", tone=Tone.DONE), notes=(f"@{login}",))
    left = Kept.model_validate_json(Somebody(login).redacted(kept.model_dump_json()))
    changes = {"title": f"{SOMEBODY} did"}
    assert left.said == kept.said.model_copy(update=changes)
    assert (left.first, left.notes) == (f"For {SOMEBODY}.", (f"@{SOMEBODY}",))
