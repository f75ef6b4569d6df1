"""The directory by request: units of the tree, categories of matters."""

from collections.abc import Sequence

from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.core.language import local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.tickets import catalogue
from hotline.units import queries as units


class UnitShape(Model):
    """A unit; `parent` is the code of the one above it."""

    code: str
    name: str
    name_en: str
    kind: str
    region: str | None
    parent: str | None


class CategoryShape(Model):
    """A leaf of the subject tree."""

    code: str
    name: str
    name_en: str
    group_code: str
    group_name: str
    group_name_en: str


class Whole(Model):
    """A list that fits on one page."""

    next: None = None


class Units(Whole):
    """All units."""

    items: Sequence[UnitShape]


class Categories(Whole):
    """All categories."""

    items: Sequence[CategoryShape]


@endpoint(Operation("GET", "/units", "the unit tree", Permission.DIRECTORY, Units))
def list_units(asked: Asked) -> Model:
    """List the units, each before its own children."""
    rows = units.tree(asked.session)
    codes = {row.id: row.code for row in rows}
    return Units(
        items=[
            UnitShape(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                kind=row.kind,
                region=row.region_code,
                parent=codes.get(row.parent_id or 0),
            )
            for row in rows
        ]
    )


@endpoint(Operation("GET", "/categories", "the subject tree", Permission.DIRECTORY, Categories))
def list_categories(asked: Asked) -> Model:
    """List the categories in their order."""
    rows = catalogue.offered(asked.session, local(utcnow()).date())
    return Categories(items=[CategoryShape.model_validate(row) for row in rows])
