"""Who comes to an edition: registrations, their steps, and the places they take in sessions with a limit."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse

from assises.life import registrations as life
from assises.models.editions import Category, Edition
from assises.models.place_guards import CONSENT_OF_A_MINOR, GIVES_ITS_SESSIONS_BACK, WITHIN_THE_PLACES, WITHIN_THE_SEATS
from assises.models.programme import Session
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.models import StateMove
from e2c_portal.kernel.search import folded
from e2c_portal.kernel.workflow import State
from partnerships.models import Company
from schools.models import School
from trainees.models import Trainee
from trainees.models.nir import refuse_nir_in, without_nir

TYPED = ("first_name", "last_name", "organisation", "job_title", "access_needs", "image_consent_by")
SHA256 = r"^[0-9a-f]{64}$"


class Registration(ChecksAtOnce, models.Model):
    """One person registered to one edition, without account.

    The ticket (what the QR code holds) is never stored: it is derived from `public_id` and a key of the server
    (reads.tickets), and known again by its SHA-256.
    Retention: name, address, needs and answers are erased as many months after the day as the edition says; the row stays,
    without them, for the counts.
    """

    class Origin(models.TextChoices):
        LINK = "link", "Par lien personnel"
        SCHOOL = "school", "Par son école"
        COMPANY = "company", "Par son entreprise"
        REGION = "region", "Par la Région"

    public_id = models.UUIDField("identifiant", default=uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="registrations")
    category = models.CharField("catégorie", max_length=12, choices=Category)
    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    organisation = models.CharField("organisme", max_length=200, blank=True)
    job_title = models.CharField("fonction", max_length=150, blank=True)
    school = models.ForeignKey(
        School, verbose_name="école", null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    company = models.ForeignKey(
        Company,
        verbose_name="entreprise",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    trainee = models.ForeignKey(
        Trainee, verbose_name="stagiaire", null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    origin = models.CharField("inscrite", max_length=8, choices=Origin, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="inscrite par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField("inscrite le", db_default=Now(), editable=False)
    access_needs = models.TextField(
        "besoins pour venir et participer", blank=True,
        help_text="Par exemple : place pour un fauteuil, interprète en langue des signes, pause. N’écrivez rien de médical.",
    )  # fmt: skip
    image_consent = models.BooleanField("accepte d’être pris en photo", null=True, blank=True)
    image_consent_by = models.CharField("accord donné par", max_length=150, blank=True)
    image_consent_at = models.DateTimeField("accord donné le", null=True, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(
        "priorité", default=0, help_text="0 : l’ordre d’arrivée. Un nombre plus grand passe avant."
    )
    waiting_since = models.DateTimeField("en attente depuis", null=True, blank=True, editable=False)
    offered_until = models.DateTimeField("place gardée jusqu’au", null=True, blank=True, editable=False)
    ticket_serial = models.PositiveSmallIntegerField("numéro du billet", default=1, editable=False)
    ticket_sha256 = models.CharField("empreinte du billet", max_length=64, unique=True, editable=False)
    # Raised each time the workshops change, and begun where an earlier registration of the same address ended: a calendar keeps
    # the greatest (RFC 5545, SEQUENCE), which the steps of the registration raise too (reads.own_calendar).
    calendar_serial = models.PositiveIntegerField("numéro de l’agenda", default=0, db_default=0, editable=False)
    purged_at = models.DateTimeField("effacée le", null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    status = models.CharField(
        "état", max_length=10, default=life.ASKED, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    search = models.GeneratedField(
        expression=folded("last_name", "first_name", "last_name"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        ordering = ["search", "pk"]
        indexes = [
            models.Index(fields=["edition", "search", "id"], name="registration_by_name"),
            models.Index(fields=["edition", "status", "category"], name="registration_by_state"),
            models.Index(fields=["edition", "school", "search"], name="registration_by_school"),
            models.Index(
                "edition", "category", F("priority").desc(), "waiting_since", "id",
                condition=Q(status=life.WAITING), name="registration_waiting_list",
            ),
            models.Index(fields=["offered_until"], condition=Q(status=life.OFFERED), name="registration_offers"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                "edition", Lower("email"), condition=~Q(email="") & Q(status__in=life.ACTIVE),
                name="registration_once_per_email",
                violation_error_message="Une inscription existe déjà avec cette adresse électronique.",
            ),
            models.UniqueConstraint(
                "edition", "trainee", condition=Q(trainee__isnull=False, status__in=life.ACTIVE),
                name="registration_once_per_trainee",
                violation_error_message="Ce stagiaire est déjà inscrit.",
            ),
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="registration_status_known"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="registration_category_known"),
            models.CheckConstraint(
                condition=Q(origin__in=["link", "school", "company", "region"]), name="registration_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=False) | (~Q(first_name="") & ~Q(last_name="")), name="registration_has_a_name",
                violation_error_message="Indiquez le prénom et le nom.",
            ),
            models.CheckConstraint(
                condition=Q(purged_at=None)
                | Q(first_name="", last_name="", email="", organisation="", job_title="", access_needs="",
                    image_consent_by="", trainee=None),
                name="registration_purged_names_nobody",
                violation_error_message="Les noms de cette inscription sont effacés : elle ne se change plus. "
                "Inscrivez la personne de nouveau.",
            ),
            models.CheckConstraint(
                condition=Q(trainee=None) | Q(category=Category.TRAINEE, school__isnull=False),
                name="registration_of_a_trainee_of_a_school",
                violation_error_message="Un stagiaire s’inscrit comme stagiaire de son école : choisissez la "
                "catégorie « Stagiaires » et l’école.",
            ),
            models.CheckConstraint(
                condition=~Q(category__in=[Category.TRAINEE, Category.STAFF]) | Q(school__isnull=False) | Q(purged_at__isnull=False)
                | Q(origin="region"), name="registration_of_a_school",
                violation_error_message="Indiquez l’école.",
            ),
            models.CheckConstraint(
                condition=~Q(category=Category.COMPANY) | Q(company__isnull=False) | ~Q(organisation="")
                | Q(purged_at__isnull=False), name="registration_of_a_company",
                violation_error_message="Indiquez l’entreprise.",
            ),
            models.CheckConstraint(
                condition=Q(status=life.OFFERED, offered_until__isnull=False)
                | (~Q(status=life.OFFERED) & Q(offered_until=None)), name="registration_offer_has_an_end",
                violation_error_message="Une place proposée se garde jusqu’à une heure dite : rechargez la page, "
                "puis recommencez.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[life.WAITING, life.OFFERED]) | Q(waiting_since__isnull=False),
                name="registration_waits_since",
                violation_error_message="Une inscription en attente dit depuis quand : rechargez la page, puis "
                "recommencez.",
            ),
            models.CheckConstraint(
                condition=Q(image_consent=None, image_consent_at=None)
                | Q(image_consent__isnull=False, image_consent_at__isnull=False), name="registration_image_answer_is_dated",
                violation_error_message="La réponse sur les photos dit quand elle a été donnée : répondez de nouveau.",
            ),
            models.CheckConstraint(
                condition=Q(ticket_sha256__regex=SHA256), name="registration_ticket_stored_hashed",
                violation_error_message="Le billet de cette inscription n’a pas pu être fait : rechargez la page, "
                "puis recommencez.",
            ),
            without_nir("registration_without_nir", *TYPED),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.ASKED),
            triggers.follows(life.REGISTRATION_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("assises_registrationmove", "registration_id"),
            triggers.never_deleted(),
            triggers.frozen_columns("public_id", "edition_id", "origin", "created_at", name="registration_settled"),
            triggers.frozen_columns(
                "purged_at", "first_name", "last_name", "email", "trainee_id",
                when_sql="OLD.purged_at IS NOT NULL", name="purged_for_good",
            ),
            CONSENT_OF_A_MINOR,
            WITHIN_THE_PLACES,
            GIVES_ITS_SESSIONS_BACK,
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("assises:registration", args=[self.edition.year, self.pk])

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, *TYPED)

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def full_name(self) -> str:
        """First and last names; what is left to say of a person once erased."""
        return f"{self.first_name} {self.last_name}".strip() or "Personne effacée"

    @property
    def sorted_name(self) -> str:
        """The name as lists sort it: « PONS Léa »."""
        return f"{self.last_name.upper()} {self.first_name}".strip() or self.full_name

    @property
    def is_active(self) -> bool:
        return self.status in life.ACTIVE

    @property
    def holds_a_place(self) -> bool:
        return self.status in life.HOLDING_A_PLACE


class RegistrationMove(StateMove):
    """One step of a registration. Nobody is named when the person, a company by its link, or the clock made it.

    Retention: with its registration; the reason is erased with the names.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="moves")
    actor = models.ForeignKey(  # type: ignore[assignment]  # empty where no account acts
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "étape d’une inscription"
        verbose_name_plural = "étapes des inscriptions"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["registration", "rank"], name="registration_move_once")]
        triggers = [
            triggers.follows_a_change("assises_registrationmove", "assises_registration", "registration_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"


class SessionPlace(models.Model):
    """A place taken in a session with a limit. Given back with the registration. Retention: with its registration."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="session_places")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="places_taken")
    taken_at = models.DateTimeField("prise le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "place dans un atelier"
        verbose_name_plural = "places dans les ateliers"
        constraints = [models.UniqueConstraint(fields=["registration", "session"], name="session_place_once")]
        triggers = [WITHIN_THE_SEATS]

    def __str__(self) -> str:
        return f"{self.registration} : {self.session}"
