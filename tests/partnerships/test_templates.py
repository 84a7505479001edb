"""Templates of conventions: variables, preview, and the draft made from one."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Refused
from partnerships import variables
from partnerships.models import Company, ConventionTemplate, PartnershipConvention, TemplateArticle
from partnerships.operations.moves import move_convention
from partnerships.operations.templates import TemplateLines, draft_from_template, save_template
from partnerships.template_filling import filled_template
from tests.factories.network import network_of
from tests.factories.partnerships import company_named
from tests.partnerships.sql import refused, run

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def template(officer: User) -> ConventionTemplate:
    network_of(officer)
    return save_template(new_template(), lines(), officer)


def new_template(**changes: object) -> ConventionTemplate:
    values = {
        "name": "Convention type", "year": 2026, "title": "Convention avec {entreprise}", "duration_months": 36,
        "preamble": "{region} et {entreprise} s’unissent.", "notice_months": 3,
    }  # fmt: skip
    return ConventionTemplate(**values | changes)


def lines(body: str = "Du {debut} au {fin}, soit {duree}.") -> TemplateLines:
    return TemplateLines([TemplateArticle(number=1, title="Durée", body=body)])


class TestVariables:
    @given(st.text(max_size=60))
    def test_filling_with_nothing_changes_nothing(self, text: str) -> None:
        filled = variables.fill(text, {})
        assert filled.text == text
        assert set(filled.missing) | set(filled.unknown) == set(variables.used_in([text]))

    @given(st.sampled_from(sorted(variables.KNOWN)), st.text(min_size=1, max_size=20).filter(lambda t: "{" not in t))
    def test_a_value_takes_the_place_of_its_name(self, name: str, value: str) -> None:
        filled = variables.fill(f"a {{{name}}} b {{{name}}}", {name: value})
        assert (filled.text, filled.missing, filled.unknown) == (f"a {value} b {value}", (), ())

    def test_unknown_and_missing_are_told_apart(self) -> None:
        filled = variables.fill("{entreprise} {surprise}", {})
        assert (filled.missing, filled.unknown) == (("entreprise",), ("surprise",))


class TestWriting:
    def test_only_an_officer_writes_and_uses(
        self, template: ConventionTemplate, company: Company, auditor: User, coordinator: User
    ) -> None:
        for person in (auditor, coordinator):
            with pytest.raises(NotAllowed):
                save_template(new_template(name="Autre"), lines(), person)
            with pytest.raises(NotAllowed):
                draft_from_template(template.pk, company, date(2026, 1, 1), person)

    @pytest.mark.parametrize(
        ("changes", "body", "words"),
        [
            ({"title": "{entreprize}"}, "x", "Variable inconnue : {entreprize}"),
            ({}, "Voir {annexe}", "Variable inconnue : {annexe}"),
            ({"renewal": "tacit"}, "x", "Une reconduction tacite dit"),
            ({"duration_months": 0}, "x", "supérieure ou égale"),
            ({}, "", "vide"),
        ],
    )
    def test_a_wrong_one_is_refused_in_french(self, officer: User, changes: dict, body: str, words: str) -> None:
        with pytest.raises(ValidationError, match=words):
            save_template(new_template(**changes), lines(body), officer)
        assert not ConventionTemplate.objects.exists()

    def test_a_used_one_is_retired_and_never_removed(
        self, template: ConventionTemplate, company: Company, officer: User
    ) -> None:
        with refused("Suppression refusée"):
            run("DELETE FROM partnerships_conventiontemplate WHERE id = %s", template.pk)
        template.retired = True
        save_template(template, TemplateLines(), officer)
        with pytest.raises(Refused, match="retiré"):
            draft_from_template(template.pk, company, date(2026, 1, 1), officer)


class TestUse:
    def test_the_draft_has_its_dates_and_its_words(
        self, template: ConventionTemplate, company: Company, officer: User
    ) -> None:
        draft = draft_from_template(template.pk, company, date(2026, 1, 31), officer)
        assert (draft.starts_on, draft.ends_on) == (date(2026, 1, 31), date(2029, 1, 30))
        assert draft.title == f"Convention avec {company.legal_name}"
        body = draft.articles.get().body.replace(NBSP, " ")
        assert body == "Du 31 janvier 2026 au 30 janvier 2029, soit trois ans."

    def test_what_has_no_value_stays_and_stops_the_approval(self, officer: User) -> None:
        network_of(officer)
        company = company_named("Sans siège", officer, siren="", head_office=False)
        template = save_template(new_template(), lines("Siège : {adresse_entreprise}."), officer)
        assert filled_template(template, company, date(2026, 1, 1)).missing == ["adresse_entreprise"]
        draft = draft_from_template(template.pk, company, date(2026, 1, 1), officer)
        with pytest.raises(Refused) as refusal:
            move_convention(draft.pk, "approve", officer)
        assert "Remplacez dans le texte : {adresse_entreprise}." in refusal.value.details


class TestPages:
    def test_from_the_preview_to_the_draft(
        self, template: ConventionTemplate, company: Company, officer_client: Client
    ) -> None:
        url = f"/gestion/partnerships/conventiontemplate/{template.pk}/utiliser/"
        assert officer_client.get(url).headers["Location"].endswith(f"entreprise/?modele={template.pk}")
        assert officer_client.get(url, {"company": company.pk}).status_code == 200
        typed = {"company": company.pk, "starts_on": "2026-03-01"}
        preview = officer_client.get(url, typed).content.decode()
        assert "Toutes les variables ont une valeur" in preview
        assert "Du 1er mars 2026 au 28 février 2029" in preview.replace(NBSP, " ")
        assert not PartnershipConvention.objects.exists()
        answer = officer_client.post(url, typed, follow=True)
        assert PartnershipConvention.objects.get().number in answer.content.decode()

    def test_a_template_is_written_in_the_admin(self, officer: User, officer_client: Client) -> None:
        network_of(officer)
        url = "/gestion/partnerships/conventiontemplate/add/"
        data = {
            "name": "Modèle", "kind": "framework", "year": "2026", "title": "{entreprise}", "object": "Stages", "preamble": "",
            "visas": "", "recitals": "", "duration_months": "12", "renewal": "express", "renewal_months": "",
            "renewal_limit": "", "notice_months": "", "articles-TOTAL_FORMS": "1", "articles-INITIAL_FORMS": "0",
            "articles-0-number": "1", "articles-0-title": "Objet", "articles-0-body": "Texte {inconnue}",
        }  # fmt: skip
        assert "Variable inconnue" in officer_client.post(url, data).content.decode()
        officer_client.post(url, data | {"articles-0-body": "Texte {debut}"})
        template = ConventionTemplate.objects.get()
        article = template.articles.get()
        change = {**data, "articles-INITIAL_FORMS": "1", "articles-0-id": str(article.pk), "articles-0-template": str(template.pk), "articles-0-DELETE": "on"}  # fmt: skip
        officer_client.post(f"/gestion/partnerships/conventiontemplate/{template.pk}/change/", change)
        assert not template.articles.exists()

    def test_a_reader_does_not_use_it(
        self, template: ConventionTemplate, auditor: User, client_of: Callable[[User], Client]
    ) -> None:
        url = f"/gestion/partnerships/conventiontemplate/{template.pk}/utiliser/"
        assert client_of(auditor).get(url).status_code in (403, 404)
