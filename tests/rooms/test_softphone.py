"""The browser line's pass and policy: for an hour, for being rung alone, for our own pages."""

import jwt
import pytest
from pydantic import SecretStr

from hotline.web.security import policy
from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import Browsers

KEY, SECRET = "SK" + "0" * 31 + "1", "a secret that signs the passes of browsers"
HOSTS = "wss://voice-js.roaming.twilio.com https://eventgw.twilio.com"


@pytest.fixture
def keyed(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """Give the hotline an API key of its carrier."""
    given = {"twilio_api_key": KEY, "twilio_api_secret": SecretStr(SECRET)}
    settings = hotline.settings.model_copy(update=given)
    monkeypatch.setattr(hotline.app.extensions["hotline"], "settings", settings)
    return hotline


@pytest.mark.usefixtures("keyed")
def test_a_pass_lets_an_operator_be_rung_for_an_hour(browser: Browsers, staff: Staff) -> None:
    operator = browser()
    operator.signs_in("operator")
    given = operator.post("/desk/token").get_json()
    said = jwt.decode(given["token"], SECRET, algorithms=["HS256"], options={"verify_exp": False})
    assert said["exp"] - said["nbf"] == given["seconds"] == 3600
    assert said["iss"] == KEY
    assert said["grants"]["identity"] == f"operator-{staff.operator.id}"
    assert said["grants"]["voice"] == {"incoming": {"allow": True}}


def test_without_a_key_there_is_no_pass_and_no_such_line(browser: Browsers) -> None:
    operator = browser()
    operator.signs_in("operator")
    refused = operator.post("/desk/token", headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "TWILIO_API_KEY" in refused.get_data(as_text=True)
    assert 'value="browser"' not in operator.get("/desk").get_data(as_text=True)


@pytest.mark.usefixtures("keyed")
def test_only_operators_get_a_pass(browser: Browsers) -> None:
    handler = browser()
    handler.signs_in("handler")
    assert handler.post("/desk/token").status_code == 403


@pytest.mark.usefixtures("keyed")
def test_only_the_desk_may_speak_with_the_carrier(browser: Browsers) -> None:
    operator = browser()
    operator.signs_in("operator")
    allowed = {
        path: operator.get(path).headers["Content-Security-Policy"] for path in ("/desk", "/calls")
    }
    assert allowed == {
        "/desk": policy().replace("connect-src 'self'", f"connect-src 'self' {HOSTS}"),
        "/calls": policy(),
    }


def test_without_a_key_the_desk_is_as_strict_as_any_page(browser: Browsers) -> None:
    operator = browser()
    operator.signs_in("operator")
    assert operator.get("/desk").headers["Content-Security-Policy"] == policy()
