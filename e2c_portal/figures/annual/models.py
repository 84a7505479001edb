"""The yearly activity report: the words that the Région prepares, then the versions that it publishes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from trainees.models.nir import refuse_nir_in, without_nir

KIND = "figures.annual_report"
SHA256 = r"^[0-9a-f]{64}$"


class AnnualReportDraft(ChecksAtOnce, models.Model):
    """The introduction of a report being prepared, one for each year. Retention: kept; public words, about nobody."""

    year = models.PositiveSmallIntegerField("année", unique=True)
    introduction = models.TextField(
        "introduction", blank=True, max_length=6000,
        help_text="Facultative. Une ligne vide sépare deux paragraphes. Ne nommez aucun stagiaire.",
    )  # fmt: skip
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="écrite par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    written_at = models.DateTimeField("écrite le", auto_now=True)

    class Meta:
        verbose_name = "introduction d’un rapport d’activité"
        verbose_name_plural = "introductions des rapports d’activité"
        ordering = ["-year"]
        constraints = [without_nir("annual_draft_without_nir", "introduction")]

    def __str__(self) -> str:
        return f"Introduction du rapport {self.year}"

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "introduction")


NEXT_VERSION = pgtrigger.Trigger(
    name="next_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="IF NEW.year >= EXTRACT(YEAR FROM now() AT TIME ZONE 'Europe/Paris') THEN "
    "RAISE EXCEPTION 'Le rapport d’une année se fait quand elle est finie.' USING ERRCODE = 'check_violation'; END IF; "
    "IF NEW.number <> (SELECT COALESCE(max(number), 0) + 1 FROM figures_annualreport WHERE year = NEW.year) THEN "
    "RAISE EXCEPTION 'Une autre version de ce rapport existe déjà : rechargez la page.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class AnnualReport(ChecksAtOnce, models.Model):
    """One version of the report of a year: its figures with their rules, small numbers hidden before they are written.

    Never changed: a correction is a new version that says what changes. Retention: kept; it names no private person.
    """

    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField("contenu figé")
    data_sha256 = models.CharField("empreinte des chiffres", max_length=64)
    changes = models.JSONField("ce qui change", default=list, blank=True)
    reason = models.CharField("motif de la correction", max_length=250, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="arrêté par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField("arrêté le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "rapport d’activité"
        verbose_name_plural = "rapports d’activité"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="annual_report_version_once"),
            models.CheckConstraint(condition=Q(data_sha256__regex=SHA256), name="annual_report_fingerprint"),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | Q(number__gt=1) & ~Q(reason=""), name="annual_report_says_why",
                violation_error_message="Écrivez ce que cette version corrige.",
            ),
            without_nir("annual_report_without_nir", "reason"),
        ]  # fmt: skip
        triggers = [NEXT_VERSION, triggers.immutable()]

    def __str__(self) -> str:
        return f"Rapport d’activité {self.year}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("figures:report", args=[self.year])

    @property
    def reference(self) -> str:
        """The lasting name of the version: RA-2025-v1."""
        return f"RA-{self.year}-v{self.number}"
