"""What journeys of calls share: each is told by a carrier that knows all, and by the least."""

from collections.abc import Iterator

import pytest
from flask import Flask

from hotline.telephony import profile


@pytest.fixture(params=list(profile.PROFILES))
def carrier_profile(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """Have the carrier know all, or the least there is."""
    profile.use(request.param)
    yield request.param
    profile.use("full")
