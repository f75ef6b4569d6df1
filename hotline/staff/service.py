"""All that is done with staff: accounts, the entrance, and duty on the telephone."""

from hotline.staff.accounts import (
    add,
    disable,
    issue_token,
    revoke_token,
    set_password,
    set_roles,
)
from hotline.staff.duty import back, leave, miss, ring, set_presence, talk, wrap_up
from hotline.staff.entrance import close_all, sign_in, sign_out, touch

__all__ = [
    "add",
    "back",
    "close_all",
    "disable",
    "issue_token",
    "leave",
    "miss",
    "revoke_token",
    "ring",
    "set_password",
    "set_presence",
    "set_roles",
    "sign_in",
    "sign_out",
    "talk",
    "touch",
    "wrap_up",
]
