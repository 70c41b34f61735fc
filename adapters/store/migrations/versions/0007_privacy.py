"""Remember what was said of private repositories, and which repositories are private.

Only additions: the version before goes on working. What is kept already is marked from the verdicts' own words.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 500


def upgrade() -> None:
    """Add the column and the table, and fill both."""
    op.add_column("verdicts", sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "private_repositories",
        sa.Column("repository", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository", name="pk_private_repositories"),
    )
    _mark()


def _mark() -> None:
    """Mark the private verdicts, and the repositories whose latest verdict is one."""
    verdicts = sa.table(
        "verdicts",
        *(sa.column(name) for name in ("id", "repository", "created_at")),
        sa.column("private", sa.Boolean()),
    )
    bodies = sa.table("verdict_bodies", sa.column("verdict_id"), sa.column("body"))
    repositories = sa.table("private_repositories", sa.column("repository"), sa.column("at"))
    private: dict[str, int | None] = {}
    connection, last = op.get_bind(), 0
    kept = sa.select(verdicts.c.id, verdicts.c.repository, verdicts.c.created_at, bodies.c.body)
    kept = kept.join(bodies, bodies.c.verdict_id == verdicts.c.id).order_by(verdicts.c.id).limit(_AT_ONCE)
    while rows := connection.execute(kept.where(verdicts.c.id > last)).all():
        last = rows[-1].id
        told = [(row, json.loads(row.body).get("private")) for row in rows]
        private |= {row.repository: row.created_at if said else None for row, said in told if said is not None}
        found = [row.id for row, said in told if said]
        connection.execute(sa.update(verdicts).where(verdicts.c.id.in_(found)).values(private=True))
    rows_new = [{"repository": name, "at": at} for name, at in private.items() if at is not None]
    if rows_new:
        connection.execute(sa.insert(repositories), rows_new)


def downgrade() -> None:
    """Drop both."""
    op.drop_table("private_repositories")
    op.drop_column("verdicts", "private")
