"""The companies whose name looks like another are found by a function (ADR 0038): nearest first, and no further than enough are found.

Asked for all at once, every name that shares a third of the letters was measured: seventy milliseconds among 20,000 names made of the
same words. PostgreSQL holds the bound under which the index of words leaves names aside in a setting, which the function
lowers step by step: the first bound is that of a name with a wrong letter. Only a function can, within one question.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations

# A name is near by a run of its words (word_similarity): from 0.6, which is PostgreSQL's own bound, or from 0.5 when a third of
# the whole name is the same too. `search` ends with the SIREN, which is no part of the name. A measure takes four microseconds, which
# the planner does not know: among a few hundred names it would measure them all. It is left the index of words alone (OFFSET 0).
# The former bound is put back by hand: a function may not declare a setting of an extension that nobody has called yet, which
# is how a copy is restored. Calling show_trgm loads the extension.
ALIKE = """
CREATE OR REPLACE FUNCTION public.e2c_companies_alike(bare text, room integer, besides bigint, known_siren text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 8
SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    nearest bigint[];
    bound double precision;
    former text;
BEGIN
    PERFORM show_trgm(bare);
    former := current_setting('pg_trgm.word_similarity_threshold');
    FOREACH bound IN ARRAY ARRAY[0.7, 0.6, 0.5] LOOP
        PERFORM set_config('pg_trgm.word_similarity_threshold', bound::text, true);
        SELECT array_agg(id) INTO nearest FROM (
            SELECT id FROM (
                SELECT c.id, c.search, c.siren, c.merged_into_id, left(c.search, -1 - length(c.siren)) AS named,
                       word_similarity(bare, left(c.search, -1 - length(c.siren))) AS words
                FROM partnerships_company c WHERE c.search %> bare OFFSET 0
            ) alike
            WHERE words >= bound AND (words >= 0.6 OR similarity(named, bare) >= 0.3)
            AND merged_into_id IS NULL AND id <> besides AND (siren = '' OR siren <> known_siren)
            ORDER BY words DESC, search LIMIT room
        ) nearest_named;
        EXIT WHEN cardinality(nearest) = room;
    END LOOP;
    PERFORM set_config('pg_trgm.word_similarity_threshold', former, true);
    RETURN QUERY SELECT unnest(nearest);
END $$;
"""


class Migration(migrations.Migration):
    # Pages and workers go on writing while the index goes.
    atomic = False

    dependencies = [("partnerships", "0017_sentences")]

    operations = [
        migrations.RunSQL(ALIKE, "DROP FUNCTION public.e2c_companies_alike(text, integer, bigint, text);"),
        RemoveIndexConcurrently(model_name="company", name="company_by_likeness"),
    ]
