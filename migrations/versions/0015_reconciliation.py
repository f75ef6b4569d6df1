"""What was compared with the carrier's own lists, and what differed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("mended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("compared_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("listed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("since", name="pk_reconciliation"),
    )
    op.create_table(
        "reconciliation_difference",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("gap", sa.String(40), nullable=False),
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("mended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reconciliation_difference"),
        sa.UniqueConstraint("sid", "gap", name="uq_reconciliation_difference_sid_gap"),
    )
    op.create_index("ix_reconciliation_difference_at", "reconciliation_difference", ["at"])
    op.create_index(
        "ix_reconciliation_difference_open",
        "reconciliation_difference",
        ["at"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("reconciliation_difference")
    op.drop_table("reconciliation")
