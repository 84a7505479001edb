"""What the school validated, the evidence a trainee keeps, and the attestation that proves it to anyone."""

import uuid
from pathlib import PurePath

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.workflow import State
from schools.models import School
from trainees.life import certificates as certificate_life
from trainees.models.assessments import AssessedSkill
from trainees.models.frameworks import Skill, SkillLevel
from trainees.models.internships import Internship
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.pathways import Pathway
from trainees.models.people import Trainee
from trainees.models.skill_tally_triggers import TALLIED_WHEN_VALIDATED

CERTIFICATE_KIND = "trainees.skills_certificate"
OF_ITS_SCHOOL = (
    "IF NOT EXISTS (SELECT 1 FROM trainees_pathway p WHERE p.id = NEW.pathway_id AND p.trainee_id = NEW.trainee_id "
    "AND p.school_id = NEW.school_id) THEN "
    "RAISE EXCEPTION 'Ce parcours n’est pas celui de cette personne dans cette école.' USING ERRCODE = 'check_violation'; "
    "END IF; "
)


class SkillValidation(models.Model):
    """A skill that the school declares acquired, at a level: from what a company saw, or from what the school saw itself.

    Never changed nor deleted: one made by mistake is withdrawn, with a reason. Retention: with its pathway.
    """

    class Source(models.TextChoices):
        COMPANY = "company", "Vue en entreprise"
        SCHOOL = "school", "Vue à l’école"

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="skill_validations")
    pathway = models.ForeignKey(
        Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="skill_validations"
    )
    trainee = models.ForeignKey(
        Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="skill_validations"
    )
    skill = models.ForeignKey(Skill, verbose_name="compétence", on_delete=models.PROTECT, related_name="validations")
    level = models.ForeignKey(SkillLevel, verbose_name="niveau", on_delete=models.PROTECT, related_name="+")
    source = models.CharField("origine", max_length=7, choices=Source)
    assessed_skill = models.ForeignKey(
        AssessedSkill, verbose_name="évaluation de l’entreprise", null=True, blank=True, on_delete=models.PROTECT,
        related_name="validations",
    )  # fmt: skip
    seen_on = models.DateField("vue le")
    # Why the school decides by itself, or otherwise than the company said.
    reason = models.TextField("motif", blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="validée par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    validated_at = models.DateTimeField("validée le", db_default=Now(), editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="retirée par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField("motif du retrait", blank=True, editable=False)

    class Meta:
        verbose_name = "compétence validée"
        verbose_name_plural = "compétences validées"
        ordering = ["-validated_at", "-pk"]
        indexes = [
            models.Index(fields=["trainee", "skill"], name="validation_by_trainee"),
            models.Index(fields=["school", "-validated_at"], name="validation_by_school"),
            models.Index(fields=["skill", "-id"], condition=Q(withdrawn_at=None), name="validation_by_skill"),
            # The rows behind a figure of one school, latest first.
            models.Index(fields=["school", "-id"], condition=Q(withdrawn_at=None), name="validation_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assessed_skill"], condition=Q(withdrawn_at=None, assessed_skill__isnull=False),
                name="assessed_skill_validated_once", violation_error_message="Cette compétence est déjà validée.",
            ),
            models.UniqueConstraint(
                fields=["pathway", "skill"], condition=Q(withdrawn_at=None, source="school"),
                name="skill_validated_by_school_once",
                violation_error_message="L’école a déjà validé cette compétence dans ce parcours.",
            ),
            models.CheckConstraint(
                condition=Q(source="company", assessed_skill__isnull=False)
                | Q(source="school", assessed_skill=None) & ~Q(reason=""),
                name="validation_says_where_from",
                violation_error_message="Écrivez dans quelle situation l’école a vu cette compétence.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="validation_withdrawal_says_why",
                violation_error_message="Écrivez pourquoi cette validation est retirée.",
            ),
            without_nir("validation_without_nir", "reason", "withdrawal_reason"),
        ]  # fmt: skip
        triggers = [
            triggers.never_deleted(),
            triggers.frozen_columns(
                "school_id", "pathway_id", "trainee_id", "skill_id", "level_id", "source", "assessed_skill_id", "seen_on",
                "reason", "validated_by_id", "validated_at", name="decided_once",
            ),
            triggers.frozen_columns(
                "withdrawn_by_id", "withdrawn_at", "withdrawal_reason", when_sql="OLD.withdrawn_at IS NOT NULL",
                name="withdrawn_once",
            ),
            pgtrigger.Trigger(
                name="of_what_was_seen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"{OF_ITS_SCHOOL}"  # noqa: S608  our own constants
                "IF NOT EXISTS (SELECT 1 FROM trainees_skilllevel l JOIN trainees_skill s ON s.framework_id = l.framework_id "
                "WHERE l.id = NEW.level_id AND s.id = NEW.skill_id AND l.is_acquired) THEN "
                "RAISE EXCEPTION 'À ce niveau, la compétence n’est pas acquise : elle ne se valide pas.' "
                "USING ERRCODE = 'check_violation'; END IF; "
                "IF NEW.assessed_skill_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trainees_assessedskill a "
                "JOIN trainees_companyassessment e ON e.id = a.assessment_id JOIN trainees_internship i ON i.id = e.internship_id "
                "WHERE a.id = NEW.assessed_skill_id AND a.skill_id = NEW.skill_id AND i.pathway_id = NEW.pathway_id "
                "AND e.status IN ('submitted', 'returned', 'validated')) THEN "
                "RAISE EXCEPTION 'Cette compétence n’est pas dans une évaluation remise de ce parcours.' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            TALLIED_WHEN_VALIDATED,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.skill} : {self.level}"

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "reason", "withdrawal_reason")


class Evidence(models.Model):
    """A photo or a paper that a trainee keeps to show what they can do. The file is cleaned and made anew before it is kept.

    Retention: with the pathway; removed at once, file included, when the trainee or the school removes it.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="+")
    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="evidence")
    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="evidence")
    internship = models.ForeignKey(
        Internship, verbose_name="stage", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    skill = models.ForeignKey(
        Skill, verbose_name="compétence", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("titre", max_length=120)
    words = models.TextField("ce qu’elle montre", blank=True)
    file = models.CharField("fichier", max_length=200, blank=True, editable=False)
    mime = models.CharField("format", max_length=40, blank=True, editable=False)
    sha256 = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField("taille en octets", default=0, editable=False)
    # Nobody when the trainee added it by their link.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajoutée par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    added_at = models.DateTimeField("ajoutée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "preuve"
        verbose_name_plural = "preuves"
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["trainee", "-added_at"], name="evidence_by_trainee")]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="", mime="", sha256="", size=0) | ~Q(file="") & Q(size__gt=0), name="evidence_file_is_whole",
                violation_error_message="Ce fichier n’a pas été gardé en entier : choisissez-le de nouveau.",
            ),
            without_nir("evidence_without_nir", "title", "words"),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="of_its_school",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("pathway_id", "trainee_id", "school_id"),
                func=f"{OF_ITS_SCHOOL}RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="of_its_own_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("internship_id", "trainee_id"),
                condition=pgtrigger.Q(new__internship_id__isnull=False),
                func="IF NOT EXISTS (SELECT 1 FROM trainees_internship i WHERE i.id = NEW.internship_id "
                "AND i.trainee_id = NEW.trainee_id) THEN "
                "RAISE EXCEPTION 'Ce stage est celui d’une autre personne.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def filename(self) -> str:
        """The name under which it is downloaded."""
        return f"{self.public_id}{PurePath(self.file).suffix}"

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "title", "words")


class SkillsCertificate(ChecksAtOnce, models.Model):
    """One version of the attestation of acquired skills (ACA) of a pathway. `content` is what was attested, as plain values.

    Numbered without a gap by school and year. Retention: kept with the pathway, and as long as the document it made.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="certificates")
    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="certificates")
    trainee = models.ForeignKey(
        Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="certificates"
    )
    version = models.PositiveSmallIntegerField("version", default=1)
    year = models.PositiveSmallIntegerField("année", editable=False)
    rank = models.PositiveIntegerField("rang dans l’année", editable=False)
    minutes_at_school = models.PositiveIntegerField("minutes à l’école", editable=False)
    minutes_in_company = models.PositiveIntegerField("minutes en entreprise", editable=False)
    content = models.JSONField("contenu attesté", editable=False)
    sha256 = models.CharField("empreinte du contenu", max_length=64, editable=False)
    # What the trainee lets the page of verification show: names of life.certificates.PARTS.
    shown = models.JSONField("montré à qui vérifie", default=list, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="émise par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    issued_at = models.DateTimeField("émise le", db_default=Now(), editable=False)
    status = models.CharField(
        "état", max_length=10, default=certificate_life.ISSUED, editable=False,
        choices=[(name, state.label) for name, state in certificate_life.STATES.items()],
    )  # fmt: skip
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="révoquée ou remplacée par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    ended_at = models.DateTimeField("révoquée ou remplacée le", null=True, blank=True, editable=False)
    ended_reason = models.TextField("motif", blank=True, editable=False)

    class Meta:
        verbose_name = "attestation de compétences acquises"
        verbose_name_plural = "attestations de compétences acquises"
        ordering = ["-issued_at", "-pk"]
        indexes = [
            # To the last column of the order: many are issued in one evening, and all of the network's would be walked instead.
            models.Index(fields=["school", "-issued_at", "-id"], name="certificate_latest"),
            # The network reads all schools at once, the latest first.
            models.Index(fields=["-issued_at", "-id"], name="certificate_anywhere"),
            # The list that tells which credentials ended is read by anybody who verifies: few rows, whatever the years.
            models.Index(fields=["school", "id"], condition=~Q(status="issued"), name="certificate_ended"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "version"], name="certificate_version_once"),
            models.UniqueConstraint(
                fields=["pathway"], condition=Q(status="issued"), name="certificate_one_in_force",
                violation_error_message="Une attestation de ce parcours est déjà en vigueur.",
            ),
            models.UniqueConstraint(fields=["school", "year", "rank"], name="certificate_number_once"),
            models.CheckConstraint(
                condition=Q(status__in=list(certificate_life.STATES)), name="certificate_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="issued", ended_by=None, ended_at=None, ended_reason="")
                | ~Q(status="issued") & Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(ended_reason=""),
                name="certificate_end_says_why",
                violation_error_message="Écrivez pourquoi cette attestation ne vaut plus.",
            ),
            models.CheckConstraint(
                condition=Q(shown__contained_by=list(certificate_life.PARTS)), name="certificate_shows_known_parts",
                violation_error_message="Choisissez ce que montre la vérification parmi ce qui est proposé.",
            ),
            without_nir("certificate_without_nir", "ended_reason"),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(certificate_life.ISSUED),
            triggers.follows(certificate_life.PAIRS),
            triggers.never_deleted(),
            triggers.frozen_columns(
                "public_id", "school_id", "pathway_id", "trainee_id", "version", "year", "rank", "minutes_at_school",
                "minutes_in_company", "content", "sha256", "issued_by_id", "issued_at", name="attested_for_good",
            ),
            triggers.frozen_columns(
                "ended_by_id", "ended_at", "ended_reason", when_sql="OLD.status = 'revoked'", name="revoked_for_good"
            ),
            pgtrigger.Trigger(
                name="next_number",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "integer")],
                # Whoever numbers waits for the one before: no gap, even when two schools' clerks press together.
                func=f"{OF_ITS_SCHOOL}"  # noqa: S608  our own constants
                "PERFORM pg_advisory_xact_lock(hashtextextended('certificate/' || NEW.school_id || '/' || NEW.year, 0)); "
                "SELECT max(rank) INTO last FROM trainees_skillscertificate WHERE school_id = NEW.school_id AND year = NEW.year; "
                "IF NEW.rank <> COALESCE(last, 0) + 1 THEN "
                "RAISE EXCEPTION 'Ce numéro d’attestation est pris ou saute un rang : recommencez.' "
                "USING ERRCODE = 'check_violation'; END IF; "
                "IF NEW.year <> extract(year FROM (now() AT TIME ZONE 'Europe/Paris')) THEN "
                "RAISE EXCEPTION 'Une attestation porte l’année de son émission.' USING ERRCODE = 'check_violation'; END IF; "
                "RETURN NEW;",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Attestation {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:certificate", args=[self.pk])

    @property
    def number(self) -> str:
        """The number people read: ACA-2026-0007-0012 (year, school, rank)."""
        return f"ACA-{self.year}-{self.school_id:04d}-{self.rank:04d}"

    @property
    def state(self) -> State:
        return certificate_life.STATES[self.status]
