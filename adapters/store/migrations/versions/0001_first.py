"""The first schema.

Issue 5: verdicts, posts, reactions, taste, consent, appeals. In it from the start: subscriptions and
digest runs with a unique (subscription, period) for issue 8; jobs, handled events and effects with
their keys for issue 10; model usage, ETags and key-value meta for everyone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _ID, autoincrement=True, nullable=False)


def _reference(name: str) -> sa.Column[int]:
    return sa.Column(name, _ID, nullable=False)


def _texts(names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names.split()]


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _unique(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=True)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _amount(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(53), server_default="0", nullable=False)


def _at(name: str, *, known: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not known)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "asks",
        _id(),
        *_texts("platform workspace channel person"),
        _at("at"),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
    )
    op.create_index("ix_asks_at", "asks", ["at"])
    op.create_index("ix_asks_person_at", "asks", ["person", "at"])
    op.create_index("ix_asks_platform_workspace_at", "asks", ["platform", "workspace", "at"])
    op.create_table(
        "bindings",
        *_texts("platform workspace channel repository by"),
        _at("at"),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", "repository", name="pk_bindings"),
    )
    op.create_index("ix_bindings_repository", "bindings", ["repository"])
    op.create_table(
        "effects",
        *_texts("key holder"),
        _at("taken_at"),
        _at("confirmed_at", known=False),
        _text("result"),
        sa.PrimaryKeyConstraint("key", name="pk_effects"),
    )
    op.create_index("ix_effects_taken_at", "effects", ["taken_at"])
    op.create_table(
        "etags",
        *_texts("credential url etag"),
        _at("at"),
        sa.PrimaryKeyConstraint("credential", "url", name="pk_etags"),
    )
    op.create_table(
        "handled_events", _text("event"), _at("at"), sa.PrimaryKeyConstraint("event", name="pk_handled_events")
    )
    op.create_index("ix_handled_events_at", "handled_events", ["at"])
    op.create_table(
        "installations",
        *_texts("platform workspace name"),
        _at("installed_at"),
        _at("removed_at", known=False),
        sa.PrimaryKeyConstraint("platform", "workspace", name="pk_installations"),
    )
    op.create_table(
        "jobs",
        _id(),
        *_texts("kind payload platform workspace channel key"),
        _unique("live_key"),
        _count("priority"),
        *_texts("state holder"),
        _count("attempts"),
        _at("created_at"),
        _at("started_at", known=False),
        _at("finished_at", known=False),
        _text("error"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("live_key", name="uq_jobs_live_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state_priority_id", "jobs", ["state", "priority", "id"])
    op.create_table("meta", *_texts("key value"), sa.PrimaryKeyConstraint("key", name="pk_meta"))
    op.create_table(
        "model_usage",
        *_texts("day platform workspace model"),
        _count("calls"),
        sa.Column("input_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), server_default="0", nullable=False),
        _amount("cost_usd"),
        sa.PrimaryKeyConstraint("day", "platform", "workspace", "model", name="pk_model_usage"),
    )
    op.create_table(
        "opt_outs",
        _id(),
        *_texts("kind subject"),
        _unique("standing"),
        _text("by"),
        _at("at"),
        _text("undone_by"),
        _at("undone_at", known=False),
        sa.PrimaryKeyConstraint("id", name="pk_opt_outs"),
        sa.UniqueConstraint("standing", name="uq_opt_outs_standing"),
    )
    op.create_index("ix_opt_outs_kind_subject", "opt_outs", ["kind", "subject"])
    op.create_table(
        "place_settings",
        *_texts("platform workspace channel data"),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", name="pk_place_settings"),
    )
    op.create_table(
        "repository_months",
        *_texts("platform workspace repository month"),
        _count("verdicts"),
        _amount("score"),
        _count("acquitted"),
        sa.PrimaryKeyConstraint("platform", "workspace", "repository", "month", name="pk_repository_months"),
    )
    op.create_table(
        "subscriptions",
        _id(),
        *_texts("platform workspace channel"),
        _unique("standing"),
        *_texts("repository schedule timezone min_doneness person feed options"),
        _count("top"),
        _text("created_by"),
        _flag("from_config"),
        _at("created_at"),
        _text("paused"),
        _count("failures"),
        _at("ended_at", known=False),
        _at("last_ran_at", known=False),
        _text("last_decision"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("standing", name="uq_subscriptions_standing"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "taste",
        *_texts("platform workspace channel kind name"),
        _amount("hit"),
        _amount("miss"),
        _count("judged"),
        _count("condemned"),
        sa.PrimaryKeyConstraint("platform", "workspace", "channel", "kind", "name", name="pk_taste"),
    )
    op.create_table(
        "users", *_texts("person login confirmed_by data"), sa.PrimaryKeyConstraint("person", name="pk_users")
    )
    op.create_index("ix_users_login", "users", ["login"])
    op.create_table(
        "verdicts",
        _id(),
        *_texts("platform workspace channel"),
        _at("created_at"),
        *_texts("asker pull_request repository url author title epithet punchline doneness heat motif"),
        _count("number"),
        _amount("score"),
        _flag("acquitted"),
        _text("withdrawn"),
        _at("withdrawn_at", known=False),
        _count("voices_funny"),
        _count("voices_true"),
        _count("voices_harsh"),
        _count("voices_dull"),
        _count("voices_wrong"),
        _count("voices_thanks"),
        _amount("hit"),
        _amount("miss"),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verdicts_author_created_at", "verdicts", ["author", "created_at"])
    op.create_index("ix_verdicts_created_at", "verdicts", ["created_at"])
    op.create_index("ix_verdicts_funniest", "verdicts", ["platform", "workspace", "voices_funny"])
    op.create_index("ix_verdicts_lately", "verdicts", ["platform", "workspace", "created_at", "voices_funny", "id"])
    op.create_index("ix_verdicts_repository_number_created_at", "verdicts", ["repository", "number", "created_at"])
    op.create_table(
        "appeals",
        _id(),
        _reference("verdict_id"),
        *_texts("platform workspace channel exhibit offence ground person outcome reason"),
        _at("at"),
        _at("decided_at", known=False),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name="fk_appeals_verdict_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sa.UniqueConstraint(
            "verdict_id", "exhibit", "ground", "person", name="uq_appeals_verdict_id_exhibit_ground_person"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_appeals_platform_workspace_channel_offence", "appeals", ["platform", "workspace", "channel", "offence"]
    )
    op.create_table(
        "digest_runs",
        _text("run_id"),
        _reference("subscription_id"),
        *_texts("period state holder"),
        _at("claimed_at"),
        _at("lease_until"),
        _count("attempts"),
        *_texts("decision progress"),
        _at("finished_at", known=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_digest_runs_subscription_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name="pk_digest_runs"),
        sa.UniqueConstraint("subscription_id", "period", name="uq_digest_runs_subscription_id_period"),
    )
    op.create_table(
        "lines_used",
        _id(),
        _reference("verdict_id"),
        *_texts("platform workspace channel kind line"),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name="fk_lines_used_verdict_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_lines_used"),
    )
    op.create_index(
        "ix_lines_used_platform_workspace_channel_kind_id",
        "lines_used",
        ["platform", "workspace", "channel", "kind", "id"],
    )
    op.create_index("ix_lines_used_verdict_id", "lines_used", ["verdict_id"])
    op.create_table(
        "posts",
        _id(),
        *_texts("platform workspace channel message"),
        _reference("verdict_id"),
        *_texts("kind asker"),
        _at("posted_at"),
        _at("gone_at", known=False),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name="fk_posts_verdict_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint(
            "platform", "workspace", "channel", "message", name="uq_posts_platform_workspace_channel_message"
        ),
    )
    op.create_index("ix_posts_verdict_id", "posts", ["verdict_id"])
    op.create_table(
        "verdict_bodies",
        _reference("verdict_id"),
        _text("body"),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["verdicts.id"], name="fk_verdict_bodies_verdict_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_verdict_bodies"),
    )
    op.create_table(
        "verdict_features",
        _reference("verdict_id"),
        *_texts("kind name"),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["verdicts.id"], name="fk_verdict_features_verdict_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("verdict_id", "kind", "name", name="pk_verdict_features"),
    )
    op.create_index("ix_verdict_features_kind_name_verdict_id", "verdict_features", ["kind", "name", "verdict_id"])
    op.create_table(
        "reactions",
        _reference("post_id"),
        *_texts("person emoji"),
        _reference("verdict_id"),
        _text("meaning"),
        _flag("is_on"),
        _at("at"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_reactions_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name="fk_reactions_verdict_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "person", "emoji", name="pk_reactions"),
    )
    op.create_index("ix_reactions_person", "reactions", ["person"])
    op.create_index("ix_reactions_verdict_id_meaning_person", "reactions", ["verdict_id", "meaning", "person"])
    op.execute("INSERT INTO meta (key, value) VALUES ('oldest_program', '1')")


def downgrade() -> None:
    """Drop every table; this forgets everything."""
    for table in (
        "reactions",
        "verdict_features",
        "verdict_bodies",
        "posts",
        "lines_used",
        "digest_runs",
        "appeals",
        "verdicts",
        "users",
        "taste",
        "subscriptions",
        "repository_months",
        "place_settings",
        "opt_outs",
        "model_usage",
        "meta",
        "jobs",
        "installations",
        "handled_events",
        "etags",
        "effects",
        "bindings",
        "asks",
    ):
        op.drop_table(table)
