"""Categories with the days on which they may be chosen, and what follows one that is retired."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("category", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("category", sa.Column("valid_to", sa.Date(), nullable=True))
    op.execute(  # with its constraints in one statement: the table is not copied
        "ALTER TABLE category ADD COLUMN successor_code VARCHAR(8)"
        " CONSTRAINT fk_category_successor_code REFERENCES category (code)"
        " CONSTRAINT ck_category_retired_has_successor"
        " CHECK ((valid_to IS NULL) = (successor_code IS NULL))"
    )
    op.drop_column("category", "retired_at")


def downgrade() -> None:
    op.add_column("category", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("successor_code", "valid_to", "valid_from"):
        op.drop_column("category", column)
