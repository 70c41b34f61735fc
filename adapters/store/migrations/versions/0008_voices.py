"""Indices for what people wait for: counting voices out of the index alone, and finding what somebody signed.

No data changes: the version before goes on working.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = "ix_reactions_verdict_id_meaning_person"
_SIGNED = (("verdicts", "asker"), ("posts", "asker"), ("appeals", "person"))


def upgrade() -> None:
    """Make the new ones."""
    op.create_index("ix_reactions_voices", "reactions", ["verdict_id", "meaning", "person", "is_on"])
    op.drop_index(_BEFORE, "reactions")
    for table, column in _SIGNED:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Put the old one back."""
    for table, column in _SIGNED:
        op.drop_index(f"ix_{table}_{column}", table)
    op.create_index(_BEFORE, "reactions", ["verdict_id", "meaning", "person"])
    op.drop_index("ix_reactions_voices", "reactions")
