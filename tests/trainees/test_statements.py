"""Monthly statements: nothing missing, nothing changes once frozen, a correction is a new version that says what it changes."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from e2c_portal.documents.building import build
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import NotAllowed, Overtaken, PortalError, Refused
from schools.models import Membership, School
from tests.factories.attendance import MONDAY, OCTOBER, SEPTEMBER, TUESDAY, fill, note, stay, under_way
from tests.factories.network import member_of
from trainees.documents.statements import statement_order
from trainees.models import AttendanceHalfDay, MonthlyAttendanceStatement, Pathway, TutorReport
from trainees.operations.presence import Justification, justify
from trainees.operations.statements import freeze_month, open_correction, record_sending, sha256_of
from trainees.reads.statements import month_facts

pytestmark = pytest.mark.django_db
LAST = date(2026, 9, 30)


@pytest.fixture
def pathway(school: School, coordinator: User) -> Pathway:
    """A trainee for two days: a month is then quick to fill."""
    return under_way(school, coordinator, ends_on=TUESDAY)


def filled(pathway: Pathway, actor: User) -> Pathway:
    fill(pathway, actor, SEPTEMBER, LAST)
    return pathway


def test_a_month_is_frozen_once_nothing_is_missing(school: School, coordinator: User, pathway: Pathway) -> None:
    fill(pathway, coordinator, MONDAY, TUESDAY)
    note(pathway, coordinator, MONDAY, state="absent")
    with pytest.raises(Refused) as refusal:
        freeze_month(school, SEPTEMBER, coordinator)
    told = " ".join(refusal.value.details)
    assert "absence du 07/09/2026 (matin) à dire justifiée ou non" in told
    assert "8\N{NO-BREAK SPACE}demi-journées non notées (01/09, 02/09, 03/09 et 04/09)" in told
    fill(pathway, coordinator, SEPTEMBER, date(2026, 9, 4))
    justify(AttendanceHalfDay.objects.get(state="absent").pk, Justification(False), 2, coordinator)
    statement = freeze_month(school, SEPTEMBER, coordinator)
    line = statement.lines[0]
    assert (line["half_days"]["school"], line["half_days"]["unjustified"]) == (11, 1)
    assert line["minutes"] == {"school": 6 * 420 - 180, "company": 0}
    assert (statement.status, statement.version, statement.sha256) == ("frozen", 1, sha256_of(statement.lines))
    assert Document.objects.get(kind="attendance_statement").reference == statement.reference


def test_a_report_of_a_tutor_waits_before_the_freezing(school: School, coordinator: User, pathway: Pathway) -> None:
    internship = stay(pathway, coordinator, MONDAY, TUESDAY)
    filled(pathway, coordinator)
    TutorReport.objects.create(
        school=school, internship=internship, contact=internship.tutor, kind="absence", day=MONDAY, halves="am"
    )
    with pytest.raises(Refused) as refusal:
        freeze_month(school, SEPTEMBER, coordinator)
    assert "signalement du tuteur" in refusal.value.details[0]


def test_who_may_freeze_and_when(
    school: School, coordinator: User, officer: User, auditor: User, pathway: Pathway
) -> None:
    referent = member_of(school, officer, role=Membership.Role.REFERENT)
    filled(pathway, coordinator)
    for person in (auditor, officer, referent):
        with pytest.raises(NotAllowed):
            freeze_month(school, SEPTEMBER, person)
    with pytest.raises(Refused, match="pas terminé"):
        freeze_month(school, timezone.localdate().replace(day=1), coordinator)
    freeze_month(school, SEPTEMBER, coordinator)
    with pytest.raises(Overtaken):
        freeze_month(school, SEPTEMBER, coordinator)
    with pytest.raises(Refused, match="Aucun stagiaire"):
        freeze_month(school, OCTOBER, coordinator)


def test_a_frozen_month_takes_no_write(school: School, coordinator: User, pathway: Pathway) -> None:
    filled(pathway, coordinator)
    freeze_month(school, SEPTEMBER, coordinator)
    with pytest.raises(Refused, match="figé"):
        note(pathway, coordinator, MONDAY, state="absent")
    for sql in (
        "UPDATE trainees_attendancehalfday SET state = 'absent'", "DELETE FROM trainees_attendancehalfday",
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="figé"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(IntegrityError, match="figé"), transaction.atomic():
        AttendanceHalfDay.objects.create(
            school=school, pathway=pathway, trainee=pathway.trainee, day=date(2026, 9, 5), half="am", place="school",
            state="present", minutes=210, recorded_by=coordinator,
        )  # fmt: skip


RAW = [
    ("lines = '[]'", "figées"), ("sha256 = 'x'", "figées"), ("status = 'open'", "Passage interdit"), ("month = '2026-08-01'", "figées"),
    ("version = 7", "figées"),
]  # fmt: skip


def test_the_database_keeps_what_was_frozen(school: School, coordinator: User, pathway: Pathway) -> None:
    filled(pathway, coordinator)
    freeze_month(school, SEPTEMBER, coordinator)
    for change, why in RAW:
        with pytest.raises(IntegrityError, match=why), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE trainees_monthlyattendancestatement SET {change}")
    with pytest.raises(IntegrityError, match="trace juridique"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM trainees_monthlyattendancestatement")
    with pytest.raises(IntegrityError, match="Une autre version"), transaction.atomic():
        MonthlyAttendanceStatement.objects.create(
            school=school, month=SEPTEMBER, version=4, reason="x", opened_by=coordinator
        )


def test_an_undecided_absence_is_refused_by_the_database_too(
    school: School, coordinator: User, pathway: Pathway
) -> None:
    filled(pathway, coordinator)
    note(pathway, coordinator, MONDAY, state="absent")
    MonthlyAttendanceStatement.objects.create(school=school, month=SEPTEMBER, opened_by=coordinator)
    with pytest.raises(IntegrityError, match="justifiées"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE trainees_monthlyattendancestatement SET status = 'frozen', frozen_at = now(), sha256 = 'x', frozen_by_id = %s",
            [coordinator.pk],
        )


def test_a_correction_is_a_version_that_says_what_it_changes(
    school: School, coordinator: User, pathway: Pathway
) -> None:
    filled(pathway, coordinator)
    first = freeze_month(school, SEPTEMBER, coordinator)
    record_sending(first.pk, timezone.localdate(), "Région", coordinator)
    with pytest.raises(Refused, match="corrige"):
        open_correction(school, SEPTEMBER, " ", coordinator)
    opened = open_correction(school, SEPTEMBER, "Attestation reçue tard", coordinator)
    with pytest.raises(Overtaken):
        open_correction(school, SEPTEMBER, "Encore", coordinator)
    note(pathway, coordinator, MONDAY, state="leave")
    second = freeze_month(school, SEPTEMBER, coordinator)
    first.refresh_from_db()
    assert (opened.pk, second.version, first.status) == (second.pk, 2, "superseded")
    assert second.changes == [
        {"name": pathway.trainee.sorted_name, "day": "2026-09-07", "half": "am", "before": "P", "after": "A"}
    ]
    assert first.lines[0]["half_days"]["school"] == 12
    kind = kind_named("attendance_statement")
    states = [kind.standing(paper, LAST).state for paper in Document.objects.filter(kind=kind.name).order_by("pk")]
    assert states == ["superseded", "record"]


def test_the_document_is_sealed_and_names_no_reason(
    school: School, coordinator: User, pathway: Pathway, seal_key: None
) -> None:
    filled(pathway, coordinator)
    note(pathway, coordinator, MONDAY, state="absent")
    justify(AttendanceHalfDay.objects.get(state="absent").pk, Justification(True, "Grippe"), 2, coordinator)
    statement = freeze_month(school, SEPTEMBER, coordinator)
    paper = Document.objects.get(kind="attendance_statement")
    build(paper.pk)
    paper.refresh_from_db()
    assert paper.is_sealed, paper.failure
    assert "Grippe" not in str(paper.context)
    assert statement_order(statement).content["rows"][0]["justified"] == "1"


STEPS = st.lists(
    st.sampled_from(["present", "absent", "leave", "erase", "decide", "freeze", "correct", "send"]),
    min_size=3,
    max_size=9,
)


@given(steps=STEPS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_changes_a_frozen_month(
    school: School, coordinator: User, pathway: Pathway, steps: list[str]
) -> None:
    """Whatever is tried, each version keeps what it froze, and the rows of a frozen month are those of its last version."""
    with transaction.atomic():
        if not AttendanceHalfDay.objects.exists():
            filled(pathway, coordinator)
        kept: dict[int, tuple[str, str]] = {}
        for step in steps:
            try:
                with transaction.atomic():
                    _try(step, school, coordinator, pathway)
            except PortalError:
                pass
            _check(school, kept)
        transaction.set_rollback(True)


def _try(step: str, school: School, actor: User, pathway: Pathway) -> None:
    if step == "freeze":
        freeze_month(school, SEPTEMBER, actor)
    elif step == "correct":
        open_correction(school, SEPTEMBER, "Essai", actor)
    elif step == "send":
        current = MonthlyAttendanceStatement.objects.filter(status="frozen").first()
        if current:
            record_sending(current.pk, timezone.localdate(), "Région", actor)
    elif step == "decide":
        row = AttendanceHalfDay.objects.filter(state="absent").first()
        if row:
            justify(row.pk, Justification(False), row.revision, actor)
    else:
        note(pathway, actor, MONDAY, state="" if step == "erase" else step)


def _check(school: School, kept: dict[int, tuple[str, str]]) -> None:
    rows = list(MonthlyAttendanceStatement.objects.order_by("version"))
    for row in rows:
        if row.status != "open":
            frozen = (sha256_of(row.lines), row.sha256)
            assert frozen[0] == frozen[1] == kept.setdefault(row.pk, frozen)[0]
    if rows and rows[-1].status in ("frozen", "sent"):
        assert sha256_of(month_facts(school, SEPTEMBER).lines) == rows[-1].sha256
