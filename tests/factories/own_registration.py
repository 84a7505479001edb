"""Somebody who asks for the link of an edition on its public page, and opens it as they received it."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from assises.models import Edition
from assises.tasks import registering as tasks
from e2c_portal.kernel.models import Job
from tests.factories.spaces import Opened, link_received
from tests.signing.work import work

TASKS = {
    "assises.send_registration_link": tasks.send_registration_link,
    "assises.tell_of_changes": tasks.tell_changes,
    "assises.tell_of_cancelling": tasks.tell_cancelling,
}
TYPED = {"first_name": "Camille", "last_name": "Exemple", "organisation": "Ville (exemple)", "photos": "non"}


@dataclass
class OwnLink(Opened):
    """The link of one person to an edition, open in a browser of their own."""

    edition: Edition
    email: str
    link: str
    browser: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    first: str = ""

    def post(self, page: str, data: dict[str, Any] | None = None) -> Any:
        """Send a form as the page gives it: with the registration it speaks of."""
        return self.browser.post(self.first + page, self.hidden(page) | (data or {}))

    def hidden(self, page: str) -> dict[str, str]:
        """Return the hidden fields of a page."""
        text = self.get(page).content.decode()
        return dict(re.findall(r'type="hidden" name="(which|revision_seen)" value="([^"]*)"', text))

    def register(self, word: str = "institution", **typed: Any) -> Any:
        return self.browser.post(f"{self.first}inscription/{word}/", TYPED | typed)

    def again(self) -> "OwnLink":
        """Open the same link on another device."""
        return OwnLink(self.edition, self.email, self.link)


def jobs_done() -> int:
    """Do what the workers do of this part, messages excepted. Returns how many jobs ran."""
    jobs = list(Job.objects.filter(task__in=TASKS).order_by("pk"))
    for job in jobs:
        job.delete()
        TASKS[job.task](**job.arguments)
    return len(jobs)


def asked(edition: Edition, email: str, **more: Any) -> Any:
    """Send the form of the public page."""
    return Client().post(reverse("assises:register", args=[edition.year]), {"email": email, **more})


def own_link(edition: Edition, email: str = "camille@exemple.invalid") -> OwnLink:
    """Ask for a link, receive it and open it."""
    assert asked(edition, email).status_code == 302
    assert jobs_done() == 1
    return OwnLink(edition, email, link_received(email))


def received(email: str, words: str) -> Any:
    """Return the last message to an address whose subject holds these words. Raises AssertionError when none does."""
    work("mailing.send_mail")
    for message in reversed(mail.outbox):
        if email in message.to[0] and words in message.subject.replace("\N{NO-BREAK SPACE}", " "):
            return message
    raise AssertionError(f"no « {words} » for {email}: {[m.subject for m in mail.outbox]}")
