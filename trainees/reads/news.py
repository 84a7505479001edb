"""What the pages of a school stand on: a stamp that differs as soon as a row that they show is written, by whatever means."""

from collections.abc import Iterable

from django.db import connection

# What every school shows: its changes are the news of all of them.
EVERY_SCHOOL = 0
# Which rows are there, told by their number and by two sums of their marks: rows are only added, and those that are taken away
# leave a new one (operations.news). Neither an order of commits nor a sequence has any part in it.
STAMP = """
SELECT count(*), COALESCE(bit_xor(mark), 0), COALESCE(sum(mark::numeric), 0) FROM trainees_schoolnews WHERE school_number = ANY(%s)
"""

# The stamp of each school apart, as a text: what every school shows, then what is its own. Asked with the numbers of the schools.
STAMPS = f"""
SELECT asked.number AS school_number, concat_ws(' ', every.told, own.told) AS stamp
FROM unnest(%s::bigint[]) asked(number)
CROSS JOIN (
    SELECT concat_ws(' ', count(*), bit_xor(mark), sum(mark::numeric)) AS told FROM trainees_schoolnews WHERE school_number = {EVERY_SCHOOL}
) every
LEFT JOIN LATERAL (
    SELECT concat_ws(' ', count(*), bit_xor(mark), sum(mark::numeric)) AS told FROM trainees_schoolnews
    WHERE school_number = asked.number
) own ON TRUE
"""  # noqa: S608  our own constant


def stamp_of(schools: Iterable[int]) -> str:
    """Return the stamp of what the pages of these schools show, "" while nothing was ever told. One short query.

    To be read before the rows: what comes meanwhile is then kept under the former stamp, which nobody asks for any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAMP, [[EVERY_SCHOOL, *sorted(schools)]])
        count, crossed, added = cursor.fetchone()
    return f"{count} {crossed} {added}" if count else ""


def stamps_of_each(schools: Iterable[int]) -> dict[int, str]:
    """Return the stamp of each of these schools. One query."""
    with connection.cursor() as cursor:
        cursor.execute(STAMPS, [list(schools)])
        return dict(cursor.fetchall())
