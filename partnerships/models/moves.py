"""The steps in the life of conventions and amendments: one row for each change of state, written once."""

from django.db import models

from e2c_portal.kernel import triggers
from e2c_portal.kernel.models import StateMove
from partnerships.models.amendments import ConventionAmendment
from partnerships.models.conventions import PartnershipConvention


class ConventionMove(StateMove):
    """One step in the life of a convention. Retention: with its convention."""

    convention = models.ForeignKey(PartnershipConvention, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["convention", "rank"], name="convention_move_once")]
        triggers = [
            triggers.follows_a_change(
                "partnerships_conventionmove", "partnerships_partnershipconvention", "convention_id"
            ),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"


class AmendmentMove(StateMove):
    """One step in the life of an amendment. Retention: with its convention."""

    amendment = models.ForeignKey(ConventionAmendment, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’un avenant"
        verbose_name_plural = "étapes des avenants"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["amendment", "rank"], name="amendment_move_once")]
        triggers = [
            triggers.follows_a_change("partnerships_amendmentmove", "partnerships_conventionamendment", "amendment_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"
