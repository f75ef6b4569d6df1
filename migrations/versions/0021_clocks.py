"""Each result with its own deadline and how long its cycle took."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("ticket_result", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket_result", sa.Column("gross_seconds", BIG_INT, nullable=True))
    op.add_column("ticket_result", sa.Column("net_seconds", BIG_INT, nullable=True))


def downgrade() -> None:
    op.drop_column("ticket_result", "net_seconds")
    op.drop_column("ticket_result", "gross_seconds")
    op.drop_column("ticket_result", "due_at")
