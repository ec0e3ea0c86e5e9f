"""Parts as documents of the index, told by the database in one statement, each with a checksum of all it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection

# What has no value is left out: the index then says "missing", as the queries expect.
_DOCUMENTS = r"""
SELECT part.id, md5(body::text), body::text
FROM catalog_part part,
LATERAL (
    SELECT array_agg(name ORDER BY language) AS names,
           jsonb_object_agg(language, name) AS by_language,
           array_agg(catalog_words(name) ORDER BY language) FILTER (WHERE language <> 'en') AS words,
           array_agg(upper(normalize(name, NFKC)) ORDER BY language) AS letters,
           max(catalog_words(name)) FILTER (WHERE language = 'en') AS english,
           min(length(name)) AS shortest,
           array_agg(vector) AS vectors
    FROM catalog_partname WHERE part_id = part.id
) named,
LATERAL (
    SELECT array_agg(DISTINCT side) AS sides FROM unnest(named.vectors) AS vector, unnest(tsvector_to_array(vector)) AS side
    WHERE side ~ '^[=~][0-9]'
) measured,
LATERAL (
    SELECT array_agg(DISTINCT normalised) FILTER (WHERE normalised <> '') AS bare, array_agg(DISTINCT number) AS written
    FROM catalog_crossreference WHERE part_id = part.id
) others,
LATERAL (SELECT min(effective_on) AS since FROM catalog_supersession WHERE old_id = part.id) superseded,
LATERAL (
    SELECT array_agg(warehouse_id ORDER BY warehouse_id) AS warehouses FROM catalog_stocklevel
    WHERE part_id = part.id AND on_hand - held - allocated_elsewhere > 0
) free,
LATERAL (SELECT (SELECT known FROM catalog_searchpart known WHERE known.part_id = part.id) AS known) counted,
LATERAL (
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'id', part.id,
        'number', part.number,
        'length', length(part.normalised),
        'own', nullif(part.normalised, ''),
        'foreign', others.bare,
        'written', jsonb_build_object('numbers', coalesce(others.written, '{}')),
        'names', coalesce(named.by_language, '{}'),
        'words_en', nullif(named.english, ''),
        'words', named.words,
        'letters', named.letters,
        'terms', (SELECT array_agg(DISTINCT word) FROM unnest(string_to_array(named.english, ' ')) AS word WHERE length(word) BETWEEN 1 AND 100),
        'sides', measured.sides,
        'family', nullif(array_to_string(tsvector_to_array((counted.known).family), ' '), ''),
        'head', nullif((counted.known).head, ''),
        'category', nullif(part.category, ''),
        'category_words', nullif(catalog_words(part.category), ''),
        'weight', (counted.known).weight,
        'boost', coalesce((counted.known).boost, 1),
        'brevity', 1.0 / (2 + coalesce(named.shortest, 0)),
        'variant', coalesce((counted.known).variant, false),
        'superseded_on', superseded.since,
        'stocked', free.warehouses
    )) AS body
) told
WHERE part.id = ANY(%(parts)s) ORDER BY part.id
"""
_KEYS = "SELECT array_agg(id ORDER BY id) FROM (SELECT id FROM catalog_part WHERE id > %(after)s ORDER BY id LIMIT %(many)s) page"


@dataclass(frozen=True)
class Told:
    """A part's document as JSON text without its checksum, and that checksum."""

    part_id: int
    checksum: str
    body: str


def documents_of(part_ids: Collection[int]) -> dict[int, Told]:
    """The documents of the parts that exist, by key, in order of keys; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, {"parts": sorted(part_ids)})
        return {part: Told(part, checksum, body) for part, checksum, body in cursor.fetchall()}


def keys_in_pages(many: int) -> Iterator[list[int]]:
    """The keys of all parts in order, `many` at a time; what is written meanwhile behind the page is seen, before it not."""
    after = 0
    while keys := _keys(after, many):
        yield keys
        after = keys[-1]


def _keys(after: int, many: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, {"after": after, "many": many})
        return cursor.fetchone()[0] or []
