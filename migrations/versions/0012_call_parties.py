"""Calls as conferences: who else is in the room and may be called in, holds, adjustments."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRESENT = sa.text("left_at IS NULL")
NAMES = ("code", "name", "name_en", "number", "emergency", "place")
SERVICES = (
    ("110", "公安报警", "Police", "110", True, 1),
    ("119", "消防救援", "Fire and rescue", "119", True, 2),
    ("120", "医疗急救", "Ambulance", "120", True, 3),
    ("12356", "心理援助热线", "Mental health line", "12356", False, 4),
    ("12348", "公共法律服务热线", "Public legal service", "12348", False, 5),
    ("12333", "人力资源社会保障热线", "Labour and social security", "12333", False, 6),
)


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
    _create_directory_entry()


def downgrade() -> None:
    op.drop_table("directory_entry")
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


def _create_directory_entry() -> None:
    table = op.create_table(
        "directory_entry",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_directory_entry"),
    )
    op.bulk_insert(table, [dict(zip(NAMES, row, strict=True)) for row in SERVICES])
