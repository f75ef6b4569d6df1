"""Counts of the rollup may be sums of milliseconds; what is new to it is counted from the start."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen(sa.Integer(), sa.BigInteger())
    op.execute("DELETE FROM rollup_mark")  # the journals are read again, for the new facts


def downgrade() -> None:
    op.execute("DELETE FROM daily_count")
    op.execute("DELETE FROM rollup_mark")
    _widen(sa.BigInteger(), sa.Integer())


def _widen(before: sa.types.TypeEngine[int], after: sa.types.TypeEngine[int]) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite has one kind of integer
        op.alter_column("daily_count", "n", existing_type=before, type_=after)
