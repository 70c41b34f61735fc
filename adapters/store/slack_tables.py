"""The tables in which Slack's library keeps installations and their states, as it names and reads them.

Nothing here but the columns: ``adapters.slack.installs`` lends the database to ``slack_sdk``. They stand in our schema
so that migrations make them, and backups and PostgreSQL's roles cover them. A test compares them with the library's.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Table, Text

from adapters.store.schema import metadata


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text) for name in names]


def _common() -> list[Column[str]]:
    return [
        Column("client_id", Text, nullable=False),
        Column("app_id", Text, nullable=False),
        *_texts("enterprise_id", "enterprise_name", "team_id", "team_name"),
        *_texts("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token"),
    ]


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


bots = Table(
    "slack_bots",
    metadata,
    _id(),
    *_common(),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

installations = Table(
    "slack_installations",
    metadata,
    _id(),
    *_common(),
    Column("enterprise_url", Text),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", Text, nullable=False),
    *_texts("user_token", "user_scopes", "user_refresh_token"),
    Column("user_token_expires_at", DateTime),
    *_texts("incoming_webhook_url", "incoming_webhook_channel", "incoming_webhook_channel_id"),
    Column("incoming_webhook_configuration_url", Text),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", Text),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

states = Table(
    "slack_oauth_states",
    metadata,
    _id(),
    Column("state", Text, nullable=False),
    Column("expire_at", DateTime, nullable=False),
)
