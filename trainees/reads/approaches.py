"""Approaches of hosts: those of one’s schools, what is to follow, and the counts that the network may read."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from e2c_portal.kernel.search import fold
from partnerships.diffusion import NAME_HIDDEN
from partnerships.models import Company, CompanyContact, Establishment
from schools.scope import Scope
from trainees.life import internships as internship_life
from trainees.life import pathways as pathway_life
from trainees.models import Approach, Internship, Pathway, Trainee

TO_FOLLOW, LATE, EVERYTHING = "a-faire", "retard", "toutes"


def approaches_visible_to(scope: Scope) -> QuerySet[Approach]:
    """Return the approaches of the schools somebody works in; a network role reads counts alone."""
    rows = Approach.objects.select_related("establishment__company", "contact", "trainee", "trade", "made_by", "school")
    return rows.filter(school__in=sorted(scope.school_ids))


def approach_known_to(scope: Scope, pk: int) -> Approach | None:
    """Return one approach of one’s schools, None otherwise."""
    return approaches_visible_to(scope).filter(pk=pk).first()


def approaches_in(rows: QuerySet[Approach], state: str, words: str = "", day: date | None = None) -> QuerySet[Approach]:
    """Narrow the log: what is to follow (the next day first), what is late, or everything, latest first."""
    # A name that partial diffusion hides is found by nobody who may not write it, and no school does.
    hidden = Company.objects.filter(NAME_HIDDEN).values("pk")
    for word in fold(words).split():
        company = Q(establishment__company__search__contains=word) & ~Q(establishment__company__in=hidden)
        rows = rows.filter(company | Q(trainee__search__contains=word))
    if state == EVERYTHING:
        return rows.order_by("-made_on", "-pk")
    waiting = rows.filter(settled_on=None, next_on__isnull=False)
    if state == LATE:
        waiting = waiting.filter(next_on__lt=day or timezone.localdate())
    return waiting.order_by("next_on", "pk")


def approach_counts(year: int) -> list[dict[str, Any]]:
    """Return how many approaches each school made in a year, and how many were accepted: no name, no host."""
    rows = Approach.objects.filter(made_on__year=year).order_by().values("school", "school__name")
    counted = rows.annotate(
        made=Count("pk"), accepted=Count("pk", filter=Q(answer=Approach.Answer.YES)),
        hosts=Count("establishment", distinct=True),
    )  # fmt: skip
    return list(map(dict, counted.order_by("school__name")))


def contacts_of_host(host: Establishment) -> QuerySet[CompanyContact]:
    """Return the people met there today: those of the place first, then those of the company as a whole."""
    present = Q(left_on=None) | Q(left_on__gt=timezone.localdate())
    rows = CompanyContact.objects.filter(present, company=host.company_id, duplicate_of=None)
    return rows.filter(Q(establishment=host) | Q(establishment=None)).order_by("full_name", "pk")


def internships_of_host(host: Establishment, scope: Scope) -> QuerySet[Internship]:
    """Return the internships of my schools in this place, latest first; a network role counts them without names."""
    rows = Internship.objects.filter(establishment=host, school__in=sorted(scope.school_ids))
    return rows.select_related("trainee", "tutor", "trade").order_by("-starts_on", "-pk")


def pathways_without_internship(scope: Scope, day: date | None = None) -> QuerySet[Pathway]:
    """Return the pathways under way in my schools that have no internship today nor later, by name of the trainee."""
    day = day or timezone.localdate()
    busy = Internship.objects.filter(
        school__in=sorted(scope.school_ids), status__in=internship_life.TAKING_DAYS, last_day__gte=day
    )
    rows = Pathway.objects.filter(
        school__in=sorted(scope.school_ids), status__in=(pathway_life.TRIAL, pathway_life.RUNNING)
    )
    free = rows.exclude(trainee__in=busy.order_by().values("trainee")).select_related("trainee", "referent")
    return free.order_by("trainee__search", "pk")


def trainees_to_place(scope: Scope) -> QuerySet[Trainee]:
    """Return the trainees of my schools who have a pathway under way, by name, for a choice on a form."""
    open_ones = Pathway.objects.filter(school__in=sorted(scope.school_ids), status__in=pathway_life.UNDER_WAY)
    rows = Trainee.objects.filter(school__in=sorted(scope.school_ids), pk__in=open_ones.order_by().values("trainee"))
    return rows.order_by("search", "pk")
