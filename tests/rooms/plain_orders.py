"""What each fact of an order to a unit means, said a second time in plain Python."""

from typing import Any


def order_facts(followed: list[Any]) -> dict[str, bool]:
    """Return what is true of an order, given what followed it."""
    actions = {event.action for event in followed}
    in_time = any(e.action == "sign" and e.detail.get("late") is False for e in followed)
    owed = any(e.action == "sign" and e.detail.get("contact_by") for e in followed)
    spoke = any(
        e.kind == "contact" and (e.detail.get("reached"), e.detail.get("late")) == (True, False)
        for e in followed
    )
    return {
        "orders": True,
        "orders_standing": "recall" not in actions,
        "orders_recalled": "recall" in actions,
        "orders_signed": "sign" in actions,
        "orders_signed_in_time": in_time,
        "orders_to_contact": owed,
        "orders_contacted_in_time": owed and spoke,
        "orders_contact_unlimited": "sign" in actions and not owed,
        "orders_returned": "request_return" in actions,
        "orders_wrong": "accept_return" in actions,
        "orders_right": not {"recall", "accept_return"} & actions,
    }


def of_order(followed: list[Any]) -> list[str]:
    return [name for name, holds in order_facts(followed).items() if holds]
