"""Find a channel's latest verdicts at once, and remember which clone a verdict was read from.

Only additions: the version before goes on working.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and make the index."""
    op.add_column("verdicts", sa.Column("read_from", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_verdicts_platform_workspace_channel_id", "verdicts", ["platform", "workspace", "channel", "id"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_verdicts_platform_workspace_channel_id", "verdicts")
    op.drop_column("verdicts", "read_from")
