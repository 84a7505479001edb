"""The legal limits the portal knows, by key. Their values are dated rows (models.LegalParameter), never constants.

Each key says its unit; each row of the table cites its source and the days on which it holds.
"""

from dataclasses import dataclass
from enum import StrEnum


class Limit(StrEnum):
    """What is limited."""

    AGE_MIN = "age_min"
    AGE_MAX = "age_max"
    AGE_MAX_WITH_DEROGATION = "age_max_with_derogation"
    WORK_AGE_MIN = "work_age_min"
    WEEK_HOURS = "week_hours"
    DAY_HOURS = "day_hours"
    DAILY_REST_HOURS = "daily_rest_hours"
    WEEK_DAYS = "week_days"
    BREAK_AFTER_HOURS = "break_after_hours"
    BREAK_MINUTES = "break_minutes"
    MINOR_WEEK_HOURS = "minor_week_hours"
    MINOR_DAY_HOURS = "minor_day_hours"
    MINOR_DAILY_REST_HOURS = "minor_daily_rest_hours"
    MINOR_REST_DAYS = "minor_rest_days"
    MINOR_BREAK_AFTER_HOURS = "minor_break_after_hours"
    MINOR_BREAK_MINUTES = "minor_break_minutes"
    MINOR_NIGHT_STARTS = "minor_night_starts"
    MINOR_NIGHT_ENDS = "minor_night_ends"
    DEROGATION_YEARS = "dangerous_work_derogation_years"
    PMSMP_MONTHS = "pmsmp_months"
    PMSMP_PER_HOST = "pmsmp_per_host"
    PMSMP_DAYS = "pmsmp_days"
    ACCIDENT_HOURS = "accident_hours"
    REOPENING_DAYS = "reopening_days"
    POSITIVE_CONTRACT_DAYS = "positive_contract_days"
    SANCTION_MIN_DAYS = "sanction_min_days"
    SANCTION_MAX_DAYS = "sanction_max_days"


@dataclass(frozen=True)
class Described:
    """What a limit is called, and in what it is counted."""

    label: str
    unit: str


DESCRIBED = {
    Limit.AGE_MIN: Described("Âge minimal à l’entrée", "ans"),
    Limit.AGE_MAX: Described("Âge maximal à l’entrée", "ans"),
    Limit.AGE_MAX_WITH_DEROGATION: Described("Âge maximal à l’entrée, avec dérogation", "ans"),
    Limit.WORK_AGE_MIN: Described("Âge minimal pour un stage en entreprise", "ans"),
    Limit.WEEK_HOURS: Described("Durée maximale par semaine", "heures"),
    Limit.DAY_HOURS: Described("Durée maximale par jour", "heures"),
    Limit.DAILY_REST_HOURS: Described("Repos minimal entre deux journées", "heures"),
    Limit.WEEK_DAYS: Described("Jours travaillés par semaine, au plus", "jours"),
    Limit.BREAK_AFTER_HOURS: Described("Travail au bout duquel une pause est due", "heures"),
    Limit.BREAK_MINUTES: Described("Durée minimale de cette pause", "minutes"),
    Limit.MINOR_WEEK_HOURS: Described("Mineurs : durée maximale par semaine", "heures"),
    Limit.MINOR_DAY_HOURS: Described("Mineurs : durée maximale par jour", "heures"),
    Limit.MINOR_DAILY_REST_HOURS: Described("Mineurs : repos minimal entre deux journées", "heures"),
    Limit.MINOR_REST_DAYS: Described("Mineurs : jours de repos consécutifs par semaine", "jours"),
    Limit.MINOR_BREAK_AFTER_HOURS: Described("Mineurs : travail sans pause, au plus", "heures"),
    Limit.MINOR_BREAK_MINUTES: Described("Mineurs : durée minimale de la pause", "minutes"),
    Limit.MINOR_NIGHT_STARTS: Described("Mineurs : début de la nuit", "heure"),
    Limit.MINOR_NIGHT_ENDS: Described("Mineurs : fin de la nuit", "heure"),
    Limit.DEROGATION_YEARS: Described("Travaux dangereux : validité de la déclaration de dérogation", "ans"),
    Limit.PMSMP_MONTHS: Described("PMSMP : durée maximale, de date à date", "mois"),
    Limit.PMSMP_PER_HOST: Described("PMSMP : conventions chez un même accueil, sur douze mois", "conventions"),
    Limit.PMSMP_DAYS: Described("PMSMP : jours en tout, sur douze mois", "jours"),
    Limit.ACCIDENT_HOURS: Described("Délai de déclaration d’un accident, hors dimanches et jours fériés", "heures"),
    Limit.REOPENING_DAYS: Described("Délai pour rouvrir un parcours terminé", "jours"),
    Limit.POSITIVE_CONTRACT_DAYS: Described("Durée de contrat au-delà de laquelle une sortie est positive", "jours"),
    Limit.SANCTION_MIN_DAYS: Described("Sanction : jours francs au moins après l’entretien", "jours"),
    Limit.SANCTION_MAX_DAYS: Described("Sanction : jours au plus après l’entretien", "jours"),
}
