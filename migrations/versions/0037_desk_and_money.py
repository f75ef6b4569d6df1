"""Rates of the desk's time, of the inside of calls, and of money: all is counted again."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM rollup_mark")  # the journals are read again, for the new facts


def downgrade() -> None:
    op.execute("DELETE FROM daily_count")
    op.execute("DELETE FROM rollup_mark")
