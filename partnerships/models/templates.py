"""Templates of conventions: the usual articles of a year, with variables that each new convention fills in."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from e2c_portal.kernel import triggers
from partnerships.models.conventions import PartnershipConvention


class ConventionTemplate(models.Model):
    """A text to start from. Retention: kept while useful; a used one is retired, never removed."""

    class Kind(models.TextChoices):
        FRAMEWORK = "framework", "Partenariat général"
        INTERNSHIPS = "internships", "Accueil en stage"
        JOBS = "jobs", "Emploi et alternance"
        SPONSORSHIP = "sponsorship", "Parrainage et mécénat"

    name = models.CharField("nom du modèle", max_length=150)
    kind = models.CharField("type", max_length=20, choices=Kind, default=Kind.FRAMEWORK)
    year = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    title = models.CharField("titre de la convention", max_length=200)
    object = models.CharField("objet", max_length=200, default="Partenariat général")
    preamble = models.TextField("préambule", blank=True)
    visas = models.TextField("visas (Vu…)", blank=True, help_text="Un visa par ligne, sans le mot « Vu ».")
    recitals = models.TextField(
        "considérants", blank=True, help_text="Un considérant par ligne, sans le mot « Considérant »."
    )
    duration_months = models.PositiveSmallIntegerField(
        "durée en mois", default=36, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    renewal = models.CharField(
        "renouvellement", max_length=10, default="express",
        choices=[choice for choice in PartnershipConvention.Renewal.choices if choice[0]],
    )  # fmt: skip
    renewal_months = models.PositiveSmallIntegerField(
        "durée de chaque reconduction, en mois", null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Pour une reconduction tacite seulement.",
    )  # fmt: skip
    renewal_limit = models.PositiveSmallIntegerField(
        "nombre de reconductions au plus", null=True, blank=True, validators=[MaxValueValidator(50)],
        help_text="Pour une reconduction tacite seulement. Laissez vide s’il n’y a pas de limite.",
    )  # fmt: skip
    notice_months = models.PositiveSmallIntegerField(
        "préavis en mois", null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    retired = models.BooleanField("retiré", default=False, help_text="Un modèle retiré n’est plus proposé.")
    revision = models.PositiveIntegerField("révision", default=1, editable=False)

    class Meta:
        verbose_name = "modèle de convention"
        verbose_name_plural = "modèles de convention"
        ordering = ["-year", "kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "kind", "name"], name="template_once",
                violation_error_message="Un modèle de ce type porte déjà ce nom cette année-là.",
            ),
            models.CheckConstraint(
                condition=~Q(renewal="tacit") & Q(renewal_months=None, renewal_limit=None)
                | Q(renewal="tacit", renewal_months__isnull=False, renewal_months__range=(1, 120), notice_months__isnull=False),
                name="template_tacit_has_a_length",
                violation_error_message="Une reconduction tacite dit son préavis et la durée de chaque reconduction ; les autres n’ont pas de durée de reconduction.",
            ),
        ]  # fmt: skip
        triggers = [triggers.never_deleted()]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"


class TemplateArticle(models.Model):
    """An article of a template. Retention: with its template."""

    template = models.ForeignKey(ConventionTemplate, on_delete=models.CASCADE, related_name="articles")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=200)
    body = models.TextField("texte", help_text="Un paragraphe par ligne ; un tiret en début de ligne fait une liste.")

    class Meta:
        verbose_name = "article de modèle"
        verbose_name_plural = "articles de modèle"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"],
                name="template_article_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"Article {self.number} – {self.title}"
