"""The dated limits and the law of working time as the database reads them, and the values the portal starts with."""

from django.db import migrations

from trainees.law.first_values import values
from trainees.law.schedule_sql import CREATE, DROP

LIMIT = """
CREATE FUNCTION trainees_limit(wanted text, on_day date) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE found numeric;
BEGIN
    SELECT value INTO found FROM trainees_legalparameter
    WHERE key = wanted AND starts_on <= on_day AND (ends_on IS NULL OR ends_on >= on_day);
    IF found IS NULL THEN
        RAISE EXCEPTION 'Aucune valeur de la limite « % » ne court le %.', wanted, on_day USING ERRCODE = 'check_violation';
    END IF;
    RETURN found;
END $$;
"""


def load(apps, schema_editor):
    parameter = apps.get_model("trainees", "LegalParameter")
    parameter.objects.bulk_create([
        parameter(key=key, value=value, starts_on=first, ends_on=last, source=source)
        for key, value, first, last, source in values()
    ])


class Migration(migrations.Migration):

    dependencies = [("trainees", "0001_initial")]

    operations = [
        migrations.RunSQL(LIMIT, "DROP FUNCTION trainees_limit(text, date);"),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
