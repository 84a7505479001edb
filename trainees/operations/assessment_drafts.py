"""Keep what is typed in an assessment, by whoever is asked: every few seconds, from several devices, nothing lost."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from e2c_portal.kernel.errors import NotAllowed, Refused
from trainees.models import CompanyAssessment
from trainees.operations.assessments import held
from trainees.reads.assessment_drafts import SKILLS_AT_MOST, Merged, merge
from trainees.reads.assessment_skills import addable_skills, added_in, skills_asked

NOT_YOURS = "Cette évaluation est confiée à une autre personne de votre entreprise : elle seule peut la remplir."
TOO_MANY = f"Une évaluation parle de {SKILLS_AT_MOST} compétences au plus : retirez-en avant d’en ajouter."


@transaction.atomic
def save_draft(
    assessment_id: int, contact_id: int, posted: Mapping[str, str], seen: str, *, forget_kept: bool = False
) -> tuple[CompanyAssessment, Merged]:
    """Keep what a page changed, field by field; `seen` says what that page showed (reads.assessment_drafts).

    What may not be kept (a NIR, a text without end) is in `refused`, and the rest is kept. `forget_kept` drops what was
    typed on another device, once read. Saving twice the same changes nothing. Raises NotAllowed, Overtaken.
    """
    row = held_by(assessment_id, contact_id)
    merged = merge(row, skills_asked(row), posted, seen)
    if forget_kept:
        merged.changed, merged.kept = merged.changed or bool(merged.kept), []
    if merged.changed:
        _write(row, {**row.draft, "values": merged.values, "kept": merged.kept})
    return row, merged


@transaction.atomic
def add_skills(assessment_id: int, contact_id: int, skills: Iterable[int]) -> CompanyAssessment:
    """Add skills to those asked about: of frameworks in force that fit the trade. Another one is ignored.

    Raises NotAllowed, Overtaken, Refused beyond a hundred skills.
    """
    row = held_by(assessment_id, contact_id)
    asked = {skill.pk for skill in skills_asked(row)}
    allowed = addable_skills(row).filter(pk__in=list(skills)).exclude(pk__in=asked)
    new = list(allowed.order_by("framework__name", "domain__position", "position").values_list("pk", flat=True))
    if len(asked) + len(new) > SKILLS_AT_MOST:
        raise Refused(TOO_MANY, code="too_many")
    if new:
        _write(row, {**row.draft, "added": [*added_in(row.draft), *new]})
    return row


@transaction.atomic
def remove_skill(assessment_id: int, contact_id: int, skill_id: int) -> CompanyAssessment:
    """Take back a skill that was added. What was typed of it comes back if it is added again. Raises NotAllowed, Overtaken."""
    row = held_by(assessment_id, contact_id)
    left = [number for number in added_in(row.draft) if number != skill_id]
    if left != added_in(row.draft):
        _write(row, {**row.draft, "added": left})
    return row


def held_by(assessment_id: int, contact_id: int, *, state: str | None = "open") -> CompanyAssessment:
    """Return an assessment locked until the commit, for the person who is asked. Raises NotAllowed for another, Overtaken."""
    row = held(assessment_id, state=state)
    if row.respondent_id != contact_id:
        raise NotAllowed(NOT_YOURS)
    return row


def _write(row: CompanyAssessment, draft: dict[str, object]) -> None:
    row.draft, row.draft_revision, row.draft_saved_at = draft, row.draft_revision + 1, timezone.now()
    row.save(update_fields=["draft", "draft_revision", "draft_saved_at"])
