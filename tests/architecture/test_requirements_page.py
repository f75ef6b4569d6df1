"""The page of requirements names tests that exist, and leaves no number out."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.architecture.source import ROOT

PAGE = ROOT / "docs/reference/requirements.md"
NUMBERS = (*range(1, 67), 72, 73, 93)
ASKED = [f"R{n}" for n in NUMBERS]
ROW = re.compile(r"^\| (R\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
CLAIM = re.compile(r"(R\d+): ")


def said() -> dict[str, str]:
    """Return what the page says of each requirement."""
    return dict(ROW.findall(PAGE.read_text("utf-8")))


@cache
def stories(path: Path) -> dict[str, str]:
    """Return the tests of a file with what each says of itself."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {one.name: ast.get_docstring(one) or "" for one in functions}


def test_each_requirement_stands_there_once_and_in_order() -> None:
    assert [number for number, _ in ROW.findall(PAGE.read_text("utf-8"))] == ASKED


def test_each_names_tests_that_exist_or_says_that_it_is_open() -> None:
    for number, words in said().items():
        named = NAMED.findall(words)
        assert named or words.startswith("open: "), number
        missing = [name for file, name in named if name not in stories(ROOT / file)]
        assert not missing, (number, missing)


def test_a_test_that_claims_a_requirement_is_named_for_it() -> None:
    words = said()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, about in stories(path).items():
            claim = CLAIM.match(about)
            if claim and claim[1] in words:
                assert f"{path.relative_to(ROOT)}::{name}`" in words[claim[1]], name
