"""What is counted of each source: a condition on its rows, and what each row adds (one, unless said)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from e2c_portal.figures.sources import IN_COMPANY, SOURCES, Source
from trainees.life import pathways as life
from trainees.models import EntryProfile, Exit, Prescriber, Trainee

# The companies that hosted: counted once in a place, whatever its schools. They do not add up: counting.py counts them apart.
HOSTS = "hosts.companies"


@dataclass(frozen=True)
class Measure:
    """One number of a year and a place. `value` names what a row adds, "" for one."""

    key: str
    where: Q = Q()
    value: str = ""

    @property
    def source(self) -> Source:
        return SOURCES[self.key.partition(".")[0]]

    def counted(self) -> Any:
        """Return the aggregate that counts it among the rows of its source."""
        if self.value:
            return Coalesce(Sum(F(self.value), filter=self.where), 0)
        return Count("pk", filter=self.where)

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that it counts."""
        return rows.filter(self.where)


PROFILE = Q(profile__isnull=False)
CONFIRMED_STAY = ~Q(status=life.LEFT_IN_TRIAL)
_ALL = (
    Measure("received.all"),
    Measure("received.gender_known", ~Q(trainee__gender="")),
    Measure("received.women", Q(trainee__gender=Trainee.Gender.WOMAN)),
    Measure("received.minors", Q(age__lt=18)),
    Measure("received.ages", value="age"),
    Measure("received.profiles", PROFILE),
    Measure("received.qpv", PROFILE & ~Q(profile__qpv_code="")),
    Measure("received.level_known", PROFILE & ~Q(profile__education_level="")),
    Measure(
        "received.below_3", Q(profile__education_level__in=[EntryProfile.Level.BELOW_3, EntryProfile.Level.LEVEL_3_FAILED])
    ),
    *(Measure(f"received.level_{level.value}", Q(profile__education_level=level.value)) for level in EntryProfile.Level),
    Measure("received.work_known", Q(profile__worked_before__isnull=False)),
    Measure("received.never_worked", Q(profile__worked_before=False)),
    Measure("received.sender_known", Q(sent_by__isnull=False)),
    *(Measure(f"received.by_{kind.value}", Q(sent_by=kind.value)) for kind in Prescriber.Kind),
    Measure("entered.all"),
    Measure("ended.all"),
    Measure("ended.after_trial", CONFIRMED_STAY),
    Measure("ended.days", CONFIRMED_STAY, value="length"),
    *(Measure(f"ended.{status}", Q(status=status)) for status in life.ENDED),
    Measure("ended.exit_known", CONFIRMED_STAY & Q(exit__isnull=False)),
    Measure("ended.positive", CONFIRMED_STAY & Q(exit__positive=True)),
    *(Measure(f"ended.exit_{kind.value}", CONFIRMED_STAY & Q(exit__category=kind.value)) for kind in Exit.Category),
    Measure("done.all"),
    Measure("done.days", value="length"),
    Measure("half_days.minutes", value="present"),
    Measure("half_days.in_company", IN_COMPANY, value="present"),
    Measure("validations.all"),
    Measure("certificates.all"),
    Measure("registrations.placed", Q(placed=True)),
    Measure("registrations.came", Q(came=True)),
    Measure("schools.all"),
    Measure("sites.all"),
    Measure("editions.all"),
    Measure("conventions.all"),
)  # fmt: skip
MEASURES = {measure.key: measure for measure in _ALL}


def of_source(source: Source) -> list[Measure]:
    """Return what is counted of a source."""
    return [measure for measure in _ALL if measure.source.key == source.key]
