"""What a convention prints, and what its sealed document is worth on a day."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Batch, Document
from e2c_portal.kernel.errors import NotAllowed, Refused
from partnerships import workflows
from partnerships.documents import NOTICE_OF_ARCHIVE, convention_order, public_facts, standing
from partnerships.models import Company, PartnershipConvention
from partnerships.operations.companies import save_record
from partnerships.operations.conventions import revise_convention
from partnerships.operations.sealing import seal_convention, seal_conventions
from tests.factories.documents import seal
from tests.factories.partnerships import company_named, convention_at, make_move, text_of

ConventionIn = Callable[..., PartnershipConvention]


def worth(convention: PartnershipConvention, day: date) -> str:
    document = Document(kind="convention", subject=f"partnerships.partnershipconvention:{convention.pk}")
    return standing(document, day).state


class TestContent:
    def test_it_is_plain_values_alone(self, convention_in: ConventionIn) -> None:
        content = convention_order(convention_in(workflows.TO_SIGN).pk).content
        assert json.loads(json.dumps(content)) == content

    def test_it_holds_the_parties_the_text_and_the_vote(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.TO_SIGN)
        content = convention_order(convention.pk).content
        assert content["company"]["siren"] == convention.company.siren
        assert content["company"]["address_lines"] == ["2 rue de l’Essai", "34000 Montpellier"]
        assert content["region"]["address_lines"] == ["1 place du Conseil", "34000 Montpellier"]
        assert content["visas"] == ["le code de l’éducation, article L214-14", "le code du travail"]
        assert [len(article["body"]) for article in content["articles"]] == [2, 1]
        assert [row["target"] for row in content["commitments"]] == ["12", None]
        assert content["deliberation"]["number"] == "CR-26/01.001"
        assert (content["signature"], content["archive_note"]) == (None, None)

    def test_an_archive_says_so_with_its_sources(self, convention_in: ConventionIn) -> None:
        content = convention_order(convention_in(workflows.SIGNED, archive=True).pk).content
        assert content["archive_note"] == {"text": NOTICE_OF_ARCHIVE, "sources": ["Essai"]}
        assert content["deliberation"] is None
        assert content["signature"]["place"] == "Montpellier"

    def test_the_name_printed_at_the_time_and_the_corrected_one_are_both_kept(
        self, officer: User, convention_in: ConventionIn
    ) -> None:
        company = company_named("Pro BTP", officer, siren="", head_office=False)
        content = convention_order(convention_in(workflows.DRAFT, company, printed_company_name="Pro-BOP").pk).content
        assert (content["company"]["printed_name"], content["company"]["legal_name"]) == ("Pro-BOP", "Pro BTP")


class TestSealing:
    @pytest.mark.parametrize("state", sorted(set(workflows.STATES) - set(workflows.PRINTABLE)))
    def test_what_is_still_written_is_not_sealed(self, state: str, convention_in: ConventionIn, officer: User) -> None:
        with pytest.raises(Refused, match="Validez d’abord le projet"):
            seal_convention(convention_in(state), officer)

    def test_a_text_reopened_meanwhile_is_not_sealed(self, convention_in: ConventionIn, officer: User) -> None:
        shown = convention_in(workflows.APPROVED)
        make_move(shown, "reopen", officer)
        shown.status = workflows.APPROVED
        with pytest.raises(Refused, match="Validez d’abord le projet"):
            seal_convention(shown, officer)

    def test_only_an_officer_seals(
        self, convention_in: ConventionIn, auditor: User, data_officer: User, coordinator: User
    ) -> None:
        convention = convention_in(workflows.APPROVED)
        for person in (auditor, data_officer, coordinator):
            with pytest.raises(NotAllowed):
                seal_convention(convention, person)
            with pytest.raises(NotAllowed):
                seal_conventions([convention], person)
        assert not Document.objects.exists()

    def test_asking_twice_gives_the_same_document(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.APPROVED)
        first = seal_convention(convention, officer)
        assert seal_convention(convention, officer) == first
        assert seal(first).is_sealed
        assert seal_convention(convention, officer) == first

    def test_a_renamed_company_asks_for_another_document(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.APPROVED)
        first = seal(seal_convention(convention, officer))
        company: Company = convention.company
        company.legal_name = "Nouveau nom"
        save_record(company, officer)
        second = seal_convention(convention, officer)
        assert second != first
        assert second.supersedes == first

    def test_a_new_title_alone_asks_for_another_document(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.APPROVED)
        first = seal(seal_convention(convention, officer))
        make_move(convention, "reopen", officer)
        revise_convention(convention.pk, 1, text_of(convention.company, title="Un autre titre"), officer)
        second = seal_convention(make_move(convention, "approve", officer), officer)
        assert (first.title, second.title) == (convention.title, "Un autre titre")

    def test_a_batch_seals_what_it_may_and_says_why_not_the_rest(
        self, convention_in: ConventionIn, officer: User
    ) -> None:
        ready, draft = convention_in(workflows.APPROVED), convention_in(workflows.DRAFT)
        batch = seal_conventions([ready, draft], officer)
        lines = {item.label: (item.document_id is not None, item.refusal) for item in batch.items.all()}
        assert lines[ready.title] == (True, "")
        assert "Validez d’abord le projet" in lines[str(draft)][1]
        assert Batch.objects.count() == 1

    def test_an_empty_batch_is_refused(self, officer: User) -> None:
        with pytest.raises(Refused, match="Choisissez au moins une convention"):
            seal_conventions([], officer)


class TestWorth:
    def test_signed_and_running(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.SIGNED, archive=True)
        assert worth(convention, timezone.localdate()) == "in_force"

    def test_signed_and_over(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.SIGNED, archive=True)
        assert convention.ends_on
        assert worth(convention, convention.ends_on + timedelta(days=1)) == "ended"

    def test_signed_for_later(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.SIGNED, archive=True)
        assert convention.starts_on
        assert worth(convention, convention.starts_on - timedelta(days=1)) == "future"

    @pytest.mark.parametrize(
        ("state", "today", "in_a_year"),
        [
            (workflows.DENOUNCED, "in_force", "ended"),
            (workflows.TERMINATED, "ended", "ended"),
            (workflows.SHELVED, "ended", "ended"),
        ],
    )
    def test_ended_early(self, convention_in: ConventionIn, state: str, today: str, in_a_year: str) -> None:
        convention = convention_in(state, archive=True)
        day = timezone.localdate()
        assert (worth(convention, day), worth(convention, day + timedelta(days=366))) == (today, in_a_year)

    def test_not_signed_yet_binds_nobody(self, convention_in: ConventionIn) -> None:
        document = Document.objects.get(reference=convention_in(workflows.TO_SIGN).number)
        answer = standing(document, timezone.localdate())
        assert (answer.state, answer.label) == ("future", "Pas encore signée")

    def test_unknown_dates_are_not_guessed(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.SIGNED, archive=True, starts_on=None, ends_on=None)
        assert worth(convention, timezone.localdate()) == "unknown"

    def test_no_person_is_named_to_the_public(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.SIGNED)
        document = Document.objects.get(reference=convention.number)
        told = str(public_facts(document)) + standing(document, timezone.localdate()).sentence
        for person in ("Anne Exemple", "Paul Exemple", "Claire Garrigue"):
            assert person not in told
        assert convention.company.legal_name in told


class TestReaders:
    def test_the_whole_network_reads_it_and_nobody_else(
        self, convention_in: ConventionIn, officer: User, auditor: User, coordinator: User, stranger: User
    ) -> None:
        document = Document.objects.get(reference=convention_in(workflows.TO_SIGN).number)
        may_read = kind_named("convention").may_read
        assert [may_read(person, document) for person in (officer, auditor, coordinator, stranger)] == [
            True,
            True,
            True,
            False,
        ]

    @pytest.mark.django_db
    def test_the_document_leads_to_its_convention(self, officer: User) -> None:
        convention = convention_at(workflows.TO_SIGN, officer)
        document = Document.objects.get(reference=convention.number)
        assert kind_named("convention").subject_url(document) == convention.get_absolute_url()
