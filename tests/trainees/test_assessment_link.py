"""The link of whoever assesses: refusals first, then what is typed, merged, sent, corrected, handed over."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core import mail
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from e2c_portal.links import issuing
from e2c_portal.links.models import LinkToken, PersonalLink
from schools.models import School
from tests.conformance.verapdf import validate
from tests.factories.skills import framework, planned_in
from tests.factories.spaces import link_received
from tests.signing.work import work
from tests.trainees.assessing import Tutor, another_browser, answers, begun, days, kept_by, to_assess, told, tutor_of
from trainees.documents.assessments import sha256_of
from trainees.models import CompanyAssessment, Internship, SkillFramework
from trainees.operations.assessments import cancel_assessment, open_assessment

pytestmark = pytest.mark.django_db
# What the page of thirty skills may weigh with all that it loads, in bytes (issue 5).
LIGHT = 100_000
NIR = "2 06 01 34 172 123 45"


@pytest.fixture
def scene(school: School, coordinator: User) -> tuple[Internship, SkillFramework, CompanyAssessment]:
    return to_assess(school, coordinator)


@pytest.fixture
def frame(scene: tuple[Internship, SkillFramework, CompanyAssessment]) -> SkillFramework:
    return scene[1]


@pytest.fixture
def row(scene: tuple[Internship, SkillFramework, CompanyAssessment]) -> CompanyAssessment:
    return scene[2]


@pytest.fixture
def tutor(row: CompanyAssessment, coordinator: User) -> Tutor:
    return tutor_of(row, coordinator)


def test_a_mail_scanner_changes_nothing_and_a_forwarded_link_says_whose_it_is(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework
) -> None:
    before = CompanyAssessment.objects.values().get(pk=row.pk)
    for page in ("evaluer", "saisie", "ajouter", "verifier", "confier", "refuser"):
        assert tutor.get(tutor.at(page, row)).status_code in (200, 303)
    assert CompanyAssessment.objects.values().get(pk=row.pk) == before
    stranger = Client().get(tutor.link, follow=True).content.decode()
    assert f"lien personnel de <strong>{tutor.contact.full_name}" in stranger
    assert not LinkToken.objects.filter(sha256=tutor.link.rstrip("/").rpartition("/")[2]).exists()


def test_another_contact_s_assessment_is_not_found(school: School, coordinator: User, tutor: Tutor) -> None:
    other = open_assessment(begun(school, coordinator).pk, coordinator)
    for page in ("evaluer", "saisie", "ajouter", "verifier", "recu", "pdf", "corriger", "confier", "refuser"):
        for item in (str(other.public_id), "12", "nimporte-quoi"):
            assert tutor.get(f"{page}/{item}/").status_code == 404
            assert tutor.browser.post(f"{tutor.first}{page}/{item}/", {"words": "x"}).status_code == 404
    assert kept_by(other) == {}


def test_a_link_dies_with_its_life_its_withdrawal_or_the_departure(row: CompanyAssessment, tutor: Tutor) -> None:
    link = PersonalLink.objects.get(purpose="trainees.assessments")
    tutor.contact.left_on = timezone.localdate()
    tutor.contact.save()
    assert tutor.get(tutor.at("evaluer", row)).status_code == 410
    tutor.contact.left_on = None
    tutor.contact.save()
    assert tutor.get(tutor.at("evaluer", row)).status_code == 200
    issuing.revoke(link, "Mauvaise adresse")
    page = tutor.browser.post(tutor.first + tutor.at("evaluer", row), {"words": "x"})
    assert page.status_code == 410
    assert "l’école l’a retiré" in page.content.decode().replace("&nbsp;", " ")


def test_an_expired_link_is_sent_again_to_its_own_address(row: CompanyAssessment, tutor: Tutor) -> None:
    later = timezone.now() + timedelta(days=61)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        page = Client().get(tutor.link)
        assert page.status_code == 410
        assert "ce que vous aviez tapé est gardé" in page.content.decode()
        mail.outbox.clear()
        assert Client().post(tutor.link).status_code == 303
        work("mailing.send_mail")
    assert [message.to[0].rpartition("<")[2].rstrip(">") for message in mail.outbox] == [tutor.contact.email]


def test_tampering_counts_for_nothing(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework, coordinator: User
) -> None:
    other = framework(coordinator, "autre", skills=1, rome_codes=["Z9999"])
    skill, foreign = frame.skills.first(), other.skills.get()
    typed = {
        f"level-{skill.pk}": str(other.levels.first().pk), f"level-{foreign.pk}": "1", "situation-99999": "x",
        "outcome": "autre", "status": "validated", "level-abc": "1",
    }  # fmt: skip
    assert tutor.types(row, typed).status_code == 303
    assert (
        tutor.browser.post(tutor.first + tutor.at("ajouter", row), {"skill": [foreign.pk, "abc", 10**12]}).status_code
        == 303
    )
    assert kept_by(row) == {}
    assert row.draft.get("added", []) == []


def test_a_social_security_number_is_refused_and_stays_on_screen(row: CompanyAssessment, tutor: Tutor) -> None:
    page = tutor.types(row, {"words": f"Son numéro : {NIR}", "outcome": "completed"})
    assert page.status_code == 422
    text = page.content.decode()
    assert NIR in text
    assert 'id="words-err"' in text
    assert kept_by(row) == {"outcome": "completed"}, "the rest is kept"
    answer = tutor.types(row, {"words": NIR}, page="saisie")
    assert "pas enregistré" in told(answer)["told"]
    with pytest.raises(Error, match="sécurité sociale"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE trainees_companyassessment SET draft = jsonb_build_object('x', %s::text)", [NIR])


def test_what_is_wrong_is_told_beside_its_field(row: CompanyAssessment, tutor: Tutor, frame: SkillFramework) -> None:
    skill = frame.skills.first()
    wrong = {
        "outcome": "partial", "last_day": "2020-01-01", "missed_hours": "beaucoup", "job_offered": "cdi",
        "job_starts_on": "31/02/2027", f"situation-{skill.pk}": "x" * 501, "words": "y" * 4001,
    }  # fmt: skip
    answer = tutor.types(row, wrong, do="check")
    assert answer.status_code == 303
    text = tutor.browser.get(answer["Location"]).content.decode()
    for name in ("last_day", "missed_hours", "job_starts_on", f"situation-{skill.pk}", "words"):
        assert f'href="#{name}"' in text, name
        assert f'id="{name}-err"' in text, name
    assert 'href="#would_host_again-yes"' in text
    assert f'href="#level-{skill.pk}-' in text
    assert "x" * 501 in text, "what was typed is kept"
    assert tutor.sends(row).status_code == 303
    row.refresh_from_db()
    assert row.status == "open"


def test_typed_without_script_and_resumed_on_another_device(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework
) -> None:
    assert tutor.types(row, answers(frame)).status_code == 303
    other = another_browser(tutor.link, tutor.contact)
    text = other.text(other.at("evaluer", row))
    assert "Ponctuel, curieux." in text
    assert text.count(" checked") == 5
    before = row.draft_revision
    assert other.types(row, answers(frame)).status_code == 303
    row.refresh_from_db()
    assert row.draft_revision == before + 1, "the same typed again changes nothing"


def test_two_devices_at_once_lose_nothing(row: CompanyAssessment, tutor: Tutor, frame: SkillFramework) -> None:
    phone, desk = tutor, another_browser(tutor.link, tutor.contact)
    on_phone, on_desk = phone.form(row), desk.form(row)
    skill = frame.skills.first()
    post = phone.browser.post(
        phone.first + phone.at("saisie", row), on_phone | {"words": "Du téléphone", "outcome": "completed"}
    )
    assert "Enregistré" in told(post)["told"]
    typed = on_desk | {"words": "Du bureau", f"situation-{skill.pk}": "À la caisse"}
    post = desk.browser.post(desk.first + desk.at("saisie", row), typed)
    assert "les deux saisies sont gardées" in told(post)["told"]
    assert kept_by(row) == {"outcome": "completed", "words": "Du bureau", f"situation-{skill.pk}": "À la caisse"}
    text = phone.text(phone.at("evaluer", row))
    assert "Du téléphone" in text
    assert "Du bureau" in text
    # The desk types on: its own words follow each other, and the phone's stay beside them.
    following = typed | {"seen": told(post)["seen"], "words": "Du bureau, la suite"}
    desk.browser.post(desk.first + desk.at("saisie", row), following)
    row.refresh_from_db()
    assert [one["value"] for one in row.draft["kept"]] == ["Du téléphone"]
    phone.types(row, {}, do="forget")
    row.refresh_from_db()
    assert (row.draft["kept"], row.draft["values"]["words"]) == ([], "Du bureau, la suite")


def test_a_skill_is_added_by_its_words_and_taken_back(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework, coordinator: User
) -> None:
    other = framework(coordinator, "metier", skills=12, kind="trade")
    page = tutor.text(tutor.at("ajouter", row) + "?q=COMPETENCE 12")
    assert page.count('name="skill"') == 1
    assert "exemple" in page
    skill = other.skills.get(position=12)
    assert tutor.browser.post(tutor.first + tutor.at("ajouter", row), {"skill": [skill.pk]}).status_code == 303
    assert "Ajoutées par vous" in tutor.text(tutor.at("evaluer", row))
    tutor.types(row, {f"situation-{skill.pk}": "Vu lundi"}, do=f"remove-{skill.pk}")
    row.refresh_from_db()
    assert row.draft["added"] == []
    assert row.draft["values"][f"situation-{skill.pk}"] == "Vu lundi", "it comes back if it is added again"


def test_sent_once_frozen_and_received_with_its_paper(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework, coordinator: User
) -> None:
    mail.outbox.clear()
    assert tutor.types(row, answers(frame), do="check")["Location"].endswith(tutor.at("verifier", row))
    assert "Sans réponse" in tutor.text(tutor.at("verifier", row))
    first, second = tutor.sends(row), tutor.sends(row)
    assert first["Location"] == second["Location"]
    row.refresh_from_db()
    assert (row.status, row.draft, row.told_by, str(row.missed_hours)) == ("submitted", {}, tutor.contact, "3.5")
    assert list(row.skills.values_list("level__rank", "was_planned")) == [(3, True), (None, True), (None, True)]
    assert row.content["skills"][0]["framework"].endswith("exemple")
    assert "bien reçue" in tutor.text(tutor.at("recu", row))
    work("mailing.send_mail")
    assert [one.subject for one in mail.outbox if tutor.contact.email in one.to[0]] == []
    trainee = row.internship.trainee
    assert [one.subject for one in mail.outbox if trainee.email in one.to[0]] == [
        "Votre tuteur a rempli l’évaluation de votre stage\N{NO-BREAK SPACE}: lisez-la et répondez"
    ]
    assert Document.objects.get(kind="trainees.company_assessment").reference == row.reference
    again = tutor.browser.post(tutor.first + tutor.at("evaluer", row), {"words": "Trop tard", "do": "keep"})
    assert again.status_code == 409
    assert "Trop tard" in again.content.decode(), "what was typed is given back"


def test_another_device_changed_it_while_it_was_read(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework
) -> None:
    tutor.types(row, answers(frame))
    row.refresh_from_db()
    read = row.draft_revision
    tutor.types(row, {"words": "Autre"})
    answer = tutor.browser.post(tutor.first + tutor.at("verifier", row), {"revision": read})
    assert answer.status_code == 409
    assert "modifiée sur un autre appareil" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "open"


def test_nothing_is_sent_before_the_stay_nor_after_it_is_cancelled(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework, coordinator: User
) -> None:
    Internship.objects.filter(pk=row.internship_id).update(starts_on=days(1))
    tutor.types(row, answers(frame))
    answer = tutor.sends(row)
    assert answer.status_code == 409
    assert "vous pourrez envoyer" in answer.content.decode()
    cancel_assessment(row.pk, "Le stage est annulé.", coordinator)
    text = tutor.text(tutor.at("evaluer", row))
    assert "sans objet" in text
    assert "Le stage est annulé." in text
    assert tutor.sends(row).status_code == 409


def test_a_retired_framework_is_kept_beside_and_not_sent(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework
) -> None:
    tutor.types(row, answers(frame))
    frame.status, frame.retired_on = "retired", timezone.localdate()
    frame.save()
    assert "Hors service depuis" in tutor.text(tutor.at("evaluer", row))
    assert tutor.sends(row)["Location"].endswith("?a-corriger")
    tutor.types(row, {"outcome": "no_show"})
    tutor.sends(row)
    row.refresh_from_db()
    assert (row.status, row.skills.count(), row.missed_hours) == ("submitted", 0, None)
    assert [one["situation"] for one in row.content["set_aside"]] == ["Au comptoir.", ""]


def test_the_tutor_corrects_until_the_school_decides(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework
) -> None:
    tutor.types(row, answers(frame))
    tutor.sends(row)
    here = tutor.first + tutor.at("corriger", row)
    first, again = tutor.browser.post(here), tutor.browser.post(here)
    assert first["Location"] == again["Location"], "pressed twice, one version"
    second = CompanyAssessment.objects.get(version=2)
    assert "Ponctuel, curieux." in tutor.text(tutor.at("evaluer", second))
    row.refresh_from_db()
    assert row.status == "submitted", "it stands until the next one is sent"
    tutor.types(second, {"words": "Très ponctuel."})
    tutor.sends(second)
    row.refresh_from_db()
    second.refresh_from_db()
    assert (row.status, second.status, second.words) == ("superseded", "submitted", "Très ponctuel.")
    CompanyAssessment.objects.filter(pk=second.pk).update(
        status="validated", decided_by=second.internship.created_by, decided_at=timezone.now()
    )
    assert tutor.browser.post(tutor.first + tutor.at("corriger", second)).status_code == 409


def test_a_colleague_takes_over_with_what_was_typed(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework, coordinator: User
) -> None:
    mail.outbox.clear()
    tutor.types(row, answers(frame))
    here = tutor.first + tutor.at("confier", row)
    assert tutor.browser.post(here, {"full_name": "Nora", "email": tutor.contact.email}).status_code == 422
    assert tutor.browser.post(here, {"full_name": "Nora Chef", "email": "nora@entreprise.invalid"}).status_code == 200
    assert tutor.browser.post(here, {"full_name": "Nora Chef", "email": "nora@entreprise.invalid"}).status_code == 409
    row.refresh_from_db()
    assert row.respondent.full_name == "Nora Chef"
    assert row.respondent.establishment_id == row.internship.establishment_id
    nora = Tutor(row.respondent, link_received("nora@entreprise.invalid"))
    assert "Ponctuel, curieux." in nora.text(nora.at("evaluer", row))
    subjects = {one.to[0].rpartition("<")[2].rstrip(">") for one in mail.outbox if "confiée à" in one.subject}
    assert subjects == {tutor.contact.email, coordinator.email}
    assert "Nora Chef la remplira" in tutor.text()


def test_whoever_cannot_answer_says_why(row: CompanyAssessment, tutor: Tutor) -> None:
    mail.outbox.clear()
    here = tutor.first + tutor.at("refuser", row)
    assert tutor.browser.post(here, {"reason": " "}).status_code == 422
    assert tutor.browser.post(here, {"reason": "Ce stagiaire n’est pas chez moi."}).status_code == 200
    row.refresh_from_db()
    assert (row.respondent, row.status) == (None, "open")
    work("mailing.send_mail")
    assert any("ne répondra pas" in one.subject for one in mail.outbox)


def test_a_big_firm_sees_its_trainees_on_one_page(
    school: School, coordinator: User, row: CompanyAssessment, tutor: Tutor
) -> None:
    assert tutor.get().status_code == 303, "a single one opens straight away"
    other = begun(school, coordinator)
    other.tutor.company.contacts.filter(pk=other.tutor_id).update(email="x@exemple.invalid")
    Internship.objects.filter(pk=other.pk).update(
        establishment=row.internship.establishment_id, tutor=tutor.contact, host_signatory=None
    )
    open_assessment(other.pk, coordinator)
    text = tutor.text()
    assert row.internship.trainee.last_name in text
    assert other.trainee.last_name in text


def test_the_form_of_thirty_skills_is_light_and_asks_few_questions(
    school: School, coordinator: User, row: CompanyAssessment, tutor: Tutor, django_assert_max_num_queries: Any
) -> None:
    other = framework(coordinator, "large", skills=27)
    planned_in(row.internship, other, coordinator)
    with django_assert_max_num_queries(24):
        page = tutor.get(tutor.at("evaluer", row))
    files = [
        Path(finders.find(name)).stat().st_size
        for name in ("css/light.css", "css/assess.css", "js/assessment_draft.js")
    ]
    assert page.content.count(b"<fieldset") == 33
    assert len(page.content) + sum(files) < LIGHT
    assert b"fonts.css" not in page.content
    assert b"bootstrap" not in page.content


def test_the_paper_is_sealed_sent_and_says_what_it_is_worth(
    row: CompanyAssessment,
    tutor: Tutor,
    frame: SkillFramework,
    coordinator: User,
    auditor: User,
    seal_key: None,
    tmp_path: Path,
) -> None:
    tutor.types(row, answers(frame))
    tutor.sends(row)
    mail.outbox.clear()
    work()
    received = next(one for one in mail.outbox if tutor.contact.email in one.to[0])
    name, content, mime = received.attachments[0]
    assert (name, mime) == (f"evaluation-{row.reference}.pdf", "application/pdf")
    assert content == tutor.get(tutor.at("pdf", row)).content
    file = tmp_path / "evaluation.pdf"
    file.write_bytes(content)
    assert [verdict for verdict in validate([file]) if not verdict.passed] == []
    document = Document.objects.get(kind="trainees.company_assessment")
    kind = kind_named(document.kind)
    assert kind.may_read(coordinator, document)
    assert kind.may_retry(coordinator, document)
    assert not kind.may_retry(auditor, document)
    assert kind.standing(document, days(0)).label == "Remise à l’école"
    public = " ".join(value for _, value in kind.public_facts(document))
    assert row.internship.trainee.last_name not in public
    row.refresh_from_db()
    assert sha256_of(row.content) == row.sha256
