"""A trainee goes from one school to another: asked, then answered once."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.french import of_name, with_article
from e2c_portal.kernel.workflow import State
from schools.models import School
from trainees.life import transfers as life
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.people import Trainee

DECIDED_IN_ITS_TRANSACTION = pgtrigger.Trigger(
    name="decided_in_its_transaction",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="IF TG_OP = 'INSERT' THEN NEW.decided_in := NULL; "
    "ELSIF OLD.status IS DISTINCT FROM NEW.status THEN NEW.decided_in := txid_current(); "
    "ELSE NEW.decided_in := OLD.decided_in; END IF; RETURN NEW;",
)
FROM_SCHOOL_OF_TODAY = pgtrigger.Trigger(
    name="from_school_of_today",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("theirs", "bigint")],
    func="SELECT school_id INTO theirs FROM trainees_trainee WHERE id = NEW.trainee_id; "
    "IF theirs IS DISTINCT FROM NEW.from_school_id THEN "
    "RAISE EXCEPTION 'Cette personne n’est pas stagiaire de cette école.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class TraineeTransfer(ChecksAtOnce, models.Model):
    """The school of today asks another one to take a trainee over. Retention: with the trainee.

    Accepted, it hands over the person's file; the rows that the former school made stay its own (pathways, internships).
    """

    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="transfers")
    from_school = models.ForeignKey(School, verbose_name="école actuelle", on_delete=models.PROTECT, related_name="+")
    to_school = models.ForeignKey(School, verbose_name="école d’accueil", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("motif", max_length=250)
    leaves_on = models.DateField("dernier jour dans l’école actuelle")
    status = models.CharField(
        "état", max_length=10, default=life.ASKED, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    asked_at = models.DateTimeField("demandé le", db_default=Now(), editable=False)
    answer = models.CharField("réponse", max_length=250, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="répondu par", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    decided_at = models.DateTimeField("répondu le", null=True, blank=True, editable=False)
    # Written by the database: the school of a person changes in this very transaction, or not at all.
    decided_in = models.BigIntegerField("transaction de la réponse", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "transfert"
        verbose_name_plural = "transferts"
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["to_school", "status", "-asked_at"], name="transfer_to_answer"),
            models.Index(fields=["from_school", "-asked_at"], name="transfer_sent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_school=F("to_school")), name="transfer_to_another_school",
                violation_error_message="Choisissez une autre école.",
            ),
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="transfer_status_known"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="transfer_has_a_reason", violation_error_message="Écrivez le motif du transfert."
            ),
            models.CheckConstraint(
                condition=Q(status=life.ASKED, decided_by=None, decided_at=None)
                | ~Q(status=life.ASKED) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="transfer_answered_by_somebody",
                violation_error_message="La réponse à ce transfert dit qui l’a donnée et quand : rechargez la page, "
                "puis recommencez.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.REFUSED) | ~Q(answer=""), name="transfer_refusal_has_a_reason",
                violation_error_message="Un refus est motivé : écrivez pourquoi.",
            ),
            models.UniqueConstraint(
                fields=["trainee"], condition=Q(status=life.ASKED), name="transfer_one_at_a_time",
                violation_error_message="Un transfert est déjà demandé pour cette personne.",
            ),
            without_nir("transfer_without_nir", "reason", "answer"),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.ASKED),
            triggers.follows(life.PAIRS),
            triggers.frozen_columns("trainee_id", "from_school_id", "to_school_id", "asked_by_id", name="question_settled"),
            triggers.frozen_columns("reason", "leaves_on", "answer", "decided_by_id", "decided_at",
                                    when_sql="OLD.status <> 'asked'", name="answer_settled"),
            triggers.never_deleted(),
            DECIDED_IN_ITS_TRANSACTION,
            FROM_SCHOOL_OF_TODAY,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Transfert {of_name(str(self.trainee))} vers {with_article(str(self.to_school))}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:transfer", args=[self.pk])

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def waits(self) -> bool:
        return self.status == life.ASKED

    @property
    def school_id(self) -> int:
        """The school whose rights are asked: the one that asked."""
        return self.from_school_id

    def clean(self) -> None:
        refuse_nir_in(self, "reason", "answer")
