"""What a chapter asserts is told in full when it fails, as in any test file."""

import pytest

pytest.register_assert_rewrite(
    "tests.outside.calling", "tests.outside.day", "tests.outside.writing"
)
