"""A form sent twice creates one record: double click, slow network, « back ». What was changed in between is never lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.models import Submission
from e2c_portal.kernel.submissions import purge_old
from partnerships.models import Company, CompanyContact, ConventionAmendment, ConventionTemplate, PartnershipConvention
from partnerships.operations.templates import TemplateLines, save_template
from tests.factories.identifiers import new_siren
from tests.partnerships.admin_scene import ADD, typed
from tests.partnerships.test_admin_companies import ADD as ADD_COMPANY
from tests.partnerships.test_admin_companies import posted as company_posted
from tests.partnerships.test_amendment_pages import posted

pytestmark = pytest.mark.django_db
NEW_COMPANY = "/entreprises/nouvelle/"


def complete(company: Company, **changes: Any) -> dict[str, Any]:
    """Return what the page of a new convention posts, its token included."""
    return typed(**{"company": company.pk, "title": "Convention d’essai"} | changes)


def token_shown(client: Client, url: str, find: Callable[[Any], Any], **query: Any) -> str:
    """Open a page and return the token of the form found in its context."""
    return find(client.get(url, query).context)["form_token"].value()


class TestConventions:
    def test_a_double_click_creates_one_draft(self, company: Company, officer_client: Client) -> None:
        data = complete(company)
        answers = [officer_client.post(ADD, data) for _ in range(2)]
        draft = PartnershipConvention.objects.get()
        assert [answer.headers["Location"].split("/")[-3] for answer in answers] == [str(draft.pk)] * 2

    def test_the_token_is_new_each_time_the_page_is_shown(self, company: Company, officer_client: Client) -> None:
        chosen = {"entreprise": company.pk}
        tokens = {token_shown(officer_client, ADD, lambda c: c["writing"].form, **chosen) for _ in range(2)}
        assert len(tokens) == 2

    def test_what_was_changed_in_between_is_kept_and_can_be_sent(
        self, company: Company, officer_client: Client
    ) -> None:
        data = complete(company)
        officer_client.post(ADD, data)
        again = officer_client.post(ADD, data | {"title": "Une autre convention"})
        html = again.content.decode()
        assert "Ce formulaire a déjà créé" in html
        assert 'value="Une autre convention"' in html
        assert PartnershipConvention.objects.count() == 1
        token = again.context["writing"].form["form_token"].value()
        officer_client.post(ADD, data | {"title": "Une autre convention", "form_token": token})
        assert set(PartnershipConvention.objects.values_list("title", flat=True)) == {
            "Convention d’essai", "Une autre convention",
        }  # fmt: skip

    def test_a_refusal_gives_the_token_back(self, company: Company, officer_client: Client) -> None:
        data = complete(company, renewal="tacit")
        assert "Une reconduction tacite" in officer_client.post(ADD, data).content.decode()
        assert not Submission.objects.exists()
        officer_client.post(ADD, data | {"renewal": "express"})
        assert PartnershipConvention.objects.get().renewal == "express"

    def test_the_token_of_somebody_else_tells_nothing(
        self, company: Company, officer_client: Client, second_officer: User, client_of: Callable[[User], Client]
    ) -> None:
        data = complete(company, title="Texte du premier")
        officer_client.post(ADD, data)
        html = client_of(second_officer).post(ADD, data | {"title": "Le mien"}).content.decode()
        assert "Ce formulaire a déjà servi" in html
        assert "Texte du premier" not in html
        assert 'value="Le mien"' in html

    def test_a_page_that_bears_no_token_still_works(self, company: Company, officer_client: Client) -> None:
        for token in ("", "pas un jeton"):
            officer_client.post(ADD, complete(company) | {"form_token": token})
        assert PartnershipConvention.objects.count() == 2

    def test_a_template_used_twice_makes_one_draft(
        self, company: Company, officer: User, officer_client: Client
    ) -> None:
        template = save_template(ConventionTemplate(name="Modèle", year=2026, title="Essai"), TemplateLines(), officer)
        url = f"/gestion/partnerships/conventiontemplate/{template.pk}/utiliser/"
        chosen = {"company": company.pk, "starts_on": "2026-09-01"}
        chosen["form_token"] = token_shown(officer_client, url, lambda context: context["form"], **chosen)
        assert {officer_client.post(url, chosen).status_code for _ in range(2)} == {302}
        assert PartnershipConvention.objects.count() == 1


def test_an_amendment_sent_twice_is_written_once(
    convention_in: Callable[..., PartnershipConvention], officer_client: Client
) -> None:
    convention = convention_in("signed", archive=True)
    url = f"/gestion/partnerships/partnershipconvention/{convention.pk}/avenants/nouveau/"
    data = posted(officer_client.get(url).context["writing"]) | {"purpose": "Plus", "commitments-0-target": "15"}
    answers = [officer_client.post(url, data) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert ConventionAmendment.objects.count() == 1


class TestCompanies:
    @pytest.mark.parametrize("siren", ["", new_siren()])
    def test_a_double_click_creates_one_record(self, siren: str, officer_client: Client) -> None:
        token = token_shown(officer_client, NEW_COMPANY, lambda context: context["form"])
        data = {"legal_name": "Fabrique d’essai", "siren": siren, "form_token": token}
        answers = [officer_client.post(NEW_COMPANY, data) for _ in range(2)]
        assert [answer.headers["Location"] for answer in answers] == [Company.objects.get().get_absolute_url()] * 2

    def test_from_the_admin_its_contacts_are_not_doubled_either(self, officer_client: Client) -> None:
        token = token_shown(officer_client, ADD_COMPANY, lambda context: context["adminform"].form)
        data = company_posted(siren=new_siren(), form_token=token) | {"contacts-0-full_name": "Jeanne Exemple"}
        answers = [officer_client.post(ADD_COMPANY, data) for _ in range(2)]
        assert {answer.status_code for answer in answers} == {302}
        assert (Company.objects.count(), CompanyContact.objects.count()) == (1, 1)

    def test_the_admin_page_carries_its_token(self, officer_client: Client) -> None:
        assert 'name="form_token"' in officer_client.get(ADD_COMPANY).content.decode()


def test_forms_sent_long_ago_are_forgotten(company: Company, officer_client: Client) -> None:
    officer_client.post(ADD, complete(company))
    purge_old()
    assert Submission.objects.count() == 1
    Submission.objects.update(sent_at=timezone.now() - timedelta(days=8))
    purge_old()
    assert not Submission.objects.exists()
