"""Urgings with receipts, answers of assisting units, and what each unit holds."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("closed_at IS NULL")
HELD = sa.text(
    "state IN ('awaiting_caller', 'dispatched', 'in_progress', 'result_review', 'return_review',"
    " 'suspended')"
)


def upgrade() -> None:
    _create_urging()
    with op.batch_alter_table("assist") as assist:
        assist.add_column(sa.Column("asked", sa.LargeBinary(), nullable=True))
        assist.add_column(sa.Column("due_at", MOMENT, nullable=True))
        assist.add_column(sa.Column("answer", sa.LargeBinary(), nullable=True))
        assist.add_column(sa.Column("answered_at", MOMENT, nullable=True))
        assist.add_column(sa.Column("answered_by", BIG_INT, nullable=True))
        assist.create_foreign_key("fk_assist_answered_by", "staff", ["answered_by"], ["id"])
        assist.create_check_constraint(
            "answer_has_moment", "(answer IS NULL) = (answered_at IS NULL)"
        )
    op.create_index(
        "ix_ticket_held",
        "ticket",
        ["unit_id", "due_at"],
        postgresql_where=HELD,
        sqlite_where=HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_held", "ticket")
    with op.batch_alter_table("assist") as assist:
        assist.drop_constraint("answer_has_moment", type_="check")
        assist.drop_constraint("fk_assist_answered_by", type_="foreignkey")
        for name in ("answered_by", "answered_at", "answer", "due_at", "asked"):
            assist.drop_column(name)
    op.drop_table("urging")


def _create_urging() -> None:
    op.create_table(
        "urging",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", BIG_INT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("late_told_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", BIG_INT, nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name="ck_urging_level"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_urging_ticket_id"),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_urging_asked_by"),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name="fk_urging_closed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_urging"),
    )
    op.create_index("ix_urging_ticket_id_id", "urging", ["ticket_id", "id"])
    op.create_index(
        "ix_urging_open", "urging", ["due_at"], postgresql_where=OPEN, sqlite_where=OPEN
    )
