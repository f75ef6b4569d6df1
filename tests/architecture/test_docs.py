"""The documents say what the code does: settings, states, roles, commands, links."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask_migrate.cli import db as migrate_commands

import config
from bin import metrics_page
from bin.states_page import PAGE, page
from hotline.core.roles import Role
from hotline.rates.metrics import BY_CODE
from hotline.tickets.states import ACTION_LABELS, LABELS
from tests.architecture.source import ROOT

DOCS = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
FLASKS_OWN = {f"db {name}" for name in migrate_commands.commands if name != "upgrade"}
COMPUTED = {"WEB_WORKERS"}  # its default is the number of cores


def documented(page: str) -> dict[str, str]:
    """Return each name in the first column of a page's tables, with its second column."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return dict(re.findall(r"^\| `([^`]+)` \| (.*?) \|", text, re.MULTILINE))


def test_every_setting_is_documented_with_its_default() -> None:
    said = documented("reference/settings.md")
    assert set(said) == {name.upper() for name in config.Settings.model_fields}
    wrong = {
        name: said[name]
        for name, default in _defaults().items()
        if name not in COMPUTED and said[name] != default
    }
    assert not wrong


def _defaults() -> dict[str, str]:
    """Return each setting's default as the page writes it: `8000`, or – for none."""
    return {
        name.upper(): f"`{text}`" if (text := _written(field.default)) else "–"
        for name, field in config.Settings.model_fields.items()
    }


def _written(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(default)
    return "" if default is None or not str(default) else str(default)


def test_the_states_page_is_the_state_table() -> None:
    assert PAGE.read_text("utf-8") == page(), "`make docs` writes it."


def test_the_glossary_has_every_state_and_action() -> None:
    said = documented("glossary.md")
    expected = {**LABELS, **ACTION_LABELS}
    assert {str(key): said.get(key) for key in expected} == {
        str(key): label for key, label in expected.items()
    }


def test_every_role_is_documented() -> None:
    assert set(documented("reference/roles.md")) == {*Role} - {Role.SYSTEM}


def test_every_make_target_is_documented() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    said = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    assert targets
    assert not [target for target in targets if f"`make {target}`" not in said and target != "help"]


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    lost = [link for link in links if not (document.parent / link).exists()]
    assert not lost


def test_every_document_can_be_reached() -> None:
    linked = {
        Path(os.path.normpath(document.parent / link))
        for document in DOCS
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
    }
    lonely = [path for path in (ROOT / "docs").rglob("*.md") if path not in linked]
    assert [path.name for path in lonely] in ([], ["README.md"])


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("0*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("part", ["Context", "Decision", "Consequences"])
def test_each_decision_has_its_parts(part: str) -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("0*.md"))
    assert not [path.name for path in decisions if f"## {part}" not in path.read_text("utf-8")]


def test_the_metrics_page_is_the_metrics() -> None:
    assert metrics_page.PAGE.read_text("utf-8") == metrics_page.page(), "`make docs` writes it."
    assert set(documented("reference/metrics.md")) == set(BY_CODE)


def test_every_address_of_the_api_is_documented(app: Flask) -> None:
    said = (ROOT / "docs/reference/api.md").read_text("utf-8")
    rules = [str(rule) for rule in app.url_map.iter_rules() if str(rule).startswith("/api/v1/")]
    assert rules
    assert not [rule for rule in rules if f"/{_last_word(rule)}" not in said]


def _last_word(rule: str) -> str:
    """Return the last part of an address that is no blank: `actions`."""
    return [part for part in rule.split("/") if not part.startswith("<")][-1]


def test_the_commands_that_are_documented_are_the_commands(app: Flask) -> None:
    said = (ROOT / "docs/reference/commands.md").read_text("utf-8").split("## flask")[1]
    documented_ones = set(re.findall(r"^\| `([a-z]+(?: [a-z]+)?)", said, re.MULTILINE))
    assert documented_ones == {*_commands(app)} - FLASKS_OWN


def _commands(app: Flask) -> Iterator[str]:
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)
        else:
            yield name
