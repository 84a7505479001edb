"""The days on which conventions are signed together."""

from django.db import models
from django.urls import reverse


class SigningEvent(models.Model):
    """The day on which conventions are signed together, such as the Assises. Retention: kept."""

    name = models.CharField("nom", max_length=200)
    held_on = models.DateField("date")
    place = models.CharField("lieu", max_length=200, blank=True)
    city = models.CharField("ville", max_length=100, blank=True)
    sources = models.TextField("sources", blank=True)

    class Meta:
        verbose_name = "cérémonie de signature"
        verbose_name_plural = "cérémonies de signature"
        ordering = ["-held_on", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "held_on"], name="signing_event_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ceremonies:ceremony", args=[self.pk])
