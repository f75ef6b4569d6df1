"""Templates: every word translated, nothing fetched from outside, nothing inline."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.source import STATIC, TEMPLATES, own, templates

LONGEST_TEMPLATE = 250
SPOKEN = {"title", "placeholder", "aria-label", "alt", "label", "data-confirm"}
SILENT = {"script", "style", "code", "kbd", "template-source"}
NAMES_OF_THINGS = {"CSV", "SMS", "API", "OpenAPI", "English", "Ctrl", "kB"}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TRANS = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", re.DOTALL)


class Words(HTMLParser):
    """Collects what a page says to a person: text, and attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.inside.append(tag)
        self.said += [value or "" for key, value in attrs if key in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.said.append(data)


def untranslated(source: str) -> list[str]:
    """Return the words of a template that no translation reaches."""
    page = Words()
    page.feed(JINJA.sub(" ", TRANS.sub(" ", source)))
    words = re.findall(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+", " ".join(page.said))
    return [word for word in words if word not in NAMES_OF_THINGS]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<p>{{ _('工单') }}</p>", []),
        ("<p>工单</p>", ["工单"]),
        ("<a title='Open'>{{ _('打开') }}</a>", ["Open"]),
        ("{% trans %}工单{% endtrans %}", []),
        ("{# 说明 #}<p>12351</p>", []),
    ],
)
def test_the_rule_sees_what_it_should(source: str, left: list[str]) -> None:
    assert untranslated(source) == left


def test_every_word_is_translated() -> None:
    assert templates()
    left = {_name(t): words for t in templates() if (words := untranslated(t.read_text("utf-8")))}
    assert not left


def test_nothing_comes_from_outside() -> None:
    outside = re.compile(r"""(?:src|href|action|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""")
    guilty = [
        str(path.relative_to(STATIC.parent))
        for path in [*templates(), *own(".css"), *own(".js")]
        if outside.search(path.read_text("utf-8"))
    ]
    assert not guilty


def test_nothing_is_inline() -> None:
    inline = re.compile(
        r"""\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|<style\b|<script(?![^>]*\ssrc=)"""
    )
    guilty = {
        _name(template): found.group()
        for template in templates()
        if (found := inline.search(template.read_text("utf-8")))
    }
    assert not guilty, "The content security policy forbids it."


def test_no_template_is_too_long() -> None:
    long = {
        _name(template): lines
        for template in templates()
        if (lines := len(template.read_text("utf-8").splitlines())) > LONGEST_TEMPLATE
    }
    assert not long


def _name(template: Path) -> str:
    return template.relative_to(TEMPLATES).as_posix()
