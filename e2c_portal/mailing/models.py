"""Messages that wait, leave and come back: e-mails and text messages share one life."""

import uuid
from datetime import datetime

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.utils import timezone

from e2c_portal.kernel import triggers
from e2c_portal.kernel.search import folded

SHA256 = r"^[0-9a-f]{64}$"


class Status(models.TextChoices):
    QUEUED = "queued", "En attente"
    SENDING = "sending", "Envoi en cours"
    GROUPED = "grouped", "Dans le message du jour"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "En échec"
    BOUNCED = "bounced", "Revenu"
    CANCELLED = "cancelled", "Annulé"


LIFE = [
    (Status.QUEUED, Status.SENDING),
    (Status.QUEUED, Status.GROUPED),
    (Status.QUEUED, Status.CANCELLED),
    (Status.SENDING, Status.SENT),
    (Status.SENDING, Status.QUEUED),
    (Status.SENDING, Status.FAILED),
    (Status.SENDING, Status.CANCELLED),
    (Status.SENDING, Status.BOUNCED),
    (Status.GROUPED, Status.SENT),
    (Status.GROUPED, Status.FAILED),
    (Status.GROUPED, Status.BOUNCED),
    (Status.GROUPED, Status.CANCELLED),
    (Status.SENT, Status.BOUNCED),
    (Status.FAILED, Status.QUEUED),
    (Status.FAILED, Status.GROUPED),
    (Status.FAILED, Status.CANCELLED),
    (Status.BOUNCED, Status.QUEUED),
    (Status.BOUNCED, Status.GROUPED),
]
WAITING = [Status.QUEUED, Status.SENDING, Status.GROUPED]
# What a message is looked for by.
MAIL_WORDS = ("subject_line", "name", "email")
SMS_WORDS = ("phone",)
ASKED_COLUMNS = (
    "public_id", "kind", "subject", "context", "content_sha256", "dedup_key", "requested_at", "earliest_at", "not_after",
)  # fmt: skip


def waiting_rows_stay() -> pgtrigger.Trigger:
    """Refuse the removal of a message that has not left: nothing asked for is ever lost in silence."""
    return pgtrigger.Trigger(
        name="waiting_rows_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Q(old__status__in=[str(status) for status in WAITING]),
        func="RAISE EXCEPTION 'Suppression refusée dans % : ce message attend encore son départ.', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation';",
    )


def life_triggers(*columns: str) -> list[pgtrigger.Trigger]:
    """Return the rules of the life that all messages share; `columns` are those frozen besides the common ones."""
    return [
        triggers.starts_in(Status.QUEUED),
        triggers.follows([(str(origin), str(target)) for origin, target in LIFE]),
        triggers.frozen_columns(*ASKED_COLUMNS, *columns),
        waiting_rows_stay(),
    ]


class Message(models.Model):
    """What is said to one person, once. `subject` names the record it speaks of as "app.model:id".

    `context` holds plain values without any secret: links and codes are made at the moment of sending.
    Retention: two years after the last attempt (mailing.retention).
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("type", max_length=60)
    subject = models.CharField("à propos de", max_length=120, blank=True)
    context = models.JSONField("données figées", default=dict)
    content_sha256 = models.CharField("empreinte du contenu", max_length=64)
    dedup_key = models.CharField("clé contre les doublons", max_length=120, blank=True)
    requested_at = models.DateTimeField("demandé le", default=timezone.now)
    earliest_at = models.DateTimeField("pas avant le", null=True, blank=True)
    not_after = models.DateTimeField("inutile après le", null=True, blank=True)

    status = models.CharField("état", max_length=20, choices=Status, default=Status.QUEUED)
    due_at = models.DateTimeField("prochain essai le")
    asked_at = models.DateTimeField("travail demandé le", null=True, blank=True)
    trying_since = models.DateTimeField("essayé depuis le", null=True, blank=True)
    claim = models.UUIDField("prise en charge", null=True, blank=True)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    unreachable_at = models.DateTimeField("service muet le", null=True, blank=True)
    maybe_delivered = models.BooleanField("peut-être déjà reçu", default=False)
    answer = models.TextField("réponse du service d’envoi", blank=True)
    failure = models.TextField("motif", blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    finished_at = models.DateTimeField("clos le", null=True, blank=True)
    told_status = models.CharField("issue annoncée", max_length=20, blank=True)

    class Meta:
        abstract = True
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="%(class)s_by_request"),
            models.Index(fields=["subject", "-requested_at"], name="%(class)s_by_subject"),
            models.Index(
                fields=["due_at"], condition=Q(status__in=["queued", "sending"]), name="%(class)s_to_send"
            ),
            models.Index(
                fields=["finished_at"], condition=~Q(told_status=F("status")) & Q(finished_at__isnull=False),
                name="%(class)s_to_tell",
            ),
            models.Index(
                fields=["-finished_at"], condition=Q(status__in=["failed", "bounced"]), name="%(class)s_in_trouble"
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="%(class)s_status_known"),
            models.CheckConstraint(
                condition=Q(status="sending", claim__isnull=False, claimed_at__isnull=False)
                | ~Q(status="sending") & Q(claim=None, claimed_at=None),
                name="%(class)s_sending_means_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="%(class)s_sent_has_a_date"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["failed", "bounced", "cancelled"]) | ~Q(failure=""),
                name="%(class)s_failure_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sending", "grouped"], finished_at=None)
                | Q(status__in=["sent", "failed", "bounced", "cancelled"], finished_at__isnull=False),
                name="%(class)s_finished_has_a_date",
            ),
            models.UniqueConstraint(fields=["dedup_key"], condition=~Q(dedup_key=""), name="%(class)s_asked_once"),
        ]

    @property
    def delivery(self) -> str:
        """The name of this message for whoever must know that it left: "mail:<uuid>"."""
        return f"{self._meta.model_name}:{self.public_id}"

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    def is_too_late(self, now: datetime) -> bool:
        """Say whether the message has lost its use."""
        return self.not_after is not None and now >= self.not_after


class Mail(Message):
    """One e-mail. Its Message-ID never changes: a second copy, if any, is recognised by the mailbox that receives it."""

    email = models.EmailField("adresse électronique")
    name = models.CharField("destinataire", max_length=200, blank=True)
    reply_to = models.EmailField("réponse à", blank=True)
    subject_line = models.CharField("objet du message", max_length=250)
    message_id = models.CharField("Message-ID", max_length=250, unique=True)
    waits_for_digest = models.BooleanField("attend le message du jour", default=False)
    digest_key = models.CharField("message du jour", max_length=80, blank=True)
    grouped_in = models.ForeignKey(
        "self", verbose_name="regroupé dans", null=True, blank=True, on_delete=models.PROTECT, related_name="grouped"
    )

    class Meta(Message.Meta):
        verbose_name = "message électronique"
        verbose_name_plural = "messages électroniques"
        indexes = [
            *Message.Meta.indexes,
            models.Index(fields=["email", "kind", "-requested_at"], name="mail_by_address"),
            # As `email__iexact` asks: what was sent to somebody, whatever the capitals.
            models.Index(Upper("email"), F("requested_at").desc(), name="mail_by_any_case"),
            # What messages_searched asks for, written in the same way.
            GinIndex(OpClass(folded(*MAIL_WORDS), name="gin_trgm_ops"), name="mail_by_words"),
            models.Index(fields=["due_at"], condition=Q(waits_for_digest=True), name="mail_to_group"),
        ]
        constraints = [
            *Message.Meta.constraints,
            models.CheckConstraint(
                # A line break in a header starts another header: it is refused here as well as in the code.
                condition=~Q(email__regex=r"[\r\n]") & ~Q(name__regex=r"[\r\n]") & ~Q(subject_line__regex=r"[\r\n]")
                & ~Q(reply_to__regex=r"[\r\n]") & ~Q(message_id__regex=r"[\r\n]"),
                name="mail_headers_on_one_line",
            ),
            models.CheckConstraint(
                condition=~Q(status="grouped") | Q(grouped_in__isnull=False), name="mail_grouped_in_something"
            ),
            models.CheckConstraint(condition=~Q(grouped_in=F("id")), name="mail_never_in_itself"),
            models.UniqueConstraint(
                fields=["digest_key"], condition=~Q(digest_key=""), name="mail_one_digest_a_day"
            ),
            models.UniqueConstraint(
                fields=["kind", "email", "subject", "content_sha256"],
                condition=Q(status__in=["queued", "sending"]), name="mail_waits_once",
            ),
        ]  # fmt: skip
        triggers = life_triggers("email", "name", "reply_to", "subject_line", "message_id")

    def __str__(self) -> str:
        return f"{self.subject_line} ({self.email})"

    @property
    def address(self) -> str:
        """Where it goes."""
        return self.email


class Sms(Message):
    """One text message. Its words are never stored: they hold a code or a link."""

    phone = models.CharField("téléphone", max_length=20)

    class Meta(Message.Meta):
        verbose_name = "message texte"
        verbose_name_plural = "messages texte"
        indexes = [
            *Message.Meta.indexes,
            models.Index(fields=["phone", "kind", "-requested_at"], name="sms_by_phone"),
            GinIndex(OpClass(folded(*SMS_WORDS), name="gin_trgm_ops"), name="sms_by_words"),
        ]
        constraints = [
            *Message.Meta.constraints,
            models.CheckConstraint(condition=Q(phone__regex=r"^\+[1-9][0-9]{7,14}$"), name="sms_phone_international"),
            models.CheckConstraint(condition=~Q(status="grouped"), name="sms_never_grouped"),
            models.UniqueConstraint(
                fields=["kind", "phone", "subject", "content_sha256"],
                condition=Q(status__in=["queued", "sending"]), name="sms_waits_once",
            ),
        ]  # fmt: skip
        triggers = life_triggers("phone")

    def __str__(self) -> str:
        return f"{self.kind} ({self.phone})"

    @property
    def address(self) -> str:
        """Where it goes."""
        return self.phone


class Preference(models.Model):
    """Somebody asked not to receive one type of message any more, or "*" for all those that may be stopped.

    The address is kept as a plain SHA-256: it must outlive a change of the portal's secret key, or people would receive
    again what they stopped. Retention: as long as it holds; it goes when the person takes the messages again.
    """

    address_sha256 = models.CharField("empreinte de l’adresse", max_length=64)
    kind = models.CharField("type", max_length=60)
    stopped_at = models.DateTimeField("arrêté le", db_default=Now())

    class Meta:
        verbose_name = "arrêt de messages"
        verbose_name_plural = "arrêts de messages"
        constraints = [
            models.CheckConstraint(condition=Q(address_sha256__regex=SHA256), name="preference_stored_hashed"),
            models.UniqueConstraint(fields=["address_sha256", "kind"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stopped_at:%d/%m/%Y}"
