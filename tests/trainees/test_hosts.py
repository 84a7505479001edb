"""Finding a host: distances that are true, filters, what is hidden, what a school may not learn of another, and a flat cost."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from partnerships.models import Company
from schools.models import School
from schools.scope import scope_of
from tests.factories.hosting import approach_at, communes, host_in, internship_at, offer_at
from tests.factories.network import member_of
from tests.factories.trainees import pathway_of, trade, trainee_in
from trainees.models import HostProfile
from trainees.operations.hosting import save_profile
from trainees.reads.hosts import DISTANCE, HERE, NETWORK, HostsWanted, hosts_found, with_welcomes

pytestmark = pytest.mark.django_db
HOSTS = reverse("trainees:hosts")


def found(user: User, **wanted: object) -> list[str]:
    return [row.name for row in hosts_found(scope_of(user), HostsWanted(**wanted))]


def plain(answer: Any) -> str:
    """Return a page with ordinary spaces: French typography ties words with others."""
    return re.sub(r"[\u00a0\u202f]", " ", answer.content.decode().replace("&nbsp;", " "))


def test_distances_go_from_centre_to_centre(coordinator: User) -> None:
    towns = communes()
    for code in ("34172", "34057", "34145", "30189", "66136"):
        host_in(code, f"Hôte {code}")
    rows = hosts_found(scope_of(coordinator), HostsWanted(commune=towns["34172"], radius_km=50, order=DISTANCE))
    # Great circle between these centres, by the haversine formula.
    assert [(row.name, round(row.km, 1)) for row in rows] == [
        ("Hôte 34172", 0.0), ("Hôte 34057", 4.3), ("Hôte 34145", 22.6), ("Hôte 30189", 46.2),
    ]  # fmt: skip
    assert found(coordinator, commune=towns["34172"], radius_km=10) == ["Hôte 34172", "Hôte 34057"]


def test_a_trade_is_found_by_past_offered_and_declared(school: School, coordinator: User) -> None:
    cook, sell = trade(), trade("D1106", "Vente en alimentation")
    done, offered, declared, other = (host_in("34172", name) for name in ("Fait", "Offert", "Déclaré", "Autre"))
    internship_at(done, school, coordinator, trade=cook)
    internship_at(other, school, coordinator, trade=sell)
    offer_at(offered, coordinator, school, trade=cook)
    save_profile(HostProfile(establishment=declared), [cook], None, coordinator)
    assert set(found(coordinator, trade_codes=("G1602",))) == {"Fait", "Offert", "Déclaré"}
    assert found(coordinator, trade_codes=()) == []


def test_the_filters_say_what_they_say(school: School, other_school: School, officer: User, coordinator: User) -> None:
    ours, theirs, minors, plain = (host_in("34172", name) for name in ("Nôtre", "Leur", "Mineurs", "Rien"))
    internship_at(ours, school, coordinator)
    internship_at(theirs, other_school, member_of(other_school, officer))
    internship_at(plain, school, coordinator, status="cancelled")
    save_profile(HostProfile(establishment=minors, takes_minors="yes"), [], None, coordinator)
    offer_at(plain, officer, ends_on=date(2099, 1, 1))
    assert found(coordinator, welcomed=HERE) == ["Nôtre"]
    assert set(found(coordinator, welcomed=NETWORK)) == {"Nôtre", "Leur"}
    assert found(coordinator, minors=True) == ["Mineurs"]
    assert found(coordinator, offers=True) == ["Rien"]
    assert found(coordinator, engaged=True) == []
    assert found(coordinator)[:2] == ["Rien", "Nôtre"], "an open place comes first, then those my school knows"


def test_partial_diffusion_hides_the_name_and_the_search(
    school: School, coordinator: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    place = host_in("34172", "Marie Secrète")
    Company.objects.filter(pk=place.company_id).update(diffusion_status="P", legal_category="1000")
    client = client_of(coordinator)
    for url in (HOSTS, reverse("trainees:host", args=[place.pk])):
        page = client.get(url).content.decode()
        assert "Secrète" not in page
        assert "Diffusion partielle" in page
    assert "0 établissement" in client.get(HOSTS, {"q": "secrete"}).content.decode().replace("\xa0", " ")
    assert "Secrète" in client_of(officer).get(HOSTS, {"q": "secrete"}).content.decode()
    assert "Secr" not in client_of(officer).get(reverse("exports:export", args=["accueils", "csv"])).getvalue().decode(
        "utf-8-sig"
    )


def test_a_school_reads_counts_of_another_and_no_name(
    school: School, other_school: School, officer: User, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    place = host_in("34172")
    neighbour = member_of(other_school, officer)
    person = trainee_in(other_school, neighbour, last_name="Inconnue")
    internship_at(place, other_school, neighbour, trainee=person)
    approach_at(place, other_school, neighbour, trainee=person, note="Mot secret")
    page = client_of(coordinator).get(reverse("trainees:host", args=[place.pk])).content.decode().replace("\xa0", " ")
    assert "1 stage d’une autre école" in page
    assert "inconnue" not in page.lower()
    assert "Mot secret" not in page
    officers = client_of(officer).get(reverse("trainees:host", args=[place.pk])).content.decode()
    assert "inconnue" not in officers.lower()
    assert "Mot secret" not in officers


def test_nobody_outside_the_network_searches(stranger: User, client_of: Callable[[User], Client]) -> None:
    place = host_in("34172")
    client = client_of(stranger)
    for name in ("hosts", "offers", "approaches", "trade_suggestions", "communes", "visits"):
        assert client.get(reverse(f"trainees:{name}")).status_code == 404, name
    for name in ("host", "host_profile", "host_internship", "approach_new", "offer_new"):
        assert client.get(reverse(f"trainees:{name}", args=[place.pk])).status_code == 404, name
    for name in ("accueils", "demarches", "offres-de-stage", "visites"):
        assert client.get(reverse("exports:export", args=[name, "csv"])).status_code == 404, name


def test_an_auditor_reads_and_writes_nothing(auditor: User, client_of: Callable[[User], Client]) -> None:
    place = host_in("34172")
    client = client_of(auditor)
    assert client.get(reverse("trainees:host", args=[place.pk])).status_code == 200
    for name in ("host_profile", "host_internship", "approach_new", "offer_new"):
        assert client.get(reverse(f"trainees:{name}", args=[place.pk])).status_code == 403, name


def test_what_cannot_be_understood_is_told_beside_the_box(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    communes()
    client = client_of(coordinator)
    assert "Rien ne correspond à « Atlantis »" in plain(client.get(HOSTS, {"commune": "Atlantis"}))
    assert client.get(reverse("exports:export", args=["accueils", "csv"]), {"commune": "Atlantis"}).status_code == 404
    assert "n’est pas dans le référentiel" in plain(client.get(HOSTS, {"metier": "licorne"}))
    near = plain(client.get(HOSTS, {"commune": "34170", "rayon": "10"}))
    assert "de Castelnau-le-Lez, de centre à centre" in near


def test_the_suggestions_follow_what_is_typed(coordinator: User, client_of: Callable[[User], Client]) -> None:
    communes()
    trade()
    client = client_of(coordinator)
    assert (
        "Personnel de cuisine (G1602)"
        in client.get(reverse("trainees:trade_suggestions"), {"metier": "cuis"}).content.decode()
    )
    assert "Nîmes (30)" in client.get(reverse("trainees:communes"), {"commune": "nim"}).content.decode()


def test_the_trainees_without_internship_are_offered(
    school: School, other_school: School, officer: User, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    place = host_in("34172")
    free, busy = trainee_in(school, coordinator, last_name="Libre"), trainee_in(school, coordinator, last_name="Prise")
    foreign = trainee_in(other_school, member_of(other_school, officer), last_name="Ailleurs")
    for person in (free, busy):
        pathway_of(person, coordinator)
    pathway_of(foreign, member_of(other_school, officer))
    internship_at(place, school, coordinator, trainee=busy, starts_on=date(2099, 1, 5))
    page = client_of(coordinator).get(reverse("trainees:host_internship", args=[place.pk])).content.decode()
    assert "LIBRE" in page
    assert "PRISE" not in page
    assert "AILLEURS" not in page


def test_the_profile_is_shared_and_saved_over_nobody(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    place = host_in("34172")
    trade()
    client, url = client_of(coordinator), reverse("trainees:host_profile", args=[place.pk])
    typed = {"takes_minors": "yes", "trades": "cuisine\nzzz", "remarks": "Tram 3"}
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "Rien ne correspond à « zzz »" in plain(refused)
    assert client.post(url, {**typed, "trades": "cuisine"}).status_code == 302
    profile = HostProfile.objects.get()
    assert [row.code for row in profile.trades.all()] == ["G1602"]
    assert client.post(url, {**typed, "trades": "", "revision_seen": "0"}).status_code == 422
    assert (
        "sécurité sociale"
        in client.post(
            url, {"remarks": "2 06 01 34 172 123 45", "revision_seen": str(profile.revision)}
        ).content.decode()
    )


def test_the_list_costs_the_same_for_one_and_three(
    school: School, coordinator: User, client_of: Callable[[User], Client], same_query_count: Callable[..., int]
) -> None:
    communes()
    client = client_of(coordinator)

    def add() -> None:
        place = host_in("34172")
        internship_at(place, school, coordinator, trade=trade())
        offer_at(place, coordinator, school)
        save_profile(HostProfile(establishment=place), [trade()], None, coordinator)

    add()
    assert same_query_count(lambda: client.get(HOSTS, {"commune": "Montpellier", "metier": "cuisine"}), add) < 30


def test_the_page_of_a_host_costs_the_same(
    school: School, coordinator: User, client_of: Callable[[User], Client], same_query_count: Callable[..., int]
) -> None:
    place = host_in("34172")

    def add() -> None:
        internship_at(place, school, coordinator, trade=trade())
        offer_at(place, coordinator, school)
        approach_at(place, school, coordinator)

    add()
    same_query_count(lambda: client_of(coordinator).get(reverse("trainees:host", args=[place.pk])), add)


def test_the_file_counts_what_the_page_counts(
    school: School, other_school: School, officer: User, coordinator: User
) -> None:
    place = host_in("34172", "Compté")
    internship_at(place, school, coordinator)
    internship_at(place, other_school, member_of(other_school, officer), starts_on=date(2026, 11, 2))
    scope = scope_of(coordinator)
    row = with_welcomes(hosts_found(scope, HostsWanted()), scope).get()
    assert (row.welcomes, row.welcomes_here, row.last_welcome) == (2, 1, date(2026, 11, 2))
