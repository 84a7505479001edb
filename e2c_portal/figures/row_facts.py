"""What a list says of the rows behind a figure, whatever their kind: who or what, where, when, and how much each one counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assises.models import Registration
from e2c_portal.kernel.french import NO_BREAK, number
from partnerships.models import Company, PartnershipConvention
from schools.models import School, Site
from trainees.models import AttendanceHalfDay, Internship, Pathway, SkillsCertificate, SkillValidation


@dataclass(frozen=True)
class RowFacts:
    """One row as a list prints it. `value` is what it adds to the figure, "" when it counts for one."""

    what: str
    url: str = ""
    school: str = ""
    on: date | None = None
    detail: str = ""
    value: str = ""


# What each kind of row is read with, and the order of its list: an index holds it.
READ_WITH: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Pathway: (("trainee", "school"), ("-pk",)),
    Internship: (("trainee", "school", "establishment__company"), ("-starts_on", "-pk")),
    AttendanceHalfDay: (("trainee", "school"), ("-pk",)),
    SkillValidation: (("trainee", "school", "skill", "level"), ("-pk",)),
    SkillsCertificate: (("trainee", "school"), ("-issued_at", "-pk")),
    Registration: (("school",), ("search", "pk")),
    Company: ((), ("search", "pk")),
    School: ((), ("search", "pk")),
    Site: (("school",), ("school__search", "name", "pk")),
    PartnershipConvention: (("company",), ("-number", "-pk")),
}


def readable(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows with what their list prints, in its order."""
    related, order = READ_WITH[rows.model]
    return (rows.select_related(*related) if related else rows).order_by(*order)


def facts_of(row: Any, value: str = "") -> RowFacts:
    """Return what a list prints of a row; `value` names what it adds to the figure."""
    told = FACTS[type(row)](row)
    if not value:
        return told
    return RowFacts(told.what, told.url, told.school, told.on, told.detail, _amount(value, getattr(row, value)))


def _amount(name: str, amount: int) -> str:
    unit = {"age": "ans", "length": "jours", "present": "min"}[name]
    return f"{number(amount)}{NO_BREAK}{unit}"


def _pathway(row: Pathway) -> RowFacts:
    ended = f" le {row.ended_on:%d/%m/%Y}" if row.ended_on else ""
    return RowFacts(
        row.trainee.sorted_name, row.get_absolute_url(), row.school.name, row.entered_on, f"{row.state.label}{ended}"
    )


def _internship(row: Internship) -> RowFacts:
    detail = f"{row.establishment.company}, {row.state.label.lower()}"
    return RowFacts(row.trainee.sorted_name, row.get_absolute_url(), row.school.name, row.starts_on, detail)


def _half_day(row: AttendanceHalfDay) -> RowFacts:
    detail = f"{row.get_half_display()}, {row.get_place_display().lower()}"
    return RowFacts(row.trainee.sorted_name, row.trainee.get_absolute_url(), row.school.name, row.day, detail)


def _validation(row: SkillValidation) -> RowFacts:
    day = timezone.localdate(row.validated_at)
    url = row.trainee.get_absolute_url()
    return RowFacts(row.trainee.sorted_name, url, row.school.name, day, f"{row.skill.name}, {row.level.name}")


def _certificate(row: SkillsCertificate) -> RowFacts:
    url = row.trainee.get_absolute_url()
    return RowFacts(row.trainee.sorted_name, url, row.school.name, timezone.localdate(row.issued_at), str(row))


def _registration(row: Registration) -> RowFacts:
    name = f"{row.last_name.upper()} {row.first_name}".strip() or f"Inscription n° {row.pk}, nom effacé"
    return RowFacts(name, "", row.school.name if row.school else "", None, row.get_category_display())


def _company(row: Company) -> RowFacts:
    return RowFacts(row.legal_name, row.get_absolute_url())


def _school(row: School) -> RowFacts:
    return RowFacts(row.name, reverse("schools:school", args=[row.slug]), "", None, row.operator)


def _site(row: Site) -> RowFacts:
    return RowFacts(row.name, "", row.school.name, None, row.city)


def _convention(row: PartnershipConvention) -> RowFacts:
    return RowFacts(f"{row.company}", row.get_absolute_url(), "", row.signed_on, row.number)


FACTS: dict[type, Callable[[Any], RowFacts]] = {
    Pathway: _pathway, Internship: _internship, AttendanceHalfDay: _half_day, SkillValidation: _validation,
    SkillsCertificate: _certificate, Registration: _registration, Company: _company, School: _school, Site: _site,
    PartnershipConvention: _convention,
}  # fmt: skip
