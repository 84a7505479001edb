"""The erasures whose note is not yet kept outside of the database."""

from django.db import models

from e2c_portal.kernel.models import Removal


class ErasureToNote(models.Model):
    """An erasure that the register outside of the database does not know yet (upkeep.backup.ledger).

    Written in the transaction of the erasure, removed once its note is kept: a storage that refuses, or a program that dies
    between the two, loses no note. `people` names records ("trainees.trainee:12"), never a name. Retention: until it is noted.
    """

    removal = models.OneToOneField(
        Removal, verbose_name="effacement", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    people = models.JSONField("fiches effacées")

    class Meta:
        verbose_name = "effacement à noter"
        verbose_name_plural = "effacements à noter"

    def __str__(self) -> str:
        return f"Effacement {self.pk}"
