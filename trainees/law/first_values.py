"""The values the portal starts with, each with the text it comes from (domain dossier, sections 0, 1 and 3).

The Région changes them in the admin, by a row that begins on a later day. The two that no text gives say so.
"""

from datetime import date
from decimal import Decimal

from trainees.law.limits import Limit

Row = tuple[Limit, str, date, date | None, str]

LAW_2009 = date(2009, 11, 24)
ALWAYS = date(2000, 1, 1)
HOUSE = "Choix du portail : aucun texte trouvé, à fixer par la Région"

ROWS: tuple[Row, ...] = (
    (Limit.AGE_MIN, "18", ALWAYS, date(2009, 11, 23), "Code de l’éducation, art. L214-14, avant la loi du 24 novembre 2009"),
    (Limit.AGE_MIN, "16", LAW_2009, None, "Code de l’éducation, art. L214-14 (loi du 24 novembre 2009)"),
    (Limit.AGE_MAX, "25", ALWAYS, None, "Code de l’éducation, art. L214-14"),
    (Limit.AGE_MAX_WITH_DEROGATION, "29", ALWAYS, None, "Région Occitanie : dérogations de 26 à 29 ans"),
    (Limit.WORK_AGE_MIN, "16", ALWAYS, None, "Code du travail, art. L4153-1"),
    (Limit.WEEK_HOURS, "35", ALWAYS, None, "Code du travail, art. L6343-2 et L3121-27"),
    (Limit.DAY_HOURS, "10", ALWAYS, None, "Code du travail, art. L6343-2 et L3121-18"),
    (Limit.DAILY_REST_HOURS, "11", ALWAYS, None, "Code du travail, art. L3131-1"),
    (Limit.WEEK_DAYS, "6", ALWAYS, None, "Code du travail, art. L3132-1"),
    (Limit.BREAK_AFTER_HOURS, "6", ALWAYS, None, "Code du travail, art. L3121-16"),
    (Limit.BREAK_MINUTES, "20", ALWAYS, None, "Code du travail, art. L3121-16"),
    (Limit.MINOR_WEEK_HOURS, "35", ALWAYS, None, "Code du travail, art. L3162-1"),
    (Limit.MINOR_DAY_HOURS, "8", ALWAYS, None, "Code du travail, art. L3162-1"),
    (Limit.MINOR_DAILY_REST_HOURS, "12", ALWAYS, None, "Code du travail, art. L3164-1"),
    (Limit.MINOR_REST_DAYS, "2", ALWAYS, None, "Code du travail, art. L3164-2"),
    (Limit.MINOR_BREAK_AFTER_HOURS, "4.5", ALWAYS, None, "Code du travail, art. L3162-3"),
    (Limit.MINOR_BREAK_MINUTES, "30", ALWAYS, None, "Code du travail, art. L3162-3"),
    (Limit.MINOR_NIGHT_STARTS, "22", ALWAYS, None, "Code du travail, art. L3163-1 et L3163-2"),
    (Limit.MINOR_NIGHT_ENDS, "6", ALWAYS, None, "Code du travail, art. L3163-1 et L3163-2"),
    (Limit.DEROGATION_YEARS, "3", ALWAYS, None, "Code du travail, art. R4153-40 et R4153-41"),
    (Limit.PMSMP_MONTHS, "1", ALWAYS, None, "Code du travail, art. D5135-3"),
    (Limit.PMSMP_PER_HOST, "2", ALWAYS, None, "Code du travail, art. D5135-3"),
    (Limit.PMSMP_DAYS, "60", ALWAYS, None, "Code du travail, art. D5135-3"),
    (Limit.ACCIDENT_HOURS, "48", ALWAYS, None, "Code de la sécurité sociale, art. R441-3"),
    (Limit.REOPENING_DAYS, "30", ALWAYS, None, HOUSE),
    (Limit.POSITIVE_CONTRACT_DAYS, "90", ALWAYS, None,
     "Réseau E2C France, chiffres publiés en 2024 : « au moins un CDD de plus de 3 mois »"),
    (Limit.SANCTION_MIN_DAYS, "1", ALWAYS, None, "Code du travail, art. R6352-6 : un jour franc au moins"),
    (Limit.SANCTION_MAX_DAYS, "15", ALWAYS, None, "Code du travail, art. R6352-6 : quinze jours au plus"),
)  # fmt: skip


def values() -> list[tuple[str, Decimal, date, date | None, str]]:
    """Return the rows as they are written to the table: key, value, first and last day, source."""
    return [(key.value, Decimal(value), first, last, source) for key, value, first, last, source in ROWS]
