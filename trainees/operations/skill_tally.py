"""Keep the tally of skills small: fold its events into one row a cell, and count all again when asked."""

from django.db import connection, transaction

from trainees.models import SkillTally

# Fewer events cost a reader nothing: they wait for company.
WORTH_FOLDING, FOLDED_AT_ONCE = 500, 20_000
INTO = "trainees_skilltally (school_id, year, skill_id, level_id, measure, number, folded)"
FOLD = f"""
WITH loose AS (
    DELETE FROM trainees_skilltally WHERE id IN (
        SELECT id FROM trainees_skilltally WHERE NOT folded ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING school_id, year, skill_id, level_id, measure, number),
kept AS (
    INSERT INTO {INTO} SELECT school_id, year, skill_id, level_id, measure, sum(number), TRUE FROM loose
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (school_id, year, skill_id, level_id, measure) WHERE folded
    DO UPDATE SET number = trainees_skilltally.number + EXCLUDED.number)
SELECT count(*) FROM loose
"""  # noqa: S608  our own constants
YEAR = "EXTRACT(YEAR FROM {} AT TIME ZONE 'Europe/Paris')"
# What the rows themselves say, without the events: planned, seen, validated.
ANEW = f"""
SELECT i.school_id, {YEAR.format("p.planned_at")}::int AS year, p.skill_id, NULL::bigint AS level_id, 'planned' AS measure, count(*) AS number
FROM trainees_plannedskill p JOIN trainees_internship i ON i.id = p.internship_id GROUP BY 1, 2, 3
UNION ALL
SELECT e.school_id, {YEAR.format("e.submitted_at")}::int, a.skill_id, a.level_id, 'seen', count(*)
FROM trainees_assessedskill a JOIN trainees_companyassessment e ON e.id = a.assessment_id
WHERE e.status IN ('submitted', 'returned', 'validated') GROUP BY 1, 2, 3, 4
UNION ALL
SELECT school_id, {YEAR.format("validated_at")}::int, skill_id, level_id, 'validated', count(*)
FROM trainees_skillvalidation WHERE withdrawn_at IS NULL GROUP BY 1, 2, 3, 4
"""  # noqa: S608  our own constants


def sweep() -> int:
    """Fold the events once there are enough of them: what the watcher calls. Returns how many."""
    loose = SkillTally.objects.filter(folded=False).order_by()[:WORTH_FOLDING]
    return fold_tally() if loose.count() == WORTH_FOLDING else 0


def fold_tally() -> int:
    """Fold the events written since the last time into one row a cell. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FOLD, [FOLDED_AT_ONCE])
        return int(cursor.fetchone()[0])


@transaction.atomic
def count_again() -> int:
    """Write the whole tally anew from the rows: after a loading that put the triggers to sleep. Returns how many cells.

    Nobody writes a skill meanwhile: the events of another transaction would be counted twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE trainees_skilltally IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM trainees_skilltally")
        cursor.execute(
            f"INSERT INTO {INTO} SELECT school_id, year, skill_id, level_id, measure, number, TRUE FROM ({ANEW}) x"  # noqa: S608
        )
        return int(cursor.rowcount)
