"""The source of this repository as the house rules look at it: files, and functions in them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("hotline", "simulator", "config.py", "wsgi.py")
ALL = (*SHIPPED, "migrations", "tests", "bench", "bin", "conftest.py")
TEMPLATES = ROOT / "hotline/web/templates"
STATIC = ROOT / "hotline/web/static"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python(*tops: str) -> list[Path]:
    """Return the Python files below *tops*, in order."""
    found: list[Path] = []
    for top in tops:
        path = ROOT / top
        found += [path] if path.is_file() else path.rglob("*.py")
    return sorted(found)


def name(path: Path) -> str:
    """Return *path* as a person writes it: from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function of a file, also those within functions and classes."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own(suffix: str) -> list[Path]:
    """Return our own static files of one kind; what others wrote lies in `vendor`."""
    return sorted(p for p in STATIC.rglob(f"*{suffix}") if "vendor" not in p.parts)


def templates() -> list[Path]:
    """Return every template."""
    return sorted(p for p in TEMPLATES.rglob("*") if p.suffix in {".html", ".xml", ".txt"})
