"""Shifts that two people exchange, with a lead's approval."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNDECIDED = sa.text("decided_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "shift_swap",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("shift_id", BIG_INT, nullable=False),
        sa.Column("other_id", BIG_INT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", BIG_INT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("shift_id <> other_id", name="ck_shift_swap_two_shifts"),
        sa.CheckConstraint(
            "(approved IS NULL) = (decided_at IS NULL)", name="ck_shift_swap_decided_has_moment"
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name="fk_shift_swap_shift_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["shift.id"], name="fk_shift_swap_other_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_shift_swap_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_shift_swap"),
    )
    op.create_index(
        "uq_shift_swap_open",
        "shift_swap",
        ["shift_id"],
        unique=True,
        postgresql_where=UNDECIDED,
        sqlite_where=UNDECIDED,
    )
    op.create_index("ix_shift_swap_other_id", "shift_swap", ["other_id"])


def downgrade() -> None:
    op.drop_table("shift_swap")
