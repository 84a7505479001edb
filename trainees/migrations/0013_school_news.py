from django.conf import settings
from django.db import migrations, models

# What tells the news of a school (models.news.SchoolNews): for each table that its pages read, the columns that they show ("" for
# all of them), what may happen to a row that they show, the number that leads from the row to schools, and the way from these
# numbers to the schools. Written here and not beside the models: the floors below know nothing of these pages.
#
# One trigger a statement, whatever the number of its rows, and one row a school: loading two thousand lines at once costs what
# one costs. The numbers are gathered first, so that the way is always planned for a few of them and walks indexes.
GIVEN = "SELECT unnest(keys)"
PATHWAYS = "SELECT p.school_id FROM trainees_pathway p WHERE p.{column} = ANY(keys)"
# A page goes from pathways to internships: the school is that of the pathway.
INTERNSHIPS = (
    "SELECT p.school_id FROM trainees_internship i JOIN trainees_pathway p ON p.id = i.pathway_id WHERE i.{column} = ANY(keys)"
)
# An envelope names its agreement by a text; others name something else.
AGREEMENT = (
    "CASE WHEN subject ~ '^trainees\\.internshipagreement:[0-9]{1,18}$' THEN split_part(subject, ':', 2)::bigint END"
)
AGREEMENTS = (
    "SELECT p.school_id FROM trainees_internshipagreement a JOIN trainees_internship i ON i.id = a.internship_id "
    "JOIN trainees_pathway p ON p.id = i.pathway_id WHERE a.id = ANY({})"
)
INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"
WRITTEN = (INSERT, UPDATE, DELETE)
# Shown only through rows of other tables, which tell their own insertion and removal.
CHANGED = (UPDATE,)
TOLD = {
    "schools_school": ("name", WRITTEN, "0", GIVEN),
    "schools_site": ("", WRITTEN, "school_id", GIVEN),
    "accounts_user": ("full_name", CHANGED, "0", GIVEN),
    "partnerships_company": ("diffusion_status", CHANGED, "0", GIVEN),
    "partnerships_establishment": (
        "name, is_head_office, diffusion_status, company_id", CHANGED, "id", INTERNSHIPS.format(column="establishment_id"),
    ),
    "partnerships_companycontact": ("full_name", CHANGED, "id", INTERNSHIPS.format(column="tutor_id")),
    "signing_envelope": ("", WRITTEN, AGREEMENT, AGREEMENTS.format("keys")),
    "signing_signatory": (
        "", WRITTEN, "envelope_id",
        AGREEMENTS.format(f"ARRAY(SELECT {AGREEMENT} FROM signing_envelope e WHERE e.id = ANY(keys))"),
    ),
    "trainees_trainee": ("last_name, first_name, public_id", CHANGED, "id", PATHWAYS.format(column="trainee_id")),
    "trainees_pathway": ("", WRITTEN, "school_id", GIVEN),
    "trainees_internship": ("", WRITTEN, "pathway_id", PATHWAYS.format(column="id")),
    "trainees_scheduleday": ("", WRITTEN, "internship_id", INTERNSHIPS.format(column="id")),
    "trainees_internshipagreement": ("", WRITTEN, "internship_id", INTERNSHIPS.format(column="id")),
    "trainees_attendancehalfday": ("", WRITTEN, "school_id", GIVEN),
    "trainees_accidentreport": ("", WRITTEN, "school_id", GIVEN),
    # A draft is saved at each pause of whoever writes it.
    "trainees_companyassessment": ("school_id, status, due_on, asked_at", WRITTEN, "school_id", GIVEN),
    "trainees_traineeanswer": (
        "", WRITTEN, "assessment_id", "SELECT e.school_id FROM trainees_companyassessment e WHERE e.id = ANY(keys)",
    ),
}  # fmt: skip
A_MARK = "hashtextextended(gen_random_uuid()::text, 0)"
TELL = """
CREATE FUNCTION trainees_news_of_{table}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys bigint[] := ARRAY({keys});
BEGIN
    INSERT INTO trainees_schoolnews (school_number, mark)
    SELECT s.school_id, {mark} FROM (SELECT DISTINCT way.school_id FROM ({way}) way(school_id)) s WHERE s.school_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_news_of_{event} AFTER {word} ON {table} REFERENCING {transition}
    FOR EACH STATEMENT EXECUTE FUNCTION trainees_news_of_{table}_{event}();
"""
FORGET = "DROP TRIGGER tell_news_of_{event} ON {table}; DROP FUNCTION trainees_news_of_{table}_{event}();"
TRANSITION = {
    INSERT: "NEW TABLE AS new_rows", DELETE: "OLD TABLE AS old_rows", UPDATE: "OLD TABLE AS old_rows NEW TABLE AS new_rows",
}  # fmt: skip


def _keys(event, columns, key):
    """The numbers of what an event writes: of an update, before and after it, where a column that is shown changed."""
    if event != UPDATE:
        return f"SELECT DISTINCT {key} FROM {'new_rows' if event == INSERT else 'old_rows'}"
    if not columns:
        return f"SELECT {key} FROM new_rows UNION SELECT {key} FROM old_rows"
    shown = f"SELECT id, {columns} FROM"
    return (
        f"SELECT DISTINCT {key} FROM (({shown} new_rows EXCEPT {shown} old_rows) "
        f"UNION ALL ({shown} old_rows EXCEPT {shown} new_rows)) written"
    )


def _telling():
    made = []
    for table, (columns, events, key, way) in TOLD.items():
        for event in events:
            names = {"table": table, "event": event.lower()}
            sql = TELL.format(
                **names, word=event, keys=_keys(event, columns, key), way=way, mark=A_MARK, transition=TRANSITION[event]
            )
            made.append(migrations.RunSQL(sql, FORGET.format(**names)))
    return made


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sign_in_and_closing'),
        ('partnerships', '0013_places_by_words'),
        ('schools', '0002_revision_of_forms'),
        ('signing', '0003_chain_roots'),
        ('trainees', '0012_lists_in_their_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SchoolNews',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_number', models.BigIntegerField(verbose_name='école')),
                ('mark', models.BigIntegerField(verbose_name='marque')),
            ],
            options={
                'verbose_name': 'nouvelle d’une école',
                'verbose_name_plural': 'nouvelles des écoles',
                'indexes': [models.Index(fields=['school_number'], include=('mark',), name='school_news_by_school')],
            },
        ),
        # A first row, so that a page may be kept before anything changes.
        migrations.RunSQL(f"INSERT INTO trainees_schoolnews (school_number, mark) VALUES (0, {A_MARK})", migrations.RunSQL.noop),
        *_telling(),
    ]
