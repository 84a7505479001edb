"""Monthly attendance statements: what a school certifies to its funder (code du travail, R6341-35), frozen version by version."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.french import MONTHS, of_name
from e2c_portal.kernel.models import StateMove
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from e2c_portal.kernel.workflow import State
from schools.models import School
from trainees.life import statements as life
from trainees.models.nir import without_nir

# A first version, or the one after a version that is settled: nothing skips a number, nothing reopens a version.
NEXT_VERSION = pgtrigger.Trigger(
    name="next_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("last", "integer")],
    func="SELECT max(version) INTO last FROM trainees_monthlyattendancestatement "
    "WHERE school_id = NEW.school_id AND month = NEW.month; "
    "IF NEW.version <> COALESCE(last, 0) + 1 THEN "
    "RAISE EXCEPTION 'Une autre version de cet état mensuel existe déjà : rechargez la page.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)

# Whoever freezes waits for those who write half-days of the month, and reads after them (models.attendance_guards).
NOTHING_LEFT = pgtrigger.Trigger(
    name="nothing_left_to_decide",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Q(old__status="open", new__status="frozen"),
    func="PERFORM pg_advisory_xact_lock(hashtextextended('attendance/' || NEW.school_id || '/' || to_char(NEW.month, 'YYYY-MM'), 0)); "
    "IF (NEW.month + interval '1 month')::date > (now() AT TIME ZONE 'Europe/Paris')::date THEN "
    "RAISE EXCEPTION 'Le mois n’est pas terminé.' USING ERRCODE = 'check_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM trainees_attendancehalfday d WHERE d.school_id = NEW.school_id AND d.day >= NEW.month "
    "AND d.day < (NEW.month + interval '1 month')::date AND d.state = 'absent' AND d.justified IS NULL) THEN "
    "RAISE EXCEPTION 'Des absences ne sont ni justifiées ni injustifiées : décidez-en avant de figer le mois.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class MonthlyAttendanceStatement(ChecksAtOnce, models.Model):
    """One version of the statement of a month of a school. `lines` and `totals` are what was certified, as plain values.

    Retention: kept as long as the funder may ask for it; the duration is to be fixed by the Région (none was found).
    """

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="statements")
    month = models.DateField("mois", help_text="Le premier jour du mois.")
    version = models.PositiveSmallIntegerField("version", default=1)
    reason = models.CharField("motif de la correction", max_length=250, blank=True)
    lines = models.JSONField("lignes", default=list, blank=True, editable=False)
    totals = models.JSONField("totaux", default=dict, blank=True, editable=False)
    changes = models.JSONField("ce qui change", default=list, blank=True, editable=False)
    sha256 = models.CharField("empreinte des lignes", max_length=64, blank=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ouvert par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    opened_at = models.DateTimeField("ouvert le", db_default=Now(), editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="figé par", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    frozen_at = models.DateTimeField("figé le", null=True, blank=True, editable=False)
    sent_on = models.DateField("transmis le", null=True, blank=True)
    sent_to = models.CharField("transmis à", max_length=150, blank=True)
    status = models.CharField(
        "état", max_length=10, default=life.OPEN, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = "état mensuel de présence"
        verbose_name_plural = "états mensuels de présence"
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["school", "month", "version"], name="statement_version_once"),
            models.UniqueConstraint(
                fields=["school", "month"], condition=Q(status="open"), name="statement_one_open",
                violation_error_message="Une correction de ce mois est déjà ouverte.",
            ),
            models.UniqueConstraint(
                fields=["school", "month"], condition=Q(status__in=life.SETTLED), name="statement_one_in_force",
                violation_error_message="Un état de ce mois vient d’être arrêté : rechargez la page pour le lire.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="statement_month_is_its_first_day",
                violation_error_message="Un état porte sur un mois entier : choisissez le mois dans la liste.",
            ),
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="statement_status_known"),
            models.CheckConstraint(
                condition=Q(status="open", frozen_at=None, frozen_by=None, sha256="")
                | ~Q(status="open") & Q(frozen_at__isnull=False, frozen_by__isnull=False) & ~Q(sha256=""),
                name="statement_frozen_says_when",
                violation_error_message="Un état arrêté dit par qui et quand : rechargez la page, puis recommencez.",
            ),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | Q(version__gt=1) & ~Q(reason=""), name="statement_correction_says_why",
                violation_error_message="Écrivez ce que cette version corrige.",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_on__isnull=False) & ~Q(sent_to=""), name="statement_sent_says_when",
                violation_error_message="Indiquez le jour de la transmission et son destinataire.",
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=NIR_PATTERN) & ~Q(sent_to__regex=NIR_PATTERN), name="statement_without_nir",
                violation_error_message=REFUSAL,
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.OPEN),
            triggers.follows(life.STATEMENT_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("trainees_statementmove", "statement_id"),
            triggers.frozen_columns(
                "lines", "totals", "changes", "sha256", "frozen_by_id", "frozen_at", "reason",
                when_sql="OLD.status <> 'open'", name="frozen_for_good",
            ),
            triggers.frozen_columns("school_id", "month", "version", "opened_by_id", "opened_at", name="place_settled"),
            triggers.never_deleted(),
            NEXT_VERSION,
            NOTHING_LEFT,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"État mensuel {of_name(self.month_words)}, {self.school}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:statement", args=[self.school_id, f"{self.month:%Y-%m}"])

    @property
    def reference(self) -> str:
        """The lasting name of the version: EM-2026-10-0007-v1 (month, school, version)."""
        return f"EM-{self.month:%Y-%m}-{self.school_id:04d}-v{self.version}"

    @property
    def month_words(self) -> str:
        return month_in_letters(self.month)

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def is_open(self) -> bool:
        return self.status == life.OPEN

    @property
    def is_settled(self) -> bool:
        return self.status in life.SETTLED


class StatementMove(StateMove):
    """One step in the life of a monthly statement. Retention: with its statement."""

    statement = models.ForeignKey(MonthlyAttendanceStatement, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’un état mensuel"
        verbose_name_plural = "étapes des états mensuels"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "rank"], name="statement_move_once"),
            without_nir("statement_move_without_nir", "reason"),
        ]
        triggers = [
            triggers.follows_a_change("trainees_statementmove", "trainees_monthlyattendancestatement", "statement_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"


def month_in_letters(month: date) -> str:
    """Return « novembre 2026 »."""
    return f"{MONTHS[month.month - 1]}\N{NO-BREAK SPACE}{month.year}"
