"""The attestation as a signed file (Open Badges 3.0): made once, given as it is ever after."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers
from trainees.models.portfolio import SkillsCertificate


class SkillsCredential(models.Model):
    """The bytes of a signed file, as text. Immutable: whoever downloads it twice holds the same file.

    Retention: with its certificate.
    """

    certificate = models.OneToOneField(SkillsCertificate, on_delete=models.PROTECT, related_name="credential")
    text = models.TextField("contenu du fichier")
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    verification_method = models.CharField("clé de signature", max_length=300)
    made_at = models.DateTimeField("fait le", db_default=Now())

    class Meta:
        verbose_name = "attestation en fichier signé"
        verbose_name_plural = "attestations en fichier signé"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(sha256="") & ~Q(verification_method=""), name="credential_is_signed"
            )
        ]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return f"Fichier signé de l’attestation {self.certificate_id}"
