"""The survey of an edition: its five questions, when it opens and closes, from how many replies on it is read.

Declared here and nowhere else: the columns of a reply (models.survey), its form, its results and their file read this.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from e2c_portal.kernel.workflow import State

LOWEST, HIGHEST = 1, 5
OPEN_DAYS = 30
# Fewer replies would let one guess who wrote what.
READ_FROM = 5
# When the hours of the day are not known.
EVENING = time(18)


@dataclass(frozen=True)
class SurveyQuestion:
    """One question. `low` and `high` say what the ends of its scale mean; a question without them asks for free words."""

    name: str
    label: str
    low: str = ""
    high: str = ""

    @property
    def is_scale(self) -> bool:
        return bool(self.low)


SURVEY_QUESTIONS = (
    SurveyQuestion("welcome", "L’accueil et l’organisation vous ont-ils convenu ?", "pas du tout", "tout à fait"),
    SurveyQuestion("programme", "Ce que vous avez vu et entendu vous a-t-il été utile ?", "pas du tout", "très utile"),
    SurveyQuestion("encounters", "Avez-vous fait les rencontres que vous espériez ?", "aucune", "toutes"),
    SurveyQuestion("again", "Reviendriez-vous à une prochaine édition ?", "sûrement pas", "sans hésiter"),
    SurveyQuestion("words", "Qu’aimeriez-vous nous dire ?"),
)
SCALES = tuple(question for question in SURVEY_QUESTIONS if question.is_scale)

NOT_YET = State("Pas encore ouverte", "Elle s’ouvre à la fin de la journée.", "neutral")
OPEN = State("Ouverte", "Les personnes venues peuvent répondre, chacune une fois.", "success")
OVER = State("Close", f"Elle s’est fermée {OPEN_DAYS} jours après la journée.", "neutral")


def opens_at(edition: Any) -> datetime:
    """Return when the survey of an edition opens: at the end of the day."""
    moment: datetime = edition.moment(edition.ends_at or EVENING)
    return moment


def closes_at(edition: Any) -> datetime:
    """Return when it closes: at the end of the thirtieth day after, by the clock of Paris."""
    return timezone.make_aware(datetime.combine(edition.held_on + timedelta(days=OPEN_DAYS + 1), time.min))


def survey_state(edition: Any, now: datetime) -> State:
    """Return where the survey of an edition stands at a moment."""
    if now < opens_at(edition):
        return NOT_YET
    return OPEN if now < closes_at(edition) else OVER
