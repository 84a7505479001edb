"""What goes wrong during a signature is told on the page, in French, with what to do; nothing is signed twice nor lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from e2c_portal.accounts.models import User
from e2c_portal.links import issuing
from e2c_portal.links.models import PersonalLink
from e2c_portal.signing.models import Act, Envelope
from tests.signing.work import Mailbox, shown, signatory, work

pytestmark = pytest.mark.django_db
Open = Callable[..., Envelope]


class Page:
    """The pages of Jeanne, reached by the link she received."""

    def __init__(self, envelope: Envelope, mailbox: Mailbox, client: Client) -> None:
        self.envelope, self.mailbox, self.client = envelope, mailbox, client
        self.path = mailbox.link("jeanne@exemple.fr")
        self.first = client.get(self.path).url

    def code(self) -> str:
        self.ask()
        work("mailing.send_mail")
        return self.mailbox.code("jeanne@exemple.fr")

    def ask(self) -> None:
        self.client.post(self.first + "code/", {"channel": "email"})

    def sign(self, code: str, seen: str = "") -> HttpResponse:
        typed = {"code": code, "consent": "on", "shown": seen or shown(self.envelope)}
        return self.client.post(self.first + "signer/", typed)

    def read(self, address: str = "") -> tuple[int, str]:
        return self.told(self.client.get(self.first + address, follow=True))

    def told(self, answer: HttpResponse) -> tuple[int, str]:
        return answer.status_code, " ".join(strip_tags(answer.content.decode()).split())


@pytest.fixture
def page(envelope_of: Open, mailbox: Mailbox, client: Client) -> Page:
    return Page(envelope_of(number=61), mailbox, client)


def test_a_double_click_signs_once_and_both_answers_lead_to_the_receipt(page: Page) -> None:
    code = page.code()
    answers = [page.sign(code) for _ in range(2)]
    assert {(answer.status_code, answer.url) for answer in answers} == {(303, page.first)}
    assert "Votre signature est enregistrée" in page.read()[1]
    assert Act.objects.count() == 1


def test_a_link_used_after_its_revocation_signs_nothing_and_says_why(page: Page, officer: User) -> None:
    code, seen = page.code(), shown(page.envelope)
    person = signatory(page.envelope, "Jeanne Martin")
    link = PersonalLink.objects.get(subject=f"signing.signatory:{person.pk}")
    issuing.revoke(link, "Erreur de destinataire.", officer)
    for answer in (page.sign(code, seen), page.client.get(page.first), Client().get(page.path)):
        status, told = page.told(answer)
        assert status == 410
        assert "Ce lien a été retiré" in told
        assert "adressez-vous à la personne qui suit votre dossier" in told or "Claire Garrigue" in told
    assert not Act.objects.exists()


def test_an_edit_while_somebody_types_is_told_with_its_reason(page: Page, envelope_of: Open) -> None:
    code, seen = page.code(), shown(page.envelope)
    envelope_of(number=61, text="Autre texte.", why_new="Une date était fausse.")
    status, told = page.told(page.sign(code, seen))
    assert status in (410, 422)
    assert "Une date était fausse." in told or "nouvelle version" in told
    assert not Act.objects.exists()
    assert page.mailbox.link("jeanne@exemple.fr") != page.path, "the new version came with a link of its own"


def test_while_the_mail_server_is_down_the_page_says_that_the_code_waits(page: Page, settings: Any) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    page.ask()
    work("mailing.send_mail")
    told = page.read("signer/")[1]
    assert "Le code n’est pas encore parti" in told
    assert "Le service d’envoi ne répond pas pour le moment" in told
    settings.EMAIL_BACKEND = working
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert page.sign(page.code()).status_code == 303
    assert Act.objects.count() == 1


def test_with_a_clock_one_hour_ahead_the_page_says_to_ask_for_another_code(page: Page) -> None:
    code = page.code()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert "Ce code n’est plus valable" in page.read("signer/")[1]
        status, told = page.told(page.sign(code))
        assert (status, "Demandez-en un autre" in told) == (422, True)
        assert page.sign(page.code()).status_code == 303
    assert Act.objects.count() == 1
