"""The rollup cut by operator, language and hour; hours no longer stand in names of facts."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "daily_cut",
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("fact", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("unit_id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("n", BIG_INT, nullable=False),
        sa.PrimaryKeyConstraint("way", "fact", "day", "key", "unit_id", name="pk_daily_cut"),
    )
    op.create_index("ix_daily_cut_day", "daily_cut", ["day"])
    op.execute("DELETE FROM daily_count")
    op.execute("DELETE FROM rollup_mark")  # the journals are read again, for the cuts


def downgrade() -> None:
    op.drop_table("daily_cut")
    op.execute("DELETE FROM daily_count")
    op.execute("DELETE FROM rollup_mark")
