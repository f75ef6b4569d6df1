"""The ledger: what it found and how far it looked, the chain of seals, and rows that stay.

Rows of the record cannot be changed or removed by a statement: a trigger of the database
refuses it. Whoever owns the database can take the triggers away; then the seals tell.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("closed_at IS NULL")
LATE = sa.text("late > 0")

TABLES = ("ledger_check", "ledger_exception", "ledger_mark", "ledger_day", "seal")
STAYING = ("audit_entry", "ticket_event", "seal")
REFUSAL = "rows of %s are only ever added"


def upgrade() -> None:
    _create_findings()
    _create_ledger_mark()
    _create_ledger_day()
    _create_seal()
    for table in STAYING:
        _let_stay(table)


def downgrade() -> None:
    for table in STAYING:
        _let_go(table)
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_findings() -> None:
    op.create_table(
        "ledger_check",
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("whole_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_ledger_check"),
    )
    op.create_table(
        "ledger_exception",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", BIG_INT, nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("unit_id", BIG_INT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_ledger_exception_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_exception"),
    )
    op.create_index(
        "ix_ledger_exception_open",
        "ledger_exception",
        ["code", "kind", "subject", "what", "label"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    for column in ("opened_at", "closed_at"):
        op.create_index(f"ix_ledger_exception_{column}", "ledger_exception", [column])


def _create_ledger_mark() -> None:
    op.create_table(
        "ledger_mark",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("floor", BIG_INT, nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("passed", BIG_INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_ledger_mark"),
    )


def _create_ledger_day() -> None:
    op.create_table(
        "ledger_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("ownerless", sa.Integer(), nullable=False),
        sa.Column("exceptions", sa.Integer(), nullable=False),
        sa.Column("oldest_number", sa.String(16), nullable=True),
        sa.Column("oldest_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("day", name="pk_ledger_day"),
    )


def _create_seal() -> None:
    op.create_table(
        "seal",
        sa.Column("number", BIG_INT, autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("first_id", BIG_INT, nullable=False),
        sa.Column("last_id", BIG_INT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_seal"),
    )
    op.create_index("ix_seal_origin_number", "seal", ["origin", "number"])
    op.create_index("ix_seal_origin_last_id", "seal", ["origin", "last_id"])
    op.create_index("ix_seal_late", "seal", ["number"], postgresql_where=LATE, sqlite_where=LATE)


def _let_stay(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL % table}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_stays_{act} BEFORE {act.upper()} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL % table}'); END"
        )


def _let_go(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_stays ON {table}")
        op.execute(f"DROP FUNCTION {table}_stays()")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_stays_{act}")
