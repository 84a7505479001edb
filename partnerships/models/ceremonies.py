"""The programme of a ceremony: the conventions chosen for it, in running order.

`convention.signing_event` is another thing, and a fact: the ceremony at which a convention was really signed.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers
from partnerships import workflows
from partnerships.models.conventions import PartnershipConvention
from partnerships.models.events import SigningEvent

# What one evening, and one binder, can hold.
AT_MOST = 30
CONVENTIONS = "partnerships_partnershipconvention"


def _listed(*states: str) -> str:
    return ", ".join(f"'{state}'" for state in states)


# The convention is held: it cannot be signed or shelved while it enters the programme.
OF_A_CONVENTION_TO_SIGN = pgtrigger.Trigger(
    name="of_a_convention_to_sign",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("reached", "text")],
    func=f"SELECT status INTO reached FROM {CONVENTIONS} WHERE id = NEW.convention_id FOR SHARE; "
    f"IF reached NOT IN ({_listed(workflows.DELIBERATED, workflows.TO_SIGN)}) THEN "
    "RAISE EXCEPTION 'Une convention entre au programme d’une cérémonie une fois votée, et tant qu’elle n’est pas signée.' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
)
KEPT_ONCE_SIGNED = pgtrigger.Trigger(
    name="kept_once_signed",
    when=pgtrigger.Before,
    operation=pgtrigger.Delete,
    declare=[("reached", "text")],
    func=f"SELECT status INTO reached FROM {CONVENTIONS} WHERE id = OLD.convention_id FOR SHARE; "
    f"IF reached IN ({_listed(*workflows.SIGNED_STATES)}) THEN "
    "RAISE EXCEPTION 'Une convention signée reste au programme de sa cérémonie.' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD;",
)


class CeremonyItem(models.Model):
    """One convention at one place of a programme. A convention stands in one programme at a time. Retention: with its event."""

    event = models.ForeignKey(
        SigningEvent, verbose_name="cérémonie", on_delete=models.PROTECT, related_name="programme"
    )
    convention = models.OneToOneField(
        PartnershipConvention, verbose_name="convention", on_delete=models.PROTECT, related_name="ceremony_item",
        error_messages={"unique": "Cette convention est déjà au programme d’une cérémonie."},
    )  # fmt: skip
    position = models.PositiveSmallIntegerField("ordre de passage")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajoutée par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    added_at = models.DateTimeField("ajoutée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "convention au programme"
        verbose_name_plural = "conventions au programme"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "position"], name="ceremony_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            # Together with the uniqueness above, this is what bounds a programme.
            models.CheckConstraint(
                condition=Q(position__range=(1, AT_MOST)),
                name="ceremony_at_most_thirty",
                violation_error_message="Une cérémonie compte trente conventions au plus : retirez-en une, ou "
                "préparez une seconde cérémonie.",
            ),
        ]
        triggers = [
            triggers.frozen_columns("event_id", "convention_id", "added_by_id", "added_at"),
            OF_A_CONVENTION_TO_SIGN,
            KEPT_ONCE_SIGNED,
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.convention}"
