"""Macros: a few things done to a ticket at one press."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "macro",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_macro_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_macro"),
    )
    op.create_index("ix_macro_name_id", "macro", ["name", "id"])
    op.create_index("ix_macro_unit_id_name", "macro", ["unit_id", "name"])


def downgrade() -> None:
    op.drop_table("macro")
