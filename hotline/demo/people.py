"""The demo's organisation as plain rows: whom a visitor may be, and the colleagues around.

All are invented and named so. Visitors share one password, which is no secret: the
demo listens on loopback only.
"""

from typing import Final, NamedTuple

from hotline.core.roles import Role
from hotline.demo.places import LEAGUES, REGION

PASSWORD: Final = "yanshi-2026"  # noqa: S105 - printed at every start
STEMS: Final = "甲乙丙丁戊己庚辛壬癸"


class Person(NamedTuple):
    """A member of the invented staff.

    Attributes:
        unit: The code of the unit; the hotline's centre by default.
        phone: E.164, one that the simulator picks up at once.
        visited: Whether a visitor may sign in as this person.
    """

    login: str
    name: str
    roles: tuple[Role, ...]
    unit: str = "hotline"
    phone: str | None = None
    visited: bool = False


class DemoLogin(NamedTuple):
    """What the login page offers."""

    login: str
    password: str
    role: Role
    name: str
    unit: str


def _phone(number: int) -> str:
    return f"+8613900000{number:03d}"


def _visitor(login: str, name: str, role: Role, number: int, unit: str = "hotline") -> Person:
    return Person(login, name, (role,), unit, _phone(number), visited=True)


VISITORS: Final = (
    _visitor("operator", "演示话务员甲", Role.OPERATOR, 1),
    _visitor("operator2", "演示话务员乙", Role.OPERATOR, 2),
    _visitor("dispatcher", "演示派单员甲", Role.DISPATCHER, 3),
    _visitor("dispatcher2", "演示派单员乙", Role.DISPATCHER, 4),
    _visitor("handler", "演示承办人·赛罕区", Role.HANDLER, 5, "150105"),
    _visitor("handler2", "演示承办人·包头市", Role.HANDLER, 6, "1502"),
    _visitor("reviewer", "演示审核员甲", Role.REVIEWER, 7),
    _visitor("surveyor", "演示回访员甲", Role.SURVEYOR, 8),
    _visitor("supervisor", "演示班长甲", Role.SUPERVISOR, 9),
    _visitor("supervisor2", "演示班长乙", Role.SUPERVISOR, 10),
    _visitor("partner", "演示法院联络员", Role.PARTNER, 11, "court-1501"),
    _visitor("admin", "演示管理员", Role.ADMIN, 12),
    _visitor("security", "演示安全员", Role.SECURITY, 13),
    _visitor("auditor", "演示审计员", Role.AUDITOR, 14),
)

DEMO_LOGINS: Final = tuple(
    DemoLogin(person.login, PASSWORD, person.roles[0], person.name, person.unit)
    for person in VISITORS
)


def colleagues() -> list[Person]:
    """Return those who work around the visitors: in the centre, the leagues and the banners."""
    people = [
        Person(f"operator-{n}", f"演示话务员{STEMS[n - 1]}", (Role.OPERATOR,), phone=_phone(20 + n))
        for n in range(3, 9)
    ]
    people += [
        Person("reviewer-2", "演示审核员乙", (Role.REVIEWER,), phone=_phone(31)),
        Person("surveyor-2", "演示回访员乙", (Role.SURVEYOR,), phone=_phone(32)),
        *_union(REGION, 40),
    ]
    taken = {person.unit for person in VISITORS if Role.HANDLER in person.roles}
    for n, league in enumerate(LEAGUES):
        people += [each for each in _union(league.code, 50 + 10 * n) if _wanted(each, taken)]
        people += [
            Person(
                f"handler-{code}",
                f"演示承办人·{code}",
                (Role.HANDLER,),
                code,
                _phone(50 + 10 * n + 2 + at),
            )
            for at, code in enumerate(league.banners)
            if code not in taken
        ]
    return people


def _union(code: str, number: int) -> list[Person]:
    """Return who leads a union and who handles its own matters."""
    return [
        Person(f"lead-{code}", f"演示负责人·{code}", (Role.SUPERVISOR,), code, _phone(number)),
        Person(f"handler-{code}", f"演示承办人·{code}", (Role.HANDLER,), code, _phone(number + 1)),
    ]


def _wanted(person: Person, taken: set[str]) -> bool:
    return Role.HANDLER not in person.roles or person.unit not in taken
