"""The ground floor on both engines: what is kept, what is refused, what is tried again."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from hotline.core import heartbeat
from hotline.core.db import reading, transaction
from hotline.core.errors import Unavailable

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def test_a_moment_comes_back_as_it_went_in(session: Session) -> None:
    transaction(lambda session: heartbeat.beat(session, "clock", now=NOON))
    assert heartbeat.last_heard(session) == NOON


def test_a_naive_moment_is_refused(session: Session) -> None:
    heartbeat.beat(session, "clock", now=NOON.replace(tzinfo=None))
    with pytest.raises(StatementError, match="zone"):
        session.flush()


def test_a_pool_without_a_free_connection_is_a_database_that_does_not_answer(app: Flask) -> None:
    def work(_session: Session) -> None:
        raise PoolTimeout

    with pytest.raises(Unavailable):
        transaction(work)
    with pytest.raises(Unavailable), reading():
        raise PoolTimeout
