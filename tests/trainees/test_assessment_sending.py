"""An assessment sent: once, frozen, printed; corrected by a next version; handed over; light to load."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core import mail
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from schools.models import School
from tests.conformance.verapdf import validate
from tests.factories.skills import framework, planned_in
from tests.factories.spaces import link_received
from tests.signing.work import work
from tests.trainees.assessing import Tutor, answers, begun, days
from trainees.documents.assessments import sha256_of
from trainees.models import CompanyAssessment, Internship, SkillFramework
from trainees.operations.assessments import cancel_assessment, open_assessment
from trainees.reads.assessment_drafts import field_names
from trainees.reads.assessment_planning import assessments_to_ask, assessments_to_remind
from trainees.reads.assessment_skills import skills_asked

pytestmark = pytest.mark.django_db
# What the page of thirty skills may weigh with all that it loads, in bytes (issue 5).
LIGHT = 100_000


def test_sent_once_frozen_and_received_with_its_paper(
    row: CompanyAssessment, tutor: Tutor, frame: SkillFramework, coordinator: User
) -> None:
    mail.outbox.clear()
    assert tutor.types(row, answers(frame), do="check")["Location"].endswith(tutor.at("verifier", row))
    assert "1\N{NO-BREAK SPACE}compétence sans réponse" in tutor.text(tutor.at("verifier", row))
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
    assert assessments_to_ask() == assessments_to_remind(days(60)) == [], (
        "nobody recalls a correction begun by the tutor"
    )
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
    school: School, coordinator: User, row: CompanyAssessment, tutor: Tutor, same_query_count: Any
) -> None:
    assert tutor.get().status_code == 303, "a single one opens straight away"
    others = [_of_the_same_tutor(row, school, coordinator)]
    assert same_query_count(tutor.get, lambda: others.append(_of_the_same_tutor(row, school, coordinator))) < 16
    text = tutor.text()
    for one in (row, *others):
        assert one.internship.trainee.last_name in text


def _of_the_same_tutor(row: CompanyAssessment, school: School, coordinator: User) -> CompanyAssessment:
    internship = begun(school, coordinator)
    Internship.objects.filter(pk=internship.pk).update(
        establishment=row.internship.establishment_id, tutor=row.respondent, host_signatory=None
    )
    return open_assessment(internship.pk, coordinator)


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
    names = re.findall(r'<(?:input|textarea)[^>]* name="([\w-]+)"', page.content.decode())
    assert list(dict.fromkeys(names))[2:] == field_names(skills_asked(row)), "the focus follows what is read"
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
