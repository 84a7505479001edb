"""A school registers its trainees and its team: once, for itself alone, each refusal by name."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.models import Edition, Registration
from assises.operations.group_registering import register_school_group
from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.assises import edition_open, somebody
from tests.factories.groups import of_staff, of_trainee, register_page, staying, token_of
from tests.factories.network import member_of
from tests.factories.trainees import MINOR, representative_of, trainee_in

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer, quotas={"trainee": 2})


def test_who_may_not_register_is_refused(
    edition: Edition, school: School, other_school: School, coordinator: User, officer: User, auditor: User, data_officer: User,
    client_of: ClientOf,
) -> None:  # fmt: skip
    theirs = staying(other_school, officer_of(other_school, officer))
    for page in ("school_choose", "school_register"):
        assert (
            client_of(coordinator).get(reverse(f"assises:{page}", args=[edition.year, other_school.pk])).status_code
            == 404
        )
        own = reverse(f"assises:{page}", args=[edition.year, school.pk])
        assert Client().get(own).status_code == 302
        for reader in (officer, auditor, data_officer):
            assert client_of(reader).get(own).status_code == 403
            assert client_of(reader).post(own, {}).status_code in (403, 405)
    with pytest.raises(NotAllowed):
        register_school_group(edition.pk, other_school, [of_trainee(theirs)], coordinator)
    # Their trainee, named in the address or handed to the operation, is not found in this school.
    outcome = register_school_group(edition.pk, school, [of_trainee(theirs)], coordinator)
    assert [one.sentence for one in outcome.refused] == ["Cette personne n’est plus dans cette école."]
    page = client_of(coordinator).get(register_page(edition, school, theirs)).content.decode()
    assert theirs.last_name not in page
    assert not Registration.objects.exists()


def officer_of(school: School, officer: User) -> User:
    return member_of(school, officer, "Karim Autre")


@pytest.mark.parametrize(
    ("opens", "closes", "word"), [(3, 9, "ouvriront"), (-9, -3, "closes depuis")], ids=["too early", "too late"]
)
def test_registration_that_is_not_open_says_when(
    opens: int, closes: int, word: str, school: School, coordinator: User, officer: User, client_of: ClientOf
) -> None:
    now = timezone.now()
    edition = edition_open(
        officer, registration_opens_at=now + timedelta(days=opens), registration_closes_at=now + timedelta(days=closes)
    )
    trainee = staying(school, coordinator)
    with pytest.raises(Refused, match=word):
        register_school_group(edition.pk, school, [of_trainee(trainee)], coordinator)
    for page in ("school_choose", "school_register"):
        shown = client_of(coordinator).get(reverse(f"assises:{page}", args=[edition.year, school.pk])).content.decode()
        assert word in shown
        assert "<textarea" not in shown
    url = register_page(edition, school, trainee)
    assert client_of(coordinator).post(url, {}).status_code == 422
    assert not Registration.objects.exists()


def test_nobody_or_too_many_at_once(edition: Edition, school: School, coordinator: User) -> None:
    with pytest.raises(Refused, match="au moins une personne"):
        register_school_group(edition.pk, school, [], coordinator)
    with pytest.raises(Refused, match="100 personnes au plus"):
        register_school_group(
            edition.pk, school, [of_staff("B", f"b{n}@exemple.invalid") for n in range(101)], coordinator
        )


def test_all_who_can_be_are_and_each_refusal_is_told_by_name(
    edition: Edition, school: School, coordinator: User
) -> None:
    first, second, third = (staying(school, coordinator) for _ in range(3))
    register_school_group(edition.pk, school, [of_trainee(first)], coordinator)
    outcome = register_school_group(
        edition.pk, school,
        [of_trainee(first), of_trainee(second), of_trainee(third), of_staff("Cadre", second.email), of_staff("Autre", "x@exemple.invalid")],
        coordinator,
    )  # fmt: skip
    assert [row.status for row in outcome.registered] == ["confirmed", "waiting", "confirmed"]
    assert [(row.category, row.origin, row.school) for row in outcome.registered][2] == ("staff", "school", school)
    assert [(one.name, one.sentence[:25]) for one in outcome.refused] == [
        (str(first), "Une inscription existe dé"), ("Ada Cadre", "Une inscription existe dé"),
    ]  # fmt: skip
    assert "Cadre" not in " ".join(Entry.objects.filter(action__startswith="edition").values_list("summary", flat=True))


def test_a_minor_s_consent_is_given_by_somebody(edition: Edition, school: School, coordinator: User) -> None:
    young = staying(school, coordinator, birth_date=MINOR)
    refused = register_school_group(edition.pk, school, [of_trainee(young, image_consent=True)], coordinator).refused
    assert "représentant légal" in refused[0].sentence
    people = [of_trainee(young, image_consent=True, image_consent_by="Anne Parent")]
    row = register_school_group(edition.pk, school, people, coordinator).registered[0]
    assert row.image_consent_at


def test_the_page_from_the_choice_to_the_list(
    edition: Edition, school: School, coordinator: User, client_of: ClientOf
) -> None:
    client = client_of(coordinator)
    young, adult, third = (
        staying(school, coordinator, birth_date=MINOR),
        staying(school, coordinator),
        staying(school, coordinator),
    )
    gone = trainee_in(school, coordinator, last_name="Sansparcours")
    representative_of(young, coordinator)
    register_school_group(edition.pk, school, [of_trainee(third)], coordinator)
    choose = reverse("assises:school_choose", args=[edition.year, school.pk])
    page = client.get(choose, {"q": adult.last_name, "qui": young.pk}).content.decode()
    assert "Déjà choisis" in page, "what is ticked survives a search"
    page = client.get(choose).content.decode()
    assert f'id="qui-{third.pk}"' not in page, "who is registered is shown and not offered"
    assert third.last_name.upper() in page
    assert gone.last_name.upper() not in page
    assert "1 place restante" in page.replace("\xa0", " ")
    answer = client.get(choose, {"qui": [young.pk, adult.pk], "suite": "1"})
    url = answer.headers["Location"]
    typed = {
        "form_token": token_of(client, url), f"stagiaire-{young.pk}-image_consent": "oui", f"stagiaire-{adult.pk}-access_needs": "Fauteuil",
        "equipe-1-first_name": "Ada",
    }  # fmt: skip
    page = client.post(url, typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Anne Parent (mère)" in text
    assert "Indiquez le nom." in text
    assert "Fauteuil" in text
    assert not Registration.objects.filter(trainee=young).exists()
    typed |= {
        f"stagiaire-{young.pk}-image_consent_by": "Anne Parent",
        "equipe-1-last_name": "Cadre",
        "equipe-1-email": "cadre@exemple.invalid",
    }
    answer = client.post(url, typed, follow=True)
    assert "3 personnes enregistrées : 2 inscrites, 1 sur liste d’attente." in answer.content.decode().replace(
        "\xa0", " "
    )
    # The same page sent again, by a double click or « back », writes nothing more and leads to the list.
    again = client.post(url, typed)
    assert again.status_code == 302
    assert Registration.objects.count() == 4
    assert Registration.objects.get(trainee=adult).access_needs == "Fauteuil"


def test_the_refused_stay_on_the_page_and_the_others_are_registered(
    edition: Edition, school: School, coordinator: User, client_of: ClientOf
) -> None:
    client, trainee = client_of(coordinator), staying(school, coordinator)
    somebody(edition, email="pris@exemple.invalid")
    url = register_page(edition, school, trainee)
    typed = {
        "form_token": token_of(client, url), "equipe-1-first_name": "Ada", "equipe-1-last_name": "Cadre",
        "equipe-1-email": "pris@exemple.invalid", "equipe-1-job_title": "Directrice",
    }  # fmt: skip
    answer = client.post(url, typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Ada Cadre : Une inscription existe déjà" in text.replace("\xa0", " ")
    assert "Directrice" in text
    assert "1 personne enregistrée" in text.replace("\xa0", " ")
    assert trainee.last_name.upper() not in text
    token = token_of_text(text)
    assert token != typed["form_token"]
    answer = client.post(url, typed | {"form_token": token, "equipe-1-email": "libre@exemple.invalid"})
    assert answer.status_code == 302
    assert Registration.objects.filter(category="staff", origin="school").count() == 1


def token_of_text(text: str) -> str:
    return text.split('name="form_token" value="')[1].split('"')[0]


def test_choosing_asks_as_much_for_three_as_for_one(
    edition: Edition, school: School, coordinator: User, client_of: ClientOf, same_query_count: Callable[..., int]
) -> None:
    client, url = client_of(coordinator), reverse("assises:school_choose", args=[edition.year, school.pk])
    trainee = staying(school, coordinator)
    register_school_group(edition.pk, school, [of_trainee(trainee)], coordinator)
    same_query_count(lambda: client.get(url), lambda: staying(school, coordinator))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_on_the_same_trainee(school: School, coordinator: User, officer: User) -> None:
    edition = edition_open(officer)
    trainee = staying(school, coordinator)
    outcomes = at_once([lambda: register_school_group(edition.pk, school, [of_trainee(trainee)], coordinator)] * 2)
    assert sorted(len(outcome.registered) for outcome in outcomes) == [0, 1]
    assert Registration.objects.count() == 1
