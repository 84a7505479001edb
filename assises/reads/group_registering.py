"""Who a school or a company may register, and whether this is the time to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from assises.life import registrations as life
from assises.life.editions import ANNOUNCED, CANCELLED, DRAFT
from assises.models import Edition, Registration
from assises.reads.editions import FULL_STOP, OPEN, TO_COME, TODAY, situation_of
from e2c_portal.kernel.french import date_in_letters
from e2c_portal.kernel.search import fold
from partnerships.models import Company
from schools.models import School
from trainees.life.pathways import OPEN as OPEN_PATHWAYS
from trainees.models import LegalRepresentative, Pathway, Trainee

# At once, for a school: a page that one reads before sending.
GROUP_AT_MOST = 100
COMPANY_AT_MOST = 10
NOT_THIS_ONE = {
    DRAFT: "L’édition n’est pas encore annoncée : les inscriptions ouvriront ensuite.",
    CANCELLED: "Cette édition n’aura pas lieu.",
}


def closed_because(edition: Edition) -> str:
    """Say why nobody registers others at this moment, and from when one may; "" when registration is open."""
    where = situation_of(edition)
    if where is OPEN:
        return ""
    opens, closes = edition.registration_opens_at, edition.registration_closes_at
    if where is TO_COME:
        return (
            f"Les inscriptions ouvriront {_on(opens)}."
            if opens
            else "La date d’ouverture des inscriptions sera dite ici."
        )
    if where is FULL_STOP and closes:
        return f"Les inscriptions sont closes depuis {_on(closes)}. Pour une demande particulière, écrivez à la Région."
    if where is TODAY:
        return "La journée a lieu aujourd’hui : présentez-vous à l’accueil."
    return NOT_THIS_ONE.get(edition.status, "La journée a eu lieu.")


def _on(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_in_letters(local.date())} à {local:%H:%M}"


def is_over(edition: Edition) -> bool:
    """Say whether nothing of a registration changes any more: the day is over, or the edition is not announced."""
    return edition.status != ANNOUNCED or timezone.localdate() > edition.held_on


def edition_ahead() -> Edition | None:
    """Return the next edition announced, today's included; None when none is."""
    return Edition.objects.filter(status=ANNOUNCED, held_on__gte=timezone.localdate()).order_by("held_on").first()


@dataclass(frozen=True)
class Candidates:
    """The trainees of a school that match what is looked for, no more than a page: `more` says that others do."""

    rows: list[Trainee]
    chosen: list[Trainee]
    more: bool


def candidates_of(school: School, edition: Edition, words: str, chosen_ids: Iterable[int]) -> Candidates:
    """Return who may be chosen: with an open pathway in the school. Each has `registered`, their registration or None."""
    rows = _with_what_is_known(_here(school), edition)
    chosen = _told(rows.filter(pk__in=list(chosen_ids)[:GROUP_AT_MOST]))
    wanted = rows
    for word in fold(words).split():
        wanted = wanted.filter(search__contains=word)
    found = _told(wanted[: GROUP_AT_MOST + 1])
    return Candidates(found[:GROUP_AT_MOST], chosen, len(found) > GROUP_AT_MOST)


def chosen_of(school: School, edition: Edition, ids: Iterable[int]) -> list[Trainee]:
    """Return the trainees of a school that were chosen and are not registered yet. Those of another school are not found."""
    rows = _with_what_is_known(_here(school), edition).filter(pk__in=list(ids)[:GROUP_AT_MOST])
    return [row for row in _told(rows) if row.registered is None]  # type: ignore[attr-defined]


def _here(school: School) -> QuerySet[Trainee]:
    staying = Pathway.objects.filter(school=school, status__in=OPEN_PATHWAYS).order_by()
    return Trainee.objects.filter(school=school, pk__in=staying.values("trainee"))


def _with_what_is_known(rows: QuerySet[Trainee], edition: Edition) -> QuerySet[Trainee]:
    active = Registration.objects.filter(edition=edition, status__in=life.ACTIVE)
    speaking = LegalRepresentative.objects.filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate())).order_by(
        "pk"
    )
    return rows.order_by("search", "pk").prefetch_related(
        Prefetch("registrations", active, to_attr="here"),
        Prefetch("representatives", speaking, to_attr="speaking"),
    )


def _told(rows: Iterable[Trainee]) -> list[Trainee]:
    found = list(rows)
    for row in found:
        row.registered = next(iter(row.here), None)  # type: ignore[attr-defined]
    return found


def registrations_of_company(company: Company, edition: Edition) -> QuerySet[Registration]:
    """Return the people a company registered itself, by name, also under a former record of it."""
    rows = edition.registrations.filter(Q(company=company) | Q(company__merged_into=company))
    return rows.filter(origin=Registration.Origin.COMPANY).order_by("search", "pk")
