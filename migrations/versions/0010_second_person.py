"""Steps that nobody of their own unit may take: each is told further up once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rise",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("occasion", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_rise_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rise"),
        sa.UniqueConstraint("ticket_id", "occasion", name="uq_rise_ticket_id_occasion"),
    )


def downgrade() -> None:
    op.drop_table("rise")
