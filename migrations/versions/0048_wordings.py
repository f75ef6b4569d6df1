"""Wordings: what an SMS says in place of the text that came with the program."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("written_by", BIG_INT, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name="fk_wording_written_by"),
        sa.PrimaryKeyConstraint("id", name="pk_wording"),
        sa.UniqueConstraint(
            "template", "language", "version", name="uq_wording_template_language_version"
        ),
    )
    wording = sa.ForeignKey("wording.id", name="fk_message_wording_id")
    op.add_column(
        "message", sa.Column("wording_id", BIG_INT, wording, nullable=True), inline_references=True
    )


def downgrade() -> None:
    op.drop_column("message", "wording_id")
    op.drop_table("wording")
