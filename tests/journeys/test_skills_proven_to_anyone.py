"""A tutor assesses on a phone, the trainee disputes, the school asks, the tutor corrects, the school validates and attests."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from schools.models import School
from tests.conformance.verapdf import poppler_signatures, validate
from tests.factories.documents import apart
from tests.factories.portfolios import stay_over
from tests.factories.skills import framework, planned_in
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.signing.work import Mailbox, work
from trainees.models import CompanyAssessment, Skill, SkillsCertificate
from trainees.models.portfolio import CERTIFICATE_KIND
from trainees.operations.assessments import ask, open_assessment

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 360, "height": 640}
STEPS = (
    "Fait seul",
    "Fait avec de l’aide",
    "Fait seul",
    "Sait le montrer",
    "Découvre",
    "Fait seul",
    "Non observé",
    "Fait seul",
)


@pytest.fixture
def mailbox(mailoutbox: list[Any], settings: Any, tmp_path: Path) -> Mailbox:
    settings.PORTAL_URL = "http://testserver"
    return Mailbox(mailoutbox, tmp_path)


@pytest.fixture
def asked(live: LivePortal, school: School, coordinator: User) -> CompanyAssessment:
    """An assessment of eight planned skills, asked of the tutor of a stay that ended last week."""
    last = timezone.localdate() - timedelta(days=5)
    internship = stay_over(school, coordinator, last - timedelta(days=11), last)
    planned_in(internship, framework(coordinator, skills=len(STEPS)), coordinator)
    assessment = open_assessment(internship.pk, coordinator)
    return ask(assessment.pk, coordinator)


@pytest.mark.parametrize("scripts", [False, True], ids=["without-scripts", "with-scripts"])
def test_from_the_tutor_s_phone_to_the_stranger(
    live: LivePortal, browser: Browser, asked: CompanyAssessment, coordinator: User, mailbox: Mailbox, tmp_path: Path, scripts: bool
) -> None:  # fmt: skip
    live.page.set_default_timeout(10_000)
    internship, skills = asked.internship, list(Skill.objects.order_by("position"))
    apart(work)
    tutor = _phone(browser, live, mailbox.link(internship.tutor.email), scripts=scripts)
    _assesses(tutor, skills)
    apart(work)
    trainee = _phone(browser, live, mailbox.link(internship.trainee.email), scripts=scripts)
    _disputes(trainee, skills[1])
    live.sign_in(coordinator)
    _sends_back(live, CompanyAssessment.objects.get())
    apart(work)
    tutor.reload()
    _corrects(tutor, skills[1])
    apart(work)
    trainee.reload()
    _agrees(trainee)
    certificate = _validates_and_attests(live, CompanyAssessment.objects.get(version=2))
    apart(work)
    _is_proven(live, certificate, tmp_path)
    for page in (tutor, trainee):
        page.context.close()


def _phone(browser: Browser, live: LivePortal, path: str, *, scripts: bool) -> Page:
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport=PHONE, java_script_enabled=scripts
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(live.url + path)
    return page


def _fits(page: Page) -> None:
    """See that nothing scrolls sideways and that axe finds nothing; axe needs scripts."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], width
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        assert_accessible(page)


def _assesses(page: Page, skills: list[Skill]) -> None:
    expect(page.get_by_role("heading", name=re.compile("Que sait faire"))).to_be_visible()
    _fits(page)
    page.get_by_label("Le stage est allé jusqu’au bout").check()
    for skill, step in zip(skills, STEPS, strict=True):
        page.locator(f"#competence-{skill.pk}").get_by_label(re.compile(f"^{step}")).check()
    page.get_by_label("Oui", exact=True).check()
    page.get_by_label("Non", exact=True).last.check()
    page.get_by_label(re.compile("Vos mots")).fill("Du sérieux, et de l’envie.")
    page.get_by_role("button", name="Enregistrer et continuer plus tard").click()
    expect(page.locator(f"#competence-{skills[3].pk}").get_by_label(re.compile("^Sait le montrer"))).to_be_checked()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_role("heading", name="Relisez, puis envoyez")).to_be_visible()
    _fits(page)
    page.get_by_role("button", name="Envoyer l’évaluation").click()
    expect(page.get_by_role("heading", name="Votre évaluation est bien reçue")).to_be_visible()


def _disputes(page: Page, skill: Skill) -> None:
    expect(page.get_by_text("ce que votre tuteur dit de vous")).to_be_visible()
    page.get_by_role("link", name=re.compile("stage du")).first.click()
    point = page.locator(".point", has_text=skill.name)
    point.get_by_label(re.compile("Je vois les choses autrement")).check()
    point.get_by_label(re.compile("Pourquoi")).fill("Je l’ai fait seul la dernière semaine.")
    page.get_by_label(re.compile("Non, pas sur tout")).check()
    _fits(page)
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_text("Votre réponse est bien enregistrée")).to_be_visible()


def _sends_back(live: LivePortal, assessment: CompanyAssessment) -> None:
    live.open(assessment.get_absolute_url())
    expect(live.page.get_by_text("Je l’ai fait seul la dernière semaine.").first).to_be_visible()
    assert_accessible(live.page)
    live.page.get_by_role("link", name="Renvoyer avec une question").click()
    live.page.get_by_label(re.compile("Votre question")).fill("L’avez-vous vu faire seul la dernière semaine ?")
    live.page.get_by_role("button", name="Renvoyer avec cette question").click()
    expect(live.page.get_by_text("Renvoyée").first).to_be_visible()


def _corrects(page: Page, skill: Skill) -> None:
    # The page of the receipt leads to all of this person's assessments.
    page.get_by_role("link", name=re.compile("Toutes mes évaluations")).click()
    if (answer := page.get_by_role("link", name=re.compile("Répondre"))).count():
        answer.first.click()
    expect(page.get_by_text("L’avez-vous vu faire seul la dernière semaine")).to_be_visible()
    page.locator(f"#competence-{skill.pk}").get_by_label(re.compile("^Fait seul")).check()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    page.get_by_role("button", name="Envoyer l’évaluation").click()
    expect(page.get_by_role("heading", name="Votre évaluation est bien reçue")).to_be_visible()


def _agrees(page: Page) -> None:
    page.get_by_role("link", name=re.compile("version la plus récente")).click()
    page.get_by_label(re.compile("Oui, je suis d’accord")).check()
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_text("Votre réponse est bien enregistrée")).to_be_visible()


def _validates_and_attests(live: LivePortal, assessment: CompanyAssessment) -> SkillsCertificate:
    page = live.page
    live.open(assessment.get_absolute_url())
    page.get_by_role("button", name=re.compile("Valider")).first.click()
    expect(page.get_by_text("Validée").first).to_be_visible()
    live.open(reverse("trainees:certificate_new", args=[assessment.internship.pathway_id]))
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("Émettre l’attestation")).click()
    expect(page.get_by_role("heading", name=re.compile("Attestation ACA-"))).to_be_visible()
    return SkillsCertificate.objects.get()


def _is_proven(live: LivePortal, certificate: SkillsCertificate, folder: Path) -> None:
    document = Document.objects.get(kind=CERTIFICATE_KIND)
    live.open(certificate.get_absolute_url())
    assert_accessible(live.page)
    with live.page.expect_download() as waiting:
        live.page.get_by_role("link", name=re.compile("Télécharger le document scellé")).first.click()
    file = folder / "attestation.pdf"
    waiting.value.save_as(file)
    assert [found.valid for found in poppler_signatures(file)] == [True]
    assert [verdict for verdict in validate([file]) if not verdict.passed] == []
    answer = Client().get(f"/verifier/{document.printed_code}/").content.decode()
    assert certificate.number in answer
    assert str(certificate.trainee) not in answer, "nothing is shown that the trainee did not choose"
