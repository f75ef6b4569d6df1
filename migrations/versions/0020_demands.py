"""What callers ask for, line by line, and what they were promised."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNKEPT = sa.text("kept_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "demand",
        sa.Column("id", BIG_INT, nullable=False),
        _ticket(),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", BIG_INT, nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("outcome_note", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_at IS NULL)", name="ck_demand_outcome_has_moment"
        ),
        sa.CheckConstraint("outcome IS NULL OR withdrawn_at IS NULL", name="ck_demand_one_end"),
        _of_ticket("demand"),
        sa.PrimaryKeyConstraint("id", name="pk_demand"),
    )
    op.create_index("ix_demand_ticket_id_id", "demand", ["ticket_id", "id"])
    op.create_table(
        "promise",
        sa.Column("id", BIG_INT, nullable=False),
        _ticket(),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("made_by", BIG_INT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("kept_by", BIG_INT, nullable=True),
        _of_ticket("promise"),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
    )
    op.create_index("ix_promise_ticket_id_id", "promise", ["ticket_id", "id"])
    op.create_index(
        "ix_promise_due",
        "promise",
        ["due_at"],
        postgresql_where=UNKEPT,
        sqlite_where=UNKEPT,
    )


def downgrade() -> None:
    op.drop_table("promise")
    op.drop_table("demand")


def _ticket() -> sa.Column[int]:
    return sa.Column("ticket_id", BIG_INT, nullable=False)


def _of_ticket(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["ticket_id"],
        ["ticket.id"],
        name=f"fk_{table}_ticket_id",
        deferrable=True,
        initially="DEFERRED",
    )
