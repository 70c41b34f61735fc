"""Whose is what: every table with what it holds of people, and what becomes of it when one of them is forgotten.

``forget`` and ``export`` work through this list and know no table by themselves. A test walks the schema: a
table that is not listed here, or a column of text that is neither listed nor in ``NOBODYS``, fails it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, false, func, or_

from adapters.store import slack_tables
from adapters.store.keys import person_key, person_of
from adapters.store.own_words import is_choice, is_field
from bot.records import Person

SOMEBODY = "somebody"
"""What stands where a name stood."""


@dataclass(frozen=True, slots=True)
class Belongs:
    """What one table holds of people, by column.

    ``logins`` and ``people`` make a row theirs alone: it goes. So does one whose ``mentioning`` text names them, once
    the moment in ``unless_open`` is over. ``signed`` is emptied (or filled with the word given), since others still
    need the row. In ``worded`` text and JSON their name is struck out. ``follows`` names the column through which
    rows go together with those of another table. ``why`` says why the rest may stay.
    """

    logins: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    mentioning: tuple[str, ...] = ()
    unless_open: str = ""
    signed: Mapping[str, str] = field(default_factory=dict)
    worded: tuple[str, ...] = ()
    follows: str = ""
    why: str = ""


BELONGINGS: Mapping[str, Belongs] = {
    "appeals": Belongs(people=("person",), worded=("reason",), follows="verdict_id"),
    "asks": Belongs(people=("person",)),
    "bindings": Belongs(signed={"by": ""}),
    "budgets": Belongs(why="what credentials may still ask, by fingerprint"),
    "digest_runs": Belongs(worded=("decision", "progress"), follows="subscription_id"),
    "effects": Belongs(worded=("result",)),
    "etags": Belongs(mentioning=("url",)),
    "handled_events": Belongs(why="ids of the platforms' events"),
    "installations": Belongs(why="workspaces, no people"),
    "jobs": Belongs(
        mentioning=("payload", "error"), unless_open="finished_at", why="what waits of theirs is called off by itself"
    ),
    "leases": Belongs(why="which process holds what"),
    "lines_used": Belongs(mentioning=("line",), follows="verdict_id"),
    "meta": Belongs(why="the program's own notes"),
    "model_usage": Belongs(why="sums by workspace"),
    "opt_outs": Belongs(
        signed={"by": "", "undone_by": SOMEBODY}, why="the opt-out itself stays, or the forgotten would be roasted anew"
    ),
    "place_settings": Belongs(worded=("data",)),
    "posts": Belongs(signed={"asker": ""}, follows="verdict_id"),
    "private_repositories": Belongs(why="names of repositories"),
    "publications": Belongs(worded=("vetoed",), why="numbers of verdicts: a page can say that it is gone"),
    "reactions": Belongs(people=("person",), follows="verdict_id"),
    "repository_months": Belongs(why="sums by repository"),
    "slack_bots": Belongs(why="tokens of workspaces, no people"),
    "slack_installations": Belongs(signed={"user_id": SOMEBODY}, why="the same; the bot stands for who installed it"),
    "slack_oauth_states": Belongs(why="made up, and gone after ten minutes"),
    "subscriptions": Belongs(
        logins=("person",), signed={"created_by": ""}, worded=("options", "paused", "last_decision")
    ),
    "taste": Belongs(why="sums by offence, motif, angle, heat and length"),
    "users": Belongs(logins=("login",), people=("person",), signed={"confirmed_by": SOMEBODY}, worded=("data",)),
    "verdict_bodies": Belongs(worded=("body",), follows="verdict_id"),
    "verdict_features": Belongs(follows="verdict_id", why="kinds of exhibits"),
    "verdicts": Belongs(
        logins=("author",), signed={"asker": ""}, worded=("title", "epithet", "punchline", "withdrawn")
    ),
}

NOBODYS = frozenset(
    {
        # Addresses; the others are words of our own.
        *("platform", "workspace", "channel", "message", "repository", "pull_request", "url", "read_from"),
        *("kind", "state", "outcome", "ground", "meaning", "doneness", "heat", "motif", "offence", "exhibit"),
        *("key", "live_key", "holder", "event", "run_id", "period", "credential", "etag", "model", "day", "month"),
        *(set(slack_tables.installations.c.keys()) - {"user_id"}),
        *("resource", "schedule", "timezone", "min_doneness", "feed", "emoji", "name", "value", "subject", "standing"),
    }
)
"""Columns of text that never name a person, whatever table they are in; but for an address and an opt-out."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A login in lower case with the keys of the chat users who are known to be that person."""

    login: str
    keys: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """All forms in which a signature may name them."""
        people = [str(person) for key in self.keys if (person := person_of(key))]
        return tuple(dict.fromkeys([self.login, *self.keys, *people]))

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds them in words: whole names only, and none inside of an address."""
        names = "|".join(re.escape(one) for one in self.spellings)
        return re.compile(rf"(?<![\w/-])(?:{names})(?![\w/-])", re.IGNORECASE)

    def owns(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that a row is theirs alone."""
        belongs = BELONGINGS[table.name]
        found = [self.owns_alone(table), *(self.named_in(table, name) for name in belongs.mentioning)]
        return or_(*found)

    def owns_alone(self, table: Table) -> ColumnElement[bool]:
        """Return the same without what only names them."""
        belongs = BELONGINGS[table.name]
        found = [_is_login(table, name, self.login) for name in belongs.logins]
        found += [table.c[name].in_(self.keys) for name in belongs.people if self.keys]
        return or_(*found) if found else false()

    def signs(self, table: Table, column: str) -> ColumnElement[bool]:
        """Return the condition that a column is signed by them."""
        users = [person.user for key in self.keys if (person := person_of(key))] if column == "user_id" else []
        return table.c[column].in_([*self.spellings, *users])

    def named_in(self, table: Table, column: str) -> ColumnElement[bool]:
        """Return the condition that a text may name them; ``pattern`` decides where their name is only part of one."""
        text = func.lower(table.c[column])
        users = [person.user for key in self.keys if (person := person_of(key))]
        quoted = [form.format(json.dumps(user.lower())) for user in users for form in ('"user": {}', '"user":{}')]
        wanted = [*(one.lower() for one in self.spellings), *quoted]
        return or_(*(text.contains(one, autoescape=True) for one in wanted))

    def without_person(self, payload: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a waiting job's payload without them, or nothing where it is all theirs: an ask, words of theirs."""
        left = dict(payload)
        for name, kept in payload.items():
            if isinstance(kept, dict) and self._is(kept.get("person")):
                return None
            if isinstance(kept, list):
                rest = [one for one in kept if not (isinstance(one, dict) and self._is(one.get("person")))]
                if kept and not rest:
                    return None
                left[name] = [self._unasked(one) if isinstance(one, dict) else one for one in rest]
        return left

    def _unasked(self, post: Mapping[str, Any]) -> dict[str, Any]:
        return {name: None if name == "asker" and self._is(value) else value for name, value in post.items()}

    def _is(self, person: Any) -> bool:
        """Whether a person kept as JSON is them."""
        if not isinstance(person, dict):
            return False
        kept = {name: str(person.get(name) or "") for name in ("platform", "workspace", "user")}
        return person_key(Person(**kept)) in self.keys

    def redacted(self, text: str) -> str:
        """Return a text, or a JSON value as text, without them."""
        try:
            value = json.loads(text)
        except ValueError:
            return self.pattern.sub(SOMEBODY, text)
        clean = _without(value, self.pattern)
        return text if clean == value else json.dumps(clean, ensure_ascii=False)


def _is_login(table: Table, column: str, login: str) -> ColumnElement[bool]:
    # Verdicts and users keep logins in lower case, and there the index is wanted.
    kept_low = table.name in {"verdicts", "users"}
    return table.c[column] == login if kept_low else func.lower(table.c[column]) == login


def _without(value: Any, name: re.Pattern[str], field: str = "") -> Any:
    if isinstance(value, str):
        return value if is_choice(value, field) else name.sub(SOMEBODY, value)
    if isinstance(value, list):
        return [_without(item, name, field) for item in value]
    if isinstance(value, dict):
        return {
            key if is_field(key, field) else name.sub(SOMEBODY, key): _without(item, name, key)
            for key, item in value.items()
        }
    return value
