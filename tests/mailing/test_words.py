"""The words of messages: two faces with the same content, accessible, and nothing secret in a preview."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.search import fold
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.composing import Part, Words, preview, preview_of, preview_sms, words_of
from e2c_portal.mailing.contents import DIGEST
from e2c_portal.mailing.digests import DIGEST_TYPE
from e2c_portal.mailing.message_types import MailType, all_mail_types, mail_type_named, register
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import Moment, new_mail
from tests.mailing.samples import CODE, CONTEXT, INVITATION, REMINDER, invite

LINK = "https://exemple.invalid/lien/exemple/"


class Reader(HTMLParser):
    """Note what matters to somebody who listens to a message."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, name: str) -> Iterator[dict[str, Any]]:
        return (attributes for tag, attributes in self.tags if tag == name)


@pytest.fixture
def words() -> Words:
    return preview(INVITATION, CONTEXT, recipient_name="Paul Exemple")


def test_both_faces_say_the_same(words: Words) -> None:
    assert words.subject == "Votre signature est attendue\u00a0: La convention d’essai"
    for face in (words.text, words.html):
        assert "Bonjour Paul Exemple," in face
        assert "La convention d’essai attend votre signature avant le 12 décembre." in face
        assert LINK in face
        assert "Ce message est envoyé automatiquement." in face


def test_the_text_stands_without_html_and_its_links_alone_on_their_line(words: Words) -> None:
    assert "<" not in words.text
    assert LINK in words.text.splitlines()
    assert "\n\n\n" not in words.text


def test_the_html_can_be_listened_to(words: Words) -> None:
    page = Reader(words.html)
    assert next(page.named("html"))["lang"] == "fr"
    assert len(list(page.named("h1"))) == len(list(page.named("title"))) == 1
    assert all(table["role"] == "presentation" for table in page.named("table"))
    assert list(page.named("img")) == list(page.named("script")) == list(page.named("link")) == []
    assert next(page.named("meta"))["charset"] == "utf-8"


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#1b2a30", "#ffffff"),
        ("#0d3a42", "#ffffff"),
        ("#ffffff", "#15525c"),
        ("#4b5b62", "#f6f4ef"),
        ("#15525c", "#f6f4ef"),
        ("#0d3a42", "#e0eeee"),
    ],
)
def test_the_colours_are_readable(ink: str, paper: str) -> None:
    high, low = sorted((luminance(ink), luminance(paper)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_letters_are_large_enough(words: Words) -> None:
    sizes = [int(size) for size in re.findall(r"font-size:(\d+)px", words.html)]
    assert min(sizes) >= 15


def test_what_people_typed_is_text_and_nothing_else() -> None:
    words = preview(INVITATION, {**CONTEXT, "title": '<img src=x onerror="a()"> & co'}, recipient_name="<b>Paul</b>")
    assert "<img" not in words.html
    assert "<b>" not in words.html
    assert "&lt;img" in words.html
    assert '<img src=x onerror="a()"> & co attend' in words.text


def test_a_context_does_not_replace_what_the_frame_says() -> None:
    words = preview(INVITATION, {**CONTEXT, "layout": "errors/500.html", "stop_url": "https://ailleurs.exemple"})
    assert "ailleurs.exemple" not in words.html
    assert "Portail régional" in words.html


def test_only_what_may_be_stopped_says_how() -> None:
    assert "Choisir les messages" not in preview(INVITATION, CONTEXT).html
    stoppable = preview(REMINDER, {"title": "signer", "days": 7})
    assert "Choisir les messages que je reçois" in stoppable.html
    assert "Choisir les messages que je reçois :" in stoppable.text


def test_a_code_stands_out() -> None:
    words = preview(CODE, {})
    assert "Votre code : 000000" in words.text
    assert ">000000</p>" in words.html
    assert preview_sms(CODE, {}) == "Portail E2C : votre code est 000000, valable 10 minutes."


@pytest.mark.django_db
def test_the_preview_of_a_written_message_holds_no_secret() -> None:
    words = preview_of(invite())
    assert LINK in words.text
    assert "k" * 43 not in words.text + words.html


def part(days: int) -> Part:
    kind = mail_type_named(REMINDER)
    mail = new_mail(kind, Recipient("paul@exemple.fr"), None, {"title": "signer <b>", "days": days}, Moment())
    return Part(mail, kind, {})


@pytest.mark.django_db
def test_the_message_of_the_day_is_one_message() -> None:
    digest = new_mail(DIGEST_TYPE, Recipient("paul@exemple.fr", "Paul"), None, {"summary": "2 messages"}, Moment())
    words = words_of(digest, [part(30), part(7)], "https://exemple.invalid/choix/")
    page = Reader(words.html)
    assert len(list(page.named("h1"))) == 1
    assert len(list(page.named("h2"))) == 2
    assert "<b>" not in words.html
    assert words.text.count("Bonjour Paul,") == 1
    assert words.text.index("Il reste 30 jours") < words.text.index("Il reste 7 jours")


def test_an_unknown_type_is_said_in_french() -> None:
    with pytest.raises(PortalError, match="plus connu"):
        preview("tests.inconnu", {})


def test_a_name_belongs_to_one_type() -> None:
    with pytest.raises(ValueError, match="twice"):
        register(MailType(name=INVITATION, label="Autre", subject="x"))


def test_the_types_are_listed_by_label() -> None:
    labels = [kind.label for kind in all_mail_types()]
    assert labels == sorted(labels, key=fold), "an accent does not send a label to the end"
    assert DIGEST in {kind.name for kind in all_mail_types()}
    assert Mail._meta.verbose_name == "message électronique"
