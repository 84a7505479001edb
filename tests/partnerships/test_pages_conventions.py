"""The reading pages of conventions: who reads them, what they find and tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_convention
from tests.factories.documents import seal_waiting
from tests.factories.partnerships import company_named, convention_at, drafted

ClientOf = Callable[[User], Client]
ConventionIn = Callable[..., PartnershipConvention]
LIST = "/conventions/"


def found(client: Client, **query: str) -> list[str]:
    return [row.number for row in client.get(LIST, query).context["page_obj"]]


@pytest.mark.parametrize("who", ["officer", "auditor", "data_officer", "coordinator"])
def test_the_whole_network_reads(
    who: str, request: pytest.FixtureRequest, client_of: ClientOf, convention_draft: PartnershipConvention
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert found(client) == [convention_draft.number]
    html = client.get(convention_draft.get_absolute_url()).content.decode()
    assert "Anne Exemple" in html
    assert "La convention court d’une date à l’autre." in html
    assert "Convention créée" in html


def test_only_an_officer_is_shown_the_way_to_manage(
    officer: User, auditor: User, coordinator: User, client_of: ClientOf, convention_draft: PartnershipConvention
) -> None:
    address = f"/gestion/partnerships/partnershipconvention/{convention_draft.pk}/change/"
    assert address in client_of(officer).get(convention_draft.get_absolute_url()).content.decode()
    for person in (auditor, coordinator):
        assert (
            "/gestion/partnerships" not in client_of(person).get(convention_draft.get_absolute_url()).content.decode()
        )


def test_a_stranger_finds_nothing(stranger: User, client_of: ClientOf, convention_draft: PartnershipConvention) -> None:
    client = client_of(stranger)
    address = convention_draft.get_absolute_url()
    assert [client.get(path).status_code for path in (LIST, address, f"{address}documents/")] == [404, 404, 404]


def test_a_visitor_is_sent_to_sign_in(client: Client, convention_draft: PartnershipConvention) -> None:
    for path in (LIST, convention_draft.get_absolute_url()):
        assert client.get(path).headers["Location"].startswith("/connexion/")


def test_these_pages_only_read(officer_client: Client, convention_draft: PartnershipConvention) -> None:
    for path in (LIST, convention_draft.get_absolute_url()):
        assert officer_client.post(path).status_code == 405


class TestList:
    def test_search_ignores_accents_and_case(self, officer: User, officer_client: Client) -> None:
        convention = drafted(officer, company_named("Électricité de l’Hérault", officer))
        drafted(officer)
        assert found(officer_client, q="HERAULT electricite") == [convention.number]
        assert found(officer_client, q="introuvable") == []

    def test_situations_and_years(self, officer: User, officer_client: Client) -> None:
        today = timezone.localdate()
        draft = drafted(officer)
        signed = convention_at("signed", officer, archive=True, ends_on=today + timedelta(days=100))
        later = convention_at("signed", officer, archive=True, ends_on=today + timedelta(days=400))
        assert found(officer_client, situation="draft") == [draft.number]
        assert set(found(officer_client, situation="active")) == {signed.number, later.number}
        assert found(officer_client, situation="ending") == [signed.number]
        assert set(found(officer_client, year=str(signed.signed_on.year))) == {signed.number, later.number}

    def test_an_unknown_choice_narrows_nothing_and_says_so(self, officer: User, officer_client: Client) -> None:
        drafted(officer)
        answer = officer_client.get(LIST, {"situation": "nulle", "year": "1789", "page": "abc"})
        assert answer.status_code == 200
        assert "Sélectionnez un choix valide" in answer.content.decode()

    def test_it_is_cut_in_pages_that_keep_the_search(self, officer: User, officer_client: Client) -> None:
        company = company_named("Pages", officer)
        for _ in range(26):
            drafted(officer, company)
        html = officer_client.get(LIST, {"q": "pages"}).content.decode()
        assert "Page 1 sur 2" in html
        assert "?q=pages&amp;page=2" in html
        assert len(found(officer_client, q="pages", page="2")) == 1

    def test_an_empty_list_says_why(self, officer_client: Client) -> None:
        assert "Aucune convention pour l’instant" in officer_client.get(LIST).content.decode()
        assert "Aucune convention ne correspond" in officer_client.get(LIST, {"q": "rien"}).content.decode()

    def test_query_count(self, officer: User, officer_client: Client, same_query_count: Callable[..., int]) -> None:
        drafted(officer)
        assert same_query_count(lambda: officer_client.get(LIST), lambda: drafted(officer)) <= 7


class TestPage:
    def test_query_count(
        self, officer: User, officer_client: Client, convention_in: ConventionIn, same_query_count: Callable[..., int]
    ) -> None:
        """A history of one document or of three costs the same. Amendments, comments and meetings read one query each."""
        convention = convention_in("approved")
        seal_convention(convention, officer)
        seal_waiting()

        def add() -> None:
            convention.company.legal_name += " bis"
            convention.company.save()
            seal_convention(convention, officer)
            seal_waiting()

        assert same_query_count(lambda: officer_client.get(convention.get_absolute_url()), add) <= 17

    def test_a_document_under_way_is_followed(
        self, officer: User, coordinator: User, client_of: ClientOf, convention_in: ConventionIn
    ) -> None:
        convention = convention_in("approved")
        seal_convention(convention, officer)
        client, address = client_of(coordinator), f"{convention.get_absolute_url()}documents/"
        html = client.get(convention.get_absolute_url()).content.decode()
        assert 'hx-trigger="load delay:400ms, every 1s"' in html
        mark = f"{Document.objects.get().pk}-queued"
        assert f"{address}?vu={mark}" in html
        assert client.get(address, {"vu": mark}).status_code == 204
        seal_waiting()
        changed = client.get(address, {"vu": mark}).content.decode()
        assert str(Document.objects.get().public_id) in changed
        assert "hx-get" not in changed
        assert "htmx" not in client.get(convention.get_absolute_url()).content.decode()

    def test_an_archive_shows_the_name_printed_then_and_the_true_one(
        self, officer: User, officer_client: Client
    ) -> None:
        convention = drafted(
            officer,
            company_named("Pro BTP", officer),
            origin="archive",
            sources="Un journal",
            printed_company_name="Pro-BOP",
        )
        html = officer_client.get(convention.get_absolute_url()).content.decode()
        assert "Nom imprimé à l’époque" in html
        assert "Pro-BOP" in html
        assert "Pro BTP" in html
        assert "Un journal" in html

    def test_text_typed_by_people_is_never_markup(self, officer: User, officer_client: Client) -> None:
        convention = drafted(officer, preamble="<script>alert(1)</script>", title="<b>gras</b>")
        html = officer_client.get(convention.get_absolute_url()).content.decode()
        assert "<script>alert" not in html
        assert "<b>gras" not in html
