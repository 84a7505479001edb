"""Finding a host: what is known of the places that welcome, who was approached, the places they offer, the visits to tutors."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from partnerships.models import CompanyContact, Establishment
from schools.models import School
from trainees.models.hosting_guards import (
    CONTACT_OF_HOST,
    PERIOD_COVERS_USES,
    PLACE_LEFT,
    PLACES_COVER_USES,
    TRAINEE_OF_SCHOOL,
    WITHIN_THE_PERIOD,
)
from trainees.models.internships import Internship
from trainees.models.people import Trainee, refuse_nir_in
from trainees.models.references import Trade


def without_nir(name: str, *fields: str) -> models.CheckConstraint:
    """Return the CHECK that no free text of a table holds what looks like a social security number."""
    condition = Q()
    for field in fields:
        condition &= ~Q(**{f"{field}__regex": NIR_PATTERN})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=REFUSAL)


class YesNo(models.TextChoices):
    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "", "Non connu"


class HostProfile(ChecksAtOnce, models.Model):
    """What the schools know of a place that welcomes, or may: shared by the network, so it names no trainee.

    Retention: with its establishment.
    """

    establishment = models.OneToOneField(
        Establishment, verbose_name="établissement", on_delete=models.PROTECT, related_name="host_profile"
    )
    takes_minors = models.CharField("accueille des mineurs", max_length=3, choices=YesNo, blank=True, default="")
    trades = models.ManyToManyField(Trade, verbose_name="métiers", blank=True, related_name="+")
    remarks = models.TextField(
        "à savoir", blank=True, max_length=2000,
        help_text="Accès, horaires, tenue, qui appeler. Lu par toutes les écoles : aucun nom de stagiaire.",
    )  # fmt: skip
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="mise à jour par", on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    updated_at = models.DateTimeField("mise à jour le", auto_now=True)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "fiche d’accueil"
        verbose_name_plural = "fiches d’accueil"
        ordering = ["establishment"]
        constraints = [
            models.CheckConstraint(condition=Q(takes_minors__in=["", "yes", "no"]), name="host_takes_minors_known"),
            without_nir("host_without_nir", "remarks"),
        ]

    def __str__(self) -> str:
        return f"Fiche d’accueil de {self.establishment}"

    def clean(self) -> None:
        refuse_nir_in(self, "remarks")


class InternshipOffer(ChecksAtOnce, models.Model):
    """Places that an establishment offers, seen by all schools of the network. Counted down by `OfferUse`.

    Told by somebody of a school or of the Région (`recorded_by`), or by the company from its space (`proposed_by`).
    Retention: with its establishment; it names no trainee.
    """

    establishment = models.ForeignKey(
        Establishment, verbose_name="établissement", on_delete=models.PROTECT, related_name="internship_offers"
    )
    trade = models.ForeignKey(Trade, verbose_name="métier", on_delete=models.PROTECT, related_name="offers")
    places = models.PositiveSmallIntegerField("nombre de places", default=1)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au")
    takes_minors = models.CharField("ouvert aux mineurs", max_length=3, choices=YesNo, blank=True, default="")
    prerequisites = models.TextField(
        "ce qui est demandé", blank=True, max_length=2000, help_text="Permis, tenue, horaires… Aucun nom de stagiaire."
    )
    contact = models.ForeignKey(
        CompanyContact, verbose_name="à contacter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    school = models.ForeignKey(
        School, verbose_name="recueillie par", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="enregistrée par", null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        CompanyContact, verbose_name="proposée par", null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="proposed_offers",
    )  # fmt: skip
    form_key = models.UUIDField("clé du formulaire", null=True, blank=True, unique=True, editable=False)
    recorded_at = models.DateTimeField("enregistrée le", db_default=Now(), editable=False)
    closed_on = models.DateField("fermée le", null=True, blank=True, editable=False)
    closing_reason = models.CharField("motif de fermeture", max_length=250, blank=True)

    class Meta:
        verbose_name = "offre de stage"
        verbose_name_plural = "offres de stage"
        ordering = ["starts_on", "pk"]
        indexes = [
            models.Index(fields=["ends_on"], condition=Q(closed_on=None), name="offer_not_closed"),
            # The list, by its order: those that are over are passed in the index itself.
            models.Index(fields=["starts_on", "id", "ends_on"], condition=Q(closed_on=None), name="offer_by_start"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="offer_ends_after_it_starts",
                violation_error_message="La dernière date ne peut pas précéder la première.",
            ),
            models.CheckConstraint(
                condition=Q(places__range=(1, 500)), name="offer_has_places",
                violation_error_message="Indiquez entre 1 et 500 places.",
            ),
            models.CheckConstraint(condition=Q(takes_minors__in=["", "yes", "no"]), name="offer_takes_minors_known"),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False, proposed_by=None) | Q(recorded_by=None, proposed_by__isnull=False),
                name="offer_told_by_somebody",
                violation_error_message="Une offre est recueillie par une personne du réseau ou proposée par "
                "l’entreprise, pas par les deux : rechargez la page, puis recommencez.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closing_reason="") | Q(closed_on__isnull=False) & ~Q(closing_reason=""),
                name="offer_closed_says_why",
                violation_error_message="Écrivez pourquoi l’offre se ferme.",
            ),
            without_nir("offer_without_nir", "prerequisites", "closing_reason"),
        ]  # fmt: skip
        triggers = [PLACES_COVER_USES, PERIOD_COVERS_USES, CONTACT_OF_HOST, triggers.never_deleted()]

    def __str__(self) -> str:
        return f"{self.trade.label}, {self.establishment}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:offer", args=[self.pk])

    def clean(self) -> None:
        refuse_nir_in(self, "prerequisites", "closing_reason")
        if self._state.adding and self.ends_on and self.ends_on < timezone.localdate():
            raise ValidationError({"ends_on": "Cette date est passée : l’offre serait close aussitôt."})


class OfferUse(models.Model):
    """An internship takes a place of an offer. Retention: with the internship; taken back by mistake, it may be removed."""

    offer = models.ForeignKey(InternshipOffer, verbose_name="offre", on_delete=models.PROTECT, related_name="uses")
    internship = models.OneToOneField(
        Internship, verbose_name="stage", on_delete=models.PROTECT, related_name="offer_use"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="prise par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    taken_at = models.DateTimeField("prise le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "place prise"
        verbose_name_plural = "places prises"
        ordering = ["taken_at", "pk"]
        triggers = [
            PLACE_LEFT,
            WITHIN_THE_PERIOD,
            triggers.frozen_columns("offer_id", "internship_id", name="taken_for_good"),
        ]

    def __str__(self) -> str:
        return f"Place de l’offre n° {self.offer_id}"


class Approach(ChecksAtOnce, models.Model):
    """Somebody of a school contacted an establishment (démarche), for a trainee, for a trade, or for later.

    Seen within its school only; the network sees how many. What was said stays as it was written; only what is settled is
    added. Retention: two years after it was made, with the trainee’s file when it names one.
    """

    class Means(models.TextChoices):
        CALL = "call", "Appel"
        VISIT = "visit", "Visite"
        MAIL = "mail", "Courriel ou courrier"
        MEETING = "meeting", "Salon, forum, rencontre"

    class Answer(models.TextChoices):
        WAITING = "waiting", "Pas encore de réponse"
        YES = "yes", "Oui"
        NO = "no", "Non"
        CALL_BACK = "call_back", "À rappeler"

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="approaches")
    establishment = models.ForeignKey(
        Establishment, verbose_name="établissement", on_delete=models.PROTECT, related_name="approaches"
    )
    contact = models.ForeignKey(
        CompanyContact, verbose_name="avec", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    trainee = models.ForeignKey(
        Trainee, verbose_name="pour", null=True, blank=True, on_delete=models.PROTECT, related_name="approaches"
    )
    trade = models.ForeignKey(
        Trade, verbose_name="métier", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="faite par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_on = models.DateField("date")
    means = models.CharField("comment", max_length=10, choices=Means)
    answer = models.CharField("réponse", max_length=10, choices=Answer, default=Answer.WAITING)
    note = models.CharField("ce qui s’est dit", max_length=500, blank=True)
    next_action = models.CharField("prochaine action", max_length=200, blank=True)
    next_on = models.DateField("le", null=True, blank=True)
    settled_on = models.DateField("fait le", null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="fait par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    recorded_at = models.DateTimeField("notée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "démarche"
        verbose_name_plural = "démarches"
        ordering = ["-made_on", "-pk"]
        indexes = [
            models.Index(fields=["school", "-made_on", "-id"], name="approach_by_school"),
            models.Index(fields=["school", "next_on"], condition=Q(settled_on=None), name="approach_to_follow"),
            models.Index(fields=["establishment", "-made_on"], name="approach_by_host"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer="call_back") | Q(next_on__isnull=False), name="approach_call_back_has_a_day",
                violation_error_message="Indiquez quand rappeler.",
            ),
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gte=F("made_on")), name="approach_next_comes_after",
                violation_error_message="La prochaine action ne peut pas précéder la démarche.",
            ),
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_by=None) | Q(settled_on__isnull=False, settled_by__isnull=False),
                name="approach_settled_by_somebody",
                violation_error_message="Une démarche close dit par qui et quel jour : rechargez la page, puis "
                "recommencez.",
            ),
            without_nir("approach_without_nir", "note", "next_action"),
        ]  # fmt: skip
        triggers = [
            TRAINEE_OF_SCHOOL, CONTACT_OF_HOST,
            triggers.frozen_columns(
                "school_id", "establishment_id", "contact_id", "trainee_id", "trade_id", "made_by_id", "made_on", "means",
                "answer", "note", "next_action", "next_on", name="said_for_good",
            ),
            triggers.never_deleted(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_means_display()} du {self.made_on:%d/%m/%Y}"

    def clean(self) -> None:
        refuse_nir_in(self, "note", "next_action")
        errors = {}
        if self.made_on and self.made_on > timezone.localdate():
            errors["made_on"] = "Une démarche se note une fois faite : corrigez la date."
        if self.answer == self.Answer.CALL_BACK and not self.next_on:
            errors["next_on"] = "Indiquez quand rappeler."
        if self.next_action and not self.next_on:
            errors["next_on"] = "Indiquez le jour de la prochaine action."
        if errors:
            raise ValidationError(errors)

    def is_late_on(self, day: date) -> bool:
        """Say whether what was to follow waits for longer than planned."""
        return self.settled_on is None and self.next_on is not None and self.next_on < day


class TutorVisit(ChecksAtOnce, models.Model):
    """A meeting with the tutor during an internship, planned then written up. Retention: with the internship."""

    class Mode(models.TextChoices):
        ON_SITE = "on_site", "Visite sur place"
        PHONE = "phone", "Téléphone"
        VIDEO = "video", "Visioconférence"

    internship = models.ForeignKey(
        Internship, verbose_name="stage", on_delete=models.PROTECT, related_name="tutor_visits"
    )
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="+", editable=False)
    planned_on = models.DateField("prévue le")
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="tutor_visits"
    )
    mode = models.CharField("comment", max_length=10, choices=Mode, default=Mode.ON_SITE)
    done_on = models.DateField("faite le", null=True, blank=True)
    report = models.TextField("compte rendu", blank=True, max_length=4000)
    next_step = models.CharField("suite à donner", max_length=250, blank=True)
    cancelled_on = models.DateField("annulée le", null=True, blank=True, editable=False)
    cancel_reason = models.CharField("motif d’annulation", max_length=250, blank=True)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="prévue par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("enregistrée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "visite au tuteur"
        verbose_name_plural = "visites aux tuteurs"
        ordering = ["planned_on", "pk"]
        indexes = [
            models.Index(
                fields=["school", "planned_on"], condition=Q(done_on=None, cancelled_on=None), name="visit_to_do"
            ),
            models.Index(fields=["school", "-planned_on", "-id"], name="visit_by_school"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, report="") | Q(done_on__isnull=False) & ~Q(report=""),
                name="visit_done_is_written_up", violation_error_message="Une visite faite a un compte rendu.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None, cancel_reason="")
                | Q(cancelled_on__isnull=False, done_on=None) & ~Q(cancel_reason=""),
                name="visit_cancelled_says_why", violation_error_message="Écrivez pourquoi la visite est annulée.",
            ),
            without_nir("visit_without_nir", "report", "next_step", "cancel_reason"),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="school_of_its_internship",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("school_id", "internship_id"),
                func="SELECT school_id INTO NEW.school_id FROM trainees_internship WHERE id = NEW.internship_id; RETURN NEW;",
            ),
            triggers.frozen_columns("internship_id", "school_id", name="place_settled"),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} du {self.planned_on:%d/%m/%Y}"

    def clean(self) -> None:
        refuse_nir_in(self, "report", "next_step", "cancel_reason")
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({"done_on": "Un compte rendu s’écrit une fois la visite faite : corrigez la date."})

    @property
    def is_to_do(self) -> bool:
        return self.done_on is None and self.cancelled_on is None
