"""The design system: what it may weigh, that its parameters are looked at, and that the style guide shows it all."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.template import Context, Template, TemplateSyntaxError

import frontend
from frontend.styles import BUNDLE, SHEETS, BundledStorage
from tests.frontend.conftest import browser, text
from tests.orders.world import World

STATIC = Path(frontend.__file__).parent / "static"
MOST_STYLES, MOST_SCRIPTS = 30_000, 15_000


def test_the_stylesheets_weigh_less_than_30_kb_as_they_are_written():
    assert sum(path.stat().st_size for path in STATIC.rglob("*.css")) < MOST_STYLES


def test_our_scripts_weigh_less_than_15_kb_compressed():
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC.rglob("*.js")) < MOST_SCRIPTS


def test_colours_are_named_in_the_tokens_alone():
    strays = {
        path.name: found
        for path in STATIC.rglob("*.css")
        if path.name != "tokens.css"
        for found in [set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", path.read_text())) - {"#fff"}]
        if found
    }
    assert strays == {}


def test_every_name_a_stylesheet_uses_is_a_token_and_every_token_is_used():
    used, named = set(), set()
    for path in STATIC.rglob("*.css"):
        used |= set(re.findall(r"var\((--[\w-]+)", path.read_text()))
        named |= set(re.findall(r"(--[\w-]+):", path.read_text()))
    assert used == named


def test_collected_stylesheets_are_one_file_with_all_of_them(tmp_path: Path, settings):
    settings.STATIC_ROOT = str(tmp_path)
    storage, source = BundledStorage(location=str(tmp_path)), FileSystemStorage(location=str(STATIC))
    for sheet in SHEETS:
        with source.open(sheet) as file:
            storage.save(sheet, file)
    assert not [
        error
        for *_, error in storage.post_process({one: (storage, one) for one in SHEETS})
        if isinstance(error, Exception)
    ]
    bundle = (tmp_path / BUNDLE).read_text()
    assert all((STATIC / sheet).read_text() in bundle for sheet in SHEETS)
    assert re.fullmatch(r"css/portal\.[0-9a-f]+\.css", storage.stored_name(BUNDLE))


def test_every_block_is_in_the_bundle_or_a_page_of_its_own_asks_for_it():
    templates = "".join(path.read_text() for path in (STATIC.parent / "templates").rglob("*.html"))
    blocks = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*.css")}
    assert {one for one in blocks if one not in SHEETS and one not in templates} == set()


@pytest.mark.parametrize("wrong", ["{% tag %}", "{% tag 'x' ton='ok' %}", "{% tally 3 %}", "{% empty %}{% endempty %}"])
def test_a_component_refuses_parameters_it_does_not_know(wrong: str):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load components %}" + wrong)


def test_what_a_component_shows_is_escaped():
    shown = Template("{% load components %}{% tag words %}{% empty words %}x{% endempty %}").render(
        Context({"words": "<b>"})
    )
    assert "<b>" not in shown


def test_the_style_guide_shows_the_promise_bar_in_every_tone(world: World):
    page = text(browser(world.people.manager).get("/styleguide/"))
    tones = {"offered", "running", "near", "late", "paused", "kept", "kept_late", "cancelled"}
    assert tones <= set(re.findall(r'class="promise (\w+)"', page))


def test_no_page_asks_anything_of_another_server():
    sources = [path.read_text() for path in (STATIC.parent / "templates").rglob("*.html") if path.name != "pay.html"]
    assert not [one for one in sources if re.search(r'(?:src|href)="(?:https?:)?//', one)]
    assert settings.STATIC_URL == "/static/"
