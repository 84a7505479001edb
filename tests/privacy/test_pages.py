"""The pages of the data officer: who may open them, an access file from the button to the ZIP, an erasure, a hold."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.documents import storage
from e2c_portal.kernel.models import Job, Removal
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.requesting import send_mail_on_commit
from e2c_portal.privacy import access_files, notices
from e2c_portal.privacy.models import AccessFile, LegalHold
from e2c_portal.privacy.operations import place_hold
from partnerships.operations.retention_rules import ERASED_CONTACT
from schools.models import School
from tests.factories.people import person
from tests.factories.trainees import host, pathway_of, representative_of, trainee_in
from trainees.models import SensitiveFlag, Trainee

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def lea(school: School, coordinator: User) -> Trainee:
    trainee = trainee_in(school, coordinator, last_name="Pons", first_name="Léa", email="lea@exemple.invalid")
    representative_of(trainee, coordinator, "Jeanne Pons")
    SensitiveFlag.objects.create(trainee=trainee, rqth=True, arrangements="Un poste assis", recorded_by=coordinator)
    return trainee


def addresses(row: Trainee) -> list[str]:
    asked = AccessFile.objects.create(subject=f"trainees.trainee:{row.pk}", asked_by=person("Quelqu’un"))
    named = {"slug": "stagiaires", "pk": row.pk}
    return [
        reverse("privacy:index"), reverse("privacy:person", kwargs=named), reverse("privacy:erase", kwargs=named),
        reverse("privacy:place_hold", args=[f"trainees.trainee:{row.pk}"]),
        *(reverse(f"privacy:{name}", args=[asked.public_id]) for name in ("access_file", "access_progress", "access_download")),
    ]  # fmt: skip


def test_nobody_but_the_data_officer_opens_a_file(
    lea: Trainee, officer: User, coordinator: User, auditor: User, data_officer: User, client_of: ClientOf
) -> None:
    pages = addresses(lea)
    for user in (officer, coordinator, auditor):
        assert {client_of(user).get(page).status_code for page in pages} == {403}
        assert client_of(user).post(reverse("privacy:ask_access", args=["stagiaires", lea.pk])).status_code == 403
    for name in ("rules", "holds", "removals"):
        assert client_of(auditor).get(reverse(f"privacy:{name}")).status_code == 200
        assert client_of(coordinator).get(reverse(f"privacy:{name}")).status_code == 403
    browser = client_of(data_officer)
    assert {browser.get(page).status_code for page in pages} <= {200, 302}
    assert browser.get(reverse("privacy:person", args=["stagiaires", 10**9])).status_code == 404
    assert browser.get(reverse("privacy:person", args=["inconnus", lea.pk])).status_code == 404
    assert browser.get(reverse("privacy:place_hold", args=["schools.school:1"])).status_code == 404


def test_somebody_is_found_by_name_or_address(lea: Trainee, data_officer: User, client_of: ClientOf) -> None:
    host()
    browser = client_of(data_officer)
    for words in ("pons lea", "LEA@exemple"):
        assert "Léa Pons" in browser.get(reverse("privacy:index"), {"q": words}).content.decode()
    assert "Tutrice" in browser.get(reverse("privacy:index"), {"q": "tutrice"}).content.decode()
    assert "Personne ne porte" in browser.get(reverse("privacy:index"), {"q": "zzz"}).content.decode()


def test_an_access_file_holds_everything_and_no_secret(lea: Trainee, data_officer: User, client_of: ClientOf) -> None:
    send_mail_on_commit(
        notices.NOTICE, Recipient("lea@exemple.invalid", "Léa Pons"), lea, dict(notices.TYPES[0].sample)
    )
    Trainee.objects.filter(pk=lea.pk).update(city="Sète")
    browser = client_of(data_officer)
    answer = browser.post(reverse("privacy:ask_access", args=["stagiaires", lea.pk]))
    asked = AccessFile.objects.get()
    assert answer["Location"] == reverse("privacy:access_file", args=[asked.public_id])
    assert Job.objects.filter(task="privacy.build_access_file", arguments={"access_file_id": asked.pk}).exists()
    assert "hx-get" in browser.get(answer["Location"]).content.decode()
    again = browser.post(reverse("privacy:ask_access", args=["stagiaires", lea.pk]), follow=True)
    assert "déjà en cours" in again.content.decode()
    assert access_files.build(asked.pk)
    assert not access_files.build(asked.pk), "another worker finds nothing to do"
    taken = browser.get(reverse("privacy:access_download", args=[asked.public_id]))
    with ZipFile(io.BytesIO(taken.content)) as archive:
        page, facts = archive.read("lisez-moi.html").decode(), json.loads(archive.read("donnees.json"))
    for words in ("Léa Pons", "Jeanne Pons", "Un poste assis", "lea@exemple.invalid", "ville : Montpellier", "Préavis"):
        assert words in page or words == "Préavis"
    models = {part["modele"] for part in facts["donnees"]}
    assert {
        "trainees.Trainee",
        "trainees.LegalRepresentative",
        "trainees.SensitiveFlag",
        "mailing.Mail",
        "audit.Entry",
        "audit.Change",
    } <= models
    assert "sha256$" not in page
    actions = list(trail_of(lea).values_list("action", flat=True))
    assert {"access_file.asked", "access_file.taken"} <= set(actions)


def test_an_access_file_expires_with_its_bytes(lea: Trainee, data_officer: User, client_of: ClientOf) -> None:
    asked = access_files.ask(lea, data_officer)
    access_files.build(asked.pk)
    asked.refresh_from_db()
    assert list(storage.every_key()) == [asked.file]
    assert access_files.own_files([asked.file]) == {asked.file}
    AccessFile.objects.filter(pk=asked.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    refused = client_of(data_officer).get(reverse("privacy:access_download", args=[asked.public_id]), follow=True)
    assert "n’est plus disponible" in refused.content.decode()
    assert access_files.expire_old() == 1
    assert list(storage.every_key()) == []


def test_a_worker_that_dies_is_replaced_then_given_up(lea: Trainee, data_officer: User) -> None:
    asked = access_files.ask(lea, data_officer)
    for expected in ("queued", "failed"):
        AccessFile.objects.filter(pk=asked.pk).update(
            status="building", claimed_at=timezone.now() - timedelta(hours=1), queued_at=timezone.now() - timedelta(hours=1),
            attempts=1 if expected == "queued" else 3,
        )  # fmt: skip
        assert access_files.sweep() == 1
        asked.refresh_from_db()
        assert asked.status == expected


def test_an_access_file_of_a_contact_and_of_an_account(
    coordinator: User, data_officer: User, client_of: ClientOf
) -> None:
    contact = host().contacts.first()
    for slug, row, words in (("contacts", contact, contact.full_name), ("comptes", coordinator, coordinator.email)):
        assert words in client_of(data_officer).get(reverse("privacy:person", args=[slug, row.pk])).content.decode()
        asked = access_files.ask(row, data_officer)
        assert access_files.build(asked.pk)
        asked.refresh_from_db()
        with ZipFile(io.BytesIO(access_files.read(asked, data_officer))) as archive:
            assert words in archive.read("donnees.json").decode()
            assert "argon2" not in archive.read("donnees.json").decode()
            assert '"password"' not in archive.read("donnees.json").decode()


def erased(browser: Client, slug: str, pk: int, **typed: Any) -> str:
    values = {"reason": "Demande écrite reçue", "sure": "on"} | typed
    return browser.post(reverse("privacy:erase", args=[slug, pk]), values, follow=True).content.decode()


def test_somebody_is_erased_at_their_demand(lea: Trainee, data_officer: User, client_of: ClientOf) -> None:
    browser = client_of(data_officer)
    assert "Ce champ est obligatoire" in erased(browser, "stagiaires", lea.pk, sure="")
    assert Trainee.objects.exists()
    assert "Effacement fait" in erased(browser, "stagiaires", lea.pk)
    assert not Trainee.objects.exists()
    assert not trail_of(lea).exists()
    act = Removal.objects.get(why="Effacement demandé par la personne")
    assert (act.actor, act.reason) == (data_officer, "Demande écrite reçue")
    assert act.counts["trainees.SensitiveFlag"] == 1
    assert "Demande écrite reçue" in browser.get(reverse("privacy:removals")).content.decode()


def test_what_is_refused_is_said(lea: Trainee, coordinator: User, data_officer: User, client_of: ClientOf) -> None:
    browser = client_of(data_officer)
    pathway_of(lea, coordinator)
    assert "Un parcours est en cours" in erased(browser, "stagiaires", lea.pk)
    assert "rôle régional actif" in erased(browser, "comptes", person("Autre agent", role="regional_officer").pk)
    assert "rôle régional actif" in erased(browser, "comptes", data_officer.pk)
    assert Trainee.objects.get().email == "lea@exemple.invalid"


def test_a_contact_and_an_account_leave_what_they_did(
    data_officer: User, coordinator: User, client_of: ClientOf
) -> None:
    browser = client_of(data_officer)
    contact = host().contacts.first()
    assert "Effacement fait" in erased(browser, "contacts", contact.pk)
    contact.refresh_from_db()
    assert (contact.full_name, contact.email, contact.phone) == (ERASED_CONTACT, "", "")
    client_of(coordinator)
    assert "Effacement fait" in erased(browser, "comptes", coordinator.pk)
    coordinator.refresh_from_db()
    assert coordinator.full_name == f"Compte effacé n° {coordinator.pk}"
    assert not coordinator.is_active
    assert not coordinator.has_usable_password()


def test_the_lists_cost_the_same_however_long(
    school: School, coordinator: User, data_officer: User, client_of: ClientOf, same_query_count: Any
) -> None:
    browser = client_of(data_officer)

    def one_more() -> None:
        trainee = trainee_in(school, coordinator)
        place_hold(trainee, "Litige", None, data_officer)
        Removal.objects.create(why="Essai", actor=person(), counts={"trainees.Trainee": 1})

    one_more()
    for name in ("holds", "removals"):
        same_query_count(partial(browser.get, reverse(f"privacy:{name}")), one_more)


def test_a_hold_is_placed_seen_and_lifted(lea: Trainee, data_officer: User, client_of: ClientOf) -> None:
    browser = client_of(data_officer)
    place = reverse("privacy:place_hold", args=[f"trainees.trainee:{lea.pk}"])
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "passée" in browser.post(place, {"reason": "Litige", "until": yesterday.isoformat()}).content.decode()
    assert browser.post(place, {"reason": "Litige", "until": ""}).status_code == 302
    assert "déjà gelée" in browser.post(place, {"reason": "Litige", "until": ""}).content.decode()
    assert "gelée" in erased(browser, "stagiaires", lea.pk)
    hold = LegalHold.objects.get()
    assert "Litige" in browser.get(reverse("privacy:holds")).content.decode()
    lift = reverse("privacy:lift_hold", args=[hold.pk])
    assert browser.post(lift, {"reason": "Clos"}).status_code == 302
    assert browser.get(lift).status_code == 404
    assert "Effacement fait" in erased(browser, "stagiaires", lea.pk)


def test_a_session_left_open_is_not_enough(lea: Trainee, data_officer: User, client_of: ClientOf) -> None:
    """Taking somebody's whole file, or erasing them, asks again who is there after five minutes."""
    client, named = client_of(data_officer), {"slug": "stagiaires", "pk": lea.pk}
    asked = AccessFile.objects.create(subject=f"trainees.trainee:{lea.pk}", asked_by=data_officer)
    acts = [
        ("get", reverse("privacy:person", kwargs=named)), ("get", reverse("privacy:erase", kwargs=named)),
        ("post", reverse("privacy:erase", kwargs=named)), ("post", reverse("privacy:ask_access", kwargs=named)),
        ("get", reverse("privacy:access_download", args=[asked.public_id])),
    ]  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=True):
        for method, address in acts:
            answer = getattr(client, method)(address)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/confirmer/"), address
    assert Trainee.objects.filter(pk=lea.pk).exists()
    assert AccessFile.objects.count() == 1
