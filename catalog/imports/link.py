"""From the numbers and codes of a file to the keys of what they name."""

from __future__ import annotations

from catalog.imports.stage import Stage

# Exactly as written first, of the named maker or of the only one; then in any dress, when only one part has it.
_BY_MAKER = """
UPDATE stage SET {into} = part.id FROM catalog_part part
WHERE {into} IS NULL AND part.number = stage.{column} AND part.maker = coalesce({maker}, '')
"""
_ONLY_ONE = """
UPDATE stage SET {into} = part.id
FROM (SELECT {theirs} AS number, min(id) AS id FROM catalog_part WHERE {theirs} IN (SELECT {ours} FROM stage) GROUP BY 1 HAVING count(*) = 1) part
WHERE {into} IS NULL AND {named} AND part.number = stage.{ours}
"""


def link_part(
    stage: Stage, column: str, *, into: str, maker: str = "NULL", required: bool = True, normalised: str | None = None
) -> None:
    """Add column `into` with the key of the part named in `column`; refuse rows whose part is not known (or, if required, not named).

    `maker` is an SQL expression over stage; `normalised` names the derived column with the number's bare form.
    """
    stage.execute(f"ALTER TABLE stage ADD COLUMN {into} bigint")
    stage.execute(_BY_MAKER.format(into=into, column=column, maker=maker))
    unnamed = f"{maker} IS NULL"
    stage.execute(_ONLY_ONE.format(into=into, ours=column, theirs="number", named=unnamed))
    if normalised:
        stage.execute(_ONLY_ONE.format(into=into, ours=normalised, theirs="normalised", named=unnamed))
    missing = f"{into} IS NULL AND {column} IS NOT NULL"
    several = f"(SELECT count(*) FROM catalog_part part WHERE part.number = stage.{column}) > 1"
    stage.refuse_where(f"{missing} AND {several}", column, "ambiguous_part")
    stage.refuse_where(missing if not required else f"{into} IS NULL", column, "unknown_part")


def link_code(stage: Stage, column: str, *, into: str, table: str, reason: str, code: str = "code") -> None:
    """Add column `into` with the key of the row of `table` whose `code` is in `column`; refuse rows that name none."""
    stage.execute(f"ALTER TABLE stage ADD COLUMN {into} bigint")
    stage.execute(f"UPDATE stage SET {into} = t.id FROM {table} t WHERE t.{code} = stage.{column}")
    stage.refuse_where(f"{into} IS NULL", column, reason)
