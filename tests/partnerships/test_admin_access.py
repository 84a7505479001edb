"""Who enters the management of conventions, and what each may do there."""

from collections.abc import Callable

import pytest
from django.test import Client

from e2c_portal.accounts.models import User
from partnerships.models import PartnershipConvention
from tests.partnerships.admin_scene import ADD, LIST, move_page, page, progress_address, seal_address, typed

ClientOf = Callable[[User], Client]


@pytest.mark.parametrize("who", ["coordinator", "stranger"])
def test_people_without_a_network_role_never_enter(
    who: str, request: pytest.FixtureRequest, client_of: ClientOf, convention_draft: PartnershipConvention
) -> None:
    client = client_of(request.getfixturevalue(who))
    for address in (
        LIST,
        ADD,
        page(convention_draft),
        move_page(convention_draft, "approve"),
        progress_address(convention_draft),
    ):
        answer = client.get(address, follow=True)
        assert answer.status_code == 404 or "/connexion/" in answer.redirect_chain[-1][0], address
        assert convention_draft.title not in answer.content.decode()


@pytest.mark.parametrize("who", ["coordinator", "stranger", "auditor", "data_officer"])
def test_nobody_but_an_officer_writes(
    who: str, request: pytest.FixtureRequest, client_of: ClientOf, convention_draft: PartnershipConvention
) -> None:
    posts = [
        (page(convention_draft), typed(convention_draft, title="Autre titre")),
        (ADD, typed(company=convention_draft.company_id, title="Nouvelle")),
        (move_page(convention_draft, "approve"), {"seen_state": "draft"}),
        (LIST, {"action": "seal_selected", "_selected_action": [convention_draft.pk]}),
    ]
    client = client_of(request.getfixturevalue(who))
    for address, data in posts:
        client.post(address, data)
    convention_draft.refresh_from_db()
    assert (convention_draft.title, convention_draft.status, convention_draft.revision) != (
        "Autre titre",
        "approved",
        2,
    )
    assert convention_draft.status == "draft"
    assert PartnershipConvention.objects.count() == 1


class TestAuditor:
    """Reads everything, and is offered no button."""

    def test_reads_the_list_and_the_page(
        self, auditor: User, client_of: ClientOf, convention_draft: PartnershipConvention
    ) -> None:
        client = client_of(auditor)
        assert convention_draft.number in client.get(LIST).content.decode()
        html = client.get(page(convention_draft)).content.decode()
        assert convention_draft.articles.first().title in html
        assert "Historique" in html
        assert "<textarea" not in html
        assert "/etape/" not in html
        assert "Prochaine étape" not in html

    def test_is_refused_in_so_many_words(
        self, auditor: User, client_of: ClientOf, convention_draft: PartnershipConvention
    ) -> None:
        client = client_of(auditor)
        assert client.post(page(convention_draft), typed(convention_draft)).status_code == 403
        assert client.get(ADD).status_code == 403
        assert client.get(move_page(convention_draft, "approve")).status_code == 403
        assert client.post(seal_address(convention_draft)).status_code in (302, 403)

    def test_sees_no_bulk_action(
        self, auditor: User, client_of: ClientOf, convention_draft: PartnershipConvention
    ) -> None:
        assert "seal_selected" not in client_of(auditor).get(LIST).content.decode()


def test_nothing_is_ever_deleted(officer_client: Client, convention_draft: PartnershipConvention) -> None:
    assert officer_client.post(page(convention_draft).replace("change", "delete"), {"post": "yes"}).status_code == 403
    officer_client.post(LIST, {"action": "delete_selected", "_selected_action": [convention_draft.pk], "post": "yes"})
    assert PartnershipConvention.objects.filter(pk=convention_draft.pk).exists()


def test_a_convention_that_does_not_exist_is_not_found(officer_client: Client, db: None) -> None:
    for name in ("999", "abc", "²", "9" * 40):
        assert officer_client.get(f"{LIST}{name}/change/").status_code == 404


def test_a_move_that_does_not_exist_is_not_found(
    officer_client: Client, convention_draft: PartnershipConvention
) -> None:
    assert officer_client.get(move_page(convention_draft, "efface")).status_code == 404


def test_forms_refuse_a_post_without_its_token(
    officer: User, client_of: Callable[..., Client], convention_draft: PartnershipConvention
) -> None:
    client = client_of(officer, strict=True)
    for address in (page(convention_draft), move_page(convention_draft, "approve"), seal_address(convention_draft)):
        assert client.post(address, {"seen_state": "draft"}).status_code == 403
