"""Fair turns: where a job stands among those of every workspace.

Adds only: the program of the version before goes on working beside this one, and its jobs take the first turns.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give jobs their turn, and sort by it."""
    op.add_column("jobs", sa.Column("turn", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_jobs_state_priority_turn_id", "jobs", ["state", "priority", "turn", "id"])
    op.create_index("ix_jobs_platform_workspace_state", "jobs", ["platform", "workspace", "state"])
    op.drop_index("ix_jobs_state_priority_id", table_name="jobs")


def downgrade() -> None:
    """Take it back."""
    op.create_index("ix_jobs_state_priority_id", "jobs", ["state", "priority", "id"])
    op.drop_index("ix_jobs_platform_workspace_state", table_name="jobs")
    op.drop_index("ix_jobs_state_priority_turn_id", table_name="jobs")
    op.drop_column("jobs", "turn")
