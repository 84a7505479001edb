"""Reference data loaded from open files: trades (ROME) and communes, each in a vintage, so that history survives updates."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from e2c_portal.kernel.search import folded


class ReferenceDataset(models.Model):
    """One loaded file: what it is, its vintage, its licence. The current one serves new entries. Retention: kept."""

    class Kind(models.TextChoices):
        TRADES = "trades", "Métiers (ROME)"
        COMMUNES = "communes", "Communes"

    kind = models.CharField("référentiel", max_length=10, choices=Kind)
    vintage = models.CharField("millésime", max_length=40)
    source = models.CharField("source", max_length=250)
    licence = models.CharField("licence", max_length=100)
    is_sample = models.BooleanField("extrait", default=False, help_text="Une partie seulement du référentiel.")
    is_current = models.BooleanField("en service", default=False)
    rows = models.PositiveIntegerField("lignes", default=0)
    loaded_at = models.DateTimeField("chargé le", db_default=Now())
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="chargé par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "référentiel chargé"
        verbose_name_plural = "référentiels chargés"
        ordering = ["kind", "-loaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "vintage"], name="reference_vintage_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(is_current=True),
                name="reference_one_current",
                violation_error_message="Un autre référentiel vient d’être mis en service : rechargez la page pour "
                "voir lequel.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.vintage}"


class Trade(models.Model):
    """A trade of the ROME: a letter and four digits. Retention: kept with its vintage."""

    dataset = models.ForeignKey(ReferenceDataset, on_delete=models.PROTECT, related_name="trades")
    code = models.CharField("code ROME", max_length=5)
    label = models.CharField("métier", max_length=200)
    search = models.GeneratedField(expression=folded("label", "code"), output_field=models.TextField(), db_persist=True)

    class Meta:
        verbose_name = "métier"
        verbose_name_plural = "métiers"
        ordering = ["label"]
        indexes = [GinIndex(OpClass("search", name="gin_trgm_ops"), name="trade_by_words")]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "code"], name="trade_once_per_vintage"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-N][0-9]{4}$"), name="trade_code",
                violation_error_message="Un code ROME a une lettre et quatre chiffres : G1602.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label} ({self.code})"


class TradeTitle(models.Model):
    """A name by which people call a trade (appellation): « Commis de cuisine ». Retention: kept with its vintage."""

    trade = models.ForeignKey(Trade, on_delete=models.CASCADE, related_name="titles")
    code = models.CharField("code OGR", max_length=6, blank=True)
    label = models.CharField("appellation", max_length=200)
    search = models.GeneratedField(expression=folded("label"), output_field=models.TextField(), db_persist=True)

    class Meta:
        verbose_name = "appellation"
        verbose_name_plural = "appellations"
        ordering = ["label"]
        indexes = [GinIndex(OpClass("search", name="gin_trgm_ops"), name="trade_title_by_words")]
        constraints = [models.UniqueConstraint(fields=["trade", "label"], name="trade_title_once")]

    def __str__(self) -> str:
        return self.label


class Commune(models.Model):
    """A commune and its centre, in degrees. Retention: kept with its vintage."""

    dataset = models.ForeignKey(ReferenceDataset, on_delete=models.PROTECT, related_name="communes")
    code = models.CharField("code officiel géographique", max_length=5)
    name = models.CharField("nom", max_length=150)
    postal_codes = models.CharField("codes postaux", max_length=250, blank=True, help_text="Séparés par une espace.")
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5)
    search = models.GeneratedField(
        expression=folded("name", "postal_codes"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "communes"
        ordering = ["name", "code"]
        indexes = [
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="commune_by_words"),
            models.Index(fields=["dataset", "latitude", "longitude"], name="commune_by_place"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "code"], name="commune_once_per_vintage"),
            models.CheckConstraint(condition=Q(code__regex=r"^([0-9]{2}|2[AB])[0-9]{3}$"), name="commune_code"),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="commune_on_earth"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code[:3] if self.code.startswith('97') else self.code[:2]})"
