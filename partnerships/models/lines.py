"""The lines of a convention: its articles, what the company promises, who signs."""

from django.db import models
from django.db.models import Q

from e2c_portal.kernel.checks import ChecksAtOnce
from partnerships.models import convention_rules as rules
from partnerships.models.conventions import PartnershipConvention


class ConventionArticle(models.Model):
    """A numbered article. Retention: with its convention."""

    convention = models.ForeignKey(PartnershipConvention, on_delete=models.CASCADE, related_name="articles")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=200)
    body = models.TextField("texte", help_text="Un paragraphe par ligne ; un tiret en début de ligne fait une liste.")

    class Meta:
        verbose_name = "article"
        verbose_name_plural = "articles"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "number"], name="article_number_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]
        triggers = [rules.editable_parent_only()]

    def __str__(self) -> str:
        return f"Article {self.number} – {self.title}"


class Commitment(ChecksAtOnce, models.Model):
    """What the company promises. The target stays empty when the promise has no figure. Retention: with its convention."""

    class Kind(models.TextChoices):
        INTERNSHIPS = "internships", "Accueil en stage"
        TUTORS = "tutors", "Tuteurs"
        VISITS = "visits", "Visites d’entreprise"
        MOCK_INTERVIEWS = "mock_interviews", "Simulations d’entretien"
        JOBS = "jobs", "Emplois et alternance"
        APPRENTICESHIP_TAX = "apprenticeship_tax", "Taxe d’apprentissage"
        SKILL_VALIDATION = "skill_validation", "Validation des compétences techniques"
        PROMOTION = "promotion", "Promotion des métiers"
        OTHER = "other", "Autre engagement"

    class Rhythm(models.TextChoices):
        WHOLE = "whole", "sur toute la durée"
        YEARLY = "yearly", "par année de convention"

    convention = models.ForeignKey(PartnershipConvention, on_delete=models.CASCADE, related_name="commitments")
    position = models.PositiveSmallIntegerField("ordre")
    kind = models.CharField("engagement", max_length=30, choices=Kind)
    description = models.CharField("précision", max_length=300, blank=True)
    target = models.PositiveIntegerField("cible", null=True, blank=True)
    unit = models.CharField("unité", max_length=40, blank=True)
    period = models.CharField("période", max_length=60, blank=True)
    rhythm = models.CharField(
        "se compte", max_length=10, choices=Rhythm, default=Rhythm.WHOLE, db_default=Rhythm.WHOLE,
        help_text="Pour suivre la cible ; la convention imprime seulement la période ci-dessus.",
    )  # fmt: skip

    class Meta:
        verbose_name = "engagement"
        verbose_name_plural = "engagements"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "position"], name="commitment_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(kind__in=["internships", "tutors", "visits", "mock_interviews", "jobs", "apprenticeship_tax", "skill_validation", "promotion", "other"]), name="commitment_kind_known"),
            models.CheckConstraint(condition=Q(rhythm__in=["whole", "yearly"]), name="commitment_rhythm_known"),
            models.CheckConstraint(
                condition=Q(target=None) | ~Q(unit=""), name="commitment_target_has_a_unit",
                violation_error_message="Une cible chiffrée a une unité : stages, heures, euros…",
            ),
        ]  # fmt: skip
        triggers = [rules.editable_parent_only()]

    def __str__(self) -> str:
        return self.get_kind_display()


class ConventionSignatory(models.Model):
    """Who signs for a side. The name stays empty when no source gives it (archives only). Retention: with its convention."""

    class Side(models.TextChoices):
        REGION = "region", "Pour la Région"
        COMPANY = "company", "Pour l’entreprise"

    convention = models.ForeignKey(PartnershipConvention, on_delete=models.CASCADE, related_name="signatories")
    side = models.CharField("partie", max_length=10, choices=Side)
    position = models.PositiveSmallIntegerField("ordre")
    full_name = models.CharField("nom complet", max_length=150, blank=True)
    quality = models.CharField("qualité", max_length=200)
    email = models.EmailField("adresse électronique", blank=True)

    class Meta:
        verbose_name = "signataire"
        verbose_name_plural = "signataires"
        ordering = ["-side", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "side", "position"], name="signatory_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(side__in=["region", "company"]), name="signatory_side_known"),
        ]  # fmt: skip
        triggers = [rules.editable_parent_only()]

    def __str__(self) -> str:
        return self.full_name or self.quality
