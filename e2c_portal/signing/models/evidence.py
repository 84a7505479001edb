"""What people did, and the chain that shows whether anything was changed since. Neither is ever rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from e2c_portal.kernel import triggers
from e2c_portal.signing.models.envelopes import Envelope, Method, Signatory
from e2c_portal.signing.models.proofs import SHA256, Exhibit


class ActKind(models.TextChoices):
    SIGNED = "signed", "A signé"
    REFUSED = "refused", "A refusé de signer"
    DELEGATED = "delegated", "A désigné une autre personne"
    PAPER_ADDED = "paper_added", "Exemplaire papier ajouté"
    PAPER_ACCEPTED = "paper_accepted", "Exemplaire papier accepté"
    PAPER_REJECTED = "paper_rejected", "Exemplaire papier écarté"
    MANDATE_ADDED = "mandate_added", "Mandat joint"


class Act(models.Model):
    """One thing that a person did about one signature. Written once; its facts are repeated in the chain of evidence.

    `consent_text` is the very text that was shown, `document_sha256` the fingerprint of the PDF that was shown.
    Retention: with its envelope.
    """

    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField("acte", max_length=20, choices=ActKind)
    at = models.DateTimeField("le")
    method = models.CharField("moyen", max_length=20, choices=Method)
    channel = models.CharField("code reçu par", max_length=10, blank=True)
    consent_text = models.TextField("consentement", blank=True)
    consent_version = models.CharField("version du consentement", max_length=40, blank=True)
    document_sha256 = models.CharField("empreinte du document montré", max_length=64)
    ip = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    user_agent = models.CharField("navigateur", max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="agent",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    exhibit = models.ForeignKey(
        Exhibit, verbose_name="pièce", null=True, blank=True, on_delete=models.PROTECT, related_name="acts"
    )
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "acte"
        verbose_name_plural = "actes"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActKind.values), name="act_kind_known"),
            models.CheckConstraint(condition=Q(document_sha256__regex=SHA256), name="act_names_the_document"),
            models.CheckConstraint(
                condition=~Q(kind="signed") | ~Q(consent_text="") & ~Q(consent_version=""), name="act_signed_consented"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["refused", "paper_rejected"]) | ~Q(reason=""), name="act_refusal_says_why"
            ),
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(kind__in=["signed", "paper_accepted"]), name="act_signs_once"
            ),
        ]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.signatory_id})"


class Evidence(models.Model):
    """One link of the chain: what happened, and the hash of the link before, in all and in its envelope.

    Retention: a chain is kept whole. When the envelope goes, the link stays with its two hashes and tells nothing more: its
    `payload` names the removal alone, `{"erased": 12}`, and its envelope is empty.
    """

    sequence = models.PositiveBigIntegerField("numéro", unique=True)
    envelope = models.ForeignKey(Envelope, null=True, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField("fait", max_length=40)
    at = models.DateTimeField("le")
    payload = models.JSONField("détail")
    previous_hash = models.CharField("maillon précédent", max_length=64, blank=True)
    envelope_previous_hash = models.CharField("maillon précédent de l’enveloppe", max_length=64, blank=True)
    hash = models.CharField("empreinte", max_length=64, unique=True)

    class Meta:
        verbose_name = "maillon de preuve"
        verbose_name_plural = "chaîne de preuve"
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(condition=Q(hash__regex=SHA256), name="evidence_is_hashed"),
            models.CheckConstraint(
                condition=Q(sequence=1, previous_hash="") | Q(sequence__gt=1, previous_hash__regex=SHA256),
                name="evidence_follows_another",
            ),
            models.CheckConstraint(
                condition=Q(envelope__isnull=False) | Q(payload__has_key="erased"), name="evidence_is_of_an_envelope"
            ),
        ]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class ChainRoot(models.Model):
    """The last link of the chain at the end of a day, and its time-stamp (RFC 3161) when an authority is configured.

    Whoever rewrote the chain as a whole would still have to forge the stamp. Retention: kept, it names nobody.
    """

    day = models.DateField("jour", unique=True)
    sequence = models.PositiveBigIntegerField("dernier maillon")
    hash = models.CharField("empreinte du dernier maillon", max_length=64)
    stamp = models.BinaryField("horodatage", null=True)
    stamped_at = models.DateTimeField("horodaté le", null=True)

    class Meta:
        verbose_name = "racine de la chaîne de preuve"
        verbose_name_plural = "racines de la chaîne de preuve"
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(condition=Q(hash__regex=SHA256), name="chain_root_is_hashed"),
            models.CheckConstraint(
                condition=Q(stamp=None, stamped_at=None) | Q(stamp__isnull=False, stamped_at__isnull=False),
                name="chain_root_stamp_has_a_date",
            ),
        ]
        triggers = [
            triggers.frozen_columns("day", "sequence", "hash"),
            triggers.frozen_columns("stamp", "stamped_at", when_sql="OLD.stamp IS NOT NULL", name="stamped_for_good"),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} : {self.sequence}"
