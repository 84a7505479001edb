"""An envelope holds one version of one document and those who must sign it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from e2c_portal.documents.models import Document, Revision
from e2c_portal.kernel import triggers


class Mode(models.TextChoices):
    PARALLEL = "parallel", "Tous en même temps"
    ORDERED = "ordered", "L’un après l’autre"


class EnvelopeStatus(models.TextChoices):
    PREPARING = "preparing", "Document en préparation"
    OPEN = "open", "En signature"
    COMPLETED = "completed", "Signé par tous"
    REFUSED = "refused", "Refusé"
    VOIDED = "voided", "Annulé"
    EXPIRED = "expired", "Délai dépassé"


# An expired envelope may be given more time: it still stands in the way of another one.
ALIVE = [EnvelopeStatus.PREPARING, EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED]
ENVELOPE_LIFE = [
    (EnvelopeStatus.PREPARING, EnvelopeStatus.OPEN),
    (EnvelopeStatus.PREPARING, EnvelopeStatus.VOIDED),
    (EnvelopeStatus.OPEN, EnvelopeStatus.COMPLETED),
    (EnvelopeStatus.OPEN, EnvelopeStatus.REFUSED),
    (EnvelopeStatus.OPEN, EnvelopeStatus.VOIDED),
    (EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED),
    (EnvelopeStatus.EXPIRED, EnvelopeStatus.OPEN),
    (EnvelopeStatus.EXPIRED, EnvelopeStatus.VOIDED),
]


class Method(models.TextChoices):
    ELECTRONIC = "electronic", "Électronique, avec un code"
    PAPER = "paper", "Papier"
    ON_SITE = "on_site", "Sur place"
    MANDATE = "mandate", "Électronique, par mandat"


BY_LINK = [Method.ELECTRONIC, Method.MANDATE]


class SignatoryStatus(models.TextChoices):
    WAITING = "waiting", "Pas encore son tour"
    INVITED = "invited", "Invité à signer"
    TO_CHECK = "to_check", "Papier à contrôler"
    SIGNED = "signed", "Signé"
    REFUSED = "refused", "Refusé"
    REPLACED = "replaced", "Remplacé"
    VOID = "void", "Sans objet"


UNFINISHED = [SignatoryStatus.WAITING, SignatoryStatus.INVITED, SignatoryStatus.TO_CHECK]
SIGNATORY_LIFE = [
    *((origin, SignatoryStatus.SIGNED) for origin in UNFINISHED),
    *((origin, SignatoryStatus.REPLACED) for origin in UNFINISHED),
    *((origin, SignatoryStatus.VOID) for origin in UNFINISHED),
    (SignatoryStatus.WAITING, SignatoryStatus.INVITED),
    (SignatoryStatus.WAITING, SignatoryStatus.TO_CHECK),
    (SignatoryStatus.INVITED, SignatoryStatus.TO_CHECK),
    (SignatoryStatus.INVITED, SignatoryStatus.REFUSED),
    (SignatoryStatus.TO_CHECK, SignatoryStatus.INVITED),
]


class Envelope(models.Model):
    """The signature of one document version. `kind` and `subject` repeat the document's, so that one alone is alive.

    Retention: with its document.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="envelope")
    kind = models.CharField("type", max_length=40)
    subject = models.CharField("objet", max_length=120)
    mode = models.CharField("ordre", max_length=20, choices=Mode)
    consent_version = models.CharField("version du consentement", max_length=40)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ouvert par", on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField("ouvert le")
    expires_at = models.DateTimeField("à signer avant le")
    status = models.CharField("état", max_length=20, choices=EnvelopeStatus, default=EnvelopeStatus.PREPARING)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    end_reason = models.TextField("motif", blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="terminé par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    # The worker that writes signatures into the file: one at a time.
    claim = models.UUIDField("prise en charge", null=True, blank=True)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    failure = models.TextField("difficulté", blank=True)
    retry_at = models.DateTimeField("nouvel essai le", null=True, blank=True)

    class Meta:
        verbose_name = "enveloppe de signature"
        verbose_name_plural = "enveloppes de signature"
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["subject", "-opened_at"], name="envelope_by_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=EnvelopeStatus.values), name="envelope_status_known"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="envelope_mode_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="envelope_expires_after_opening"),
            models.CheckConstraint(
                condition=Q(status__in=["completed", "refused", "voided"], ended_at__isnull=False)
                | Q(status__in=["preparing", "open", "expired"], ended_at=None),
                name="envelope_end_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["refused", "voided"]) | ~Q(end_reason=""), name="envelope_end_says_why"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(status__in=["preparing", "open", "expired"]),
                name="envelope_one_alive_per_subject",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(EnvelopeStatus.PREPARING),
            triggers.follows([(str(origin), str(target)) for origin, target in ENVELOPE_LIFE]),
            triggers.frozen_columns(
                "public_id", "document_id", "kind", "subject", "mode", "consent_version", "opened_by_id", "opened_at"
            ),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def is_open(self) -> bool:
        return self.status == EnvelopeStatus.OPEN

    @property
    def is_alive(self) -> bool:
        return self.status in ALIVE


class Signatory(models.Model):
    """One person who must sign, in one field of the document. Whoever takes their place is another row.

    `rank` says whose turn it is when the envelope is ordered; equal ranks sign together. Retention: with its envelope.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="signatories")
    rank = models.PositiveSmallIntegerField("tour")
    role = models.CharField("pour", max_length=120)
    full_name = models.CharField("nom", max_length=150)
    quality = models.CharField("qualité", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone mobile", max_length=20, blank=True)
    method = models.CharField("moyen", max_length=20, choices=Method)
    field_name = models.CharField("champ de signature", max_length=40)
    takes_place_of = models.OneToOneField(
        "self", verbose_name="prend la place de", null=True, blank=True, on_delete=models.PROTECT,
        related_name="replaced_by",
    )  # fmt: skip
    on_behalf_of = models.CharField("au nom de", max_length=150, blank=True)
    status = models.CharField("état", max_length=20, choices=SignatoryStatus, default=SignatoryStatus.WAITING)
    invited_at = models.DateTimeField("invité le", null=True, blank=True)
    signed_at = models.DateTimeField("signé le", null=True, blank=True)
    opened_at = models.DateTimeField("document ouvert le", null=True, blank=True)
    revision = models.OneToOneField(
        Revision, verbose_name="signature écrite dans le fichier", null=True, blank=True, on_delete=models.PROTECT,
        related_name="signatory",
    )  # fmt: skip

    class Meta:
        verbose_name = "signataire"
        verbose_name_plural = "signataires"
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=SignatoryStatus.values), name="signatory_status_known"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="signatory_method_known"),
            models.CheckConstraint(
                condition=Q(method__in=["paper", "on_site"]) | ~Q(email="") | ~Q(phone=""),
                name="signatory_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(status="signed", signed_at__isnull=False) | ~Q(status="signed") & Q(signed_at=None),
                name="signatory_signed_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(revision=None) | Q(status="signed") & ~Q(method="paper"),
                name="signatory_written_means_signed",
            ),
            models.CheckConstraint(
                condition=~Q(method="mandate") | ~Q(on_behalf_of=""),
                name="signatory_mandate_names_whom",
            ),
            models.UniqueConstraint(
                fields=["envelope", "field_name"], condition=~Q(status="replaced"), name="signatory_one_per_field"
            ),
        ]
        triggers = [
            triggers.starts_in(SignatoryStatus.WAITING),
            triggers.follows([(str(origin), str(target)) for origin, target in SIGNATORY_LIFE]),
            triggers.frozen_columns(
                "public_id", "envelope_id", "rank", "role", "full_name", "quality", "field_name", "takes_place_of_id",
                "on_behalf_of",
            ),
            triggers.frozen_columns(
                "method", "email", "phone", "signed_at", when_sql="OLD.status = 'signed'", name="signed_for_good"
            ),
            triggers.frozen_columns("revision_id", when_sql="OLD.revision_id IS NOT NULL", name="written_once"),
            triggers.never_deleted(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    @property
    def capacity(self) -> str:
        """Return for whom and as what the person signs, said once when both are the same word."""
        same = self.quality.casefold() == self.role.casefold()
        return self.role if same or not self.quality else f"{self.role}, {self.quality}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def has_signed(self) -> bool:
        return self.status == SignatoryStatus.SIGNED

    @property
    def signs_by_link(self) -> bool:
        return self.method in BY_LINK
