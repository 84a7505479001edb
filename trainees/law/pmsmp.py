"""The limits of a PMSMP (code du travail, art. D5135-3): one month from date to date, twice with one host, sixty days in twelve months.

Pure. The sixty days are counted as calendar days of the periods: the text says days, and presence is never more than that.
Twelve months are any twelve: each window begins with a period of the same person and holds the one being checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from e2c_portal.kernel.french import counted, day_in_letters, duration_months
from partnerships.calendar import DAY, add_months
from trainees.law.findings import Finding
from trainees.law.limits import Limit

SOURCE = "code du travail, art. D5135-3"
DELEGATION = "code du travail, art. L5135-2"
WINDOW_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """One PMSMP: whose host, from when to when, both included."""

    host: int
    starts_on: date
    ends_on: date

    @property
    def window(self) -> tuple[date, date]:
        return self.starts_on, add_months(self.starts_on, WINDOW_MONTHS) - DAY

    def days_in(self, window: tuple[date, date]) -> int:
        """Return how many of its days a window holds."""
        return max(0, (min(self.ends_on, window[1]) - max(self.starts_on, window[0]) + DAY).days)


def check_pmsmp(this: Period, others: Sequence[Period], limits: Mapping[str, Decimal]) -> list[Finding]:
    """Return what refuses a PMSMP beside the others of the same person; `limits` are those of its first day."""
    windows = [one.window for one in (this, *others) if one.starts_on <= this.starts_on and this.days_in(one.window)]
    findings = [*_too_long(this, int(limits[Limit.PMSMP_MONTHS]))]
    most, most_days = int(limits[Limit.PMSMP_PER_HOST]), int(limits[Limit.PMSMP_DAYS])
    same_host = [one for one in (this, *others) if one.host == this.host]
    times = max(sum(1 for one in same_host if one.days_in(window)) for window in windows)
    if times > most:
        told = f"{most} PMSMP au plus chez un même accueil en douze mois : ce serait la {times}e. Choisissez une autre entreprise."
        findings.append(Finding("pmsmp_host", told, SOURCE))
    days = max(sum(one.days_in(window) for one in (this, *others)) for window in windows)
    if days > most_days:
        told = (
            f"{most_days} jours de PMSMP au plus en douze mois : retirez {counted(days - most_days, 'jour', 'jours')}."
        )
        findings.append(Finding("pmsmp_days", told, SOURCE))
    return findings


def _too_long(this: Period, months: int) -> list[Finding]:
    latest = add_months(this.starts_on, months) - DAY
    if this.ends_on <= latest:
        return []
    told = f"Une PMSMP dure {duration_months(months)} au plus, de date à date : terminez-la {_by(latest)}."
    return [Finding("pmsmp_length", told, SOURCE, (this.ends_on,))]


def _by(day: date) -> str:
    return f"le {day_in_letters(day)} au plus tard"
