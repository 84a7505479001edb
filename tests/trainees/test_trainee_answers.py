"""A trainee answers what a company said: one answer a version, refusals that keep what was typed, a page light and plain."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.mailing.models import Mail
from schools.models import School
from tests.factories.network import member_of
from tests.factories.portfolios import OwnSpace, corrected, moved, sent_by_company, space_opened
from tests.factories.spaces import link_received
from tests.signing.work import work
from trainees.emails.assessments import DISPUTED
from trainees.models import CompanyAssessment, SkillDisagreement, TraineeAnswer
from trainees.operations.answer_reminders import remind_trainees
from trainees.operations.trainee_answers import answer_assessment
from trainees.operations.trainee_space import withdraw_space

pytestmark = pytest.mark.django_db
LIGHT = 60_000
NIR = "1 85 05 78 006 084 36"


@pytest.fixture
def sent(school: School, coordinator: User) -> CompanyAssessment:
    """Two skills with a level, one not observed."""
    return sent_by_company(school, coordinator, 3, 1, None)


@pytest.fixture
def space(sent: CompanyAssessment, coordinator: User) -> OwnSpace:
    return space_opened(sent.internship.trainee, coordinator)


def page_of(sent: CompanyAssessment) -> str:
    return f"evaluation/{sent.public_id}/"


def keys(sent: CompanyAssessment) -> list[int]:
    return list(sent.skills.order_by("skill__position").values_list("pk", flat=True))


def test_who_may_record_an_answer_told_to_the_school(
    sent: CompanyAssessment, officer: User, auditor: User, other_school: School, coordinator: User
) -> None:
    for person in (auditor, officer, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            answer_assessment(sent.pk, True, "", {}, actor=person)
    assert answer_assessment(sent.pk, True, "Dit au téléphone.", {}, actor=coordinator).recorded_by == coordinator


@pytest.mark.parametrize(
    ("agrees", "words", "ticked", "told"),
    [
        (False, "", {}, "pourquoi"), (False, " ", {0: " "}, "pourquoi"), (True, "", {0: "Je sais le faire."}, "d’accord"),
        (False, f"Mon numéro : {NIR}", {}, "sécurité sociale"), (False, "", {0: f"Voici {NIR}"}, "sécurité sociale"),
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_or_too_much_is_refused(
    sent: CompanyAssessment, agrees: bool, words: str, ticked: dict[int, str], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        answer_assessment(sent.pk, agrees, words, {keys(sent)[rank]: text for rank, text in ticked.items()})
    assert not TraineeAnswer.objects.exists()


def test_a_skill_of_another_assessment_is_refused(sent: CompanyAssessment, school: School, coordinator: User) -> None:
    other = sent_by_company(school, coordinator, 3)
    with pytest.raises(Refused, match="pas dans cette évaluation"):
        answer_assessment(sent.pk, False, "", {keys(other)[0]: "Non"})


def test_the_same_answer_twice_is_one_and_another_is_too_late(sent: CompanyAssessment) -> None:
    reasons = {keys(sent)[1]: "Je l’ai fait seul le dernier jour."}
    first = answer_assessment(sent.pk, False, "Merci.", reasons)
    assert answer_assessment(sent.pk, False, " Merci. ", reasons) == first
    with pytest.raises(Overtaken, match="déjà enregistrée"):
        answer_assessment(sent.pk, True, "", {})
    assert SkillDisagreement.objects.get().words == reasons[keys(sent)[1]]


@pytest.mark.parametrize("status", ["superseded", "validated"])
def test_a_version_that_waits_no_more_refuses(sent: CompanyAssessment, coordinator: User, status: str) -> None:
    decided = {"decided_by": coordinator, "decided_at": timezone.now(), "decision_reason": "Sans réponse."}
    moved(sent, status, **(decided if status == "validated" else {}))
    with pytest.raises(Refused, match="plus récente" if status == "superseded" else "déjà décidé"):
        answer_assessment(sent.pk, True, "", {})


def test_the_page_says_in_plain_words_what_the_tutor_said(space: OwnSpace, sent: CompanyAssessment) -> None:
    assert "À lire" in space.text()
    answer = space.get(page_of(sent))
    text = answer.content.decode()
    for told in (
        "Compétence 1",
        "Fait la tâche 1.",
        "Fait seul (niveau 3 sur 4)",
        "Pas observé",
        "Au poste.",
        "référentiel d’exemple",
    ):
        assert told in text
    assert "<script" not in text
    assert not TraineeAnswer.objects.exists(), "reading answers nothing: scanners read too"


def test_thirty_skills_stay_light(school: School, coordinator: User) -> None:
    sent = sent_by_company(school, coordinator, *[3] * 30)
    page = space_opened(sent.internship.trainee, coordinator).get(page_of(sent))
    sheets = [Path(portal_settings.BASE_DIR) / f"static/css/{name}" for name in ("light.css", "light_space.css")]
    assert page.content.decode().count("Je vois les choses autrement") == 30
    assert len(page.content) + sum(sheet.stat().st_size for sheet in sheets) < LIGHT


def test_a_disagreement_is_received_and_shown(space: OwnSpace, sent: CompanyAssessment) -> None:
    key = keys(sent)[1]
    typed = {"agrees": "non", "words": "", f"non_{key}": "on", f"pourquoi_{key}": "Je le fais seul."}
    answer = space.post(page_of(sent), typed)
    assert answer.status_code == 303
    text = space.browser.get(answer.headers["Location"]).content.decode()
    assert "bien enregistrée" in text
    assert "Je le fais seul." in text
    assert "Envoyer ma réponse" not in text
    assert space.post(page_of(sent), typed).status_code == 303, "a double click"
    assert "À lire" not in space.text()


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(space: OwnSpace, sent: CompanyAssessment) -> None:
    first, second, third = keys(sent)
    answer = space.post(page_of(sent), {
        "agrees": "oui", "words": "Bon stage.", f"non_{first}": "on", f"pourquoi_{second}": "Si, je sais.",
        f"pourquoi_{third}": f"Mon numéro {NIR}", f"non_{third}": "on",
    })  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422
    for told in (
        "vous n’êtes pas d’accord sur cette compétence",
        "cochez la case",
        "sécurité sociale",
        "Bon stage.",
        "Si, je sais.",
    ):
        assert told in text
    assert f'aria-describedby="id_pourquoi_{first}_error"' in text
    assert not TraineeAnswer.objects.exists()


def test_what_was_typed_while_the_company_corrected_is_kept_on_the_page(
    space: OwnSpace, sent: CompanyAssessment
) -> None:
    space.get(page_of(sent))
    newer = corrected(sent, sent.skills.first().skill.framework, 4)
    key = keys(sent)[0]
    typed = {"agrees": "non", "words": "", f"non_{key}": "on", f"pourquoi_{key}": "Une longue explication."}
    answer = space.post(page_of(sent), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "version plus récente" in text
    assert "Une longue explication." in text
    assert str(newer.public_id) in text
    assert space.post(page_of(newer), {"agrees": "oui", "words": ""}).status_code == 303
    assert "Remplacée" in space.text(page_of(sent))


def test_two_devices_give_one_answer(space: OwnSpace, sent: CompanyAssessment) -> None:
    other = OwnSpace(space.trainee, space.link)
    assert space.post(page_of(sent), {"agrees": "oui", "words": ""}).status_code == 303
    answer = other.post(page_of(sent), {"agrees": "non", "words": "Pas si vite."})
    assert answer.status_code == 422
    assert "déjà enregistrée" in answer.content.decode()
    assert "Pas si vite." in answer.content.decode()
    assert TraineeAnswer.objects.get().agrees


def test_somebody_else_finds_nothing(
    space: OwnSpace, sent: CompanyAssessment, school: School, coordinator: User
) -> None:
    other = sent_by_company(school, coordinator, 3)
    for page in (page_of(other), "evaluation/rien/", "evaluation/"):
        assert space.get(page).status_code == 404
        assert space.post(page, {"agrees": "oui"}).status_code == 404
    withdraw_space(space.trainee.pk, "Téléphone perdu", coordinator)
    assert space.get(page_of(sent)).status_code == 410
    assert Client().get(space.link, follow=True).status_code == 410


def test_a_trainee_is_reminded_twice_and_no_more(sent: CompanyAssessment, coordinator: User, time_machine) -> None:
    trainee, now = sent.internship.trainee, timezone.now()
    assert remind_trainees() == 0, "it has just come"
    for days, count in ((4.1, 1), (4.2, 1), (10.1, 2), (20, 2)):
        time_machine.move_to(now + timedelta(days=days), tick=False)
        remind_trainees()
        assert remind_trainees() == 0, "asked once"
        assert Mail.objects.filter(kind="trainees.assessment_to_answer").count() == count, days
    mail.outbox.clear()
    browser = Client()
    assert "À lire" in browser.get(link_received(trainee.email), follow=True).content.decode()


def test_no_reminder_leaves_once_answered_nor_by_a_withdrawn_link(
    sent: CompanyAssessment, coordinator: User, time_machine
) -> None:
    trainee = sent.internship.trainee
    space_opened(trainee, coordinator)
    time_machine.move_to(timezone.now() + timedelta(days=4, hours=1), tick=False)
    remind_trainees()
    answer_assessment(sent.pk, True, "", {})
    mail.outbox.clear()
    work("mailing.send_mail")
    assert mail.outbox == []
    withdraw_space(trainee.pk, "Adresse fausse", coordinator)
    time_machine.move_to(timezone.now() + timedelta(days=6), tick=False)
    remind_trainees()
    assert Mail.objects.filter(kind="trainees.assessment_to_answer").count() == 1


def told_of_disagreement() -> list[Mail]:
    return list(Mail.objects.filter(kind=DISPUTED).order_by("pk"))


def test_the_school_is_told_of_a_disagreement_at_once_and_once(sent: CompanyAssessment, coordinator: User) -> None:
    reasons = {keys(sent)[1]: "Je l’ai fait seul le dernier jour."}
    for _ in range(2):
        answer_assessment(sent.pk, False, "On ne m’a pas vu.", reasons)
    work()
    [written] = told_of_disagreement()
    assert (written.email, written.status) == (coordinator.email, "sent"), "it waits for no message of the day"
    [left] = [one for one in mail.outbox if one.to == [coordinator.email] or coordinator.email in one.to[0]]
    assert "n’est pas d’accord sur 1 compétence" in left.body.replace("\N{NO-BREAK SPACE}", " ")
    assert sent.get_absolute_url() in left.body
    assert not any(said in left.body for said in ("seul", "pas vu")), "what a trainee says is read on the page"


def test_an_agreement_is_told_to_nobody(sent: CompanyAssessment) -> None:
    answer_assessment(sent.pk, True, "Merci.", {})
    assert told_of_disagreement() == []


@pytest.mark.parametrize("by_the_referent", [True, False])
def test_whoever_wrote_it_down_is_not_told_of_it(
    sent: CompanyAssessment, school: School, officer: User, coordinator: User, by_the_referent: bool
) -> None:
    actor = coordinator if by_the_referent else member_of(school, officer)
    answer_assessment(sent.pk, False, "Il le dit.", {}, actor=actor)
    told = [(written.email, written.context["recorded_by"]) for written in told_of_disagreement()]
    assert told == ([] if by_the_referent else [(coordinator.email, actor.full_name)])


def test_a_message_that_waited_too_long_tells_nothing(sent: CompanyAssessment, coordinator: User) -> None:
    answer_assessment(sent.pk, False, "Non.", {})
    moved(sent, "validated", decided_by=coordinator, decided_at=timezone.now(), decision_reason="Entendu au téléphone.")
    work()
    assert [written.status for written in told_of_disagreement()] == ["cancelled"]
