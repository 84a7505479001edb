"""The figures of the schools on a day, for whoever reads the whole network: kept ready, or counted from what is open.

A watcher counts each school again when it has news (operations.news). Whoever reads takes what was counted under the news of the
moment, in the same question, and counts the other schools from their rows: a figure is never late.
"""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from trainees.life import agreements as agreement_life
from trainees.life import internships as internship_life
from trainees.life import pathways as pathway_life
from trainees.models import Internship, InternshipAgreement, Pathway, ScheduleDay
from trainees.reads.news import STAMPS

FIGURES = ("under_way", "in_company", "without", "to_sign")
KEPT = f"""
SELECT d.school_number, {", ".join(f"d.{name}" for name in FIGURES)}
FROM ({STAMPS}) s JOIN trainees_schoolday d ON d.school_number = s.school_number AND d.stamp = s.stamp AND d.day = %s
"""  # noqa: S608  our own constants


def counts_by_school(schools: Sequence[int], day: date) -> dict[int, dict[str, int]]:
    """Return, for each school, how many are under way, in a company on that day, without an internship, and to sign."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [list(schools), day])
        kept = {school: dict(zip(FIGURES, figures, strict=True)) for school, *figures in cursor.fetchall()}
    return kept | counted([school for school in schools if school not in kept], day)


def counted(schools: Collection[int], day: date) -> dict[int, dict[str, int]]:
    """Return the same, counted from the rows. Three questions for all the schools, none when there is no school.

    Each reads once what is open in these schools, and none looks for the internships of one pathway after another.
    """
    counts = {school: dict.fromkeys(FIGURES, 0) for school in schools}
    for school, status, number in _under_way_in(schools, day):
        counts[school]["under_way"] += number
        counts[school]["without"] += number if status != pathway_life.SUSPENDED else 0
    for school, busy, in_company in _ahead_in(schools, day):
        counts[school]["without"] -= busy
        counts[school]["in_company"] = in_company
    for school, to_sign in _to_sign_in(schools):
        counts[school]["to_sign"] = to_sign
    return counts


def _under_way_in(schools: Collection[int], day: date) -> QuerySet[Pathway, tuple[int, str, int]]:
    """Return, by school and state, the pathways under way. One index holds all that is asked of them."""
    rows = Pathway.objects.filter(school__in=schools, status__in=pathway_life.UNDER_WAY, entered_on__lte=day)
    return rows.order_by().values_list("school", "status").annotate(number=Count("*"))


def _ahead_in(schools: Collection[int], day: date) -> QuerySet[Internship, tuple[int, int, int]]:
    """Return, by school, the active pathways that have an internship which is not over, and those in a company on that day."""
    # An internship is of the school of its pathway.
    ahead = Internship.objects.filter(
        school__in=schools, last_day__gte=day, status__in=internship_life.TAKING_DAYS,
        pathway__school__in=schools, pathway__status__in=pathway_life.UNDER_WAY, pathway__entered_on__lte=day,
    )  # fmt: skip
    there = ScheduleDay.objects.filter(internship=OuterRef("pk"), day=day, place=ScheduleDay.Place.COMPANY)
    busy = Count("pathway", distinct=True, filter=~Q(pathway__status=pathway_life.SUSPENDED))
    # What a column says comes first: the days of the schedule are asked of few.
    now = Q(status=internship_life.SIGNED) & Q(starts_on__lte=day)
    in_company = Count("pathway", distinct=True, filter=now & Q(Exists(there)))
    return ahead.order_by().values_list("school").annotate(busy=busy, in_company=in_company)


def _to_sign_in(schools: Collection[int]) -> QuerySet[InternshipAgreement, tuple[int, int]]:
    """Return, by school, the internships whose agreement waits for signatures: the company agreed to them already."""
    rows = InternshipAgreement.objects.filter(
        status=agreement_life.TO_SIGN, internship__school__in=schools, internship__status=internship_life.ACCEPTED
    )
    return rows.order_by().values_list("internship__school").annotate(n=Count("internship", distinct=True))
