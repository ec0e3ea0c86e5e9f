"""The catalogue's tables as fingerprints that do not depend on keys and times: two imports that did the same have the same."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models

# How people name a row another row points to.
_NAMES = {
    "catalog_part": "(SELECT maker || '/' || number FROM catalog_part o WHERE o.id = {})",
    "catalog_partgroup": "(SELECT code FROM catalog_partgroup o WHERE o.id = {})",
    "catalog_equipmentmodel": "(SELECT code FROM catalog_equipmentmodel o WHERE o.id = {})",
    "catalog_assembly": "(SELECT m.code || '/' || o.code FROM catalog_assembly o JOIN catalog_equipmentmodel m ON m.id = o.model_id WHERE o.id = {})",
    "catalog_pricelist": "(SELECT name FROM catalog_pricelist o WHERE o.id = {})",
    "catalog_warehouse": "(SELECT code FROM catalog_warehouse o WHERE o.id = {})",
}
_LEFT_OUT = {"id", "changed_at", "created_at", "at"}


def fingerprints() -> dict[str, tuple[int, str]]:
    """(rows, MD5 of all of them in order) by table."""
    found = {}
    for model in apps.get_app_config("catalog").get_models():
        table = model._meta.db_table
        if not table.startswith(("catalog_import", "catalog_drawing")):
            columns = ", ".join(_column(one) for one in model._meta.concrete_fields if one.column not in _LEFT_OUT)
            told = f"SELECT ROW({columns})::text AS line FROM {table} t"
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(*), coalesce(md5(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\")), '') FROM ({told}) told"
                )
                found[table] = cursor.fetchone()
    return found


def _column(field: models.Field) -> str:
    column = f't."{field.column}"'
    if field.is_relation and field.related_model is not None:
        name = _NAMES.get(field.related_model._meta.db_table)
        return name.format(column) if name else "NULL"  # what no import writes
    if isinstance(field, models.FloatField):
        return f"round({column}::numeric, 4)"  # sums of the same in another order
    if field.column == "reference":
        return "NULL"  # of stock; made of keys
    return column
