"""Every setting of the hotline: its name in the environment, its default, its meaning.

Read by `hotline.app` alone. A missing or malformed setting stops the start with one
line that names it.
"""

import base64
import contextlib
import os
import re
import secrets
import zoneinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT: Final = Path(__file__).parent
INSTANCE: Final = ROOT / "instance"
OPEN_HOURS: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
DEMO_ACCOUNT: Final = "AC" + "12351".zfill(32)  # nobody's account: the simulator's
E164: Final = re.compile(r"\+[1-9]\d{5,14}")


class SettingsError(ValueError):
    """A setting is missing or malformed; the message is one line and names it."""


class Environment(StrEnum):
    """What the installation is for."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    DEMO = "demo"
    TEST = "test"


class CarrierKind(StrEnum):
    """Who carries calls and messages; `simulator` is the same client pointed elsewhere."""

    TWILIO = "twilio"
    SIMULATOR = "simulator"


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise ValueError("not a time zone, e.g. Asia/Shanghai") from error
    return name


def _quiet_hours(text: str) -> str:
    if text != "off" and not OPEN_HOURS.fullmatch(text):
        raise ValueError("write HH:MM-HH:MM or off")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment:
        raise ValueError("an http or https address")
    return text.rstrip("/")


def _number(text: str) -> str:
    if not E164.fullmatch(text):
        raise ValueError("a number in E.164 form, e.g. +8647112351")
    return text


def _engine(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("sqlite:///… or postgresql+psycopg://…")
    return url


def _log_level(text: str) -> str:
    if text.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("debug, info, warning or error")
    return text.lower()


def _several(text: Any) -> Any:
    return tuple(part.strip() for part in text.split(",")) if isinstance(text, str) else text


RecordedLine = Literal["browser", "desk", "simulated", "none"]
Address = Annotated[str, AfterValidator(_address)]


class Settings(BaseSettings):
    """The settings; each attribute is read from the variable of the same name in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    hotline_env: Environment = Environment.PRODUCTION
    database_url: Annotated[str, AfterValidator(_engine)] = "sqlite:///instance/hotline.db"
    redis_url: SecretStr | None = None
    secret_key: SecretStr = SecretStr("")
    data_keys: SecretStr = SecretStr("")
    recorded_lines: Annotated[tuple[RecordedLine, ...], NoDecode, BeforeValidator(_several)] = (
        "browser",
        "desk",
        "simulated",
    )
    recordings_dir: str = "instance/recordings"
    prompts_dir: str = "instance/prompts"
    public_url: Address = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    web_workers: PositiveInt = Field(default_factory=lambda: os.cpu_count() or 1)
    web_threads: PositiveInt = 96
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    log_level: Annotated[str, AfterValidator(_log_level)] = "info"

    hotline_number: Annotated[str, AfterValidator(_number)] = "+8647112351"
    hotline_timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    hotline_locale: Annotated[str, Field(pattern="^(zh_CN|en)$")] = "zh_CN"
    hotline_quiet_hours: Annotated[str, AfterValidator(_quiet_hours)] = "21:00-08:30"

    carrier: CarrierKind = CarrierKind.TWILIO
    carrier_profile: Annotated[str, Field(pattern="^(full|basic)$")] = "full"
    twilio_account_sid: str = ""
    twilio_auth_token: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_several)] = ()
    twilio_api_key: str = ""
    twilio_api_secret: SecretStr = SecretStr("")
    twilio_twiml_app_sid: str = ""
    twilio_api_url: Address = "https://api.twilio.com"

    sms_per_minute: PositiveInt = 60
    sms_per_day: PositiveInt = 2000
    sms_per_number_per_day: PositiveInt = 5
    sms_two_way: bool = True
    dial_prefixes: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_several)] = ("+86",)
    metrics_token: SecretStr = SecretStr("")
    hotline_failpoint: Annotated[str, Field(pattern="^(W[1-5]|R[1-4])?$")] = ""

    @model_validator(mode="before")
    @classmethod
    def _made_once(cls, given: Any) -> Any:
        """Fill what demo, development and test make for themselves."""
        env = str(given.get("hotline_env", Environment.PRODUCTION))
        if env == Environment.DEMO:
            given.setdefault("carrier", CarrierKind.SIMULATOR)
            given.setdefault("hotline_quiet_hours", "off")
            given.setdefault("twilio_account_sid", DEMO_ACCOUNT)
            given.setdefault("twilio_auth_token", _kept_secret("carrier_token"))
        if env in {Environment.DEMO, Environment.DEVELOPMENT}:
            for name in ("secret_key", "data_keys"):
                given[name] = given.get(name) or _kept_secret(name)
        return given

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse a start that would fail later or be open to everybody."""
        for name in ("secret_key", "data_keys"):
            if not getattr(self, name).get_secret_value():
                raise ValueError(f"{name.upper()} is missing")
        if self.carrier is CarrierKind.TWILIO or self.hotline_env is Environment.PRODUCTION:
            for name in ("twilio_account_sid", "twilio_auth_token"):
                if not getattr(self, name):
                    raise ValueError(f"{name.upper()} is missing")
        if self.hotline_env is Environment.DEMO and self.host not in {"127.0.0.1", "::1"}:
            raise ValueError("HOST: the demo binds to loopback only")
        return self

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration with invented people."""
        return self.hotline_env is Environment.DEMO

    @property
    def secure(self) -> bool:
        """Whether the public address is https, so that cookies are Secure."""
        return self.public_url.startswith("https://")

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The carrier's signing tokens; two during a rotation."""
        return tuple(token.get_secret_value() for token in self.twilio_auth_token)

    @property
    def database(self) -> str:
        """The database address, a relative SQLite path taken from the repository root."""
        prefix = "sqlite:///"
        path = self.database_url.removeprefix(prefix)
        if path == self.database_url or path.startswith(("/", ":")):
            return self.database_url
        return f"{prefix}{ROOT / path}"

    @property
    def recordings(self) -> Path:
        """The folder of recordings, a relative path taken from the repository root."""
        return ROOT / self.recordings_dir

    @property
    def prompts(self) -> Path:
        """The folder of recorded prompts, a relative path taken from the repository root."""
        return ROOT / self.prompts_dir


def read(**given: Any) -> Settings:
    """Read the settings from the environment; *given* ones come first.

    Raises:
        SettingsError: One line that names the setting and says what is wrong.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][:1]).upper()
        problem = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{place}: {problem}" if place else problem) from None


def _kept_secret(name: str) -> str:
    """Return the secret of that name in `instance/`, made at the first start."""
    path = INSTANCE / f"{name}.txt"
    if not path.exists():
        INSTANCE.mkdir(exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # whoever starts at the same time keeps the first one's
        fresh.unlink()
    return path.read_text().strip()
