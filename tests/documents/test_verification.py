"""The answers of the verification: never a false yes, and no private person named."""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings as portal_settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from e2c_portal.documents import kinds, lookups, storage
from e2c_portal.documents.models import Document, FailedLookup
from e2c_portal.documents.sealing import SealSettings, seal_pdf
from e2c_portal.documents.verification import Outcome, as_json, verify_code, verify_file
from e2c_portal.documents.verification.turns import AT_ONCE, TooBusy, one_of_few
from tests.documents.authority_scene import TrustService
from tests.documents.notices.kind import NOTICE
from tests.factories.documents import seal
from tests.harness.worker import database_url

pytestmark = pytest.mark.django_db

Ask = Callable[..., Document]
VISITOR = lookups.visitor_key("192.0.2.1")


def today() -> Any:
    return timezone.localdate()


def bytes_of(document: Document) -> bytes:
    return storage.read(document.file)


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.fixture
def plain_pdf() -> bytes:
    """An ordinary PDF, without any seal."""
    return (Path(portal_settings.BASE_DIR) / "tests/documents/samples/plain.pdf").read_bytes()


# The file way


def test_the_stored_file_is_authentic_and_in_force(sealed_notice: Ask) -> None:
    document = sealed_notice()
    verdict = verify_file(bytes_of(document), today())
    assert verdict.authentic
    assert (verdict.outcome, verdict.reference, verdict.kind_label) == (Outcome.AUTHENTIC, document.reference, "Avis")
    assert verdict.headline == "Document authentique, en vigueur"
    assert verdict.tone == "success"
    assert verdict.seal is not None
    assert (verdict.seal.holder, verdict.seal.sealed_at) == (document.seal_subject, document.sealed_at)
    assert verdict.seal.level_sentence == "Sans horodatage qualifié : la date est celle du portail."


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_one_changed_byte_anywhere_is_never_authentic(sealed_notice: Ask, share: float) -> None:
    content = bytes_of(sealed_notice())
    verdict = verify_file(flipped(content, int(share * (len(content) - 1))), today())
    assert verdict.outcome is Outcome.ALTERED
    assert (verdict.authentic, verdict.tone) == (False, "danger")


def test_bytes_added_after_the_seal_are_told(sealed_notice: Ask) -> None:
    document = sealed_notice()
    verdict = verify_file(bytes_of(document) + b"\n% one more line\n", today())
    assert verdict.outcome is Outcome.ALTERED
    assert "ajoutés" in " ".join(verdict.cautions)


def test_half_a_file_is_not_authentic(sealed_notice: Ask) -> None:
    content = bytes_of(sealed_notice())
    assert verify_file(content[: len(content) // 2], today()).outcome in (Outcome.ALTERED, Outcome.UNREADABLE)


def test_a_file_saved_again_by_other_software_lost_its_seal(sealed_notice: Ask, tmp_path: Path) -> None:
    source, copy = tmp_path / "source.pdf", tmp_path / "copie.pdf"
    source.write_bytes(bytes_of(sealed_notice()))
    with pikepdf.open(source) as pdf:
        pdf.save(copy)
    assert verify_file(copy.read_bytes(), today()).outcome is Outcome.ALTERED


def test_our_seal_on_a_file_that_the_register_does_not_know_is_no_yes(notices: None, plain_pdf: bytes) -> None:
    ours = seal_pdf(plain_pdf, SealSettings.from_settings(), at=timezone.now())
    verdict = verify_file(ours.content, today())
    assert (verdict.outcome, verdict.authentic, verdict.tone) == (Outcome.UNREGISTERED, False, "warning")
    assert verdict.seal is not None
    assert verdict.seal.holder == ours.signer_subject


def test_a_seal_of_unknown_origin_gets_no_name_at_all(notices: None, plain_pdf: bytes, tmp_path: Path) -> None:
    foreign = seal_pdf(plain_pdf, TrustService(tmp_path).settings(), at=timezone.now())
    verdict = verify_file(foreign.content, today())
    assert (verdict.outcome, verdict.seal) == (Outcome.FOREIGN_SEAL, None)
    assert "Région d’essai" not in json.dumps(as_json(verdict), ensure_ascii=False)


def test_a_trusted_authority_vouches_for_others_too_and_they_are_not_the_region(
    notices: None, plain_pdf: bytes, tmp_path: Path, settings: Any
) -> None:
    service = TrustService(tmp_path)
    foreign = service.settings()
    own = SealSettings.from_settings()
    settings.SEAL_PKCS12, settings.SEAL_PKCS12_PASSPHRASE = str(own.pkcs12), own.pkcs12_passphrase
    settings.SEAL_TRUST_ROOTS = f"{own.trust_roots[0]}:{foreign.trust_roots[0]}"
    verdict = verify_file(seal_pdf(plain_pdf, foreign, at=timezone.now()).content, today())
    assert verdict.outcome is Outcome.FOREIGN_SEAL
    assert "Région d’essai" in verdict.explanation
    assert "pas par le cachet de la Région" in verdict.explanation


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"", Outcome.NOT_A_PDF),
        (b"PK\x03\x04 a spreadsheet named avis.pdf", Outcome.NOT_A_PDF),
        (b"<html>%PDF</html>", Outcome.NOT_A_PDF),
        (b"%PDF-1.7 and then nothing", Outcome.UNREADABLE),
    ],
)
def test_what_is_not_a_pdf_is_refused_by_its_content(notices: None, content: bytes, outcome: Outcome) -> None:
    assert verify_file(content, today()).outcome is outcome


def test_an_ordinary_pdf_has_no_seal(notices: None, plain_pdf: bytes) -> None:
    verdict = verify_file(plain_pdf, today())
    assert verdict.outcome is Outcome.UNSEALED
    assert "cela ne prouve pas qu’il est faux" in verdict.explanation


def test_a_protected_pdf_is_not_judged(notices: None, plain_pdf: bytes, tmp_path: Path) -> None:
    plain, locked = tmp_path / "plain.pdf", tmp_path / "locked.pdf"
    plain.write_bytes(plain_pdf)
    with pikepdf.open(plain) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    verdict = verify_file(locked.read_bytes(), today())
    assert verdict.outcome is Outcome.UNREADABLE
    assert "mot de passe" in verdict.explanation


@pytest.mark.django_db(transaction=True)
def test_few_files_are_inspected_at_once_and_the_next_visitor_is_told(notices: None, plain_pdf: bytes) -> None:
    def apart(work: Callable[[], None]) -> None:
        """Run on a connection of its own, as another process would."""

        def closing() -> None:
            try:
                work()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as other:
            other.submit(closing).result()

    def take(turns: int) -> None:
        if turns:
            with one_of_few():
                apart(lambda: take(turns - 1))
        else:
            with pytest.raises(TooBusy, match="Réessayez dans une minute"):
                verify_file(plain_pdf, today())

    take(AT_ONCE)
    assert verify_file(plain_pdf, today()).outcome is Outcome.UNSEALED


# What it is worth today


def test_a_document_past_its_term_is_authentic_and_ended(sealed_notice: Ask) -> None:
    verdict = verify_file(bytes_of(sealed_notice(days=-1)), today())
    assert verdict.authentic
    assert verdict.standing is not None
    assert (verdict.standing.state, verdict.tone) == ("ended", "warning")
    assert verdict.headline == "Document authentique, qui n’est pas en vigueur aujourd’hui"


def test_a_replaced_document_says_by_which_reference_and_when(notice: Ask, sealed_notice: Ask) -> None:
    first = sealed_notice("Un texte.", number=4)
    old_bytes = bytes_of(first)
    second = notice("Un autre.", number=4)
    assert verify_file(old_bytes, today()).replaced_by is None
    seal(second)
    verdict = verify_file(old_bytes, today())
    assert verdict.authentic
    assert verdict.replaced_by is not None
    assert (verdict.replaced_by.reference, verdict.replaced_by.sealed_at) == (second.reference, second.sealed_at)
    assert verdict.standing is not None
    assert (verdict.standing.state, verdict.headline) == ("superseded", "Document authentique, remplacé depuis")
    assert second.reference in verdict.standing.sentence
    assert verify_file(old_bytes, today() - timedelta(days=1)).replaced_by is None


def test_a_kind_that_the_portal_forgot_leaves_the_seal_standing(
    sealed_notice: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes_of(sealed_notice())
    monkeypatch.delitem(kinds._kinds, "notice")
    verdict = verify_file(content, today())
    assert verdict.authentic
    assert verdict.standing is not None
    assert (verdict.standing.state, verdict.facts) == ("unknown", ())


def test_a_record_that_is_gone_leaves_the_seal_standing(sealed_notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any) -> Any:
        raise ObjectDoesNotExist

    content = bytes_of(sealed_notice())
    monkeypatch.setitem(kinds._kinds, "notice", replace(NOTICE, standing=gone))
    verdict = verify_file(content, today())
    assert verdict.standing is not None
    assert verdict.standing.state == "unknown"


# The code way


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda code: f" {code[:5]} {code[5:]} ", lambda code: "-".join(code)]
)
def test_a_code_is_understood_however_it_is_typed(sealed_notice: Ask, write: Callable[[str], str]) -> None:
    document = sealed_notice()
    verdict = verify_code(write(document.verification_code), VISITOR, today())
    assert (verdict.outcome, verdict.reference) == (Outcome.REGISTERED, document.reference)
    assert not verdict.authentic
    assert verdict.headline == "Document connu du registre, en vigueur"


def test_a_letter_taken_for_its_twin_is_understood(sealed_notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("e2c_portal.documents.requesting.new_code", lambda: "VVVVV23456")
    sealed_notice()
    assert verify_code("uuuuu-23456", VISITOR, today()).found


def test_the_code_of_a_document_that_is_not_sealed_is_unknown(notice: Ask) -> None:
    assert verify_code(notice().verification_code, VISITOR, today()).outcome is Outcome.UNKNOWN_CODE


def test_ten_wrong_codes_close_the_way_even_for_a_right_one(sealed_notice: Ask) -> None:
    right = sealed_notice().verification_code
    for typed in ["22222-22222"] * 5 + ["not a code"] * 5:
        assert verify_code(typed, VISITOR, today()).outcome is Outcome.UNKNOWN_CODE
    with pytest.raises(lookups.TooManyLookups, match="Attendez un quart d’heure"):
        verify_code(right, VISITOR, today())
    assert verify_code(right, lookups.visitor_key("192.0.2.2"), today()).found


def test_the_way_opens_again_after_a_quarter_of_an_hour(sealed_notice: Ask) -> None:
    right = sealed_notice().verification_code
    for _ in range(10):
        lookups.note_failure(VISITOR)
    FailedLookup.objects.update(at=timezone.now() - lookups.WINDOW - timedelta(seconds=1))
    assert verify_code(right, VISITOR, today()).found
    assert lookups.purge_failed_lookups() == 10


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_wrong_codes_does_not_slip_through(notices: None) -> None:
    def attempt(_: int) -> bool:
        try:
            return verify_code("22222-22222", VISITOR, today()).found
        except lookups.TooManyLookups:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as visitors:
        refused = list(visitors.map(attempt, range(24)))
    assert refused.count(False) == lookups.ALLOWED
    assert FailedLookup.objects.count() == lookups.ALLOWED


def test_one_ipv6_line_is_one_visitor_and_no_address_is_kept(notices: None) -> None:
    assert lookups.visitor_key("2001:db8::1") == lookups.visitor_key("2001:db8::ffff:2")
    assert lookups.visitor_key("2001:db8::1") != lookups.visitor_key("2001:db8:0:1::1")
    verify_code("22222-22222", lookups.visitor_key("192.0.2.7"), today())
    assert "192.0.2.7" not in FailedLookup.objects.get().visitor


# As plain values, and on the command line


def test_the_answer_as_json_names_no_person(sealed_notice: Ask) -> None:
    document = sealed_notice()
    for verdict in (
        verify_file(bytes_of(document), today()),
        verify_code(document.verification_code, VISITOR, today()),
    ):
        text = json.dumps(as_json(verdict), ensure_ascii=False)
        assert document.context["holder"] == "Jeanne Secrète"
        assert "Secrète" not in text
        assert document.verification_code not in text


def test_the_answer_as_json_is_complete(sealed_notice: Ask) -> None:
    document = sealed_notice()
    answer = as_json(verify_file(bytes_of(document), today()))
    assert (answer["outcome"], answer["authentic"], answer["reference"]) == ("authentic", True, document.reference)
    assert (answer["seal"]["level"], answer["standing"]["state"]) == ("B-B", "in_force")
    assert answer["facts"] == [{"label": "Émetteur", "value": "Région des essais"}]


def test_the_command_answers_json_and_its_exit_code(
    sealed_notice: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = sealed_notice()
    good, bad = tmp_path / "bon.pdf", tmp_path / "mauvais.pdf"
    good.write_bytes(bytes_of(document))
    bad.write_bytes(flipped(good.read_bytes(), 5000))
    call_command("verify_document", str(good))
    assert json.loads(capsys.readouterr().out)["outcome"] == "authentic"
    for file, outcome, reason in (
        (bad, "altered", "modifié"),
        (tmp_path / "absent.pdf", "unreadable", "ne peut pas être lu"),
        (tmp_path, "unreadable", "ne peut pas être lu"),
    ):
        with pytest.raises(SystemExit) as end:
            call_command("verify_document", str(file))
        answer = json.loads(capsys.readouterr().out)
        assert (end.value.code, answer["outcome"]) == (1, outcome)
        assert reason in answer["reason"]


def test_the_command_without_its_database_says_so(tmp_path: Path) -> None:
    file = tmp_path / "avis.pdf"
    file.write_bytes(b"%PDF-1.7")
    environment = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "e2c_portal.settings.test",
        "DATABASE_URL": database_url().rpartition("/")[0].rpartition(":")[0] + ":1/nowhere",
    }
    compiled = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    command = [sys.executable, *compiled, "manage.py", "verify_document", str(file)]
    run = subprocess.run(
        command, cwd=portal_settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "base de données ne répond pas" in json.loads(run.stdout)["reason"]
