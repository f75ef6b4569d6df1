"""The rollups behind the rates."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "counted_ticket",
    "daily_count",
    "rollup_mark",
)


def upgrade() -> None:
    _create_counted_ticket()
    _create_daily_count()
    _create_rollup_mark()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_counted_ticket() -> None:
    op.create_table(
        "counted_ticket",
        sa.Column("ticket_id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("due_original", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", BIG_INT, nullable=True),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_counted_ticket"),
    )


def _create_daily_count() -> None:
    op.create_table(
        "daily_count",
        sa.Column("fact", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("region_code", sa.String(20), nullable=False),
        sa.Column("category_code", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "fact",
            "day",
            "unit_id",
            "region_code",
            "category_code",
            "channel",
            name="pk_daily_count",
        ),
    )
    op.create_index(("ix_daily_count_day"), "daily_count", ["day"])


def _create_rollup_mark() -> None:
    op.create_table(
        "rollup_mark",
        sa.Column("journal", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("floor", BIG_INT, nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("journal", name="pk_rollup_mark"),
    )
