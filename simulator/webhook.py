"""What the carrier sends to the hotline and what it gets back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

#: An HTTP exchange: sends a webhook, returns the answer. Raises `ConnectionError`
#: when nobody listens and `TimeoutError` when the answer does not come in time.
Transport = Callable[["Webhook"], "Answer"]

CONNECT_FAILED: Final = "ct"
READ_FAILED: Final = "rt"
_MOST_RETRIES: Final = 5


@dataclass(frozen=True)
class Webhook:
    """One HTTP request of the carrier; a GET has its parameters in the address."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """What the hotline answered."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes = ""

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.body if isinstance(self.body, str) else self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """Return the header *name*, whatever its case, or an empty string."""
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), "")


@dataclass(frozen=True)
class Target:
    """An address as it was configured: with its method and its `#rc=&rp=` overrides."""

    url: str
    method: str = "POST"

    @property
    def address(self) -> str:
        """The address without its fragment: what is requested and signed."""
        return self.url.partition("#")[0]

    @property
    def overrides(self) -> dict[str, str]:
        """The connection overrides of the fragment."""
        pairs = (part.partition("=") for part in self.url.partition("#")[2].split("&") if part)
        return {name: value for name, _, value in pairs}

    @property
    def retries(self) -> int:
        """How often a failed request is repeated: once, unless `rc` says otherwise."""
        count = self.overrides.get("rc", "1")
        return min(int(count), _MOST_RETRIES) if count.isdigit() else 1

    def retried_after(self, failure: str) -> bool:
        """Tell whether the policy repeats after *failure*: `ct`, `rt`, `4xx` or `5xx`."""
        policy = self.overrides.get("rp", CONNECT_FAILED).split(",")
        return failure in policy or "all" in policy

    def relative(self, url: str, method: str | None = None) -> "Target":
        """Return the target that *url* means in a document fetched from here."""
        return Target(urljoin(self.address, url), (method or "POST").upper())
