"""What figures read in rows that may change is kept: the ledger reads all journals anew for it."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0060"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("row_id", BIG_INT, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", BIG_INT, nullable=False),
        sa.Column("mac", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("origin", "row_id", name="pk_reading"),
    )
    op.create_index("ix_reading_kind_subject", "reading", ["kind", "subject"])
    op.execute("DELETE FROM ledger_mark")


def downgrade() -> None:
    op.drop_table("reading")
    op.execute("DELETE FROM ledger_mark")
