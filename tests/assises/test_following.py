"""Registrations followed by the Région and the schools: what each sees, what each may do, and how many questions a page asks."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.models import Edition, Question, Registration
from assises.operations.editions import change_edition
from assises.operations.following import act_on_registration, change_registration, decide_requests, register_at_the_desk
from assises.operations.group_registering import register_school_group
from assises.operations.registering import cancel_registration, choose_sessions
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.assises import edition_open, somebody
from tests.factories.groups import of_staff, of_trainee, staying, token_of
from tests.factories.network import member_of
from tests.factories.partnerships import company_named

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
LISTS = ("registrations", "waiting", "requests", "answer_counts", "registration_new")
PAGES = ("registration", "registration_change", "registration_workshops")
ACTS = ("annuler", "accepter", "inscrire", "proposer", "accepter-la-demande", "refuser", "nouveau-billet")


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer, quotas={"institution": 1, "trainee": 1})


@pytest.fixture
def theirs(edition: Edition, other_school: School, officer: User) -> Registration:
    """Somebody of the team of another school, who needs something to come."""
    actor = member_of(other_school, officer, "Karim Autre")
    person = of_staff("Secret", "secret@exemple.invalid")
    person.row.access_needs = "Boucle magnétique"
    return register_school_group(edition.pk, other_school, [person], actor).registered[0]


@pytest.fixture
def ours(edition: Edition, school: School, coordinator: User) -> Registration:
    """A trainee of the school, without address, who needs something to come."""
    trainee = staying(school, coordinator, email="", last_name="Nôtre")
    person = of_trainee(trainee, access_needs="Fauteuil")
    return register_school_group(edition.pk, school, [person], coordinator).registered[0]


def of(row: Registration, name: str, *more: str) -> str:
    return reverse(f"assises:{name}", args=[row.edition.year, row.pk, *more])


def exported(client: Client, name: str, **asked: Any) -> list[dict[str, str]]:
    answer: Any = client.get(reverse("exports:export", args=[name, "csv"]), asked)
    assert answer.status_code == 200, answer.status_code
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_another_school_finds_nothing_anywhere(
    theirs: Registration, ours: Registration, coordinator: User, client_of: ClientOf
) -> None:
    client = client_of(coordinator)
    for name in PAGES:
        assert client.get(of(theirs, name)).status_code == 404
        assert client.post(of(theirs, name), {}).status_code in (404, 405)
    for act in ACTS:
        assert client.post(of(theirs, "registration_act", act), {"reason": "x"}).status_code == 404
    assert client.post(of(theirs, "registration_priority"), {"priority": 3}).status_code == 404
    for name in LISTS[1:]:
        assert client.get(reverse(f"assises:{name}", args=[theirs.edition.year])).status_code in (403, 404)
    listed = reverse("assises:registrations", args=[theirs.edition.year])
    for asked in ({}, {"q": "secret"}, {"ecole": theirs.school_id}, {"origine": "school"}):
        page = client.get(listed, asked).content.decode()
        assert "SECRET" not in page
        assert theirs.school.name not in page
    assert [row["Nom"] for row in exported(client, "inscriptions-assises", annee=theirs.edition.year)] == ["Nôtre"]
    assert (
        client.get(
            reverse("exports:export", args=["reponses-assises", "csv"]), {"annee": theirs.edition.year}
        ).status_code
        == 404
    )
    page = client.get(theirs.edition.get_absolute_url()).content.decode()
    assert "Places par catégorie" not in page


def test_readers_read_and_do_not_act(
    ours: Registration, auditor: User, data_officer: User, stranger: User, client_of: ClientOf
) -> None:
    for reader in (auditor, data_officer):
        client = client_of(reader)
        page = client.get(of(ours, "registration")).content.decode()
        assert "Nôtre" in page
        assert "Fauteuil" not in page, "needs are for the Région and the school that registered"
        assert "Annuler l’inscription" not in page
        assert [
            row["Besoins pour venir et participer"]
            for row in exported(client, "inscriptions-assises", annee=ours.edition.year)
        ] == [""]
        for name in PAGES[1:]:
            assert client.get(of(ours, name)).status_code == 403
        for act in ACTS:
            assert client.post(of(ours, "registration_act", act)).status_code == 403
        assert client.get(reverse("assises:waiting", args=[ours.edition.year])).status_code == 200
        assert client.get(reverse("assises:registration_new", args=[ours.edition.year])).status_code == 403
        assert client.post(reverse("assises:requests", args=[ours.edition.year]), {"qui": ours.pk}).status_code == 403
        with pytest.raises(NotAllowed):
            act_on_registration(ours.pk, "annuler", reader, "x")
    for name in LISTS:
        assert client_of(stranger).get(reverse(f"assises:{name}", args=[ours.edition.year])).status_code == 404
        assert Client().get(reverse(f"assises:{name}", args=[ours.edition.year])).status_code == 302
    assert client_of(stranger).get(of(ours, "registration")).status_code == 404


def test_a_school_acts_on_its_own_and_never_as_the_region(
    ours: Registration, coordinator: User, client_of: ClientOf
) -> None:
    client = client_of(coordinator)
    page = client.get(of(ours, "registration")).content.decode()
    assert "Fauteuil" in page
    assert "Annuler l’inscription" in page
    assert "Faire un nouveau billet" not in page
    for act in ("inscrire", "proposer", "nouveau-billet", "refuser"):
        assert client.post(of(ours, "registration_act", act), {"reason": "x"}).status_code == 403
    refused = client.post(of(ours, "registration_act", "annuler"), {"reason": " "})
    assert refused.status_code == 422
    assert "Écrivez pourquoi" in refused.content.decode()
    nir = client.post(of(ours, "registration_act", "annuler"), {"reason": "Malade, 1 85 05 78 006 084 91"})
    assert nir.status_code == 422
    assert client.post(of(ours, "registration_act", "annuler"), {"reason": "Ne vient plus"}).status_code == 302
    assert client.post(of(ours, "registration_act", "annuler"), {"reason": "Ne vient plus"}).status_code == 302
    ours.refresh_from_db()
    assert (ours.status, ours.moves.filter(target="cancelled").count()) == ("cancelled", 1)
    assert "Ne vient plus" in client.get(of(ours, "registration")).content.decode()


def test_a_school_accepts_the_offer_made_to_a_trainee_without_address(
    ours: Registration, edition: Edition, school: School, coordinator: User, client_of: ClientOf
) -> None:
    second = register_school_group(
        edition.pk, school, [of_trainee(staying(school, coordinator, email=""))], coordinator
    ).registered[0]
    assert second.status == "waiting"
    client = client_of(coordinator)
    assert client.post(of(second, "registration_act", "accepter")).status_code == 422, "nothing is offered yet"
    cancel_registration(ours.pk)
    assert "Accepter la place" in client.get(of(second, "registration")).content.decode()
    assert client.post(of(second, "registration_act", "accepter")).status_code == 302
    second.refresh_from_db()
    assert second.status == "confirmed"


def test_a_change_keeps_the_name_of_the_file_and_is_overtaken(
    ours: Registration, coordinator: User, other_school: School, officer: User
) -> None:
    typed = {"first_name": "Faux", "email": "neuf@exemple.invalid", "access_needs": "Rien"}
    row = change_registration(ours.pk, typed, {}, 0, coordinator)
    assert (row.first_name, row.email, row.revision) == ("Prénom", "neuf@exemple.invalid", 1)
    with pytest.raises(Overtaken):
        change_registration(ours.pk, typed, {}, 0, coordinator)
    with pytest.raises(NotAllowed):
        change_registration(ours.pk, typed, {}, 1, member_of(other_school, officer, "Autre"))
    somebody(ours.edition, email="pris@exemple.invalid")
    with pytest.raises(Refused) as refused:
        change_registration(ours.pk, typed | {"email": "pris@exemple.invalid"}, {}, 1, coordinator)
    assert "existe déjà" in " ".join(refused.value.details)


def test_the_page_of_a_change_and_of_the_workshops(ours: Registration, coordinator: User, client_of: ClientOf) -> None:
    client, question = client_of(coordinator), meal(ours.edition)
    url = of(ours, "registration_change")
    typed = {"email": "", "access_needs": "Pause", "image_consent": "non", f"question_{question.pk}": "Végétarien"}
    assert 'name="first_name"' not in client.get(url).content.decode()
    assert client.post(url, typed | {"revision_seen": 5}).status_code == 422
    assert client.post(url, typed | {"revision_seen": 0}).status_code == 302
    ours.refresh_from_db()
    assert (ours.image_consent, ours.image_consent_at is None, ours.answers.get().value) == (False, False, "Végétarien")
    url = of(ours, "registration_workshops")
    session = ours.edition.sessions.get(title="Entretiens")
    assert "2 places libres" in client.get(url).content.decode()
    assert client.post(url, {"sessions": [session.pk]}).status_code == 302
    assert ours.session_places.get().session == session
    assert "Entretiens" in client.get(of(ours, "registration")).content.decode()


def test_a_school_never_reads_the_needs_that_somebody_wrote_themselves(
    edition: Edition, school: School, coordinator: User, officer: User, client_of: ClientOf
) -> None:
    row = somebody(edition, "staff", school=school, access_needs="Interprète")
    client = client_of(coordinator)
    for name in ("registration", "registration_change"):
        page = client.get(of(row, name)).content.decode()
        assert row.last_name in page
        assert "Interprète" not in page
        assert "Interprète" in client_of(officer).get(of(row, name)).content.decode()
    typed = {"first_name": "Neuf", "last_name": "Nom", "email": row.email, "access_needs": "Rien", "revision_seen": 0}
    assert client.post(of(row, "registration_change"), typed).status_code == 302
    row.refresh_from_db()
    assert (row.first_name, row.access_needs) == ("Neuf", "Interprète")


def meal(edition: Edition) -> Question:
    return Question.objects.create(edition=edition, label="Repas", kind="choice", choices="Avec viande\nVégétarien")


def test_the_region_gives_offers_and_renews(edition: Edition, officer: User, client_of: ClientOf) -> None:
    client = client_of(officer)
    first, second, third = (somebody(edition) for _ in range(3))
    full = client.post(of(second, "registration_act", "inscrire"))
    assert full.status_code == 422
    assert "relevez d’abord le quota" in full.content.decode()
    with pytest.raises(Refused, match="relevez d’abord le quota"):
        act_on_registration(second.pk, "proposer", officer)
    edition.quotas.filter(category="institution").update(places=3)
    act_on_registration(third.pk, "proposer", officer, "Intervient l’après-midi")
    act_on_registration(second.pk, "inscrire", officer)
    old = first.ticket_sha256
    act_on_registration(first.pk, "nouveau-billet", officer, "Badge perdu")
    for row in (first, second, third):
        row.refresh_from_db()
    assert (second.status, third.status, first.ticket_sha256 != old) == ("confirmed", "offered", True)
    page = client.get(reverse("assises:waiting", args=[edition.year])).content.decode()
    assert third.last_name.upper() in page
    assert client.post(of(first, "registration_act", "inconnu")).status_code == 404


def test_the_waiting_list_in_its_order(edition: Edition, officer: User, client_of: ClientOf) -> None:
    client = client_of(officer)
    _, second, third = (somebody(edition) for _ in range(3))
    url = reverse("assises:waiting", args=[edition.year])
    page = client.get(url).content.decode()
    assert page.index(second.last_name.upper()) < page.index(third.last_name.upper())
    assert client.post(of(third, "registration_priority"), {"priority": 5}).status_code == 302
    page = client.get(url).content.decode()
    assert page.index(third.last_name.upper()) < page.index(second.last_name.upper())
    client.post(of(third, "registration_priority"), {"priority": "-1"})
    third.refresh_from_db()
    assert third.priority == 5


def test_requests_are_decided_together(officer: User, coordinator: User, client_of: ClientOf) -> None:
    edition = edition_open(officer, categories_on_approval=["press"], quotas={"press": 1})
    rows = [somebody(edition, "press") for _ in range(4)]
    with pytest.raises(NotAllowed):
        decide_requests(edition, [rows[0].pk], coordinator, accept=True)
    client, url = client_of(officer), reverse("assises:requests", args=[edition.year])
    nobody = client.post(url, {"decision": "accepter"})
    assert nobody.status_code == 422
    assert "Cochez au moins une demande" in nobody.content.decode()
    no_reason = client.post(url, {"decision": "refuser", "qui": rows[3].pk})
    assert "Écrivez le motif du refus" in no_reason.content.decode()
    assert f'id="qui-{rows[3].pk}" aria-label="Choisir {rows[3].full_name}" checked' in no_reason.content.decode()
    client.post(url, {"decision": "accepter", "qui": [rows[0].pk, rows[1].pk]})
    client.post(url, {"decision": "refuser", "qui": [rows[3].pk], "reason": "Hors sujet"})
    for row in rows:
        row.refresh_from_db()
    assert [row.status for row in rows] == ["confirmed", "waiting", "asked", "refused"]
    outcome = decide_requests(edition, [rows[0].pk, rows[2].pk], officer, accept=True)
    assert [len(outcome.registered), len(outcome.refused)] == [1, 1]


def test_the_desk_registers_once_also_on_the_day(
    officer: User, coordinator: User, school: School, client_of: ClientOf
) -> None:
    edition = edition_open(officer, held_on=timezone.localdate())
    client, url = client_of(officer), reverse("assises:registration_new", args=[edition.year])
    typed = {
        "form_token": token_of(client, url),
        "category": "institution",
        "first_name": "Ève",
        "last_name": "Passage",
        "organisation": "Mairie",
    }
    assert client.post(url, typed | {"category": "company", "organisation": ""}).status_code == 422
    typed["form_token"] = token_of(client, url)
    first, second = client.post(url, typed), client.post(url, typed)
    assert (first.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    row = Registration.objects.get()
    assert (row.origin, row.status) == ("region", "confirmed")
    staff = Registration(edition=edition, category="staff", first_name="A", last_name="B")
    with pytest.raises(Refused, match="Indiquez l’école"):
        register_at_the_desk(staff, officer, answers={})
    with pytest.raises(NotAllowed):
        register_at_the_desk(staff, coordinator, answers={})


def test_nothing_changes_once_the_day_is_over(ours: Registration, officer: User, coordinator: User) -> None:
    Edition.objects.filter(pk=ours.edition_id).update(
        held_on=timezone.localdate() - timedelta(days=1), year=(timezone.localdate() - timedelta(days=1)).year
    )
    for actor in (officer, coordinator):
        with pytest.raises(Refused, match="La journée est passée"):
            act_on_registration(ours.pk, "annuler", actor, "x")
        with pytest.raises(Refused, match="La journée est passée"):
            change_registration(ours.pk, {}, {}, 0, actor)


def test_figures_open_their_rows_and_answers_are_counted(edition: Edition, officer: User, client_of: ClientOf) -> None:
    client, question = client_of(officer), meal(edition)
    first, second = somebody(edition), somebody(edition)
    press = somebody(edition, "press", email="presse@exemple.invalid")
    change_registration(first.pk, {}, {question.pk: "Végétarien"}, 0, officer)
    change_registration(second.pk, {}, {question.pk: "Végétarien"}, 0, officer)
    page = client.get(edition.get_absolute_url()).content.decode()
    assert "categorie=institution&amp;etat=waiting" in page
    assert '0 <span class="soft">sur 1</span>' in page
    listed = reverse("assises:registrations", args=[edition.year])
    page = client.get(listed, {"categorie": "institution", "etat": "waiting"}).content.decode()
    assert second.last_name.upper() in page
    assert first.last_name.upper() not in page
    company = company_named("Café de l’Étang", officer)
    guest = somebody(edition, "company", company=company, email="cafe@exemple.invalid")
    page = client.get(listed, {"entreprise": company.pk}).content.decode()
    assert guest.last_name.upper() in page
    assert first.last_name.upper() not in page
    somebody(edition, "press", last_name="Sétois", organisation="Écho de Sète")
    for words in ("PRESSE@", "echo sete"):
        found = client.get(listed, {"q": words, "categorie": "press"}).content.decode()
        assert (press.last_name.upper() in found, "SÉTOIS" in found) == ("@" in words, "@" not in words)
    # Who waits eats nothing.
    assert exported(client, "reponses-assises", annee=edition.year) == [
        {"Question": "Repas", "Réponse": "Avec viande", "Personnes avec une place": "0"},
        {"Question": "Repas", "Réponse": "Végétarien", "Personnes avec une place": "1"},
        {"Question": "Repas", "Réponse": "Pas de réponse", "Personnes avec une place": "3"},
    ]
    page = client.get(reverse("assises:answer_counts", args=[edition.year])).content.decode()
    assert f"question={question.pk}&amp;reponse=V%C3%A9g%C3%A9tarien" in page
    rows = exported(
        client,
        "inscriptions-assises",
        annee=edition.year,
        question=question.pk,
        reponse="Végétarien",
        etat="avec_place",
    )
    assert [(row["Nom"], row["Repas"]) for row in rows] == [(first.last_name, "Végétarien")]


def test_more_places_in_all_are_offered_at_once(officer: User) -> None:
    edition = edition_open(officer, places=1)
    _, second = somebody(edition), somebody(edition)
    edition.refresh_from_db()
    edition.places = 2
    change_edition(edition, edition.revision, officer)
    second.refresh_from_db()
    assert second.status == "offered"


def test_pages_ask_as_much_for_three_as_for_one(
    officer: User, client_of: ClientOf, same_query_count: Callable[..., int]
) -> None:
    edition = edition_open(officer, categories_on_approval=["press"], quotas={"institution": 1})
    client, question, workshop = client_of(officer), meal(edition), edition.sessions.get(title="Entretiens")
    choose_sessions(somebody(edition).pk, [workshop.pk])

    def one_more() -> None:
        row = somebody(edition)
        change_registration(row.pk, {}, {question.pk: "Végétarien"}, 0, officer)
        somebody(edition, "press")

    one_more()
    for name in ("registrations", "waiting", "requests", "answer_counts"):
        url = reverse(f"assises:{name}", args=[edition.year])
        assert same_query_count(lambda url=url: client.get(url), one_more) < 25
    same_query_count(lambda: client.get(edition.get_absolute_url()), one_more)
    listed = reverse("exports:export", args=["inscriptions-assises", "csv"])

    def read() -> Any:
        answer: Any = client.get(listed, {"annee": edition.year})
        assert b"".join(answer.streaming_content)
        return answer

    same_query_count(read, one_more)
