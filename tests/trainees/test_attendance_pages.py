"""The pages of presences: who reaches them, what they keep of what was typed, their number of queries."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import Form
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry as TrailEntry
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from e2c_portal.exports.lists import all_lists
from schools.models import School
from tests.factories.accidents import accident_of
from tests.factories.attendance import MONDAY, SEPTEMBER, TUESDAY, fill, note, stay, under_way
from tests.factories.network import member_of
from tests.factories.trainees import limits
from tests.trainees.test_presence import PHOTO
from trainees.models import (
    AbsenceProof,
    AccidentReport,
    AttendanceHalfDay,
    MonthlyAttendanceStatement,
    TutorReport,
)
from trainees.operations.accidents import declare_accident, remind_of_accidents
from trainees.operations.statements import freeze_month

pytestmark = pytest.mark.django_db
DAY = MONDAY.isoformat()
NAMES = {"absences", "signalements-tuteurs", "accidents", "etats-mensuels", "etat-mensuel"}


@pytest.fixture
def theirs(other_school: School, officer: User) -> dict[str, str]:
    """Every address of a school that is not the coordinator's, with something behind it."""
    actor = member_of(other_school, officer, "Coordo Nîmes")
    pathway = under_way(other_school, actor, last_name="Secret", ends_on=TUESDAY)
    internship = stay(pathway, actor, MONDAY, TUESDAY)
    fill(pathway, actor, SEPTEMBER, TUESDAY, "leave")
    note(pathway, actor, MONDAY, state="absent")
    row = AttendanceHalfDay.objects.get(state="absent")
    report = TutorReport.objects.create(
        school=other_school, internship=internship, contact=internship.tutor, kind="absence", day=MONDAY, halves="am"
    )
    proof = AbsenceProof.objects.create(
        school=other_school,
        trainee=pathway.trainee,
        file="absences/x.pdf",
        mime="application/pdf",
        sha256="0" * 64,
        size=1,
        received_by=actor,
    )
    accident, month = accident_of(pathway, actor), [other_school.pk, "2026-09"]
    wanted = {
        "attendance_week": [pathway.trainee.public_id, DAY], "absence": [row.pk], "absence_proof": [proof.public_id], "report": [report.pk],
        "report_confirm": [report.pk], "school_days": [other_school.pk], "closure_erase": [other_school.pk, 1], "statement": month,
        "statement_freeze": month, "statement_correct": month, "statement_send": month, "tutor_link": [internship.pk],
        "tutor_link_send": [internship.pk],
        **{f"accident{name}": [accident.pk] for name in ("", "_change", "_declare", "_pass_on", "_aside", "_again", "_proof")},
    }  # fmt: skip
    urls = {name: reverse(f"trainees:{name}", args=args) for name, args in wanted.items()}
    urls["day"] = reverse("trainees:attendance_day", args=[DAY]) + f"?ecole={other_school.pk}"
    urls["statements"] = reverse("trainees:statements") + f"?ecole={other_school.pk}"
    urls["accident_new"] = reverse("trainees:accident_new") + f"?stagiaire={pathway.trainee.public_id}"
    return urls


def test_another_school_is_not_there(theirs: dict[str, str], coordinator: User, client_of: Callable) -> None:
    client = client_of(coordinator)
    answers = {url: (client.get(url).status_code, client.post(url).status_code) for url in theirs.values()}
    assert {url: codes for url, codes in answers.items() if set(codes) - {404, 405}} == {}


def test_nor_guessed_in_lists_searches_and_exports(
    theirs: dict[str, str], coordinator: User, other_school: School, client_of: Callable
) -> None:
    client = client_of(coordinator)
    lists = [
        "trainees:absences",
        "trainees:reports",
        "trainees:accidents",
        "trainees:statements",
        "trainees:accident_new",
    ]
    for name in lists:
        answer = client.get(
            reverse(name), {"q": "Secret", "etat": "all"} if name == "trainees:absences" else {"q": "secret"}
        )
        assert b"SECRET" not in answer.content
    assert {listing.name for listing in all_lists()} >= NAMES
    for name in NAMES:
        answer = client.get(
            reverse("exports:export", args=[name, "csv"]), {"ecole": other_school.pk, "mois": "2026-09", "etat": "all"}
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 404 or b"SECRET" not in body, name


def test_the_network_reads_and_writes_nothing(theirs: dict[str, str], auditor: User, client_of: Callable) -> None:
    client = client_of(auditor)
    page = client.get(theirs["day"])
    assert page.status_code == 200
    assert b'<select class="form-select half-day' not in page.content
    assert client.post(theirs["day"]).status_code == 403
    assert client.get(theirs["absence_proof"]).status_code == 403
    assert b"Bosse au front" not in client.get(theirs["accident"]).content
    for name in ("accident_declare", "statement_freeze", "statement_send", "tutor_link_send", "report_confirm"):
        assert client.post(theirs[name]).status_code == 403, name


def test_a_day_is_filled_with_one_button(school: School, coordinator: User, client_of: Callable) -> None:
    rows = [under_way(school, coordinator) for _ in range(3)]
    note(rows[0], coordinator, MONDAY, state="absent")
    client, url = client_of(coordinator), reverse("trainees:attendance_day", args=[DAY])
    sent = _shown(client, url) | {"tous": "1"}
    assert client.post(url, sent).status_code == 302
    assert AttendanceHalfDay.objects.filter(state="present").count() == 5
    assert AttendanceHalfDay.objects.filter(state="absent").count() == 1


def test_a_conflict_keeps_what_was_typed(school: School, coordinator: User, client_of: Callable) -> None:
    pathway = under_way(school, coordinator)
    client, url = client_of(coordinator), reverse("trainees:attendance_day", args=[DAY])
    sent = _shown(client, url)
    note(pathway, coordinator, MONDAY, state="present")
    name = f"{pathway.pk}-{DAY}-am"
    answer = client.post(url, sent | {f"e-{name}": "absent", f"e-{pathway.pk}-{DAY}-pm": "late"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "changé pendant votre saisie" in text
    assert '<option value="absent" selected>' in text
    assert AttendanceHalfDay.objects.get(half="pm").state == "late", "the rest is saved"
    assert client.post(url, _shown_in(text)).status_code == 302
    assert AttendanceHalfDay.objects.get(half="am").state == "absent", "saving again is a decision"


def test_pages_ask_as_much_for_three_as_for_one(
    school: School, coordinator: User, client_of: Callable, same_query_count: Callable
) -> None:
    client = client_of(coordinator)

    def add() -> None:
        pathway = under_way(school, coordinator, ends_on=date(2026, 10, 1))
        internship = stay(pathway, coordinator, MONDAY, TUESDAY, (MONDAY,))
        note(pathway, coordinator, MONDAY, state="absent")
        TutorReport.objects.create(
            school=school, internship=internship, contact=internship.tutor, kind="absence", day=MONDAY, halves="pm"
        )
        accident_of(pathway, coordinator)

    add()
    month = reverse("trainees:statement", args=[school.pk, "2026-09"])
    day = reverse("trainees:attendance_day", args=[DAY])
    lists = [reverse(f"trainees:{name}") for name in ("absences", "reports", "accidents", "statements")]
    for url in (day, month, *lists):
        assert same_query_count(lambda url=url: client.get(url), add) < 30


def test_an_absence_is_justified_on_its_page(school: School, coordinator: User, client_of: Callable) -> None:
    note(under_way(school, coordinator), coordinator, MONDAY, state="absent")
    row, client = AttendanceHalfDay.objects.get(), client_of(coordinator)
    url = row.get_absolute_url()
    answer = client.post(url, {"seen": 1, "verdict": "yes", "reason": ""})
    assert answer.status_code == 422
    assert "Écrivez le motif" in answer.content.decode()
    file = SimpleUploadedFile("arret.png", PHOTO, "image/png")
    assert client.post(url, {"seen": 1, "verdict": "yes", "reason": "Arrêt maladie", "proof": file}).status_code == 302
    proof = AbsenceProof.objects.get()
    given = client.get(reverse("trainees:absence_proof", args=[proof.public_id]))
    assert given["Content-Disposition"].startswith("attachment")
    assert TrailEntry.objects.filter(action="attendance.proof_read").count() == 1
    fake = SimpleUploadedFile("arret.pdf", b"MZ not a pdf", "application/pdf")
    assert client.post(url, {"seen": 2, "verdict": "no", "proof": fake}).status_code == 422


def test_a_month_is_frozen_and_corrected_on_its_page(school: School, coordinator: User, client_of: Callable) -> None:
    pathway = under_way(school, coordinator, ends_on=TUESDAY)
    client, url = client_of(coordinator), reverse("trainees:statement", args=[school.pk, "2026-09"])
    refused = client.post(url + "figer/")
    assert refused.status_code == 422
    assert "demi-journées non notées" in refused.content.decode()
    fill(pathway, coordinator, SEPTEMBER, TUESDAY)
    assert client.post(url + "figer/").status_code == 302
    frozen = MonthlyAttendanceStatement.objects.get()
    assert "Corriger par une nouvelle version" in client.get(url).content.decode()
    assert client.get(reverse("audit:history", args=[frozen._meta.label_lower, frozen.pk])).status_code == 200
    day = client.get(reverse("trainees:attendance_day", args=[DAY])).content.decode()
    assert "Mois figé" in day
    assert '<select class="form-select half-day' not in day
    assert client.post(url + "corriger/", {"reason": ""}).status_code == 422
    assert client.post(url + "corriger/", {"reason": "Oubli"}).status_code == 302
    # The head of the page leads to the history of the latest version, the others to theirs.
    corrected = client.get(url).content.decode()
    for statement in MonthlyAttendanceStatement.objects.all():
        assert reverse("audit:history", args=[statement._meta.label_lower, statement.pk]) in corrected
    assert "Historique de la version 1" in corrected
    assert (
        client.get(
            reverse("exports:export", args=["etat-mensuel", "xlsx"]) + f"?ecole={school.pk}&mois=2026-09"
        ).status_code
        == 200
    )


def test_an_accident_is_written_declared_and_reminded_of(
    school: School, coordinator: User, client_of: Callable
) -> None:
    pathway, client = under_way(school, coordinator), client_of(coordinator)
    url = reverse("trainees:accident_new") + f"?stagiaire={pathway.trainee.public_id}"
    now = timezone.localtime().replace(second=0, microsecond=0)
    token = client.get(url).context["form"].initial["form_token"]
    typed = {
        "form_token": token, "place": "school", "occurred_at": f"{now - timedelta(hours=30):%Y-%m-%dT%H:%M}", "place_words": "Cour",
        "circumstances": "A trébuché", "known_at": f"{now:%Y-%m-%dT%H:%M}", "victim_told_at": f"{now:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert client.post(url, typed | {"place": "company"}).status_code == 422
    assert client.post(url, typed).status_code == 302
    assert client.post(url, typed).status_code == 302
    accident = AccidentReport.objects.get()
    page = client.get(accident.get_absolute_url()).content.decode()
    assert "plus de 24" in page
    assert reverse("audit:history", args=[accident._meta.label_lower, accident.pk]) in page
    assert remind_of_accidents() == 0
    late = accident_of(under_way(school, coordinator), coordinator, hours=24 * 9)
    assert (remind_of_accidents(), remind_of_accidents()) == (1, 1)
    assert "Délai dépassé" in client.get(reverse("trainees:accidents")).content.decode()
    answer = client.post(
        reverse("trainees:accident_declare", args=[late.pk]), {"declared_at": "2020-01-01T10:00", "reference": "DAT 1"}
    )
    assert answer.status_code == 422
    declare_accident(late.pk, timezone.now(), "DAT 12", None, coordinator)
    assert remind_of_accidents() == 0
    assert "Déclaré hors délai" in client.get(late.get_absolute_url()).content.decode()


def test_the_days_of_the_school(school: School, coordinator: User, client_of: Callable) -> None:
    client, url = client_of(coordinator), reverse("trainees:school_days", args=[school.pk])
    token = client.get(url).context["closure_form"].initial["form_token"]
    typed = {"form_token": token, "starts_on": "2026-12-21", "ends_on": "2027-01-01", "label": "Congés de fin d’année"}
    assert client.post(url, typed | {"ends_on": "2026-12-01"}).status_code == 422
    assert client.post(url, typed).status_code == 302
    page = client.get(url).content.decode()
    assert "Congés de fin d’année" in page
    assert client.post(reverse("trainees:closure_erase", args=[school.pk, school.closures.get().pk])).status_code == 302
    assert not school.closures.exists()


def test_the_week_of_the_school(school: School, coordinator: User, officer: User, client_of: Callable) -> None:
    limits()
    client, url = client_of(coordinator), reverse("trainees:school_days", args=[school.pk])
    reader, post = client_of(member_of(school, officer, "Référente", role="referent")), f"{url}?semaine"
    page = client.get(url)
    assert "pas encore d’horaires en vigueur" in page.content.decode()
    typed = _filled(page.context["week_form"]) | {"semaine-starts_on": "2026-09-07", "semaine-4-break_starts_at": ""}
    half = client.post(post, typed)
    assert (half.status_code, "une pause a un début et une fin" in half.content.decode()) == (422, True)
    typed |= {"semaine-4-break_ends_at": "", "semaine-4-ends_at": "12:30"}
    assert reader.post(post, typed).status_code == 403
    assert [client.post(post, typed).status_code for _ in "12"] == [302, 302], "a second press says the same week"
    assert client.post(post, typed | {"semaine-4-ends_at": "13:00"}).status_code == 422
    none = {"semaine-starts_on": "2099-01-05"}
    assert "au moins un jour" in client.post(post, none).content.decode()
    saturday = {"semaine-5-place": "school", "semaine-5-starts_at": "09:00", "semaine-5-ends_at": "12:00"}
    assert client.post(post, none | saturday).status_code == 302
    page = reader.get(url)
    now, to_come = page.context["weeks"]
    assert (now.lines[4].morning, now.lines[4].afternoon) == ("3\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30", "–")
    assert [line.day for line in to_come.lines if line.morning != "–"] == ["Samedi"]
    assert "Changer la semaine" not in page.content.decode()


def _filled(form: Form) -> dict[str, str]:
    """Return a form as a browser would send it untouched."""
    shown = {bound.html_name: bound.value() for bound in form}
    return {name: str(value) for name, value in shown.items() if value is not None}


def test_the_frozen_document_is_read_by_its_school_alone(
    school: School, coordinator: User, officer: User, other_school: School
) -> None:
    fill(under_way(school, coordinator, ends_on=TUESDAY), coordinator, SEPTEMBER, TUESDAY)
    freeze_month(school, SEPTEMBER, coordinator)
    paper = Document.objects.get(kind="attendance_statement")
    kind = kind_named(paper.kind)
    assert kind.may_read(coordinator, paper)
    assert not kind.may_read(member_of(other_school, officer), paper)
    assert "Nom" not in str(kind.public_facts(paper))


def _shown(client: Client, url: str) -> dict[str, str]:
    return _shown_in(client.get(url).content.decode())


def _shown_in(text: str) -> dict[str, str]:
    """Return the fields of the grid as a browser would send them."""
    found = dict(re.findall(r'<input type="hidden" name="(v-[^"]+)" value="([^"]*)"', text))
    for name, options in re.findall(r'<select [^>]*name="(e-[^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found
