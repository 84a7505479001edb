"""Contacts of companies and their way into the space, by the real operations, the real message and its real link."""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.core import mail
from django.test import Client

from e2c_portal.accounts.models import User
from partnerships.models import Company, CompanyContact
from partnerships.operations.companies import save_record
from partnerships.operations.space import grant_access
from tests.signing.work import work

_numbers = count(1)


def contact_of(company: Company, actor: User, full_name: str = "Ana Exemple", **facts: Any) -> CompanyContact:
    """Add a contact with an address of their own."""
    facts = {"email": f"contact{next(_numbers)}@exemple.fr", "job_title": "Directrice"} | facts
    return save_record(CompanyContact(company=company, full_name=full_name, **facts), actor)


def link_received(address: str) -> str:
    """Return the path of the last link that arrived at an address. Raises AssertionError when there is none."""
    work("mailing.send_mail")
    for message in reversed(mail.outbox):
        if address in message.to[0] and (found := re.search(r"(/lien/\S+)", str(message.body))):
            return found[1]
    raise AssertionError(f"no link for {address}")


class Opened:
    """What a personal link opened, in a browser: its first page, and those after it."""

    link: str
    browser: Client
    first: str

    def __post_init__(self) -> None:
        self.first = self.browser.get(self.link).headers.get("Location", "")

    def get(self, page: str = "") -> Any:
        return self.browser.get(self.first + page)

    def text(self, page: str = "") -> str:
        answer = self.get(page)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()


@dataclass
class Space(Opened):
    """The space of a company, open in a browser."""

    contact: CompanyContact
    link: str
    browser: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    first: str = ""

    def post(self, page: str, data: dict[str, Any] | None = None) -> Any:
        """Send a form as the page gives it: with its key, when it has one and none is given."""
        typed = {"form_key": self.key(page)} | (data or {})
        return self.browser.post(self.first + page, typed)

    def key(self, page: str) -> str:
        found = re.search(r'name="form_key" value="([0-9a-f-]+)"', self.get(page).content.decode())
        return found[1] if found else ""


def space_of(contact: CompanyContact, actor: User) -> Space:
    """Send the access to a contact and open it."""
    grant_access(contact.pk, actor)
    return Space(contact, link_received(contact.email))
