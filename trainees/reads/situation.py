"""Where an internship stands on a day: « en cours » and « terminé » are derived from its dates, never typed.

The same rule twice, for one internship in Python and for lists in SQL: a test compares the two.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from trainees.life import agreements as agreement_life
from trainees.life import internships as life
from trainees.models import Internship, InternshipAgreement


@dataclass(frozen=True)
class Situation:
    """A situation as people read it."""

    name: str
    label: str
    tone: str


PROSPECTED = Situation("prospected", "À confirmer par l’entreprise", "neutral")
ACCEPTED = Situation("accepted", "Convention à préparer", "info")
TO_SIGN = Situation("to_sign", "À signer", "warning")
UPCOMING = Situation("upcoming", "À venir", "info")
RUNNING = Situation("running", "En cours", "success")
OVER = Situation("over", "Terminé", "neutral")
BROKEN = Situation("broken", "Rompu", "danger")
CANCELLED = Situation("cancelled", "Annulé", "neutral")
NOT_STARTED = Situation("not_started", "Non démarré", "danger")
SITUATIONS = {
    one.name: one for one in (PROSPECTED, ACCEPTED, TO_SIGN, UPCOMING, RUNNING, OVER, BROKEN, CANCELLED, NOT_STARTED)
}
BY_STATUS = {
    life.PROSPECTED: PROSPECTED, life.BROKEN: BROKEN, life.CANCELLED: CANCELLED, life.NOT_STARTED: NOT_STARTED
}  # fmt: skip


def situation_on(internship: Internship, day: date, *, to_sign: bool) -> Situation:
    """Return where the internship stands on `day`; `to_sign` says that its agreement waits for signatures."""
    if internship.status in BY_STATUS:
        return BY_STATUS[internship.status]
    if internship.status == life.ACCEPTED:
        return TO_SIGN if to_sign else ACCEPTED
    if day < internship.starts_on:
        return UPCOMING
    return RUNNING if day <= (internship.ended_early_on or internship.ends_on) else OVER


def situation_of(internship: Internship, day: date) -> Situation:
    """Return where a saved internship stands on `day`. One query."""
    return situation_on(internship, day, to_sign=internship.agreements.filter(status=agreement_life.TO_SIGN).exists())


def awaits_signatures() -> Exists:
    """Say in SQL that the agreement of an internship waits for signatures."""
    return Exists(InternshipAgreement.objects.filter(internship=OuterRef("pk"), status=agreement_life.TO_SIGN))


def signed_late() -> Exists:
    """Say in SQL that the last signature came after the first day: visible for ever, never an error to be hidden."""
    late = InternshipAgreement.objects.filter(
        internship=OuterRef("pk"), status=agreement_life.SIGNED, signed_on__gt=F("starts_on")
    )
    return Exists(late)


def situation_expression(day: date) -> Case:
    """Return the same rule as `situation_on`, for the database: lists show and filter with it."""
    return Case(
        *[When(status=status, then=Value(one.name)) for status, one in BY_STATUS.items()],
        When(Q(awaits_signatures(), status=life.ACCEPTED), then=Value(TO_SIGN.name)),
        When(status=life.ACCEPTED, then=Value(ACCEPTED.name)),
        When(starts_on__gt=day, then=Value(UPCOMING.name)),
        When(last_day__gte=day, then=Value(RUNNING.name)),
        default=Value(OVER.name),
        output_field=CharField(),
    )


def in_situation(internships: QuerySet[Internship], name: str, day: date) -> QuerySet[Internship]:
    """Keep the internships of one situation, by conditions that indexes serve: the state first, then the days."""
    signed = internships.filter(status=life.SIGNED)
    if name == UPCOMING.name:
        return signed.filter(starts_on__gt=day)
    if name == RUNNING.name:
        return signed.filter(starts_on__lte=day, last_day__gte=day)
    if name == OVER.name:
        return signed.filter(last_day__lt=day)
    if name == TO_SIGN.name:
        return internships.filter(awaits_signatures(), status=life.ACCEPTED)
    if name == ACCEPTED.name:
        return internships.filter(~awaits_signatures(), status=life.ACCEPTED)
    return internships.filter(status=next(status for status, one in BY_STATUS.items() if one.name == name))


def really_done(internships: QuerySet[Internship], day: date) -> QuerySet[Internship]:
    """Keep the internships that count as done: signed, or broken off, and begun by `day`; never cancelled nor not started."""
    return internships.filter(status__in=[life.SIGNED, life.BROKEN], starts_on__lte=day)
