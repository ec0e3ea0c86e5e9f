"""What search counts beforehand, after names, kits and relations have changed: how rare words are, and what stands of each part besides its name.

All of it, or only what a few parts touch: they themselves, what they are executions of, what is an execution of them, what they replaced.
Names are taken apart once, when they change; every other step works on what was kept of them.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction

from catalog.search.changes import parts_changed
from portal.locks import key_lock

_PATIENCE = 300.0  # seconds to wait for another count
_FEW = 0.1  # of all parts; when more than that changed, all is counted

_SAID = "CREATE TEMPORARY TABLE search_said ON COMMIT DROP AS SELECT unnest(%(parts)s::bigint[]) AS part_id"
_EVERY = "CREATE TEMPORARY TABLE search_said ON COMMIT DROP AS SELECT id AS part_id FROM catalog_part"
_WERE = """
CREATE TEMPORARY TABLE search_were ON COMMIT DROP AS
SELECT word, count(*) AS many FROM catalog_searchpart JOIN search_said USING (part_id), unnest(words || aside) AS word GROUP BY word
"""
# Words in brackets explain: they stand aside.
_NAMED = r"""
INSERT INTO catalog_searchpart (part_id, named, words, aside, head, weight, boost, variant, family, reach, category)
SELECT part_id, md5(name), words, ARRAY(SELECT word FROM unnest(whole) AS word EXCEPT SELECT unnest(words)), coalesce(catalog_stem(first), ''),
    0, 1, false, '', '', ''
FROM (SELECT part_id, name FROM catalog_partname JOIN search_said USING (part_id)
      WHERE language = 'en' AND NOT EXISTS (SELECT FROM catalog_searchpart known WHERE known.part_id = catalog_partname.part_id AND named = md5(name))) AS fresh,
    LATERAL (SELECT catalog_words(name) AS text, catalog_words(regexp_replace(name, '[\[(][^\])]*[\])]', ' ', 'g')) AS outside OFFSET 0) AS written,
    LATERAL (SELECT ARRAY(SELECT DISTINCT word FROM unnest(string_to_array(text, ' ')) AS word WHERE length(word) BETWEEN 1 AND 100) AS whole,
                    ARRAY(SELECT DISTINCT word FROM unnest(string_to_array(outside, ' ')) AS word WHERE length(word) BETWEEN 1 AND 100) AS words,
                    left(split_part(coalesce(nullif(outside, ''), text), ' ', 1), 100) AS first OFFSET 0) AS taken
ON CONFLICT (part_id) DO UPDATE SET (named, words, aside, head) = (excluded.named, excluded.words, excluded.aside, excluded.head)
"""
_NAMELESS = """
DELETE FROM catalog_searchpart USING search_said WHERE catalog_searchpart.part_id = search_said.part_id
AND NOT EXISTS (SELECT FROM catalog_partname name WHERE name.part_id = catalog_searchpart.part_id AND language = 'en')
"""
_COUNTED = """
CREATE TEMPORARY TABLE search_counted ON COMMIT DROP AS
SELECT * FROM (
    SELECT word, coalesce(term.stem, catalog_stem(word)) AS stem, many AS documents FROM (
        SELECT word, sum(many)::int AS many FROM (
            SELECT word, count(*) AS many FROM catalog_searchpart {said}, unnest(words || aside) AS word GROUP BY word {were}
        ) AS signed GROUP BY word
    ) AS used LEFT JOIN catalog_searchterm term USING (word) OFFSET 0
) AS stemmed WHERE stem <> ''
"""
# Only the words of these parts changed: what they were is taken away, what they are is added.
_LESS = """
UNION ALL SELECT word, -many FROM search_were
UNION ALL SELECT word, documents FROM catalog_searchterm
WHERE word IN (SELECT word FROM search_were UNION SELECT unnest(words || aside) FROM catalog_searchpart JOIN search_said USING (part_id))
"""
_TERMS = """
INSERT INTO catalog_searchterm (word, stem, documents) SELECT word, stem, documents FROM search_counted WHERE documents > 0
ON CONFLICT (word) DO UPDATE SET (stem, documents) = (excluded.stem, excluded.documents)
WHERE (catalog_searchterm.stem, catalog_searchterm.documents) IS DISTINCT FROM (excluded.stem, excluded.documents)
"""
_UNUSED = "DELETE FROM catalog_searchterm term WHERE NOT EXISTS (SELECT FROM search_counted counted WHERE counted.word = term.word)"
_NO_MORE = "DELETE FROM catalog_searchterm USING search_counted counted WHERE counted.word = catalog_searchterm.word AND counted.documents <= 0"

# The plainer part of a print or pattern, by the supplier's word; else by the number: "1042P07" is an execution of "1042".
_YOUNGER = """
INSERT INTO search_said SELECT execution.id FROM search_said JOIN catalog_part part ON part.id = search_said.part_id
JOIN catalog_part execution ON execution.normalised LIKE part.normalised || '%%' AND execution.maker = part.maker
WHERE length(part.normalised) >= 3 AND execution.id <> part.id
EXCEPT SELECT part_id FROM search_said
"""
_PLAINER = """
CREATE TEMPORARY TABLE search_plainer ON COMMIT DROP AS
WITH told AS (
    SELECT DISTINCT ON (part_id) part_id, other_id FROM catalog_partrelation JOIN search_said USING (part_id)
    WHERE kind = 'VARIANT' AND note IN ('print of', 'pattern of') ORDER BY part_id, other_id
)
SELECT part_id, other_id, true AS print FROM told
UNION ALL
(SELECT DISTINCT ON (part.id) part.id, plain.id, substr(part.normalised, cut + 1) ~ '^[A-Z]+[0-9]+$'
FROM search_said JOIN catalog_part part ON part.id = search_said.part_id
CROSS JOIN LATERAL generate_series(3, length(part.normalised) - 1) AS cut
JOIN catalog_part plain ON plain.normalised = left(part.normalised, cut) AND plain.maker = part.maker
WHERE substr(part.normalised, cut + 1, 1) ~ '[A-Z]' AND left(part.normalised, cut) ~ '[0-9]'
  AND part.id NOT IN (SELECT part_id FROM told)
ORDER BY part.id, cut DESC, plain.id)
"""
# Who must be weighed besides: whatever these parts are, or were, executions, kits or successors of, or related to.
_AROUND = """
INSERT INTO search_said (
    SELECT other_id FROM search_plainer UNION SELECT plain_id FROM catalog_searchpart JOIN search_said USING (part_id) WHERE plain_id IS NOT NULL
    UNION SELECT other_id FROM catalog_partrelation JOIN search_said USING (part_id)
    UNION SELECT new_id FROM catalog_supersession JOIN search_said ON part_id = old_id
) EXCEPT SELECT part_id FROM search_said
"""
_EXECUTIONS = """
UPDATE catalog_searchpart SET (plain_id, variant) = (now.plain, now.print)
FROM (SELECT part_id, search_plainer.other_id AS plain, coalesce(print, false) AS print FROM search_judged LEFT JOIN search_plainer USING (part_id)) AS now
WHERE now.part_id = catalog_searchpart.part_id AND (plain_id, variant) IS DISTINCT FROM (now.plain, now.print)
"""
_JUDGED = "CREATE TEMPORARY TABLE search_judged ON COMMIT DROP AS SELECT part_id FROM search_said"
_RARITY = """
CREATE TEMPORARY TABLE search_rarity ON COMMIT DROP AS
WITH stems AS (SELECT stem, ln(1 + (SELECT count(*) FROM catalog_searchpart) / (1.0 + sum(documents)))::float8 AS rarity FROM catalog_searchterm GROUP BY stem)
SELECT word, stem, rarity FROM catalog_searchterm JOIN stems USING (stem)
"""
_WEIGHT = """
CREATE TEMPORARY TABLE search_weight ON COMMIT DROP AS
SELECT part_id, round(sum(share * rarity)::numeric, 3)::float8 AS weight FROM (
    SELECT part_id, unnest(words) AS word, 1.0 AS share FROM catalog_searchpart JOIN search_said USING (part_id)
    UNION ALL SELECT part_id, unnest(aside), 0.3 FROM catalog_searchpart JOIN search_said USING (part_id)
) AS used JOIN search_rarity USING (word) GROUP BY part_id
"""
# A kit of one piece of one part is that part under another number.
_ALIAS = """
CREATE TEMPORARY TABLE search_alias ON COMMIT DROP AS
SELECT part_id, min(other_id) AS other_id FROM catalog_partrelation WHERE kind = 'COMPONENT' AND note = '' AND part_id IN (
    SELECT part_id FROM search_said UNION SELECT kit.part_id FROM catalog_partrelation kit JOIN search_said piece ON piece.part_id = kit.other_id)
GROUP BY part_id HAVING count(*) = 1 AND max(quantity) = 1
"""
# A word of a third of the variants, of the kits of one, or of what was replaced, describes the part itself.
_FAMILY = """
CREATE TEMPORARY TABLE search_family ON COMMIT DROP AS
WITH wanted AS MATERIALIZED (
    SELECT plain_id AS part_id, 1 AS kind, known.part_id AS from_id FROM search_said JOIN catalog_searchpart known ON plain_id = search_said.part_id
    UNION ALL SELECT other_id, 2, alias.part_id FROM search_said JOIN search_alias alias ON other_id = search_said.part_id
    UNION ALL SELECT new_id, 3, old_id FROM search_said JOIN catalog_supersession ON new_id = part_id
),
many AS MATERIALIZED (SELECT part_id, kind, count(*) AS many FROM wanted GROUP BY 1, 2),
shared AS MATERIALIZED (
    SELECT wanted.part_id, kind, word, count(*) AS times FROM wanted JOIN catalog_partname name ON name.part_id = from_id,
        unnest(tsvector_to_array(name.vector)) AS word
    WHERE language = 'en' AND word NOT LIKE '#%%' GROUP BY 1, 2, 3
)
SELECT part_id, array_to_tsvector(array_agg(DISTINCT word)) AS family FROM shared JOIN many USING (part_id, kind)
WHERE times >= 0.3 * (many + 0.5) GROUP BY part_id
"""
_USED = """
CREATE TEMPORARY TABLE search_used ON COMMIT DROP AS
SELECT part_id, count(DISTINCT model_id) AS models FROM (
    SELECT part_id, model_id FROM catalog_callout JOIN search_said USING (part_id) JOIN catalog_assembly assembly ON assembly.id = assembly_id
    UNION ALL SELECT part_id, model_id FROM catalog_fitment JOIN search_said USING (part_id) WHERE fits
) AS place GROUP BY part_id
"""
# Of a maker who fills in his records (material, weight, group, HS code of at least half of them) a bare one is a leftover.
_BARE = """
CREATE TEMPORARY TABLE search_bare ON COMMIT DROP AS
WITH record AS MATERIALIZED (
    SELECT id, maker, material <> '' OR weight_g > 0 OR group_id IS NOT NULL OR hs_code <> '' AS filled FROM catalog_part
),
careful AS MATERIALIZED (SELECT maker FROM record GROUP BY maker HAVING avg(filled::int) >= 0.5)
SELECT id AS part_id FROM record JOIN careful USING (maker) JOIN search_said ON part_id = id WHERE NOT filled
"""
# What is used in many machines and what other parts build on is a little likelier wanted; a bare record, a kit of one piece, and what its
# own name calls obsolete, less.
_PARTS = """
UPDATE catalog_searchpart known SET (weight, boost, family, reach, category) = (found.weight, found.boost, found.family, found.reach, found.category)
FROM (
    SELECT part.id, coalesce(weight.weight, 0) AS weight,
        round(((1 + least(0.05, 0.01 * ln(1 + coalesce(models, 0))) + least(0.04, 0.01 * ln(1 + coalesce(others, 0))))
        * CASE WHEN bare.part_id IS NULL THEN 1 ELSE {bare} END
        * CASE WHEN alias.part_id IS NULL THEN 1 ELSE 0.85 END
        * CASE WHEN name.vector @@ 'obsolet | discontinu | supersed'::tsquery THEN 0.6 ELSE 1 END)::numeric, 3)::float8 AS boost,
        coalesce(family.family, '') AS family, coalesce(name.vector || family.family, '') AS reach,
        array_to_tsvector(array_remove(categories.lexemes, '#' || categories.many)) AS category
    FROM search_said JOIN catalog_part part ON part.id = part_id
    JOIN catalog_partname name ON name.part_id = part.id AND name.language = 'en'
    JOIN search_categories categories ON categories.category = part.category
    LEFT JOIN search_weight weight ON weight.part_id = part.id
    LEFT JOIN search_alias alias ON alias.part_id = part.id
    LEFT JOIN search_family family ON family.part_id = part.id
    LEFT JOIN search_used used ON used.part_id = part.id
    LEFT JOIN search_bare bare ON bare.part_id = part.id
    LEFT JOIN (SELECT other_id, count(*) AS others FROM catalog_partrelation JOIN search_said ON search_said.part_id = other_id GROUP BY 1) AS builds ON builds.other_id = part.id
) AS found
WHERE found.id = known.part_id AND (known.weight, known.boost, known.family, known.reach, known.category)
    IS DISTINCT FROM (found.weight, found.boost, found.family, found.reach, found.category)
"""
_CATEGORIES = """
CREATE TEMPORARY TABLE search_categories ON COMMIT DROP AS
SELECT category, lexemes, (SELECT substr(one, 2) FROM unnest(lexemes) AS one WHERE one LIKE '#%%') AS many
FROM (SELECT category, catalog_lexemes(category, 'en') AS lexemes FROM (SELECT DISTINCT category FROM catalog_part) AS named) AS taken
"""
_BARE_COUNTS = 0.5
# In the order they stand on each other; each lives until the transaction ends.
_TABLES = {
    "rarity": _RARITY,
    "weight": _WEIGHT,
    "alias": _ALIAS,
    "family": _FAMILY,
    "used": _USED,
    "bare": _BARE,
    "categories": _CATEGORIES,
}
_ALL = ("said", "were", "counted", "judged", "plainer", *_TABLES)


@transaction.atomic
def terms_count(part_ids: Collection[int] | None = None) -> int:
    """Count anew, or only what the parts given touch; answers how many words there are. Running it again changes nothing.

    Names are found at once without it, it is ranking and mending that wait for it. The rarity of words, and with it the weight of names
    nobody touched, is brought up to date by the next whole count. Nobody who searches waits; a second count waits for the first.
    """
    key_lock("search counts", _PATIENCE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"search_{table}" for table in _ALL))
        some = part_ids is not None and _few(part_ids)
        cursor.execute(_SAID if some else _EVERY, {"parts": list(part_ids or ())})
        _count_words(some)
        _judge(some)
        for table, statement in _TABLES.items():
            cursor.execute(statement.replace("%%", "%"))
            cursor.execute(f"ANALYZE search_{table}")  # else the planner takes them for empty
        cursor.execute(_PARTS.format(bare=_BARE_COUNTS))
        if not some:
            cursor.execute("ANALYZE catalog_searchpart")
        cursor.execute("SELECT (SELECT count(*) FROM catalog_searchterm), (SELECT array_agg(part_id) FROM search_said)")
        words, touched = cursor.fetchone()
    parts_changed(touched or () if some else None)  # an import ends here, and what is counted stands in an index too
    return int(words)


def _few(part_ids: Collection[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_searchpart")
        return len(part_ids) <= _FEW * int(cursor.fetchone()[0])


def _count_words(some: bool) -> None:
    """Take changed names apart and bring the counts of words in step."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_said")
        cursor.execute(_WERE if some else "SELECT")
        cursor.execute(_NAMED)
        cursor.execute(_NAMELESS)
        said, were = ("JOIN search_said USING (part_id)", _LESS) if some else ("", "")
        cursor.execute(_COUNTED.format(said=said, were=were))
        cursor.execute("ANALYZE search_counted")
        cursor.execute(_TERMS)
        cursor.execute(_NO_MORE if some else _UNUSED)
        if not some:
            cursor.execute("ANALYZE catalog_searchterm")


def _judge(some: bool) -> None:
    """Say what is an execution of what, and who must be weighed besides."""
    with connection.cursor() as cursor:
        if some:
            cursor.execute(_YOUNGER.replace("%%", "%"))
        cursor.execute(_JUDGED)
        cursor.execute(_PLAINER)
        if some:
            cursor.execute(_AROUND)
        cursor.execute("ANALYZE search_plainer")
        cursor.execute("ANALYZE search_said")
        cursor.execute(_EXECUTIONS)
