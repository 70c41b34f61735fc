"""The tables. Times are microseconds since 1970 in UTC: one meaning on every database, and they sort.

A place is three columns (``platform``, ``workspace``, ``channel``), empty where it does not apply. A
person is one text key (see ``keys.py``). Counters beside the facts (voices on a verdict, ``taste``,
``repository_months``) are kept in the same transaction as the facts, so that reading them does not
grow with the past.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeDecorator

SCHEMA = 9
"""The number of the newest migration: ``migrations/versions/0009_…`` is 9."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Turn an aware datetime into microseconds."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn microseconds into an aware datetime."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


# SQLite numbers rows by itself only in a column that is declared INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False, server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _amount(name: str) -> Column[float]:
    return Column(name, Float(53), nullable=False, server_default="0")


def _at(name: str, *, known: bool = True) -> Column[datetime]:
    return Column(name, Moment, nullable=not known)


def _place(*, key: bool = False) -> tuple[Column[str], Column[str], Column[str]]:
    return _text("platform", key=key), _text("workspace", key=key), _text("channel", key=key)


def _verdict_id(*, key: bool = False) -> Column[int]:
    return Column("verdict_id", _Id, ForeignKey("verdicts.id", ondelete="CASCADE"), primary_key=key, nullable=False)


meta = Table("meta", metadata, _text("key", key=True), _text("value"))

installations = Table(
    "installations",
    metadata,
    _text("platform", key=True),
    _text("workspace", key=True),
    _text("name"),
    _at("installed_at"),
    _at("removed_at", known=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    _id(),
    *_place(),
    _at("created_at"),
    _text("asker"),
    *(_text(name) for name in ("pull_request", "repository", "url", "author", "title", "epithet", "punchline")),
    *(_text(name) for name in ("doneness", "heat", "motif")),
    _count("number"),
    _amount("score"),
    Column("acquitted", Boolean, nullable=False),
    Column("private", Boolean, nullable=False, server_default=false()),
    _text("withdrawn"),
    _at("withdrawn_at", known=False),
    _at("amended_at", known=False),
    _text("read_from"),
    *(_count(f"voices_{meaning}") for meaning in ("funny", "true", "harsh", "dull", "wrong", "thanks")),
    _amount("hit"),
    _amount("miss"),
    Index(None, "repository", "number", "created_at"),
    Index(None, "author", "created_at"),
    Index(None, "asker"),
    Index(None, "created_at"),
    Index(None, "platform", "workspace", "channel", "id"),
    Index("ix_verdicts_funniest", "platform", "workspace", "voices_funny", "id"),
    Index("ix_verdicts_lately", "platform", "workspace", "created_at", "voices_funny", "id"),
    sqlite_autoincrement=True,
)

# Apart from the rows that are searched, so that a scan does not drag whole verdicts along.
verdict_bodies = Table("verdict_bodies", metadata, _verdict_id(key=True), _text("body"))

verdict_features = Table(
    "verdict_features",
    metadata,
    _verdict_id(key=True),
    _text("kind", key=True),
    _text("name", key=True),
    Index(None, "kind", "name", "verdict_id"),
)

posts = Table(
    "posts",
    metadata,
    _id(),
    *_place(),
    _text("message"),
    _verdict_id(),
    _text("kind"),
    _text("asker"),
    _at("posted_at"),
    _at("gone_at", known=False),
    UniqueConstraint("platform", "workspace", "channel", "message"),
    Index(None, "verdict_id"),
    Index(None, "asker"),
)

reactions = Table(
    "reactions",
    metadata,
    Column("post_id", _Id, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    _text("person", key=True),
    _text("emoji", key=True),
    _verdict_id(),
    _text("meaning"),
    Column("is_on", Boolean, nullable=False),
    _at("at"),
    # With all that counting wants: a million rows are not looked up one by one.
    Index("ix_reactions_voices", "verdict_id", "meaning", "person", "is_on"),
    Index(None, "person"),
)

# ``hit`` and ``miss`` are scaled sums: see taste.SCALE. A row with channel '' is a workspace's; with
# workspace '' and platform '' it is everybody's.
taste = Table(
    "taste",
    metadata,
    *_place(key=True),
    _text("kind", key=True),
    _text("name", key=True),
    _amount("hit"),
    _amount("miss"),
    _count("judged"),
    _count("condemned"),
)

repository_months = Table(
    "repository_months",
    metadata,
    _text("platform", key=True),
    _text("workspace", key=True),
    _text("repository", key=True),
    _text("month", key=True),
    _count("verdicts"),
    _amount("score"),
    _count("acquitted"),
)

# What GitHub called private when it was last looked at: of verdicts from before that, too.
private_repositories = Table("private_repositories", metadata, _text("repository", key=True), _at("at"))

lines_used = Table(
    "lines_used",
    metadata,
    _id(),
    _verdict_id(),
    *_place(),
    _text("kind"),
    _text("line"),
    Index(None, "platform", "workspace", "channel", "kind", "id"),
    Index(None, "verdict_id"),
)

appeals = Table(
    "appeals",
    metadata,
    _id(),
    _verdict_id(),
    *_place(),
    *(_text(name) for name in ("exhibit", "offence", "ground", "person", "outcome", "reason")),
    _at("at"),
    _at("decided_at", known=False),
    UniqueConstraint("verdict_id", "exhibit", "ground", "person"),
    Index(None, "platform", "workspace", "channel", "offence"),
    Index(None, "person"),
    sqlite_autoincrement=True,
)

opt_outs = Table(
    "opt_outs",
    metadata,
    _id(),
    _text("kind"),
    _text("subject"),
    # One standing opt-out for each subject: set while it stands, NULL once undone.
    Column("standing", Text, unique=True),
    _text("by"),
    _at("at"),
    _text("undone_by"),
    _at("undone_at", known=False),
    Index(None, "kind", "subject"),
)

place_settings = Table("place_settings", metadata, *_place(key=True), _text("data"))

bindings = Table(
    "bindings",
    metadata,
    *_place(key=True),
    _text("repository", key=True),
    _text("by"),
    _at("at"),
    Index(None, "repository"),
)

users = Table(
    "users",
    metadata,
    _text("person", key=True),
    _text("login"),
    _text("confirmed_by"),
    _text("data"),
    Index(None, "login"),
)

asks = Table(
    "asks",
    metadata,
    _id(),
    *_place(),
    _text("person"),
    _at("at"),
    Index(None, "platform", "workspace", "at"),
    Index(None, "person", "at"),
    Index(None, "at"),
)

# Issue 8: subscriptions, and digest runs claimed by a unique (subscription, period).
subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    *_place(),
    Column("standing", Text, unique=True),
    *(_text(name) for name in ("repository", "schedule", "timezone", "min_doneness", "person", "feed", "options")),
    _count("top"),
    _text("created_by"),
    Column("from_config", Boolean, nullable=False),
    _at("created_at"),
    _text("paused"),
    _count("failures"),
    _at("ended_at", known=False),
    _at("last_ran_at", known=False),
    _text("last_decision"),
    sqlite_autoincrement=True,
)

digest_runs = Table(
    "digest_runs",
    metadata,
    _text("run_id", key=True),
    Column("subscription_id", _Id, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    _text("period"),
    _text("state"),
    _text("holder"),
    _at("claimed_at"),
    _at("lease_until"),
    _count("attempts"),
    _text("decision"),
    _text("progress"),
    _at("finished_at", known=False),
    UniqueConstraint("subscription_id", "period"),
)

# Issue 10: jobs of the embedded queue, written together with the acknowledgement.
jobs = Table(
    "jobs",
    metadata,
    _id(),
    _text("kind"),
    _text("payload"),
    *_place(),
    _text("key"),
    Column("live_key", Text, unique=True),
    _count("priority"),
    Column("turn", BigInteger, nullable=False, server_default="0"),
    _text("state"),
    _text("holder"),
    _count("attempts"),
    _at("created_at"),
    _at("started_at", known=False),
    _at("finished_at", known=False),
    _text("error"),
    Index(None, "state", "priority", "turn", "id"),
    Index(None, "platform", "workspace", "state"),
    sqlite_autoincrement=True,
)

handled_events = Table("handled_events", metadata, _text("event", key=True), _at("at"), Index(None, "at"))

effects = Table(
    "effects",
    metadata,
    _text("key", key=True),
    _text("holder"),
    _at("taken_at"),
    _at("confirmed_at", known=False),
    _text("result"),
    Index(None, "taken_at"),
)

model_usage = Table(
    "model_usage",
    metadata,
    _text("day", key=True),
    _text("platform", key=True),
    _text("workspace", key=True),
    _text("model", key=True),
    _count("calls"),
    Column("input_tokens", BigInteger, nullable=False, server_default="0"),
    Column("output_tokens", BigInteger, nullable=False, server_default="0"),
    _amount("cost_usd"),
)

# Issue 9: what was offered to the dev log. No foreign key: it outlives its verdict, so that a page can say it is gone.
publications = Table(
    "publications",
    metadata,
    Column("verdict_id", _Id, primary_key=True, autoincrement=False),
    Column("headline", Boolean, nullable=False),
    _at("offered_at"),
    _at("due_at"),
    _text("vetoed"),
    _at("vetoed_at", known=False),
)

# Nobody writes it any more: GitHub's ETags lie in a cache of files. It stays, for migrations only add, and is pruned.
etags = Table("etags", metadata, _text("credential", key=True), _text("url", key=True), _text("etag"), _at("at"))
