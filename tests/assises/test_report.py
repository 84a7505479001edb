"""The report of an edition: refusals first, then figures against the truth, frozen, corrected, sealed."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assises.documents.report import WORKBOOK_NAME
from assises.documents.report_workbook import workbook_of
from assises.models import Checkpoint, Edition, EditionReport, Registration, Scan, ToldFact
from assises.operations.closing import close_edition, revise
from assises.operations.editions import move_edition
from assises.operations.places import accept_offer, offer_what_is_free
from assises.operations.registering import cancel_registration
from assises.operations.told_facts import remove_fact, tell_fact
from assises.reads.report import sealed_paper
from assises.reads.report_content import compute
from assises.reads.report_rows import fingerprint_of, rows_of
from assises.reads.report_sections import Column, Line, Section, register
from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.building import build
from e2c_portal.documents.models import Document
from e2c_portal.documents.sealing import embedded_file
from e2c_portal.kernel.errors import NotAllowed, Overtaken, PortalError, Refused
from partnerships.models import Company
from schools.models import School
from tests.factories.assises import door, edition_open, half_day, somebody
from tests.factories.partnerships import company_named

pytestmark = pytest.mark.django_db
_numbers = count(1)


def passed(edition: Edition, at: Checkpoint, row: Registration | None, outcome: str = "ok") -> Scan:
    """Read a ticket at a checkpoint."""
    post = edition.door_posts.first() or door(edition)
    return Scan.objects.create(
        nonce=uuid4(), edition=edition, checkpoint=at, registration=row, outcome=outcome, way="camera", post=post,
        scanned_at=timezone.now(),
    )  # fmt: skip


def held_today(officer: User, **facts: Any) -> Edition:
    """Return an edition whose day is today, with registration still open."""
    return moved_to_today(edition_open(officer, **facts))


def moved_to_today(edition: Edition) -> Edition:
    """Let the weeks before the day pass."""
    Edition.objects.filter(pk=edition.pk).update(held_on=timezone.localdate(), year=timezone.localdate().year)
    edition.refresh_from_db()
    return edition


def company(actor: User) -> Company:
    """Return another company each time."""
    return company_named(f"Entreprise {next(_numbers)} (exemple)", actor)


def deferred() -> None:
    """Run now what the database checks at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_who_closes_and_when(officer: User, coordinator: User, auditor: User, client: Client) -> None:
    edition = edition_open(officer)
    with pytest.raises(Refused) as early:
        close_edition(edition.pk, officer)
    assert early.value.details == ["La journée n’a pas encore eu lieu."]
    Edition.objects.filter(pk=edition.pk).update(held_on=timezone.localdate(), year=timezone.localdate().year)
    year = timezone.localdate().year
    for person in (coordinator, auditor):
        with pytest.raises(NotAllowed):
            close_edition(edition.pk, person)
        with pytest.raises(NotAllowed):
            revise(edition.pk, "Motif", person)
        client.force_login(person)
        for name in ("report_close", "report_revise", "fact_new", "photo_new"):
            assert client.post(reverse(f"assises:{name}", args=[year])).status_code == 403
        assert "Clôturer" not in client.get(reverse("assises:report", args=[year])).content.decode()
    with pytest.raises(Refused, match="page de son bilan"):
        move_edition(edition.pk, "close", officer)
    with pytest.raises(Refused, match="n’est pas clôturée"):
        revise(edition.pk, "Motif", officer)
    close_edition(edition.pk, officer, "announced")
    with pytest.raises(Overtaken):
        close_edition(edition.pk, officer, "announced")
    assert EditionReport.objects.filter(edition=edition).count() == 1, "pressed twice, closed once"


def _closed_alone(edition: Edition, officer: User) -> None:
    Edition.objects.filter(pk=edition.pk).update(status="closed")
    edition.moves.create(origin="announced", target="closed", actor=officer)
    deferred()


def test_the_database_holds_it_by_itself(officer: User) -> None:
    edition = held_today(officer)
    facts: dict[str, Any] = {"edition": edition, "content": {}, "data_sha256": "0" * 64, "made_by": officer}
    with pytest.raises(IntegrityError, match="clôturée"), transaction.atomic():
        EditionReport.objects.create(number=1, **facts)
    with pytest.raises(IntegrityError, match="avec son bilan"), transaction.atomic():
        _closed_alone(edition, officer)
    report = close_edition(edition.pk, officer)
    deferred()
    for number in (1, 3):
        with pytest.raises(IntegrityError), transaction.atomic():
            EditionReport.objects.create(number=number, reason="Motif", **facts)
    with pytest.raises(IntegrityError, match="edition_report_correction_says_why"), transaction.atomic():
        EditionReport.objects.create(number=2, **facts)
    with pytest.raises(IntegrityError, match="inaltérable"), transaction.atomic():
        EditionReport.objects.filter(pk=report.pk).update(content={})
    with pytest.raises(IntegrityError, match="told_fact_is_a_number_or_words"), transaction.atomic():
        ToldFact.objects.create(
            edition=edition, key="x", label="x", value=1, words="un", source="x", written_by=officer
        )


@pytest.fixture
def day(officer: User, school: School, other_school: School) -> Edition:
    """A day whose truth is known: who was registered, who came, who waited, what was refused."""
    # Places are offered before the day alone, so people register before it.
    edition = edition_open(officer, quotas={"institution": 2}, offer_hours=48)
    morning, evening = half_day(edition), half_day(edition, "Après-midi", 13, 18)
    workshop = edition.sessions.get(title="Entretiens")
    control = Checkpoint.objects.create(
        edition=edition, kind="session", name="Entretiens", session=workshop, opens_at="10:00", closes_at="12:00"
    )
    trainees = [somebody(edition, "trainee", school=school) for _ in range(6)]
    staff = somebody(edition, "staff", school=other_school)
    came, away = (
        somebody(edition, "company", company=company(officer)),
        somebody(edition, "company", company=company(officer)),
    )
    guests = [somebody(edition) for _ in range(4)]
    cancel_registration(guests[0].pk)
    for row in Registration.objects.filter(edition=edition, status="offered"):
        accept_offer(row.pk)
    moved_to_today(edition)
    for row in trainees[:2]:
        row.session_places.create(session=workshop)
    for row in (*trainees[:4], staff, came):
        passed(edition, morning, row)
    passed(edition, evening, trainees[4])
    passed(edition, evening, trainees[0])
    passed(edition, control, trainees[0])
    voided = passed(edition, morning, trainees[5])
    Scan.objects.filter(pk=voided.pk).update(voided_at=timezone.now(), voided_by=officer, void_reason="Erreur")
    passed(edition, morning, trainees[0], "already_in")
    passed(edition, morning, None, "unknown")
    passed(edition, morning, None, "unknown")
    assert away.status == "confirmed"
    return edition


def cells(content: dict[str, Any], section: str, line: str) -> list[Any]:
    """Return the values of a line, by its label."""
    found = next(one for one in content["sections"] if one["key"] == section)
    return next([cell["value"] for cell in one["cells"]] for one in found["lines"] if one["label"] == line)


def test_the_figures_equal_the_truth(day: Edition, school: School) -> None:
    content = compute(day).content
    summary = {figure["key"]: figure["value"] for figure in content["summary"]}
    assert summary == {
        "registered": 13, "confirmed": 11, "present": 7, "absent": 4, "rate": 63.6, "schools": 2, "companies": 1, "conventions": 0
    }  # fmt: skip
    assert cells(content, "category", "Stagiaires") == [6, 6, 5, 1, 83.3]
    assert cells(content, "category", "Entreprises") == [2, 2, 1, 1, 50.0]
    assert cells(content, "category", "Institutions") == [4, 2, 0, 2, 0.0]
    assert cells(content, "half_day", "Matin") == [11, 6, 5, 54.5]
    assert cells(content, "half_day", "Après-midi") == [11, 2, 9, 18.2]
    assert cells(content, "session", "Entretiens") == [2, 1, 1, 50.0]
    assert cells(content, "waiting", "Institutions") == [2, 1, 1, 0, 1]
    assert cells(content, "refused", "Billet inconnu") == [2]
    assert cells(content, "refused", "Déjà compté") == [1]
    schools = next(one for one in content["sections"] if one["key"] == "school")["lines"]
    assert [line["cells"][2]["value"] for line in schools] == [6], "one person of a school is never told alone"
    companies = next(one for one in content["sections"] if one["key"] == "company")["lines"]
    assert [line["cells"][2]["value"] for line in companies] == [1, 0]
    assert companies[1]["label"].startswith("Dont personne n’est venu"), "a company that did not come is not named"


def test_run_again_it_gives_the_same_and_any_change_behind_is_seen(day: Edition) -> None:
    first, again = compute(day), compute(day, timezone.now() + timedelta(days=3))
    assert first.data_sha256 == again.data_sha256
    assert {key: value for key, value in first.content.items() if key != "computed_at"} == {
        key: value for key, value in again.content.items() if key != "computed_at"
    }
    morning = Checkpoint.objects.get(edition=day, name="Matin")
    passed(day, morning, None, "unknown")
    assert compute(day).data_sha256 != first.data_sha256
    assert "Exemple" not in str([section["lines"] for section in first.content["sections"]]), "nobody is named"


def test_the_fingerprint_is_that_of_rows_written_one_by_one(day: Edition, officer: User) -> None:
    """Reports frozen before the database wrote the long lists must not seem to have moved."""
    people = Registration.objects.filter(edition=day).order_by("pk")
    columns = ("pk", "category", "status", "school_id", "company_id", "waiting_since")
    scans = Scan.objects.filter(edition=day, voided_at=None).order_by("pk")
    one_by_one = {
        "registrations": [[*row, waiting is not None] for *row, waiting in people.values_list(*columns)],
        "scans": [list(row) for row in scans.values_list("pk", "checkpoint_id", "registration_id", "outcome")],
    }
    rows = rows_of(day)
    assert {key: json.dumps(value, separators=(",", ":")) for key, value in one_by_one.items()} == rows.written
    assert {len({*map(len, value)}) for value in one_by_one.values()} == {1}
    points = sorted([row.pk, row.kind, row.session_id, row.name] for row in rows.checkpoints)
    whole = one_by_one | {
        "edition": [day.year, day.held_on.isoformat()], "checkpoints": points, "places": sorted(rows.places),
        "offers": sorted(rows.offers), "conventions": [], "told": [], "photos": [], "earlier": [], "added": {},
    }  # fmt: skip
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert fingerprint_of(rows) == hashlib.sha256(text.encode()).hexdigest()
    empty = rows_of(Edition(pk=0, year=1, held_on=day.held_on))
    assert (empty.written, len(empty.people)) == ({"registrations": "[]", "scans": "[]"}, 0)


def test_what_was_not_counted_is_not_zero(officer: User) -> None:
    edition = held_today(officer)
    somebody(edition)
    content = compute(edition).content
    assert [figure["value"] for figure in content["summary"][:5]] == [1, 1, None, None, None]
    assert content["summary"][2]["words"] == "non compté"


def test_a_late_scan_changes_nothing_until_a_new_version_says_it(day: Edition, officer: User, client: Client) -> None:
    report = close_edition(day.pk, officer)
    with pytest.raises(Refused, match="Rien n’a changé"):
        revise(day.pk, "Sans objet", officer)
    late = day.registrations.filter(category="institution", status="confirmed").first()
    passed(day, Checkpoint.objects.get(edition=day, name="Matin"), late)
    frozen = EditionReport.objects.get(pk=report.pk)
    assert (frozen.content, frozen.data_sha256) == (report.content, report.data_sha256)
    client.force_login(officer)
    page = client.get(reverse("assises:report", args=[day.year])).content.decode()
    assert "Les données ont bougé" in page
    answer = client.post(reverse("assises:report_revise", args=[day.year]), {"reason": " "})
    assert answer.status_code == 422
    with pytest.raises(Refused, match="sécurité sociale"):
        revise(day.pk, "Pour 1 85 05 78 006 084 36", officer)
    client.post(reverse("assises:report_revise", args=[day.year]), {"reason": "Feuille saisie après la journée."})
    second = EditionReport.objects.get(edition=day, number=2)
    assert "Ensemble, présentes : 8 au lieu de 7." in second.changes
    assert "Par catégorie, Institutions, présentes : 1 au lieu de 0." in second.changes
    page = client.get(reverse("assises:report", args=[day.year])).content.decode()
    assert "Les données ont bougé" not in page
    assert "Feuille saisie après la journée." in page


def test_told_facts_stay_apart_and_keep_their_source(
    day: Edition, officer: User, coordinator: User, client: Client
) -> None:
    client.force_login(officer)
    address = reverse("assises:fact_new", args=[day.year])
    typed = {"label": "Participants", "qualifier": "plus de", "value": "100", "words": "", "source": ""}
    assert client.post(address, typed).status_code == 422
    client.post(address, typed | {"source": "Journal du 12 décembre"})
    fact = ToldFact.objects.get(edition=day)
    assert fact.told == "plus de 100"
    with pytest.raises(Refused) as twice:
        tell_fact(ToldFact(edition=day, key="participants", label="x", words="x", source=fact.source), officer)
    assert twice.value.details == ["Ce fait est déjà noté d’après cette source."]
    with pytest.raises(NotAllowed):
        remove_fact(day.pk, fact.pk, coordinator)
    content = compute(day).content
    assert [row["words"] for row in content["told"]] == ["plus de 100"]
    assert content["summary"][2]["value"] == 7, "what a source says counts nobody"
    client.post(reverse("assises:fact_remove", args=[day.year, fact.pk]))
    assert not ToldFact.objects.filter(edition=day).exists()


def test_a_part_adds_its_section_and_its_rows_enter_the_fingerprint(
    day: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [(1, 5)]

    def survey(rows: Any) -> Section:
        return Section(
            "survey", "Enquête", "Réponses anonymes.", "Question", (Column("mean", "Moyenne", "Sur 5."),),
            (Line("q1", "Accueil", (answers[0][1],)),), "1 réponse", rows=tuple(answers),
        )  # fmt: skip

    monkeypatch.setattr("assises.reads.report_sections._makers", {})
    register("survey", 900, survey)
    first = compute(day)
    assert cells(first.content, "survey", "Accueil") == [5]
    answers[0] = (1, 4)
    assert compute(day).data_sha256 != first.data_sha256
    with pytest.raises(ValueError, match="twice"):
        register("survey", 10, survey)


def sealed(report: EditionReport) -> Document:
    """Make the document of a report as the worker does."""
    document = Document.objects.get(kind="assises.report", reference=report.reference)
    assert build(document.pk), Document.objects.get(pk=document.pk).failure
    return Document.objects.get(pk=document.pk)


def test_the_sealed_report_carries_its_workbook_and_anybody_reads_it(
    day: Edition, officer: User, coordinator: User, client: Client, seal_key: object
) -> None:
    tell_fact(ToldFact(edition=day, key="lieu", label="=1+1", words="=HYPERLINK(1)", source="@source"), officer)
    report = close_edition(day.pk, officer)
    public = reverse("assises:report_paper", args=[day.year])
    assert client.get(public).status_code == 404, "not sealed yet"
    document = sealed(report)
    pdf = storage.read(document.file, sha256=document.sha256)
    assert client.get(public).content == pdf
    book = client.get(reverse("assises:report_workbook", args=[day.year])).content
    assert book == embedded_file(pdf, WORKBOOK_NAME) == workbook_of(report.content, report.reference)
    sheets = load_workbook(BytesIO(book))
    assert [cell.value for cell in sheets["Par catégorie"][2]] == ["Stagiaires", 6, 6, 5, 1, 83.3]
    told = sheets["Selon les sources"][2]
    assert told[1].value == "=1+1"
    assert {cell.data_type for cell in told[1:]} == {"s"}, "a text stays a text"
    page = client.get(reverse("assises:public", args=[day.year])).content.decode()
    assert public in page
    assert reverse("documents:verdict", args=[document.printed_code]) in page
    verdict = client.get(reverse("documents:verdict", args=[document.printed_code])).content.decode()
    assert report.data_sha256 in verdict
    client.force_login(coordinator)
    assert client.get(reverse("assises:version_workbook", args=[day.year, 1])).content == book
    assert client.get(reverse("assises:version_workbook", args=[day.year, 2])).status_code == 404


def test_a_corrected_report_no_longer_stands_and_the_public_reads_the_last_one_sealed(
    day: Edition, officer: User, client: Client, seal_key: object
) -> None:
    first = sealed(close_edition(day.pk, officer))
    passed(day, Checkpoint.objects.get(edition=day, name="Matin"), None, "unknown")
    second = revise(day.pk, "Un passage arrivé tard.", officer)
    public = reverse("assises:report_paper", args=[day.year])
    assert client.get(public).content == storage.read(first.file), "the new one is not sealed yet"
    assert client.get(public).content != storage.read(sealed(second).file)
    verdict = client.get(reverse("documents:verdict", args=[first.printed_code])).content.decode()
    assert "Une version plus récente" in verdict
    assert sealed_paper(day) == Document.objects.get(reference=second.reference)


def test_the_page_asks_as_much_for_one_person_as_for_three(
    client: Client, officer: User, same_query_count: Callable[..., Any]
) -> None:
    edition = held_today(officer)
    client.force_login(officer)
    somebody(edition, "company", company=company(officer))
    half_day(edition)
    address = reverse("assises:report", args=[edition.year])
    same_query_count(lambda: client.get(address), lambda: somebody(edition, "company", company=company(officer)))


def test_an_earlier_edition_is_compared_by_its_frozen_report(day: Edition, officer: User) -> None:
    past = Edition(year=2013, name="Assises 2013", held_on="2013-10-11", created_by=officer)
    past.full_clean(exclude=["status"])
    past.save()
    tell_fact(ToldFact(edition=past, key="schools", label="Écoles", value=8, source="Journal"), officer)
    close_edition(past.pk, officer)
    content = compute(day).content
    assert cells(content, "comparison", "2013 (BA-2013-v1)") == [None, None, None, 0]
    assert cells(content, "comparison", f"{day.year} (ce bilan)") == [11, 7, 63.6, 0]
    assert [(row["year"], row["words"]) for row in content["told"]] == [(2013, "8")]
    offer_what_is_free(day)


@pytest.mark.django_db(transaction=True)
def test_two_people_closing_then_correcting_at_once_make_one_version_each_time(officer: User) -> None:
    edition = held_today(officer)

    def at_once(act: Callable[[], Any]) -> list[str]:
        def one(_: int) -> str:
            try:
                return f"version {act().number}"
            except PortalError:
                return "refused"
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(one, range(2)))

    assert at_once(lambda: close_edition(edition.pk, officer)) == ["refused", "version 1"]
    somebody(edition)
    assert at_once(lambda: revise(edition.pk, "Une inscription notée après.", officer)) == ["refused", "version 2"]
    assert list(edition.reports.order_by("number").values_list("number", flat=True)) == [1, 2]
