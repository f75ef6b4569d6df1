"""Who may do what: roles, permissions and the grants between them. No framework here.

The roles are those of the contract, section 7. A permission is a right to a kind of
work; whether it reaches a certain ticket is asked of the unit tree besides.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hotline.core.errors import Forbidden


class Role(StrEnum):
    """What somebody is at the hotline."""

    OPERATOR = "operator"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    SURVEYOR = "surveyor"
    SUPERVISOR = "supervisor"
    PARTNER = "partner"
    ADMIN = "admin"
    SECURITY = "security"
    AUDITOR = "auditor"
    SYSTEM = "system"  # rule, clock, SMS: named with rule and version, never given to staff


class Permission(StrEnum):
    """A right to a kind of work."""

    DESK = "desk"  # the operator's page, presence, taking calls
    TICKET_READ = "ticket.read"
    TICKET_WRITE = "ticket.write"  # intake, notes, attachments, urging
    TICKET_ACT = "ticket.act"  # the state table decides which action
    TICKET_RULE = "ticket.rule"  # approvals, extensions, supervision level, urgency downwards
    REVIEW = "review"  # results before they count, calls by sample
    REVEAL = "reveal"  # see a number in clear, with a reason that is kept
    CALL_READ = "call.read"
    CALL_WORK = "call.work"
    CALL_SUPERVISE = "call.supervise"  # listen to a live call, whisper, barge, take over
    RECORDING_PLAY = "recording.play"  # hear a call or a message, with a reason that is kept
    RECORDING_HOLD = "recording.hold"  # keep a recording beyond its time
    CALLBACK_WORK = "callback.work"
    MESSAGE_READ = "message.read"
    SURVEY_RECORD = "survey.record"
    BOARD = "board"
    RATES = "rates"
    PUBLISH = "publish"  # freeze the numbers of a closed period, or restate them
    LEDGER = "ledger"
    DIRECTORY = "directory"  # units, categories
    REFERRAL = "referral"
    EMPLOYER_WRITE = "employer.write"  # the register of employers
    KNOWLEDGE_READ = "knowledge.read"  # articles, stations and helplines
    KNOWLEDGE_WRITE = "knowledge.write"  # write them, approve what another wrote
    PHRASE_WRITE = "phrase.write"  # canned texts and macros of one's own units
    STAFF_WRITE = "staff.write"
    IMPORT = "import"  # files of what one may write besides
    POLICY_WRITE = "policy.write"  # calendar, service classes, routing, templates
    AUDIT_READ = "audit.read"


P = Permission
_CASE: Final = frozenset(
    {P.TICKET_READ, P.TICKET_WRITE, P.TICKET_ACT, P.DIRECTORY, P.KNOWLEDGE_READ}
)
_LISTEN: Final = frozenset({P.CALL_READ, P.RECORDING_PLAY})
_DESK: Final = _CASE | _LISTEN | {P.DESK, P.REVEAL, P.CALL_WORK, P.CALLBACK_WORK}

GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.OPERATOR: _DESK | {P.MESSAGE_READ, P.RATES},
    Role.DISPATCHER: _CASE
    | _LISTEN
    | {P.REVEAL, P.MESSAGE_READ, P.RATES, P.CALLBACK_WORK, P.EMPLOYER_WRITE},
    Role.HANDLER: _CASE | {P.REVEAL, P.RATES},
    Role.REVIEWER: _CASE | _LISTEN | {P.REVIEW, P.MESSAGE_READ, P.RATES},
    Role.SURVEYOR: frozenset(
        {P.TICKET_READ, P.TICKET_ACT, P.SURVEY_RECORD, P.REVEAL, P.DIRECTORY, P.MESSAGE_READ}
        | {P.KNOWLEDGE_READ}
    ),
    Role.SUPERVISOR: _DESK
    | {P.EMPLOYER_WRITE, P.KNOWLEDGE_WRITE, P.PHRASE_WRITE, P.IMPORT}
    | {P.CALL_SUPERVISE, P.TICKET_RULE, P.REVIEW, P.MESSAGE_READ, P.SURVEY_RECORD}
    | {P.BOARD, P.RATES, P.PUBLISH, P.LEDGER, P.RECORDING_HOLD},
    Role.PARTNER: frozenset({P.REFERRAL}),
    Role.ADMIN: frozenset(
        {P.STAFF_WRITE, P.POLICY_WRITE, P.EMPLOYER_WRITE, P.PHRASE_WRITE, P.IMPORT}
        | {P.DIRECTORY, P.RATES}
    ),
    Role.SECURITY: frozenset({P.AUDIT_READ}),
    Role.AUDITOR: frozenset(
        {P.AUDIT_READ, P.TICKET_READ, P.RATES, P.LEDGER, P.DIRECTORY, P.KNOWLEDGE_READ}
    ),
    Role.SYSTEM: frozenset({P.TICKET_ACT, P.TICKET_WRITE, P.TICKET_READ}),
}

APART: Final = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})  # never two in one hand


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff, or the system by a named rule.

    Attributes:
        id: The staff id, or None for the system.
        name: A login, or the rule and its version (`clock:reply_timeout@1`).
        unit_id: The unit somebody belongs to; None for the system.
        scope: The path of the unit tree that is seen: one's own unit and those below it.
    """

    id: int | None
    name: str
    roles: frozenset[Role]
    unit_id: int | None = None
    scope: str = "/"
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        """Gather what the roles grant."""
        granted = frozenset[Permission]().union(*(GRANTS[role] for role in self.roles))
        object.__setattr__(self, "permissions", granted)

    def may(self, permission: Permission) -> bool:
        """Return whether the roles grant *permission*."""
        return permission in self.permissions

    def sees(self, unit_path: str) -> bool:
        """Return whether a unit lies in this actor's part of the tree."""
        return unit_path.startswith(self.scope)


def system(rule: str, version: int = 1) -> Actor:
    """Return the actor of an automatic step, named with its *rule* and *version*."""
    return Actor(id=None, name=f"{rule}@{version}", roles=frozenset({Role.SYSTEM}))


def require(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless *actor* has *permission*."""
    if not actor.may(permission):
        raise Forbidden
