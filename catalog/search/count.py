"""What search counts beforehand, after names, kits and relations have changed: how rare words are, and what stands of each part besides its name."""

from __future__ import annotations

from django.db import connection, transaction

_WORDS = """
INSERT INTO catalog_searchterm (word, stem, documents)
WITH used AS MATERIALIZED (
    SELECT word, count(DISTINCT part_id) AS documents FROM catalog_partname, unnest(string_to_array(catalog_words(name), ' ')) AS word
    WHERE language = 'en' AND length(word) BETWEEN 1 AND 100 GROUP BY word
), stemmed AS MATERIALIZED (SELECT word, catalog_stem(word) AS stem, documents FROM used)
SELECT word, stem, documents FROM stemmed WHERE stem <> ''
"""
_RARITY = """
CREATE TEMPORARY TABLE search_rarity ON COMMIT DROP AS
SELECT stem, ln(1 + (SELECT count(*) FROM catalog_partname WHERE language = 'en') / (1.0 + sum(documents)))::float8 AS rarity
FROM catalog_searchterm GROUP BY stem
"""
# Words in brackets explain; they weigh a third.
_WEIGHT = r"""
CREATE TEMPORARY TABLE search_weight ON COMMIT DROP AS
SELECT part_id, sum(share * rarity)::float8 AS weight FROM (
    SELECT part_id, stem, max(share) AS share
    FROM catalog_partname,
        LATERAL (VALUES (regexp_replace(name, '[\[(][^\])]*[\])]', ' ', 'g'), 1.0),
                        (CASE WHEN name ~ '[\[(]' THEN name END, 0.3)) AS piece(text, share),
        LATERAL unnest(string_to_array(catalog_words(text), ' ')) AS used
        JOIN catalog_searchterm term ON term.word = used
    WHERE language = 'en' GROUP BY 1, 2
) AS held JOIN search_rarity USING (stem) GROUP BY part_id
"""
# The plainer part of a print or pattern, by the supplier's word; else by the number: "1042P07" is an execution of "1042".
_PLAINER = """
CREATE TEMPORARY TABLE search_plainer ON COMMIT DROP AS
WITH told AS (
    SELECT DISTINCT ON (part_id) part_id, other_id FROM catalog_partrelation
    WHERE kind = 'VARIANT' AND note IN ('print of', 'pattern of') ORDER BY part_id, other_id
)
SELECT part_id, other_id, true AS print FROM told
UNION ALL
(SELECT DISTINCT ON (part.id) part.id, plain.id, substr(part.normalised, cut + 1) ~ '^[A-Z]+[0-9]+$'
FROM catalog_part part
CROSS JOIN LATERAL generate_series(3, length(part.normalised) - 1) AS cut
JOIN catalog_part plain ON plain.normalised = left(part.normalised, cut) AND plain.maker = part.maker
WHERE substr(part.normalised, cut + 1, 1) ~ '[A-Z]' AND left(part.normalised, cut) ~ '[0-9]'
  AND part.id NOT IN (SELECT part_id FROM told)
ORDER BY part.id, cut DESC, plain.id)
"""
# A kit of one piece of one part is that part under another number.
_ALIAS = """
CREATE TEMPORARY TABLE search_alias ON COMMIT DROP AS
SELECT part_id, min(other_id) AS other_id FROM catalog_partrelation WHERE kind = 'COMPONENT' AND note = ''
GROUP BY part_id HAVING count(*) = 1 AND max(quantity) = 1
"""
# A word of a third of the variants, of a kit of one, or of what was replaced, describes the part itself.
_FAMILY = """
CREATE TEMPORARY TABLE search_family ON COMMIT DROP AS
WITH variants AS MATERIALIZED (SELECT other_id, count(*) AS many FROM search_plainer GROUP BY other_id),
shared AS MATERIALIZED (
    SELECT other_id, word, count(*) AS times FROM search_plainer JOIN catalog_partname name USING (part_id),
        unnest(tsvector_to_array(name.vector)) AS word
    WHERE language = 'en' GROUP BY 1, 2
)
SELECT part_id, array_to_tsvector(array_agg(DISTINCT word)) AS family FROM (
    SELECT other_id AS part_id, word FROM shared JOIN variants USING (other_id) WHERE times >= 0.3 * (many + 0.5)
    UNION ALL
    SELECT other_id, word FROM search_alias JOIN catalog_partname name USING (part_id), unnest(tsvector_to_array(name.vector)) AS word
    UNION ALL
    SELECT new_id, word FROM catalog_supersession JOIN catalog_partname name ON name.part_id = old_id, unnest(tsvector_to_array(name.vector)) AS word
) AS held GROUP BY part_id
"""
_USED = """
CREATE TEMPORARY TABLE search_used ON COMMIT DROP AS
SELECT part_id, count(DISTINCT model_id) AS models FROM (
    SELECT part_id, model_id FROM catalog_callout JOIN catalog_assembly assembly ON assembly.id = assembly_id
    UNION ALL SELECT part_id, model_id FROM catalog_fitment WHERE fits
) AS place GROUP BY part_id
"""
# What is used in many machines, what other parts build on, and what has a record that somebody filled in, is likelier wanted;
# a kit of one piece comes after the piece, what its own name calls obsolete after what is current.
_PARTS = """
INSERT INTO catalog_searchpart (part_id, weight, boost, variant, family, category)
SELECT part.id, weight,
    (1 + least(0.12, 0.03 * ln(1 + coalesce(models, 0))) + least(0.1, 0.03 * ln(1 + coalesce(others, 0)))
       + CASE WHEN part.material <> '' OR part.weight_g > 0 OR part.group_id IS NOT NULL OR part.hs_code <> '' THEN 0.4 ELSE 0 END)
    * CASE WHEN search_alias.part_id IS NULL THEN 1 ELSE 0.85 END
    * CASE WHEN obsolete.part_id IS NULL THEN 1 ELSE 0.6 END,
    coalesce(print, false), coalesce(family, ''), array_to_tsvector(catalog_lexemes(part.category, 'en'))
FROM catalog_part part
JOIN search_weight ON search_weight.part_id = part.id
LEFT JOIN search_plainer ON search_plainer.part_id = part.id
LEFT JOIN search_alias ON search_alias.part_id = part.id
LEFT JOIN search_family ON search_family.part_id = part.id
LEFT JOIN search_used ON search_used.part_id = part.id
LEFT JOIN (SELECT other_id, count(*) AS others FROM catalog_partrelation GROUP BY 1) AS builds ON builds.other_id = part.id
LEFT JOIN (SELECT DISTINCT part_id FROM catalog_partname WHERE vector @@ 'obsolet | discontinu | supersed'::tsquery) AS obsolete ON obsolete.part_id = part.id
ON CONFLICT (part_id) DO UPDATE SET (weight, boost, variant, family, category)
    = (excluded.weight, excluded.boost, excluded.variant, excluded.family, excluded.category)
WHERE (catalog_searchpart.weight, catalog_searchpart.boost, catalog_searchpart.variant, catalog_searchpart.family, catalog_searchpart.category)
    IS DISTINCT FROM (excluded.weight, excluded.boost, excluded.variant, excluded.family, excluded.category)
"""
# In the order they stand on each other; each lives until the transaction ends.
_TABLES = {"rarity": _RARITY, "weight": _WEIGHT, "plainer": _PLAINER, "alias": _ALIAS, "family": _FAMILY, "used": _USED}


@transaction.atomic
def terms_count() -> int:
    """Count anew; answers how many words there are. Names are found at once without it, it is ranking and mending that wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_searchterm")
        cursor.execute(_WORDS)
        counted = cursor.rowcount
        cursor.execute("ANALYZE catalog_searchterm")
        for table, statement in _TABLES.items():
            cursor.execute(f"DROP TABLE IF EXISTS search_{table}")
            cursor.execute(statement)
            cursor.execute(f"ANALYZE search_{table}")  # else the planner takes them for empty
        cursor.execute(_PARTS)
        cursor.execute("ANALYZE catalog_searchpart")
        return counted
