"""The register of employers by request."""

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.api.tickets import Limit
from hotline.core.roles import Permission
from hotline.employers import queries
from hotline.employers.models import Employer


class EmployerQuery(Model):
    """A name, a part of one, pinyin or a unified code; the best hits come on one page."""

    q: str | None = None
    limit: Limit = 50
    cursor: str | None = None


class EmployerShape(Model):
    """An employer; `code` is its unified code, null where it is not known."""

    id: str
    name: str
    code: str | None
    region: str | None
    address: str | None
    ownership: str | None
    has_union: bool | None


@endpoint(
    Operation(
        "GET", "/employers", "the register of employers", Permission.TICKET_WRITE,
        shapes.Listed[EmployerShape], query=EmployerQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """List the register by name, or those that what is asked may mean, the likeliest first."""
    query = asked.query
    if query.q:
        found = queries.find(asked.session, query.q, limit=query.limit)
        items = [_shape(match.employer) for match in found]
        return shapes.Listed[EmployerShape](items=items, next=None)
    page = queries.page(asked.session, cursor=query.cursor, limit=query.limit)
    return shapes.Listed[EmployerShape](items=list(map(_shape, page.items)), next=page.next)


def _shape(row: Employer) -> EmployerShape:
    return EmployerShape(
        id=str(row.id),
        name=row.name,
        code=row.code,
        region=row.region_code,
        address=row.address,
        ownership=row.ownership,
        has_union=row.has_union,
    )
