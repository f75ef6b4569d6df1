"""Articles: written by one, approved by another, found by words and sound, answered with."""

import datetime as dt

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound, Stale
from hotline.knowledge import basis, changes, missed, queries, service
from hotline.knowledge.models import Article, ArticleVersion
from hotline.knowledge.queries import View
from hotline.knowledge.service import Words
from hotline.tickets import answers
from hotline.tickets.models import DemandType, Ticket
from hotline.tickets.records import TicketEvent, TicketResult
from hotline.tickets.service import perform
from hotline.tickets.states import Action, State
from hotline.units import queries as units
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers

TODAY = dt.date(2026, 11, 23)
REVIEW = TODAY + dt.timedelta(days=90)
WORDS = Words(
    title="单位不发高温津贴怎么办",
    answer="先登记，由工会核实后督促单位补发。",
    variants=("高温补贴没有给",),
    laws=basis.read("工会法 第22条\n劳动法 第50条"),
    category_code="A7",
)


def written(session: Session, staff: Staff, words: Words = WORDS) -> Article:
    owner = units.unit(session, "hotline").id
    return service.add(session, words, owner, actor=staff.supervisor, now=MONDAY)


def approved(session: Session, staff: Staff, words: Words = WORDS) -> Article:
    article = written(session, staff, words)
    service.approve(session, article.id, 1, REVIEW, actor=staff.second_supervisor, now=MONDAY)
    return article


def titles(found: list[queries.Entry]) -> list[str]:
    return [entry.words.title for entry in found]


def test_nobody_approves_their_own_words(session: Session, staff: Staff) -> None:
    with pytest.raises(Forbidden):
        service.add(session, WORDS, 2, actor=staff.operator, now=MONDAY)
    article = written(session, staff)
    given = {"actor": staff.supervisor, "now": MONDAY}
    with pytest.raises(GuardFailed):
        service.approve(session, article.id, 1, REVIEW, **given)
    assert queries.find(session, "高温津贴") == [], "what waits is not answered with"
    row = queries.version(session, article.id, 1)
    with pytest.raises(DatabaseError), session.begin_nested():  # nor past the service
        session.execute(
            update(ArticleVersion)
            .where(ArticleVersion.id == row.id)
            .values(approved_by=row.written_by, approved_at=MONDAY)
        )
    late = TODAY + dt.timedelta(days=200)
    with pytest.raises(Invalid):
        service.approve(session, article.id, 1, late, actor=staff.second_supervisor, now=MONDAY)
    service.approve(session, article.id, 1, REVIEW, actor=staff.second_supervisor, now=MONDAY)
    assert titles(queries.find(session, "高温津贴")) == [WORDS.title]


def test_words_stay_as_they_were_written(session: Session, staff: Staff) -> None:
    article = approved(session, staff)
    row = queries.version(session, article.id, 1)
    for change in (
        "UPDATE article_version SET answer = 'x' WHERE id = :id",
        "DELETE FROM article_version WHERE id = :id",
        "UPDATE article_law SET law = 'x' WHERE version_id = :id",
        "DELETE FROM article_law WHERE version_id = :id",
    ):
        with pytest.raises(DatabaseError, match="stay"), session.begin_nested():
            session.execute(text(change), {"id": row.id})


def test_a_new_version_waits_while_the_old_one_answers(session: Session, staff: Staff) -> None:
    article = approved(session, staff)
    seen = article.version
    newer = Words("夏天没有高温津贴", "新的答案。", laws=WORDS.laws)
    given = {"actor": staff.second_supervisor, "now": MONDAY}
    service.revise(session, article.id, newer, 2, version=seen, **given)
    with pytest.raises(Stale):
        service.revise(session, article.id, newer, 2, version=seen, **given)
    assert titles(queries.find(session, "高温津贴")) == [WORDS.title]
    waiting = queries.page(session, View.WAITING, TODAY, cursor=None, limit=1)
    assert titles(list(waiting.items)) == [newer.title], "the newest comes first"
    assert waiting.next is not None, "the drafts that came with the program wait too"
    service.approve(session, article.id, 2, REVIEW, actor=staff.supervisor, now=MONDAY)
    assert titles(queries.find(session, "高温津贴")) == [newer.title]
    assert queries.find(session, "高温补贴") == [], "its other ways of asking went with it"
    with pytest.raises(Stale):
        service.approve(session, article.id, 2, REVIEW, actor=staff.supervisor, now=MONDAY)


def test_found_by_words_and_sound_titles_first(session: Session, staff: Staff) -> None:
    inside = Words("夏天停工怎么算", "停工期间的高温津贴另行计算。")
    approved(session, staff, inside)
    approved(session, staff)
    assert titles(queries.find(session, "高温津贴")) == [WORDS.title, inside.title]
    for asked in ("gwjt", "gaowen", "高温补贴", "ＧＷＪＴ"):
        assert titles(queries.find(session, asked))[0] == WORDS.title, asked
    assert titles(queries.find(session, "劳动法")) == [WORDS.title], "by the name of its law"
    assert queries.find(session, "养老金") == []


def test_what_is_told_brings_three_articles_that_hold_there(session: Session, staff: Staff) -> None:
    elsewhere = Words("包头单位不发高温津贴", "按包头的办法。", region_code="150200")
    approved(session, staff, elsewhere)
    approved(session, staff)
    told = "职工说整个夏天单位不发高温津贴，问了班长也没有说法"
    assert titles(queries.suggest(session, told, "A7", "150102")) == [WORDS.title]
    assert set(titles(queries.suggest(session, told, None, "150202"))) == {
        WORDS.title, elsewhere.title,
    }  # fmt: skip
    assert queries.suggest(session, "想问养老金什么时候领", "E4", None) == []
    assert queries.suggest(session, "", None, None) == []


def test_past_its_day_it_is_listed_and_withdrawn_it_is_gone(session: Session, staff: Staff) -> None:
    article = approved(session, staff)
    due = {"view": View.REVIEW, "cursor": None, "limit": 10}
    assert not queries.page(session, today=TODAY, **due).items
    assert titles(list(queries.page(session, today=REVIEW, **due).items)) == [WORDS.title]
    later = dt.datetime(2027, 2, 21, 2, tzinfo=dt.UTC)
    again = later.date() + dt.timedelta(days=100)
    service.reviewed(session, article.id, again, actor=staff.supervisor, now=later)
    assert not queries.page(session, today=REVIEW, **due).items
    given = {"actor": staff.supervisor, "now": later}
    with pytest.raises(Invalid):
        service.withdraw(session, article.id, " ", **given)
    service.withdraw(session, article.id, "办法废止", **given)
    assert queries.find(session, "高温津贴") == []
    gone = queries.page(session, View.WITHDRAWN, TODAY, cursor=None, limit=10)
    assert titles(list(gone.items)) == [WORDS.title]
    with pytest.raises(GuardFailed):
        service.revise(session, article.id, WORDS, 2, **given)


def test_searches_in_vain_are_counted_by_words_and_day(session: Session) -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    for day, words in ((TODAY, "采暖费"), (TODAY, " 采 暖 费"), (tomorrow, "采暖费"),
                       (tomorrow, "探亲假"), (TODAY, "13800000001")):  # fmt: skip
        missed.count(session, words, day)
    found = [(row.words, row.times) for row in missed.since(session, TODAY)]
    assert found == [("采暖费", 3), ("探亲假", 1)]
    assert [row.times for row in missed.since(session, tomorrow)] == [1, 1]


def test_r19_a_direct_answer_keeps_its_text_version_and_law(session: Session, staff: Staff) -> None:
    """R19: text, article version and law basis are kept; a complaint needs the supervisor right."""
    article = approved(session, staff)
    waiting = written(session, staff, Words("没有批准的", "不能用。"))
    used = queries.version(session, article.id, 1)
    unapproved = queries.version(session, waiting.id, 1)
    session.commit()
    asked = session.get_one(
        Ticket, matters.received(demand_type=DemandType.INQUIRY, category_code="A7")[0]
    )
    given = {"actor": staff.operator, "now": MONDAY}
    for wrong in (str(unapproved.id), "0", "没有", "9" * 30):
        fields = {"reply": WORDS.answer, "article": wrong}
        with pytest.raises(Invalid) as error:
            perform(session, asked, Action.ANSWER_DIRECTLY, fields, **given)
        assert set(error.value.errors) == {"article"}
        session.rollback()
    fields = {"reply": WORDS.answer, "article": str(used.id)}
    perform(session, asked, Action.ANSWER_DIRECTLY, fields, **given)
    session.commit()

    later = Words(WORDS.title, "现在的答案不同了。", laws=basis.read("工会法 第99条"))
    service.revise(session, article.id, later, 2, actor=staff.supervisor, now=MONDAY)
    service.approve(session, article.id, 2, REVIEW, actor=staff.second_supervisor, now=MONDAY)
    result = session.scalars(select(TicketResult)).one()
    kept = queries.cited(session, [result.article_version_id or 0])[used.id]
    assert (result.reply, kept.words.number) == (WORDS.answer, 1)
    assert kept.words.answer == WORDS.answer
    assert list(kept.laws) == list(WORDS.laws)
    event = session.scalars(
        select(TicketEvent).where(TicketEvent.action == Action.ANSWER_DIRECTLY)
    ).one()
    assert event.detail["basis"] == ["工会法 第22条", "劳动法 第50条"]
    under = answers.under_article(session, staff.operator, article.id, cursor=None, limit=10)
    assert [(line.number, line.version) for line in under.items] == [(asked.number, 1)]


def test_r19_a_complaint_is_answered_only_with_the_right_of_a_supervisor(
    session: Session, staff: Staff
) -> None:
    ticket = session.get_one(Ticket, matters.received()[0])
    fields = {"reply": WORDS.answer}
    with pytest.raises(GuardFailed) as refused:
        perform(session, ticket, Action.ANSWER_DIRECTLY, fields, actor=staff.operator, now=MONDAY)
    assert refused.value.guard == "inquiry"
    both = type(staff.operator)(
        staff.operator.id, "both", staff.operator.roles | staff.supervisor.roles, 2
    )
    perform(session, ticket, Action.ANSWER_DIRECTLY, fields, actor=both, now=MONDAY)
    assert ticket.state is State.RESOLVED


def test_a_law_that_changed_brings_its_answers_back(session: Session, staff: Staff) -> None:
    article = approved(session, staff)
    used = queries.version(session, article.id, 1)
    session.commit()
    first, second = (
        matters.received(f"+861380000001{n}", demand_type=DemandType.INQUIRY, category_code="A7")
        for n in range(2)
    )
    fields = {"reply": WORDS.answer, "article": str(used.id)}
    matters.act(first[0], (Action.ANSWER_DIRECTLY, staff.operator, fields), now=MONDAY)
    noted = {"actor": staff.supervisor, "now": MONDAY + dt.timedelta(hours=1)}
    with pytest.raises(Invalid):
        changes.note(session, "没有的法", None, "修订", **noted)
    change = changes.note(session, "《劳动法》", "50", "修订，明年施行", **noted)
    changes.note(session, "劳动法", None, "整部修订", **noted)
    session.commit()
    later = MONDAY + dt.timedelta(hours=2)
    matters.act(second[0], (Action.ANSWER_DIRECTLY, staff.operator, fields), now=later)
    seen = {"cursor": None, "limit": 10}
    lines = answers.to_recheck(session, staff.supervisor, change, **seen).items
    assert [line.number for line in lines] == [first[1]], "what came after knew the change"
    assert titles(list(changes.resting(session, change))) == [WORDS.title]
    checks = {"actor": staff.supervisor, "now": later}
    answers.recheck(session, change, lines[0].id, **checks)
    with pytest.raises(NotFound):
        answers.recheck(session, change, lines[0].id, **checks)
    assert not answers.to_recheck(session, staff.supervisor, change, **seen).items
    assert [row.number for row in answers.checked(session, staff.supervisor, change.id)] == [
        first[1]
    ]


def test_the_pages_tell_the_whole_story(hotline: Hotline, staff: Staff, browser: Browsers) -> None:
    writer, reader, second = browser(), browser(), browser()
    writer.signs_in("supervisor")
    second.signs_in("second_supervisor")
    reader.signs_in("operator")
    wrong = writer.post("/knowledge", title="<b>冬天</b>采暖", answer="", laws="不知道")
    assert wrong.status_code == 422
    made = writer.post(
        "/knowledge",
        title="<b>冬天</b>采暖费",
        answer="由单位发。",
        laws="劳动法 第50条",
        unit="hotline",
    )
    address = made.headers["Location"]
    assert writer.post(f"{address}/approval", number="1", review_on="2027-01-05").status_code == 422
    assert reader.post(f"{address}/approval", number="1").status_code == 403
    assert "还没有批准过的条目" in reader.get("/knowledge").get_data(as_text=True)
    assert "没有搜到" in reader.get("/knowledge?q=采暖").get_data(as_text=True)
    assert "采暖" in writer.get("/knowledge/missed").get_data(as_text=True)
    assert reader.get("/knowledge/missed").status_code == 403
    review = str(hotline.now.date() + dt.timedelta(days=30))
    assert second.post(f"{address}/approval", number="1", review_on=review).status_code == 303
    assert address in reader.get("/knowledge?q=cnf").get_data(as_text=True)
    again = {
        "title": "冬天采暖费",
        "answer": "由单位按月发。",
        "laws": "劳动法 第50条",
        "version": "2",
    }
    assert writer.post(address, **again).status_code == 303
    page = writer.get(address).get_data(as_text=True)
    assert "&lt;b&gt;冬天&lt;/b&gt;采暖费" in page
    assert "<b>冬天" not in page
    assert "<ins>由单位按月发。</ins>" in page
    assert "<del>由单位发。</del>" in page
    noted = writer.post("/knowledge/laws", law="劳动法", article="50", note="修订")
    assert "待复查的答复" in writer.get(noted.headers["Location"]).get_data(as_text=True)
    for path in ("/knowledge/laws", "/knowledge/new", f"{address}/edit", "/knowledge?view=waiting"):
        assert writer.get(path).status_code == 200, path
    assert "冬天" in reader.get("/knowledge/look-up?q=采暖").get_data(as_text=True)


def test_programs_find_articles_and_answer_with_them(hotline: Hotline, staff: Staff) -> None:
    transaction(lambda session: approved(session, staff).id)
    api = hotline.api(staff.operator)
    found = api.get("/articles", q="gwjt")["items"]
    assert [each["title"] for each in found] == [WORDS.title]
    assert found[0]["laws"] == ["工会法 第22条", "劳动法 第50条"]
    assert api.get("/articles")["items"] == found
    number = matters.received(demand_type=DemandType.INQUIRY, category_code="A7")[1]
    given = {"version": 1, "reply": "先登记", "article": found[0]["id"]}
    done = api.post(f"/tickets/{number}/actions/answer_directly", given)
    assert done["state"] == "resolved"
