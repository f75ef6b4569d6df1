"""A hotline that answers from a table, for tests of the carrier alone."""

import datetime as dt
from urllib.parse import parse_qsl, urlsplit

from twilio.rest import Client

from simulator import Answer, Carrier, Faults, VirtualClock, Webhook
from simulator.inprocess import InProcessHttp

START = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
ACCOUNT = "AC" + "1" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
APP = "http://hotline.test"
NUMBER = "+8647112351"
WORKER = "+8613800000001"
DESK = "+8613900000001"


def xml(body: str) -> Answer:
    """Return a good answer with the verbs *body*."""
    text = f'<?xml version="1.0" encoding="UTF-8"?><Response>{body}</Response>'
    return Answer(200, {"Content-Type": "text/xml; charset=utf-8"}, text)


class ScriptedApp:
    """Answers each path from `pages`; a page is verbs, an answer or an error to raise.

    A list of pages is answered one after the other, the last one for ever. Paths
    without a page get 204.
    """

    def __init__(self, **pages: object) -> None:
        self.pages: dict[str, object] = {}
        self.requests: list[Webhook] = []
        for name, page in pages.items():
            self.pages[f"/phone/{name.replace('_', '/')}"] = page

    def __call__(self, webhook: Webhook) -> Answer:
        self.requests.append(webhook)
        page = self.pages.get(urlsplit(webhook.url).path, Answer(204))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        if isinstance(page, Exception):
            raise page
        return page if isinstance(page, Answer) else xml(str(page))

    def forms(self, path: str) -> list[dict[str, str]]:
        """Return the forms that were posted to *path*, oldest first."""
        return [
            dict(parse_qsl(w.body, keep_blank_values=True))
            for w in self.requests
            if urlsplit(w.url).path == path
        ]

    def form(self, path: str) -> dict[str, str]:
        """Return the one form that was posted to *path*."""
        (form,) = self.forms(path)
        return form


def carrier_of(app: ScriptedApp, **knobs: object) -> Carrier:
    """Return a carrier whose customer is *app*; *knobs* are faults."""
    return Carrier(
        VirtualClock(START),
        ACCOUNT,
        TOKEN,
        APP,
        app,
        faults=Faults(seed=1, **knobs),  # type: ignore[arg-type] - a knob is what a test says
        seed=1,
        api_key="SK" + "2" * 32,
        api_secret="a secret",
    )


def client_of(carrier: Carrier) -> Client:
    """Return the official client on *carrier*."""
    return Client(ACCOUNT, TOKEN, http_client=InProcessHttp(carrier))
