"""models, model_versions, bom, applicability and vehicle_fitment."""

from __future__ import annotations

from catalog.imports.link import link_code, link_part
from catalog.imports.naming import names_columns, names_given
from catalog.imports.parts import NEW_PART
from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.rules.numbers import normalise

INTEGER, YES_NO = Kind.INTEGER, Kind.YES_NO
_RANGE = "serial_from > serial_to"
# Where a list of versions gives no serials, each version is taken to be a thousand machines: version 2 begins at 1001, version 3 at 2001.
_SERIALS_A_VERSION = 1000


def models(stage: Stage) -> None:
    """Models of machines by code."""
    stage.refuse_repeated("set_num")
    cells = {"name": "name", "maker": "maker", "family": "theme", "year": "year"}
    given = {
        "name": "coalesce(name, set_num)",
        "maker": "coalesce(maker, '')",
        "family": "coalesce(theme, '')",
        "year": "year",
    }
    silent = {"name": "set_num", "maker": "''", "family": "''", "year": "NULL"}
    present = [column for column, cell in cells.items() if cell in stage.present]
    named = names_given(stage)
    values = {"code": "set_num", "normalised": "set_num_bare", **{column: given[column] for column in present}, **named}
    defaults = {column: text for column, text in silent.items() if column not in present}
    stage.write("catalog_equipmentmodel", key=["code"], values=values, update=[*present, *named], defaults=defaults)


def model_versions(stage: Stage) -> None:
    """Serial breaks; a version without a serial gets a range by its number, so that the order of versions is kept."""
    link_code(stage, "set_num", into="model_id", table="catalog_equipmentmodel", reason="unknown_model")
    stage.refuse_where("serial_from IS NULL AND version !~ '^[0-9]{1,6}$'", "version", "not_a_number")
    stage.execute(
        f"UPDATE stage SET serial_from = greatest((version::bigint - 1) * {_SERIALS_A_VERSION}, 0) + 1 WHERE serial_from IS NULL"
    )
    stage.refuse_repeated("model_id", "version", column="version")
    stage.refuse_repeated("model_id", "serial_from", column="serial_from")
    breaks = stage.known("catalog_serialbreak")
    stage.refuse_where(
        f"EXISTS (SELECT FROM {breaks} known WHERE known.model_id = stage.model_id AND known.serial_from = stage.serial_from"
        " AND known.version <> stage.version)",
        "serial_from",
        "overlap",
    )
    values = {"model_id": "model_id", "version": "version", "serial_from": "serial_from"}
    stage.write("catalog_serialbreak", key=["model_id", "version"], values=values, update=["serial_from"])


def bom(stage: Stage) -> None:
    """Bills: assemblies and their callouts. Lines that a newer file no longer has stay; a serial bound ends them."""
    link_code(stage, "set_num", into="model_id", table="catalog_equipmentmodel", reason="unknown_model")
    link_part(stage, "part_number", into="part_id", maker="stage.maker", normalised="part_number_bare")
    stage.refuse_where(_RANGE, "serial_to", "range")
    _assemblies(stage)
    stage.execute("ALTER TABLE stage ADD COLUMN assembly_id bigint")
    stage.execute(
        f"UPDATE stage SET assembly_id = a.id FROM {stage.known('catalog_assembly')} a WHERE a.model_id = stage.model_id AND a.code = stage.assembly"
    )
    stage.refuse_repeated(
        "assembly_id", "item_no", "part_id", "coalesce(color, '')", "coalesce(serial_from, -1)", column="item_no"
    )
    values = {
        "assembly_id": "assembly_id",
        "label": "item_no",
        "part_id": "part_id",
        "variant": "coalesce(color, '')",
        "serial_from": "serial_from",
        "serial_to": "serial_to",
        "quantity": "coalesce(qty, 1)",
        "position": "line",
    }
    key = ["assembly_id", "label", "part_id", "variant", "serial_from"]
    stage.write("catalog_callout", key=key, values=values, update=["quantity", "serial_to", "position"])


def _assemblies(stage: Stage) -> None:
    first = (
        "(SELECT DISTINCT ON (model_id, assembly) *, min(line) OVER (PARTITION BY model_id, assembly) AS place FROM stage"
        " ORDER BY model_id, assembly, line) one"
    )
    values = {
        "model_id": "model_id",
        "code": "assembly",
        "name": "coalesce(assembly_name, assembly)",
        "figure": "coalesce(figure, '')",
        "quantity": "coalesce(assembly_qty, 1)",
        "position": "place",
        **names_given(stage, "assembly_name"),
    }
    update = [one for one in values if one not in ("model_id", "code")]
    stage.write("catalog_assembly", key=["model_id", "code"], values=values, update=update, source=first)


def applicability(stage: Stage) -> None:
    """What fits a model beside its bill, or explicitly does not (`fits` no), and what fits instead."""
    link_code(stage, "set_num", into="model_id", table="catalog_equipmentmodel", reason="unknown_model")
    link_part(stage, "part_number", into="part_id", maker="stage.maker", normalised="part_number_bare")
    link_part(stage, "instead", into="instead_id", maker="stage.maker", required=False)
    stage.refuse_where(_RANGE, "serial_to", "range")
    stage.refuse_repeated(
        "part_id", "model_id", "coalesce(fits, true)", "coalesce(serial_from, -1)", column="part_number"
    )
    values = {
        "part_id": "part_id",
        "model_id": "model_id",
        "fits": "coalesce(fits, true)",
        "quantity": "quantity",
        "serial_from": "serial_from",
        "serial_to": "serial_to",
        "instead_id": "instead_id",
        "note": "coalesce(note, '')",
    }
    _fitments(stage, values)


def _fitments(stage: Stage, values: dict[str, str]) -> None:
    key = ["part_id", "model_id", "fits", "serial_from"]
    stage.write("catalog_fitment", key=key, values=values, update=["quantity", "serial_to", "instead_id", "note"])


def vehicle_fitment(stage: Stage) -> None:
    """Maker's part numbers by vehicle platform: parts and models that are new are made, then the fit is noted with its model years."""
    stage.refuse_where("part_number_bare = ''", "part_number", "no_number")
    stage.refuse_repeated("brand", "part_number", "platform", column="part_number")
    _vehicle_parts(stage)
    stage.execute("ALTER TABLE stage ADD COLUMN part_id bigint, ADD COLUMN model_id bigint")
    parts = stage.known("catalog_part")
    stage.execute(
        f"UPDATE stage SET part_id = part.id FROM {parts} part WHERE part.maker = brand AND part.number = part_number"
    )
    named = "SELECT DISTINCT ON (part_id) part_id, part_name, line FROM stage WHERE part_name IS NOT NULL ORDER BY part_id, line"
    names = {"part_id": "part_id", "language": "'en'", "name": "part_name"}
    stage.write("catalog_partname", key=["part_id", "language"], values=names, source=f"({named}) one")
    _vehicle_models(stage)
    models_ = stage.known("catalog_equipmentmodel")
    stage.execute(f"UPDATE stage SET model_id = model.id FROM {models_} model WHERE model.code = platform")
    values = {"part_id": "part_id", "model_id": "model_id", "fits": "true", "quantity": "NULL", "serial_from": "NULL"}
    values |= {"serial_to": "NULL", "instead_id": "NULL", "note": "left(coalesce(models_years, ''), 300)"}
    _fitments(stage, values)
    step = {"old_id": "id", "new_id": "later", "quantity": "1", "direction": "'FORWARD'", "mode": "'USE_UP'"}
    step["effective_on"] = "make_date(year_of_later, 1, 1)"
    facts = {"successions": "NOT known"}
    stage.write("catalog_supersession", key=["old_id", "new_id"], values=step, source=_REVISIONS, facts=facts)


def _vehicle_parts(stage: Stage) -> None:
    values = {
        "maker": "brand",
        "number": "part_number",
        "normalised": "part_number_bare",
        "category": "coalesce(part_name, '')",
    }
    defaults = {column: silent for column, silent in NEW_PART.items() if column not in values}
    first = "(SELECT DISTINCT ON (brand, part_number) * FROM stage ORDER BY brand, part_number, line) one"
    stage.write("catalog_part", key=["maker", "number"], values=values, defaults=defaults, source=first)


def _vehicle_models(stage: Stage) -> None:
    values = {"code": "platform", "normalised": "platform_bare", "name": "left(coalesce(models_years, platform), 300)"}
    values |= {"maker": "brand", "family": "''"}
    first = "(SELECT DISTINCT ON (platform) * FROM stage ORDER BY platform, line) one"
    stage.write("catalog_equipmentmodel", key=["code"], values=values, source=first)


# Chrysler counts a part's revisions by its last two letters (04672758AA, AB, AC); each replaces the one before from the first model year
# it is named for. Other makers' last letters are executions, not revisions, so that nothing is concluded from them.
_REVISIONS = """
(SELECT id, lead(id) OVER turn AS later, lead(year) OVER turn AS year_of_later, line
 FROM (SELECT part_id AS id, part_number, min(substring(models_years from '(?:19|20)[0-9][0-9]'))::int AS year, min(line) AS line FROM stage
       WHERE brand = 'chrysler' AND part_number ~ '^[0-9]{8}[A-Z]{2}$' GROUP BY 1, 2) revision
 WINDOW turn AS (PARTITION BY left(part_number, 8) ORDER BY part_number)) step
WHERE later IS NOT NULL AND year_of_later IS NOT NULL
"""

_MODEL = Column("set_num", required=True, most=80, aliases=("model", "code", "model_code"))
_PART = Column("part_number", required=True, most=60, aliases=("number",))
_MAKER = Column("maker", most=80)
_SERIALS = (Column("serial_from", INTEGER, least=0, most=2**62), Column("serial_to", INTEGER, least=0, most=2**62))
_PART_BARE = {"part_number_bare": ("part_number", normalise)}

IMPORTERS = (
    Importer(
        "models",
        60,
        (
            _MODEL,
            Column("name", most=300),
            *names_columns(300),
            Column("year", INTEGER, least=1800, most=2200),
            Column("theme", most=200, aliases=("family",)),
            _MAKER,
        ),
        models,
        {"set_num_bare": ("set_num", normalise)},
    ),
    Importer(
        "model_versions",
        61,
        (_MODEL, Column("version", required=True, most=20), Column("serial_from", INTEGER, least=0, most=2**62)),
        model_versions,
    ),
    Importer(
        "bom",
        70,
        (
            _MODEL,
            Column("assembly", required=True, most=120),
            Column("assembly_name", most=300),
            *names_columns(300, "assembly_name"),
            Column("figure", most=40),
            Column("item_no", required=True, most=20, aliases=("label",)),
            _PART,
            _MAKER,
            Column("color", most=40, aliases=("variant",)),
            Column("qty", INTEGER, least=1, aliases=("quantity",)),
            Column("assembly_qty", INTEGER, least=0),
            *_SERIALS,
        ),
        bom,
        _PART_BARE,
    ),
    Importer(
        "applicability",
        71,
        (
            _PART,
            _MAKER,
            _MODEL,
            Column("fits", YES_NO),
            Column("quantity", INTEGER, least=1),
            *_SERIALS,
            Column("instead", most=60),
            Column("note", most=300),
        ),
        applicability,
        _PART_BARE,
    ),
    Importer(
        "vehicle_fitment",
        72,
        (
            Column("brand", required=True, most=80),
            _PART,
            Column("part_name", most=120),
            Column("platform", required=True, most=80),
            Column("models_years", most=2000),
        ),
        vehicle_fitment,
        {**_PART_BARE, "platform_bare": ("platform", normalise)},
    ),
)
