"""What every test run of this repository loads, wherever it starts."""

import pytest
from hypothesis import settings

pytest_plugins = ("tests.no_skips",)

# How many examples a property is tried with: at the desk, in `make check`, in `make proofs`.
# No deadline: a busy machine is slow, not wrong. A failure prints what reproduces it.
settings.register_profile("desk", deadline=None, print_blob=True, max_examples=25)
settings.register_profile("ci", deadline=None, print_blob=True, max_examples=30)
settings.register_profile("proofs", deadline=None, print_blob=True, max_examples=5_000)
settings.load_profile("desk")

LONG = ("tests/faults/", "tests/outside/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: begun last, it would leave the other workers idle."""
    items.sort(key=lambda item: "proof" not in item.keywords and not item.nodeid.startswith(LONG))
