"""Frameworks of skills (référentiels) as data: versions, domains, skills and levels. Loaded from a file, never invented here."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.workflow import State
from trainees.life import frameworks as life

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


def _of_a_draft(framework_of: str) -> pgtrigger.Trigger:
    """Refuse any change to the parts of a version that is no longer a draft: old assessments keep the words they used."""
    return pgtrigger.Trigger(
        name="part_of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("reached", "text")],
        func=f"SELECT f.status INTO reached FROM trainees_skillframework f WHERE f.id = ({framework_of}) FOR SHARE; "  # noqa: S608
        "IF reached IS DISTINCT FROM 'draft' THEN RAISE EXCEPTION "
        "'Ce référentiel est en vigueur ou fermé : son texte ne change plus. Chargez une nouvelle version.' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN COALESCE(NEW, OLD);",
    )


class SkillFramework(ChecksAtOnce, models.Model):
    """One version of a framework. Several may be in force side by side, one version of each.

    Retention: kept as long as an assessment uses it.
    """

    class Kind(models.TextChoices):
        NETWORK = "network", "Référentiel du réseau"
        TRADE = "trade", "Compétences techniques d’un métier"
        CLEA = "clea", "Socle CléA"
        OTHER = "other", "Autre référentiel"

    code = models.CharField("code", max_length=40, help_text="Le même d’une version à l’autre.")
    version = models.PositiveSmallIntegerField("version", default=1)
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=10, choices=Kind)
    source = models.CharField("source", max_length=300, help_text="Qui l’a écrit, et où le lire.")
    # A sample is shown as one wherever it is read: nobody takes it for an official framework.
    is_example = models.BooleanField("exemple", default=False)
    rome_codes = ArrayField(
        models.CharField(max_length=5), verbose_name="métiers (codes ROME)", default=list, blank=True,
        help_text="Vide : il vaut pour tous les métiers.",
    )  # fmt: skip
    file_sha256 = models.CharField("empreinte du fichier chargé", max_length=64, blank=True, editable=False)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="chargé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    loaded_at = models.DateTimeField("chargé le", db_default=Now(), editable=False)
    published_on = models.DateField("en vigueur depuis le", null=True, blank=True, editable=False)
    retired_on = models.DateField("fermé le", null=True, blank=True, editable=False)
    status = models.CharField(
        "état", max_length=10, default=life.DRAFT, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip

    class Meta:
        verbose_name = "référentiel de compétences"
        verbose_name_plural = "référentiels de compétences"
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="framework_version_once",
                violation_error_message="Cette version du référentiel existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="published"), name="framework_one_in_force",
                violation_error_message="Une autre version de ce référentiel est en vigueur : fermez-la d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=CODE), name="framework_code_readable",
                violation_error_message="Le code d’un référentiel tient en minuscules, chiffres et tirets : corrigez "
                "le fichier, puis chargez-le de nouveau.",
            ),
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="framework_status_known"),
            models.CheckConstraint(
                condition=Q(status="draft", published_on=None, retired_on=None)
                | Q(status="published", published_on__isnull=False, retired_on=None)
                | Q(status="retired", published_on__isnull=False, retired_on__gte=F("published_on")),
                name="framework_dates_follow_its_state",
                violation_error_message="Les dates de ce référentiel ne vont pas avec son état : rechargez la page, "
                "puis recommencez.",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.DRAFT),
            triggers.follows(life.PAIRS),
            triggers.frozen_columns(
                "code", "version", "name", "kind", "source", "is_example", "rome_codes", "file_sha256", "published_on",
                when_sql="OLD.status <> 'draft'", name="settled_once_published",
            ),
            pgtrigger.Trigger(
                name="kept_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status="draft"),
                func="RAISE EXCEPTION 'Un référentiel publié ne se supprime pas : fermez-le.' "
                "USING ERRCODE = 'restrict_violation';",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}{' (exemple)' if self.is_example else ''}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:framework", args=[self.pk])

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    def is_in_force_on(self, day: date) -> bool:
        """Say whether assessments of that day may use it."""
        if self.published_on is None or day < self.published_on:
            return False
        return self.retired_on is None or day <= self.retired_on


class SkillLevel(models.Model):
    """One step of the scale of a framework. From `is_acquired` up, a skill may be validated. Retention: with its framework."""

    framework = models.ForeignKey(SkillFramework, on_delete=models.CASCADE, related_name="levels")
    rank = models.PositiveSmallIntegerField("rang")
    name = models.CharField("niveau", max_length=60)
    meaning = models.CharField("ce que cela veut dire", max_length=300)
    is_acquired = models.BooleanField("compétence acquise", default=False)

    class Meta:
        verbose_name = "niveau"
        verbose_name_plural = "niveaux"
        ordering = ["framework", "rank"]
        constraints = [models.UniqueConstraint(fields=["framework", "rank"], name="skill_level_once")]
        triggers = [_of_a_draft("COALESCE(NEW.framework_id, OLD.framework_id)")]

    def __str__(self) -> str:
        return self.name


class SkillDomain(models.Model):
    """A family of skills. Retention: with its framework."""

    framework = models.ForeignKey(SkillFramework, on_delete=models.CASCADE, related_name="domains")
    position = models.PositiveSmallIntegerField("rang")
    code = models.CharField("code", max_length=20)
    name = models.CharField("domaine", max_length=200)

    class Meta:
        verbose_name = "domaine de compétences"
        verbose_name_plural = "domaines de compétences"
        ordering = ["framework", "position"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="skill_domain_once"),
            models.UniqueConstraint(fields=["framework", "position"], name="skill_domain_place"),
        ]
        triggers = [_of_a_draft("COALESCE(NEW.framework_id, OLD.framework_id)")]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something a trainee can do, in the words of a workplace. Retention: with its framework."""

    framework = models.ForeignKey(SkillFramework, on_delete=models.CASCADE, related_name="skills")
    domain = models.ForeignKey(SkillDomain, verbose_name="domaine", on_delete=models.CASCADE, related_name="skills")
    position = models.PositiveSmallIntegerField("rang")
    code = models.CharField("code", max_length=20)
    name = models.CharField("compétence", max_length=200)
    description = models.CharField("en situation de travail", max_length=400, blank=True)

    class Meta:
        verbose_name = "compétence"
        verbose_name_plural = "compétences"
        ordering = ["framework", "domain__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="skill_once"),
            models.UniqueConstraint(fields=["domain", "position"], name="skill_place"),
        ]
        triggers = [
            _of_a_draft("COALESCE(NEW.framework_id, OLD.framework_id)"),
            pgtrigger.Trigger(
                name="skill_of_its_domain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="IF NOT EXISTS (SELECT 1 FROM trainees_skilldomain d WHERE d.id = NEW.domain_id "
                "AND d.framework_id = NEW.framework_id) THEN "
                "RAISE EXCEPTION 'Ce domaine est celui d’un autre référentiel.' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SkillLevelWords(models.Model):
    """What a level looks like for one skill, when the file says it: « rend la monnaie sans aide ». Retention: with its framework."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="level_words")
    level = models.ForeignKey(SkillLevel, on_delete=models.CASCADE, related_name="+")
    words = models.CharField("ce que l’on voit", max_length=300)

    class Meta:
        verbose_name = "niveau décrit"
        verbose_name_plural = "niveaux décrits"
        ordering = ["skill", "level__rank"]
        constraints = [models.UniqueConstraint(fields=["skill", "level"], name="skill_level_words_once")]
        triggers = [
            _of_a_draft(
                "SELECT s.framework_id FROM trainees_skill s WHERE s.id = COALESCE(NEW.skill_id, OLD.skill_id)"
            ),
            pgtrigger.Trigger(
                name="level_of_its_skill",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="IF NOT EXISTS (SELECT 1 FROM trainees_skill s JOIN trainees_skilllevel l ON l.framework_id = s.framework_id "
                "WHERE s.id = NEW.skill_id AND l.id = NEW.level_id) THEN "
                "RAISE EXCEPTION 'Ce niveau est celui d’un autre référentiel.' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.words
