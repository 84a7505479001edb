"""Writing the text of a convention: drafts, revisions, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships import workflows
from partnerships.models import Company, ConventionArticle, PartnershipConvention
from partnerships.operations.conventions import (
    ArticleText,
    ConventionText,
    Promise,
    Signatory,
    draft_convention,
    revise_convention,
)
from tests.factories.partnerships import drafted, text_of

ConventionIn = Callable[..., PartnershipConvention]


@pytest.fixture
def text(company: Company) -> ConventionText:
    return text_of(company)


class TestDraft:
    def test_it_keeps_all_that_was_written(self, text: ConventionText, officer: User) -> None:
        convention = draft_convention(text, officer)
        convention.refresh_from_db()
        assert (convention.status, convention.revision, convention.created_by) == (workflows.DRAFT, 1, officer)
        assert [article.title for article in convention.articles.all()] == ["Objet", "Durée"]
        assert [article.number for article in convention.articles.all()] == [1, 2]
        assert [row.target for row in convention.commitments.all()] == [12, None]
        assert [(row.side, row.position) for row in convention.signatories.all()] == [("region", 1), ("company", 1)]
        assert trail_of(convention).get().summary == "Convention créée"

    def test_the_signatories_are_numbered_side_by_side(self, text: ConventionText, officer: User) -> None:
        more = [
            *text.signatories,
            Signatory("region", "Vice-présidente", "Béatrice"),
            Signatory("company", "DRH", "Luc"),
        ]
        convention = draft_convention(replace(text, signatories=more), officer)
        rows = convention.signatories.order_by("side", "position").values_list("side", "position", "full_name")
        assert list(rows) == [
            ("company", 1, "Paul Exemple"), ("company", 2, "Luc"), ("region", 1, "Anne Exemple"), ("region", 2, "Béatrice"),
        ]  # fmt: skip

    def test_only_an_officer_writes(
        self, text: ConventionText, auditor: User, data_officer: User, coordinator: User, stranger: User
    ) -> None:
        for person in (auditor, data_officer, coordinator, stranger):
            with pytest.raises(NotAllowed, match="Seul un chargé de mission"):
                draft_convention(text, person)
        assert not PartnershipConvention.objects.exists()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"ends_on": date(2000, 1, 1)}, "La date de fin ne peut pas précéder la date de début"),
            ({"renewal": "tacit"}, "Une reconduction tacite demande un préavis"),
            ({"origin": "archive", "sources": ""}, "Une reprise d’archives cite ses sources"),
            ({"commitments": [Promise("internships", "x", 12, "")]}, "Une cible chiffrée a une unité"),
            ({"commitments": [Promise("cadeaux")]}, "cadeaux"),
            ({"signatories": [Signatory("region", "Présidente")]}, "Indiquez le nom de chaque signataire"),
            ({"articles": [ArticleText("", "Texte")]}, "obligatoire|vide"),
        ],
    )
    def test_it_refuses_in_french_and_writes_nothing(
        self, text: ConventionText, officer: User, change: dict[str, object], words: str
    ) -> None:
        with pytest.raises(ValidationError, match=words):
            draft_convention(replace(text, **change), officer)
        assert not PartnershipConvention.objects.exists()
        assert not ConventionArticle.objects.exists()

    def test_a_number_is_given_once(self, text: ConventionText, officer: User) -> None:
        draft_convention(text, officer, number="CP-2014-001")
        with pytest.raises(ValidationError, match="Une convention porte déjà ce numéro"):
            draft_convention(text, officer, number="CP-2014-001")

    def test_only_an_archive_may_not_know_who_signed(self, text: ConventionText, officer: User) -> None:
        unknown = [Signatory("region", "président", "Damien Alary"), Signatory("company", "représentant")]
        archive = replace(text, origin="archive", sources="Un journal", signatories=unknown)
        assert draft_convention(archive, officer).signatories.count() == 2


class TestRevision:
    def test_it_replaces_the_text_and_says_what_changed(self, text: ConventionText, officer: User) -> None:
        convention = draft_convention(text, officer)
        other = replace(text, title="Autre titre", articles=[ArticleText("Seul", "Un seul article.")])
        revised = revise_convention(convention.pk, 1, other, officer)
        assert (revised.title, revised.revision) == ("Autre titre", 2)
        assert [article.title for article in revised.articles.all()] == ["Seul"]
        entry = trail_of(convention).first()
        assert entry
        assert entry.summary == "Texte modifié : titre, articles"

    def test_lines_that_do_not_change_are_left_alone(self, text: ConventionText, officer: User) -> None:
        convention = draft_convention(text, officer)
        before = set(convention.articles.values_list("pk", flat=True))
        revise_convention(convention.pk, 1, replace(text, title="Autre"), officer)
        assert set(convention.articles.values_list("pk", flat=True)) == before

    def test_changing_the_order_is_a_change(self, text: ConventionText, officer: User) -> None:
        convention = draft_convention(text, officer)
        revise_convention(convention.pk, 1, replace(text, articles=list(reversed(text.articles))), officer)
        assert [article.title for article in convention.articles.all()] == ["Durée", "Objet"]

    def test_nothing_changed_is_said(self, text: ConventionText, officer: User) -> None:
        convention = draft_convention(text, officer)
        revise_convention(convention.pk, 1, text, officer)
        entry = trail_of(convention).first()
        assert entry
        assert entry.summary == "Enregistrée sans changement"

    def test_an_old_page_overwrites_nothing(self, text: ConventionText, officer: User, second_officer: User) -> None:
        convention = draft_convention(text, officer)
        revise_convention(convention.pk, 1, replace(text, title="Le mien"), officer)
        with pytest.raises(Overtaken, match="Quelqu’un a enregistré cette convention pendant que vous l’écriviez"):
            revise_convention(convention.pk, 1, replace(text, title="Le sien"), second_officer)
        convention.refresh_from_db()
        assert convention.title == "Le mien"

    @pytest.mark.parametrize("state", [workflows.APPROVED, workflows.SHELVED])
    def test_a_settled_text_is_not_revised(self, state: str, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(state)
        with pytest.raises(Refused, match="Le texte de cette convention est arrêté"):
            revise_convention(convention.pk, convention.revision, text_of(convention.company), officer)

    def test_only_an_officer_revises(self, officer: User, auditor: User, coordinator: User) -> None:
        convention = drafted(officer)
        for person in (auditor, coordinator):
            with pytest.raises(NotAllowed):
                revise_convention(convention.pk, 1, text_of(convention.company, title="Autre"), person)

    def test_a_refused_revision_leaves_everything(self, text: ConventionText, officer: User) -> None:
        convention = draft_convention(text, officer)
        wrong = replace(text, title="Autre", commitments=[Promise("internships", "x", 3, "")])
        with pytest.raises(ValidationError):
            revise_convention(convention.pk, 1, wrong, officer)
        convention.refresh_from_db()
        assert (convention.title, convention.revision) == (text.title, 1)
        assert convention.commitments.count() == 2
