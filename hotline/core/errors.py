"""Everything that can go wrong on purpose, as a tree.

    HotlineError
    ├── NotFound            404
    ├── Forbidden           403
    ├── Stale               409
    ├── GuardFailed         422  (names the guard)
    │   └── TransitionNotAllowed
    ├── Invalid             422  (names the fields)
    ├── TooMany             429
    └── Unavailable         503

Doors translate and render them: a page, an RFC 9457 problem, or TwiML.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from hotline.core.words import N_


class HotlineError(Exception):
    """The base of all; *detail* is a text of the catalogue, filled with *values*."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    kind = "error"
    message = N_("操作没有完成。")

    def __init__(self, detail: str | None = None, **values: Any) -> None:
        """Keep *detail* with its *values*, or the class's own message."""
        self.detail = detail or self.message
        self.values = values
        super().__init__(self.detail % values if values else self.detail)


class NotFound(HotlineError):
    """No such thing, or not in the actor's part of the tree: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    kind = "not-found"
    message = N_("没有找到，或者不在您的单位范围内。")


class Forbidden(HotlineError):
    """The actor lacks the permission."""

    status = HTTPStatus.FORBIDDEN
    kind = "forbidden"
    message = N_("您没有做这件事的权限。")


class Stale(HotlineError):
    """Somebody changed it first."""

    status = HTTPStatus.CONFLICT
    kind = "stale"
    message = N_("别人刚刚改过，请看过最新内容再做。")


class GuardFailed(HotlineError):
    """A condition does not hold."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "guard-failed"
    message = N_("条件还不具备。")

    def __init__(self, detail: str | None = None, *, guard: str = "state", **values: Any) -> None:
        """Name the *guard* that does not hold."""
        super().__init__(detail, **values)
        self.guard = guard


class TransitionNotAllowed(GuardFailed):
    """The state table has no such row."""

    kind = "transition-not-allowed"
    message = N_("工单在这个状态下不能这样做。")


class Invalid(HotlineError):
    """Some fields need mending: one message per field in *errors*."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "invalid"
    message = N_("有些内容需要改正。")

    def __init__(self, errors: Mapping[str, str], detail: str | None = None, **values: Any) -> None:
        """Keep the messages."""
        super().__init__(detail, **values)
        self.errors = dict(errors)


class TooMany(HotlineError):
    """A limit is reached; come back after *retry_after* seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    kind = "too-many"
    message = N_("太频繁了，请稍后再试。")

    def __init__(self, detail: str | None = None, *, retry_after: int = 60, **values: Any) -> None:
        """Say after how many seconds to come back."""
        super().__init__(detail, **values)
        self.retry_after = retry_after


class Unavailable(HotlineError):
    """The database or the carrier cannot take it now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "unavailable"
    message = N_("系统暂时不可用，请稍后再试。")
