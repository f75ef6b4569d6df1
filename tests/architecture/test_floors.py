"""The floor plan is kept, and each of its contracts would notice when it is not."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.architecture.source import ROOT

LINT = Path(sys.executable).with_name("lint-imports")

# One small hotline that breaks every contract once: room → what stands in its file.
BROKEN = {
    "tickets/states.py": "import sqlalchemy",
    "tickets/service.py": "import flask\nfrom hotline.surveys import queries",
    "surveys/queries.py": "import twilio\nfrom hotline.tickets import service",
    "web/desk.py": "import sqlalchemy",
    "core/calendar.py": "import config\nimport flask",
    "cellar/wine.py": "",
}


def lint(where: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in *where* and return what it said."""
    command = [LINT, "--no-cache", "--no-logo"]
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, check=False
    )


def test_the_contracts_are_kept() -> None:
    verdict = lint(ROOT)
    assert verdict.returncode == 0, verdict.stdout


def test_each_contract_bites(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, body in {**dict.fromkeys(named(), ""), **BROKEN}.items():
        path = tmp_path / "hotline" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body + "\n", "utf-8")
        for package in (path.parent, tmp_path / "hotline"):
            (package / "__init__.py").touch()
    said = lint(tmp_path).stdout
    for contract in contracts():
        assert f"{contract} BROKEN" in said, said


def contracts() -> list[str]:
    """Return the names of the contracts in pyproject.toml."""
    return [contract["name"] for contract in _contracts()]


def named() -> list[str]:
    """Return a file for each module that contracts name without a star: it must exist."""
    modules = {name for contract in _contracts() for name in contract.get("source_modules", ())}
    rooms = {part for layer in _contracts()[0]["layers"] for part in re.findall(r"\w+", layer)}
    exact = {name.removeprefix("hotline.") for name in modules if "*" not in name}
    return [
        f"{name}/__init__.py" if "." not in name else name.replace(".", "/") + ".py"
        for name in (exact | rooms) - {"hotline"}
    ]


def _contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found
