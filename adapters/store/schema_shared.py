"""The tables of what processes share beyond jobs: leases and budgets."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from adapters.store.schema import Moment, metadata

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True, nullable=False, server_default=""),
    Column("holder", Text, nullable=False, server_default="", index=True),
    Column("until", Moment, nullable=False),
)

budgets = Table(
    "budgets",
    metadata,
    Column("credential", Text, primary_key=True, nullable=False, server_default=""),
    Column("resource", Text, primary_key=True, nullable=False, server_default=""),
    Column("remaining", Integer, nullable=True),
    Column("reset_at", Moment, nullable=True),
    Column("shut_until", Moment, nullable=True),
)
