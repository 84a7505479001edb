"""What every app builds on: the trace of a change of state, the jobs that wait to leave, the forms already sent."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.kernel.acting import acting_for_job
from e2c_portal.kernel.requests import current_request_id
from e2c_portal.kernel.triggers import frozen_columns, never_deleted


class CurrentTransaction(models.Func):
    """The number of the database transaction under way."""

    function = "txid_current"
    arity = 0
    output_field = models.BigIntegerField()


class StateMove(models.Model):
    """One change of state: from, to, who, when, why. Written once, in the transaction of the change itself.

    `rank` is given by the database: the how-many-th change of its record it tells (kernel.triggers.follows_a_change).
    """

    origin = models.CharField("état de départ", max_length=30)
    target = models.CharField("état d’arrivée", max_length=30)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("enregistré le", db_default=Now())
    effective_on = models.DateField("date du fait", null=True, blank=True)
    reason = models.TextField("motif", blank=True)
    rank = models.PositiveIntegerField("rang", default=0, db_default=0, editable=False)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        abstract = True


class Job(models.Model):
    """A task asked for by an operation, written with it and published to the broker after the commit.

    Retention: the published ones are deleted after seven days (kernel.jobs.purge_published).
    """

    task = models.CharField("tâche", max_length=100)
    arguments = models.JSONField("arguments", default=dict)
    request_id = models.CharField("requête", max_length=64, default=current_request_id)
    acting = models.JSONField("demandé par", default=acting_for_job, db_default=models.Value({}, models.JSONField()))
    created_at = models.DateTimeField("demandé le", db_default=Now())
    published_at = models.DateTimeField("transmis le", null=True, blank=True)

    class Meta:
        verbose_name = "travail demandé"
        verbose_name_plural = "travaux demandés"
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(published_at=None), name="kernel_job_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.pk})"


class TaskFailure(models.Model):
    """A task that ended in a fault: what it was, the class of the fault and where, never its words, which may quote people.

    One row for the same task with the same arguments; it goes by itself when the task succeeds.
    Retention: deleted ninety days after the last fault (kernel.failures).
    """

    class State(models.TextChoices):
        FAILED = "failed", "En échec"
        RESTARTED = "restarted", "Relancé"
        GIVEN_UP = "given_up", "Abandonné"

    task = models.CharField("tâche", max_length=100)
    arguments = models.JSONField("arguments", default=dict)
    request_id = models.CharField("requête", max_length=64)
    error = models.CharField("classe de l’erreur", max_length=200)
    place = models.CharField("endroit du code", max_length=300, blank=True)
    attempts = models.PositiveIntegerField("échecs", default=1)
    first_at = models.DateTimeField("premier échec le", default=timezone.now)
    last_at = models.DateTimeField("dernier échec le", default=timezone.now)
    state = models.CharField("état", max_length=20, choices=State, default=State.FAILED)

    class Meta:
        verbose_name = "travail en échec"
        verbose_name_plural = "travaux en échec"
        ordering = ["-last_at", "-pk"]
        indexes = [models.Index(fields=["state", "-last_at"], name="task_failure_by_age")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["failed", "restarted", "given_up"]), name="task_failure_state_known"),
            models.CheckConstraint(condition=~models.Q(error=""), name="task_failure_says_what"),
            models.UniqueConstraint(fields=["task", "arguments"], name="task_failure_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.task} ({self.error})"


class Submission(models.Model):
    """A form that created a record: sent again, it creates nothing more (kernel.submissions).

    Retention: deleted after seven days (kernel.submissions.purge_old).
    """

    token = models.UUIDField("jeton", primary_key=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.CASCADE, related_name="+")
    content = models.CharField("empreinte de la saisie", max_length=64)
    model = models.CharField("type de fiche", max_length=100)
    record_id = models.BigIntegerField("fiche créée", null=True)
    sent_at = models.DateTimeField("envoyé le", db_default=Now())

    class Meta:
        verbose_name = "formulaire envoyé"
        verbose_name_plural = "formulaires envoyés"
        indexes = [models.Index(fields=["sent_at"], name="kernel_submission_by_age")]

    def __str__(self) -> str:
        return f"{self.model}:{self.record_id}"


class Removal(models.Model):
    """Protected rows left: when, why, at whose demand, how many of each model. It names nobody.

    The database lets such rows go only in the transaction that wrote this one (kernel.removing). Retention: kept.
    """

    at = models.DateTimeField("le", db_default=Now())
    why = models.CharField("règle ou demande", max_length=120)
    reason = models.TextField("motif", blank=True)
    subject = models.CharField("objet", max_length=120, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    counts = models.JSONField("lignes effacées", default=dict)
    request_id = models.CharField("requête", max_length=64, default=current_request_id)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False, db_index=True)

    # The people who leave, "app.model:id": told to those who listen (kernel.removing), never kept in the database.
    people: tuple[str, ...] = ()

    class Meta:
        verbose_name = "effacement"
        verbose_name_plural = "effacements"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="removal_by_moment")]
        constraints = [models.CheckConstraint(condition=~models.Q(why=""), name="removal_says_why")]
        triggers = [
            frozen_columns("at", "why", "reason", "subject", "actor_id", "request_id", "transaction"),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.why} ({self.at:%d/%m/%Y})"
