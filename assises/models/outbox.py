"""The messages that the Région writes to registered people, and how far each one is."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from assises.life import outbox as life
from assises.life import registrations
from assises.models.editions import Category, Edition
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.workflow import State
from schools.models import School
from trainees.models.nir import refuse_nir_in, without_nir

WRITTEN = ("subject_line", "body", "categories", "states", "school_id", "presence")


class OutboxMessage(ChecksAtOnce, models.Model):
    """One message to some of the people of an edition. Each person's own e-mail is a row of mailing, about this record.

    Who receives it is read when it leaves, from the choices written here; an address receives it once.
    Retention: the text and its figures stay with the edition; the e-mails, which name people, go with their names.
    """

    class Presence(models.TextChoices):
        ANY = "any", "Venues ou non"
        CAME = "came", "Venues"
        ABSENT = "absent", "Pas venues"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="outbox")
    subject_line = models.CharField("objet", max_length=150)
    body = models.TextField("message", max_length=5000)
    categories = ArrayField(
        models.CharField(max_length=12, choices=Category.choices), verbose_name="catégories", default=list, blank=True
    )
    states = ArrayField(
        models.CharField(max_length=10, choices=[(name, state.label) for name, state in registrations.STATES.items()]),
        verbose_name="états de l’inscription",
        default=list,
    )
    school = models.ForeignKey(
        School, verbose_name="école", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    presence = models.CharField("présence", max_length=6, choices=Presence, default=Presence.ANY)
    send_at = models.DateTimeField("à envoyer le", null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="écrit par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    written_at = models.DateTimeField("écrit le", db_default=Now(), editable=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    status = models.CharField(
        "état", max_length=10, default=life.DRAFT, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    recipients = models.PositiveIntegerField("destinataires", default=0, editable=False)
    asked = models.PositiveIntegerField("messages demandés", default=0, editable=False)
    refused = models.PositiveIntegerField("adresses refusées", default=0, editable=False)
    # How far the list was walked: the registrations are taken in the order of their keys.
    reached = models.BigIntegerField("dernière inscription traitée", default=0, editable=False)
    queued_at = models.DateTimeField("mis en file le", null=True, blank=True, editable=False)
    claim = models.UUIDField("prise en charge", null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField("essais sans progrès", default=0, editable=False)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True, editable=False)
    # What the e-mails told, once they are erased.
    kept_figures = models.JSONField("bilan gardé", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "message aux inscrits"
        verbose_name_plural = "messages aux inscrits"
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(fields=["edition", "-written_at", "-id"], name="outbox_by_edition"),
            models.Index(fields=["send_at"], condition=Q(status=life.PLANNED), name="outbox_planned"),
            models.Index(fields=["queued_at"], condition=Q(status=life.SENDING), name="outbox_to_watch"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="outbox_status_known"),
            models.CheckConstraint(condition=Q(presence__in=["any", "came", "absent"]), name="outbox_presence_known"),
            models.CheckConstraint(
                condition=~Q(states=[]), name="outbox_for_somebody",
                violation_error_message="Choisissez au moins un état de l’inscription.",
            ),
            models.CheckConstraint(
                condition=~Q(subject_line="") & ~Q(body="") & ~Q(subject_line__regex=r"[\r\n]"), name="outbox_says_something",
                violation_error_message="Écrivez l’objet, sur une ligne, et le message.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.PLANNED) | Q(send_at__isnull=False), name="outbox_planned_has_a_moment",
                violation_error_message="Dites quand l’envoyer.",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_at=None)
                | Q(claim__isnull=False, claimed_at__isnull=False, status=life.SENDING), name="outbox_claimed_while_sending",
                violation_error_message="Ce message est en cours d’envoi : attendez qu’il soit parti, puis rechargez "
                "la page.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[life.SENT, life.CANCELLED], finished_at__isnull=False)
                | ~Q(status__in=[life.SENT, life.CANCELLED]) & Q(finished_at=None), name="outbox_finished_has_a_date",
                violation_error_message="Un message parti ou annulé dit quand : rechargez la page, puis recommencez.",
            ),
            without_nir("outbox_without_nir", "subject_line", "body"),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.DRAFT),
            triggers.follows(life.LIFE),
            triggers.frozen_columns("edition_id", "written_by_id", "written_at", name="outbox_settled"),
            # What was counted and previewed is what leaves.
            triggers.frozen_columns(*WRITTEN, when_sql="OLD.status <> 'draft'", name="outbox_text_settled"),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return self.subject_line

    def get_absolute_url(self) -> str:
        return reverse("assises:message", args=[self.edition.year, self.pk])

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "subject_line", "body")

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def is_under_way(self) -> bool:
        return self.status == life.SENDING
