"""SIREN and SIRET checked by the database itself.

La Poste (SIREN 356000000) gives its establishments numbers whose digits add up to a multiple of five, except its head
office 35600000000048, which follows Luhn like everybody's.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION e2c_luhn_valid(digits text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT sum(CASE WHEN (length(digits) - place) % 2 = 0 THEN digit
                    WHEN digit * 2 > 9 THEN digit * 2 - 9
                    ELSE digit * 2 END) % 10 = 0
    FROM (SELECT place, substr(digits, place, 1)::int AS digit FROM generate_series(1, length(digits)) AS place) AS parts
$$;
CREATE FUNCTION e2c_siren_valid(siren text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN siren ~ '^[0-9]{9}$' THEN e2c_luhn_valid(siren) ELSE false END
$$;
CREATE FUNCTION e2c_siret_valid(siret text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN siret !~ '^[0-9]{14}$' THEN false
        WHEN siret LIKE '356000000%' AND siret <> '35600000000048' THEN
            (SELECT sum(substr(siret, place, 1)::int) % 5 = 0 FROM generate_series(1, 14) AS place)
        ELSE e2c_siren_valid(substr(siret, 1, 9)) AND e2c_luhn_valid(siret)
    END
$$;
"""
DROP = "DROP FUNCTION e2c_siret_valid(text); DROP FUNCTION e2c_siren_valid(text); DROP FUNCTION e2c_luhn_valid(text);"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_search")]
    operations = [migrations.RunSQL(CREATE, DROP)]
