"""`flask settings`: what this installation runs with, secrets masked."""

import re
from typing import Any, Final

import click
from flask import current_app
from pydantic import SecretStr

from hotline.cli.speaking import Command, plainly
from hotline.core import signing

MASK: Final = "********"
PASSWORD: Final = re.compile(r"(?<=:)[^:@/]+(?=@)")  # in the address of a database


@click.command("settings", cls=Command)
@plainly
def settings() -> None:
    """Print every setting with its value, secrets masked, and the public key of its seals."""
    read = current_app.extensions["hotline"].settings
    for name in sorted(type(read).model_fields):
        click.echo(f"{name.upper()}={written(getattr(read, name))}")
    click.echo(f"# the public key of seals and bulletins is {signing.public_key()}")


def written(value: Any) -> str:
    """Return *value* as the environment would hold it, a secret masked."""
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    if isinstance(value, tuple):
        return ",".join(written(part) for part in value)
    return PASSWORD.sub(MASK, str(value)) if value is not None else ""
