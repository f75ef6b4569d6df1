"""What a caller was asked and did not know."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("unknown", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket", "unknown")
