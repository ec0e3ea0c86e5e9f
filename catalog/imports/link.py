"""From the numbers and codes of a file to the keys of what they name, in the catalogue or in an earlier file of the same run."""

from __future__ import annotations

from catalog.imports.stage import Stage

# Exactly as written first, of the named maker or of the only one; then in any dress, when only one part has it.
_BY_MAKER = """
UPDATE stage SET {into} = part.id FROM {parts} part
WHERE {into} IS NULL AND part.number = stage.{column} AND part.maker = coalesce({maker}, '')
"""
_ONLY_ONE = """
UPDATE stage SET {into} = part.id
FROM (SELECT {theirs} AS number, min(id) AS id FROM {parts} known WHERE {theirs} IN (SELECT {ours} FROM stage WHERE {into} IS NULL) GROUP BY 1 HAVING count(*) = 1) part
WHERE {into} IS NULL AND {named} AND part.number = stage.{ours}
"""

_SEVERAL = """
SELECT {theirs} FROM {parts} known WHERE {theirs} IN (SELECT {ours} FROM stage WHERE {into} IS NULL) GROUP BY 1 HAVING count(*) > 1
"""


def link_part(
    stage: Stage, column: str, *, into: str, maker: str = "NULL", required: bool = True, normalised: str | None = None
) -> None:
    """Add column `into` with the key of the part named in `column`; refuse rows whose part is not known (or, if required, not named).

    `maker` is an SQL expression over stage; `normalised` names the derived column with the number's bare form.
    """
    parts = stage.known("catalog_part")
    stage.execute(f"ALTER TABLE stage ADD COLUMN {into} bigint")
    stage.execute(_BY_MAKER.format(into=into, column=column, maker=maker, parts=parts))
    missing = f"{into} IS NULL AND {column} IS NOT NULL"
    if not stage.fetch(f"SELECT FROM stage WHERE {missing} LIMIT 1"):
        if required:
            stage.refuse_where(f"{into} IS NULL", column, "unknown_part")
        return
    named = {"into": into, "named": f"{maker} IS NULL", "parts": parts}
    stage.execute(_ONLY_ONE.format(ours=column, theirs="number", **named))
    if normalised:
        stage.execute(_ONLY_ONE.format(ours=normalised, theirs="normalised", **named))
    for ours, theirs in ((column, "number"), (normalised, "normalised")):
        if ours:
            several = _SEVERAL.format(ours=ours, theirs=theirs, **named)
            stage.refuse_where(f"{missing} AND {ours} IN ({several})", column, "ambiguous_part")
    stage.refuse_where(missing if not required else f"{into} IS NULL", column, "unknown_part")


def link_code(stage: Stage, column: str, *, into: str, table: str, reason: str, code: str = "code") -> None:
    """Add column `into` with the key of the row of `table` whose `code` is in `column`; refuse rows that name none."""
    stage.execute(f"ALTER TABLE stage ADD COLUMN {into} bigint")
    stage.execute(f"UPDATE stage SET {into} = t.id FROM {stage.known(table)} t WHERE t.{code} = stage.{column}")
    stage.refuse_where(f"{into} IS NULL", column, reason)
