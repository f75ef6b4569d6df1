"""A browser without a screen: it keeps cookies and sends each page's own token back."""

import re
from collections.abc import Callable

from flask import g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import PASSWORD

AT = "https://hotline.example"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def forget() -> None:
    """Let the next request begin with nothing: a test's own context outlives its requests."""
    for name in list(g):
        g.pop(name)


class Browser:
    """A client that keeps cookies and sends the page's own token with each form."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.token = ""

    def get(self, path: str, **more: object) -> TestResponse:
        forget()
        answer = self._client.get(path, base_url=AT, **more)
        if found := TOKEN.search(answer.get_data(as_text=True)):
            self.token = found.group(1)
        return answer

    def post(
        self, path: str, *, headers: dict[str, str] | None = None, **form: object
    ) -> TestResponse:
        sent = {"csrf_token": self.token, **form}
        forget()
        with_referrer = {"Referer": f"{AT}/", **(headers or {})}
        return self._client.post(path, data=sent, base_url=AT, headers=with_referrer)

    def signs_in(self, name: str, password: str = PASSWORD, **form: object) -> TestResponse:
        self.get("/login")
        answer = self.post("/login", login=name, password=password, **form)
        self.get("/account")
        return answer


Browsers = Callable[[], Browser]
