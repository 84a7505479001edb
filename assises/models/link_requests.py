"""Who asked, on the public page, for the link by which one registers oneself."""

from django.db import models
from django.db.models.functions import Now

from assises.models.editions import Edition


class LinkRequest(models.Model):
    """Somebody gave an address to register to an edition. Retention: until its job has run, a day at most."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="link_requests")
    email = models.EmailField("adresse électronique")
    at = models.DateTimeField("demandé le", db_default=Now())

    class Meta:
        verbose_name = "demande de lien d’inscription"
        verbose_name_plural = "demandes de liens d’inscription"

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
