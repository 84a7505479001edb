"""Who did what to which record, beside the moves of the workflows."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from e2c_portal.kernel.requests import current_request_id
from e2c_portal.kernel.triggers import immutable


class Entry(models.Model):
    """One act. Written with the act itself, never changed.

    `subject` names the record as "app.model:id". Retention: with the record it speaks of.
    """

    at = models.DateTimeField("le", db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("action", max_length=60)
    subject = models.CharField("objet", max_length=120)
    summary = models.TextField("ce qui a été fait", blank=True)
    detail = models.JSONField("détail", default=dict, blank=True)
    request_id = models.CharField("requête", max_length=64, default=current_request_id)

    class Meta:
        verbose_name = "trace"
        verbose_name_plural = "traces"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "-at"], name="audit_by_subject")]
        triggers = [immutable()]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
