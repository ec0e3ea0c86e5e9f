"""Korean and Japanese say what English says: same values, same tags, nothing left in English."""

import ast
from functools import cache

import pytest
from babel.messages import Catalog

from portal.languages.checking import findings
from portal.languages.compiling import sources
from portal.languages.finding import files, template
from portal.languages.keeping import catalogue_read, catalogue_update

known = cache(template)


def _of(code: str) -> Catalog:
    return catalogue_read(next(path for path in sources() if path.parent.parent.name == code))


@pytest.mark.parametrize("code", ["ko", "ja"])
def test_no_translation_loses_a_value_a_tag_or_a_command(code: str):
    wrong = [one for one in findings(code, _of(code), known()) if not one.is_open]
    assert wrong == []


def test_english_is_the_source_and_has_no_catalogue():
    assert [path.parent.parent.name for path in sources()] == ["ja", "ko"]


def test_messages_are_found_in_code_and_templates_with_their_context():
    found = known()
    assert found.get("After-sales portal").locations[0][0] == "frontend/shell.py"
    assert found.get("Open", "pieces").locations[0][0] == "frontend/templates/card.html"
    assert found.get(("%(days)d day", "%(days)d days")).pluralizable
    assert found.get('You asked for <span class="number">%(asked)s</span>.') is not None


def test_a_text_is_marked_by_names_that_are_looked_for():
    """What is imported under another name finds no message in it, and its readers English."""
    strange = [
        f"{path.name}: {name.asname}"
        for path in files()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and name.asname not in (None, "_")
    ]
    assert strange == []


@pytest.mark.parametrize(
    ("english", "text", "told"),
    [
        ("Order {subject}", "주문", ["other placeholders"]),
        ("%(many)s free", "%(man)s개", ["other placeholders"]),
        ("Order <b>%(n)s</b>", "주문 %(n)s", ["other tags"]),
        ("Run `make demo`.", "`make`를 실행해 주십시오.", ["other code"]),
        ("Free: ", "가용:", ["other space at an end"]),
        ("Take %(number)s", "%(number)s을 선택", ["a particle that depends on a value"]),
        ("Order {subject} ({total})", "주문 {subject}({total})가 접수됨", ["a particle that depends on a value"]),
        ("The file is empty.", "파일이(가) 비어 있습니다.", ["a particle that depends on a value"]),
        ("Where it is", "Where it is", ["still English"]),
        ("%(day)s", "%(day)s", []),
        ("BIC", "BIC", []),
        ("Until {day}", "{day}까지", []),
    ],
)
def test_the_checker_sees_each_mistake(english: str, text: str, told: list[str]):
    template, korean = Catalog(locale="en"), Catalog(locale="ko")
    template.add(english)
    korean.add(english, text)
    assert [one.kind for one in findings("ko", korean, template)] == told


def test_the_one_form_of_a_language_without_plural_holds_the_number():
    template, japanese = Catalog(locale="en"), Catalog(locale="ja")
    template.add(("%(many)s line", "%(many)s lines"))
    japanese.add(("%(many)s line", "%(many)s lines"), ("明細",))
    assert [one.kind for one in findings("ja", japanese, template)] == ["other placeholders"]


def test_a_new_message_stands_empty_and_one_that_is_gone_goes(tmp_path):
    path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    before, after = Catalog(), Catalog()
    before.add("Warehouse")
    after.add("Warehouses")
    catalogue_update(path, before)
    path.write_text(
        path.read_text().replace('msgstr ""\n', 'msgstr "창고"\n').replace('msgstr "창고"\n', 'msgstr ""\n', 1)
    )
    catalogue_update(path, before)
    assert catalogue_read(path).get("Warehouse").string == "창고"
    catalogue_update(path, after)
    kept = catalogue_read(path)
    assert kept.get("Warehouse") is None
    assert kept.get("Warehouses").string == ""
    assert [one.kind for one in findings("ko", kept, after)] == ["missing"]


def test_a_similar_message_is_never_a_guess():
    template, korean = Catalog(locale="en"), Catalog(locale="ko")
    template.add("Order {subject} is overdue")
    korean.add("Order {subject} is overdue", "주문 {subject} 연체", flags=["fuzzy"])
    assert [one.kind for one in findings("ko", korean, template)] == ["fuzzy"]
