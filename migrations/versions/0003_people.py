"""People: staff with roles, sessions, tokens and presence; workers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHERE_1 = sa.text("role IN ('admin', 'auditor', 'security')")

TABLES = (
    "login_failure",
    "worker",
    "staff",
    "api_token",
    "presence",
    "presence_change",
    "staff_role",
    "staff_session",
)


def upgrade() -> None:
    _create_login_failure()
    _create_worker()
    _create_staff()
    _create_api_token()
    _create_presence()
    _create_presence_change()
    _create_staff_role()
    _create_staff_session()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_login_failure() -> None:
    op.create_table(
        "login_failure",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_login_failure"),
    )
    op.create_index(("ix_login_failure_last_at"), "login_failure", ["last_at"])


def _create_worker() -> None:
    op.create_table(
        "worker",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.LargeBinary(16), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(phone IS NULL) = (phone_key IS NULL)", name="ck_worker_number_can_be_found"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
        sa.UniqueConstraint("phone_key", name="uq_worker_phone_key"),
    )


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("login", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.LargeBinary(16), nullable=True),
        sa.Column("password_hash", sa.String(160), nullable=True),
        sa.Column("unit_id", BIG_INT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_staff_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_index(("ix_staff_phone_key"), "staff", ["phone_key"])
    op.create_index(("ix_staff_unit_id"), "staff", ["unit_id"])


def _create_api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_api_token_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
    )
    op.create_index(("ix_api_token_staff_id"), "api_token", ["staff_id"])


def _create_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("line", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", BIG_INT, nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('ringing', 'talking') OR call_id IS NOT NULL",
            name="ck_presence_rings_for_a_call",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_presence_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_presence"),
    )
    op.create_index(("ix_presence_state_since"), "presence", ["state", "since"])


def _create_presence_change() -> None:
    op.create_table(
        "presence_change",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("to_state", sa.String(40), nullable=False),
        sa.Column("line", sa.String(40), nullable=False),
        sa.Column("call_id", BIG_INT, nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_presence_change_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_presence_change"),
    )
    op.create_index(("ix_presence_change_at"), "presence_change", ["at"])
    op.create_index(("ix_presence_change_staff_id_at"), "presence_change", ["staff_id", "at"])


def _create_staff_role() -> None:
    op.create_table(
        "staff_role",
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.CheckConstraint("role <> 'system'", name="ck_staff_role_system_is_nobody"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_role_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "role", name="pk_staff_role"),
    )
    op.create_index(
        "uq_staff_role_kept_apart",
        "staff_role",
        ["staff_id"],
        unique=True,
        sqlite_where=WHERE_1,
        postgresql_where=WHERE_1,
    )


def _create_staff_session() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_session_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_session"),
    )
    op.create_index(("ix_staff_session_closes_at"), "staff_session", ["closes_at"])
    op.create_index(("ix_staff_session_staff_id"), "staff_session", ["staff_id"])
