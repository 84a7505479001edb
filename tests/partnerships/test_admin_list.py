"""The list of conventions in the admin: what it finds, how much it asks of the database, many documents at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Batch, Document
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_convention
from tests.factories.documents import seal_waiting
from tests.factories.partnerships import company_named, convention_at, drafted, text_of
from tests.partnerships.admin_scene import LIST, page

ConventionIn = Callable[..., PartnershipConvention]


def numbers(client: Client, **query: str) -> set[str]:
    return {row.number for row in client.get(LIST, query).context["cl"].result_list}


def test_search_ignores_accents_and_case(officer_client: Client, officer: User) -> None:
    found = drafted(officer, company_named("Électricité de l’Hérault", officer))
    drafted(officer, company_named("Menuiserie", officer))
    assert numbers(officer_client, q="ELECTRICITE herault") == {found.number}
    assert numbers(officer_client, q=found.number.lower()) == {found.number}
    assert numbers(officer_client, q="100%_") == set()


def test_filters(officer_client: Client, officer: User) -> None:
    today = timezone.localdate()
    draft = drafted(officer)
    soon = convention_at("signed", officer, archive=True, ends_on=today + timedelta(days=60))
    over = convention_at(
        "signed", officer, archive=True, starts_on=today - timedelta(days=400), ends_on=today - timedelta(days=1)
    )
    assert numbers(officer_client, situation="draft") == {draft.number}
    assert numbers(officer_client, situation="active") == {soon.number}
    assert numbers(officer_client, situation="expired") == {over.number}
    assert numbers(officer_client, fin="1") == set()
    assert numbers(officer_client, fin="3") == {soon.number}
    assert numbers(officer_client, origine="portal") == {draft.number}
    assert numbers(officer_client, annee=str(soon.signed_on.year)) >= {soon.number}
    for unknown in (
        {"annee": "abc"},
        {"annee": "99999999"},
        {"fin": "12"},
        {"ceremonie": "x"},
        {"situation": "z"},
        {"origine": "z"},
    ):
        assert len(numbers(officer_client, **unknown)) == 3


def test_it_says_which_have_a_document(officer: User, officer_client: Client, convention_in: ConventionIn) -> None:
    convention = convention_in("approved")
    seal_convention(convention, officer)
    assert "Scellé" not in officer_client.get(LIST).content.decode()
    seal_waiting()
    rows = officer_client.get(LIST).context["cl"].result_list
    assert [(row.number, row.has_document) for row in rows] == [(convention.number, True)]


def test_query_count_of_the_list(officer_client: Client, officer: User, same_query_count: Callable[..., int]) -> None:
    drafted(officer)
    assert same_query_count(lambda: officer_client.get(LIST), lambda: drafted(officer)) <= 10


def test_query_count_of_the_page(officer_client: Client, officer: User, same_query_count: Callable[..., int]) -> None:
    """Articles, commitments and signatories are read at once, whatever their number."""
    text = text_of(company_named("Lignes", officer))
    convention = drafted(
        officer,
        text.company,
        articles=text.articles[:1],
        commitments=text.commitments[:1],
        signatories=text.signatories[:1],
    )

    def add() -> None:
        for lines in (convention.articles, convention.commitments, convention.signatories):
            last = lines.order_by("-pk").first()
            last.pk = None
            setattr(last, "number" if hasattr(last, "number") else "position", lines.count() + 1)
            last.save()

    assert same_query_count(lambda: officer_client.get(page(convention)), add) <= 16


class TestManyDocuments:
    def ask(self, client: Client, *conventions: PartnershipConvention) -> str:
        chosen = [convention.pk for convention in conventions]
        return client.post(LIST, {"action": "seal_selected", "_selected_action": chosen}).headers["Location"]

    def test_it_leads_to_their_progress(self, officer_client: Client, convention_in: ConventionIn) -> None:
        conventions = [convention_in("approved"), convention_in("signed", archive=True)]
        address = self.ask(officer_client, *conventions)
        batch = Batch.objects.get()
        assert str(batch.public_id) in address
        assert officer_client.get(address).status_code == 200
        assert Document.objects.count() == 2

    def test_drafts_are_listed_as_refused(
        self, officer_client: Client, convention_in: ConventionIn, officer: User
    ) -> None:
        draft = drafted(officer)
        html = officer_client.get(self.ask(officer_client, convention_in("approved"), draft)).content.decode()
        assert "un brouillon n’est pas scellé" in html
        assert draft.number in html
        assert Document.objects.count() == 1

    def test_nothing_chosen_asks_for_nothing(self, officer_client: Client, officer: User) -> None:
        drafted(officer)
        officer_client.post(LIST, {"action": "seal_selected"})
        assert not Batch.objects.exists()


@pytest.mark.parametrize("address", ["company/", "signingevent/"])
def test_query_count_of_the_other_lists(
    address: str, officer_client: Client, officer: User, same_query_count: Callable[..., int]
) -> None:
    company_named("Première", officer)
    assert (
        same_query_count(
            lambda: officer_client.get(f"/gestion/partnerships/{address}"), lambda: company_named("Autre", officer)
        )
        <= 8
    )
