"""The carrier's REST API: who may ask, what goes wrong on the way, who answers."""

from simulator.exchange import Exchange
from simulator.rest import (
    calls,
    conferences,
    messages,
    numbers,
    queues,
    recordings,
    usage,
)
from simulator.rest.request import ApiError, Request, Response, Route

ROUTES: tuple[Route, ...] = (
    *messages.ROUTES,
    *calls.ROUTES,
    *recordings.ROUTES,
    *queues.ROUTES,
    *conferences.ROUTES,
    *numbers.ROUTES,
    *usage.ROUTES,
)
#: What a carrier has that knows neither queues nor conferences.
BASIC_ROUTES: tuple[Route, ...] = (
    *messages.ROUTES,
    *calls.ROUTES,
    *recordings.ROUTES,
    *numbers.ROUTES,
)


def respond(exchange: Exchange, request: Request) -> Response:
    """Answer *request*; raises what the network would when a fault has it so."""
    if exchange.faults.strikes("hang"):
        raise TimeoutError("The carrier does not answer.")
    try:
        _refuse_by_fault(exchange)
        _check_caller(exchange, request)
        response = _dispatch(exchange, request)
    except ApiError as error:
        return error.response()
    if request.method == "POST" and exchange.faults.strikes("accept_then_reset"):
        raise ConnectionResetError("The carrier obeyed, and its answer was lost.")
    return response


def _refuse_by_fault(exchange: Exchange) -> None:
    if exchange.faults.strikes("too_many"):
        raise ApiError(429, 20429, "Too Many Requests")
    if exchange.faults.strikes("server_error"):
        raise ApiError(500, 20500, "Internal Server Error")


def _check_caller(exchange: Exchange, request: Request) -> None:
    account = exchange.account
    allowed = [(account.sid, account.auth_token)]
    if account.api_key and account.api_secret:
        allowed.append((account.api_key, account.api_secret))
    if request.auth not in allowed:
        raise ApiError(401, 20003, "Authenticate")


def _dispatch(exchange: Exchange, request: Request) -> Response:
    path = request.path_in(exchange.account.sid)
    methods = set()
    for route in BASIC_ROUTES if exchange.basic else ROUTES:
        match = route.pattern.match(path)
        if match is None:
            continue
        if route.method == request.method:
            return route.handler(exchange, request, *match.groups())
        methods.add(route.method)
    if methods:
        raise ApiError(405, 20004, "Method not allowed")
    raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
