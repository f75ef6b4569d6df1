"""The house rules that no linter knows."""

import ast
import re
from dataclasses import dataclass

import pytest

from tests.architecture.source import ALL, SHIPPED, Function, functions, name, own, python, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 49
LONGEST_VIEW = 15
ROUTES = {"route", "get", "post", "put", "patch", "delete"}
EMPTY_WORDS = {"manager", "helper", "helpers", "util", "utils", "data", "info", "process", "handle"}
NAMED_BY_OTHERS = {"process_bind_param", "process_result_value", "process_literal_param"}
WORDS_OF_THEIR_OWN = {"inprocess", "InProcessHttp"}  # in-process: without a wire


@dataclass(frozen=True)
class Rule:
    """One thing that stands in few places: what it looks like, where it may, and why."""

    what: str
    pattern: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        """Name the rule in pytest's list."""
        return self.what


RULES = (
    Rule("only core/db.py commits", r"\.commit\(\)", ("hotline/core/db.py",)),
    Rule(
        "only core/db.py and engines roll back",
        r"\.rollback\(\)",
        ("hotline/core/db.py", "hotline/core/engines.py"),
    ),
    Rule(
        "time enters at the doors",
        r"\butcnow\(\)|\.now\(|\.today\(\)",
        (
            "hotline/core/time.py",
            "hotline/web/",
            "hotline/api/",
            "hotline/phone/",
            "hotline/clock/",
            "hotline/cli/",
            "hotline/demo/",
            "hotline/app.py",
            "hotline/serve.py",
            "simulator/",  # a world of its own, with a clock of its own
        ),
    ),
    Rule(
        "only tickets/service.py changes a ticket's state",
        r"\bticket\.state\s*=[^=]|update\(Ticket\)(?s:.){0,200}?\bstate=",
        ("hotline/tickets/service.py",),
    ),
    Rule(
        "the environment is read in config.py",
        r"\bos\.environ\b|\bgetenv\(",
        ("config.py", "hotline/serve.py", "hotline/demo/", "simulator/__main__.py"),
    ),
    Rule(
        "nobody makes a session of their own",
        r"\bsessionmaker\(|\bscoped_session\(|(?<![\w.])Session\(",
        ("hotline/core/db.py",),
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_some_things_stand_in_one_place(rule: Rule) -> None:
    offenders = [
        f"{name(path)}: {found.group().strip()}"
        for path in python(*SHIPPED)
        if not name(path).startswith(rule.allowed)
        for found in re.finditer(rule.pattern, _code(path.read_text("utf-8")))
    ]
    assert not offenders, f"{rule}:\n" + "\n".join(offenders)


def _code(text: str) -> str:
    """Return *text* without docstrings and comments: words about a thing are not the thing."""
    return re.sub(r'"""(?s:.)*?"""|(?<!")#[^\n]*', "", text)


def test_each_file_opens_with_a_sentence() -> None:
    silent = [name(path) for path in python(*ALL) if not _opens_well(tree(path))]
    assert not silent


def _opens_well(module: ast.Module) -> bool:
    first = (ast.get_docstring(module) or "").split("\n\n")[0]
    return bool(re.search(r"[.。:：!?…]$", first))


def test_no_file_is_too_long() -> None:
    long = {
        name(path): lines
        for path in [*python(*ALL), *own(".js"), *own(".css")]
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_too_long() -> None:
    long = {
        f"{name(path)}:{function.name}": lines
        for path in python(*ALL)
        for function in functions(path)
        if (lines := _length(function)) > LONGEST_FUNCTION
    }
    assert not long


def _length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_views_decide_nothing() -> None:
    long = {
        f"{name(path)}:{function.name}": lines
        for path in python("hotline/web", "hotline/api", "hotline/phone")
        for function in functions(path)
        if _is_view(function) and (lines := _length(function) - _docstring(function)) > LONGEST_VIEW
    }
    assert not long


def _is_view(function: Function) -> bool:
    return any(
        isinstance(mark, ast.Call)
        and isinstance(mark.func, ast.Attribute)
        and mark.func.attr in ROUTES
        for mark in function.decorator_list
    )


def _docstring(function: Function) -> int:
    """Return how many lines of the function are its docstring."""
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return (first.end_lineno or 0) - first.lineno + 1
    return 0


def test_names_say_what_a_thing_is() -> None:
    empty = [
        f"{name(path)}:{word}"
        for path in python(*SHIPPED)
        for word in [path.stem, *_defined(tree(path))]
        if word not in NAMED_BY_OTHERS | WORDS_OF_THEIR_OWN and EMPTY_WORDS & set(_words(word))
    ]
    assert not empty


def _defined(module: ast.Module) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in ast.walk(module) if isinstance(node, kinds)]


def _words(identifier: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", identifier)]


def test_every_excuse_has_a_reason() -> None:
    bare = [
        f"{name(path)}:{number}"
        for path in python(*SHIPPED)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"#\s*(noqa|type: ignore)(?!.*\s[-–—#]\s*\w)", line)
    ]
    assert not bare, "Say why: `# noqa: S311 - jitter, not a secret`."
