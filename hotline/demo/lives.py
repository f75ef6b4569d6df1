"""How matters go: from the operator's desk through a unit, a review and a survey."""

import datetime as dt
from typing import Final

from hotline.core.roles import Role
from hotline.demo import turns, wages
from hotline.demo.answers import asked
from hotline.demo.case import Case
from hotline.demo.stage import Life
from hotline.knowledge import queries as knowledge
from hotline.tickets import approvals, casework, reaching
from hotline.tickets.contact import Way
from hotline.tickets.models import DemandType, Urgency
from hotline.tickets.records import Approval
from hotline.tickets.states import Action, State

LOOKED_INTO: Final = (
    "已电话联系职工核实情况。", "已到单位了解情况，调取考勤和工资台账。", "已约双方到工会面谈。",
    "单位承诺本周内答复。", "已会同劳动监察到现场。",
)  # fmt: skip
A = Action
SPOKEN_WITH: Final = 0.9  # of all workers, before anything else is done
CRISIS: Final = "N2"  # the centre itself stays with whoever is in danger
# Minutes that a unit works on a matter of each urgency before it has a result.
WORK: Final = {
    Urgency.NORMAL: (90, 1500),
    Urgency.URGENT: (40, 600),
    Urgency.CRITICAL: (30, 240),
}


def of_matter(case: Case) -> Life:
    """Play a matter from the moment it is classified."""
    if case.story.demand is DemandType.INQUIRY and case.takes("answer", 0.85):
        yield case.stage.soon(0.5, 4)
        case.act(A.ANSWER_DIRECTLY, case.operator, **_answer(case))
        yield from settled(case)
    elif case.story.category == CRISIS or (
        case.story.demand is DemandType.HELP and case.takes("take", 0.3)
    ):
        yield from _by_the_centre(case)
    else:
        yield from handed_out(case)


def _answer(case: Case) -> dict[str, str]:
    """Return what an inquiry is answered with, and the article it rests on, if there is one."""
    story = case.story
    found = knowledge.suggest(case.stage.session, story.words, story.category, None, limit=1)
    given = {"reply": case.says(story.reply)}
    return given if not found else {**given, "article": str(found[0].words.id)}


def _by_the_centre(case: Case) -> Life:
    """The hotline's own unit handles it, and settles it itself where it is simple."""
    yield case.stage.soon(1, 10)
    case.act(A.TAKE, case.operator)
    yield case.at_centre(30, 500)
    if case.story.level == 0 and case.story.urgency is Urgency.NORMAL:
        case.act(A.RESOLVE, case.operator, **case.result())
    else:
        case.act(A.SUBMIT_RESULT, case.operator, **case.result())
        yield from _reviewed(case, case.operator.id)
    yield from settled(case)


def handed_out(case: Case) -> Life:
    """A dispatcher looks at the matter: it ends here, or goes to a unit."""
    yield case.at_centre(2, 45)
    if not case.is_in(State.RECEIVED):
        return
    ended = yield from turns.ends_at_dispatch(case)
    if ended:
        if case.is_in(State.RESOLVED):
            yield from settled(case)
        return
    yield from turns.dispatched(case)
    yield from worked_on(case)


def worked_on(case: Case) -> Life:
    """A unit signs, works, and answers; a reviewer looks; the caller is asked."""
    yield case.pause(4, 150)
    if case.takes("return", 0.04):
        yield from turns.returned(case)
    if not case.is_in(State.DISPATCHED):
        return
    case.act(A.SIGN, case.handler)
    yield from _detours(case)
    yield from _result(case)
    yield from settled(case)


def _detours(case: Case) -> Life:
    """What may delay a unit."""
    yield case.pause(10, 120)
    if case.stage.chance.random() < SPOKEN_WITH:
        reaching.record(
            case.stage.session, case.ticket, Way.CALL, None,
            reached=True, actor=case.handler, now=case.stage.now,
        )  # fmt: skip
    casework.add_note(
        case.stage.session, case.ticket, case.stage.chance.choice(LOOKED_INTO),
        actor=case.handler, now=case.stage.now,
    )  # fmt: skip
    if case.takes("ask", 0.06):
        yield from turns.asked_for_more(case)
    if case.takes("suspend", 0.02):
        yield from turns.suspended(case)
    if case.takes("extend", 0.03):
        yield from _extended(case)


def _result(case: Case) -> Life:
    """The unit submits until a reviewer is content."""
    least, most = WORK[case.story.urgency]
    yield case.pause(least, most)
    if case.takes("late", 0.07):
        yield max(case.ticket.due_at, case.stage.now) + dt.timedelta(minutes=5)
        yield case.stage.at_work(60, 1400)
    if not case.is_in(State.IN_PROGRESS):
        return
    result = case.result()
    case.act(A.SUBMIT_RESULT, case.handler, **result)
    wages.noted(case, result["fields"])
    yield from _reviewed(case, case.handler.id)


def _reviewed(case: Case, handler_id: int | None) -> Life:
    reviewer = case.stage.cast.one(Role.REVIEWER)
    yield case.pause(15, 240)
    if case.takes("bounce", 0.06):
        case.act(A.BOUNCE, reviewer, defect="incomplete_reply")
        yield case.pause(60, 300)
        again = case.operator if case.operator.id == handler_id else case.handler
        case.act(A.SUBMIT_RESULT, again, **case.result())
        yield case.pause(15, 120)
    case.act(A.APPROVE, reviewer)


def _extended(case: Case) -> Life:
    """The unit asks for more time; a supervisor grants it."""
    ticket = case.ticket
    latest = ticket.due_at + (ticket.due_at - ticket.clock_from)
    due_at = min(ticket.due_at + dt.timedelta(days=3), latest)
    if case.stage.now > ticket.due_at:
        return
    request: Approval = approvals.ask_extension(
        case.stage.session, ticket, due_at, "涉及外地劳务公司，需要函询",
        actor=case.handler, now=case.stage.now,
    )  # fmt: skip
    yield case.pause(20, 200)
    case.approve(request, case.stage.cast.one(Role.SUPERVISOR), "情况属实，同意")


def settled(case: Case) -> Life:
    """After a settlement the caller is asked; who is not content may be heard again."""
    if not case.is_in(State.RESOLVED):
        return
    yield from asked(case)
    if case.is_in(State.APPRAISAL_REVIEW):
        yield from _judged(case)
    elif case.is_in(State.SURVEYED) and case.takes("reopen", 0.012):
        yield case.stage.at_work(60, 900)
        boss = case.stage.cast.one(Role.SUPERVISOR)
        case.act(A.REOPEN, boss, reason="职工再次来电，情况有新变化")
        yield from handed_out(_plain(case))


def _judged(case: Case) -> Life:
    """A supervisor orders a rework, or upholds the result."""
    yield case.pause(40, 500)
    boss = case.stage.cast.one(Role.SUPERVISOR, other_than=case.ticket.reviewer_id)
    if case.ticket.reworks < 1 and case.takes("rework", 0.6):
        case.act(A.ORDER_REWORK, boss, reason="合理诉求未解决，请重新办理", unit=case.answerable)
        yield from worked_on(_plain(case))
    else:
        case.act(A.UPHOLD_RESULT, boss, reason="已依法依规办理，诉求超出政策规定")


def _plain(case: Case) -> Case:
    """Return the same matter, which from now on goes its way by chance."""
    case.turns = frozenset()
    return case
