"""Calls as conferences: who else is in the room, holds, and orders that change a party."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRESENT = sa.text("left_at IS NULL")


def upgrade() -> None:
    for column in (
        sa.Column("left_queue", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("requeued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conference_sid", sa.String(64), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_ms", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("call", column)
    op.add_column("call_order", sa.Column("detail", sa.JSON(), nullable=False, server_default="{}"))
    _create_call_leg()


def downgrade() -> None:
    op.drop_table("call_leg")
    op.drop_column("call_order", "detail")
    for column in ("held_ms", "held_at", "conference_sid", "requeued_at", "left_queue"):
        op.drop_column("call", column)


def _create_call_leg() -> None:
    op.create_table(
        "call_leg",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("order_id", BIG_INT, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=True),
        sa.Column("name", sa.String(80), nullable=True),
        sa.Column("asked_by", BIG_INT, nullable=True),
        sa.Column("rang_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(role = 'supervisor') = (mode IS NOT NULL)", name="ck_call_leg_supervisor_has_mode"
        ),
        sa.CheckConstraint(
            "staff_id IS NOT NULL OR name IS NOT NULL", name="ck_call_leg_is_somebody"
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_call_leg_asked_by"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_leg_call_id"),
        sa.ForeignKeyConstraint(["order_id"], ["call_order.id"], name="fk_call_leg_order_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_call_leg_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_leg"),
        sa.UniqueConstraint("order_id", name="uq_call_leg_order_id"),
    )
    op.create_index("ix_call_leg_call_id_id", "call_leg", ["call_id", "id"])
    op.create_index(
        "ix_call_leg_live",
        "call_leg",
        ["asked_by"],
        postgresql_where=PRESENT,
        sqlite_where=PRESENT,
    )
    op.create_index("ix_call_leg_rang_at", "call_leg", ["rang_at"])
