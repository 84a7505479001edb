"""The skills that an internship is meant to train: those planned, those that may be, the last plan for the same trade there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from e2c_portal.kernel.search import fold, folded
from trainees.life.frameworks import PUBLISHED
from trainees.models import Internship, PlannedSkill, Skill, SkillFramework
from trainees.models.assessments import MOST_PLANNED
from trainees.reads.frameworks import frameworks_in_force

# One page stays light on a phone; beyond, people look for words.
SHOWN = 150


@dataclass
class Family:
    """A domain of a framework with the skills that are shown."""

    name: str
    skills: list[Skill] = field(default_factory=list)


@dataclass
class Offer:
    """A framework with its families; `suggested` says that it is of the trade of the internship."""

    framework: SkillFramework
    suggested: bool
    families: list[Family] = field(default_factory=list)


@dataclass
class Wanted:
    """What the choice is narrowed to: words, one framework."""

    words: str = ""
    framework_id: int | None = None


def planned_of(internship: Internship) -> list[PlannedSkill]:
    """Return the skills planned, in the order of their frameworks. One query."""
    rows = internship.planned_skills.select_related("skill__domain", "skill__framework", "planned_by")
    return list(rows.order_by("skill__framework__name", "skill__domain__position", "skill__position", "pk"))


def answer_was_sent(internship: Internship) -> bool:
    """Say whether the company sent an assessment of this stay: its plan does not change any more."""
    return internship.assessments.filter(submitted_at__isnull=False).exists()


def skills_to_choose(internship: Internship) -> QuerySet[Skill]:
    """Return every skill that a form may name: in force, or planned here already."""
    return Skill.objects.filter(
        Q(framework__status=PUBLISHED) | Q(pk__in=internship.planned_skills.values("skill"))
    ).select_related("domain", "framework")


def offers_for(internship: Internship, wanted: Wanted, chosen: Collection[int]) -> tuple[list[Offer], bool]:
    """Return the frameworks in force with the skills not chosen yet; and whether some are left out.

    Those of the trade come first, then those of the network. Without words nor framework: those of the trade of the internship, and those of all trades.
    """
    code = internship.trade.code if internship.trade else ""
    rows = Skill.objects.filter(framework__status=PUBLISHED).exclude(pk__in=chosen)
    if wanted.framework_id:
        rows = rows.filter(framework=wanted.framework_id)
    elif not wanted.words.strip():
        rows = rows.filter(Q(framework__rome_codes=[]) | Q(framework__rome_codes__contains=[code]))
    for word in fold(wanted.words).split():
        rows = rows.alias(search=folded("name", "description", "domain__name")).filter(search__contains=word)
    of_trade, of_network = Q(framework__rome_codes__contains=[code]), Q(framework__kind=SkillFramework.Kind.NETWORK)
    rows = rows.select_related("domain", "framework").order_by(
        _first(of_trade), _first(of_network), "framework__name", "framework", "domain__position", "position"
    )
    found = list(rows[: SHOWN + 1])
    return _grouped(found[:SHOWN], code), len(found) > SHOWN


def _first(condition: Q) -> Case:
    """Say in SQL that what meets the condition comes first."""
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def _grouped(skills: Iterable[Skill], code: str) -> list[Offer]:
    offers: dict[int, Offer] = {}
    families: dict[int, Family] = {}
    for skill in skills:
        framework = skill.framework
        offer = offers.setdefault(framework.pk, Offer(framework, bool(code) and code in framework.rome_codes))
        if skill.domain_id not in families:
            families[skill.domain_id] = Family(skill.domain.name)
            offer.families.append(families[skill.domain_id])
        families[skill.domain_id].skills.append(skill)
    return list(offers.values())


def last_plan_like(internship: Internship) -> list[int]:
    """Return the skills planned by this school for the last internship of the same trade in the same place.

    Those of a version closed since then are taken in the version in force, when it still has their code.
    """
    if internship.trade is None:
        return []
    before = (
        Internship.objects.filter(
            school=internship.school_id, establishment=internship.establishment_id, trade__code=internship.trade.code,
            planned_skills__isnull=False,
        )
        .exclude(pk=internship.pk).order_by("-starts_on", "-pk").first()
    )  # fmt: skip
    if before is None:
        return []
    codes = before.planned_skills.values_list("skill__framework__code", "skill__code")
    same = Q(pk__in=[])
    for framework_code, skill_code in codes:
        same |= Q(framework__code=framework_code, code=skill_code)
    return list(Skill.objects.filter(same, framework__status=PUBLISHED).values_list("pk", flat=True)[:MOST_PLANNED])


def framework_choices() -> list[tuple[int, str]]:
    """Return the frameworks in force, to choose one."""
    return [(row.pk, str(row)) for row in frameworks_in_force()]
