"""Each thing the nightly checks look at is broken by a hand in the database: found, named in French, closed once mended."""

import itertools
import os
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.models import Job, Removal
from e2c_portal.links.models import PersonalLink
from e2c_portal.signing.models import Act
from e2c_portal.signing.roots import note_root
from e2c_portal.upkeep.backup import ledger
from e2c_portal.upkeep.consistency import files, passages, registry
from e2c_portal.upkeep.consistency.reading import CLOSED, OPEN, findings, open_findings_count
from e2c_portal.upkeep.consistency.registry import Check, Fault, Step
from e2c_portal.upkeep.models import Finding, Run
from schools.models import School
from tests.factories.agreements import signed_agreement
from tests.factories.skills import framework
from trainees.models import InternshipAgreement

pytestmark = pytest.mark.django_db
OLD = "now() - interval '3 hours'"


def carry_out(actor: User | None = None) -> Run:
    """Do a passage of all the checks to its end."""
    run = passages.ask(actor)
    for _ in range(50):
        if passages.take_turn(run.pk):
            break
    run.refresh_from_db()
    assert (run.status, run.not_finished) == (Run.Status.DONE, [])
    return run


def by_hand(*orders: str) -> None:
    """Write in the database as somebody does who passes beside the portal: no rule is awake."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for order in orders:
            cursor.execute(order)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def found() -> dict[str, str]:
    """Return what is open, by check: the sentence. Documents of these tests have no file but where a test makes one."""
    return dict(findings(OPEN).exclude(check_name="files").values_list("check_name", "sentence"))


@pytest.fixture
def agreement(school: School, coordinator: User) -> InternshipAgreement:
    return signed_agreement(school, coordinator)


def test_whatever_is_broken_is_found_named_and_closed_once_mended(
    agreement: InternshipAgreement, officer: User, school: School, other_school: School, documents_folder: Path,
    notice: Callable[..., Document],
) -> None:  # fmt: skip
    """One scene and one passage for all: each breakage is then undone, and everything closes."""
    waiting = notice()
    act = Act.objects.filter(signatory__envelope=agreement.signed_envelope()).first()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        root = note_root()
    assert act is not None
    assert root is not None
    skill = framework(officer).domains.first().skills.first()
    job = Job.objects.create(task="mailing.send_mail")
    link = PersonalLink.objects.create(
        purpose="essai", subject=f"trainees.internshipagreement:{agreement.pk}", holder_label="Essai", email="a@b.fr"
    )
    bound, envelope = agreement.pk, agreement.signed_envelope().pk
    Job.objects.exclude(pk=job.pk).delete()
    carry_out()
    assert found() == {}

    by_hand(
        f"UPDATE links_personallink SET subject = 'trainees.trainee:999999999' WHERE id = {link.pk}",
        f"UPDATE kernel_job SET created_at = {OLD} WHERE id = {job.pk}",
        f"UPDATE documents_document SET requested_at = {OLD} WHERE id = {waiting.pk}",
        f"UPDATE signing_envelope SET ended_at = {OLD} WHERE id = {envelope}",
        f"UPDATE trainees_internshipagreement SET status = 'to_sign' WHERE id = {bound}",
        f"UPDATE trainees_pathway SET school_id = {other_school.pk} WHERE id = {agreement.internship.pathway_id}",
        f"UPDATE signing_act SET reason = 'changé' WHERE id = {act.pk}",
        f"UPDATE signing_chainroot SET hash = repeat('0', 64) WHERE id = {root.pk}",
        "INSERT INTO trainees_skilltally (school_id, year, skill_id, measure, number, folded) "
        f"VALUES ({school.pk}, 2026, {skill.pk}, 'planned', 3, FALSE)",
    )
    left = documents_folder / "essai" / "2026" / "perdu.pdf"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    carry_out()
    said = found()
    assert set(said) == {"moves", "signed", "rules", "tallies", "chain", "roots", "jobs", "links", "stuck", "orphans"}
    assert f"n° {bound}" in said["signed"].replace("\N{NO-BREAK SPACE}", " ")
    assert (waiting.reference in said["stuck"], "perdu.pdf" in said["orphans"]) == (True, True)
    assert ("3 au lieu de 0" in said["tallies"], "ligne modifiée" in said["chain"]) == (True, True)
    since = dict(findings(OPEN).values_list("subject", "first_seen_at"))

    # Still there the night after: the same findings, since the same day.
    carry_out()
    assert dict(findings(OPEN).values_list("subject", "first_seen_at")) == since

    left.unlink()
    job.delete()
    by_hand(
        f"UPDATE links_personallink SET subject = '{link.subject}' WHERE id = {link.pk}",
        f"UPDATE documents_document SET requested_at = now() WHERE id = {waiting.pk}",
        f"UPDATE trainees_internshipagreement SET status = 'signed' WHERE id = {bound}",
        f"UPDATE trainees_pathway SET school_id = {school.pk} WHERE id = {agreement.internship.pathway_id}",
        f"UPDATE signing_act SET reason = '{act.reason}' WHERE id = {act.pk}",
        f"UPDATE signing_chainroot SET hash = '{root.hash}' WHERE id = {root.pk}",
        "DELETE FROM trainees_skilltally",
    )
    carry_out()
    assert found() == {}
    assert findings(CLOSED).filter(check_name="signed", subject=f"trainees.internshipagreement:{bound}").exists()


def test_every_file_is_read_again_within_the_nights_said_and_a_lost_one_named(
    sealed_notice: Callable[..., Document], documents_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_checks", {"files": registry._checks["files"]})
    for module in (passages, files):
        monkeypatch.setattr(module, "NIGHTS", 4)
    documents = [sealed_notice() for _ in range(2)]
    good = (documents_folder / documents[0].file).read_bytes()
    (documents_folder / documents[0].file).write_bytes(good.replace(b"Premier", b"Dernier") + b" ")
    (documents_folder / documents[1].file).unlink()
    read = set()
    for share in range(4):
        with time_machine.travel(timezone.now() + timedelta(days=share)):
            run = carry_out()
            read.add(run.share)
    assert read == set(range(4))
    said = dict(findings(OPEN).filter(check_name="files").values_list("subject", "sentence"))
    assert "a été modifié" in said[f"documents.document:{documents[0].pk}"]
    assert "est absent" in said[f"documents.document:{documents[1].pk}"]
    # Put back from a backup: closed by the next passage, whatever its share.
    (documents_folder / documents[0].file).write_bytes(good)
    carry_out()
    assert [row.subject for row in findings(OPEN).filter(check_name="files")] == [
        f"documents.document:{documents[1].pk}"
    ]


def test_a_question_that_is_cut_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = [Step([Fault("essai:1", "Rien ne va.")]), DatabaseError("cut"), Step()]

    def look(scope: Any) -> Step:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    monkeypatch.setattr(registry, "_checks", {"essai": Check("essai", "Tout va", "Faites quelque chose.", look)})
    assert [finding.sentence for finding in _after(carry_out)] == ["Rien ne va."]
    run = passages.ask(None)
    passages.take_turn(run.pk)
    run.refresh_from_db()
    assert (run.not_finished, findings(OPEN).count()) == (["essai"], 1)
    carry_out()
    assert findings(OPEN).count() == 0


def _after(act: Callable[[], object]) -> list[Finding]:
    act()
    return list(findings(OPEN))


def test_one_passage_at_a_time_and_a_dead_worker_loses_a_turn_at_most(officer: User, auditor: User) -> None:
    with pytest.raises(NotAllowed):
        passages.ask(auditor)
    run = passages.ask(officer)
    with pytest.raises(Refused, match="déjà en cours"):
        passages.ask(officer)
    Run.objects.filter(pk=run.pk).update(
        status="running", claim="00000000-0000-0000-0000-000000000001", moved_at=timezone.now()
    )
    assert passages.take_turn(run.pk) is False, "another worker has it"
    Run.objects.filter(pk=run.pk).update(moved_at=timezone.now() - passages.LEASE * 2)
    assert passages.sweep() == 1
    Run.objects.filter(pk=run.pk).update(attempts=passages.MOST_ATTEMPTS, moved_at=timezone.now() - passages.LEASE * 2)
    assert passages.sweep() == 1
    run.refresh_from_db()
    assert run.status == Run.Status.STOPPED


def test_an_erasure_that_could_not_be_noted_is_noted_by_night(school: School) -> None:
    act = Removal.objects.create(why="Essais", subject="trainees.trainee:12")
    carry_out()
    assert [note.removal for note in ledger.notes_in_storage()] == [act.pk]
    assert found() == {}


def test_every_move_of_the_portal_is_looked_at() -> None:
    from e2c_portal.upkeep.consistency.states import moves_and_subjects  # noqa: PLC0415

    looked_at = {moves.__name__ for moves, _, _ in moves_and_subjects()}
    assert {
        "ConventionMove",
        "AmendmentMove",
        "PathwayMove",
        "InternshipMove",
        "AgreementMove",
        "StatementMove",
    } <= looked_at


def test_the_page_says_what_is_wrong_since_when_and_what_to_do(
    client_of: Callable[[User], Client], officer: User, auditor: User, coordinator: User, notice: Callable[..., Document],
    same_query_count: Any,
) -> None:  # fmt: skip
    page = reverse("upkeep:checks")
    assert "n’ont pas encore eu lieu" in client_of(officer).get(page).content.decode()
    document = notice()
    passages.write("stuck", [Fault(f"documents.document:{document.pk}", "Le document AV-001 n’est pas fait.")], 0)
    words = client_of(auditor).get(page).content.decode()
    assert ("AV-001" in words, "Que faire" in words, "Lancer maintenant" in words) == (True, True, False)
    assert (open_findings_count(officer), open_findings_count(coordinator)) == (1, 0)
    record = reverse("upkeep:finding_record", args=[Finding.objects.get().pk])
    assert client_of(auditor).get(record).headers["Location"] == "/?avis"
    for address in (page, record, reverse("upkeep:checks_progress")):
        assert client_of(coordinator).get(address).status_code == HTTPStatus.FORBIDDEN
    assert client_of(auditor).post(reverse("upkeep:run_checks")).status_code == HTTPStatus.FORBIDDEN
    numbers = itertools.count(1)
    browser = client_of(officer)
    same_query_count(
        lambda: browser.get(page),
        lambda: passages.write("jobs", [Fault(f"kernel.job:{next(numbers)}", "Un travail attend.")], 0),
    )
    asked = client_of(officer).post(reverse("upkeep:run_checks"), follow=True).content.decode()
    assert "Contrôles en cours" in asked
    assert "Lancer maintenant" not in asked
    assert client_of(officer).get(reverse("upkeep:checks_progress")).headers.get("HX-Refresh") is None
    passages.take_turn(Run.objects.get().pk)
    assert client_of(officer).get(reverse("upkeep:checks_progress")).headers["HX-Refresh"] == "true"


def test_the_command_leaves_with_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_consistency")
    assert "Rien à signaler" in capsys.readouterr().out
    Job.objects.create(task="mailing.send_mail")
    Job.objects.update(created_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(SystemExit):
        call_command("check_consistency")
    assert "attend depuis plus d’un quart d’heure" in capsys.readouterr().out
