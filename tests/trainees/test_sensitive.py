"""Health data: one page, its own right, each reading traced, and no other page of the portal that asks for it."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Overtaken
from schools.models import Membership, School
from tests.factories.network import member_of
from tests.factories.trainees import pathway_of, representative_of, trainee_in
from tests.house.addresses import all_addresses
from trainees.models import SensitiveFlag, Trainee
from trainees.operations.sensitive import read_sensitive, save_sensitive

pytestmark = pytest.mark.django_db
TABLE = "trainees_sensitiveflag"
FACTS = {"rqth": True, "valid_until": None, "arrangements": "Écran plus grand"}


@pytest.fixture
def nina(school: School, coordinator: User) -> Trainee:
    trainee = trainee_in(school, coordinator)
    representative_of(trainee, coordinator)
    pathway_of(trainee, coordinator)
    save_sensitive(trainee, FACTS, None, coordinator)
    return trainee


def acts_on(trainee: Trainee) -> list[str]:
    return [entry.action for entry in trail_of(trainee) if entry.action.startswith("sensitive.")]


def test_reading_and_changing_are_traced_without_what_they_hold(
    nina: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(coordinator)
    page = client.get(reverse("trainees:sensitive", args=[nina.public_id]))
    assert "Écran plus grand" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert acts_on(nina) == ["sensitive.read", "sensitive.changed"]
    form = {"rqth": "", "arrangements": "Rien de particulier", "revision_seen": "1"}
    assert client.post(reverse("trainees:sensitive_edit", args=[nina.public_id]), form).status_code == HTTPStatus.FOUND
    assert not SensitiveFlag.objects.get(trainee=nina).rqth
    told = "".join(f"{entry.summary}{entry.detail}" for entry in trail_of(nina))
    assert "Écran" not in told
    assert "particulier" not in told


def test_who_may_not_read_them(
    nina: Trainee, school: School, other_school: School, officer: User, auditor: User, data_officer: User,
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    address = reverse("trainees:sensitive", args=[nina.public_id])
    for role in (Membership.Role.REFERENT, Membership.Role.COMPANY_RELATIONS):
        member = member_of(school, officer, role=role)
        client = client_of(member)
        assert client.get(address).status_code == HTTPStatus.FORBIDDEN, role
        assert "donnees-sensibles" not in client.get(nina.get_absolute_url()).content.decode()
        with pytest.raises(NotAllowed):
            read_sensitive(nina, member)
    for reader in (officer, auditor):
        assert client_of(reader).get(address).status_code == HTTPStatus.FORBIDDEN
    assert client_of(member_of(other_school, officer)).get(address).status_code == HTTPStatus.NOT_FOUND
    assert acts_on(nina) == ["sensitive.changed"]
    data = client_of(data_officer)
    assert data.get(address).status_code == HTTPStatus.OK
    assert data.get(reverse("trainees:sensitive_edit", args=[nina.public_id])).status_code == HTTPStatus.FORBIDDEN


def test_two_do_not_write_over_each_other(nina: Trainee, coordinator: User) -> None:
    save_sensitive(nina, FACTS | {"rqth": False}, 1, coordinator)
    with pytest.raises(Overtaken):
        save_sensitive(nina, FACTS, 1, coordinator)


def test_no_other_page_of_the_portal_asks_for_them(
    nina: Trainee, coordinator: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    values = {
        "public_id": str(nina.public_id), "pk": str(nina.pathways.get().pk), "move": "suspend", "name": "stagiaires",
        "extension": "csv",
    }  # fmt: skip
    addresses = [
        address.example for address in all_addresses(values=values)
        if "donnees-sensibles" not in address.route and "deconnexion" not in address.route
    ]  # fmt: skip
    assert reverse("trainees:trainee", args=[nina.public_id]) in addresses
    # The officer opens all that the network has, the admin too; whoever leads the school, all that speaks of the person.
    walks = [
        (officer, addresses),
        (coordinator, [one for one in addresses if one.startswith(("/stagiaires/", "/exports/"))]),
    ]
    readers = [(client_of(reader), found) for reader, found in walks]
    assert [one for client, found in readers for one in found if asks_for_them(client, one)] == []


def asks_for_them(client: Client, address: str) -> bool:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer)  # type: ignore[call-overload]
    return any(TABLE in query["sql"] for query in queries.captured_queries)
