"""The migrations: up, down and up again on both engines, without drift from the models."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from hotline.app import MIGRATIONS
from hotline.core.db import Base, db
from hotline.search.models import FULL_TEXT
from migrations.reference import ORDER


def rows(table: str) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0


def test_down_and_up_again_brings_the_same_rows(app: Flask) -> None:
    before = {table: rows(table) for table in ORDER}
    downgrade(str(MIGRATIONS), "base")
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(str(MIGRATIONS))
    assert {table: rows(table) for table in ORDER} == before


def test_the_database_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        ours = {"compare_type": False, "include_name": lambda name, *_: FULL_TEXT not in str(name)}
        if connection.dialect.name == "sqlite":  # its full-text table is that index there
            ours["include_object"] = lambda _, name, *__: name != "ix_ticket_words_keys"
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("table", ORDER)
def test_every_reference_table_comes_with_rows(app: Flask, table: str) -> None:
    assert rows(table) > 0
