"""Claims of wages, their payments and instalments."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("paid_at IS NULL AND missed_at IS NULL")


def upgrade() -> None:
    _create_claim()
    _create_instalment()
    _create_payment()


def downgrade() -> None:
    for table in ("payment", "instalment", "claim"):
        op.drop_table(table)


def _create_claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("claimed", BIG_INT, nullable=False),
        sa.Column("verified", BIG_INT, nullable=True),
        sa.Column("agreed", BIG_INT, nullable=True),
        sa.CheckConstraint(
            "claimed >= 0 AND verified >= 0 AND agreed >= 0", name="ck_claim_not_negative"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_claim_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
    )
    op.create_index("ix_claim_ticket_id_id", "claim", ["ticket_id", "id"])


def _create_instalment() -> None:
    op.create_table(
        "instalment",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("claim_id", BIG_INT, nullable=False),
        sa.Column("obligation_id", BIG_INT, nullable=False),
        sa.Column("amount", BIG_INT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("missed_at", MOMENT, nullable=True),
        sa.CheckConstraint("amount > 0", name="ck_instalment_positive"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_instalment_claim_id"),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name="fk_instalment_obligation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_instalment"),
        sa.UniqueConstraint("obligation_id", name="uq_instalment_obligation_id"),
    )
    op.create_index("ix_instalment_claim_id_due_on", "instalment", ["claim_id", "due_on"])
    op.create_index(
        "ix_instalment_open", "instalment", ["due_on"], postgresql_where=OPEN, sqlite_where=OPEN
    )


def _create_payment() -> None:
    op.create_table(
        "payment",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("claim_id", BIG_INT, nullable=False),
        sa.Column("instalment_id", BIG_INT, nullable=True),
        sa.Column("amount", BIG_INT, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(40), nullable=False),
        sa.Column("noted_by", BIG_INT, nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_payment_positive"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_payment_claim_id"),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalment.id"], name="fk_payment_instalment_id"
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"], name="fk_payment_noted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("instalment_id", name="uq_payment_instalment_id"),
    )
    op.create_index("ix_payment_claim_id_id", "payment", ["claim_id", "id"])
    op.create_index("ix_payment_paid_on", "payment", ["paid_on"])
