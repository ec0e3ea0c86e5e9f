"""Names in other languages, as columns of a table: `name_ko`, `name_ja`."""

from __future__ import annotations

from catalog.imports.stage import Stage
from catalog.imports.types import Column

LANGUAGES = ("ko", "ja")


def names_columns(most: int, name: str = "name") -> tuple[Column, ...]:
    """The columns beside `name`."""
    return tuple(Column(f"{name}_{language}", most=most) for language in LANGUAGES)


def names_given(stage: Stage, name: str = "name") -> dict[str, str]:
    """The value of a thing's `names`, where the file has any of the columns; without one what is known stays."""
    given = [language for language in LANGUAGES if f"{name}_{language}" in stage.present]
    if not given:
        return {}
    pairs = ", ".join(f"'{language}', {name}_{language}" for language in given)
    return {"names": f"jsonb_strip_nulls(jsonb_build_object({pairs}))"}
