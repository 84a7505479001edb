"""Who takes the place of a contact, named by that contact from the space of the company."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers
from partnerships.models.companies import CompanyContact


class ContactReplacement(models.Model):
    """One contact names another. From `effective_on` on, the links sent to the former before that open no more.

    `form_key` is that of the page where it was typed: a double click names somebody once. Retention: with the contacts.
    """

    former = models.ForeignKey(
        CompanyContact, verbose_name="contact remplacé", on_delete=models.PROTECT, related_name="replacements"
    )
    successor = models.ForeignKey(
        CompanyContact, verbose_name="remplaçant", on_delete=models.PROTECT, related_name="replaced_contacts"
    )
    effective_on = models.DateField("à partir du")
    leaves = models.BooleanField("quitte l’entreprise")
    form_key = models.UUIDField("clé du formulaire", default=uuid.uuid4, unique=True, editable=False)
    named_at = models.DateTimeField("désigné le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "remplacement de contact"
        verbose_name_plural = "remplacements de contacts"
        ordering = ["-named_at", "-pk"]
        indexes = [models.Index(fields=["former", "effective_on"], name="replacement_by_former")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(former=F("successor")),
                name="replacement_by_somebody_else",
                violation_error_message="Indiquez une autre personne que celle qui s’en va.",
            ),
        ]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return f"{self.former} → {self.successor}"
