"""How commands speak: an error is one line on stderr, what is slow shows how far it is."""

import functools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

import click
from click.exceptions import NoArgsIsHelpError
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext

from hotline.core.errors import HotlineError, Invalid, NotFound
from hotline.core.roles import Actor, Role

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")

ACTOR: Final = Actor(id=None, name="cli", roles=frozenset({Role.ADMIN}))
SLOW: Final = 1.0  # seconds after which a person wonders whether anything happens
LOCALES: Final = {"zh_CN": "zh_Hans_CN", "en": "en"}


class Failed(click.ClickException):
    """It could not be done: one line on stderr, status 1."""

    def __init__(self, message: str) -> None:
        """Keep the first line of *message*."""
        super().__init__(message.strip().split("\n")[0])


class Wrong(Failed):
    """What was asked cannot be meant: status 2."""

    exit_code = 2


class Command(click.Command):
    """A command whose wrong use is told in one line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _shorten(error)


class Group(click.Group):
    """A group of commands, of which there may be none by the name given."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            _shorten(error)


def _shorten(error: click.UsageError) -> NoReturn:
    if isinstance(error, NoArgsIsHelpError):
        raise error
    raise Wrong(error.format_message()) from None


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Run *command* in the app's context; what goes wrong is one line and no traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **given: P.kwargs) -> R:
        try:
            return command(*args, **given)
        except (Invalid, NotFound) as error:
            raise Wrong(sentence(error)) from None
        except HotlineError as error:
            raise Failed(sentence(error)) from None
        except OSError as error:
            raise Failed(str(error)) from None
        except Exception as error:
            if not type(error).__module__.startswith("sqlalchemy"):
                raise
            raise Failed(str(getattr(error, "orig", error))) from None

    return with_appcontext(run)


def sentence(error: HotlineError) -> str:
    """Return what *error* says in the installation's language, on one line."""
    with force_locale(LOCALES[current_app.extensions["hotline"].settings.hotline_locale]):
        if isinstance(error, Invalid):
            faults = (f"{name}: {gettext(words)}" for name, words in error.errors.items())
            return "; ".join(faults)
        return str(gettext(error.detail, **{k: _words(v) for k, v in error.values.items()}))


def _words(value: Any) -> Any:
    return gettext(value) if isinstance(value, str) and value else value


def progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Give *items* one by one; on a terminal a bar appears when it takes over a second."""
    started = time.monotonic()
    bar: Any = None
    with ExitStack() as stack:
        for done, item in enumerate(items):
            if bar is None and sys.stderr.isatty() and time.monotonic() - started > SLOW:
                bar = click.progressbar(length=len(items), label=label, file=sys.stderr)
                stack.enter_context(bar).update(done)
            yield item
            if bar is not None:
                bar.update(1)
