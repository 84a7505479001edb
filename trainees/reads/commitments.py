"""The commitments of a convention counted by the internships really done (partnerships.counters): each figure opens its rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from partnerships.counters import Asked, Count, Counter
from partnerships.models import Commitment
from trainees.models import Internship
from trainees.reads.situation import really_done

# What a promise counted in stages calls them; one in trainees or in hours is not kept by a number of internships.
UNITS = frozenset({"stage", "stages"})
DONE = "done"


def counted_for(asked: Asked, internships: QuerySet[Internship] | None = None) -> QuerySet[Internship]:
    """Return the internships that a figure counts: done, begun in its days, in a company, under its convention or under none.

    One signed before the convention was known has none; one under another convention of the company is counted there.
    """
    rows = Internship.objects.all() if internships is None else internships
    rows = really_done(rows, min(asked.ends_on, timezone.localdate()))
    return rows.filter(
        Q(partnership_convention=asked.convention_id) | Q(partnership_convention=None),
        establishment__company=asked.company_id, starts_on__gte=asked.starts_on,
    )  # fmt: skip


def count_internships(asked: Sequence[Asked]) -> Mapping[Asked, Count]:
    """Answer all that is asked in one query: the internships of these companies, by convention and first day."""
    if not asked:
        return {}
    first, last = min(one.starts_on for one in asked), max(one.ends_on for one in asked)
    rows = really_done(Internship.objects.all(), min(last, timezone.localdate())).filter(
        establishment__company__in={one.company_id for one in asked}, starts_on__gte=first
    )
    found = list(
        rows.order_by()
        .values_list("establishment__company", "partnership_convention", "starts_on")
        .annotate(number=CountOf("pk"))
    )
    numbers = {one: sum(row[3] for row in found if _counts(one, row[0], row[1], row[2])) for one in asked}
    return {one: Count(number, url_of(one) if number else "") for one, number in numbers.items()}


def _counts(asked: Asked, company_id: int, convention_id: int | None, starts_on: date) -> bool:
    return (
        company_id == asked.company_id
        and convention_id in (None, asked.convention_id)
        and asked.starts_on <= starts_on <= asked.ends_on
    )


def url_of(asked: Asked) -> str:
    """Return the address of the list that shows exactly the internships counted."""
    query = {
        "situation": DONE, "entreprise": asked.company_id, "engagement": asked.convention_id,
        "du": asked.starts_on.isoformat(), "au": asked.ends_on.isoformat(),
    }  # fmt: skip
    return f"{reverse('trainees:internships')}?{urlencode(query)}"


def delivered_since(company_key: str, day: date) -> Exists:
    """Say in SQL whether the company of the outer query welcomed anybody since a day."""
    rows = really_done(Internship.objects.all(), timezone.localdate())
    return Exists(rows.filter(establishment__company=OuterRef(company_key), starts_on__gte=day))


COUNTER = Counter(Commitment.Kind.INTERNSHIPS, count_internships, delivered_since, UNITS)
