"""The commitments of a convention to validate skills, counted by the validations really made: each figure opens its rows."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef
from django.utils import timezone

from partnerships.counters import Asked, Count, Counter
from partnerships.models import Commitment
from trainees.models import SkillValidation
from trainees.reads.skill_rows import RowsAsked, url_of

UNITS = frozenset({
    "compétence", "compétences", "validation", "validations", "compétence validée", "compétences validées",
    "validation de compétence", "validations de compétences",
})  # fmt: skip
STAY = "assessed_skill__assessment__internship__"


def count_validations(asked: Sequence[Asked]) -> Mapping[Asked, Count]:
    """Answer all that is asked in one query: validations made from what these companies saw, by convention and day."""
    if not asked:
        return {}
    first, last = min(one.starts_on for one in asked), max(one.ends_on for one in asked)
    rows = SkillValidation.objects.filter(
        withdrawn_at=None, seen_on__gte=first, seen_on__lte=min(last, timezone.localdate()),
        **{f"{STAY}establishment__company__in": {one.company_id for one in asked}},
    )  # fmt: skip
    found = list(
        rows.order_by()
        .values_list(f"{STAY}establishment__company", f"{STAY}partnership_convention", "seen_on")
        .annotate(number=CountOf("pk"))
    )
    numbers = {one: sum(row[3] for row in found if _counts(one, row[0], row[1], row[2])) for one in asked}
    return {one: Count(number, url_of(RowsAsked(promise=one)) if number else "") for one, number in numbers.items()}


def _counts(asked: Asked, company_id: int, convention_id: int | None, seen_on: date) -> bool:
    return (
        company_id == asked.company_id
        and convention_id in (None, asked.convention_id)
        and asked.starts_on <= seen_on <= asked.ends_on
    )


def validated_since(company_key: str, day: date) -> Exists:
    """Say in SQL whether a skill seen by the company of the outer query since a day was validated."""
    rows = SkillValidation.objects.filter(withdrawn_at=None, seen_on__gte=day)
    return Exists(rows.filter(**{f"{STAY}establishment__company": OuterRef(company_key)}))


COUNTER = Counter(Commitment.Kind.SKILL_VALIDATION, count_validations, validated_since, UNITS)
