"""What of a ticket is hidden from whom: consents, two named persons, and enterprise unions."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add columns with their constraints in one statement: the table is not copied."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    key, blob = ("BIGINT", "BYTEA") if postgresql else ("INTEGER", "BLOB")
    op.execute(
        f"ALTER TABLE unit ADD COLUMN employer_key {blob} CONSTRAINT ck_unit_basic_has_employer"
        " CHECK ((kind = 'basic') = (employer_key IS NOT NULL))"
    )
    op.execute(f"ALTER TABLE ticket ADD COLUMN brief {blob}")
    op.execute(
        f"ALTER TABLE ticket ADD COLUMN about_unit_id {key}"
        " CONSTRAINT fk_ticket_about_unit_id REFERENCES unit (id)"
    )
    _create_consent()
    _create_keeper()


def downgrade() -> None:
    op.drop_table("keeper")
    op.drop_table("consent")
    op.drop_column("ticket", "about_unit_id")
    op.drop_column("ticket", "brief")
    op.drop_column("unit", "employer_key")


def _create_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", BIG_INT, nullable=False),
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("allows", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", BIG_INT, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name="ck_consent_level"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_consent_ticket_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_ticket_id_allows", "consent", ["ticket_id", "allows"])


def _create_keeper() -> None:
    op.create_table(
        "keeper",
        sa.Column("ticket_id", BIG_INT, nullable=False),
        sa.Column("staff_id", BIG_INT, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("named_by", BIG_INT, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seat IN (1, 2)", name="ck_keeper_two_seats"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name="fk_keeper_ticket_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_keeper_staff_id"),
        sa.PrimaryKeyConstraint("ticket_id", "staff_id", name="pk_keeper"),
        sa.UniqueConstraint("ticket_id", "seat", name="uq_keeper_ticket_id_seat"),
    )
    op.create_index("ix_keeper_staff_id", "keeper", ["staff_id"])
