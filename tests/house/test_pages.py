"""Every page as a regional officer finds it: answers, one title, valid structure, nothing that its policy would refuse."""

import re
from collections import Counter
from html.parser import HTMLParser
from http import HTTPStatus

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from partnerships import workflows
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_conventions
from schools.models import School
from tests.factories.ceremonies import ceremony_on
from tests.factories.documents import seal_waiting
from tests.factories.partnerships import convention_at
from tests.factories.signing import envelope_of
from tests.factories.sirene import COMPANIES, company_cells, extract, read
from tests.house.addresses import all_addresses

EXPECTED = {
    HTTPStatus.OK,
    HTTPStatus.FOUND,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.GONE,
}


class Structure(HTMLParser):
    """What a page is made of, as far as these tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.faults: list[str] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags[tag] += 1
        if identifier := found.get("id"):
            self.ids[identifier] += 1
        if tag == "html":
            self.language = found.get("lang") or ""
        if tag == "img" and "alt" not in found:
            self.faults.append(f"an image without alt: {found.get('src')}")
        if (
            tag == "style"
            or "style" in found
            or (tag == "script" and not found.get("src") and found.get("type") != "application/json")
        ):
            self.faults.append(f"an inline <{tag}>")
        self.faults += [f"an inline {name}" for name in found if name.startswith("on")]


def faults_of(response: HttpResponse) -> list[str]:
    text = response.content.decode()
    page = Structure(text)
    faults = list(page.faults)
    if page.tags["html"]:
        faults += [f"{page.tags['h1']} <h1>"] if page.tags["h1"] != 1 else []
        faults += [f"lang is {page.language!r}"] if page.language not in ("fr", "fr-fr") else []
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
        faults += [] if title and title[1].strip(" ·\n") else ["no title"]
    faults += [f"id {name!r} {count} times" for name, count in page.ids.items() if count > 1]
    return faults


@pytest.fixture
def world(officer: User, school: School, seal_key: None) -> dict[str, str]:
    """Fill the portal with one of each thing, and return the values that lead to them."""
    convention = convention_at(workflows.APPROVED, officer)
    batch = seal_conventions([convention, convention_at(workflows.DRAFT, officer)], officer)
    awaited = convention_at(workflows.TO_SIGN, officer)
    envelope = envelope_of(awaited)
    event = ceremony_on(None, officer, awaited)
    seal_waiting()
    document = Document.objects.get(reference=convention.number)
    extract_plan = read(extract([company_cells(convention.company.siren)], COMPANIES), officer)
    person = envelope.signatories.first()
    return {
        "pk": str(convention.pk), "slug": school.slug, "public_id": str(document.public_id), "typed": document.printed_code,
        "object_id": str(convention.pk), "batch": str(batch.public_id), "move": "record_vote", "name": "record_vote",
        "envelope": str(envelope.public_id), "person": str(person.public_id),
        "event_pk": str(event.pk), "sirene": str(extract_plan.public_id),
    }  # fmt: skip


def changing_pages() -> list[str]:
    """Return the page of one record of each model of the admin."""
    found = []
    for model in admin.site._registry:
        row = model._default_manager.order_by("-pk").first()
        if row:
            try:
                found.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]))
            except NoReverseMatch:
                continue
    return found


@pytest.mark.django_db
def test_every_page_answers_and_is_well_made(officer_client: Client, world: dict[str, str]) -> None:
    examples = [address.example for address in all_addresses(values=world)] + changing_pages()
    for part, known in (("/lots/", world["batch"]), ("/signatures/", world["envelope"]), ("/sirene/", world["sirene"])):
        examples += [example.replace(world["public_id"], known) for example in examples if part in example]
    examples = [example for example in dict.fromkeys(examples) if "deconnexion" not in example]
    answers = {example: officer_client.get(example) for example in examples}
    assert {
        example: answer.status_code for example, answer in answers.items() if answer.status_code not in EXPECTED
    } == {}
    pages = {
        example: answer for example, answer in answers.items()
        if answer.status_code == HTTPStatus.OK and answer.headers["Content-Type"].startswith("text/html")
    }  # fmt: skip
    assert len(pages) > 15
    assert {example: faults for example, answer in pages.items() if (faults := faults_of(answer))} == {}


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<html lang="fr"><title>T</title><h1>A</h1><h1>B</h1>', "2 <h1>"),
        ('<html lang="en"><title>T</title><h1>A</h1>', "lang is 'en'"),
        ('<html lang="fr"><title> </title><h1>A</h1>', "no title"),
        ('<p id="a"></p><p id="a"></p>', "id 'a' 2 times"),
        ('<p style="x">', "an inline <p>"),
        ("<script>x()</script>", "an inline <script>"),
        ('<p onclick="x">', "an inline onclick"),
        ('<img src="x.png">', "an image without alt: x.png"),
    ],
)
def test_the_check_sees_the_usual_faults(page: str, fault: str) -> None:
    assert faults_of(HttpResponse(page)) == [fault]


@pytest.mark.django_db
def test_the_world_is_complete(world: dict[str, str]) -> None:
    assert PartnershipConvention.objects.count() == 3
