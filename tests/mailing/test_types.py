"""Every type of message that the portal knows: read by staff over a sample, whole, in French, the same in both faces."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.kernel.french import typeset
from e2c_portal.mailing.contents import DIGEST
from e2c_portal.mailing.message_types import MailType, SmsType, all_mail_types, all_sms_types
from e2c_portal.mailing.previews import sample_text, sample_words
from tests.mailing.test_words import Reader

MAILS, TEXTS = all_mail_types(), all_sms_types()
ADDRESS = re.compile(r"https?://\S+")
# What French typography refuses whatever the spaces: typewriter quotes and apostrophes, three dots, marks stuck to a word.
TYPEWRITER = re.compile(r"\w'\w|\"|\.{3}|\w[;!?»]|«\w|\w:(?=\s)")
BARE = re.compile(
    r"\b(?:à|de|par|pour|chez|vers|dans|que|puis|avec) (?:École|E2C|Mission|Centre)\b|^(?:École|E2C)\b[^:(]* vous "
)
every_mail = pytest.mark.parametrize("kind", MAILS, ids=lambda kind: kind.name)
every_text = pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.name)


class Words(HTMLParser):
    """The sentences of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sentences: list[str] = []
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.add(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.sentences.append(data)


def bare_names(text: str) -> list[str]:
    return BARE.findall(text)


def typewriter_marks(text: str) -> list[str]:
    return TYPEWRITER.findall(ADDRESS.sub("", text))


def test_the_walk_sees_the_apps() -> None:
    names = {kind.name for kind in MAILS}
    assert {"signing.invitation", "signing.unreachable", "partnerships.deadline", DIGEST} <= names
    assert {"signing.code", "signing.reminder"} <= {kind.name for kind in TEXTS}


@every_mail
def test_both_faces_are_whole_and_say_the_same(kind: MailType) -> None:
    words = sample_words(kind)
    page = Words(words.html)
    for face in (words.subject, words.text, " ".join(page.sentences)):
        assert face.strip()
        assert "{" not in face
        assert "None" not in face
        assert typewriter_marks(face) == []
        # Schools are named as they are spoken of: « à l’École », « de l’École », never « à École ».
        assert bare_names(face) == []
    assert words.subject == typeset(words.subject)
    in_text = set(ADDRESS.findall(words.text))
    assert page.links - in_text == set(), "the text version carries every link"
    assert all(link.startswith("http") for link in page.links), "links are absolute"
    for value in kind.examples.values():
        assert value in words.text
        assert value in words.html


@every_mail
def test_the_html_can_be_listened_to(kind: MailType) -> None:
    words = sample_words(kind)
    page = Reader(words.html)
    assert next(page.named("html"))["lang"] == "fr"
    assert re.search(r"<title>\s*\S", words.html)
    assert len(list(page.named("h1"))) == 1
    assert all(table["role"] == "presentation" for table in page.named("table"))
    assert list(page.named("img")) == list(page.named("script")) == []
    assert "Choisir les messages que je reçois" in words.html or not kind.stoppable


@every_mail
def test_no_space_is_left_to_break_a_french_mark(kind: MailType) -> None:
    """In HTML the spaces of : ; ! ? and « » never break a line."""
    for sentence in Words(sample_words(kind).html).sentences:
        assert not re.search(r"[ \n][:;!?»](?:\s|$)|« ", ADDRESS.sub("", sentence)), sentence


@every_text
def test_text_messages_are_short_and_whole(kind: SmsType) -> None:
    text = sample_text(kind)
    assert "{" not in text
    assert "None" not in text
    assert typewriter_marks(text) == []
    assert len(text) <= 306, "two messages at most"


def test_the_walk_sees_the_usual_faults() -> None:
    assert typewriter_marks("l'article dit \"non\"... Quoi? «oui» et ceci: rien") == [
        "l'a", '"', '"', "...", "i?", "«o", "i»", "i:",
    ]  # fmt: skip
    assert typewriter_marks("L’article : « non » ? https://exemple.fr/a?b") == []
    assert bare_names("signalé à École de Nîmes, puis École décidera") == ["à École", "puis École"]
    assert bare_names("École de Nîmes vous ouvre votre page") == ["École de Nîmes vous "]
    assert bare_names("signalé à l’École de Nîmes ; École de Nîmes") == []


@pytest.mark.django_db
def test_staff_reads_every_type(officer_client: Client, django_assert_max_num_queries: Callable) -> None:
    listed = officer_client.get(reverse("mailing:types")).content.decode()
    for kind in MAILS:
        url = reverse("mailing:mail_type", args=[kind.name])
        assert url in listed
        page = officer_client.get(url).content.decode()
        assert typeset(kind.label) in page
        assert reverse("mailing:mail_type_html", args=[kind.name]) in page
    for text in TEXTS:
        url = reverse("mailing:sms_type", args=[text.name])
        assert url in listed
        assert officer_client.get(url).status_code == 200
    assert reverse("mailing:types") in officer_client.get("/gestion/mailing/mail/").content.decode()
    with django_assert_max_num_queries(3):
        officer_client.get(reverse("mailing:types"))


@pytest.mark.django_db
def test_the_html_is_framed_by_our_page_alone_and_can_do_nothing(officer_client: Client) -> None:
    answer = officer_client.get(reverse("mailing:mail_type_html", args=["signing.invitation"]))
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = officer_client.get(reverse("mailing:mail_type", args=["signing.invitation"]))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_they_are_for_those_who_read_messages(
    coordinator: User, stranger: User, auditor: User, client_of: Callable[[User], Client]
) -> None:
    pages = [
        reverse("mailing:types"),
        *(
            reverse(f"mailing:{name}", args=["signing.reminder"])
            for name in ("mail_type", "mail_type_html", "sms_type")
        ),
    ]
    for page in pages:
        for person in (coordinator, stranger):
            assert client_of(person).get(page).status_code == 404
        assert client_of(auditor).get(page).status_code == 200
        assert client_of(auditor).post(page).status_code == 405
    assert client_of(auditor).get(reverse("mailing:mail_type", args=["signing.absent"])).status_code == 404
    assert client_of(auditor).get(reverse("mailing:sms_type", args=["signing.absent"])).status_code == 404
