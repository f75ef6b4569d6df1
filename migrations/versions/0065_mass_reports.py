"""Situation reports of mass matters: what was reported, and what is owed when."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0056"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWED = sa.text("report_due_at IS NOT NULL")
ONCE = sa.text("kind <> 'further'")


def upgrade() -> None:
    op.add_column(
        "mass_group", sa.Column("level", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("mass_group", sa.Column("report_due_at", MOMENT, nullable=True))
    op.add_column("mass_group", sa.Column("report_alarmed_at", MOMENT, nullable=True))
    op.create_index(
        "ix_mass_group_report_due", "mass_group", ["report_due_at"],
        postgresql_where=OWED, sqlite_where=OWED,
    )  # fmt: skip
    op.create_table(
        "mass_report",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("group_id", BIG_INT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", BIG_INT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["mass_group.id"], name="fk_mass_report_group_id"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_mass_report_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_mass_report"),
    )
    op.create_index("ix_mass_report_group_id_id", "mass_report", ["group_id", "id"])
    op.create_index(
        "ix_mass_report_once", "mass_report", ["group_id", "kind"], unique=True,
        postgresql_where=ONCE, sqlite_where=ONCE,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("mass_report")
    op.drop_index("ix_mass_group_report_due", "mass_group")
    for name in ("report_alarmed_at", "report_due_at", "level"):
        op.drop_column("mass_group", name)
