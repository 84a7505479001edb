"""Who did what to which record, beside the moves of the workflows; and every change of every row, by the database itself."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from e2c_portal.kernel.models import CurrentTransaction
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


class Change(models.Model):
    """One row written, changed or removed, whoever did it. The database alone writes it (audit.triggers), with the change itself.

    `subject` names the row as "app.model:id", `parent` the record it belongs to. `before` and `after` hold the columns that
    changed and no other: null on both sides says « modifié » of what is never copied (audit.tracking). A row just written is
    noted without its values. Retention: with the row it speaks of, or with that of its parent; the Région sets a term.
    """

    class Operation(models.TextChoices):
        INSERT = "i", "Ajout"
        UPDATE = "u", "Modification"
        DELETE = "d", "Retrait"

    subject = models.CharField("objet", max_length=120)
    parent = models.CharField("fiche", max_length=120, blank=True)
    operation = models.CharField("opération", max_length=1, choices=Operation)
    at = models.DateTimeField("le", db_default=Now())
    # Without a key in the database: what somebody typed in raw SQL must never prevent a change from being kept.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.DO_NOTHING, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    link = models.BigIntegerField("par le lien personnel", null=True)
    source = models.CharField("au moyen de", max_length=120, blank=True)
    request_id = models.CharField("requête", max_length=64, blank=True)
    reason = models.TextField("motif", blank=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    before = models.JSONField("avant", null=True)
    after = models.JSONField("après", null=True)

    class Meta:
        verbose_name = "changement"
        verbose_name_plural = "historique des changements"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject", "-at"], name="change_by_subject"),
            models.Index(fields=["parent", "-at"], condition=~models.Q(parent=""), name="change_by_parent"),
            BrinIndex(fields=["at"], name="change_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(operation__in=["i", "u", "d"]), name="change_operation_known")
        ]
        triggers = [
            immutable(),
            pgtrigger.Trigger(
                name="written_by_a_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
                func="RAISE EXCEPTION 'L’historique ne s’écrit pas à la main.' USING ERRCODE = 'restrict_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {self.subject}"
