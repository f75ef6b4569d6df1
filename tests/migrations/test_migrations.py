"""The migrations: up, down and up again on both engines, without drift from the models."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from hotline.app import MIGRATIONS
from hotline.core.db import Base, db
from migrations.reference import DATA, ORDER


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
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("table", ORDER)
def test_every_reference_table_comes_with_rows(app: Flask, table: str) -> None:
    lines = (DATA / f"{table}.csv").read_text(encoding="utf-8").count("\n") - 1
    assert 0 < rows(table) <= lines
