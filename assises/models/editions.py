"""An edition of the Assises: one a year, one day, one place."""

from datetime import datetime, time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from assises.life import editions as life
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.models import StateMove
from e2c_portal.kernel.workflow import State
from partnerships.models import SigningEvent


class Category(models.TextChoices):
    """Who comes."""

    TRAINEE = "trainee", "Stagiaires"
    STAFF = "staff", "Équipes des écoles"
    COMPANY = "company", "Entreprises"
    INSTITUTION = "institution", "Institutions"
    PRESS = "press", "Presse"


class Edition(ChecksAtOnce, models.Model):
    """The Assises of a year. Retention: kept; it names nobody but its contact."""

    year = models.PositiveSmallIntegerField(
        "année", unique=True, error_messages={"unique": "Cette année a déjà son édition."}
    )
    name = models.CharField("nom", max_length=200)
    theme = models.CharField("thème", max_length=200, blank=True)
    held_on = models.DateField("date")
    starts_at = models.TimeField("de", null=True, blank=True)
    ends_at = models.TimeField("à", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("ville", max_length=100, blank=True)
    access = models.TextField("venir, et accessibilité", blank=True)
    presentation = models.TextField("présentation", blank=True)
    contact_email = models.EmailField("adresse électronique de contact", blank=True)
    contact_phone = models.CharField("téléphone de contact", max_length=20, blank=True)
    registration_opens_at = models.DateTimeField("ouverture des inscriptions", null=True, blank=True)
    registration_closes_at = models.DateTimeField("clôture des inscriptions", null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        "personnes au plus",
        null=True,
        blank=True,
        help_text="Toutes catégories ensemble. Vide : rien ne limite le total.",
    )
    offer_hours = models.PositiveSmallIntegerField(
        "heures pour accepter une place proposée", default=48, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    categories_on_approval = ArrayField(
        models.CharField(max_length=12, choices=Category.choices),
        verbose_name="catégories à accepter une par une",
        default=list,
        blank=True,
    )
    people_kept_months = models.PositiveSmallIntegerField(
        "mois avant d’effacer les noms",
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text="Après la journée. Les nombres restent. Cette durée est écrite sur la page d’inscription.",
    )
    ceremony = models.OneToOneField(
        SigningEvent, verbose_name="cérémonie de signature", null=True, blank=True, on_delete=models.PROTECT,
        related_name="edition", error_messages={"unique": "Cette cérémonie est déjà celle d’une autre édition."},
    )  # fmt: skip
    sources = models.TextField("sources", blank=True, help_text="Pour une édition passée : d’où viennent ces faits.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="préparée par",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField("créée le", db_default=Now(), editable=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    status = models.CharField(
        "état", max_length=10, default=life.DRAFT, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = "édition des Assises"
        verbose_name_plural = "éditions des Assises"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__year=F("year")), name="edition_of_its_year",
                violation_error_message="La date n’est pas dans l’année de l’édition.",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")), name="edition_ends_later",
                violation_error_message="La journée finit après avoir commencé : indiquez les deux heures.",
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at=None, registration_closes_at=None)
                | Q(
                    registration_opens_at__isnull=False, registration_closes_at__isnull=False,
                    registration_closes_at__gt=F("registration_opens_at"),
                ),
                name="edition_registration_closes_later",
                violation_error_message="Indiquez l’ouverture et la clôture des inscriptions, dans cet ordre.",
            ),
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="edition_status_known"),
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^\d{5}$"), name="edition_postal_code",
                violation_error_message="Un code postal a cinq chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(places=None) | Q(places__gt=0), name="edition_welcomes_somebody",
                violation_error_message="Une édition accueille au moins une personne.",
            ),
            models.CheckConstraint(
                condition=Q(offer_hours__range=(1, 240)), name="edition_offer_lasts",
                violation_error_message="Une place proposée se garde de 1 à 240 heures.",
            ),
            models.CheckConstraint(
                condition=Q(people_kept_months__range=(1, 36)), name="edition_forgets_people",
                violation_error_message="Les noms s’effacent de 1 à 36 mois après la journée.",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.DRAFT),
            triggers.follows(life.EDITION_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("assises_editionmove", "edition_id"),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("assises:edition", args=[self.year])

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def place_line(self) -> str:
        """Where it is, on one line."""
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.place, self.address, town) if part)

    def moment(self, clock: time) -> datetime:
        """Return a time of the day as a moment."""
        return timezone.make_aware(datetime.combine(self.held_on, clock))


class EditionMove(StateMove):
    """One step in the life of an edition. Retention: with its edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’une édition"
        verbose_name_plural = "étapes des éditions"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "rank"], name="edition_move_once")]
        triggers = [
            triggers.follows_a_change("assises_editionmove", "assises_edition", "edition_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"


class Quota(models.Model):
    """How many people of a category an edition welcomes. Retention: with its edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="quotas")
    category = models.CharField("catégorie", max_length=12, choices=Category)
    places = models.PositiveSmallIntegerField("places")

    class Meta:
        verbose_name = "quota"
        verbose_name_plural = "quotas"
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "category"], name="quota_once"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="quota_category_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} : {self.places}"
