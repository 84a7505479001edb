"""The network, its schools and their teams in the admin: saved by operations, with their trace."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from schools.models import Network, School, Site
from schools.queries import current_network
from tests.factories.network import member_of

LIST = "/gestion/schools/school/"


def posted(school: School, sites: int = 0, memberships: int = 0, **fields: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "network": school.network_id, "name": school.name, "slug": school.slug, "department": school.department,
        "operator": "", "siret": "", "activity_declaration_number": "", "uai": "", "facts": "", "sources": "",
        "revision_seen": school.revision,
    }  # fmt: skip
    for name, count in (("sites", sites), ("memberships", memberships)):
        data |= {f"{name}-TOTAL_FORMS": count + 1, f"{name}-INITIAL_FORMS": count}
        data |= {f"{name}-MIN_NUM_FORMS": 0, f"{name}-MAX_NUM_FORMS": 1000}
    return data | fields


def test_a_school_is_changed_and_its_site_added(officer_client: Client, officer: User, school: School) -> None:
    data = posted(school, operator="CEMEA") | {"sites-0-name": "Clémenceau", "sites-0-city": "Montpellier"}
    assert officer_client.post(f"{LIST}{school.pk}/change/", data).status_code == 302
    school.refresh_from_db()
    assert (school.operator, school.sites.get().name) == ("CEMEA", "Clémenceau")
    assert trail_of(school).first().summary == "Fiche modifiée : organisme porteur"
    assert [entry.actor for entry in trail_of(school.sites.get())] == [officer]


def test_a_wrong_postal_code_writes_nothing(officer_client: Client, school: School) -> None:
    data = posted(school, operator="CEMEA") | {"sites-0-name": "Site", "sites-0-postal_code": "34"}
    assert officer_client.post(f"{LIST}{school.pk}/change/", data).status_code == 422
    school.refresh_from_db()
    assert school.operator == ""
    assert not Site.objects.exists()


def test_somebody_joins_a_team(officer_client: Client, stranger: User, school: School) -> None:
    data = posted(school) | {
        "memberships-0-user": stranger.pk,
        "memberships-0-role": "referent",
        "memberships-0-starts_on": "2026-01-05",
    }
    officer_client.post(f"{LIST}{school.pk}/change/", data)
    membership = school.memberships.get()
    assert (membership.user, membership.role) == (stranger, "referent")
    assert trail_of(membership).count() == 1


def test_there_is_one_network(officer_client: Client, school: School) -> None:
    address = "/gestion/schools/network/add/"
    assert officer_client.get(address).status_code == 403
    assert officer_client.post(address, {"name": "Autre", "region_name": "Autre"}).status_code == 403
    network = current_network()
    data = {"name": network.name, "region_name": "Région renommée", "region_address": ""}
    officer_client.post(f"/gestion/schools/network/{network.pk}/change/", data)
    assert Network.objects.get().region_name == "Région renommée"


def test_an_auditor_writes_nothing(auditor: User, school: School, client_of: Callable[[User], Client]) -> None:
    client = client_of(auditor)
    assert client.get(f"{LIST}{school.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{school.pk}/change/", posted(school, operator="CEMEA")).status_code == 403


def test_query_count_of_a_school(
    officer_client: Client, officer: User, school: School, same_query_count: Callable[..., int]
) -> None:
    member_of(school, officer)

    def add() -> None:
        member_of(school, officer)
        Site.objects.create(school=school, name=f"Site {school.sites.count()}")

    assert same_query_count(lambda: officer_client.get(f"{LIST}{school.pk}/change/"), add) <= 9


def test_the_second_to_save_a_school_is_told_and_keeps_what_was_typed(officer_client: Client, school: School) -> None:
    url = f"{LIST}{school.pk}/change/"
    assert 'name="revision_seen" value="1"' in officer_client.get(url).content.decode()
    mine = posted(school, operator="CEMEA")
    assert officer_client.post(url, posted(school, uai="0341234A")).status_code == 302
    html = officer_client.post(url, mine).content.decode()
    assert "Quelqu’un a enregistré cette école pendant que vous la modifiiez" in html
    assert "diffère de la version enregistrée sur : organisme porteur, code UAI" in html
    assert 'value="CEMEA"' in html
    assert officer_client.post(url, mine | {"revision_seen": 2}).status_code == 302
    school.refresh_from_db()
    assert (school.operator, school.revision) == ("CEMEA", 3)


def test_a_school_sent_twice_is_created_once(officer_client: Client, school: School) -> None:
    url = f"{LIST}add/"
    token = officer_client.get(url).context["adminform"].form["form_token"].value()
    data = posted(school, name="École de Béziers", slug="beziers", form_token=token) | {"sites-0-name": "Centre"}
    assert {officer_client.post(url, data).status_code for _ in range(2)} == {302}
    assert School.objects.get(slug="beziers").sites.count() == 1
