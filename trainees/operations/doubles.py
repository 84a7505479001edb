"""Find the people who seem to have two records: the whole network at night, one person when their record is written.

Among 200,000 people the whole search takes a second: a page reads what it left.
"""

from django.db import connection, transaction
from django.utils import timezone

from trainees.life.pathways import OPEN
from trainees.models import DoublesSearch

# Beyond, names that merely resemble one another bury the doubles.
ALIKE = 0.6
# Begins with the open pathways, which stay as many as the schools have places whatever the years behind.
FOUND = """
SELECT a.id AS here_id, b.id AS there_id, similarity(a.search, b.search) AS nearness, a.school_id <> b.school_id AS across_schools
FROM trainees_pathway p
JOIN trainees_trainee a ON a.id = p.trainee_id
JOIN trainees_trainee b ON b.birth_date = a.birth_date AND b.id <> a.id
WHERE p.status = ANY(%(open)s) AND similarity(a.search, b.search) >= %(alike)s"""
FOUND_OF_ONE = f"{FOUND} AND a.id = %(one)s UNION ALL {FOUND} AND b.id = %(one)s"
# Two records with an open pathway each are found twice. What has not changed is not written: a page never waits for the night.
KEPT = """
WITH found AS MATERIALIZED (
  SELECT DISTINCT ON (least(here_id, there_id), greatest(here_id, there_id)) * FROM ({found}) f
  ORDER BY least(here_id, there_id), greatest(here_id, there_id), here_id
), gone AS (
  DELETE FROM trainees_likelydouble d WHERE ({among}) AND NOT EXISTS (
    SELECT FROM found f WHERE least(f.here_id, f.there_id) = least(d.here_id, d.there_id)
    AND greatest(f.here_id, f.there_id) = greatest(d.here_id, d.there_id))
), written AS (
  INSERT INTO trainees_likelydouble (here_id, there_id, nearness, across_schools)
  SELECT here_id, there_id, nearness, across_schools FROM found f WHERE NOT EXISTS (
    SELECT FROM trainees_likelydouble d WHERE d.here_id = f.here_id AND d.there_id = f.there_id
    AND d.nearness::real = f.nearness AND d.across_schools = f.across_schools)
  ON CONFLICT (least(here_id, there_id), greatest(here_id, there_id)) DO UPDATE
  SET here_id = EXCLUDED.here_id, there_id = EXCLUDED.there_id, nearness = EXCLUDED.nearness, across_schools = EXCLUDED.across_schools
)
SELECT count(*) FROM found
"""
ALL = KEPT.format(found=FOUND, among="true")
ONE = KEPT.format(found=FOUND_OF_ONE, among="d.here_id = %(one)s OR d.there_id = %(one)s")
FACTS: dict[str, list[str] | float] = {"open": list(OPEN), "alike": ALIKE}


@transaction.atomic
def find_doubles() -> int:
    """Search the whole network, and say when. Returns how many pairs. Two searches at once follow one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('trainees.doubles', 6))")
        cursor.execute(ALL, FACTS)
        found = int(cursor.fetchone()[0])
    DoublesSearch.objects.update_or_create(pk=1, defaults={"done_at": timezone.now()})
    return found


def find_doubles_of_the_day() -> int:
    """Search the whole network once a day, the first time it is asked. Returns how many pairs, 0 when it was done already."""
    last = DoublesSearch.objects.first()
    if last and timezone.localdate(last.done_at) >= timezone.localdate():
        return 0
    return find_doubles()


def refresh_doubles_of(trainee_id: int) -> None:
    """Search again for one person, by their birth date, which is indexed: in the transaction that writes their record."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, {**FACTS, "one": trainee_id})
