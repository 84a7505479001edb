"""Attestations of attendance: for whoever was counted and nobody else, in scope, made anew when the scans change."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.emails.after_links import after_link
from assises.models import Checkpoint, Edition, Registration
from assises.operations.attestations import ask_attestation, ask_attestations_of_school, renew_attestations
from assises.reads.attestations import document_for
from e2c_portal.accounts.models import User
from e2c_portal.documents.building import build
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.links import issuing
from schools.models import School
from tests.assises.after_the_day import edition_held, scanned, void
from tests.factories.assises import half_day, somebody

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_held(officer)


@pytest.fixture
def morning(edition: Edition) -> Checkpoint:
    return half_day(edition)


def trainee_of(edition: Edition, school: School) -> Registration:
    return somebody(edition, "trainee", school=school, access_needs="Place pour un fauteuil")


def test_nothing_is_attested_of_whoever_was_not_counted(edition: Edition, morning: Checkpoint, officer: User) -> None:
    person = somebody(edition)
    with pytest.raises(Refused, match="Aucun passage"):
        ask_attestation(person.pk, officer)
    void(scanned(person, morning, officer), officer)
    with pytest.raises(Refused, match="Aucun passage"):
        ask_attestation(person.pk, officer)


def test_a_school_asks_for_its_own_people_alone(
    edition: Edition, morning: Checkpoint, officer: User, coordinator: User, client_of: ClientOf, school: School,
    other_school: School,
) -> None:  # fmt: skip
    own, foreign, guest = trainee_of(edition, school), trainee_of(edition, other_school), somebody(edition)
    for person in (own, foreign, guest):
        scanned(person, morning, officer)
    client, year = client_of(coordinator), edition.year
    page = client.get(reverse("assises:attestations", args=[year])).content.decode()
    assert (own.last_name in page, foreign.last_name in page, guest.last_name in page) == (True, False, False)
    export = reverse("exports:export", args=["assises-attestations", "csv"]) + f"?annee={year}"
    text = b"".join(client.get(export).streaming_content).decode()  # type: ignore[attr-defined]
    assert (own.last_name in text, foreign.last_name in text) == (True, False)
    for person in (foreign, guest):
        assert client.get(reverse("assises:attestation", args=[year, person.pk])).status_code == 404
        assert client.post(reverse("assises:attestation_ask", args=[year, person.pk])).status_code == 404
        with pytest.raises(NotAllowed):
            ask_attestation(person.pk, coordinator)
    batch = reverse("assises:attestation_batch", args=[year])
    assert client.post(batch, {"ecole": other_school.pk}).status_code == 404
    with pytest.raises(NotAllowed):
        ask_attestations_of_school(edition, other_school.pk, coordinator)
    assert client.post(batch, {"ecole": school.pk}).status_code == 302
    [document] = Document.objects.all()
    assert document.subject == f"assises.registration:{own.pk}"
    kind = kind_named("assises.attendance")
    assert kind.may_read(coordinator, document)
    assert not kind.may_read(coordinator, ask_attestation(foreign.pk, officer))


def test_whoever_reads_alone_does_not_ask(
    edition: Edition, morning: Checkpoint, officer: User, auditor: User, stranger: User, client_of: ClientOf
) -> None:
    person = somebody(edition)
    scanned(person, morning, officer)
    assert client_of(stranger).get(reverse("assises:attestations", args=[edition.year])).status_code == 404
    client = client_of(auditor)
    assert client.get(reverse("assises:attestation", args=[edition.year, person.pk])).status_code == 200
    assert client.post(reverse("assises:attestation_ask", args=[edition.year, person.pk])).status_code == 403


def test_it_is_sealed_says_where_and_when_and_nothing_of_health(
    edition: Edition, morning: Checkpoint, officer: User, school: School, seal_key: None
) -> None:
    person = trainee_of(edition, school)
    scanned(person, morning, officer)
    document = ask_attestation(person.pk, officer)
    assert ask_attestation(person.pk, officer).pk == document.pk
    build(document.pk)
    document.refresh_from_db()
    assert document.is_sealed, document.failure
    assert person.last_name not in document.title
    assert "fauteuil" not in str(document.context)
    assert [line["name"] for line in document.context["half_days"]] == ["Matin"]
    facts = str(kind_named("assises.attendance").public_facts(document))
    assert person.last_name not in facts


def test_a_corrected_scan_replaces_it_and_a_voided_one_revokes_it(
    edition: Edition, morning: Checkpoint, officer: User, seal_key: None
) -> None:
    person, standing = somebody(edition), kind_named("assises.attendance").standing
    first_scan = scanned(person, morning, officer)
    first = ask_attestation(person.pk, officer)
    build(first.pk)
    first.refresh_from_db()
    assert (renew_attestations(), standing(first, timezone.localdate()).state) == (0, "record")
    second_scan = scanned(person, half_day(edition, "Après-midi", 13, 18), officer)
    assert standing(first, timezone.localdate()).state == "superseded"
    assert (renew_attestations(), renew_attestations()) == (1, 0)
    second = Document.objects.get(supersedes=first)
    void(first_scan, officer)
    void(second_scan, officer)
    assert standing(first, timezone.localdate()).label == "Révoquée"
    assert renew_attestations() == 1
    second.refresh_from_db()
    assert second.status == "abandoned", "what nobody sealed yet is not sealed any more"


def test_given_by_personal_link_to_the_person(
    edition: Edition, morning: Checkpoint, officer: User, client: Client, seal_key: None
) -> None:
    person, other = somebody(edition), somebody(edition)
    scans = [scanned(row, morning, officer) for row in (person, other)]
    theirs = ask_attestation(other.pk, officer)
    build(theirs.pk)
    home = client.get(issuing.rotate(after_link(person)), follow=True)
    here = home.redirect_chain[-1][0]
    assert "Préparer mon attestation" in home.content.decode()
    for _ in range(2):
        assert client.post(here).status_code == 303
    document = document_for(person)
    assert document is not None
    assert (document.requested_by, Document.objects.count()) == (edition.created_by, 2)
    build(document.pk)
    assert "Télécharger mon attestation" in client.get(here).content.decode()
    paper = client.get(f"{here}document/{document.public_id}/")
    assert paper.content.startswith(b"%PDF")
    assert client.get(f"{here}document/{theirs.public_id}/").status_code == 404
    void(scans[0], officer)
    assert client.get(here).status_code == 410


def test_the_list_asks_as_much_for_one_as_for_three(
    edition: Edition, morning: Checkpoint, officer: User, school: School, client_of: ClientOf,
    same_query_count: Callable[..., None],
) -> None:  # fmt: skip
    def more() -> None:
        person = trainee_of(edition, school)
        scanned(person, morning, officer)
        ask_attestation(person.pk, officer)

    more()
    client = client_of(officer)
    same_query_count(lambda: client.get(reverse("assises:attestations", args=[edition.year])), more)
