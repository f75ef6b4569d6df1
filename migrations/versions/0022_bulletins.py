"""Bulletins: the signed numbers of closed periods."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
REFUSAL = "rows of bulletin are only ever added"


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.CheckConstraint(
            "(edition = 1) = (reason IS NULL)", name="ck_bulletin_restated_with_reason"
        ),
        sa.CheckConstraint("last >= first", name="ck_bulletin_ends_after_it_begins"),
        sa.PrimaryKeyConstraint("id", name="pk_bulletin"),
        sa.UniqueConstraint("kind", "first", "edition", name="uq_bulletin_kind_first_edition"),
    )
    op.create_index("ix_bulletin_first_id", "bulletin", ["first", "id"])
    _let_stay()


def downgrade() -> None:
    op.drop_table("bulletin")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION bulletin_stays()")


def _let_stay() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION bulletin_stays() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER bulletin_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON bulletin"
            " FOR EACH STATEMENT EXECUTE FUNCTION bulletin_stays()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER bulletin_stays_{act} BEFORE {act.upper()} ON bulletin"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
