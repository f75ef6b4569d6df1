"""One table for all that may be tried only so often: logins and the codes of the keypad.

Failed logins of the last quarter of an hour are hashed otherwise and are let go.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("login_failure")
    _create("attempts", sa.LargeBinary(16))
    op.execute("INSERT INTO attempts SELECT key, moments, last_at FROM wrong_pin")
    op.drop_table("wrong_pin")


def downgrade() -> None:
    _create("wrong_pin", sa.LargeBinary(16))
    op.execute("INSERT INTO wrong_pin SELECT key, moments, last_at FROM attempts")
    op.drop_table("attempts")
    _create("login_failure", sa.String(64))


def _create(name: str, key: sa.types.TypeEngine[object]) -> None:
    op.create_table(
        name,
        sa.Column("key", key, nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_last_at", name, ["last_at"])
