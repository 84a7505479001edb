"""Load a framework of skills from what a file says, put a version in force, close it, throw a draft away."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.submissions import Sending, once
from trainees.life.frameworks import DRAFT, PUBLISHED, RETIRED
from trainees.models import Skill, SkillDomain, SkillFramework, SkillLevel, SkillLevelWords
from trainees.permissions import TraineePermission
from trainees.reads.framework_content import FrameworkSaid
from trainees.reads.frameworks import forecast_of

ALREADY = "Quelqu’un a changé ce référentiel entre-temps : rechargez la page."


@transaction.atomic
def load_framework(
    said: FrameworkSaid, actor: User, *, sha256: str = "", sending: Sending | None = None
) -> SkillFramework:
    """Keep what a file says as the draft of a new framework, or of the next version of its code. Nobody uses a draft.

    `sha256` is the mark of the file. Raises NotAllowed, Refused (a draft waits already, nothing changes), ValidationError.
    """
    _require(actor)
    return once(sending, actor, SkillFramework, lambda: _loaded(said, actor, sha256))


def _loaded(said: FrameworkSaid, actor: User, sha256: str) -> SkillFramework:
    forecast = forecast_of(said)
    if forecast.obstacle:
        raise Refused(forecast.obstacle)
    framework = SkillFramework(
        code=said.code, version=forecast.version, name=said.name, kind=said.kind, source=said.source,
        is_example=said.is_example, rome_codes=list(said.rome_codes), file_sha256=sha256, loaded_by=actor,
    )  # fmt: skip
    framework.full_clean()
    try:
        with transaction.atomic():
            framework.save()
    except IntegrityError as error:
        raise Overtaken("Cette version vient d’être chargée par quelqu’un d’autre : rechargez la page.") from error
    _write_parts(framework, said)
    told = counted(len(said.skills), "compétence", "compétences")
    record(actor, "framework.loaded", framework, f"Référentiel chargé : {framework}, {told}", sha256=sha256)
    return framework


def _write_parts(framework: SkillFramework, said: FrameworkSaid) -> None:
    levels = {
        level.rank: level
        for level in SkillLevel.objects.bulk_create(
            SkillLevel(
                framework=framework, rank=one.rank, name=one.name, meaning=one.meaning, is_acquired=one.is_acquired
            )
            for one in said.levels
        )
    }
    domains = SkillDomain.objects.bulk_create(
        SkillDomain(framework=framework, position=position, code=one.code, name=one.name)
        for position, one in enumerate(said.domains, 1)
    )
    skills = Skill.objects.bulk_create(
        Skill(
            framework=framework, domain=domain, position=position, code=one.code, name=one.name,
            description=one.description,
        )
        for domain, family in zip(domains, said.domains, strict=True) for position, one in enumerate(family.skills, 1)
    )  # fmt: skip
    SkillLevelWords.objects.bulk_create(
        SkillLevelWords(skill=skill, level=levels[rank], words=words)
        for skill, one in zip(skills, said.skills, strict=True)
        for rank, words in one.words
    )


@transaction.atomic
def publish_framework(framework_id: int, actor: User) -> SkillFramework:
    """Put a draft in force, and close the version it replaces at the same moment. Raises NotAllowed, Refused, Overtaken.

    Stays that planned skills of the former version keep them, and are assessed with them.
    """
    _require(actor)
    versions = _locked(framework_id)
    framework, today = versions[framework_id], timezone.localdate()
    if framework.status != DRAFT:
        raise Overtaken(ALREADY)
    former = next((row for row in versions.values() if row.status == PUBLISHED), None)
    if former:
        _retire(former, actor, f"remplacé par la version {framework.version}")
    framework.status, framework.published_on = PUBLISHED, today
    framework.save(update_fields=["status", "published_on"])
    record(actor, "framework.published", framework, f"Référentiel mis en vigueur : {framework}")
    return framework


@transaction.atomic
def retire_framework(framework_id: int, actor: User) -> SkillFramework:
    """Close a version in force without another: it serves no new plan. Raises NotAllowed, Overtaken."""
    _require(actor)
    framework = _locked(framework_id)[framework_id]
    if framework.status != PUBLISHED:
        raise Overtaken(ALREADY)
    return _retire(framework, actor, "sans remplaçant")


@transaction.atomic
def delete_draft(framework_id: int, actor: User) -> str:
    """Throw away a draft that nobody used. Returns its name. Raises NotAllowed, Refused, Overtaken."""
    _require(actor)
    framework = _locked(framework_id)[framework_id]
    if framework.status != DRAFT:
        raise Refused("Seul un brouillon se supprime : un référentiel publié se ferme, et reste lisible.")
    name = str(framework)
    record(actor, "framework.draft_deleted", framework, f"Brouillon supprimé : {name}")
    # Words, skills, then the rest: each part is asked for its framework as it goes.
    SkillLevelWords.objects.filter(skill__framework=framework).delete()
    Skill.objects.filter(framework=framework).delete()
    framework.domains.all().delete()
    framework.levels.all().delete()
    framework.delete()
    return name


def _locked(framework_id: int) -> dict[int, SkillFramework]:
    """Lock every version of the code together: two who publish at once wait for each other."""
    code = SkillFramework.objects.filter(pk=framework_id).values_list("code", flat=True).first()
    if code is None:
        raise Overtaken("Ce référentiel n’existe plus : il a été supprimé.")
    rows = SkillFramework.objects.select_for_update().filter(code=code).order_by("pk")
    found = {row.pk: row for row in rows}
    if framework_id not in found:
        raise Overtaken("Ce référentiel n’existe plus : il a été supprimé.")
    return found


def _retire(framework: SkillFramework, actor: User, why: str) -> SkillFramework:
    framework.status, framework.retired_on = RETIRED, timezone.localdate()
    framework.save(update_fields=["status", "retired_on"])
    record(actor, "framework.retired", framework, f"Référentiel fermé ({why}) : {framework}")
    return framework


def _require(actor: User) -> None:
    if not actor.has_perm(TraineePermission.LOAD_FRAMEWORK):
        raise NotAllowed("Seul un chargé de mission régional charge, met en vigueur ou ferme un référentiel.")
