"""Leases and budgets, for processes that share. Adds only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_index("ix_leases_holder", "leases", ["holder"])
    op.create_table(
        "budgets",
        sa.Column("credential", sa.Text(), server_default="", nullable=False),
        sa.Column("resource", sa.Text(), server_default="", nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=True),
        sa.Column("reset_at", sa.BigInteger(), nullable=True),
        sa.Column("shut_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("credential", "resource", name="pk_budgets"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("budgets")
    op.drop_table("leases")
