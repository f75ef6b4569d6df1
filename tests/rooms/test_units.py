"""Units: the tree that stands in a new database, and a unit for every matter in it."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import NotFound
from hotline.tickets.models import Category
from hotline.units import queries
from hotline.units.models import RoutingRule, Unit, UnitKind
from hotline.units.routing import propose

NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
PARTIES = ("court", "procuratorate", "labour", "justice")


def test_the_union_s_tree_is_whole(session: Session) -> None:
    region = queries.unit(session, "15")
    inside = queries.below(session, region.path)
    kinds = [row.kind for row in inside]
    leagues = [row for row in inside if row.parent_id == region.id and len(row.code) == 4]
    banners = [row for row in inside if row.kind is UnitKind.UNION and len(row.code) == 6]
    assert inside[0].id == region.id
    assert (len(leagues), len(banners)) == (12, 103)
    assert (kinds.count(UnitKind.CENTRE), kinds.count(UnitKind.ZONE)) == (1, 5)
    assert UnitKind.PARTNER not in kinds


@pytest.mark.parametrize("code", ["150781", "152501", "hotline", "1501"])
def test_some_hang_directly_below_the_region(session: Session, code: str) -> None:
    above = queries.superior(session, queries.unit(session, code))
    assert above is not None
    assert above.code == "15"


@pytest.mark.parametrize(
    ("code", "above"),
    [("150102", "1501"), ("150172", "1501"), ("court-150781", "court-1507"), ("15", None)],
)
def test_others_hang_below_their_league(session: Session, code: str, above: str | None) -> None:
    found = queries.superior(session, queries.unit(session, code))
    assert (found.code if found else None) == above


def test_every_path_is_the_path_of_the_parent_and_the_unit(session: Session) -> None:
    units = {row.id: row for row in queries.tree(session)}
    for row in units.values():
        start = units[row.parent_id].path if row.parent_id else "/"
        assert row.path == f"{start}{row.id}/"


def test_each_partner_stands_in_every_region(session: Session) -> None:
    codes = {row.code for row in session.scalars(select(Unit))}
    for party in PARTIES:
        assert {f"{party}-15", f"{party}-1501", f"{party}-150102"} <= codes
        assert len(queries.below(session, queries.unit(session, f"{party}-15").path)) == 116


def test_a_subtree_holds_no_neighbour(session: Session) -> None:
    league = queries.unit(session, "1501")
    inside = queries.below(session, league.path)
    assert league.code in {row.code for row in inside}
    assert all(row.code.startswith("1501") for row in inside)
    assert len(inside) == 1 + 9 + 1


def test_below_is_a_matter_of_the_tree(session: Session) -> None:
    region, league, banner, neighbour = (
        queries.unit(session, code) for code in ("15", "1501", "150102", "1502")
    )
    assert queries.is_below(region, league)
    assert queries.is_below(league, banner)
    assert not queries.is_below(banner, league)
    assert not queries.is_below(league, league)
    assert not queries.is_below(league, neighbour)


def test_units_are_read_together(session: Session) -> None:
    assert {row.code for row in queries.units_by_ids(session, [1, 2, 1]).values()} == {
        "15",
        "hotline",
    }
    assert queries.units_by_ids(session, []) == {}
    assert queries.by_id(session, 2).code == "hotline"


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.unit(session, "9999")
    with pytest.raises(NotFound):
        queries.by_id(session, 99999)
    with pytest.raises(NotFound):
        queries.regions_up(session, "999999")


def test_regions_lead_up_to_the_region(session: Session) -> None:
    assert queries.regions_up(session, "150102") == ("150102", "150100", "150000")
    assert len(queries.regions(session)) == 116


def test_every_region_and_category_has_a_unit(session: Session) -> None:
    categories = session.scalars(select(Category.code)).all()
    units = {row.id: row for row in queries.tree(session)}
    for party in ("union", *PARTIES):
        for region in queries.regions(session):
            up = queries.regions_up(session, region.code)
            rules = queries._rules(session, party, up, NOW.date())
            for category in categories:
                found = units[propose(rules, up, category).unit_id]
                if category[0] not in "RNST":
                    assert found.region_code == region.code
                    assert found.code.startswith("15" if party == "union" else f"{party}-15")


@pytest.mark.parametrize(
    ("region", "category", "code"),
    [
        ("150102", "A1", "150102"),
        ("150100", "A1", "1501"),
        ("150000", "A1", "15"),
        ("150102", "R1", "1501"),
        ("150781", "R1", "15"),
        ("150000", "R2", "15"),
        ("150102", "R3", "15"),
        ("150102", "N2", "hotline"),
        ("150102", "T1", "hotline"),
    ],
)
def test_examples_of_routes(session: Session, region: str, category: str, code: str) -> None:
    found = queries.route(session, region=region, category=category, now=NOW)
    assert queries.by_id(session, found.unit_id).code == code
    assert found.reason.startswith("规则 ")


def test_a_rule_counts_only_in_its_days(session: Session) -> None:
    league = queries.unit(session, "1501")
    session.add(
        RoutingRule(
            id=9001,
            party="union",
            region_code="150102",
            category_code="A1",
            unit_id=league.id,
            valid_from=dt.date(2026, 11, 1),
            valid_to=dt.date(2026, 11, 30),
        )
    )
    session.flush()
    asked = {"region": "150102", "category": "A1"}
    assert queries.route(session, **asked, now=NOW).unit_id == league.id
    later = NOW + dt.timedelta(days=9)
    assert queries.route(session, **asked, now=later).unit_id != league.id
