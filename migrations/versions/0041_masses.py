"""Mass matters and the tickets of their claimants."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mass_group",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("lead_id", BIG_INT, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", BIG_INT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(verdict = 'proposed') = (decided_at IS NULL)", name="ck_mass_group_decided_has_moment"
        ),
        sa.CheckConstraint(
            "verdict <> 'declined' OR reason IS NOT NULL", name="ck_mass_group_declined_has_reason"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_mass_group_decided_by"),
        sa.ForeignKeyConstraint(["lead_id"], ["ticket.id"], name="fk_mass_group_lead_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mass_group"),
    )
    op.create_index("ix_mass_group_verdict_id", "mass_group", ["verdict", "id"])
    op.create_table(
        "mass_member",
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("group_id", BIG_INT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["mass_group.id"], name="fk_mass_member_group_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_mass_member_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_mass_member"),
    )
    op.create_index("ix_mass_member_group_id_ticket_id", "mass_member", ["group_id", "ticket_id"])


def downgrade() -> None:
    op.drop_table("mass_member")
    op.drop_table("mass_group")
