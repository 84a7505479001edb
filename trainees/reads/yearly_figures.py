"""Pathways, exits and skills by school and civil year: the same figures before and after files are erased."""

from collections import Counter

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear

from trainees.life.pathways import ENDED
from trainees.models import ErasedFigure, Exit, Pathway, SkillValidation

# (school, year, measure, key) → number
Figures = Counter[tuple[int, int, str, str]]
Measure = ErasedFigure.Measure


def figures_of_year(year: int, school_id: int | None = None) -> Figures:
    """Return the figures of a civil year, for a school or the whole network: what rows say, and what was erased since."""
    own = {"school": school_id} if school_id else {}
    found = live_figures(Pathway.objects.filter(**own), year)
    for cell in ErasedFigure.objects.filter(year=year, **own):
        found[cell.school_id, cell.year, cell.measure, cell.key] += cell.number
    return found


def live_figures(pathways: QuerySet[Pathway], year: int | None = None) -> Figures:
    """Return what some pathways count, by school and civil year: entries, ends, exits, positive ones, validated skills."""
    exits = Exit.objects.filter(pathway__in=pathways)
    skills = SkillValidation.objects.filter(pathway__in=pathways, withdrawn_at=None)
    found: Figures = Counter()
    for measure, rows, school, day, key in (
        (Measure.ENTERED, pathways.exclude(status="no_show"), "school", "entered_on", ""),
        (Measure.ENDED, pathways.filter(status__in=ENDED), "school", "ended_on", "status"),
        (Measure.EXIT, exits, "pathway__school", "pathway__ended_on", "category"),
        (Measure.POSITIVE, exits.filter(positive=True), "pathway__school", "pathway__ended_on", ""),
        (Measure.SKILL, skills, "school", "validated_at", "source"),
    ):
        dated = rows.annotate(civil_year=ExtractYear(day))
        if year is not None:
            dated = dated.filter(**{f"{day}__year": year})
        columns = [school, "civil_year", *([key] if key else [])]
        for *where, number in dated.order_by().values_list(*columns).annotate(number=Count("pk")):
            found[where[0], where[1], str(measure), str(where[2]) if key else ""] += number
    return found
