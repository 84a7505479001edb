"""The frameworks of skills, as pages read them: versions, one version by domain, what a file would make of them."""

from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from e2c_portal.kernel.search import fold, folded
from trainees.life.frameworks import DRAFT, PUBLISHED
from trainees.models import SkillDomain, SkillFramework, SkillLevelWords
from trainees.reads.framework_changes import Changes, changes_between
from trainees.reads.framework_content import FrameworkSaid, said_by
from trainees.reads.references import current_trades

IN_FORCE, ALL = "en-vigueur", "toutes"


@dataclass
class Forecast:
    """What loading a file would make: the version, what it changes to the one in force, why it cannot be loaded if so."""

    version: int
    against: SkillFramework | None = None
    changes: Changes | None = None
    obstacle: str = ""
    remarks: list[str] = field(default_factory=list)


def frameworks_listed(*, drafts: bool, words: str = "", which: str = IN_FORCE) -> QuerySet[SkillFramework]:
    """Return the versions, by name, the last first, with `skill_count`; drafts only for those who load them."""
    rows = SkillFramework.objects.annotate(skill_count=Count("skills")).order_by("name", "code", "-version")
    if not drafts:
        rows = rows.exclude(status=DRAFT)
    if which == IN_FORCE:
        rows = rows.filter(status__in=[DRAFT, PUBLISHED])
    for word in fold(words).split():
        rows = rows.alias(search=folded("name", "code")).filter(search__contains=word)
    return rows


def frameworks_in_force() -> QuerySet[SkillFramework]:
    """Return the versions that stays may use today, by name."""
    return SkillFramework.objects.filter(status=PUBLISHED).order_by("name", "pk")


def framework_known(pk: int, *, drafts: bool) -> SkillFramework | None:
    """Return one version; a draft only for those who load them."""
    rows = SkillFramework.objects.select_related("loaded_by").filter(pk=pk)
    return (rows if drafts else rows.exclude(status=DRAFT)).first()


def versions_of(framework: SkillFramework, *, drafts: bool) -> list[SkillFramework]:
    """Return every version of the same code, the last first."""
    rows = SkillFramework.objects.filter(code=framework.code).annotate(skill_count=Count("skills"))
    return list((rows if drafts else rows.exclude(status=DRAFT)).order_by("-version"))


def domains_of(framework: SkillFramework) -> list[SkillDomain]:
    """Return the domains in order; each skill of `domain.shown` has `words` as (name of the level, text). Three queries."""
    domains = list(framework.domains.prefetch_related("skills").order_by("position"))
    told: dict[int, list[tuple[str, str]]] = {}
    rows = SkillLevelWords.objects.filter(skill__framework=framework).select_related("level").order_by("level__rank")
    for row in rows:
        told.setdefault(row.skill_id, []).append((row.level.name, row.words))
    for domain in domains:
        domain.shown = sorted(domain.skills.all(), key=lambda skill: skill.position)  # type: ignore[attr-defined]
        for skill in domain.shown:  # type: ignore[attr-defined]
            skill.words = told.get(skill.pk, [])
    return domains


def trades_in_words(codes: list[str] | tuple[str, ...]) -> list[str]:
    """Return "G1602 Personnel de cuisine" for each code, the code alone when the reference in service has none."""
    labels = dict(current_trades().filter(code__in=codes).values_list("code", "label")) if codes else {}
    return [f"{code} {labels[code]}" if code in labels else code for code in codes]


def forecast_of(said: FrameworkSaid) -> Forecast:
    """Return what loading a framework would make. Writes nothing."""
    rows = {row.status: row for row in SkillFramework.objects.filter(code=said.code).order_by("version")}
    last = max((row.version for row in rows.values()), default=0)
    found = Forecast(version=last + 1, against=rows.get(PUBLISHED))
    if draft := rows.get(DRAFT):
        found.obstacle = (
            f"Un brouillon de ce référentiel attend déjà (version {draft.version}) : mettez-le en vigueur ou supprimez-le, "
            "puis chargez ce fichier."
        )
    elif found.against:
        before = said_by(found.against)
        found.changes = changes_between(before, said)
        if before == said:
            found.obstacle = (
                f"Ce fichier dit mot pour mot la version {found.against.version}, en vigueur : il n’y a rien à charger."
            )
    if said.rome_codes:
        known = set(current_trades().filter(code__in=said.rome_codes).values_list("code", flat=True))
        found.remarks = [
            f"Le code {code} n’est pas parmi les métiers en service : ce référentiel ne sera proposé pour aucun stage de ce métier."
            for code in said.rome_codes if code not in known
        ]  # fmt: skip
    return found


def changes_of_draft(framework: SkillFramework) -> tuple[SkillFramework, Changes] | None:
    """Return the version that a draft would replace, and what it changes to it; None when it replaces none."""
    before = SkillFramework.objects.filter(code=framework.code, status=PUBLISHED).first()
    if framework.status != DRAFT or before is None:
        return None
    return before, changes_between(said_by(before), said_by(framework))
