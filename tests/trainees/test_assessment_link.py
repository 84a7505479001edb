"""The link of whoever assesses: refusals first, then what is typed, kept and merged."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.links import issuing
from e2c_portal.links.models import LinkToken, PersonalLink
from schools.models import School
from tests.factories.skills import framework
from tests.signing.work import work
from tests.trainees.assessing import Tutor, another_browser, answers, begun, kept_by, told
from trainees.models import CompanyAssessment, SkillFramework
from trainees.operations.assessments import open_assessment

pytestmark = pytest.mark.django_db
NIR = "2 06 01 34 172 123 45"


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
