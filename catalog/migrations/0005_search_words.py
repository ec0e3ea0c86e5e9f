import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# English without stop words: "no", "off", "up" and "down" tell parts apart.
DICTIONARY = "CREATE TEXT SEARCH DICTIONARY catalog_english (TEMPLATE = snowball, LANGUAGE = english)"

# Words as search sees them, in names and in queries alike: one width, no accents, "2 X 4" is the word "2x4", "5 2/3" is "5.667",
# "12 V" is "12v", ".5" is "0.5", signs between words are gone.
WORDS = r"""
CREATE OR REPLACE FUNCTION catalog_words(raw text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    t text := raw;
    part text[];
BEGIN
    IF t ~ '[^[:ascii:]]' THEN
        t := regexp_replace(t, '([0-9])([¼-¾⅐-⅞])', '\1 \2', 'g');
        t := normalize(regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC);
        t := replace(translate(t, '⁄×', '/x'), '°', ' degree ');
    END IF;
    t := lower(t);
    IF t ~ '[0-9]' THEN
        IF t ~ '[0-9]/[0-9]' THEN
            FOR part IN SELECT regexp_matches(t, '(?<![0-9./])((?:([0-9]{1,3})[ &-]+)?([0-9]{1,2})/([0-9]{1,2}))(?![0-9/])', 'g') LOOP
                IF part[3]::int < part[4]::int THEN
                    t := replace(t, part[1], trim_scale(round(coalesce(part[2], '0')::numeric + part[3]::numeric / part[4]::numeric, 3))::text);
                END IF;
            END LOOP;
        END IF;
        t := regexp_replace(t, '(?<![0-9])\.(?=[0-9])', '0.', 'g');
        t := regexp_replace(t, '([0-9]),(?=[0-9]{1,2}(?![0-9]))', '\1.', 'g');
        t := regexp_replace(t, '(\.[0-9]*[1-9])0+(?![0-9])|\.0+(?![0-9])', '\1', 'g');
        t := regexp_replace(t, '([0-9])\s*[x*]\s*(?=[0-9])', '\1x', 'g');
        t := regexp_replace(t, '\mm\s+(?=[0-9]+(\.[0-9]+)?x[0-9])', 'm', 'g');
        t := regexp_replace(t, '([0-9])\s+(mm|cm|ml|kg|kw|nm|mpa|bar|hp|v|w|a|l)\M', '\1\2', 'g');
    END IF;
    t := regexp_replace(t, '\.(?![0-9])', ' ', 'g');
    RETURN btrim(regexp_replace(t, '[^[:alnum:].]+', ' ', 'g'));
END
$$
"""
OLD_WORDS = r"""
CREATE OR REPLACE FUNCTION catalog_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(regexp_replace($1, '([0-9])\s*[xX×*]\s*(?=[0-9])', '\1x', 'g'), '[\s/_,;:()"''#&+~\[\]-]+', ' ', 'g'))
$$
"""

# A word as the index keeps it; empty when it says nothing.
STEM = """
CREATE FUNCTION catalog_stem(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT CASE
        WHEN word = ANY ('{a,an,the,of,for,with,and,or,in,to,at,by,from,is,as,w}'::text[]) THEN ''
        ELSE coalesce((ts_lexize('catalog_english', word))[1], word)
    END
$$
"""

# What the index keeps of a name. English words are stemmed. A measure "1x2x6" is kept as it is, in any order ("=1x2x6") and by
# each two of its sides ("~1x2"). Letters of languages without spaces are kept in pairs, the last one alone.
LEXEMES = r"""
CREATE FUNCTION catalog_lexemes(name text, language text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    cjk constant text := '[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]';
    word text;
    kept text[] := '{}';
    sides text[];
BEGIN
    FOREACH word IN ARRAY string_to_array(catalog_words(name), ' ') LOOP
        CONTINUE WHEN word = '' OR length(word) > 100;
        IF word ~ cjk THEN
            kept := kept || ARRAY(SELECT substr(word, at, 2) FROM generate_series(1, length(word)) AS at);
        ELSIF language <> 'en' THEN
            kept := kept || word;
        ELSE
            kept := kept || catalog_stem(word);
        END IF;
        IF word ~ '^[0-9.]+(x[0-9.]+)+$' THEN
            sides := ARRAY(SELECT side FROM unnest(string_to_array(word, 'x')) AS side ORDER BY side COLLATE "C");
            kept := kept || ('=' || array_to_string(sides, 'x'));
            IF array_length(sides, 1) BETWEEN 3 AND 6 THEN
                kept := kept || ARRAY(
                    SELECT DISTINCT '~' || sides[one] || 'x' || sides[other]
                    FROM generate_subscripts(sides, 1) AS one JOIN generate_subscripts(sides, 1) AS other ON other > one);
            END IF;
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT one FROM unnest(kept) AS one WHERE one <> '');
END
$$
"""
VECTOR = "ALTER TABLE catalog_partname ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(catalog_lexemes(name, language))) STORED"
OLD_VECTOR = """
ALTER TABLE catalog_partname ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    CASE WHEN language = 'en' THEN to_tsvector('english', catalog_words(name)) ELSE to_tsvector('simple', catalog_words(name)) END
) STORED
"""
INDEX = "CREATE INDEX part_name_vector ON catalog_partname USING gin (vector)"
DROP_VECTOR = "ALTER TABLE catalog_partname DROP COLUMN vector"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_search")]

    operations = [
        migrations.RunSQL(DROP_VECTOR, [OLD_VECTOR, INDEX]),
        migrations.RunSQL(DICTIONARY, "DROP TEXT SEARCH DICTIONARY catalog_english"),
        migrations.RunSQL(
            ["DROP FUNCTION catalog_words(text)", WORDS], ["DROP FUNCTION catalog_words(text)", OLD_WORDS]
        ),
        migrations.RunSQL(STEM, "DROP FUNCTION catalog_stem(text)"),
        migrations.RunSQL(LEXEMES, "DROP FUNCTION catalog_lexemes(text, text)"),
        migrations.RunSQL([VECTOR, INDEX], DROP_VECTOR),
        migrations.CreateModel(
            name="SearchPart",
            fields=[
                (
                    "part",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="catalog.part",
                    ),
                ),
                ("weight", models.FloatField()),
                ("boost", models.FloatField(default=1)),
                ("variant", models.BooleanField(default=False)),
                ("family", django.contrib.postgres.search.SearchVectorField()),
                ("category", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["family"], name="search_part_family")],
            },
        ),
    ]
