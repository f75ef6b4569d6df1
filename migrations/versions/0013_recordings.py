"""Recordings: what the carrier told of, our sealed copies, how long they stay, who heard them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNTAKEN = sa.text("NOT taken")
UNDONE = sa.text("due_at IS NOT NULL")
PASSING = sa.text("state = 'kept' AND NOT held")
UNREAD = sa.text("transcript IS NOT NULL AND read_at IS NULL")
DAYS = (("ordinary", 2 * 365), ("grave", 5 * 365))  # domain, section 6.1
TOLD = (
    ("recording_sid", sa.String(64)),
    ("recording_url", sa.String(300)),
    ("recording_seconds", sa.Integer()),
)


def upgrade() -> None:
    _create_call_recording()
    _create_retention_class()
    _create_recording()
    _create_listening()
    for name, _ in TOLD:
        op.drop_column("call", name)
    op.add_column(
        "callback",
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("callback", "urgent")
    for name, kind in TOLD:
        op.add_column("call", sa.Column(name, kind, nullable=True))
    for table in ("listening", "recording", "retention_class", "call_recording"):
        op.drop_table(table)


def _create_call_recording() -> None:
    """Make the table, and fill it with what stood in the calls themselves."""
    op.create_table(
        "call_recording",
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("message", sa.Boolean(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_recording_call_id"),
        sa.PrimaryKeyConstraint("sid", name="pk_call_recording"),
    )
    op.create_index("ix_call_recording_call_id", "call_recording", ["call_id"])
    op.create_index(
        "ix_call_recording_untaken",
        "call_recording",
        ["told_at"],
        postgresql_where=UNTAKEN,
        sqlite_where=UNTAKEN,
    )
    op.execute(
        "INSERT INTO call_recording (sid, call_id, seconds, message, told_at, taken)"
        " SELECT recording_sid, min(id), max(coalesce(recording_seconds, 0)),"
        " answered_at IS NULL, max(heard_at), false"
        " FROM call WHERE recording_sid IS NOT NULL GROUP BY recording_sid, answered_at IS NULL"
    )


def _create_retention_class() -> None:
    table = op.create_table(
        "retention_class",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days > 0", name="ck_retention_class_some_days"),
        sa.PrimaryKeyConstraint("code", name="pk_retention_class"),
    )
    op.bulk_insert(table, [{"code": code, "days": days} for code, days in DAYS])


def _recording_columns() -> list[Any]:
    return [
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("call_id", BIG_INT, nullable=False),
        sa.Column("carrier_sid", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("owner", sa.String(40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(60), nullable=True),
        sa.Column("stored_at", MOMENT, nullable=True),
        sa.Column("file", sa.String(60), nullable=True),
        sa.Column("size", BIG_INT, nullable=True),
        sa.Column("sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("length_ms", sa.Integer(), nullable=True),
        sa.Column("peaks", sa.LargeBinary(), nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("retention", sa.String(40), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("transcript", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
    ]


def _recording_rules() -> list[Any]:
    return [
        sa.CheckConstraint(
            "(state IN ('due', 'erasing', 'stored')) = (due_at IS NOT NULL)",
            name="ck_recording_work_has_a_moment",
        ),
        sa.CheckConstraint(
            "(state IN ('erasing', 'kept', 'stored')) = (file IS NOT NULL)",
            name="ck_recording_on_disk_has_a_file",
        ),
        sa.CheckConstraint(
            "(state IN ('erased')) = (erased_at IS NOT NULL)",
            name="ck_recording_erased_has_a_moment",
        ),
        sa.CheckConstraint(
            "file IS NULL OR (stored_at IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL)",
            name="ck_recording_file_is_known",
        ),
        sa.CheckConstraint(
            "NOT held OR state NOT IN ('erasing', 'erased')", name="ck_recording_held_is_not_erased"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_recording_call_id"),
        sa.ForeignKeyConstraint(
            ["retention"], ["retention_class.code"], name="fk_recording_retention"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.UniqueConstraint("carrier_sid", name="uq_recording_carrier_sid"),
    ]


def _create_recording() -> None:
    op.create_table("recording", *_recording_columns(), *_recording_rules())
    op.create_index("ix_recording_call_id_id", "recording", ["call_id", "id"])
    for name, column, where in (
        ("due", "due_at", UNDONE),
        ("passing", "last_day", PASSING),
        ("unread", "id", UNREAD),
    ):
        op.create_index(
            f"ix_recording_{name}",
            "recording",
            [column],
            postgresql_where=where,
            sqlite_where=where,
        )


def _create_listening() -> None:
    op.create_table(
        "listening",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("recording_id", BIG_INT, nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name="fk_listening_recording_id"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_listening_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_listening"),
        sa.UniqueConstraint(
            "recording_id", "session_id", name="uq_listening_recording_id_session_id"
        ),
    )
