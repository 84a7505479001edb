"""The pages of trainees: who reaches them, what they tell, in how many queries, and nothing of another school."""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import Membership, School
from tests.factories.network import member_of
from tests.factories.trainees import MINOR, pathway_of, representative_of, site_of, trainee_in
from tests.house.test_pages import faults_of
from trainees.models import (
    Commune,
    FollowUp,
    LegalRepresentative,
    Pathway,
    Prescriber,
    ReferenceDataset,
    Referral,
    Trainee,
    TraineeTransfer,
)
from trainees.operations.pathways import move_pathway
from trainees.operations.referrals import record_referral
from trainees.operations.transfers import ask_transfer

pytestmark = pytest.mark.django_db
LIST = "/stagiaires/liste/"


@pytest.fixture
def nina(school: School, coordinator: User) -> Trainee:
    """A minor with a representative and a pathway on trial."""
    trainee = trainee_in(school, coordinator, last_name="Lefèvre", first_name="Nina", birth_date=MINOR)
    representative_of(trainee, coordinator)
    pathway_of(trainee, coordinator, entered_on=timezone.localdate() - timedelta(days=9))
    return trainee


@pytest.fixture
def stranger_here(other_school: School, officer: User) -> User:
    """Leads another school."""
    return member_of(other_school, officer, "Karim Autre")


def addresses_of(trainee: Trainee, actor: User, other_school: School) -> list[str]:
    """Return every address that speaks of a trainee, with all its rows."""
    pathway = trainee.pathways.get()
    representative = trainee.representatives.get()
    prescriber = Prescriber.objects.create(kind="pjj", name="Protection judiciaire")
    referral = record_referral(Referral(trainee=trainee, prescriber=prescriber, referred_on=date(2026, 8, 1)), actor)
    follow_up = FollowUp.objects.create(pathway=pathway, months=3, due_on=timezone.localdate())
    of_person = (
        "trainee", "trainee_edit", "representative_new", "referral_new", "pathway_new", "transfer_new", "sensitive",
        "sensitive_edit",
    )  # fmt: skip
    of_pathway = ("pathway_edit", "pathway_referent", "pathway_phase", "pathway_contract", "pathway_profile")
    facts: list[tuple[str, list]] = [(name, [trainee.public_id]) for name in of_person]
    facts += [(name, [pathway.pk]) for name in of_pathway]
    facts += [
        ("representative_edit", [trainee.public_id, representative.pk]), ("representative_end", [trainee.public_id, representative.pk]),
        ("referral_outcome", [trainee.public_id, referral.pk]), ("pathway_move", [pathway.pk, "suspend"]), ("follow_up", [follow_up.pk]),
    ]  # fmt: skip
    return [reverse(f"trainees:{name}", args=arguments) for name, arguments in facts]


def test_every_page_of_a_person_answers_here_and_is_unknown_elsewhere(
    nina: Trainee, coordinator: User, other_school: School, stranger_here: User, client_of: Callable[[User], Client]
) -> None:
    addresses = addresses_of(nina, coordinator, other_school)
    here, elsewhere = client_of(coordinator), client_of(stranger_here)
    answers = {address: here.get(address) for address in addresses}
    assert {
        address: answer.status_code for address, answer in answers.items() if answer.status_code != HTTPStatus.OK
    } == {}
    assert {address: faults for address, answer in answers.items() if (faults := faults_of(answer))} == {}
    assert {elsewhere.get(address).status_code for address in addresses} == {HTTPStatus.NOT_FOUND}
    # A page that is only read answers so to everybody: it tells nothing.
    told = {elsewhere.post(address).status_code for address in addresses}
    assert told == {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


def test_a_visitor_without_a_school_finds_no_list(stranger: User, client_of: Callable[[User], Client]) -> None:
    for address in (LIST, "/stagiaires/suivis/", "/stagiaires/transferts/", "/stagiaires/limites/"):
        assert client_of(stranger).get(address).status_code == HTTPStatus.NOT_FOUND, address


def test_lists_counts_searches_and_files_hold_nothing_of_another_school(
    nina: Trainee, stranger_here: User, client_of: Callable[[User], Client]
) -> None:
    elsewhere = client_of(stranger_here)
    for query in (
        "",
        "?q=lefevre",
        f"?ecole={nina.school_id}",
        f"?site={nina.pathways.get().site_id}",
        "?situation=essai",
    ):
        page = elsewhere.get(LIST + query).content.decode()
        assert "Lefèvre" not in page
        assert "0\N{NO-BREAK SPACE}stagiaire" in page
        file = elsewhere.get(reverse("exports:export", args=["stagiaires", "csv"]) + query)
        assert file.status_code == HTTPStatus.OK
        assert "Lefèvre" not in _text(file)
    alike = elsewhere.get(
        "/stagiaires/ressemblances/", {"last_name": "Lefèvre", "first_name": "Nina", "birth_date": "2009-07-14"}
    )
    assert "Lefèvre" not in alike.content.decode()
    assert elsewhere.get("/stagiaires/doublons/").status_code == HTTPStatus.FORBIDDEN


def _text(answer: HttpResponse) -> str:
    whole = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
    return whole.decode("utf-8-sig")


def test_the_file_holds_what_the_list_shows(
    nina: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(coordinator)
    for query, held in (("?q=nina", True), ("?situation=sortis", False)):
        file = _text(client.get(reverse("exports:export", args=["stagiaires", "csv"]) + query))
        assert ("Lefèvre" in file) is held
        assert "RQTH" not in file


def test_the_list_is_searched_and_narrowed(
    nina: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    trainee_in(nina.school, coordinator, last_name="Aït", first_name="Zoé")
    client = client_of(coordinator)
    for query, found in (
        ("", "2 stagiaires"), ("?q=LEFEVRE+ni", "1 stagiaire"), ("?q=nina+lef", "1 stagiaire"), ("?situation=essai", "1 stagiaire"),
        ("?situation=sans_parcours", "1 stagiaire"), ("?situation=sortis", "0 stagiaire"), ("?mes=on", "1 stagiaire"),
        ("?situation=ouverts&mes=on", "1 stagiaire"), (f"?site={site_of(nina.school).pk}", "1 stagiaire"), ("?situation=rien", "2 stagiaires"),
    ):  # fmt: skip
        text = client.get(LIST + query).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert f"{found}<" in text or f"{found} pour" in text, query
    fragment = client.get(LIST, {"q": "nina"}, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="liste-stagiaires">')


def test_the_list_asks_as_much_for_three_people_as_for_one(
    school: School, coordinator: User, client_of: Callable[[User], Client], same_query_count: Callable[..., int]
) -> None:
    client = client_of(coordinator)
    add = lambda: pathway_of(trainee_in(school, coordinator), coordinator)  # noqa: E731
    add()
    for query in ("", "?situation=essai"):
        same_query_count(lambda query=query: client.get(LIST + query), add)


def test_the_list_counts_no_further_than_it_shows(
    school: School, coordinator: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("e2c_portal.ui.pages.COUNTED_UP_TO", 2)
    for _ in range(3):
        trainee_in(school, coordinator)
    text = client_of(coordinator).get(LIST).content.decode()
    assert "Plus de 2 stagiaires" in text


def test_the_page_asks_as_much_for_a_long_story_as_for_a_short_one(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    short, long = trainee_in(school, coordinator), trainee_in(school, coordinator)
    for trainee, stays in ((short, 1), (long, 3)):
        for position in range(stays):
            start = date(2024 + position, 1, 8)
            pathway = pathway_of(trainee, coordinator, entered_on=start, ends_on=start + timedelta(days=300))
            move_pathway(
                pathway.pk,
                "leave_trial",
                coordinator,
                reason="Autre projet",
                facts={"ended_on": start + timedelta(days=30)},
            )
            representative_of(trainee, coordinator, f"Parent {position}")
    client, counts = client_of(coordinator), []
    client.get(short.get_absolute_url())
    for trainee in (short, long):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(trainee.get_absolute_url()).status_code == HTTPStatus.OK
        counts.append(len(queries))
    assert counts[0] == counts[1], counts


def test_a_minor_without_a_representative_is_told(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    trainee = trainee_in(school, coordinator, birth_date=MINOR)
    client = client_of(coordinator)
    assert "n’a pas de représentant légal" in client.get(trainee.get_absolute_url()).content.decode()
    address = reverse("trainees:representative_new", args=[trainee.public_id])
    form = {
        "full_name": "Anne Parent",
        "quality": "mother",
        "email": "",
        "phone": "0611111111",
        "form_token": "9b0e2f5e-0000-4000-8000-000000000001",
    }
    for _ in range(2):
        assert client.post(address, form).status_code == HTTPStatus.FOUND
    row = LegalRepresentative.objects.get(trainee=trainee)
    ending = reverse("trainees:representative_end", args=[trainee.public_id, row.pk])
    assert client.post(ending, {"ended_on": "2999-01-01"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(ending, {"ended_on": timezone.localdate().isoformat()}).status_code == HTTPStatus.FOUND
    assert "n’a pas de représentant légal" in client.get(trainee.get_absolute_url()).content.decode()


def test_a_likely_double_is_shown_before_it_is_created(
    nina: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(coordinator)
    typed = {
        "last_name": "LEFEVRE",
        "first_name": "Nina",
        "birth_date": "2009-07-14",
        "form_token": "9b0e2f5e-0000-4000-8000-000000000002",
    }
    page = client.post("/stagiaires/nouveau/", typed).content.decode()
    for told in ("1\N{NO-BREAK SPACE}fiche ressemble", "cochez la case", 'value="LEFEVRE"'):
        assert told in page
    assert Trainee.objects.count() == 1
    for _ in range(2):
        assert client.post("/stagiaires/nouveau/", typed | {"confirmed": "on"}).status_code == HTTPStatus.FOUND
    assert Trainee.objects.count() == 2


def test_a_record_is_never_saved_over_somebody_else(
    nina: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client, address = client_of(coordinator), reverse("trainees:trainee_edit", args=[nina.public_id])
    form = {
        "last_name": "Lefèvre",
        "first_name": "Nina",
        "birth_date": "2009-07-14",
        "phone": "0699999999",
        "revision_seen": "1",
    }
    assert client.post(address, form).status_code == HTTPStatus.FOUND
    late = client.post(address, form | {"phone": "0688888888"})
    assert "Votre saisie est conservée" in late.content.decode()
    assert 'value="0688888888"' in late.content.decode()
    nina.refresh_from_db()
    assert nina.phone == "0699999999"


def test_the_commune_is_found_from_what_is_written(school: School, coordinator: User) -> None:
    dataset = ReferenceDataset.objects.create(
        kind="communes", vintage="essais", source="essais", licence="essais", is_current=True
    )
    place = {"dataset": dataset, "latitude": 43.6, "longitude": 3.9}
    known = Commune.objects.create(code="34154", name="Saint-Jean-de-Védas", postal_codes="34430", **place)
    assert trainee_in(school, coordinator, postal_code="34430", city="saint jean de vedas").commune == known
    assert trainee_in(school, coordinator, postal_code="34430", city="Lattes").commune is None


def test_who_meets_companies_reads_and_does_not_write(
    nina: Trainee, school: School, officer: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(member_of(school, officer, "Rita Liens", Membership.Role.COMPANY_RELATIONS))
    assert client.get(nina.get_absolute_url()).status_code == HTTPStatus.OK
    pathway = nina.pathways.get()
    for name, arguments in (
        ("trainee_edit", [nina.public_id]), ("pathway_move", [pathway.pk, "suspend"]), ("sensitive", [nina.public_id]),
        ("transfer_new", [nina.public_id]), ("representative_new", [nina.public_id]),
    ):  # fmt: skip
        assert client.post(reverse(f"trainees:{name}", args=arguments)).status_code in (
            HTTPStatus.FORBIDDEN,
            HTTPStatus.METHOD_NOT_ALLOWED,
        ), name
    assert client.get(reverse("trainees:sensitive", args=[nina.public_id])).status_code == HTTPStatus.FORBIDDEN
    assert client.get("/stagiaires/nouveau/").status_code == HTTPStatus.FORBIDDEN


def test_the_network_sees_its_likely_doubles(
    nina: Trainee, other_school: School, stranger_here: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    trainee_in(other_school, stranger_here, last_name="Lefevre", first_name="Nina", birth_date=MINOR)
    page = client_of(officer).get("/stagiaires/doublons/").content.decode()
    assert "1\N{NO-BREAK SPACE}paire" in page
    assert "École de Nîmes" in page
    file = client_of(officer).get(reverse("exports:export", args=["doublons", "csv"]))
    assert "École de Nîmes" in _text(file)
    assert (
        client_of(stranger_here).get(reverse("exports:export", args=["doublons", "csv"])).status_code
        == HTTPStatus.NOT_FOUND
    )


def test_the_lists_of_transfers_and_follow_ups_ask_the_same_for_more_rows(
    school: School,
    other_school: School,
    coordinator: User,
    client_of: Callable[[User], Client],
    same_query_count: Callable[..., int],
) -> None:
    client = client_of(coordinator)

    def ended() -> Pathway:
        trainee = trainee_in(school, coordinator)
        pathway = pathway_of(trainee, coordinator, entered_on=date(2025, 9, 1), ends_on=date(2026, 8, 1))
        ask_transfer(
            TraineeTransfer(
                trainee=trainee, to_school=other_school, leaves_on=timezone.localdate(), reason="Déménagement"
            ),
            coordinator,
        )
        return move_pathway(
            pathway.pk, "leave_trial", coordinator, reason="Projet", facts={"ended_on": date(2025, 10, 1)}
        )

    ended()
    pages: list[Callable[[], HttpResponse]] = [
        lambda: client.get("/stagiaires/suivis/"),
        lambda: client.get("/stagiaires/transferts/"),
    ]
    for page in pages:
        same_query_count(page, ended)


def test_the_next_thing_to_do_is_an_internship(
    school: School, coordinator: User, auditor: User, client_of: Callable[[User], Client]
) -> None:
    trainee = trainee_in(school, coordinator)
    address = f"/stagiaires/{trainee.public_id}/stages/nouveau/"
    assert address not in client_of(coordinator).get(trainee.get_absolute_url()).content.decode()
    pathway_of(trainee, coordinator)
    assert address in client_of(coordinator).get(trainee.get_absolute_url()).content.decode()
    assert address not in client_of(auditor).get(trainee.get_absolute_url()).content.decode()
