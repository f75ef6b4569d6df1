"""Links between tickets; a merge keeps nothing aside, since nothing of it moves."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.drop_column("ticket", "merge_kept")
    op.create_table(
        "ticket_link",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("older_id", BIG_INT, nullable=False),
        sa.Column("newer_id", BIG_INT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("made_by", BIG_INT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_by", BIG_INT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("older_id < newer_id", name="ck_ticket_link_older_first"),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR ended_by IS NULL", name="ck_ticket_link_ended_has_moment"
        ),
        sa.ForeignKeyConstraint(["older_id"], ["ticket.id"], name="fk_ticket_link_older_id"),
        sa.ForeignKeyConstraint(["newer_id"], ["ticket.id"], name="fk_ticket_link_newer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_link"),
    )
    op.create_index(
        "uq_ticket_link_stands", "ticket_link", ["older_id", "newer_id"],
        unique=True, postgresql_where=STANDS, sqlite_where=STANDS,
    )  # fmt: skip
    op.create_index(
        "ix_ticket_link_newer", "ticket_link", ["newer_id"],
        postgresql_where=STANDS, sqlite_where=STANDS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("ticket_link")
    op.add_column("ticket", sa.Column("merge_kept", sa.JSON(), nullable=True))
