"""Write a convention in the admin: one operation for the whole page, nothing lost when it refuses."""

from collections.abc import Callable

from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from partnerships.models import Company, PartnershipConvention
from partnerships.operations.moves import move_convention
from tests.factories.partnerships import company_named
from tests.partnerships.admin_scene import ADD, LIST, page, typed


class TestAdd:
    def test_a_title_and_a_company_make_a_draft(self, officer_client: Client, company: Company) -> None:
        answer = officer_client.post(ADD, typed(company=company.pk, title="Convention d’essai"))
        convention = PartnershipConvention.objects.get()
        assert answer.headers["Location"] == page(convention)
        assert (convention.status, convention.title, convention.revision) == ("draft", "Convention d’essai", 1)
        assert convention.number.startswith("CP-")
        assert [entry.action for entry in trail_of(convention)] == ["convention.drafted"]

    def test_its_company_is_chosen_first_by_searching(
        self, officer: User, officer_client: Client, company: Company
    ) -> None:
        other = company_named("Menuiserie du Vidourle", officer)
        choice = officer_client.get(ADD).headers["Location"]
        html = officer_client.get(choice, {"q": "menuiserie"}).content.decode()
        assert f"{ADD}?entreprise={other.pk}" in html
        assert company.legal_name not in html
        assert (
            f'name="company" value="{other.pk}"' in officer_client.get(ADD, {"entreprise": other.pk}).content.decode()
        )

    def test_the_company_of_a_draft_is_changed_by_choosing_again(
        self, officer: User, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        other = company_named("Menuiserie du Vidourle", officer)
        choice = officer_client.get(f"{LIST}entreprise/", {"convention": convention_draft.pk, "q": "menuiserie"})
        address = f"{page(convention_draft)}?entreprise={other.pk}"
        assert address in choice.content.decode()
        assert f'name="company" value="{other.pk}"' in officer_client.get(address).content.decode()
        convention_draft.refresh_from_db()
        assert convention_draft.company_id != other.pk

    def test_the_choice_stays_light_however_many_companies(
        self, officer: User, officer_client: Client, same_query_count: Callable[..., int]
    ) -> None:
        company_named("Fabrique 0", officer)
        address = f"{LIST}entreprise/"
        assert same_query_count(lambda: officer_client.get(address), lambda: company_named("Fabrique", officer)) <= 8

    def test_an_archive_keeps_its_number(self, officer_client: Client, company: Company) -> None:
        data = typed(company=company.pk, title="Ancienne", number="LR-2013-7", origin="archive", sources="Un journal")
        officer_client.post(ADD, data)
        assert PartnershipConvention.objects.get().number == "LR-2013-7"

    def test_what_is_missing_is_told_and_what_was_typed_stays(self, officer_client: Client, company: Company) -> None:
        data = typed(title="Convention sans entreprise") | {
            "articles-0-title": "Objet",
            "commitments-0-kind": "internships",
            "commitments-0-target": "12",
        }
        html = officer_client.post(ADD, data).content.decode()
        assert not PartnershipConvention.objects.exists()
        assert "Votre saisie est gardée" in html
        assert 'value="Convention sans entreprise"' in html
        assert 'value="Objet"' in html
        assert "Choisissez une entreprise." in html
        assert "Choisir l’entreprise</a>" in html
        assert 'href="#id_articles-0-body"' in html
        assert "Une cible chiffrée a une unité" in html

    def test_dates_in_the_wrong_order_are_refused(self, officer_client: Client, company: Company) -> None:
        data = typed(company=company.pk, title="Dates", starts_on="2026-06-01", ends_on="2026-05-01")
        html = officer_client.post(ADD, data).content.decode()
        assert "La date de fin ne peut pas précéder la date de début" in html
        assert 'value="2026-05-01"' in html


class TestRevise:
    def test_the_whole_page_is_one_revision(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        data = typed(convention_draft, title="Titre revu") | {"articles-0-title": "Objet revu"}
        officer_client.post(page(convention_draft), data)
        convention_draft.refresh_from_db()
        assert (convention_draft.title, convention_draft.revision) == ("Titre revu", 2)
        assert convention_draft.articles.first().title == "Objet revu"
        assert [entry.summary for entry in trail_of(convention_draft)][0] == "Texte modifié : titre, articles"

    def test_saving_without_a_change_changes_no_line(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        kept = list(convention_draft.articles.values_list("pk", flat=True))
        data = typed(convention_draft)
        # Browsers send the line ends of texts in their own way.
        data = {name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in data.items()}
        officer_client.post(page(convention_draft), data)
        assert list(convention_draft.articles.values_list("pk", flat=True)) == kept
        assert trail_of(convention_draft).first().summary == "Enregistrée sans changement"

    def test_lines_are_added_removed_and_put_in_order(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        data = typed(convention_draft) | {
            "articles-0-ORDER": "2",
            "articles-1-ORDER": "1",
            "articles-2-title": "Litiges",
            "articles-2-body": "À l’amiable.",
            "commitments-0-DELETE": "on",
        }
        officer_client.post(page(convention_draft), data)
        titles = list(convention_draft.articles.values_list("number", "title"))
        assert titles == [(1, "Durée"), (2, "Objet"), (3, "Litiges")]
        assert [row.kind for row in convention_draft.commitments.all()] == ["skill_validation"]

    def test_what_the_operation_refuses_comes_back_into_the_form(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        data = typed(convention_draft, title="Titre gardé") | {"signatories-0-full_name": ""}
        html = officer_client.post(page(convention_draft), data).content.decode()
        assert "Indiquez le nom de chaque signataire." in html
        assert 'value="Titre gardé"' in html
        convention_draft.refresh_from_db()
        assert convention_draft.revision == 1


class TestSomebodyWasFaster:
    def test_a_stale_revision_is_refused_then_can_be_saved(
        self, officer_client: Client, second_officer: User, client_of: Callable, convention_draft: PartnershipConvention
    ) -> None:
        mine = typed(convention_draft, title="Mon titre")
        client_of(second_officer).post(page(convention_draft), typed(convention_draft, preamble="Le sien"))
        html = officer_client.post(page(convention_draft), mine).content.decode()
        assert "Quelqu’un a enregistré cette convention pendant que vous l’écriviez" in html
        assert 'value="Mon titre"' in html
        assert "diffère de la version enregistrée" in html
        assert "titre, préambule" in html
        assert 'name="revision" value="2"' in html
        convention_draft.refresh_from_db()
        assert (convention_draft.preamble, convention_draft.title != "Mon titre") == ("Le sien", True)
        officer_client.post(page(convention_draft), mine | {"revision": "2"})
        convention_draft.refresh_from_db()
        assert (convention_draft.title, convention_draft.revision) == ("Mon titre", 3)

    def test_a_text_settled_meanwhile_keeps_what_was_typed(
        self, officer_client: Client, second_officer: User, convention_draft: PartnershipConvention
    ) -> None:
        mine = typed(convention_draft, title="Mon titre")
        move_convention(convention_draft.pk, "approve", second_officer)
        html = officer_client.post(page(convention_draft), mine).content.decode()
        assert "revenez d’abord à la négociation" in html
        assert 'value="Mon titre"' in html

    def test_a_settled_text_is_read_and_not_written(
        self, officer_client: Client, officer: User, convention_draft: PartnershipConvention
    ) -> None:
        move_convention(convention_draft.pk, "approve", officer)
        html = officer_client.get(page(convention_draft)).content.decode()
        assert "<textarea" not in html
        assert "La convention court d’une date à l’autre." in html
