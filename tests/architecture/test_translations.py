"""Every sentence a person may read has English words, with the same blanks to fill."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from tests.architecture.source import ROOT, name, python, tree

ENGLISH = ROOT / "hotline/web/translations/en/LC_MESSAGES/messages.po"
SAYS = {"_", "_l", "N_", "gettext", "ngettext"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BLANK = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")


def read(path: Path) -> Catalog:
    """Return the catalogue in *path*."""
    with path.open("rb") as file:
        return read_po(file)


def texts(message: Message, side: str) -> list[str]:
    """Return the one or two forms of a message's `id` or `string`."""
    forms = getattr(message, side)
    return [forms] if isinstance(forms, str) else list(forms)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """Every sentence the source and the templates say, as `make messages` collects them."""
    pot = tmp_path_factory.mktemp("words") / "messages.pot"
    command = ["pybabel", "-q", "extract", "-F", str(ROOT / "pyproject.toml")]
    CommandLineInterface().run([*command, "-k", "_l", "-k", "N_", "-o", str(pot), str(ROOT)])
    return [message for message in read(pot) if message.id]


def test_there_is_something_to_say(spoken: list[Message]) -> None:
    assert len(spoken) > 20


def test_sentences_are_written_in_chinese(spoken: list[Message]) -> None:
    foreign = [m.id for m in spoken if not CHINESE.search(texts(m, "id")[0])]
    assert not foreign


def test_every_sentence_has_english_words(spoken: list[Message]) -> None:
    english = read(ENGLISH)
    missing = [m.id for m in spoken if not _translated(english.get(m.id, m.context))]
    assert not missing, f"{len(missing)} without English; `make messages` adds their places."


def _translated(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(texts(message, "string"))


def test_no_sentence_hides_from_who_collects_them(spoken: list[Message]) -> None:
    """What is said within an f-string is not found there."""
    collected = {text for message in spoken for text in texts(message, "id")}
    hidden = [
        (name(path), call.args[0].value)
        for path in python("hotline")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in SAYS
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value not in collected
    ]
    assert not hidden


def test_blanks_are_kept() -> None:
    wrong = [
        message.id
        for message in read(ENGLISH)
        if message.id
        and not {blank for form in texts(message, "string") for blank in BLANK.findall(form)}
        <= {blank for form in texts(message, "id") for blank in BLANK.findall(form)}
    ]
    assert not wrong


def test_english_speaks_no_chinese() -> None:
    left = [m.id for m in read(ENGLISH) if m.id and CHINESE.search("".join(texts(m, "string")))]
    assert not left


def test_nothing_is_kept_that_nobody_says(spoken: list[Message]) -> None:
    said = {texts(message, "id")[0] for message in spoken}
    stale = [m.id for m in read(ENGLISH) if m.id and texts(m, "id")[0] not in said]
    assert not stale
