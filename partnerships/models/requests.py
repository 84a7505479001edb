"""What a company asks for from its space: one row from the moment it is received to its answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from e2c_portal.kernel.search import folded
from e2c_portal.kernel.workflow import State
from partnerships.models.companies import Company, CompanyContact
from partnerships.models.conventions import PartnershipConvention

RECEIVED, ANSWERED, CLOSED = "received", "answered", "closed"
REQUEST_STATES = {
    RECEIVED: State("Reçue", "Elle attend une réponse.", "warning"),
    ANSWERED: State("Répondue", "La Région a répondu.", "success"),
    CLOSED: State("Classée", "La Région l’a classée, en disant pourquoi.", "neutral"),
}
# One way, once: an answer given is never taken back.
REQUEST_LIFE = [(RECEIVED, ANSWERED), (RECEIVED, CLOSED)]


class CompanyRequest(ChecksAtOnce, models.Model):
    """A request of a company, written by one of its contacts. `form_key` is that of the page where it was typed: a double
    click makes one request.

    It belongs to the company of its contact, whatever merges come. Retention: with the contact.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", "Corriger les données de l’entreprise"
        CONTACT = "contact", "Corriger mes coordonnées ou celles d’un contact"
        CONVENTION = "convention", "Changer quelque chose à une convention"
        OTHER = "other", "Autre demande"

    contact = models.ForeignKey(
        CompanyContact, verbose_name="demandée par", on_delete=models.PROTECT, related_name="requests"
    )
    kind = models.CharField("demande", max_length=12, choices=Kind)
    convention = models.ForeignKey(
        PartnershipConvention, verbose_name="convention", null=True, blank=True, on_delete=models.PROTECT,
        related_name="requests",
    )  # fmt: skip
    text = models.TextField("texte", max_length=4000)
    form_key = models.UUIDField("clé du formulaire", default=uuid.uuid4, unique=True, editable=False)
    received_at = models.DateTimeField("reçue le", db_default=Now(), editable=False)
    status = models.CharField(
        "état", max_length=10, default=RECEIVED, editable=False,
        choices=[(name, state.label) for name, state in REQUEST_STATES.items()],
    )  # fmt: skip
    answer = models.TextField("réponse", blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="traitée par", null=True, editable=False, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    handled_at = models.DateTimeField("traitée le", null=True, editable=False)
    search = models.GeneratedField(expression=folded("text"), output_field=models.TextField(), db_persist=True)

    class Meta:
        verbose_name = "demande d’entreprise"
        verbose_name_plural = "demandes d’entreprises"
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-received_at"], name="request_by_status"),
            models.Index(fields=["-received_at", "-id"], name="request_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["company", "contact", "convention", "other"]), name="request_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="request_says_something",
                violation_error_message="Écrivez ce que vous demandez.",
            ),
            models.CheckConstraint(
                condition=~Q(text__regex=NIR_PATTERN), name="request_without_nir", violation_error_message=REFUSAL
            ),
            # It names every state there is.
            models.CheckConstraint(
                condition=Q(status=RECEIVED, answer="", handled_by=None, handled_at=None)
                | Q(status__in=[ANSWERED, CLOSED], handled_by__isnull=False, handled_at__gte=F("received_at"))
                & ~Q(answer=""),
                name="request_handled_by_somebody",
                violation_error_message="Écrivez la réponse donnée à cette demande : elle dit aussi qui l’a donnée, "
                "et quand.",
            ),
        ]
        triggers = [
            triggers.starts_in(RECEIVED),
            triggers.follows(REQUEST_LIFE),
            triggers.frozen_columns("contact_id", "kind", "convention_id", "text", "form_key", "received_at"),
            triggers.frozen_columns(
                "answer", "handled_by_id", "handled_at", when_sql=f"OLD.status <> '{RECEIVED}'", name="answer_settled"
            ),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("companies:request", args=[self.pk])

    @property
    def reference(self) -> str:
        """The number by which people speak of it."""
        return f"D-{self.pk}"

    @property
    def company(self) -> Company:
        return self.contact.company

    @property
    def state(self) -> State:
        return REQUEST_STATES[self.status]

    @property
    def waits(self) -> bool:
        return self.status == RECEIVED
