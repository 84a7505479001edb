"""Words in the whole network: the same rows whether few people hold them, looked up one by one, or many, read in order."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from partnerships.models import Company
from schools.models import School
from schools.scope import Scope, scope_of
from tests.factories.hosting import host_in, internship_at
from tests.factories.network import member_of
from tests.factories.trainees import trainee_in
from trainees.reads.hosts import HostsWanted, first_hosts, hosts_found
from trainees.reads.internship_list import ALL, Asking, internships_listed
from trainees.reads.people import Wanted, counted_first, first_trainees, trainees_wanted

pytestmark = pytest.mark.django_db
NETWORK = Scope(whole_network=True)


@pytest.fixture
def scene(school: School, other_school: School, officer: User, coordinator: User) -> None:
    """Three internships in two schools; « martin » is both a trainee and a company."""
    neighbour = member_of(other_school, officer)
    for place, home, actor, last, first in (
        ("Boulangerie Martin", school, coordinator, "Nuñez", "Léa"),
        ("Garage du Pont", other_school, neighbour, "Martin", "Léa"),
        ("Garage Secret", other_school, neighbour, "Roux", "Théo"),
    ):
        trainee = trainee_in(home, actor, last_name=last, first_name=first)
        internship_at(host_in("34172", place), home, actor, trainee=trainee)
    Company.objects.filter(legal_name="Garage Secret").update(diffusion_status="P", legal_category="1000")


@pytest.mark.parametrize("few", [500, 0])
@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("nunez", {"Nuñez"}), ("LEA", {"Nuñez", "Martin"}), ("martin", {"Nuñez", "Martin"}), ("lea martin", {"Nuñez", "Martin"}),
        ("garage", {"Martin"}), ("garage lea", {"Martin"}), ("boulangerie nunez martin", {"Nuñez"}), ("garage nunez", set()),
        ("secret", set()), ("personne", set()), ("", {"Nuñez", "Martin", "Roux"}),
    ],
)  # fmt: skip
def test_internships_are_found_by_people_and_by_companies(
    scene: None, words: str, names: set[str], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainees.reads.internship_words.FEW", few)
    rows = internships_listed(NETWORK, Asking(situation=ALL, words=words))
    assert {row.trainee.last_name for row in rows} == names


def test_a_frequent_word_is_counted_for_a_few_pages(
    scene: None, officer: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainees.views.internships.FOUND_UP_TO", 1)
    page = client_of(officer).get(reverse("trainees:internships"), {"q": "lea", "situation": "all"})
    assert "Plus de 1 stages" in page.content.decode().replace("&nbsp;", " ").replace("\xa0", " ")
    assert len(page.context["page_obj"]) == 1


def test_names_that_begin_as_typed_come_first(school: School, coordinator: User) -> None:
    for last in ("Bernard-Roux", "Roux", "Roux-Zola"):
        trainee_in(school, coordinator, last_name=last, first_name="Ana")
    wanted = Wanted(words="roux")
    rows = trainees_wanted(NETWORK, wanted)
    assert [row.last_name for row in rows] == ["Roux", "Roux-Zola", "Bernard-Roux"]
    for top in (1, 2, 3):
        assert list(first_trainees(rows, NETWORK, wanted, top)[:top]) == list(rows[:top])
    for words, number in (("roux", 3), ("ana", 3), ("roux ana", 3), ("zola", 1), ("martin", 0)):
        asked = Wanted(words=words)
        counted = counted_first(trainees_wanted(NETWORK, asked), NETWORK, asked)
        assert counted is not None
        assert counted.count() == len({row["pk"] for row in counted}) == number, "each is counted once"
    assert counted_first(rows, Scope(school_ids=frozenset({school.pk})), wanted) is None


@pytest.mark.parametrize("few", [500, 0])
def test_the_first_hosts_are_the_first_of_all(
    school: School, coordinator: User, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainees.reads.hosts.FEW", few)
    places = [host_in("34172", f"Garage {letter}") for letter in "ABC"]
    internship_at(places[1], school, coordinator)
    scope = scope_of(coordinator)
    for words, number in (("", 3), ("garage", 3), ("montpell", 3), ("garage c", 1), ("absent", 0)):
        wanted = HostsWanted(words=words)
        hosts = hosts_found(scope, wanted)
        assert hosts.count() == number, words
        for top in {1, number} if number else ():
            assert list(first_hosts(scope, wanted, hosts, top)[:top]) == list(hosts[:top]), (words, top)
    assert hosts_found(scope, HostsWanted())[0] == places[1], "known to the school"


def test_the_region_chooses_a_school_before_a_site(
    school: School, coordinator: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    trainee_in(school, coordinator)
    client, url = client_of(officer), reverse("trainees:trainees")
    assert 'name="site"' not in client.get(url).content.decode()
    assert 'name="site"' not in client.get(url, {"ecole": "0"}).content.decode()
