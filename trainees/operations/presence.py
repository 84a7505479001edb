"""Note presences by half-day, and say what excuses an absence. One transaction each, with its trace."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry as TrailEntry
from e2c_portal.audit.trail import record, subject_of
from e2c_portal.documents.received_files import Upload, store_received
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import counted, date_in_letters
from schools.models import School
from trainees.models import AbsenceProof, AttendanceHalfDay, MonthlyAttendanceStatement, Pathway
from trainees.models.attendance import Half, Place, Presence
from trainees.models.statements import month_in_letters
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission
from trainees.reads.attendance import NOTHING, mark_of, noted_between
from trainees.reads.expected import Calendar, Expected, calendar_of

FOLDER = "absences"
NOT_YOURS = "Vous n’avez pas le droit de noter les présences de cette école."
Key = tuple[int, date, str]


@dataclass(frozen=True)
class Entry:
    """What a page asks of one half-day. `seen` is the mark that the page was given (mark_of), `state` empty to erase."""

    pathway_id: int
    day: date
    half: str
    state: str
    seen: str = NOTHING
    late_minutes: int | None = None
    reason: str = ""

    @property
    def key(self) -> Key:
        return (self.pathway_id, self.day, self.half)


@dataclass
class Saved:
    """What a saving did: how many half-days were written or erased, and what was left as it is, with the reason."""

    written: int = 0
    refused: dict[Key, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not self.refused


@transaction.atomic
def save_entries(school: School, entries: Sequence[Entry], actor: User) -> Saved:
    """Write what was changed of some half-days of a school, leave the rest as it is: two people at once lose nothing.

    A half-day that somebody else changed meanwhile is refused by itself (`Saved.refused`), the others are written. Raises
    NotAllowed, Refused when the month is frozen or the day is to come.
    """
    if not actor.has_perm(TraineePermission.WRITE_ATTENDANCE, school):
        raise NotAllowed(NOT_YOURS)
    saved = Saved()
    if not entries:
        return saved
    first, last = min(entry.day for entry in entries), max(entry.day for entry in entries)
    refuse_to_come(last)
    pathways = _held(school, entries)
    noted = noted_between(pathways, first, last)
    wanted = [
        entry
        for entry in entries
        if entry.pathway_id in pathways and _asks_for_something(entry, noted.get(entry.key), saved)
    ]
    if not wanted:
        return saved
    for month in sorted({entry.day.replace(day=1) for entry in wanted}):
        refuse_frozen(school.pk, month)
    calendar = calendar_of(school.pk, school.department, pathways, first, last)
    _write(wanted, noted, pathways, calendar, actor, saved)
    return saved


def refuse_to_come(day: date) -> None:
    """Raise Refused for a day that has not come."""
    if day > timezone.localdate():
        raise Refused(
            "Les présences ne se notent pas à l’avance : choisissez un jour passé, ou aujourd’hui.", code="to_come"
        )


def refuse_frozen(school_id: int, month: date) -> None:
    """Raise Refused when the month is frozen and no correction of it is open. The database refuses it too."""
    known = set(
        MonthlyAttendanceStatement.objects.filter(school=school_id, month=month).values_list("status", flat=True)
    )
    if known and "open" not in known:
        raise Refused(
            f"Le mois de {month_in_letters(month)} est figé : ouvrez d’abord une correction de son état mensuel.",
            code="frozen",
        )


def _held(school: School, entries: Iterable[Entry]) -> dict[int, Pathway]:
    """Lock the pathways of the school that the entries speak of, always in the same order."""
    rows = Pathway.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in={entry.pathway_id for entry in entries}, school=school
    )
    return {row.pk: row for row in rows.select_related("trainee").order_by("pk")}


def _asks_for_something(entry: Entry, now: AttendanceHalfDay | None, saved: Saved) -> bool:
    """Say whether this half-day is to be written: untouched on the page or already so, it is not; changed by both, neither."""
    seen_state, _, rest = entry.seen.partition(".")
    if _same(entry, seen_state, rest.partition(".")[0]) or _same(entry, *_told(now)):
        return False
    if mark_of(now) != entry.seen:
        who = f" par {now.recorded_by.full_name}" if now else ""
        is_now = f"« {now.get_state_display().lower()} »" if now else "effacé"
        saved.refused[entry.key] = f"Quelqu’un l’a changé pendant votre saisie : c’est maintenant {is_now}{who}."
        return False
    return True


def _same(entry: Entry, state: str, late: str) -> bool:
    """Say whether an entry asks for this very state; minutes that the page does not show (None) are not asked for."""
    minutes_told = entry.state == Presence.LATE and entry.late_minutes is not None
    return entry.state == state and (not minutes_told or str(entry.late_minutes) == (late or "0"))


def _told(now: AttendanceHalfDay | None) -> tuple[str, str]:
    return (now.state, str(now.late_minutes or 0)) if now else (NOTHING, "0")


def _write(
    wanted: Sequence[Entry], noted: dict[Key, AttendanceHalfDay], pathways: dict[int, Pathway], calendar: Calendar,
    actor: User, saved: Saved,
) -> None:  # fmt: skip
    """Write the half-days in three queries at most, and trace what changed on the school."""
    new, changed, gone, told = [], [], [], []
    for entry in wanted:
        row, before = noted.get(entry.key), noted.get(entry.key)
        was = before.state if before else NOTHING
        if not entry.state:
            gone.append(row)
        elif row is not None:
            _change(row, entry, actor)
            changed.append(row)
        else:
            answer = calendar.on(pathways[entry.pathway_id], entry.day, entry.half)
            if not isinstance(answer, Expected):
                saved.refused[entry.key] = f"Personne n’est attendu : {answer.why}."
                continue
            new.append(_made(entry, pathways[entry.pathway_id], answer, actor))
        told.append([entry.pathway_id, entry.day.isoformat(), entry.half, was, entry.state])
    AttendanceHalfDay.objects.bulk_create(new)
    AttendanceHalfDay.objects.bulk_update(changed, [
        "state", "late_minutes", "justified", "reason", "proof", "revision", "recorded_by", "recorded_at",
    ])  # fmt: skip
    AttendanceHalfDay.objects.filter(pk__in=[row.pk for row in gone if row]).delete()
    saved.written = len(new) + len(changed) + len(gone)
    if told:
        _trace(told, pathways, actor, saved.written)


def _made(entry: Entry, pathway: Pathway, answer: Expected, actor: User) -> AttendanceHalfDay:
    return AttendanceHalfDay(
        school_id=pathway.school_id, pathway=pathway, trainee_id=pathway.trainee_id, day=entry.day, half=entry.half,
        place=answer.place, internship=answer.internship if answer.place == Place.COMPANY else None, minutes=answer.minutes,
        state=entry.state, late_minutes=_lateness(entry, answer.minutes), reason=entry.reason, recorded_by=actor,
    )  # fmt: skip


def _change(row: AttendanceHalfDay, entry: Entry, actor: User) -> None:
    if entry.state != row.state:
        # What excused an absence says nothing of a presence.
        row.justified = row.proof = None
        row.reason = entry.reason
    if entry.state != row.state or entry.late_minutes is not None:
        row.late_minutes = _lateness(entry, row.minutes)
    row.state = entry.state
    row.revision, row.recorded_by, row.recorded_at = row.revision + 1, actor, timezone.now()


def _lateness(entry: Entry, minutes: int) -> int | None:
    if entry.state != Presence.LATE or not entry.late_minutes:
        return None
    if entry.late_minutes > minutes:
        raise Refused(f"Un retard ne dépasse pas la demi-journée ({minutes} minutes) : notez plutôt une absence.")
    return entry.late_minutes


def _trace(told: list[list[Any]], pathways: dict[int, Pathway], actor: User, count: int) -> None:
    """Leave one trace on each pathway concerned: who changed what, from what to what."""
    by_pathway = defaultdict(list)
    for pathway_id, day, half, was, now in told:
        by_pathway[pathway_id].append([day, half, was, now])
    TrailEntry.objects.bulk_create(
        TrailEntry(
            actor=actor, action="attendance.saved", subject=subject_of(pathways[pathway_id]),
            summary=f"Présences : {counted(len(lines), 'demi-journée notée', 'demi-journées notées')}", detail={"changes": lines},
        )
        for pathway_id, lines in by_pathway.items()
    )  # fmt: skip


@dataclass(frozen=True)
class Justification:
    """What is decided of an absence: justified or not, why, with which paper, and which other half-days it covers."""

    justified: bool
    reason: str = ""
    proof: Upload | None = None
    also: tuple[int, ...] = ()


@transaction.atomic
def justify(absence_id: int, text: Justification, seen: int, actor: User) -> list[AttendanceHalfDay]:
    """Say whether an absence is justified, with its reason and its paper; the same may cover other half-days of the month.

    Raises NotAllowed, Overtaken when it was changed after the revision `seen`, Refused without a reason, for a file that
    cannot be read, or when the month is frozen.
    """
    rows = AttendanceHalfDay.objects.select_for_update(of=("self",)).select_related("pathway", "proof")
    absence = rows.get(pk=absence_id)
    if not actor.has_perm(TraineePermission.WRITE_ATTENDANCE, absence):
        raise NotAllowed(NOT_YOURS)
    if absence.revision != seen or absence.state != Presence.ABSENT:
        raise Overtaken(
            "Quelqu’un a changé cette demi-journée pendant que vous la lisiez. Relisez-la, puis recommencez."
        )
    if text.justified and not text.reason.strip():
        raise Refused("Écrivez le motif de l’absence justifiée.", code="reason_required")
    refuse_frozen(absence.school_id, absence.day.replace(day=1))
    others = rows.filter(
        pk__in=text.also, pathway=absence.pathway_id, state=Presence.ABSENT, justified=None,
        day__year=absence.day.year, day__month=absence.day.month,
    )  # fmt: skip
    covered = [absence, *others.order_by("pk")]
    proof = _received(absence, text.proof, actor) if text.proof else None
    for row in covered:
        _excuse(row, text, proof, actor)
    days = ", ".join(f"{Half(row.half).label.lower()} du {row.day:%d/%m/%Y}" for row in covered)
    told = "justifiée" if text.justified else "non justifiée"
    record(
        actor,
        "attendance.justified",
        absence.pathway,
        f"Absence {told} : {days}",
        half_days=[row.pk for row in covered],
    )
    return covered


def _excuse(row: AttendanceHalfDay, text: Justification, proof: AbsenceProof | None, actor: User) -> None:
    row.justified, row.reason = text.justified, text.reason.strip()
    row.proof = proof or row.proof
    row.revision, row.recorded_by, row.recorded_at = row.revision + 1, actor, timezone.now()
    save_or_refuse(row)


def _received(absence: AttendanceHalfDay, upload: Upload, actor: User) -> AbsenceProof:
    file = store_received(FOLDER, upload, keep_metadata=False)
    return AbsenceProof.objects.create(
        school_id=absence.school_id, trainee_id=absence.trainee_id, file=file.key, mime=file.mime, sha256=file.sha256,
        size=file.size, received_by=actor,
    )  # fmt: skip


def trace_reading(proof: AbsenceProof, actor: User) -> None:
    """Keep the trace of whoever read a proof: it may tell of health."""
    on = date_in_letters(timezone.localdate(proof.received_at))
    record(actor, "attendance.proof_read", proof, f"Justificatif d’absence lu (reçu {on})", trainee=proof.trainee_id)
