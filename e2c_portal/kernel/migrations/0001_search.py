"""Extensions, and the immutable folding function that generated search columns need.

unaccent() is only STABLE in PostgreSQL: named with its dictionary it depends on nothing that moves, so the wrapper may
say IMMUTABLE. The dictionary comes with the server and is the same on every PostgreSQL 14 to 18.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

FOLD = """
CREATE OR REPLACE FUNCTION e2c_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = public, pg_temp
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, replace(value, '’', ''''))) $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION e2c_fold(text);"),
    ]
