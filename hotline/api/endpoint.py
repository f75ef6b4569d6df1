"""One declaration an address: what it takes, what it gives, who may ask, and its description.

The declaration parses and checks the request, runs the view in a transaction (or, for a
GET, a reading session), repeats the kept answer for a repeated `Idempotency-Key`, and
becomes the OpenAPI description.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, current_app, g, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import MethodNotAllowed

from hotline.core import idempotency
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits, public
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Actor, Permission
from hotline.core.rows import id_in
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.staff import queries as staff

bp: Final = Blueprint("api", __name__, url_prefix="/api/v1")
JSON: Final = "application/json"
LONGEST_KEY: Final = 120
PART: Final = re.compile(r"<(\w+)>")
WRONG: Final = {"missing": N_("请填写"), "extra_forbidden": N_("没有这一项")}


class Model(BaseModel):
    """A body, a query or an answer. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Reply(NamedTuple):
    """An answer whose status is not the declared one."""

    status: int
    body: Model


@dataclass(frozen=True)
class Asked:
    """A request, read and checked."""

    session: Session
    actor: Actor
    now: dt.datetime
    body: Any
    query: Any


@dataclass(frozen=True)
class Operation:
    """One address and method, as it is declared."""

    method: str
    path: str
    summary: str
    permission: Permission
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = HTTPStatus.OK
    raw: bool = False  # the body is read by the view: a file, or an action's own fields

    def fits(self, path: str) -> bool:
        """Return whether *path* is this address, whatever the method."""
        return re.fullmatch(PART.sub("[^/]+", self.path), path) is not None


View = Callable[..., Model | Reply]
OPERATIONS: Final[list[Operation]] = []


class Unauthorized(Exception):
    """No token, or one that is unknown, expired or revoked."""


class WrongMediaType(Exception):
    """A body that is not JSON."""


def endpoint(operation: Operation) -> Callable[[View], View]:
    """Open an address as declared; the view gets `Asked` and the path's parts."""
    OPERATIONS.append(operation)

    def declare(view: View) -> View:
        def serve(**parts: str) -> Response:
            body, query = _read_body(operation), _read_query(operation)

            def work(session: Session) -> Response:
                asked = Asked(session, current_actor(), utcnow(), body, query)
                return _answer(operation, view(asked, **parts))

            if operation.method == "GET":
                with reading() as session:
                    return work(session)
            response = _once(work)
            current_app.extensions["hotline"].nudge()
            return response

        serve.__name__ = view.__name__
        serve.__doc__ = view.__doc__
        name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        bp.add_url_rule(
            operation.path,
            endpoint=name,
            view_func=permits(operation.permission)(serve),
            methods=[operation.method],
        )
        return view

    return declare


@bp.before_app_request
def load_actor() -> None:
    """Find out who asks, from the token; addresses of other doors are left alone."""
    if not request.path.startswith(f"{bp.url_prefix}/"):
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = None
    if scheme.lower() == "bearer" and token:
        with reading() as session:
            actor = staff.actor_by_token(session, token.strip(), utcnow())
    if actor is None:
        raise Unauthorized
    g.actor = actor


@bp.route("/", defaults={"rest": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@bp.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@public("answers 404 or 405, whatever is asked")
def nowhere(rest: str) -> Response:
    """Refuse what is no address of ours, as a problem."""
    if any(each.fits(f"/{rest}") for each in OPERATIONS):
        raise MethodNotAllowed
    raise NotFound


def _read_body(operation: Operation) -> Any:
    if operation.body is None:
        return None
    if request.mimetype != JSON:
        raise WrongMediaType
    model = operation.body
    return check(lambda: model.model_validate_json(request.get_data()))


def _read_query(operation: Operation) -> Any:
    if operation.query is None:
        if request.args:
            raise Invalid(dict.fromkeys(request.args, N_("没有这一项")))
        return None
    model = operation.query
    return check(lambda: model.model_validate(request.args.to_dict()))


def read_object() -> dict[str, Any]:
    """Read a JSON object whose fields the caller of this checks.

    Raises:
        Invalid: It is not an object, is nested too deep, or holds half a character.
        WrongMediaType: It is not JSON.
    """
    if not request.get_data():
        return {}
    if request.mimetype != JSON:
        raise WrongMediaType
    found: AnyObject = check(lambda: AnyObject.model_validate_json(request.get_data()))
    return found.model_dump()


class AnyObject(BaseModel):
    """A JSON object with whatever fields."""

    model_config = ConfigDict(extra="allow")


def check(read: Callable[[], Any]) -> Any:
    """Return what *read* reads.

    Raises:
        Invalid: One message a field: ours for the common faults, else the model's own words.
    """
    try:
        return read()
    except ValidationError as error:
        faults = {
            ".".join(str(part) for part in fault["loc"]) or "body": _words(fault)
            for fault in error.errors(include_url=False, include_input=False)
        }
        raise Invalid(faults) from None


def _words(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "value_error":  # raised by a check of ours, with a text of the catalogue
        return str(fault["ctx"]["error"])
    return WRONG.get(fault["type"], str(fault["msg"]))


def id_of(text: str) -> int:
    """Return the id in an address.

    Raises:
        NotFound: It is not one of ours.
    """
    found = id_in(text)
    if found is None:
        raise NotFound
    return found


def _once(work: Callable[[Session], Response]) -> Response:
    """Run a write in one transaction; repeat the answer kept under its `Idempotency-Key`."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return transaction(work)
    if not key or len(key) > LONGEST_KEY:
        raise Invalid({"Idempotency-Key": N_("1 至 120 个字符")})
    asked = hashlib.sha256(request.path.encode() + b"\n" + request.get_data()).hexdigest()
    actor_id = current_actor().id or 0

    def keep(session: Session) -> Response:
        known = idempotency.recall(session, actor_id, key, asked)
        if known is not None:
            return Response(known[1], known[0], content_type=JSON)
        response = work(session)
        idempotency.keep(
            session,
            actor_id,
            key,
            asked,
            status=response.status_code,
            answer=response.get_data(),
            now=utcnow(),
        )
        return response

    return transaction(keep)


def _answer(operation: Operation, given: Model | Reply) -> Response:
    status, body = given if isinstance(given, Reply) else (operation.status, given)
    text = json.dumps(body.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type=JSON)
