"""A personal link, the hashed tokens that open it, and the visits made through it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Upper

from e2c_portal.kernel import triggers

SHA256 = r"^[0-9a-f]{64}$"
BOUND_COLUMNS = ("public_id", "purpose", "subject", "version", "holder_label", "email", "phone")


class PersonalLink(models.Model):
    """What one person may reach without an account: a purpose, a record named "app.model:id" and its version.

    The row itself opens nothing: tokens do, and they are stored hashed (LinkToken).
    Retention: deleted a year after it last could be opened (links.retention), with its tokens and visits.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField("usage", max_length=60)
    subject = models.CharField("objet", max_length=120)
    version = models.CharField("version de l’objet", max_length=80, blank=True)
    holder_label = models.CharField("destinataire", max_length=200)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    prepared_at = models.DateTimeField("préparé le", db_default=Now())
    not_after = models.DateTimeField("au plus tard le", null=True, blank=True)

    issued_at = models.DateTimeField("envoyé le", null=True, blank=True)
    expires_at = models.DateTimeField("valable jusqu’au", null=True, blank=True)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    revoked_reason = models.TextField("motif de la révocation", blank=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name="remplacé par", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced"
    )
    first_opened_at = models.DateTimeField("ouvert la première fois le", null=True, blank=True)
    last_opened_at = models.DateTimeField("ouvert la dernière fois le", null=True, blank=True)
    open_count = models.PositiveIntegerField("nombre d’ouvertures", default=0)
    renewals = models.PositiveSmallIntegerField("renvois demandés de suite", default=0)
    renewal_asked_at = models.DateTimeField("dernier renvoi demandé le", null=True, blank=True)

    class Meta:
        verbose_name = "lien personnel"
        verbose_name_plural = "liens personnels"
        ordering = ["-prepared_at", "-pk"]
        indexes = [
            models.Index(fields=["subject", "-prepared_at"], name="link_by_subject"),
            models.Index(Upper("email"), condition=~Q(email=""), name="link_by_email"),
            models.Index(fields=["expires_at"], name="link_by_expiry"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="link_reaches_somebody"),
            models.CheckConstraint(
                condition=Q(issued_at=None, expires_at=None)
                | Q(issued_at__isnull=False, expires_at__isnull=False, expires_at__gt=F("issued_at")),
                name="link_issued_means_expiring",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_reason="") | Q(revoked_at__isnull=False) & ~Q(revoked_reason=""),
                name="link_revocation_says_why",
            ),
            models.CheckConstraint(condition=~Q(replaced_by=F("id")), name="link_never_replaces_itself"),
            models.CheckConstraint(
                condition=Q(open_count=0, first_opened_at=None, last_opened_at=None)
                | Q(open_count__gt=0, first_opened_at__isnull=False, last_opened_at__gte=F("first_opened_at")),
                name="link_openings_agree",
            ),
            models.UniqueConstraint(
                "purpose", "subject", "version", Lower("email"), "phone",
                condition=Q(revoked_at=None, replaced_by=None), name="link_one_alive_per_holder",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.frozen_columns(*BOUND_COLUMNS),
            triggers.frozen_columns(
                "revoked_at", "revoked_reason", when_sql="OLD.revoked_at IS NOT NULL", name="revoked_for_good"
            ),
            triggers.frozen_columns(
                "replaced_by_id", when_sql="OLD.replaced_by_id IS NOT NULL", name="replaced_for_good"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_label} ({self.purpose})"


class LinkToken(models.Model):
    """One token of a link, as its SHA-256: what was sent in one message. `delivery` names that message.

    Several may be alive at once: a message tried twice because the mail server fell silent may have arrived twice.
    Retention: with its link.
    """

    link = models.ForeignKey(PersonalLink, on_delete=models.CASCADE, related_name="tokens")
    sha256 = models.CharField("empreinte", max_length=64, unique=True)
    delivery = models.CharField("message", max_length=80, blank=True)
    issued_at = models.DateTimeField("émis le")
    expires_at = models.DateTimeField("expire le")
    retired_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "jeton de lien"
        verbose_name_plural = "jetons de lien"
        indexes = [models.Index(fields=["delivery"], condition=~Q(delivery=""), name="token_by_delivery")]
        constraints = [
            # A token written here by mistake instead of its hash is refused by the database.
            models.CheckConstraint(condition=Q(sha256__regex=SHA256), name="token_stored_hashed"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="token_expires"),
        ]
        triggers = [
            triggers.frozen_columns("link_id", "sha256", "delivery", "issued_at", "expires_at"),
            triggers.frozen_columns("retired_at", when_sql="OLD.retired_at IS NOT NULL", name="retired_for_good"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.issued_at:%d/%m/%Y %H:%M}"


class Hold(models.TextChoices):
    """What proves that a page is asked for by the browser that opened the link."""

    PENDING = "pending", "Pas encore arrivée"
    COOKIE = "cookie", "Témoin de connexion"
    ADDRESS = "address", "Adresse et navigateur, sans témoin"


class LinkVisit(models.Model):
    """One opening of a link by one browser. Its key stands in the address instead of the token.

    Retention: two days after it was last seen (links.retention).
    """

    token = models.ForeignKey(LinkToken, on_delete=models.CASCADE, related_name="visits")
    key_sha256 = models.CharField("empreinte de la clé", max_length=64, unique=True)
    browser_sha256 = models.CharField("empreinte du témoin", max_length=64)
    visitor = models.CharField("visiteur", max_length=64)
    hold = models.CharField("tenue par", max_length=10, choices=Hold, default=Hold.PENDING)
    opened_at = models.DateTimeField("ouverte le")
    last_seen_at = models.DateTimeField("vue le")

    class Meta:
        verbose_name = "visite par lien"
        verbose_name_plural = "visites par lien"
        indexes = [models.Index(fields=["last_seen_at"], name="visit_by_last_seen")]
        constraints = [
            models.CheckConstraint(
                condition=Q(key_sha256__regex=SHA256, browser_sha256__regex=SHA256, visitor__regex=SHA256),
                name="visit_stored_hashed",
            ),
            models.CheckConstraint(condition=Q(hold__in=Hold.values), name="visit_hold_known"),
        ]
        triggers = [
            triggers.starts_in(Hold.PENDING, column="hold"),
            triggers.follows([("pending", "cookie"), ("pending", "address")], column="hold"),
            triggers.frozen_columns("token_id", "key_sha256", "browser_sha256", "visitor", "opened_at"),
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.opened_at:%d/%m/%Y %H:%M}"


class Attempt(models.Model):
    """Something a visitor may do only so often, counted under a keyed fingerprint of the visitor's address.

    Retention: fifteen minutes.
    """

    class What(models.TextChoices):
        UNKNOWN_LINK = "unknown_link", "Lien inconnu"
        LOST_LINK = "lost_link", "Lien perdu"
        ASKED_LINK = "asked_link", "Lien demandé"

    what = models.CharField("quoi", max_length=20, choices=What)
    visitor = models.CharField("visiteur", max_length=64)
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "essai d’un visiteur"
        verbose_name_plural = "essais de visiteurs"
        indexes = [models.Index(fields=["visitor", "what", "at"], name="attempt_by_visitor")]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["unknown_link", "lost_link", "asked_link"]), name="attempt_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%H:%M}"


class LostLinkRequest(models.Model):
    """Somebody gave an address to receive its links again. Retention: until the job has run, a day at most."""

    email = models.EmailField("adresse électronique")
    at = models.DateTimeField("demandé le", db_default=Now())

    class Meta:
        verbose_name = "demande de lien perdu"
        verbose_name_plural = "demandes de liens perdus"

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
