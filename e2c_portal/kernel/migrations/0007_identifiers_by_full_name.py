"""SIREN and SIRET are checked by functions named with their schema, so that a backup can be restored.

pg_restore fills the tables with an empty search path: a check that calls a function by its short name refuses every row there.
"""

from django.db import migrations

NAMED = """
CREATE OR REPLACE FUNCTION public.e2c_siren_valid(siren text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN siren ~ '^[0-9]{9}$' THEN public.e2c_luhn_valid(siren) ELSE false END
$$;
CREATE OR REPLACE FUNCTION public.e2c_siret_valid(siret text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN siret !~ '^[0-9]{14}$' THEN false
        WHEN siret LIKE '356000000%' AND siret <> '35600000000048' THEN
            (SELECT sum(substr(siret, place, 1)::int) % 5 = 0 FROM generate_series(1, 14) AS place)
        ELSE public.e2c_siren_valid(substr(siret, 1, 9)) AND public.e2c_luhn_valid(siret)
    END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_acting")]
    operations = [migrations.RunSQL(NAMED, migrations.RunSQL.noop)]
