"""Canned texts."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_USE = sa.text("retired_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "phrase",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shortcut", sa.String(12), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_phrase_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_phrase"),
    )
    op.create_index(
        "uq_phrase_in_use",
        "phrase",
        ["unit_id", "shortcut", "language"],
        unique=True,
        postgresql_where=IN_USE,
        sqlite_where=IN_USE,
    )
    op.create_index("ix_phrase_shortcut_id", "phrase", ["shortcut", "id"])


def downgrade() -> None:
    op.drop_table("phrase")
