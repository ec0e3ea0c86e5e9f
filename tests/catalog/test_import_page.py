"""docs/import.md names every file and column that the import reads, and no other."""

import re
from pathlib import Path

from catalog.imports import reasons, registry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_every_file_and_column_is_on_the_page_in_the_order_of_import():
    rows = re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert [stem for stem, _ in rows] == [importer.stem for importer in registry.importers()]
    for importer, (_, columns) in zip(registry.importers(), rows, strict=True):
        told = [_column(text) for text in re.split(r", (?![^(]*\))", columns)]
        assert told == [(column.name, column.required, column.aliases) for column in importer.columns], importer.stem


def test_every_reason_has_words_and_an_advice():
    for reason in reasons.WORDS:
        assert reasons.why(reason).endswith(".")
        assert reasons.what_to_do(reason).endswith(".")


def _column(text: str) -> tuple[str, bool, tuple[str, ...]]:
    """`**name** (other, names)`: the name, whether it is bold, the other names."""
    name, _, others = text.partition(" (")
    return name.strip("*"), name.startswith("**"), tuple(others.rstrip(")").split(", ")) if others else ()
