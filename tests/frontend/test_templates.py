"""What holds for every template: no inline style or script, every word can be translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import frontend

TEMPLATES = sorted((Path(frontend.__file__).parent / "templates").rglob("*.html"))
_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_BLOCK = re.compile(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", re.DOTALL)
_KEY = re.compile(r"<(kbd|code)\b[^>]*>[^<]*</\1>")  # a key and a command are called the same everywhere
_UNITS = {"g", "h"}
_SPOKEN = ("alt", "title", "placeholder", "aria-label", "label")


def _left_over(source: str) -> set[str]:
    """Words that stand in a template as they are."""
    bare = _TAG.sub(" ", _BLOCK.sub(" ", _KEY.sub(" ", source)))
    spoken = " ".join(value for name in _SPOKEN for value in re.findall(rf'\s{name}="([^"]*)"', bare))
    seen = re.sub(r"<!doctype[^>]*>|<[^>]*>|&\w+;", " ", bare, flags=re.IGNORECASE)
    return set(re.findall(r"[^\W\d_]+", f"{seen} {spoken}")) - _UNITS


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_template_can_be_translated(path: Path):
    assert _left_over(path.read_text()) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_style_and_no_script(path: Path):
    source = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


def test_templates_stay_short():
    assert {path.name for path in TEMPLATES if len(path.read_text().splitlines()) > 120} == set()


def test_the_words_would_be_found():
    assert _left_over('<p>Hello</p><input placeholder="Type">{% translate "x" %}') == {"Hello", "Type"}
