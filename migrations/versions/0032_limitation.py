"""The days that statutory limits count from."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "limitation_fact",
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("fact", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_limitation_fact_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "fact", name="pk_limitation_fact"),
    )


def downgrade() -> None:
    op.drop_table("limitation_fact")
