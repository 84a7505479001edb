"""A document: what was asked, the frozen context, and the sealed bytes that are never made again."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from e2c_portal.documents.codes import new_code, printed
from e2c_portal.kernel import triggers
from e2c_portal.kernel.requests import current_request_id
from e2c_portal.kernel.search import folded


class Status(models.TextChoices):
    QUEUED = "queued", "En attente"
    BUILDING = "building", "En fabrication"
    READY = "ready", "Prêt à signer"
    CLOSING = "closing", "Cachet en cours"
    SEALED = "sealed", "Scellé"
    FAILED = "failed", "En échec"
    ABANDONED = "abandoned", "Remplacé avant d’être scellé"


# A document that waits for signatures is open too: other content replaces it.
OPEN_STATUSES = [Status.QUEUED, Status.BUILDING, Status.FAILED, Status.READY, Status.CLOSING]
UNDER_SIGNATURE = [Status.READY, Status.CLOSING]
LIFE = [
    (Status.QUEUED, Status.BUILDING),
    (Status.BUILDING, Status.SEALED),
    (Status.BUILDING, Status.FAILED),
    (Status.BUILDING, Status.QUEUED),
    (Status.FAILED, Status.QUEUED),
    (Status.QUEUED, Status.ABANDONED),
    (Status.BUILDING, Status.ABANDONED),
    (Status.FAILED, Status.ABANDONED),
    (Status.BUILDING, Status.READY),
    (Status.READY, Status.CLOSING),
    (Status.CLOSING, Status.SEALED),
    (Status.CLOSING, Status.READY),
    (Status.READY, Status.ABANDONED),
    (Status.CLOSING, Status.ABANDONED),
]
ASKED_COLUMNS = (
    "public_id", "kind", "subject", "reference", "title", "template_version", "context", "content_sha256",
    "verification_code", "supersedes_id", "requested_by_id", "requested_at", "signature_fields",
)  # fmt: skip
SEALED_COLUMNS = (
    "file", "sha256", "size", "sealed_at", "seal_level", "seal_subject", "seal_certificate_sha256",
)  # fmt: skip


class Document(models.Model):
    """One version of one document. `subject` names the record it speaks of as "app.model:id".

    Retention: kept with its subject; a sealed one is never deleted (legal trace).
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("type", max_length=40)
    subject = models.CharField("objet", max_length=120)
    reference = models.CharField("référence", max_length=60)
    title = models.CharField("titre", max_length=250)
    template_version = models.CharField("version du modèle", max_length=20)
    context = models.JSONField("données figées")
    content_sha256 = models.CharField("empreinte des données", max_length=64)
    signature_fields = models.JSONField("champs de signature", default=list, blank=True)
    verification_code = models.CharField("code de vérification", max_length=10, unique=True, default=new_code)
    supersedes = models.ForeignKey(
        "self", verbose_name="remplace", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandé par", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("demandé le", db_default=Now())

    status = models.CharField("état", max_length=20, choices=Status, default=Status.QUEUED)
    queued_at = models.DateTimeField("mis en file le", db_default=Now())
    claim = models.UUIDField("prise en charge", null=True, blank=True)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    failure = models.TextField("raison de l’échec", blank=True)
    retry_at = models.DateTimeField("relancé tout seul le", null=True, blank=True, editable=False)

    file = models.CharField("fichier", max_length=200, blank=True)
    sha256 = models.CharField("empreinte du fichier", max_length=64, blank=True)
    size = models.PositiveIntegerField("taille en octets", null=True, blank=True)
    sealed_at = models.DateTimeField("scellé le", null=True, blank=True)
    seal_level = models.CharField("niveau du cachet", max_length=10, blank=True)
    seal_subject = models.CharField("titulaire du cachet", max_length=250, blank=True)
    seal_certificate_sha256 = models.CharField("empreinte du certificat", max_length=64, blank=True)

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        ordering = ["-requested_at", "-pk"]
        indexes = [
            # The whole list, latest first: without it, each page of the admin would sort every document ever asked for.
            models.Index(fields=["-requested_at", "-id"], name="document_by_request"),
            # What documents_searched asks for, written in the same way.
            GinIndex(
                OpClass(folded("title", "reference", "verification_code"), name="gin_trgm_ops"),
                name="document_by_words",
            ),
            models.Index(fields=["subject", "-requested_at"], name="document_by_subject"),
            models.Index(fields=["status", "queued_at"], condition=~Q(status="sealed"), name="document_to_watch"),
            models.Index(fields=["sha256"], condition=~Q(sha256=""), name="document_by_sha256"),
            models.Index(fields=["sealed_at"], condition=Q(sealed_at__isnull=False), name="document_by_sealing"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="document_status_known"),
            models.CheckConstraint(
                condition=Q(status="sealed", sealed_at__isnull=False, size__gt=0)
                & ~Q(file="")
                & ~Q(sha256="")
                & ~Q(seal_level="")
                | ~Q(status="sealed") & Q(sealed_at=None),
                name="document_sealed_means_stored",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=Q(status__in=["ready", "closing", "sealed"], size__gt=0) & ~Q(file="") & ~Q(sha256="")
                | Q(status__in=["queued", "building", "failed"], file="", sha256="")
                | Q(status="abandoned"),
                name="document_file_once_made",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=~Q(status__in=["ready", "closing"]) | ~Q(signature_fields=[]),
                name="document_ready_has_fields",
            ),
            models.CheckConstraint(
                condition=Q(status="building", claim__isnull=False, claimed_at__isnull=False) | ~Q(status="building"),
                name="document_building_means_claimed",
            ),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(failure=""), name="document_failure_says_why"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="document_never_its_own_successor"),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(status__in=["queued", "building", "failed", "ready", "closing"]),
                name="document_one_open_per_subject",
            ),  # fmt: skip
            models.UniqueConstraint(
                fields=["supersedes"], condition=Q(status="sealed"), name="document_superseded_once"
            ),
        ]
        triggers = [
            triggers.starts_in(Status.QUEUED),
            triggers.follows([(str(origin), str(target)) for origin, target in LIFE]),
            triggers.frozen_columns(*ASKED_COLUMNS),
            triggers.frozen_columns(*SEALED_COLUMNS, when_sql="OLD.status = 'sealed'", name="sealed_columns"),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.reference})"

    @property
    def printed_code(self) -> str:
        return printed(self.verification_code)

    @property
    def is_waiting(self) -> bool:
        return self.status in (Status.QUEUED, Status.BUILDING, Status.CLOSING)

    @property
    def is_under_signature(self) -> bool:
        return self.status in UNDER_SIGNATURE

    @property
    def is_sealed(self) -> bool:
        return self.status == Status.SEALED


class Revision(models.Model):
    """One state of a document under signature: number 0 is what is read and signed, each signature adds one.

    Every revision begins with all the bytes of the one before. The sealed bytes are the document's own file.
    Retention: with its document.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField("numéro")
    label = models.CharField("ce qui a été ajouté", max_length=250)
    file = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    size = models.PositiveIntegerField("taille en octets")
    made_at = models.DateTimeField("fait le")

    class Meta:
        verbose_name = "état signé"
        verbose_name_plural = "états signés"
        ordering = ["document", "number"]
        indexes = [models.Index(fields=["sha256"], name="revision_by_sha256")]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="revision_numbered_once"),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(file="") & ~Q(sha256=""), name="revision_is_stored"
            ),
        ]  # fmt: skip
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return f"{self.document_id} n° {self.number}"


class Batch(models.Model):
    """Several documents asked for at once, followed on one page. Retention: thirty days after it is over."""

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField("intitulé", max_length=200)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandé par", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("demandé le", db_default=Now())
    documents: "models.ManyToManyField[Document, BatchItem]" = models.ManyToManyField(
        Document, through="BatchItem", related_name="batches"
    )

    class Meta:
        verbose_name = "fabrication groupée"
        verbose_name_plural = "fabrications groupées"
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return self.label


class BatchItem(models.Model):
    """One line of a batch: the document asked for, or why it was not."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    label = models.CharField("objet", max_length=250)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="batch_items")
    refusal = models.TextField("refus", blank=True)

    class Meta:
        verbose_name = "ligne de fabrication groupée"
        verbose_name_plural = "lignes de fabrication groupée"
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False, refusal="") | Q(document=None) & ~Q(refusal=""),
                name="batch_item_document_or_refusal",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class FailedLookup(models.Model):
    """One wrong code typed by a visitor, known by a keyed fingerprint only. Retention: fifteen minutes."""

    visitor = models.CharField("visiteur", max_length=64)
    at = models.DateTimeField("le", db_default=Now())

    class Meta:
        verbose_name = "code erroné"
        verbose_name_plural = "codes erronés"
        indexes = [models.Index(fields=["visitor", "at"], name="lookup_by_visitor")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M}"


class QuarantinedFile(models.Model):
    """A file that the antivirus refused: set apart, never opened. Neither its name nor who sent it is kept, the request is.

    Retention: thirty days, its bytes with it.
    """

    at = models.DateTimeField("reçu le", db_default=Now())
    threat = models.CharField("ce que l’antivirus a trouvé", max_length=200)
    file = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    size = models.PositiveIntegerField("taille en octets")
    request_id = models.CharField("requête", max_length=64, default=current_request_id)

    class Meta:
        verbose_name = "fichier mis à l’écart"
        verbose_name_plural = "fichiers mis à l’écart"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(file="") & ~Q(threat=""), name="quarantined_says_what")]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return f"{self.threat} ({self.at:%d/%m/%Y})"
