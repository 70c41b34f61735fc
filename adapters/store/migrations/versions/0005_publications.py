"""Issue 9: what was offered to the dev log, and when a verdict was last amended. It only adds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column."""
    op.add_column("verdicts", sa.Column("amended_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "publications",
        sa.Column(
            "verdict_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("headline", sa.Boolean(), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("vetoed", sa.Text(), server_default="", nullable=False),
        sa.Column("vetoed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_publications"),
    )


def downgrade() -> None:
    """Forget what was published."""
    op.drop_table("publications")
    op.drop_column("verdicts", "amended_at")
