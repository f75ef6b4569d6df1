"""What was done to many tickets at once, ticket by ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bulk",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", BIG_INT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_bulk_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk"),
    )
    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("urging_id", BIG_INT, nullable=True),
        sa.Column("refused", sa.String(300), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "undone_at IS NULL OR refused IS NULL", name="ck_bulk_item_undone_was_done"
        ),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk.id"], name="fk_bulk_item_bulk_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_bulk_item_ticket_id"),
        sa.ForeignKeyConstraint(["urging_id"], ["urging.id"], name="fk_bulk_item_urging_id"),
        sa.PrimaryKeyConstraint("bulk_id", "ticket_id", name="pk_bulk_item"),
    )


def downgrade() -> None:
    op.drop_table("bulk_item")
    op.drop_table("bulk")
