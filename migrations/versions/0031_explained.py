"""Differences from the carrier's lists that a person explained."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "reconciliation_difference"
BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.add_column(sa.Column("explanation", sa.String(300), nullable=True))
        table.add_column(sa.Column("explained_by", BIG_INT, nullable=True))
        table.add_column(sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(f"fk_{TABLE}_explained_by", "staff", ["explained_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(f"fk_{TABLE}_explained_by", type_="foreignkey")
        for name in ("explained_at", "explained_by", "explanation"):
            table.drop_column(name)
