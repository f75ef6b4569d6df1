"""A browser of the benchmarks: it logs in and writes requests."""

import re
from typing import Final
from urllib.parse import quote, urlencode

from bench.client import answer
from bench.servers import Server

LOGIN: Final = "bench"
PASSWORD: Final = "a password for measuring only"
TOKEN: Final = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


def log_in(server: Server, login: str) -> str:
    """Log *login* in and return their cookies."""
    form = answer(server.port, get("/login"))
    fields = {"login": login, "password": PASSWORD, "csrf_token": token(form.body)}
    return answer(server.port, post("/login", urlencode(fields), form.cookies)).cookies


def token(page: bytes) -> str:
    """Return the token of a page's forms."""
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("The page has no token.")
    return found[1].decode()


def get(path: str, cookies: str = "") -> bytes:
    """Return the request of a browser for a page."""
    path = quote(path, safe="/?=&%:")
    return f"GET {path} HTTP/1.1\r\nHost: hotline.example\r\nCookie: {cookies}\r\n\r\n".encode()


def post(path: str, body: str, cookies: str) -> bytes:
    """Return the request of a browser that sends a form."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: hotline.example\r\nCookie: {cookies}\r\n"
        f"Referer: https://hotline.example{path}\r\nOrigin: https://hotline.example\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
