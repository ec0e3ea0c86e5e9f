"""A catalogue grown to any size: the real one where it lies beside the project, else names of the trade; numbers by the patterns of its own."""

from __future__ import annotations

import random

from django.db import connection

from catalog.search.count import terms_count
from tests.catalog.folder import bring_in
from tests.catalog.real import CATALOGUE

SEED = 76083
BARE = 10_000  # parts; with fewer nothing was brought in yet
# A copy is another part of the same kind: its number in the same pattern with the digits turned, its name the head of one name with the
# tail of another of its category.
_PARTS = """
INSERT INTO catalog_part (number, normalised, maker, category, group_id, genuine, status, pack_quantity, minimum_quantity, unit, weight_g,
    material, hazard, origin, hs_code, core_charge, stop_sale, stop_sale_reason, changed_at)
SELECT translate(number, '0123456789', %(digits)s) || %(mark)s, translate(normalised, '0123456789', %(digits)s) || %(mark)s, maker, category, group_id,
    genuine, status, pack_quantity, minimum_quantity, unit, weight_g, material, hazard, origin, hs_code, core_charge, stop_sale,
    stop_sale_reason, changed_at
FROM catalog_part WHERE id BETWEEN %(first)s AND %(last)s ORDER BY id LIMIT %(most)s
ON CONFLICT DO NOTHING
"""
_NAMES = """
WITH heads AS (
    SELECT part.id, part.normalised, part.maker, name.name,
        lag(name.name, %(back)s) OVER (PARTITION BY category ORDER BY part.id) AS other
    FROM catalog_part part JOIN catalog_partname name ON name.part_id = part.id AND language = 'en'
    WHERE part.id BETWEEN %(first)s AND %(last)s
)
INSERT INTO catalog_partname (part_id, language, name)
SELECT grown.id, 'en', left(split_part(heads.name, ' with ', 1) || coalesce(' with ' || nullif(split_part(coalesce(heads.other, heads.name), ' with ', 2), ''), ''), 400)
FROM heads JOIN catalog_part grown ON grown.normalised = translate(heads.normalised, '0123456789', %(digits)s) || %(mark)s
    AND grown.maker = heads.maker AND grown.id > %(last)s
ON CONFLICT DO NOTHING
"""


def grow(size: int) -> int:
    """Bring in the real catalogue where it lies, add parts until there are `size`, count words; the same every time. Answers how many there are."""
    if CATALOGUE.is_dir() and _bounds()[2] < BARE:
        bring_in(CATALOGUE)
    drawn = random.Random(SEED)
    first, last, have = _bounds()
    copy = 0
    while have < size:
        copy += 1
        digits = "".join(drawn.sample("0123456789", 10))
        values: dict[str, str | int] = {"digits": digits, "mark": "" if copy < 40 else f"G{copy}", "first": first, "last": last, "back": copy,
                  "most": size - have}  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_PARTS, values)
            cursor.execute(_NAMES, values)
        have = _bounds()[2]
    terms_count()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return have


def _bounds() -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id), count(*) FROM catalog_part")
        return tuple(cursor.fetchone())
