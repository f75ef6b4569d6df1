"""What every test run of this repository loads, wherever it starts."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.no_skips",)

# How many examples a property is tried with: at the desk, in `make check`, in `make proofs`.
# No time limit: a busy machine is slow, not wrong. A failure prints what reproduces it.
for name, examples in {"desk": 25, "ci": 30, "proofs": 5_000}.items():
    settings.register_profile(
        name, deadline=None, print_blob=True, max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
settings.load_profile("desk")

LONG = ("tests/faults/", "tests/outside/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: begun last, it would leave the other workers idle."""
    items.sort(key=lambda item: "proof" not in item.keywords and not item.nodeid.startswith(LONG))
