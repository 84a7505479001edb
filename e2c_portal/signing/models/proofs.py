"""What proves that the right person acted: one-time codes, scans and powers of attorney, sessions at an officer's screen."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from e2c_portal.kernel import triggers
from e2c_portal.signing.models.envelopes import Signatory

SHA256 = r"^[0-9a-f]{64}$"
SHA256_OR_NONE = r"^([0-9a-f]{64})?$"
ATTEMPTS_ALLOWED = 5


class Channel(models.TextChoices):
    EMAIL = "email", "Courriel"
    SMS = "sms", "Message texte"


class Code(models.Model):
    """One one-time code, as a keyed fingerprint. It is made at the moment its message leaves: before, nothing opens.

    Retention: thirty days after it was asked for; the chain of evidence keeps what matters.
    """

    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="codes")
    channel = models.CharField("envoyé par", max_length=10, choices=Channel)
    requested_at = models.DateTimeField("demandé le")
    salt = models.CharField("sel", max_length=64, blank=True)
    fingerprint = models.CharField("empreinte", max_length=64, blank=True)
    sent_at = models.DateTimeField("parti le", null=True, blank=True)
    expires_at = models.DateTimeField("valable jusqu’au", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)
    voided_at = models.DateTimeField("annulé le", null=True, blank=True)

    class Meta:
        verbose_name = "code à usage unique"
        verbose_name_plural = "codes à usage unique"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="code_channel_known"),
            # A code written here by mistake instead of its fingerprint is refused by the database.
            models.CheckConstraint(
                condition=Q(fingerprint__regex=SHA256_OR_NONE, salt__regex=SHA256_OR_NONE), name="code_stored_hashed"
            ),
            models.CheckConstraint(condition=Q(attempts__lte=ATTEMPTS_ALLOWED), name="code_attempts_bounded"),
            models.CheckConstraint(
                condition=Q(fingerprint="", sent_at=None, expires_at=None)
                | ~Q(fingerprint="") & Q(sent_at__isnull=False, expires_at__gt=F("sent_at")),
                name="code_sent_means_expiring",
            ),
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(used_at=None, voided_at=None), name="code_one_alive_per_signatory"
            ),
        ]
        triggers = [
            triggers.frozen_columns("signatory_id", "channel", "requested_at"),
            triggers.frozen_columns("used_at", when_sql="OLD.used_at IS NOT NULL", name="used_for_good"),
            triggers.frozen_columns("voided_at", when_sql="OLD.voided_at IS NOT NULL", name="voided_for_good"),
        ]

    def __str__(self) -> str:
        return f"{self.signatory_id} {self.requested_at:%d/%m/%Y %H:%M}"


class ExhibitKind(models.TextChoices):
    PAPER = "paper", "Exemplaire signé sur papier, numérisé"
    MANDATE = "mandate", "Mandat"


class Exhibit(models.Model):
    """A file kept beside the document as proof. A signed paper counts once a second person has compared it.

    Retention: with its envelope.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="exhibits")
    kind = models.CharField("nature", max_length=20, choices=ExhibitKind)
    file = models.CharField("fichier", max_length=200)
    mime = models.CharField("format", max_length=40)
    sha256 = models.CharField("empreinte", max_length=64)
    size = models.PositiveIntegerField("taille en octets")
    signed_on = models.DateField("signé le", null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajouté par", on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("ajouté le")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="contrôlé par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    checked_at = models.DateTimeField("contrôlé le", null=True, blank=True)
    accepted = models.BooleanField("accepté", null=True, blank=True)
    remark = models.TextField("remarque", blank=True)

    class Meta:
        verbose_name = "pièce"
        verbose_name_plural = "pièces"
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ExhibitKind.values), name="exhibit_kind_known"),
            models.CheckConstraint(condition=Q(sha256__regex=SHA256, size__gt=0), name="exhibit_is_stored"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("added_by")), name="exhibit_checked_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None, accepted=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False, accepted__isnull=False),
                name="exhibit_check_is_whole",
            ),
            models.CheckConstraint(condition=~Q(accepted=False) | ~Q(remark=""), name="exhibit_refusal_says_why"),
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(kind="paper", accepted=None), name="exhibit_one_paper_to_check"
            ),
        ]
        triggers = [
            triggers.frozen_columns(
                "public_id", "signatory_id", "kind", "file", "mime", "sha256", "size", "signed_on", "added_by_id",
                "added_at",
            ),
            triggers.frozen_columns(
                "checked_by_id", "checked_at", "accepted", "remark", when_sql="OLD.accepted IS NOT NULL",
                name="checked_for_good",
            ),
            triggers.never_deleted(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.signatory_id})"


class OnSiteSession(models.Model):
    """An officer vouches for somebody who stands there, and lends a screen or a QR code for some minutes.

    Only the SHA-256 of its token is stored. Retention: with its envelope, as proof of who vouched.
    """

    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="on_site_sessions")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="en présence de", on_delete=models.PROTECT, related_name="+"
    )
    statement = models.TextField("ce que l’agent atteste")
    token_sha256 = models.CharField("empreinte du jeton", max_length=64, unique=True)
    opened_at = models.DateTimeField("ouverte le")
    expires_at = models.DateTimeField("valable jusqu’au")
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        verbose_name = "signature sur place"
        verbose_name_plural = "signatures sur place"
        constraints = [
            models.CheckConstraint(condition=Q(token_sha256__regex=SHA256), name="on_site_stored_hashed"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="on_site_expires"),
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(ended_at=None), name="on_site_one_open_per_signatory"
            ),
        ]
        triggers = [
            triggers.frozen_columns(
                "signatory_id", "officer_id", "statement", "token_sha256", "opened_at", "expires_at"
            ),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.signatory_id} {self.opened_at:%d/%m/%Y %H:%M}"
