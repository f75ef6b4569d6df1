"""Presence that runs out: breaks with reasons and caps, signs of life, skills, shifts."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMES = ("code", "name", "name_en", "minutes", "counted", "place")
REASONS = (
    ("short", "小休", "Short break", 15, True, 1),
    ("meal", "就餐", "Meal", 45, True, 2),
    ("recovery", "情绪调节", "Recovery after a hard call", 30, False, 3),
    ("casework", "处理工单", "Working on tickets", 60, False, 4),
    ("callback", "外呼回访", "Calling back", 60, False, 5),
    ("meeting", "会议", "Meeting", 60, False, 6),
    ("training", "培训", "Training", 120, False, 7),
    ("fault", "系统故障", "Technical fault", None, False, 8),
    ("lead", "班长安排", "Arranged by the lead", None, False, 9),
)


def upgrade() -> None:
    op.add_column("presence", sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "presence", sa.Column("extensions", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("presence", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_presence_until", "presence", ["until"])
    op.add_column("presence_change", sa.Column("by_id", BIG_INT, nullable=True))
    _create_break_reason()
    _create_staff_skill()
    _create_shift()


def downgrade() -> None:
    for table in ("shift", "staff_skill", "break_reason"):
        op.drop_table(table)
    op.drop_column("presence_change", "by_id")
    op.drop_index("ix_presence_until", "presence")
    for column in ("seen_at", "extensions", "until"):
        op.drop_column("presence", column)


def _create_break_reason() -> None:
    table = op.create_table(
        "break_reason",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_break_reason"),
    )
    op.bulk_insert(table, [dict(zip(NAMES, row, strict=True)) for row in REASONS])


def _create_staff_skill() -> None:
    op.create_table(
        "staff_skill",
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("skill", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_skill_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "skill", name="pk_staff_skill"),
    )


def _create_shift() -> None:
    op.create_table(
        "shift",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("duty", sa.String(40), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("begins_at < ends_at", name="ck_shift_begins_before_it_ends"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_shift_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shift"),
    )
    op.create_index("ix_shift_ends_at", "shift", ["ends_at"])
    op.create_index("ix_shift_staff_id_begins_at", "shift", ["staff_id", "begins_at"], unique=True)
