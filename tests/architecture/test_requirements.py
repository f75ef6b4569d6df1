"""What is installed is pinned, hashed and the same wherever it comes from."""

import re

import pytest

from tests.architecture.source import ROOT

FILES = ("requirements.txt", "requirements-extra.txt", "requirements-dev.txt")


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_pinned_and_hashed(file: str) -> None:
    joined = (ROOT / file).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip()]
    loose = [
        line.split()[0]
        for line in lines
        if not re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+ ", line) or "--hash=sha256:" not in line
    ]
    assert lines
    assert not loose


@pytest.mark.parametrize("file", [*FILES, *(f.replace(".txt", ".in") for f in FILES)])
def test_no_package_host_is_named(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("file", FILES)
def test_what_is_asked_for_is_pinned(file: str) -> None:
    asked = {
        re.split(r"[\[~=<>;\s]", line)[0].lower().replace("_", "-")
        for line in (ROOT / file.replace(".txt", ".in")).read_text("utf-8").splitlines()
        if line and not line.startswith(("-", "#"))
    }
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / file).read_text("utf-8"), re.MULTILINE))
    assert asked <= pinned
