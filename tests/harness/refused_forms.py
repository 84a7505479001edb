"""Each form of a page, sent with what must be refused: is it refused, and does its refusal say so to everybody?

What is sent never lasts: it goes through Django's own client, in a transaction that is taken back. The answer is then shown
by the browser at the address it was sent to, under its own policy, and read as somebody who cannot see reads it: a summary that has
the focus and leads to each field, fields that say that they are wrong and why, and every word that was typed still there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.messages import WARNING
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page

from tests.harness.look_journal import BUTTON, NOTHING_TO_REFUSE, REFUSED, Form

READ_FORMS = (Path(__file__).parent / "read_forms.js").read_text(encoding="utf-8")
JUDGE = (Path(__file__).parent / "judge_refusal.js").read_text(encoding="utf-8")
HTML = "text/html"
REFUSED_STATUS = 422
# Kinds of fields in which nobody types.
UNTYPED = {"hidden", "submit", "button", "image", "reset"}
TEXTS = {"text", "textarea", "search", "tel", "url", "email"}
MARK = "Mots gardés"
UNREAD = {
    "email": "pas-une-adresse",
    "number": "douze",
    "date": "31/02/2026",
    "time": "25h",
    "datetime-local": "hier",
    "url": "nulle part",
}
# Nothing is lost when there is nothing but a choice to make again.
TOLD = "refusé par un message"
# Leaving the portal is no form to fill in.
LEFT_OUT = ("/deconnexion/", "/gestion/logout/")


@dataclass
class Found:
    """A form as the page has it: where it goes, and its fields as the browser would send them."""

    action: str
    fields: list[dict[str, Any]]

    @property
    def typed(self) -> list[dict[str, Any]]:
        """Return the fields that somebody fills in."""
        return [one for one in self.fields if one["type"] not in UNTYPED]

    def hidden(self) -> dict[str, list[str]]:
        """Return what travels without being seen, the name of the first button included."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one["type"] == "hidden" or (one["type"] == "submit" and one["first"]):
                sent.setdefault(one["name"], []).append(one["value"])
        return sent

    def attempts(self) -> list[dict[str, list[str]]]:
        """Return what to send until something is refused: the first field missing and others wrong, nothing at all, nonsense."""
        return [self._wrong(), self.hidden(), self._nonsense()]

    def _wrong(self) -> dict[str, list[str]]:
        sent, missing = self.hidden(), False
        for one in self.typed:
            if one["required"] and not missing:
                missing = True
            elif value := _wrong_value(one):
                sent[one["name"]] = [value]
        return sent

    def _nonsense(self) -> dict[str, list[str]]:
        return self.hidden() | {one["name"]: ["n’importe quoi " * 3000] for one in self.typed if one["type"] != "file"}


def _wrong_value(one: dict[str, Any]) -> str:
    if one["type"] in UNREAD:
        return UNREAD[one["type"]]
    if one["type"] in TEXTS:
        return MARK[: one["longest"]] if one["longest"] > 0 else MARK
    if one["type"] == "select":
        return next((value for value in one["options"] if value), "")
    return one["value"] if one["checked"] else ""


@dataclass
class Refusals:
    """Sends the forms of the page on screen, and looks at each refusal; `look` judges the page as any other."""

    page: Page
    look: Callable[[str], list[str]]
    known: set[str] = field(default_factory=set)

    def of_the_page(self, home: str, address: str) -> list[Form]:
        """Send every form of the page on screen that no other page had, then the address itself with nothing at all."""
        found = [Found(**told) for told in self.page.evaluate(READ_FORMS)]
        found = [one for one in found if urlsplit(one.action).path not in LEFT_OUT]
        told = [self._sent(one, home) for one in found if not self._again(one)]
        bare = Found(address, [])
        if urlsplit(address).path in {urlsplit(one.action).path for one in found} or self._again(bare):
            return told
        alone = self._sent_bare(bare, home)
        return [*told, alone] if alone.outcome == REFUSED else told

    def _again(self, form: Found) -> bool:
        """Say whether the same form was sent from another page: the same fields to the same address, whatever the row."""
        shape = f"{_shape(form.action)} {sorted(one['name'] for one in form.typed)}"
        return shape in self.known or bool(self.known.add(shape))

    def _sent(self, form: Found, home: str) -> Form:
        told = Form(form.action.removeprefix(home), len(form.typed), NOTHING_TO_REFUSE if form.typed else BUTTON)
        for sent in form.attempts() if form.typed else []:
            answer = self._answer(told.action, sent)
            told.status = answer.status_code
            if outcome := self._outcome(form, answer, sent):
                told.outcome, *told.faults = outcome
                break
        return told

    def _sent_bare(self, form: Found, home: str) -> Form:
        told = Form(form.action.removeprefix(home), 0, BUTTON)
        answer = self._answer(told.action, {})
        told.status = answer.status_code
        if told.status == REFUSED_STATUS and answer.headers["Content-Type"].startswith(HTML):
            told.outcome, *told.faults = self._shown(form, answer, {}) or [BUTTON]
        return told

    def _outcome(self, form: Found, answer: HttpResponse, sent: dict[str, list[str]]) -> list[str]:
        """Return what became of what was sent, then what is wrong with it; nothing when it was not refused."""
        status = answer.status_code
        if status >= 500:
            return ["panne", f"répond {status}"]
        if status in (301, 302):
            told = _told_by_message(answer)
            lost = (
                [f"ce qui était saisi est perdu : « {told} »"]
                if any(one["type"] in TEXTS for one in form.typed)
                else []
            )
            return [TOLD, *lost] if told else []
        if not answer.headers.get("Content-Type", "").startswith(HTML):
            return []
        return self._shown(form, answer, sent)

    def _answer(self, path: str, sent: dict[str, list[str]]) -> HttpResponse:
        client = Client(raise_request_exception=False)
        for cookie in self.page.context.cookies():
            client.cookies[cookie["name"]] = cookie["value"]
        with transaction.atomic():
            answer = client.post(path, sent)
            transaction.set_rollback(True)
        return answer

    def _shown(self, form: Found, answer: HttpResponse, sent: dict[str, list[str]]) -> list[str]:
        """Return nothing when the page says no refusal; else that word, then what is wrong with it."""
        body, headers = answer.content, dict(answer.headers)

        def here(url: str) -> bool:
            return url == form.action

        self.page.route(here, lambda route: route.fulfill(status=answer.status_code, headers=headers, body=body))
        try:
            faults = self.look(form.action)
            told = self.page.evaluate(JUDGE, [_kept(form, sent), answer.status_code])
        finally:
            self.page.unroute(here)
        if answer.status_code >= 400 and not told["refused"]:
            words = self.page.locator("h1").first.inner_text()
            return [REFUSED, f"page {answer.status_code} au lieu du formulaire : « {words} »"]
        return [REFUSED, *faults, *told["faults"]] if told["refused"] else []


def _kept(form: Found, sent: dict[str, list[str]]) -> dict[str, str]:
    """Return the words that the refused form must still show, by field."""
    typed = {one["name"] for one in form.typed if one["type"] in TEXTS}
    return {name: values[0] for name, values in sent.items() if name in typed and len(values[0]) < 100}


def _told_by_message(answer: HttpResponse) -> str:
    request = getattr(answer, "wsgi_request", None)
    queued = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    return next((str(message.message) for message in queued if message.level >= WARNING), "")


def _shape(address: str) -> str:
    """Return an address without the numbers of its rows: the same form for another row is sent once."""
    parts = urlsplit(address).path.split("/")
    return "/".join("*" if any(letter.isdigit() for letter in part) else part for part in parts)
