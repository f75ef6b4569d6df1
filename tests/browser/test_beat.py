"""An open page says that it is there, by itself."""

import pytest

from tests.browser.conftest import Visitors

pytestmark = pytest.mark.browser


def test_an_operators_page_gives_a_sign_of_life(visitor: Visitors) -> None:
    person = visitor().signs_in("operator")
    with person.page.expect_response("**/shift/beat") as told:
        person.opens("/tickets")
    assert told.value.status == 204
    sent = told.value.request.headers
    assert sent["x-refresh"], "a page left open is no person at it"
