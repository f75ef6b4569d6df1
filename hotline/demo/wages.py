"""What is owed and paid in matters about wages, written down with the result and its proof."""

from collections.abc import Mapping
from typing import Any, Final

from hotline.core.language import local
from hotline.demo.case import Case
from hotline.money import queries, service
from hotline.money.models import Proof

FEN: Final = 100
WORDS: Final = (Proof.BANK, Proof.WORKER, Proof.UNIT)  # from the best to the least, as often


def noted(case: Case, facts: Mapping[str, int]) -> None:
    """Write down what the facts of a result tell of money; a rework adds nothing to it."""
    session, ticket, stage = case.stage.session, case.ticket, case.stage
    if not facts or queries.accounts(session, ticket.id):
        return
    given: dict[str, Any] = {"actor": case.handler, "now": stage.now}
    claimed, agreed, paid = (FEN * facts[name] for name in ("claimed", "agreed", "paid"))
    claim = service.claim(session, ticket, "演示职工", claimed, **given)
    service.assess(session, ticket, claim.id, agreed, agreed, **given)
    proof = stage.chance.choices(WORDS, (5, 3, 2))[0]
    service.pay(session, ticket, claim.id, paid, local(stage.now).date(), proof, **given)
