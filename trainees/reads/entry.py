"""What a new internship starts from: last host and tutor of the trainee, convention of the company, words kept."""

import re
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.identifiers import compact
from e2c_portal.kernel.search import fold
from partnerships.diffusion import NAME_HIDDEN
from partnerships.models import Company, CompanyContact, Establishment, PartnershipConvention
from partnerships.queries import conventions_visible_to
from partnerships.situation import ACTIVE, LEAVING
from schools.models import Membership, School
from schools.scope import Scope
from trainees.life import pathways as pathway_life
from trainees.models import (
    DangerousWorkDerogation,
    Internship,
    Pathway,
    ReferenceDataset,
    Trade,
    Trainee,
)

FOUND = 12
TRADE_CODE = re.compile(r"\b([A-Na-n][0-9]{4})\b")
WORDS_KEPT = ("activities", "objectives", "skills", "equipment", "safety")
PLACE_WORDS = ("benefits", "insurance", "access")


def pathway_to_fill(trainee: Trainee, day: date | None = None) -> Pathway | None:
    """Return the pathway a new internship belongs to: the one of that day, else the open one, else the last one."""
    rows = trainee.pathways.exclude(status=pathway_life.NO_SHOW).select_related("referent")
    if day is not None:
        on = Q(ended_on=None, planned_ends_on__gte=day) | Q(ended_on__gte=day)
        found = rows.filter(on, entered_on__lte=day).first()
        if found:
            return found
    return rows.filter(status__in=pathway_life.OPEN).first() or rows.first()


def last_internship_of(trainee: Trainee) -> Internship | None:
    """Return the last internship of a trainee that was not given up, with its people."""
    rows = trainee.internships.taking_days().select_related(
        "establishment__company", "tutor", "host_signatory", "trade"
    )
    return rows.order_by("-starts_on").first()


def next_monday(day: date | None = None) -> date:
    """Return the Monday after a day, today unless said."""
    day = day or timezone.localdate()
    return day + timedelta(days=7 - day.weekday())


def words_for(trainee: Trainee, trade: Trade | None, school: School) -> dict[str, str]:
    """Return the words to start from: those of the trainee's last internship in this trade, else the school's last in it.

    Nothing is kept apart: what a school wrote for a trade is in its internships.
    """
    if trade is None:
        return {}
    rows = Internship.objects.filter(trade__code=trade.code).exclude(activities="").order_by("-starts_on", "-pk")
    found = rows.filter(trainee=trainee).first() or rows.filter(school=school).first()
    return {name: getattr(found, name) for name in WORDS_KEPT} if found else {}


def words_of_place(place: Establishment, school: School) -> dict[str, str]:
    """Return what this school last wrote of a place: how to get there, insurance, benefits."""
    found = last_at(place, school)
    return {name: getattr(found, name) for name in PLACE_WORDS} if found else {}


def convention_in_force(scope: Scope, company_id: int, day: date) -> PartnershipConvention | None:
    """Return the partnership convention of a company in force on a day, the last signed when there are several."""
    rows = conventions_visible_to(scope, day).filter(company=company_id)
    return rows.filter(Q(situation__in=[ACTIVE.name, LEAVING.name])).order_by("-signed_on", "-pk").first()


def place_known_to(scope: Scope, pk: Any) -> Establishment | None:
    """Return an open place of a living company, None when it may not be chosen."""
    if scope.empty or not str(pk).isdigit():
        return None
    return _open_places().filter(pk=pk).first()


def places_searched(scope: Scope, words: str, school: School) -> list[Establishment]:
    """Return at most twelve open places whose company, town or number holds every word; those the school knows come first."""
    if scope.empty or len(words.strip()) < 2:
        return []
    rows = _open_places()
    digits = compact(words)
    if digits.isdigit() and len(digits) >= 9:
        rows = rows.filter(Q(siret__startswith=digits) | Q(company__siren=digits[:9]))
    else:
        for word in fold(words).split():
            named = Company.objects.filter(search__contains=word).exclude(NAME_HIDDEN)
            rows = rows.filter(Q(company__in=named.values("pk")) | Q(city__icontains=word))
    return list(rows.annotate(known=_welcomed(school)).order_by("-known", "company__legal_name", "city", "pk")[:FOUND])


def places_welcoming(school: School) -> list[Establishment]:
    """Return the open places where the school sent somebody lately, the latest first."""
    recent = (
        Internship.objects.filter(school=school).order_by("-starts_on").values_list("establishment", flat=True)[:60]
    )
    order = list(dict.fromkeys(recent))[:FOUND]
    rows = _open_places().in_bulk(order)
    return [rows[pk] for pk in order if pk in rows]


def _welcomed(school: School) -> Exists:
    return Exists(Internship.objects.filter(establishment=OuterRef("pk"), school=school))


def _open_places() -> QuerySet[Establishment]:
    return Establishment.objects.select_related("company").filter(closed_on=None, company__merged_into=None)


def people_of(place: Establishment) -> QuerySet[CompanyContact]:
    """Return who may follow or sign at a place: its people, and those of its company that no place is said of."""
    present = Q(left_on=None) | Q(left_on__gt=timezone.localdate())
    here = Q(establishment=place) | Q(establishment=None)
    return place.company.contacts.filter(present, here, duplicate_of=None)


def staff_of(school: School) -> QuerySet[User]:
    """Return who works in a school today, for a choice."""
    today = timezone.localdate()
    held = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), school=school, starts_on__lte=today, user=OuterRef("pk")
    )
    return User.objects.filter(Exists(held), is_active=True).order_by("full_name")


def signatory_for(school: School) -> User | None:
    """Return who signs for a school: its director, else whoever coordinates it."""
    today = timezone.localdate()
    rows = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), school=school, starts_on__lte=today)
    for role in (Membership.Role.DIRECTOR, Membership.Role.COORDINATOR):
        if found := rows.filter(role=role, user__is_active=True).select_related("user").order_by("starts_on").first():
            return found.user
    return None


def derogations_at(place: Establishment) -> QuerySet[DangerousWorkDerogation]:
    """Return what a place declared for minors, the latest first."""
    return DangerousWorkDerogation.objects.filter(establishment=place).order_by("-declared_on")


def trades_in_service() -> QuerySet[Trade]:
    """Return the trades of the reference in service: new entries choose among them."""
    return Trade.objects.filter(dataset__is_current=True, dataset__kind=ReferenceDataset.Kind.TRADES)


def trades_searched(words: str) -> list[Trade]:
    """Return at most twelve trades whose label or code holds every word."""
    if len(words.strip()) < 2:
        return []
    rows = trades_in_service()
    for word in fold(words).split():
        rows = rows.filter(search__contains=word)
    return list(rows.order_by("label")[:FOUND])


def last_at(place: Establishment, school: School) -> Internship | None:
    """Return the last internship that this school had at a place: its people are proposed again."""
    return Internship.objects.filter(establishment=place, school=school).order_by("-starts_on", "-pk").first()


def trade_meant(typed: str) -> Trade | None:
    """Return the trade that a text means: by its ROME code, else by words that only one trade holds."""
    if code := TRADE_CODE.search(typed):
        return trades_in_service().filter(code=code[1].upper()).first()
    found = trades_searched(typed)
    return found[0] if len(found) == 1 else None


def trades_of(school: School) -> list[Trade]:
    """Return the trades of a school's last internships, proposed before anything is typed."""
    recent = Internship.objects.filter(school=school).exclude(trade=None).order_by("-starts_on")[:60]
    codes = list(dict.fromkeys(recent.values_list("trade__code", flat=True)))[:FOUND]
    return list(trades_in_service().filter(code__in=codes))
