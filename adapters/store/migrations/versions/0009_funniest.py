"""The index of the funniest in the whole order that is asked for: many are equally funny, and none is sorted.

No data changes: the version before goes on working.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAME, _COLUMNS = "ix_verdicts_funniest", ["platform", "workspace", "voices_funny"]


def upgrade() -> None:
    """Make it anew, with the number at its end."""
    op.drop_index(_NAME, "verdicts")
    op.create_index(_NAME, "verdicts", [*_COLUMNS, "id"])


def downgrade() -> None:
    """Put the old one back."""
    op.drop_index(_NAME, "verdicts")
    op.create_index(_NAME, "verdicts", _COLUMNS)
