"""Registrations: one a person, never one too many, the list in its order, whatever happens at once."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone

from assises.models import Registration, Scan, SessionPlace
from assises.operations.editions import set_quotas
from assises.operations.places import accept_offer, give_now, let_offers_lapse, set_priority
from assises.operations.registering import (
    accept_request,
    cancel_registration,
    choose_sessions,
    refuse_request,
    register,
    renew_ticket,
)
from assises.permissions import AssisesPermission
from assises.reads.places import waiting_list
from assises.reads.tickets import normalised, sha256_of, ticket_of
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.assises import door, edition_open, half_day, moment, somebody, workshop
from tests.factories.trainees import trainee_in

pytestmark = pytest.mark.django_db


def test_a_place_then_the_list_then_an_offer_in_order(officer: User) -> None:
    edition = edition_open(officer, quotas={"institution": 2})
    first, second = somebody(edition), somebody(edition)
    third, fourth, vip = somebody(edition), somebody(edition), somebody(edition)
    assert [row.status for row in (first, second, third, fourth)] == ["confirmed", "confirmed", "waiting", "waiting"]
    set_priority(vip.pk, 1, officer)
    assert list(waiting_list(edition)) == [vip, third, fourth]
    cancel_registration(first.pk)
    vip.refresh_from_db()
    assert vip.status == "offered"
    assert timedelta(hours=47) < vip.offered_until - timezone.now() <= timedelta(hours=48)
    # Somebody new never passes before those who wait, and the offer keeps its place.
    assert somebody(edition).status == "waiting"
    accept_offer(vip.pk)
    accept_offer(vip.pk)
    assert cancel_registration(first.pk).status == "cancelled"
    assert edition.registrations.filter(status="confirmed").count() == 2


def test_an_offer_lapses_and_goes_to_the_next_one(officer: User) -> None:
    edition = edition_open(officer, quotas={"institution": 1})
    first, late, third = somebody(edition), somebody(edition), somebody(edition)
    cancel_registration(first.pk)
    after = timezone.now() + timedelta(hours=49)
    assert let_offers_lapse(edition.pk) == 0
    assert let_offers_lapse(edition.pk, after) == 1
    late.refresh_from_db()
    third.refresh_from_db()
    assert (late.status, third.status) == ("expired", "offered")
    with pytest.raises(Overtaken):
        accept_offer(late.pk)
    # Whoever let an offer lapse may come back, at the end of the list.
    assert somebody(edition, email=late.email).status == "waiting"


def test_an_offer_never_outlasts_the_beginning_of_the_day(officer: User) -> None:
    edition = edition_open(officer, quotas={"institution": 1}, held_on=timezone.localdate() + timedelta(days=1))
    first, second = somebody(edition), somebody(edition)
    cancel_registration(first.pk)
    second.refresh_from_db()
    assert second.offered_until <= moment(edition.held_on, 9)
    let_offers_lapse(edition.pk, moment(edition.held_on, 10))
    second.refresh_from_db()
    assert second.status == "expired"


def test_the_whole_edition_has_its_limit_too(officer: User) -> None:
    edition = edition_open(officer, quotas={"press": 1}, places=2)
    somebody(edition)
    somebody(edition, "press")
    waits = somebody(edition)
    assert waits.status == "waiting"
    # The press is full by its own quota: it does not hold back the others.
    press = somebody(edition, "press")
    cancel_registration(edition.registrations.filter(category="institution", status="confirmed").get().pk)
    waits.refresh_from_db()
    press.refresh_from_db()
    assert (waits.status, press.status) == ("offered", "waiting")


def test_the_database_refuses_one_too_many_by_itself(officer: User) -> None:
    edition = edition_open(officer, quotas={"institution": 1})
    somebody(edition)
    waits = somebody(edition)
    with pytest.raises(IntegrityError, match="plus de place dans cette catégorie"), transaction.atomic():
        Registration.objects.filter(pk=waits.pk).update(status="confirmed")
    with pytest.raises(IntegrityError, match="État initial interdit"), transaction.atomic():
        Registration.objects.create(
            edition=edition, category="press", first_name="A", last_name="B", origin="link", status="confirmed",
            organisation="C", ticket_sha256="0" * 64,
        )  # fmt: skip
    with pytest.raises(Refused, match="relevez d’abord le quota"):
        give_now(waits.pk, officer)
    set_quotas(edition.pk, {"institution": 2}, officer)
    assert Registration.objects.get(pk=waits.pk).status == "offered"


def test_one_active_registration_per_address_and_per_trainee(officer: User) -> None:
    edition = edition_open(officer)
    first = somebody(edition, email="Zoe@Exemple.invalid")
    with pytest.raises(Refused, match="existe déjà"):
        somebody(edition, email="zoe@exemple.invalid")
    twin = Registration(
        edition=edition, category="press", first_name="Z", last_name="Z", email="ZOE@exemple.invalid", origin="link",
        organisation="O", ticket_sha256=sha256_of("x"),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="registration_once_per_email"), transaction.atomic():
        twin.save()
    cancel_registration(first.pk)
    assert somebody(edition, email="zoe@exemple.invalid").status == "confirmed"


def test_a_category_accepted_one_by_one(officer: User, coordinator: User) -> None:
    edition = edition_open(officer, categories_on_approval=["press"], quotas={"press": 1})
    one, two, three = (somebody(edition, "press") for _ in range(3))
    assert {row.status for row in (one, two, three)} == {"asked"}
    with pytest.raises(NotAllowed):
        accept_request(one.pk, coordinator)
    assert accept_request(one.pk, officer).status == "confirmed"
    assert accept_request(two.pk, officer).status == "waiting"
    with pytest.raises(Refused, match="motif"):
        refuse_request(three.pk, officer, " ")
    assert refuse_request(three.pk, officer, "Hors sujet").status == "refused"
    with pytest.raises(Overtaken, match="Refusée"):
        accept_request(three.pk, officer)


def test_no_photo_of_a_minor_without_the_word_of_a_guardian(officer: User, school: School, coordinator: User) -> None:
    edition = edition_open(officer)
    day = edition.held_on
    young, grown = (
        trainee_in(school, coordinator, birth_date=day.replace(year=day.year - 18) + timedelta(days=days))
        for days in (1, 0)
    )
    facts = {"school": school, "organisation": "", "origin": "school"}
    rows = [somebody(edition, "trainee", trainee=row, **facts) for row in (young, grown)]
    with pytest.raises(IntegrityError, match="représentant légal"), transaction.atomic():
        Registration.objects.filter(pk=rows[0].pk).update(image_consent=True, image_consent_at=timezone.now())
    agreed = {"image_consent": True, "image_consent_at": timezone.now()}
    assert Registration.objects.filter(pk=rows[0].pk).update(**agreed, image_consent_by="Anne Parent") == 1
    assert Registration.objects.filter(pk=rows[1].pk).update(**agreed) == 1


def test_workshops_have_their_places_and_their_hours(officer: User) -> None:
    edition = edition_open(officer, quotas={"institution": 3})
    small = edition.sessions.get(title="Entretiens")
    at_once = workshop(edition, officer, "Métiers", 11, 13, 50)
    afternoon = workshop(edition, officer, "Parole", 14, 15, 50)
    people = [somebody(edition) for _ in range(3)]
    waits = somebody(edition)
    choose_sessions(people[0].pk, [small.pk, afternoon.pk])
    choose_sessions(people[1].pk, [small.pk])
    with pytest.raises(Refused, match="complet"):
        choose_sessions(people[2].pk, [small.pk])
    with pytest.raises(Refused, match="au même moment"):
        choose_sessions(people[0].pk, [small.pk, at_once.pk])
    with pytest.raises(Refused, match="une fois la place obtenue"):
        choose_sessions(waits.pk, [afternoon.pk])
    assert SessionPlace.objects.filter(registration=people[0]).count() == 2
    cancel_registration(people[0].pk)
    assert not SessionPlace.objects.filter(registration=people[0]).exists()
    choose_sessions(people[2].pk, [small.pk])


def test_a_ticket_is_derived_known_by_its_hash_and_renewed(officer: User, settings) -> None:
    edition = edition_open(officer)
    row = somebody(edition)
    ticket = ticket_of(row)
    assert ticket not in str(vars(row))
    assert normalised(ticket.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == ticket
    assert normalised("1234") == ""
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key of at least thirty-two letters",
    )
    assert ticket_of(row) == ticket
    renewed = renew_ticket(row.pk, officer, "Badge perdu")
    assert ticket_of(renewed) != ticket
    settings.SECRET_KEY = "a third key, the former ones forgotten for good"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LookupError):
        ticket_of(renewed)


def test_a_scan_counts_once_and_is_never_rewritten(officer: User) -> None:
    edition = edition_open(officer)
    row, morning, post = somebody(edition), half_day(edition), door(edition)
    facts = {"edition": edition, "checkpoint": morning, "registration": row, "outcome": "ok", "way": "camera", "post": post,
             "scanned_at": timezone.now()}  # fmt: skip
    scan = Scan.objects.create(nonce=uuid4(), **facts)
    for nonce in (uuid4(), scan.nonce):
        with pytest.raises(IntegrityError), transaction.atomic():
            Scan.objects.create(nonce=nonce, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(outcome="unknown")
    with pytest.raises(IntegrityError), transaction.atomic():
        scan.delete()


def test_a_school_never_reaches_a_registration_of_no_school(officer: User, coordinator: User) -> None:
    row = somebody(edition_open(officer))
    for permission in (AssisesPermission.VIEW_REGISTRATION, AssisesPermission.CHANGE_REGISTRATION):
        assert not coordinator.has_perm(permission, row)
        assert officer.has_perm(permission, row)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_for_the_last_place(officer: User) -> None:
    edition = edition_open(officer, quotas={"institution": 3})
    rows = [
        Registration(edition=edition, category="institution", first_name="A", last_name=f"B{n}", email=f"b{n}@exemple.invalid",
                     organisation="C", origin="link")
        for n in range(8)
    ]  # fmt: skip

    def one(row: Registration) -> None:
        close_old_connections()
        try:
            register(row)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert edition.registrations.filter(status="confirmed").count() == 3
    assert edition.registrations.filter(status="waiting").count() == 5
