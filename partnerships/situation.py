"""Where a convention stands on a day: signed ones are derived from their dates, never typed.

Written twice: here, and in the database's own functions (migration 0014), which the lists call by name. Tests compare both.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField

from partnerships import workflows
from partnerships.models import PartnershipConvention
from partnerships.models.terms import OfARow


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


def situation_expression(day: date) -> OfARow:
    """Return the same rule as `situation_on`, for the database: lists filter and sort with it."""
    return OfARow("e2c_convention_situation", day, output_field=CharField())
