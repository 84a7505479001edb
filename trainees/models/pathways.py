"""The pathway (parcours) of a trainee in a school: trial, phases, contract, suspensions, exit and follow-ups."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.french import of_name
from e2c_portal.kernel.models import StateMove
from e2c_portal.kernel.workflow import State
from schools.models import School, Site
from trainees.life import pathways as life
from trainees.models.attendance_guards import HOLDS_ITS_HALF_DAYS
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.parameters import DateRange, limit_on
from trainees.models.people import SCHOOL_OF_TRAINEE, Trainee

if TYPE_CHECKING:
    from trainees.models.internships import Internship

# Checked at commit: the derogation may be written after the pathway, in the same transaction.
AGE_AT_ENTRY = pgtrigger.Trigger(
    name="age_at_entry",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("entered_on"),
    timing=pgtrigger.Deferred,
    declare=[("born", "date"), ("age", "numeric"), ("derogation", "boolean"), ("highest", "numeric")],
    func="SELECT birth_date INTO born FROM trainees_trainee WHERE id = NEW.trainee_id; "
    "age := date_part('year', age(NEW.entered_on, born)); "
    "SELECT EXISTS (SELECT 1 FROM trainees_agederogation d WHERE d.pathway_id = NEW.id) INTO derogation; "
    "highest := trainees_limit(CASE WHEN derogation THEN 'age_max_with_derogation' ELSE 'age_max' END, NEW.entered_on); "
    "IF age > highest OR (age < trainees_limit('age_min', NEW.entered_on) AND NOT derogation) THEN "
    "RAISE EXCEPTION 'L’âge à l’entrée (% ans) est hors des bornes légales.', age USING ERRCODE = 'check_violation'; "
    "END IF; RETURN NULL;",
)


class Pathway(ChecksAtOnce, models.Model):
    """One stay of a trainee in a school, from entry to exit. Retention: two years after its last day, then archived in figures."""

    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="pathways")
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="pathways")
    site = models.ForeignKey(Site, verbose_name="site", on_delete=models.PROTECT, related_name="pathways")
    entered_on = models.DateField("entrée le")
    trial_ends_on = models.DateField("fin de la période d’essai")
    planned_ends_on = models.DateField("fin prévue")
    ended_on = models.DateField("dernier jour", null=True, blank=True)
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="formateur référent", null=True, blank=True, on_delete=models.PROTECT,
        related_name="pathways",
    )  # fmt: skip
    funding = models.CharField("financement", max_length=100, blank=True)
    summoned_on = models.DateField("convoqué par écrit le", null=True, blank=True)
    interviewed_on = models.DateField("entretien le", null=True, blank=True)
    decided_on = models.DateField("décision écrite le", null=True, blank=True)
    status = models.CharField(
        "état", max_length=20, default=life.PLANNED, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        ordering = ["-entered_on", "-pk"]
        indexes = [
            models.Index(fields=["school", "status", "entered_on"], name="pathway_by_status"),
            models.Index(fields=["school", "ended_on"], name="pathway_by_end"),
            # The rows behind a figure, latest first: without it, those of a school are looked for among everybody's.
            models.Index(fields=["school", "id"], name="pathway_by_school"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="pathway_status_known"),
            models.CheckConstraint(
                condition=Q(planned_ends_on__gte=F("entered_on")), name="pathway_planned_end_after_entry",
                violation_error_message="La fin prévue ne peut pas précéder l’entrée.",
            ),
            models.CheckConstraint(
                condition=Q(trial_ends_on__range=(F("entered_on"), F("planned_ends_on"))), name="pathway_trial_inside",
                violation_error_message="La période d’essai se termine entre l’entrée et la fin prévue.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("entered_on")), name="pathway_ends_after_entry",
                violation_error_message="Le parcours ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=life.ENDED, ended_on__isnull=False) | ~Q(status__in=life.ENDED) & Q(ended_on=None),
                name="pathway_ended_has_a_date",
                violation_error_message="Un parcours terminé, et lui seul, a un dernier jour.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.EXCLUDED)
                | Q(summoned_on__isnull=False, interviewed_on__gte=F("summoned_on"), decided_on__gt=F("interviewed_on")),
                name="pathway_exclusion_is_argued",
                violation_error_message="Une exclusion suit une convocation, un entretien, puis une décision.",
            ),
            models.UniqueConstraint(
                fields=["trainee"], condition=Q(status__in=life.OPEN), name="pathway_one_open",
                violation_error_message="Cette personne a déjà un parcours ouvert.",
            ),
            ExclusionConstraint(
                name="pathway_never_overlaps",
                expressions=[
                    ("trainee", RangeOperators.EQUAL),
                    (DateRange("entered_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status=life.NO_SHOW),
                violation_error_message="Cette personne a déjà un parcours à ces dates.",
            ),
            without_nir("pathway_without_nir", "funding"),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.PLANNED),
            triggers.follows(life.PATHWAY_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("trainees_pathwaymove", "pathway_id"),
            triggers.frozen_columns("trainee_id", "school_id", name="place_settled"),
            SCHOOL_OF_TRAINEE,
            AGE_AT_ENTRY,
            HOLDS_ITS_HALF_DAYS,
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"Parcours {of_name(str(self.trainee))} depuis le {self.entered_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return f"{reverse('trainees:trainee', args=[self.trainee.public_id])}#parcours-{self.pk}"

    def clean(self) -> None:
        refuse_nir_in(self, "funding")

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def is_open(self) -> bool:
        return self.status in life.OPEN

    @property
    def last_day(self) -> date:
        """The last day of the pathway as known today."""
        return self.ended_on or self.planned_ends_on

    def limit(self, key: str, day: date) -> Decimal:
        """Return a legal limit on a day."""
        return limit_on(key, day)

    def has_contract(self) -> bool:
        """Say whether the training contract is recorded."""
        signed: bool = Pathway.objects.filter(pk=self.pk, contract__isnull=False).exists()
        return signed

    def internship_running_after(self, day: date) -> "Internship | None":
        """Return an internship that holds days after this one: it is ended or cancelled first."""
        found: Internship | None = self.internships.taking_days().filter(last_day__gt=day).first()  # type: ignore[attr-defined]
        return found

    def has_later_pathway(self) -> bool:
        """Say whether the same person entered again after this pathway."""
        later = Pathway.objects.filter(trainee=self.trainee_id, entered_on__gt=self.entered_on)
        return later.exclude(status=life.NO_SHOW).exists()


class PathwayMove(StateMove):
    """One step in the life of a pathway. Retention: with its pathway."""

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’un parcours"
        verbose_name_plural = "étapes des parcours"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "rank"], name="pathway_move_once"),
            without_nir("pathway_move_without_nir", "reason"),
        ]
        triggers = [
            triggers.follows_a_change("trainees_pathwaymove", "trainees_pathway", "pathway_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"
