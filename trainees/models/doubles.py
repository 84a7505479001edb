"""Likely doubles: two records that may be of one person, found at night and kept for the page of the Région."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from trainees.models.people import Trainee


class LikelyDouble(models.Model):
    """Two records born the same day with names alike; the first has an open pathway. Deduced: nobody writes it by hand.

    Retention: until the search that no longer finds the pair, and no longer than either record.
    """

    here = models.ForeignKey(Trainee, verbose_name="première fiche", on_delete=models.CASCADE, related_name="+")
    there = models.ForeignKey(Trainee, verbose_name="deuxième fiche", on_delete=models.CASCADE, related_name="+")
    nearness = models.FloatField("ressemblance", help_text="De 0 à 1 : 1 pour le même nom et le même prénom.")
    across_schools = models.BooleanField("dans deux écoles")

    class Meta:
        verbose_name = "doublon probable"
        verbose_name_plural = "doublons probables"
        ordering = ["-across_schools", "-nearness", "pk"]
        indexes = [models.Index(fields=["-across_schools", "-nearness", "id"], name="double_in_order")]
        constraints = [
            models.UniqueConstraint(Least("here", "there"), Greatest("here", "there"), name="double_once"),
            models.CheckConstraint(condition=~Q(here=F("there")), name="double_of_two_records"),
            models.CheckConstraint(condition=Q(nearness__range=(0, 1)), name="double_nearness_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.here} et {self.there}"


class DoublesSearch(models.Model):
    """When the whole network was last searched for doubles. Retention: one row, written over by each search."""

    done_at = models.DateTimeField("faite le")

    class Meta:
        verbose_name = "recherche des doublons"
        verbose_name_plural = "recherches des doublons"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="doubles_search_is_the_last")]

    def __str__(self) -> str:
        return f"Recherche des doublons du {self.done_at:%d/%m/%Y}"
