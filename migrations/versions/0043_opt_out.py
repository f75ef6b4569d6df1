"""The ledger of who wants no more SMS: from whom we know it, in which word, and who came back."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STANDING = sa.text("resumed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "opt_out",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("worker_id", BIG_INT, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=True),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.Column("resumed_at", MOMENT, nullable=True),
        sa.Column("resumed_by", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name="fk_opt_out_worker_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_opt_out"),
    )
    op.create_index(
        "uq_opt_out_standing",
        "opt_out",
        ["worker_id"],
        unique=True,
        postgresql_where=STANDING,
        sqlite_where=STANDING,
    )
    op.execute(
        "INSERT INTO opt_out (worker_id, source, left_at)"
        " SELECT id, 'by_earlier', opted_out_at FROM worker"
        " WHERE opted_out_at IS NOT NULL ORDER BY opted_out_at"
    )
    op.execute("DELETE FROM rollup_mark")  # the journals are read again, for the new facts


def downgrade() -> None:
    op.drop_table("opt_out")
    op.execute("DELETE FROM rollup_mark")
