"""Which parts a run touched in a way that search counts."""

from __future__ import annotations

from django.db import connection
from django.db.models import Sum

from catalog.models.imports import ImportRun, ImportStep

_MOST = 20_000  # rows; after more than that everything is counted anew
# The columns that name parts, by table. Prices and stock are not counted.
_COLUMNS = {
    "catalog_part": ("id",),
    "catalog_partname": ("part_id",),
    "catalog_partrelation": ("part_id", "other_id"),
    "catalog_supersession": ("old_id", "new_id"),
    "catalog_callout": ("part_id",),
    "catalog_fitment": ("part_id",),
}


def parts_touched(run: ImportRun) -> list[int] | None:
    """Keys of the parts whose names, relations, successions or uses a run wrote; None when they are too many to be told one by one."""
    steps = ImportStep.objects.filter(file__run=run, table__in=_COLUMNS, applied__gt=0)
    if (steps.aggregate(sum=Sum("applied"))["sum"] or 0) > _MOST:
        return None
    found: set[int] = set()
    with connection.cursor() as cursor:
        for step in steps:
            for column in _COLUMNS[step.table]:
                changed = f"SELECT row_id FROM catalog_importchange WHERE step_id = {step.pk:d}"
                cursor.execute(f"SELECT DISTINCT {column} FROM {step.table} WHERE id IN ({changed})")
                found.update(key for (key,) in cursor.fetchall())
    return sorted(found)
