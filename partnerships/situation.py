"""Where a convention stands on a day: signed ones are derived from their dates, never typed.

One table (RULES) feeds the pages, the filters of the lists and the verification page.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.lookups import GreaterThan, IsNull, LessThan

from partnerships import workflows
from partnerships.models import PartnershipConvention
from partnerships.models.terms import AGREED_LAST_DAY, ENDS_ON, LAST_DAY


@dataclass(frozen=True)
class Situation:
    """A situation as people read it."""

    name: str
    label: str
    tone: str


PREPARED = {
    name: Situation(name, workflows.STATES[name].label, workflows.STATES[name].tone)
    for name in ("draft", "negotiation", "approved", "deliberated", "to_sign", "shelved")
}
UPCOMING = Situation("upcoming", "Signée, pas encore en vigueur", "info")
ACTIVE = Situation("active", "En vigueur", "success")
LEAVING = Situation("leaving", "En vigueur, fin annoncée", "warning")
ENDED_EARLY = Situation("ended_early", "Terminée avant son terme", "danger")
EXPIRED = Situation("expired", "Échue", "neutral")
RENEWED = Situation("renewed", "Renouvelée", "neutral")
UNDATED = Situation("undated", "Signée, dates d’effet non connues", "neutral")
SITUATIONS = {
    situation.name: situation
    for situation in (*PREPARED.values(), UPCOMING, ACTIVE, LEAVING, ENDED_EARLY, EXPIRED, RENEWED, UNDATED)
}


def situation_on(convention: PartnershipConvention, day: date) -> Situation:
    """Return where the convention stands on `day`."""
    if convention.status in PREPARED:
        return PREPARED[convention.status]
    terms = convention.terms
    agreed, last_day, ended_on = terms.agreed_last_day, terms.last_day, terms.ended_on
    if ended_on and day > ended_on and (agreed is None or ended_on < agreed):
        return ENDED_EARLY
    if last_day and day > last_day:
        return RENEWED if convention.is_renewed() else EXPIRED
    if terms.starts_on is None or (terms.ends_on is None and ended_on is None):
        return UNDATED
    if day < terms.starts_on:
        return UPCOMING
    return LEAVING if ended_on else ACTIVE


def situation_expression(day: date) -> Case:
    """Return the same rule as `situation_on`, for the database: lists filter and sort with it."""
    early = Q(ended_on__lt=day) & (Q(IsNull(AGREED_LAST_DAY, True)) | Q(GreaterThan(AGREED_LAST_DAY, F("ended_on"))))
    over = Q(LessThan(LAST_DAY, Value(day)))
    signed = PartnershipConvention.objects.filter(predecessor=OuterRef("pk"), status__in=workflows.SIGNED_STATES)
    return Case(
        *[When(status=name, then=Value(name)) for name in PREPARED],
        When(early, then=Value(ENDED_EARLY.name)),
        When(over & Q(Exists(signed)), then=Value(RENEWED.name)),
        When(over, then=Value(EXPIRED.name)),
        When(Q(starts_on=None) | Q(IsNull(ENDS_ON, True)) & Q(ended_on=None), then=Value(UNDATED.name)),
        When(starts_on__gt=day, then=Value(UPCOMING.name)),
        When(ended_on__isnull=False, then=Value(LEAVING.name)),
        default=Value(ACTIVE.name),
        output_field=CharField(),
    )
