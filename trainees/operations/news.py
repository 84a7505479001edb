"""Keep the news of the schools short, and tell some by hand where triggers were asleep."""

from django.db import connection

from trainees.reads.news import EVERY_SCHOOL

# Rows of a school that a page reads before it is shown: few enough for a tenth of a millisecond.
MOST = 100
A_MARK = "hashtextextended(gen_random_uuid()::text, 0)"
# One statement, whose new marks are drawn after it has seen the rows it takes away: a stamp read before a row came can never
# be met again once that row is gone.
SHORTEN = f"""
WITH long AS (SELECT school_number FROM trainees_schoolnews GROUP BY 1 HAVING count(*) > %s),
gone AS (
    DELETE FROM trainees_schoolnews n USING long WHERE n.school_number = long.school_number RETURNING n.school_number
),
left_behind AS (
    INSERT INTO trainees_schoolnews (school_number, mark) SELECT school_number, {A_MARK} FROM (SELECT DISTINCT school_number FROM gone) s
)
SELECT count(*) FROM gone
"""  # noqa: S608  our own constants


def shorten(most: int = MOST) -> int:
    """Replace the news of each school that has more than `most` by one row: what the watcher calls. Returns how many went.

    Pages that are kept are then drawn again once, nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHORTEN, [most])
        return int(cursor.fetchone()[0])


def tell_every_school() -> None:
    """Have the pages of every school drawn again: after a loading that put the triggers to sleep."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO trainees_schoolnews (school_number, mark) VALUES (%s, {A_MARK})",  # noqa: S608  our own constant
            [EVERY_SCHOOL],
        )
