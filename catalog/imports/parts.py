"""part_groups, parts, xref, supersession, kits and relationships."""

from __future__ import annotations

from catalog.imports.link import link_part
from catalog.imports.naming import LANGUAGES, names_columns, names_given
from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.models.part import OldPartPolicy, TaxClass
from catalog.rules.numbers import normalise
from catalog.rules.supersession import circles

TEXT, INTEGER, DECIMAL, DATE, YES_NO = Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.YES_NO

# Optional columns of parts that are the table's own, with what a new part gets when the file is silent.
_PLAIN = {
    "category": "''",
    "material": "''",
    "genuine": "true",
    "pack_quantity": "1",
    "minimum_quantity": "1",
    "unit": "'PCE'",
    "weight_g": "0",
    "hazard": "''",
    "shelf_life_days": "NULL",
    "origin": "''",
    "hs_code": "''",
    "core_charge": "0",
    "core_currency": "''",
    "supplied_until": "NULL",
    "tax_class": "'STANDARD'",
}
# What a part gets that a file knows by its number alone.
NEW_PART = {**_PLAIN, "status": "'ACTIVE'", "stop_sale": "false", "stop_sale_reason": "''", "changed_at": "%(now)s"}
_CHANGED = {"changed_at": "%(now)s"}
_RETIRED = {"retired": "known AND status = 'RETIRED' AND old_status <> 'RETIRED'"}
_SUCCESSIONS = {"successions": "NOT known"}
MISSING_SHARE = 0.2  # of a maker's active parts; more than that missing from a whole file looks like half a file
_LANGUAGES = {"name": "en", **{f"name_{language}": language for language in LANGUAGES}}


def part_groups(stage: Stage) -> None:
    """Groups by code; what happens to an old part, and within how many days."""
    policies = ", ".join(f"'{policy}'" for policy in OldPartPolicy.values)
    stage.refuse_where(f"old_part IS NOT NULL AND upper(old_part) NOT IN ({policies})", "old_part", "unknown_value")
    stage.refuse_repeated("code")
    values = {
        "code": "code",
        "name": "name",
        "old_part": "coalesce(upper(old_part), 'RETURN')",
        "old_part_days": "coalesce(old_part_days, 30)",
        **names_given(stage),
    }
    stage.write("catalog_partgroup", key=["code"], values=values, update=[one for one in values if one != "code"])


# A row without a maker whose number is one of a maker's, and of no part without one: it would make a second part of that number.
_OF_A_MAKER = """
maker IS NULL AND part_number IN (SELECT number FROM {parts} known WHERE maker <> '')
AND part_number NOT IN (SELECT number FROM {parts} known WHERE maker = '')
"""


def categories(stage: Stage) -> None:
    """What categories are called in other languages; a category itself is a word of its parts."""
    stage.refuse_repeated("category")
    for column in sorted(_LANGUAGES.keys() & stage.present):
        values = {"category": "category", "language": f"'{_LANGUAGES[column]}'", "name": column}
        source = f"(SELECT * FROM stage WHERE {column} IS NOT NULL) one"
        stage.write("catalog_categoryname", key=["category", "language"], values=values, update=["name"], source=source)


def parts(stage: Stage) -> None:
    """Parts by maker and number; columns the file does not have stay as they are. An unknown group is made."""
    stage.refuse_where("part_number_bare = ''", "part_number", "no_number")
    classes = ", ".join(f"'{one}'" for one in TaxClass.values)
    stage.execute("UPDATE stage SET tax_class = upper(tax_class), core_currency = upper(core_currency)")
    stage.refuse_where(f"tax_class NOT IN ({classes})", "tax_class", "unknown_value")
    stage.refuse_repeated("part_number", "coalesce(maker, '')")
    stage.refuse_where(_OF_A_MAKER.format(parts=stage.known("catalog_part")), "part_number", "of_a_maker")
    given = [column for column in _PLAIN if column in stage.present]
    values = {"maker": "coalesce(maker, '')", "number": "part_number", "normalised": "part_number_bare"}
    values |= {column: f"coalesce({column}, {_PLAIN[column]})" for column in given}
    if "status" in stage.present:
        values["status"] = "CASE WHEN lower(status) IN ('retired', 'superseded') THEN 'RETIRED' ELSE 'ACTIVE' END"
    if "group" in stage.present:
        _groups(stage)
        values["group_id"] = f'(SELECT id FROM {stage.known("catalog_partgroup")} one WHERE code = stage."group")'
    defaults = {
        column: silent for column, silent in NEW_PART.items() if column not in values and column != "changed_at"
    }
    update = [column for column in values if column not in ("maker", "number", "normalised")]
    key = ["maker", "number"]
    facts = _RETIRED if "status" in values else {}
    stage.write("catalog_part", key=key, values=values, update=update, defaults=defaults, touch=_CHANGED, facts=facts)
    for column in sorted(_LANGUAGES.keys() & stage.present):
        _names(stage, column)
    if stage.complete:
        _missing_retire(stage)


def _groups(stage: Stage) -> None:
    source = '(SELECT "group" AS code, min(line) AS line FROM stage WHERE "group" IS NOT NULL GROUP BY 1) one'
    values = {"code": "code", "name": "code", "old_part": "'RETURN'", "old_part_days": "30"}
    stage.write("catalog_partgroup", key=["code"], values=values, source=source)


def _names(stage: Stage, column: str) -> None:
    """Names are told apart from parts in the count: a changed name is one change more."""
    parts_ = stage.known("catalog_part")
    source = f"stage JOIN {parts_} part ON part.maker = coalesce(stage.maker, '') AND part.number = stage.part_number WHERE {column} IS NOT NULL"
    values = {"part_id": "part.id", "language": f"'{_LANGUAGES[column]}'", "name": column}
    stage.write("catalog_partname", key=["part_id", "language"], values=values, update=["name"], source=source)


def _missing_retire(stage: Stage) -> None:
    """The file is whole: active parts of its makers that it does not name are retired.

    A row that was left out names nothing, so that such a file is asked about, as is one that lacks many parts.
    """
    makers = "maker IN (SELECT coalesce(maker, '') FROM stage)"
    active = f"FROM {stage.known('catalog_part')} part WHERE status = 'ACTIVE' AND {makers}"
    missing = f"{active} AND NOT EXISTS (SELECT FROM stage WHERE part_number = part.number AND coalesce(stage.maker, '') = part.maker)"
    [counted] = stage.fetch(f"SELECT (SELECT count(*) {active}) AS active, (SELECT count(*) {missing}) AS missing")
    if counted["missing"] > counted["active"] * MISSING_SHARE:
        stage.ask("many_missing", **counted)
    elif counted["missing"] and stage.file.rejected:
        stage.ask("rows_left_out", **counted)
    values = {"maker": "maker", "number": "number", "status": "'RETIRED'"}
    wanted = {"key": ["maker", "number"], "values": values, "update": ["status"], "touch": _CHANGED, "facts": _RETIRED}
    stage.write("catalog_part", source=f"(SELECT maker, number {missing}) gone", line="0", **wanted)


def xref(stage: Stage) -> None:
    """Other catalogues' numbers for our parts."""
    stage.refuse_where("other_number_bare = ''", "other_number", "no_number")
    link_part(stage, "part_number", into="part_id", maker="stage.maker", normalised="part_number_bare")
    stage.refuse_repeated("part_id", "other_catalogue", "other_number", column="other_number")
    values = {
        "part_id": "part_id",
        "catalogue": "other_catalogue",
        "number": "other_number",
        "normalised": "other_number_bare",
    }
    key = ["part_id", "catalogue", "number"]
    stage.write("catalog_crossreference", key=key, values=values, update=["normalised"])


def supersession(stage: Stage) -> None:
    """What replaced what, and when. An old number nobody listed becomes a retired part: people still order by it; a new one must exist."""
    stage.refuse_where("old_bare = ''", "old", "no_number")
    stage.refuse_where("old = new", "new", "itself")
    stage.refuse_where(
        "direction IS NOT NULL AND upper(direction) NOT IN ('FORWARD', 'BOTH')", "direction", "unknown_value"
    )
    stage.refuse_where(
        "mode IS NOT NULL AND upper(mode) NOT IN ('USE_UP', 'RUN_IN', 'NEVER_MIX')", "mode", "unknown_value"
    )
    link_part(stage, "new", into="new_id", maker="stage.maker", normalised="new_bare")
    _old_parts(stage)
    link_part(stage, "old", into="old_id", maker="stage.maker")
    stage.refuse_where("old_id = new_id", "new", "itself")
    stage.refuse_repeated("old_id", "new_id", column="old")
    _circles_refuse(stage)
    values = {
        "old_id": "old_id",
        "new_id": "new_id",
        "quantity": "coalesce(quantity, 1)",
        "direction": "coalesce(upper(direction), 'FORWARD')",
        "mode": "coalesce(upper(mode), 'USE_UP')",
        "effective_on": "date",
    }
    update = ["quantity", "direction", "mode", "effective_on"]
    stage.write("catalog_supersession", key=["old_id", "new_id"], values=values, update=update, facts=_SUCCESSIONS)


def _old_parts(stage: Stage) -> None:
    unheard = f"NOT EXISTS (SELECT FROM {stage.known('catalog_part')} part WHERE number = old AND (stage.maker IS NULL OR part.maker = stage.maker))"
    named = "SELECT DISTINCT ON (maker, old) coalesce(maker, '') AS maker, old, old_bare, line"
    values = {"maker": "maker", "number": "old", "normalised": "old_bare", "status": "'RETIRED'"}
    defaults = {column: silent for column, silent in NEW_PART.items() if column not in values}
    source = f"({named} FROM stage WHERE {unheard} ORDER BY maker, old, line) one"
    stage.write("catalog_part", key=["maker", "number"], values=values, defaults=defaults, source=source)


def _circles_refuse(stage: Stage) -> None:
    """A row that lies on a circle is left out, with the numbers of the circle: which statement is wrong only the maker knows."""
    told = stage.fetch("SELECT line, old_id, new_id FROM stage")
    known = stage.known_rows("catalog_supersession", "old_id", "new_id")
    found = circles([(row["old_id"], row["new_id"]) for row in (*known, *told)])
    wrong = [row for row in told if (row["old_id"], row["new_id"]) in found]
    if not wrong:
        return
    parts_ = {row[end] for row in wrong for end in ("old_id", "new_id")}
    asked = {"ids": sorted(parts_)}
    numbers = {
        row["id"]: row["number"]
        for row in stage.known_rows("catalog_part", "id", "number", where="id = ANY(%(ids)s)", params=asked)
    }
    for row in wrong:
        stage.refuse(row["line"], "new", f"{numbers[row['old_id']]} > {numbers[row['new_id']]}", "circle")
    stage.execute("DELETE FROM stage WHERE line = ANY(%(lines)s)", {"lines": [row["line"] for row in wrong]})


def kits(stage: Stage) -> None:
    """What a kit holds."""
    _relations(stage, part="assembly", other="component", kind="'COMPONENT'", quantity="coalesce(qty, 1)", note="''")


def relationships(stage: Stage) -> None:
    """Alternates, variants, pairs and sub-parts, by the supplier's own words."""
    stage.refuse_where(
        "lower(type) NOT IN ('print of', 'pattern of', 'mould variant', 'alternate', 'pair', 'sub-part')",
        "type",
        "unknown_value",
    )
    # A sub-part is told from the child's side, a kit from the parent's; here both read "parent holds child".
    stage.execute("UPDATE stage SET parent = child, child = parent WHERE lower(type) = 'sub-part'")
    kind = "CASE lower(type) WHEN 'sub-part' THEN 'COMPONENT' WHEN 'alternate' THEN 'ALTERNATE' WHEN 'pair' THEN 'PAIR' ELSE 'VARIANT' END"
    _relations(stage, part="child", other="parent", kind=kind, quantity="1", note="lower(type)")


def _relations(stage: Stage, *, part: str, other: str, kind: str, quantity: str, note: str) -> None:
    link_part(stage, part, into="part_id", maker="stage.maker")
    link_part(stage, other, into="other_id", maker="stage.maker")
    stage.refuse_where("part_id = other_id", other, "itself")
    stage.refuse_repeated("part_id", "other_id", kind, column=part)
    values = {"part_id": "part_id", "other_id": "other_id", "kind": kind, "quantity": quantity, "note": note}
    # What a kit list counts is not forgotten because a list of relationships names the same pair without a count.
    update = ["quantity"] if "qty" in stage.present else []
    stage.write("catalog_partrelation", key=["part_id", "other_id", "kind"], values=values, update=update)


_NUMBER = Column("part_number", required=True, most=60, aliases=("number",))
_MAKER = Column("maker", most=80)

IMPORTERS = (
    Importer(
        "part_groups",
        10,
        (
            Column("code", required=True, most=40),
            Column("name", required=True, most=120),
            *names_columns(120),
            Column("old_part", most=10),
            Column("old_part_days", INTEGER, least=0, most=3650),
        ),
        part_groups,
    ),
    Importer(
        "categories",
        15,
        (Column("category", required=True, most=120), *names_columns(120)),
        categories,
    ),
    Importer(
        "parts",
        20,
        (
            _NUMBER,
            _MAKER,
            *(Column(name, most=400) for name in _LANGUAGES),
            Column("category", most=120),
            Column("material", most=60),
            Column("status", most=20),
            Column("group", most=40),
            Column("genuine", YES_NO),
            Column("pack_quantity", INTEGER, least=1),
            Column("minimum_quantity", INTEGER, least=1),
            Column("unit", most=10),
            Column("weight_g", INTEGER, least=0),
            Column("hazard", most=40),
            Column("shelf_life_days", INTEGER, least=0),
            Column("origin", most=2),
            Column("hs_code", most=12),
            Column("core_charge", DECIMAL, least=0),
            Column("core_currency", most=3),
            Column("supplied_until", DATE),
            Column("tax_class", most=8),
        ),
        parts,
        {"part_number_bare": ("part_number", normalise)},
    ),
    Importer(
        "supersession",
        30,
        (
            Column("old", required=True, most=60),
            Column("new", required=True, most=60),
            Column("date", DATE, required=True),
            _MAKER,
            Column("quantity", INTEGER, least=1),
            Column("direction", most=10),
            Column("mode", most=10),
        ),
        supersession,
        {"old_bare": ("old", normalise), "new_bare": ("new", normalise)},
    ),
    Importer(
        "xref",
        40,
        (
            _NUMBER,
            _MAKER,
            Column("other_catalogue", required=True, most=60),
            Column("other_number", required=True, most=60),
        ),
        xref,
        {
            "part_number_bare": ("part_number", normalise),
            "other_number_bare": ("other_number", normalise),
        },
    ),
    Importer(
        "kits",
        50,
        (
            Column("assembly", required=True, most=60),
            Column("component", required=True, most=60),
            Column("qty", INTEGER, least=1),
            _MAKER,
        ),
        kits,
    ),
    Importer(
        "relationships",
        51,
        (
            Column("type", required=True, most=40),
            Column("child", required=True, most=60),
            Column("parent", required=True, most=60),
            _MAKER,
        ),
        relationships,
    ),
)
