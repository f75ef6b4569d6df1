"""What is new to the rollup, answers to each question and outcomes, is counted from the start."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM rollup_mark")  # the journals are read again


def downgrade() -> None:
    op.execute("DELETE FROM daily_count")
    op.execute("DELETE FROM rollup_mark")
