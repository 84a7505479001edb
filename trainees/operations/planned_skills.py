"""Say which skills an internship is meant to train."""

from collections.abc import Collection

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import counted
from trainees.life import internships as life
from trainees.life.frameworks import PUBLISHED
from trainees.models import Internship, PlannedSkill, Skill
from trainees.models.assessments import MOST_PLANNED
from trainees.permissions import TraineePermission
from trainees.reads.planned_skills import answer_was_sent

GIVEN_UP = (life.CANCELLED, life.NOT_STARTED)
TOLD_ALREADY = "L’entreprise a envoyé son évaluation : les compétences prévues ne changent plus."


@transaction.atomic
def plan_skills(
    internship_id: int, skill_ids: Collection[int], actor: User, *, seen: Collection[int] | None = None
) -> list[PlannedSkill]:
    """Make these skills, and no other, the ones that an internship plans. Returns the rows added.

    `seen` are those that the person had on screen: Overtaken when somebody changed them meanwhile. Raises NotAllowed, Refused
    (assessment sent, internship given up, framework not in force, more than thirty).
    """
    internship = Internship.objects.select_for_update(of=("self",)).select_related("school").get(pk=internship_id)
    if not actor.has_perm(TraineePermission.PLAN_SKILLS, internship):
        raise NotAllowed("Seule l’école du stage choisit les compétences prévues.")
    if answer_was_sent(internship):
        raise Refused(TOLD_ALREADY)
    if internship.status in GIVEN_UP:
        raise Refused("Ce stage n’a pas lieu : il ne prévoit pas de compétence.")
    planned = {row.skill_id: row for row in internship.planned_skills.all()}
    if seen is not None and set(seen) != set(planned):
        raise Overtaken(
            "Quelqu’un a changé les compétences prévues entre-temps. Votre choix est conservé : vérifiez-le, puis enregistrez de nouveau."
        )
    wanted = set(skill_ids)
    added, removed = wanted - planned.keys(), planned.keys() - wanted
    _refuse(wanted, added)
    PlannedSkill.objects.filter(pk__in=[planned[skill_id].pk for skill_id in removed]).delete()
    made = PlannedSkill.objects.bulk_create(
        PlannedSkill(internship=internship, skill_id=skill_id, planned_by=actor) for skill_id in sorted(added)
    )
    if added or removed:
        _trace(internship, actor, added, removed)
    return made


def _refuse(wanted: set[int], added: set[int]) -> None:
    if len(wanted) > MOST_PLANNED:
        raise Refused(
            f"Un stage prévoit {MOST_PLANNED} compétences au plus, vous en avez choisi {len(wanted)} : décochez les moins utiles."
        )
    if Skill.objects.filter(pk__in=added, framework__status=PUBLISHED).count() != len(added):
        raise Refused(
            "Une compétence choisie n’est plus dans un référentiel en vigueur : rechargez la page, puis choisissez de nouveau."
        )


def _trace(internship: Internship, actor: User, added: set[int], removed: set[int]) -> None:
    names = dict(Skill.objects.filter(pk__in=added | removed).values_list("pk", "code"))
    parts = [
        counted(len(rows), one, several)
        for rows, one, several in ((added, "ajoutée", "ajoutées"), (removed, "retirée", "retirées"))
        if rows
    ]
    record(
        actor, "internship.skills_planned", internship, f"Compétences prévues : {', '.join(parts)}",
        added=sorted(names[pk] for pk in added), removed=sorted(names[pk] for pk in removed),
    )  # fmt: skip
