import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Words as search sees them, in names and in queries alike: one width, no accents, "2 X 4" is the word "2x4", "5 2/3" is "5.667",
# "12 V" is "12v", "10kΩ" and "10 k ohm" are "10kohm", "5 %" is "5pct", "Ø20" is "dia 20", "w/o" is "without", ".5" is "0.5",
# signs between words are gone.
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
        t := regexp_replace(t, '[øØ⌀]\s*(?=[0-9])', ' dia ', 'g');
        t := regexp_replace(t, 'μ(?=[a-zA-ZΩω])', 'u', 'g');
        t := regexp_replace(t, '([0-9]\s*[kKmMu]?)\s*[Ωω]', '\1ohm', 'g');
    END IF;
    t := lower(t);
    IF t ~ 'w/' THEN
        t := regexp_replace(regexp_replace(t, '\mw/o(ut)?\M', 'without', 'g'), '\mw/', 'with ', 'g');
    END IF;
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
        t := regexp_replace(t, '([0-9])\s*%', '\1pct ', 'g');
        t := regexp_replace(t, '([0-9])\s*([km]?)\s*ohms?\M', '\1\2ohm', 'g');
        t := regexp_replace(t, '([0-9])\s+(mm|cm|ml|kg|kw|nm|mpa|bar|psi|rpm|hp|hz|khz|mhz|ghz|pf|nf|uf|uh|mh|mv|kv|v|vdc|vac|ma|mah|ah|mw|w|a|l)\M', '\1\2', 'g');
    END IF;
    t := regexp_replace(t, '\.(?![0-9])', ' ', 'g');
    RETURN btrim(regexp_replace(t, '[^[:alnum:].]+', ' ', 'g'));
END
$$
"""

# As before; "#3" says that a name has three different words, "#9" that it has nine or more: of names that hold what is asked the short
# ones are looked at first.
LEXEMES = r"""
CREATE OR REPLACE FUNCTION catalog_lexemes(name text, language text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    cjk constant text := '[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]';
    word text;
    kept text[] := '{}';
    sides text[];
    words text[] := ARRAY(SELECT DISTINCT one FROM unnest(string_to_array(catalog_words(name), ' ')) AS one WHERE one <> '' AND length(one) <= 100);
BEGIN
    FOREACH word IN ARRAY words LOOP
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
    kept := kept || ('#' || least(9, cardinality(words)));
    RETURN ARRAY(SELECT DISTINCT one FROM unnest(kept) AS one WHERE one <> '');
END
$$
"""
VECTOR = "ALTER TABLE catalog_partname ADD COLUMN vector tsvector GENERATED ALWAYS AS (array_to_tsvector(catalog_lexemes(name, language))) STORED"
INDEX = "CREATE INDEX part_name_vector ON catalog_partname USING gin (vector)"
DROP_VECTOR = "ALTER TABLE catalog_partname DROP COLUMN vector"
# What was counted is counted anew: after the next import, or within the hour.
UNCOUNTED = ["DELETE FROM catalog_searchpart", "DELETE FROM catalog_searchterm"]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_imports")]

    operations = [
        migrations.RunSQL(UNCOUNTED, UNCOUNTED),
        migrations.RunSQL([DROP_VECTOR, WORDS, LEXEMES, VECTOR, INDEX], migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="searchpart", name="search_part_family"),
        migrations.AddField("searchpart", "named", models.CharField(default="", max_length=32)),
        migrations.AddField(
            "searchpart",
            "words",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=100), default=list),
        ),
        migrations.AddField(
            "searchpart",
            "aside",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=100), default=list),
        ),
        migrations.AddField("searchpart", "head", models.CharField(default="", max_length=100)),
        migrations.AddField(
            "searchpart",
            "plain",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="catalog.part"
            ),
        ),
        migrations.AddField("searchpart", "reach", django.contrib.postgres.search.SearchVectorField(default="")),
        migrations.AlterField("searchpart", "family", django.contrib.postgres.search.SearchVectorField(default="")),
        migrations.AlterField("searchpart", "category", django.contrib.postgres.search.SearchVectorField(default="")),
        migrations.AlterField("searchpart", "weight", models.FloatField(default=0)),
        migrations.AddIndex(
            model_name="searchpart",
            index=django.contrib.postgres.indexes.GinIndex(fields=["reach"], name="search_part_reach"),
        ),
    ]
