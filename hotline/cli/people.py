"""`flask staff add` and `flask token issue`."""

import sys
from typing import Any, Final

import click

from hotline.cli.speaking import ACTOR, Group, plainly
from hotline.core.db import transaction
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Role
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.staff import queries
from hotline.staff import service as accounts
from hotline.telephony.numbers import normalise
from hotline.units import queries as units

ROLES: Final = click.Choice([role.value for role in Role if role is not Role.SYSTEM])


@click.group("staff", cls=Group)
def staff() -> None:
    """Accounts of members of staff."""


@staff.command("add")
@click.argument("login")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help="May be repeated.")
@click.argument("more", type=ROLES, nargs=-1, metavar="[ROLE]...")
@click.option("--unit", default="hotline", show_default=True, help="Code of the unit.")
@click.option("--phone", help="Own telephone, for alerts and the desk line (E.164).")
@click.option("--name", help="Name shown to colleagues; by default the login.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@plainly
def add(
    login: str,
    roles: tuple[str, ...],
    more: tuple[str, ...],
    unit: str,
    phone: str | None,
    name: str | None,
    password_stdin: bool,
) -> None:
    """Add a member of staff. Several roles: --role A B, or --role A --role B."""
    password = _password(from_stdin=password_stdin)
    number = _number(phone)

    def work(session: Any) -> None:
        accounts.add(
            session,
            login=login,
            roles=[Role(role) for role in (*roles, *more)],
            unit_id=_unit(session, unit),
            phone=number,
            name=name,
            password=password,
            actor=ACTOR,
            now=utcnow(),
        )

    transaction(work)
    click.echo(f"{login} · {unit} · {', '.join((*roles, *more))}")
    if password is None:
        click.echo("No password was given: this account can only use API tokens.", err=True)


def _password(*, from_stdin: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None


def _number(text: str | None) -> str | None:
    if text is None:
        return None
    number = normalise(text)
    if number is None:
        raise Invalid({"phone": N_("不是有效的电话号码")})
    return number


def _unit(session: Any, code: str) -> int:
    try:
        return units.unit(session, code).id
    except NotFound:
        raise Invalid({"unit": N_("没有这个单位")}) from None


@click.group("token", cls=Group)
def token() -> None:
    """Tokens of the API."""


@token.command("issue")
@click.argument("login")
@click.option(
    "--days", type=click.IntRange(min=1), help="Valid for so many days; else until revoked."
)
@plainly
def issue(login: str, days: int | None) -> None:
    """Issue an API token that acts as LOGIN, and print it: this is the only time."""

    def work(session: Any) -> str:
        person = queries.by_login(session, login)
        return accounts.issue_token(session, person.id, actor=ACTOR, now=utcnow(), days=days)

    click.echo(transaction(work))
