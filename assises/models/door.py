"""The door: the posts that scan, what is checked there, and every scan, counted or refused."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from assises.models.editions import Edition
from assises.models.programme import Session
from assises.models.registrations import Registration
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from trainees.models.nir import refuse_nir_in, without_nir


class DoorPost(ChecksAtOnce, models.Model):
    """One person with a phone at one door of an edition, who may scan and nothing else. Retention: with its edition,
    whose erasure of people empties `holder_name` and `holder_email`.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="door_posts")
    name = models.CharField("porte", max_length=60)
    holder_name = models.CharField("tenue par", max_length=150, blank=True)
    holder_email = models.EmailField("adresse électronique", blank=True)
    closed_at = models.DateTimeField("fermée le", null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        verbose_name = "porte"
        verbose_name_plural = "portes"
        ordering = ["edition", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"], name="door_post_once", violation_error_message="Cette porte existe déjà."
            ),
            without_nir("door_post_without_nir", "name", "holder_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "name", "holder_name")


SESSION_OF_EDITION = pgtrigger.Trigger(
    name="session_of_its_edition",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("session_id", "edition_id"),
    condition=pgtrigger.Q(new__session__isnull=False),
    func="IF NOT EXISTS (SELECT 1 FROM assises_session s WHERE s.id = NEW.session_id AND s.edition_id = NEW.edition_id) THEN "
    "RAISE EXCEPTION 'Ce temps est celui d’une autre édition.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class Checkpoint(ChecksAtOnce, models.Model):
    """What is counted: a half-day, or a session. A person counts once in each. Retention: with its edition."""

    class Kind(models.TextChoices):
        HALF_DAY = "half_day", "Demi-journée"
        SESSION = "session", "Temps du programme"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="checkpoints")
    kind = models.CharField("nature", max_length=8, choices=Kind)
    name = models.CharField("contrôle", max_length=120)
    session = models.ForeignKey(
        Session,
        verbose_name="temps du programme",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="checkpoints",
    )
    opens_at = models.TimeField("de")
    closes_at = models.TimeField("à")
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        verbose_name = "contrôle"
        verbose_name_plural = "contrôles"
        ordering = ["edition", "opens_at", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"], name="checkpoint_once", violation_error_message="Ce contrôle existe déjà."
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(session__isnull=False), name="checkpoint_once_per_session",
                violation_error_message="Ce temps a déjà son contrôle.",
            ),
            models.CheckConstraint(
                condition=Q(kind="half_day", session=None) | Q(kind="session", session__isnull=False), name="checkpoint_of_its_kind",
                violation_error_message="Un contrôle est celui d’une demi-journée, ou d’un temps du programme.",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="checkpoint_closes_later",
                violation_error_message="La fin vient après le début.",
            ),
        ]  # fmt: skip
        triggers = [SESSION_OF_EDITION]

    def __str__(self) -> str:
        return self.name


# What is left of a reason once the names are erased.
ERASED_REASON = "Motif effacé avec les noms"
SCAN_OF_ONE_EDITION = pgtrigger.Trigger(
    name="scan_of_one_edition",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="IF EXISTS (SELECT 1 FROM assises_checkpoint c WHERE c.id = NEW.checkpoint_id AND c.edition_id <> NEW.edition_id) "
    "OR EXISTS (SELECT 1 FROM assises_doorpost d WHERE d.id = NEW.post_id AND d.edition_id <> NEW.edition_id) "
    "OR (NEW.outcome = 'ok' AND NOT EXISTS (SELECT 1 FROM assises_registration r WHERE r.id = NEW.registration_id "
    "AND r.edition_id = NEW.edition_id)) THEN "
    "RAISE EXCEPTION 'Ce passage mêle deux éditions.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class Scan(models.Model):
    """One reading of a ticket at a checkpoint, counted (« ok ») or refused with its reason. Never changed, but to void it.

    `nonce` is made by the device, once a scan: sent again after a cut, it is the same scan. The code read is never kept.
    Retention: with its edition; it names nobody once its registration is erased.
    """

    class Outcome(models.TextChoices):
        OK = "ok", "Présence comptée"
        UNKNOWN = "unknown", "Billet inconnu"
        OTHER_EDITION = "other_edition", "Billet d’une autre édition"
        CANCELLED = "cancelled", "Inscription annulée"
        NOT_CONFIRMED = "not_confirmed", "Inscription sans place"
        WRONG_LIST = "wrong_list", "Pas inscrit à ce temps"
        OUTSIDE_TIME = "outside_time", "Hors des heures du contrôle"
        ALREADY_IN = "already_in", "Déjà compté"

    class Way(models.TextChoices):
        CAMERA = "camera", "Appareil photo"
        KEYBOARD = "keyboard", "Lecteur ou clavier"
        NAME = "name", "Recherche par nom"
        PAPER = "paper", "Feuille d’émargement"

    nonce = models.UUIDField("identifiant du passage", unique=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="scans")
    checkpoint = models.ForeignKey(Checkpoint, verbose_name="contrôle", on_delete=models.PROTECT, related_name="scans")
    registration = models.ForeignKey(
        Registration, verbose_name="inscription", null=True, blank=True, on_delete=models.PROTECT, related_name="scans"
    )
    outcome = models.CharField("réponse", max_length=14, choices=Outcome)
    way = models.CharField("moyen", max_length=8, choices=Way)
    post = models.ForeignKey(
        DoorPost, verbose_name="porte", null=True, blank=True, on_delete=models.PROTECT, related_name="scans"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="saisi par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    scanned_at = models.DateTimeField("passé le")
    received_at = models.DateTimeField("reçu le", db_default=Now())
    was_offline = models.BooleanField("gardé pendant une coupure", default=False)
    was_forced = models.BooleanField("entrée accordée à la porte", default=False)
    voided_at = models.DateTimeField("annulé le", null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="annulé par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    void_reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        verbose_name = "passage"
        verbose_name_plural = "passages"
        ordering = ["-scanned_at", "-pk"]
        indexes = [
            models.Index(fields=["edition", "-scanned_at", "-id"], name="scan_by_time"),
            models.Index(fields=["checkpoint", "outcome"], name="scan_by_checkpoint"),
        ]
        constraints = [
            # Whatever the door, the replay or the paper: a person counts once.
            models.UniqueConstraint(
                fields=["checkpoint", "registration"], condition=Q(outcome="ok", voided_at=None), name="scan_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["ok", "unknown", "other_edition", "cancelled", "not_confirmed", "wrong_list",
                                         "outside_time", "already_in"]),
                name="scan_outcome_known",
            ),
            models.CheckConstraint(condition=Q(way__in=["camera", "keyboard", "name", "paper"]), name="scan_way_known"),
            models.CheckConstraint(condition=Q(outcome="unknown") | Q(registration__isnull=False), name="scan_of_somebody"),
            models.CheckConstraint(
                condition=Q(post__isnull=False) | Q(entered_by__isnull=False), name="scan_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")), name="scan_voided_with_a_reason",
                violation_error_message="Dites pourquoi ce passage est annulé.",
            ),
        ]  # fmt: skip
        triggers = [
            SCAN_OF_ONE_EDITION,
            triggers.never_deleted(),
            triggers.frozen_columns(
                "nonce", "edition_id", "checkpoint_id", "registration_id", "outcome", "way", "post_id", "entered_by_id",
                "scanned_at", "received_at", "was_offline", "was_forced", name="scan_settled",
            ),
            triggers.frozen_columns(
                "voided_at", "voided_by_id", when_sql="OLD.voided_at IS NOT NULL", name="voided_for_good"
            ),
            # The reason, typed freely, goes with the names of the edition (operations.purging) and changes in no other way.
            triggers.frozen_columns(
                "void_reason", when_sql=f"OLD.voided_at IS NOT NULL AND NEW.void_reason <> '{ERASED_REASON}'",
                name="void_reason_kept",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.checkpoint})"
