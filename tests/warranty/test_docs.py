"""docs/cover.md says what the rules and the import do."""

from __future__ import annotations

import re
from pathlib import Path

from catalog.imports.types import Importer
from warranty.imports import machines, terms
from warranty.rules.values import ReasonCode

TEXT = (Path(__file__).parents[2] / "docs" / "cover.md").read_text(encoding="utf-8")
IMPORTERS: tuple[Importer, ...] = (*machines.IMPORTERS, *terms.IMPORTERS)


def test_every_reason_is_named_and_nothing_else() -> None:
    assert set(re.findall(r"`([A-Z_]{6,})`", TEXT)) == {code.value for code in ReasonCode}


def test_every_file_of_the_import_is_named_with_its_columns() -> None:
    rows = dict(re.findall(r"^\| (\w+) \| ((?:\w+, )+\w+) \|$", TEXT, re.MULTILINE))
    assert rows == {one.stem: ", ".join(column.name for column in one.columns) for one in IMPORTERS}
