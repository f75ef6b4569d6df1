"""A process that dies while it sends: what it leaves behind says how far it came."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hotline.core.db import db
from hotline.messages.failpoints import KILLED
from hotline.messages.states import MessageState
from tests.conftest import settings
from tests.rooms.outbox import Outbox

S = MessageState
SENDING = """
import sys
from hotline.app import create_app
from simulator import Faults
from tests.conftest import settings
from tests.matters import MONDAY, RULES
from tests.rooms.outbox import Outbox
app = create_app(settings(sys.argv[1], hotline_failpoint=sys.argv[2]))
with app.app_context():
    Outbox(RULES, MONDAY, Faults()).send()
"""


@pytest.mark.parametrize(
    ("window", "state"),
    [("W1", S.WAITING), ("W2", S.WAITING), ("W3", S.SENDING), ("W4", S.SENDING), ("W5", S.SENT)],
)
def test_a_killed_sender_leaves_a_row_that_says_how_far_it_came(
    app: Flask, session: Session, outbox: Outbox, window: str, state: MessageState
) -> None:
    message = outbox.order("+8613800000001")
    db.session.remove()
    ended = subprocess.run(
        [sys.executable, "-c", SENDING, app.config["SQLALCHEMY_DATABASE_URI"], window],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert ended.returncode == KILLED
    assert outbox.message(message).state is state
    outbox.simulated.advance(121)
    outbox.look()  # the second carrier never saw it: what is in doubt is sent again
    outbox.wait(minutes=10)
    assert outbox.message(message).state in {S.SENT, S.DELIVERED}


def test_only_known_failpoints_are_settings() -> None:
    with pytest.raises(ValueError, match="FAILPOINT"):
        settings("sqlite:///x", hotline_failpoint="W9")
