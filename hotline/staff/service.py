"""All that is done with staff: accounts, the entrance, and duty on the telephone."""

from hotline.staff.accounts import (
    add,
    disable,
    issue_token,
    revoke_token,
    set_password,
    set_roles,
)
from hotline.staff.choices import beat, extend, force, set_presence
from hotline.staff.duty import (
    back,
    call_out,
    drop,
    end_wrap_ups,
    leave,
    miss,
    ring,
    sign_out_lost,
    talk,
    wrap_up,
)
from hotline.staff.entrance import close_all, sign_in, sign_out, touch

__all__ = [
    "add",
    "back",
    "beat",
    "call_out",
    "close_all",
    "disable",
    "drop",
    "end_wrap_ups",
    "extend",
    "force",
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
    "sign_out_lost",
    "talk",
    "touch",
    "wrap_up",
]
