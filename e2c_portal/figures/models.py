"""What the figures keep ready: cells counted from the rows, what changed since, what was erased, and what was published."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from partnerships.models import Establishment
from schools.models import School

NETWORK = "n"


class FigureCell(models.Model):
    """One number of one civil year: of a school (« s12 »), of a department (« d34 ») or of the whole network (« n »).

    Deduced from the rows and written anew when they change (counting.py): it holds no fact of its own. Retention: as its rows.
    """

    place = models.CharField("lieu", max_length=24)
    year = models.PositiveSmallIntegerField("année")
    measure = models.CharField("mesure", max_length=40)
    number = models.BigIntegerField("nombre")

    class Meta:
        verbose_name = "nombre tenu prêt"
        verbose_name_plural = "nombres tenus prêts"
        constraints = [models.UniqueConstraint(fields=["place", "year", "measure"], name="figure_cell_once")]
        indexes = [models.Index(fields=["year", "measure"], name="figure_cell_by_year")]

    def __str__(self) -> str:
        return f"{self.measure} {self.year} ({self.place}) : {self.number}"


class FigureChange(models.Model):
    """Rows of a school changed: its numbers of a family are to be counted again, for one year or for all when none is said.

    Written by triggers of the database in the transaction of the change, so that no figure lies in the meantime: whoever reads
    counts those schools from their rows. Retention: until they are counted again, a minute or so.
    """

    # 0 for the rows without a school, empty for every school at once. No key: a mark never holds anybody.
    school_number = models.BigIntegerField("école", null=True)
    family = models.CharField("famille", max_length=12)
    year = models.PositiveSmallIntegerField("année", null=True)
    at = models.DateTimeField("noté le", db_default=Now())

    class Meta:
        verbose_name = "changement à recompter"
        verbose_name_plural = "changements à recompter"

    def __str__(self) -> str:
        return f"{self.family} {self.year or ''}".strip()


class FigureCount(models.Model):
    """When everything was counted for the last time, and as known on which day. One row. Retention: written over."""

    one = models.BooleanField(default=True, unique=True, editable=False)
    day = models.DateField("arrêté au")
    at = models.DateTimeField("compté le")

    class Meta:
        verbose_name = "comptage"
        verbose_name_plural = "comptages"
        constraints = [models.CheckConstraint(condition=Q(one=True), name="figure_count_one_row")]

    def __str__(self) -> str:
        return f"Comptage du {self.day:%d/%m/%Y}"


class ErasedCount(models.Model):
    """What the erased files still count, by school, year and measure: numbers, never a person. Retention: kept (RGPD, art. 89)."""

    school = models.ForeignKey(School, verbose_name="école", null=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("année")
    measure = models.CharField("mesure", max_length=40)
    number = models.BigIntegerField("nombre")

    class Meta:
        verbose_name = "nombre conservé après effacement"
        verbose_name_plural = "nombres conservés après effacement"
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year", "measure"], nulls_distinct=False, name="erased_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year} : {self.number}"


class ErasedHost(models.Model):
    """A place that received somebody of a school in a year, whose file was erased since. Retention: kept; it names nobody."""

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(
        Establishment, verbose_name="établissement", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField("année")

    class Meta:
        verbose_name = "accueil conservé après effacement"
        verbose_name_plural = "accueils conservés après effacement"
        constraints = [models.UniqueConstraint(fields=["year", "school", "establishment"], name="erased_host_once")]

    def __str__(self) -> str:
        return f"{self.establishment} {self.year}"


NEXT_VERSION = pgtrigger.Trigger(
    name="next_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="IF NEW.number <> (SELECT COALESCE(max(number), 0) + 1 FROM figures_publishedyear WHERE year = NEW.year) THEN "
    "RAISE EXCEPTION 'Une autre version de ces chiffres existe déjà : rechargez la page.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class PublishedYear(models.Model):
    """One version of the public figures of a year: plain values, each with its rule, small numbers hidden before they are written.

    Never changed: a correction is a new version that says why. Retention: kept; numbers by department, about nobody.
    """

    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField("contenu")
    data_sha256 = models.CharField("empreinte des chiffres", max_length=64)
    changes = models.JSONField("ce qui change", default=list, blank=True)
    reason = models.CharField("motif de la correction", max_length=250, blank=True)
    counted_on = models.DateField("arrêté au")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="publié par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    published_at = models.DateTimeField("publié le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "année publiée"
        verbose_name_plural = "années publiées"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="published_year_version_once"),
            models.CheckConstraint(condition=Q(data_sha256__regex=r"^[0-9a-f]{64}$"), name="published_year_fingerprint"),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | Q(number__gt=1) & ~Q(reason=""), name="published_year_says_why",
                violation_error_message="Écrivez pourquoi ces chiffres sont corrigés.",
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=NIR_PATTERN), name="published_year_without_nir", violation_error_message=REFUSAL
            ),
        ]  # fmt: skip
        triggers = [triggers.immutable(), NEXT_VERSION]

    def __str__(self) -> str:
        return f"Chiffres de {self.year}, version {self.number}"


# The yearly report keeps its models beside it; Django looks for them here.
from e2c_portal.figures.annual.models import AnnualReport, AnnualReportDraft  # noqa: E402, F401
