"""What was said with a company, and when: the memory that tells who was met last."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.kernel import triggers
from partnerships.models.companies import Company, CompanyContact
from partnerships.models.merging import of_a_living_company


class CompanyExchange(models.Model):
    """One call, visit, meeting or message. Retention: with its company; it names no trainee."""

    class Kind(models.TextChoices):
        CALL = "call", "Appel"
        MESSAGE = "message", "Courriel ou courrier"
        MEETING = "meeting", "Rendez-vous"
        VISIT = "visit", "Visite de l’entreprise"
        EVENT = "event", "Rencontre lors d’un événement"

    company = models.ForeignKey(Company, verbose_name="entreprise", on_delete=models.PROTECT, related_name="exchanges")
    contact = models.ForeignKey(
        CompanyContact, verbose_name="avec", null=True, blank=True, on_delete=models.PROTECT, related_name="exchanges"
    )
    held_on = models.DateField("date")
    kind = models.CharField("échange", max_length=10, choices=Kind)
    summary = models.CharField(
        "ce qui s’est dit", max_length=500, blank=True, help_text="Aucun nom ni aucune donnée d’un stagiaire."
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField("noté le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "échange"
        verbose_name_plural = "échanges"
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["company", "-held_on"], name="exchange_by_company")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["call", "message", "meeting", "visit", "event"]), name="exchange_kind_known"
            ),
        ]
        triggers = [
            of_a_living_company(),
            triggers.frozen_columns("held_on", "kind", "summary", "contact_id", "recorded_by_id", "recorded_at"),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.held_on:%d/%m/%Y}"

    def clean(self) -> None:
        """Say in French, beside the field, what cannot be: a day to come, somebody of another company."""
        if self.held_on and self.held_on > timezone.localdate():
            raise ValidationError({"held_on": "Un échange se note une fois qu’il a eu lieu : corrigez la date."})
        if self.contact and self.contact.company_id != self.company_id:
            raise ValidationError({"contact": "Ce contact est celui d’une autre entreprise."})
