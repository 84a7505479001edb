"""Companies, establishments, contacts, ceremonies: written by one operation, with their trace."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed
from partnerships.models import Company, CompanyContact, Establishment, SigningEvent
from partnerships.operations.companies import save_record
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.partnerships import company_named


def errors_of(row: Company | Establishment, actor: User) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        save_record(row, actor)
    return refusal.value.message_dict


def test_a_new_company_leaves_a_trace(officer: User) -> None:
    company = save_record(Company(legal_name="Fabrique", siren=new_siren()), officer)
    entry = trail_of(company).get()
    assert (entry.actor, entry.summary) == (officer, "Fiche créée")


def test_a_change_says_which_fields(company: Company, officer: User) -> None:
    company.legal_name, company.note = "Autre nom", "Remarque"
    save_record(company, officer)
    entry = trail_of(company).first()
    assert entry
    assert entry.summary == "Fiche modifiée : nom, remarque"


def test_only_an_officer_writes_a_ceremony(
    auditor: User, data_officer: User, coordinator: User, stranger: User
) -> None:
    row = SigningEvent(name="X", held_on=date(2026, 1, 1))
    for person in (auditor, data_officer, coordinator, stranger):
        with pytest.raises(NotAllowed, match="Seul un chargé de mission"):
            save_record(row, person)
    assert row.pk is None


def test_who_only_reads_adds_no_company(auditor: User, data_officer: User, stranger: User) -> None:
    for person in (auditor, data_officer, stranger):
        with pytest.raises(NotAllowed, match="ajouter une entreprise"):
            save_record(Company(legal_name="X"), person)
    assert not Company.objects.exists()


def test_a_school_adds_the_hosts_it_meets_and_corrects_none(coordinator: User) -> None:
    company = save_record(Company(legal_name="Fabrique"), coordinator)
    place = save_record(Establishment(company=company, name="Atelier"), coordinator)
    save_record(CompanyContact(company=company, establishment=place, full_name="Ana Exemple"), coordinator)
    company.legal_name = "Autre nom"
    with pytest.raises(NotAllowed, match="Seul un chargé de mission"):
        save_record(company, coordinator)


@pytest.mark.parametrize("siren", ["123456789", "73282932", "7328293200", "abcdefghi", "７３２８２９３２０"])
def test_a_wrong_siren_is_refused_beside_its_field(siren: str, officer: User) -> None:
    errors = str(errors_of(Company(legal_name="X", siren=siren), officer))
    assert "Ce SIREN n’est pas valable" in errors
    assert not Company.objects.exists()


def test_a_siren_taken_is_refused_in_french(company: Company, officer: User) -> None:
    errors = errors_of(Company(legal_name="Double", siren=company.siren), officer)
    assert "porte déjà ce SIREN" in str(errors)


def test_a_company_may_have_no_known_siren(officer: User) -> None:
    for name in ("Kiloutou", "Castorama"):
        save_record(Company(legal_name=name), officer)
    assert Company.objects.filter(siren="").count() == 2


def test_a_wrong_siret_is_refused_beside_its_field(company: Company, officer: User) -> None:
    row = Establishment(company=company, name="Site", siret="73282932000079")
    assert "n’est pas valable" in str(errors_of(row, officer)["siret"])


def test_the_siret_of_another_company_is_refused_beside_its_field(company: Company, officer: User) -> None:
    row = Establishment(company=company, name="Site", siret=siret_of(new_siren()))
    assert errors_of(row, officer)["siret"] == [
        f"Ce SIRET ne commence pas par le SIREN de l’entreprise ({company.siren})."
    ]


def test_another_siren_is_refused_while_a_siret_bears_the_old_one(company: Company, officer: User) -> None:
    company.siren = new_siren()
    assert "ne commence pas par ce SIREN" in str(errors_of(company, officer)["siren"])


def test_la_poste_is_welcome(officer: User) -> None:
    post = company_named("La Poste", officer, siren="356000000", head_office=False)
    for siret in ("35600000000048", "35600000009075"):
        save_record(Establishment(company=post, name="Bureau", siret=siret), officer)
    errors = errors_of(Establishment(company=post, name="Bureau", siret="35600000009076"), officer)
    assert "n’est pas valable" in str(errors)


def test_a_naf_code_says_its_nomenclature(company: Company, officer: User) -> None:
    row = Establishment(company=company, name="Site", naf_code="5310Z")
    assert "Indiquez la nomenclature" in str(errors_of(row, officer))


def test_a_contact_is_entered_once(company: Company, officer: User) -> None:
    save_record(CompanyContact(company=company, full_name="Anne", email="anne@exemple.invalid"), officer)
    with pytest.raises(ValidationError, match="a déjà un contact avec cette adresse"):
        save_record(CompanyContact(company=company, full_name="Anne bis", email="anne@exemple.invalid"), officer)
