"""What the Région publishes: frozen, small numbers hidden, corrected by a version that says why, open to anybody."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.figures.models import PublishedYear
from e2c_portal.figures.public_content import content_of, fingerprint_of
from e2c_portal.figures.publishing import publish, published
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.network import member_of
from tests.factories.trainees import pathway_of, trainee_in

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
YEAR = 2026
PUBLIC = reverse("figures:public")


def entered(school: School, actor: User, number: int, **facts: Any) -> None:
    for _ in range(number):
        pathway_of(trainee_in(school, actor, last_name="Secret", **facts), actor)


def value(content: dict[str, Any], key: str, code: str) -> dict[str, Any]:
    [indicator] = [one for group in content["groups"] for one in group["indicators"] if one["key"] == key]
    [found] = [one for one in indicator["values"] if one["place"] == code]
    return found


def test_only_the_region_publishes(
    school: School, coordinator: User, officer: User, auditor: User, client_of: ClientOf
) -> None:
    for actor in (coordinator, auditor):
        with pytest.raises(NotAllowed):
            publish(YEAR, actor)
        assert client_of(actor).post(reverse("figures:publish", args=[YEAR]), {"seen": 0}).status_code == 403
    assert not PublishedYear.objects.exists()
    with pytest.raises(Refused):
        publish(1999, officer)


def test_nothing_public_before_it_is_published(client: Client, school: School, coordinator: User) -> None:
    entered(school, coordinator, 6)
    page = client.get(PUBLIC)
    assert page.status_code == 200
    assert "Aucun chiffre" in page.content.decode()
    for name in ("public_csv", "public_json"):
        assert client.get(reverse(f"figures:{name}", args=[YEAR])).status_code == 404


def test_published_then_corrected(
    client: Client, client_of: ClientOf, school: School, coordinator: User, officer: User
) -> None:
    entered(school, coordinator, 6, gender="F")
    address = reverse("figures:publish", args=[YEAR])
    officers = client_of(officer)
    assert "Publier les chiffres de 2026" in officers.get(address).content.decode()
    assert officers.post(address, {"seen": 0}).status_code == 302
    first = published(YEAR)
    assert first is not None
    assert first.data_sha256 == fingerprint_of(first.content)
    assert trail_of(first).filter(action="figures.published").exists()
    page = client.get(PUBLIC).content.decode()
    assert "6\N{NO-BREAK SPACE}personnes" in page
    assert "Secret" not in page
    assert first.data_sha256 in page
    # Sent twice, or seen before somebody else published: nothing more is published.
    assert "Une autre version vient" in officers.post(address, {"seen": 0, "reason": "Encore"}).content.decode()
    with pytest.raises(Refused) as refusal:
        publish(YEAR, officer, seen=1, reason="Rien n’a bougé")
    assert refusal.value.code == "unchanged"
    entered(school, coordinator, 5, gender="H")
    assert "6\N{NO-BREAK SPACE}personnes" in client.get(PUBLIC).content.decode(), "what is published does not move"
    for reason, refused in (("", Refused), ("Dossier 1 85 05 78 006 084 36", Refused)):
        with pytest.raises(refused):
            publish(YEAR, officer, seen=1, reason=reason)
    with pytest.raises(Overtaken):
        publish(YEAR, officer, seen=0, reason="Retard de saisie")
    second = publish(YEAR, officer, seen=1, reason="Retard de saisie")
    assert second.number == 2
    assert any(
        "Stagiaires accueillis" in change and "6\N{NO-BREAK SPACE}personnes → 11" in change for change in second.changes
    )
    page = client.get(PUBLIC).content.decode()
    assert "Retard de saisie" in page
    assert "11\N{NO-BREAK SPACE}personnes" in page
    _held_by_the_database(first)


def _held_by_the_database(row: PublishedYear) -> None:
    for change in (
        lambda: PublishedYear.objects.filter(pk=row.pk).update(year=2025),
        lambda: PublishedYear.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_small_numbers_are_hidden_before_they_are_written(
    school: School, other_school: School, coordinator: User, officer: User
) -> None:
    """A department of two people is hidden, and so is another one, or the network would tell."""
    School.objects.filter(pk=other_school.pk).update(department="30")
    entered(school, coordinator, 9, gender="F")
    with_few = content_of(YEAR)
    assert value(with_few, "accueillis", "d34")["numerator"] == 9
    entered(other_school, member_of(other_school, officer, "Personne d’ailleurs"), 2, gender="H")
    content = content_of(YEAR)
    assert value(content, "accueillis", "n")["numerator"] == 11
    for code in ("d34", "d30"):
        hidden = value(content, "accueillis", code)
        assert (hidden["hidden"], hidden["numerator"], hidden["value"]) == (True, None, None)
    assert value(content, "femmes", "n")["hidden"], "two men"
    assert not value(content, "entreprises", "d30")["hidden"]
    # No person, no school: departments alone.
    assert school.name not in json.dumps(content, ensure_ascii=False)


def test_open_data_say_the_same_as_the_page(client: Client, school: School, coordinator: User, officer: User) -> None:
    entered(school, coordinator, 6, gender="F")
    row = publish(YEAR, officer)
    answer = client.get(reverse("figures:public_csv", args=[YEAR]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    told = json.loads(client.get(reverse("figures:public_json", args=[YEAR])).content)
    assert told["sha256"] == row.data_sha256
    assert set(told["dictionnaire"]) == set(lines[0])
    assert len(told["chiffres"]) == len(lines)
    [received] = [line for line in lines if line["indicateur"] == "accueillis" and line["code_lieu"] == "n"]
    assert (received["valeur"], received["unite"], received["masque"]) == ("6", "personnes", "non")
