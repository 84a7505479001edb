"""What the trainee answers to what a company said of their skills: agrees, or says why not."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers
from trainees.models.assessments import AssessedSkill, CompanyAssessment
from trainees.models.nir import refuse_nir_in, without_nir


class TraineeAnswer(models.Model):
    """What the trainee answers to one version of an assessment: agrees, or says why not. Immutable.

    Given by their link, or told to the school, which writes who recorded it. Retention: with its assessment.
    """

    assessment = models.OneToOneField(CompanyAssessment, on_delete=models.PROTECT, related_name="answer")
    agrees = models.BooleanField("d’accord")
    words = models.TextField("mots du stagiaire", blank=True)
    answered_at = models.DateTimeField("répondu le", db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="recueilli par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip

    class Meta:
        verbose_name = "réponse du stagiaire"
        verbose_name_plural = "réponses des stagiaires"
        constraints = [without_nir("trainee_answer_without_nir", "words")]
        triggers = [
            triggers.immutable(),
            pgtrigger.Trigger(
                name="answers_what_was_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="IF NOT EXISTS (SELECT 1 FROM trainees_companyassessment a WHERE a.id = NEW.assessment_id "
                "AND a.status IN ('submitted', 'returned')) THEN RAISE EXCEPTION "
                "'Cette évaluation n’attend plus de réponse : rechargez la page.' USING ERRCODE = 'restrict_violation'; "
                "END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="disagreement_says_why",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="IF NOT NEW.agrees AND NEW.words = '' AND NOT EXISTS (SELECT 1 FROM trainees_skilldisagreement d "
                "WHERE d.answer_id = NEW.id) THEN RAISE EXCEPTION 'Un désaccord se motive : dites pourquoi.' "
                "USING ERRCODE = 'check_violation'; END IF; "
                "IF NEW.agrees AND EXISTS (SELECT 1 FROM trainees_skilldisagreement d WHERE d.answer_id = NEW.id) THEN "
                "RAISE EXCEPTION 'Un accord ne porte pas de désaccord.' USING ERRCODE = 'check_violation'; END IF; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return "D’accord" if self.agrees else "Pas d’accord"

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "words")


class SkillDisagreement(models.Model):
    """One skill the trainee sees otherwise, and why. Immutable. Retention: with its answer."""

    answer = models.ForeignKey(TraineeAnswer, on_delete=models.PROTECT, related_name="disagreements")
    assessed_skill = models.OneToOneField(AssessedSkill, on_delete=models.PROTECT, related_name="disagreement")
    words = models.CharField("pourquoi", max_length=500)

    class Meta:
        verbose_name = "désaccord sur une compétence"
        verbose_name_plural = "désaccords sur des compétences"
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""), name="disagreement_says_why",
                violation_error_message="Dites pourquoi vous n’êtes pas d’accord.",
            ),
            without_nir("disagreement_without_nir", "words"),
        ]  # fmt: skip
        triggers = [
            triggers.immutable(),
            pgtrigger.Trigger(
                name="of_the_same_assessment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="IF NOT EXISTS (SELECT 1 FROM trainees_traineeanswer t JOIN trainees_assessedskill s "
                "ON s.assessment_id = t.assessment_id WHERE t.id = NEW.answer_id AND s.id = NEW.assessed_skill_id) THEN "
                "RAISE EXCEPTION 'Cette compétence est celle d’une autre évaluation.' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "words")
