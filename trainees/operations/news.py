"""Keep the news of the schools short, count again what they changed, and tell some by hand where triggers were asleep."""

from datetime import date

from django.db import connection
from django.utils import timezone

from schools.models import School
from trainees.models import SchoolDay
from trainees.reads.news import EVERY_SCHOOL, stamps_of_each
from trainees.reads.school_days import FIGURES, counted

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


def count_school_days(day: date | None = None) -> int:
    """Count the figures of a day (today unless said) for the schools that have had news: what the watcher calls. Returns how many.

    The stamps are read before the rows: what comes meanwhile leaves a stamp that no reader meets.
    """
    day = day or timezone.localdate()
    stamps = stamps_of_each(School.objects.values_list("pk", flat=True))
    known = set(SchoolDay.objects.filter(day=day).values_list("school_number", "stamp"))
    stale = [school for school, stamp in stamps.items() if (school, stamp) not in known]
    rows = [
        SchoolDay(school_number=school, day=day, stamp=stamps[school], **figures)
        for school, figures in counted(stale, day).items()
    ]
    SchoolDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["school_number"], update_fields=["day", "stamp", *FIGURES]
    )
    return len(rows)
