"""Sleeping partners: bound by a convention for a while, and nothing was done nor said with them for long.

The rule is written once, in SQL: the page of a company, the lists, the home page all ask it here.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from partnerships.calendar import add_months
from partnerships.counters import all_counters
from partnerships.models import CommitmentDelivery, Company, CompanyExchange, PartnershipConvention
from partnerships.models.deliveries import COUNTED
from partnerships.situation import ACTIVE, LEAVING, situation_expression

# In force for so long, and silent for so long.
SETTLED_MONTHS, SILENT_MONTHS = 6, 12


def sleeping_companies(day: date | None = None) -> QuerySet[Company]:
    """Return the companies asleep on a day: a convention in force for more than six months, and, in the last twelve, nothing
    delivered (counted by the portal, declared or confirmed) and no exchange noted.
    """
    day = day or timezone.localdate()
    since = add_months(day, -SILENT_MONTHS)
    bound = PartnershipConvention.objects.filter(
        company=OuterRef("pk"), starts_on__lte=add_months(day, -SETTLED_MONTHS)
    ).annotate(situation=situation_expression(day))
    delivered = CommitmentDelivery.objects.filter(
        convention__company=OuterRef("pk"), status=COUNTED, delivered_on__gte=since
    )
    met = CompanyExchange.objects.filter(company=OuterRef("pk"), held_on__gte=since)
    asleep = Company.objects.filter(merged_into=None).filter(
        Exists(bound.filter(situation__in=[ACTIVE.name, LEAVING.name])), ~Exists(delivered), ~Exists(met)
    )
    for counter in all_counters():
        asleep = asleep.exclude(counter.delivered_since("pk", since))
    return asleep


def asleep_among(companies: Iterable[int], day: date | None = None) -> set[int]:
    """Return those of the companies, by their number in the database, that are asleep. One query."""
    return set(sleeping_companies(day).filter(pk__in=set(companies)).values_list("pk", flat=True))
