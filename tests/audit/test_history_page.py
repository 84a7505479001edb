"""The page « Historique »: in French, by whoever reads the record and by nobody else, at a constant cost."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit import histories
from e2c_portal.kernel.acting import acting, because
from e2c_portal.links.models import PersonalLink
from partnerships.models import CompanyContact
from partnerships.operations.companies import save_record
from schools.models import School
from tests.factories.network import member_of
from tests.factories.partnerships import company_named, convention_at
from tests.factories.trainees import pathway_of, representative_of, trainee_in
from tests.house.test_pages import faults_of
from trainees.models import LegalRepresentative, Pathway, SensitiveFlag, Trainee
from trainees.operations.pathways import move_pathway

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def address(row: Any, **asked: str) -> str:
    query = "?" + "&".join(f"{name}={value}" for name, value in asked.items()) if asked else ""
    return reverse("audit:history", args=[row._meta.label_lower, row.pk]) + query


def text_of(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    assert faults_of(answer) == []
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(
        "".join(part.rpartition("<")[0] if "<" in part else part for part in f">{main}<".split(">"))
        .replace("\xa0", " ")
        .split()
    )


@pytest.fixture
def nina(school: School, coordinator: User) -> Trainee:
    return trainee_in(school, coordinator, last_name="Lefèvre", first_name="Nina")


def test_a_change_is_told_in_plain_words(nina: Trainee, coordinator: User, client_of: ClientOf) -> None:
    with acting(actor=coordinator.pk), because("Acte de naissance relu"):
        Trainee.objects.filter(pk=nina.pk).update(last_name="Martin", birth_date="2005-01-01", gender="F")
    told = text_of(client_of(coordinator).get(address(nina)))
    for words in (
        "Historique : Nina Martin", "par Nadia Perrin", "Motif : Acte de naissance relu", "Avant : Lefèvre", "Après : Martin",
        "Avant : 20 mai 2006", "Après : 1er janvier 2005",
    ):  # fmt: skip
        assert words in told
    assert "last_name" not in told


def test_the_lines_of_a_record_are_told_with_it_and_named(
    nina: Trainee, coordinator: User, client_of: ClientOf
) -> None:
    parent = representative_of(nina, coordinator, "Anne Parent")
    LegalRepresentative.objects.filter(pk=parent.pk).update(phone="0612345678")
    gone = representative_of(nina, coordinator, "Paul Parti")
    LegalRepresentative.objects.filter(pk=gone.pk).delete()
    told = text_of(client_of(coordinator).get(address(nina)))
    assert "Modification : représentant légal « Anne Parent" in told
    assert "Avant : 0611111111 → Après : 0612345678" in told
    assert "Retrait : représentant légal" in told
    assert "Paul Parti" in told


def test_the_steps_of_a_life_are_told_with_their_reason_and_once(
    nina: Trainee, coordinator: User, client_of: ClientOf
) -> None:
    pathway = pathway_of(nina, coordinator)
    move_pathway(pathway.pk, "suspend", coordinator, reason="Motivation réelle")
    told = text_of(client_of(coordinator).get(address(pathway)))
    assert "Motivation réelle" in told
    assert told.count("→ En parcours") + told.count("→ Confirmé") <= 1
    assert "État :" in told
    assert Pathway.objects.get(pk=pathway.pk).status != pathway.status


def test_health_is_told_on_no_other_page_and_never_says_what(
    nina: Trainee, coordinator: User, client_of: ClientOf
) -> None:
    flag = SensitiveFlag.objects.create(trainee=nina, rqth=True, recorded_by=coordinator)
    SensitiveFlag.objects.filter(pk=flag.pk).update(arrangements="Poste assis")
    assert SensitiveFlag._meta.verbose_name not in text_of(client_of(coordinator).get(address(nina)))
    told = text_of(client_of(coordinator).get(address(flag)))
    assert "modifié (valeur jamais copiée)" in told
    assert "Poste assis" not in told


def test_health_is_not_for_those_who_do_not_read_it(
    nina: Trainee, coordinator: User, officer: User, school: School, client_of: ClientOf
) -> None:
    flag = SensitiveFlag.objects.create(trainee=nina, rqth=True, recorded_by=coordinator)
    referent = member_of(school, officer, "Rémi Référent", role="referent")
    assert client_of(referent).get(address(nina)).status_code == 200
    assert client_of(referent).get(address(flag)).status_code == 404


def test_another_school_and_strangers_find_nothing(
    nina: Trainee,
    coordinator: User,
    other_school: School,
    officer: User,
    stranger: User,
    door_staff: User,
    client_of: ClientOf,
) -> None:
    elsewhere = member_of(other_school, officer, "Karim Autre")
    pathway = pathway_of(nina, coordinator)
    for user, row in itertools.product((elsewhere, stranger, door_staff), (nina, pathway, nina.school, officer)):
        assert client_of(user).get(address(row)).status_code == 404, (user, row)
    assert Client().get(address(nina)).status_code == 302
    assert client_of(elsewhere).get(address(other_school)).status_code == 200


@pytest.mark.parametrize("name", ["trainees.trainee", "audit.change", "inconnue.fiche", "trainees", "kernel.job"])
def test_what_is_not_there_does_not_exist(
    name: str, officer_client: Client, auditor: User, client_of: ClientOf
) -> None:
    for client in (officer_client, client_of(auditor)):
        assert client.get(reverse("audit:history", args=[name, 999_999])).status_code == 404


def test_a_hidden_company_has_no_history_for_schools(officer: User, coordinator: User, client_of: ClientOf) -> None:
    company = company_named("Madame Untel", officer)
    contact = CompanyContact(company=company, full_name="Madame Untel", email="u@exemple.invalid")
    save_record(contact, officer)
    assert client_of(coordinator).get(address(company)).status_code == 200
    type(company).objects.filter(pk=company.pk).update(diffusion_status="P")
    for row in (company, contact, company.establishments.get()):
        assert client_of(coordinator).get(address(row)).status_code == 404
        assert client_of(officer).get(address(row)).status_code == 200
    page = client_of(coordinator).get(company.get_absolute_url()).content.decode()
    assert address(company) not in page, "no button that leads nowhere"


def test_period_author_and_requests(nina: Trainee, coordinator: User, auditor: User, client_of: ClientOf) -> None:
    with acting(actor=auditor.pk):
        Trainee.objects.filter(pk=nina.pk).update(last_name="Martin")
    client = client_of(coordinator)
    assert "Martin" in text_of(client.get(address(nina, auteur=str(auditor.pk)))).partition("Afficher")[2]
    assert "Lefèvre" not in text_of(client.get(address(nina, auteur=str(coordinator.pk)))).partition("Afficher")[2]
    assert "Rien dans cette période" in text_of(client.get(address(nina, jusqu_au="2001-01-01")))
    assert client.get(address(nina, depuis="abc", auteur="x", page="abc")).status_code == 200
    assert "Requête" not in text_of(client.get(address(nina)))


def test_the_auditor_reads_the_number_of_the_request(
    nina: Trainee, coordinator: User, auditor: User, client_of: ClientOf
) -> None:
    client = client_of(coordinator)
    client.post(
        reverse("trainees:sensitive_edit", args=[nina.public_id]),
        {"rqth": "on"},
        headers={"X-Request-ID": "requete-dix"},
    )
    assert "requete-dix" not in text_of(client.get(address(nina)))
    accident = text_of(client_of(auditor).get(address(nina)))
    assert "Requête" in accident or "requete-dix" not in accident


def test_a_link_names_its_holder(nina: Trainee, officer_client: Client) -> None:
    link = PersonalLink.objects.create(
        purpose="essai", subject="trainees.trainee:1", version=1, holder_label="Paul Tuteur", email="p@exemple.invalid"
    )
    with acting(link=link.pk):
        Trainee.objects.filter(pk=nina.pk).update(city="Sète")
    told = text_of(officer_client.get(address(nina)))
    assert f"par Paul Tuteur, par le lien personnel n° {link.pk}" in told


def test_the_queries_do_not_grow(
    nina: Trainee, coordinator: User, client_of: ClientOf, same_query_count: Callable[..., int]
) -> None:
    client, number = client_of(coordinator), itertools.count()

    def add() -> None:
        row = representative_of(nina, coordinator, f"Parent {next(number)}")
        LegalRepresentative.objects.filter(pk=row.pk).update(phone="0612345678")
        with acting(actor=coordinator.pk):
            Trainee.objects.filter(pk=nina.pk).update(city=f"Ville {next(number)}")

    add()
    assert same_query_count(lambda: client.get(address(nina)), add) < 25


def test_a_long_history_is_cut_in_pages(nina: Trainee, coordinator: User, client_of: ClientOf) -> None:
    for number in range(60):
        with acting(actor=coordinator.pk):
            Trainee.objects.filter(pk=nina.pk).update(city=f"Ville {number}")
    client = client_of(coordinator)
    first, second = text_of(client.get(address(nina))), text_of(client.get(address(nina, page="2")))
    assert "Ville 59" in first
    assert "Ville 1 " in second
    assert "Fiche créée" in second


def test_the_button_of_the_admin_leads_there(officer: User, officer_client: Client) -> None:
    company = company_named("Étang", officer)
    answer = officer_client.get(reverse("admin:partnerships_company_history", args=[company.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, address(company))
    assert "Compte" in officer_client.get(address(officer)).content.decode()


@pytest.mark.parametrize("history", histories.all_histories(), ids=lambda history: history.name)
def test_every_history_has_its_record_and_parts(history: histories.History) -> None:
    from django.apps import apps  # noqa: PLC0415

    from e2c_portal.audit.tracking import apart, tracked  # noqa: PLC0415

    told = {line.label: line for line in tracked()}
    assert history.name in told
    for part in history.parts:
        assert told[part.lower()].parent_label == apps.get_model(history.model)._meta.label_lower, part
        assert part.lower() not in apart()


def test_a_convention_opens(officer: User, officer_client: Client) -> None:
    convention = convention_at("signed", officer, archive=True)
    assert "Fiche créée" in text_of(officer_client.get(address(convention)))
