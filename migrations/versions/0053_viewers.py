"""Who has a ticket open just now."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ticket_viewer",
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("field", sa.String(40), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_ticket_viewer_staff_id"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_ticket_viewer_ticket_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("staff_id", "ticket_id", name="pk_ticket_viewer"),
    )
    op.create_index("ix_ticket_viewer_ticket_id_seen_at", "ticket_viewer", ["ticket_id", "seen_at"])


def downgrade() -> None:
    op.drop_table("ticket_viewer")
