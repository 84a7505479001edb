"""Prepare a ceremony: who may, what enters its programme, in which order, and what the database holds of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Refused
from partnerships import workflows
from partnerships.models import CeremonyItem, PartnershipConvention, SigningEvent
from partnerships.operations.ceremonies import (
    add_to_programme,
    place_in_programme,
    plan_ceremony,
    remove_from_programme,
    request_binder,
)
from partnerships.operations.ceremony_day import put_programme_to_signature
from partnerships.operations.companies import save_record
from tests.concurrency.together import at_once
from tests.factories.ceremonies import ceremony_on, voted
from tests.factories.partnerships import convention_at, make_move
from tests.partnerships.sql import refused, run

ClientOf = Callable[[User], Client]
LIST = "/ceremonies/"


@pytest.fixture
def trio(officer: User) -> list[PartnershipConvention]:
    return [voted(officer) for _ in range(3)]


@pytest.fixture
def event(officer: User, trio: list[PartnershipConvention]) -> SigningEvent:
    return ceremony_on(None, officer, *trio)


@pytest.fixture
def solo(officer: User) -> SigningEvent:
    """A ceremony with one convention."""
    return ceremony_on(None, officer, voted(officer))


def only(event: SigningEvent) -> PartnershipConvention:
    return event.programme.get().convention


def order(event: SigningEvent) -> list[int]:
    return list(event.programme.order_by("position").values_list("convention_id", flat=True))


class TestRights:
    def test_the_network_reads_and_presses_nothing_and_a_stranger_finds_nothing(
        self,
        solo: SigningEvent,
        auditor: User,
        coordinator: User,
        stranger: User,
        client_of: ClientOf,
    ) -> None:
        address = solo.get_absolute_url()
        for person in (auditor, coordinator):
            client = client_of(person)
            assert f"{solo.name}, le" in client.get(only(solo).get_absolute_url()).content.decode()
            assert solo.name in client.get(LIST).content.decode()
            page = client.get(address).content.decode()
            assert "Camille Exemple" in page
            assert "<form" not in page.split("<main")[1]
            for path in ("nouvelle/", f"{solo.pk}/modifier/", f"{solo.pk}/programme/", f"{solo.pk}/scene/"):
                assert client.get(LIST + path).status_code == 403, path
            for path in ("signature/", "parapheur/", "programme/1/place/", "programme/1/retirer/"):
                assert client.post(address + path).status_code == 403, path
        client = client_of(stranger)
        for path in (LIST, address, f"{address}avancement/", f"/exports/ceremonie/csv/?ceremonie={solo.pk}"):
            assert client.get(path).status_code == 404

    def test_only_an_officer_operates(self, solo: SigningEvent, auditor: User, coordinator: User) -> None:
        for person in (auditor, coordinator):
            for act in (
                lambda who: add_to_programme(solo.pk, [only(solo).pk], who),
                lambda who: remove_from_programme(solo.pk, only(solo).pk, who),
                lambda who: place_in_programme(solo.pk, only(solo).pk, 2, who),
                lambda who: put_programme_to_signature(solo.pk, who),
                lambda who: request_binder(solo.pk, who),
                lambda who: plan_ceremony(SigningEvent(name="X", held_on=timezone.localdate()), who),
            ):
                with pytest.raises(NotAllowed):
                    act(person)


class TestProgramme:
    def test_it_is_prepared_before_its_day(self, officer: User) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        with pytest.raises(ValidationError, match="avant sa date"):
            ceremony_on(yesterday, officer)

    def test_the_past_does_not_change(self, officer: User) -> None:
        past = save_record(SigningEvent(name="Passée", held_on=timezone.localdate() - timedelta(days=9)), officer)
        with pytest.raises(Refused, match="ne change plus"):
            add_to_programme(past.pk, [1], officer)
        with pytest.raises(Refused, match="a eu lieu"):
            put_programme_to_signature(past.pk, officer)

    def test_what_may_not_enter_says_why_and_adding_twice_adds_once(self, officer: User, solo: SigningEvent) -> None:
        other = ceremony_on(timezone.localdate() + timedelta(days=5), officer)
        for numbers, words in (
            ([], "Choisissez au moins une convention"),
            ([only(solo).pk], "au programme d’une autre cérémonie"),
            ([convention_at(workflows.APPROVED, officer).pk], "« Projet validé »"),
            ([convention_at(workflows.SIGNED, officer, archive=True).pk], "« Signée »"),
            ([999_999], "n’existe pas"),
        ):
            with pytest.raises(Refused, match=words):
                add_to_programme(other.pk, numbers, officer)
        assert order(other) == []
        assert add_to_programme(solo.pk, [only(solo).pk] * 2, officer) == 0
        assert trail_of(only(solo))[0].summary.startswith("Convention ajoutée au programme de « Assises")

    def test_places(self, officer: User, event: SigningEvent, trio: list[PartnershipConvention]) -> None:
        first, second, third = (row.pk for row in trio)
        place_in_programme(event.pk, third, 1, officer)
        place_in_programme(event.pk, third, 1, officer)
        assert order(event) == [third, first, second]
        place_in_programme(event.pk, third, 99, officer)
        assert order(event) == [first, second, third]
        assert remove_from_programme(event.pk, first, officer)
        assert not remove_from_programme(event.pk, first, officer)
        assert order(event) == [second, third]
        with pytest.raises(Refused, match="n’est plus au programme"):
            place_in_programme(event.pk, first, 1, officer)
        assert [item.position for item in event.programme.all()] == [1, 2]

    def test_it_holds_thirty(
        self, officer: User, event: SigningEvent, trio: list[PartnershipConvention], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("partnerships.operations.ceremonies.AT_MOST", 3)
        with pytest.raises(Refused, match="une seconde cérémonie"):
            add_to_programme(event.pk, [voted(officer).pk], officer)
        # Places left by those taken out are used again.
        remove_from_programme(event.pk, trio[0].pk, officer)
        CeremonyItem.objects.filter(convention=trio[2]).update(position=3)
        assert add_to_programme(event.pk, [trio[0].pk], officer) == 1
        assert order(event) == [trio[1].pk, trio[2].pk, trio[0].pk]


class TestDatabase:
    def test_what_it_refuses(self, officer: User, solo: SigningEvent) -> None:
        table, here = "partnerships_ceremonyitem", solo.programme.get()
        free = voted(officer)
        for place in (0, 31):
            with refused("ceremony_at_most_thirty"):
                run(f"UPDATE {table} SET position = %s WHERE id = %s", place, here.pk)
        with refused("Données figées"):
            run(f"UPDATE {table} SET convention_id = %s WHERE id = %s", free.pk, here.pk)
        insert = f"INSERT INTO {table} (event_id, convention_id, position, added_by_id) VALUES (%s, %s, 1, %s)"
        with refused("ceremony_position_once"):
            run(insert, solo.pk, free.pk, officer.pk)
        with refused("convention_id"):
            run(insert, solo.pk, here.convention_id, officer.pk)
        with refused("une fois votée"):
            run(insert, solo.pk, convention_at(workflows.APPROVED, officer).pk, officer.pk)

    def test_what_was_signed_stays(self, officer: User, solo: SigningEvent) -> None:
        signed = convention_at(workflows.SIGNED, officer, archive=True)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER TABLE partnerships_ceremonyitem DISABLE TRIGGER USER")
        item = CeremonyItem.objects.create(event=solo, convention=signed, position=9, added_by=officer)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER TABLE partnerships_ceremonyitem ENABLE TRIGGER USER")
        with pytest.raises(DatabaseError, match="reste au programme"), transaction.atomic():
            item.delete()
        with pytest.raises(Refused, match="elle reste au programme"):
            remove_from_programme(solo.pk, signed.pk, officer)


class TestPages:
    def test_a_ceremony_is_prepared_without_a_script(
        self, officer: User, trio: list[PartnershipConvention], client_of: ClientOf
    ) -> None:
        client = client_of(officer)
        typed = {"name": "Assises", "held_on": "2020-01-01", "place": "Hôtel de Région", "city": "Nîmes"}
        refusal = client.post(f"{LIST}nouvelle/", typed)
        assert (refusal.status_code, SigningEvent.objects.count()) == (422, 0)
        assert "Hôtel de Région" in refusal.content.decode()
        typed["held_on"] = timezone.localdate().isoformat()
        client.post(f"{LIST}nouvelle/", typed)
        event = SigningEvent.objects.get()
        address = f"{event.get_absolute_url()}programme/"
        assert client.post(address, {}).status_code == 422
        for _ in range(2):  # pressed twice
            assert client.post(address, {"conventions": [trio[2].pk, trio[0].pk]}).status_code == 302
        assert order(event) == [trio[0].pk, trio[2].pk]
        for _ in range(2):
            client.post(f"{address}{trio[2].pk}/place/", {"position": "1"})
        assert order(event) == [trio[2].pk, trio[0].pk]
        for _ in range(2):
            page = client.post(f"{address}{trio[2].pk}/retirer/", follow=True)
        assert order(event) == [trio[0].pk]
        assert page.status_code == 200

    def test_one_chosen_by_somebody_else_meanwhile(
        self, officer_client: Client, officer: User, solo: SigningEvent
    ) -> None:
        later = ceremony_on(timezone.localdate() + timedelta(days=5), officer)
        free = voted(officer)
        answer = officer_client.post(f"{later.get_absolute_url()}programme/", {"conventions": [free.pk, only(solo).pk]})
        assert answer.status_code == 422
        assert "ne peut plus être ajoutée" in answer.content.decode()
        assert answer.context["form"]["conventions"].value() == [str(free.pk), str(only(solo).pk)]
        assert order(later) == []

    def test_query_counts(self, officer: User, officer_client: Client, same_query_count: Callable[..., int]) -> None:
        event = ceremony_on(None, officer, voted(officer, workflows.TO_SIGN))
        address = event.get_absolute_url()

        def all_pages() -> HttpResponse:
            for path in (LIST, f"{address}scene/", f"{address}programme/"):
                assert officer_client.get(path).status_code == 200
            return officer_client.get(address)

        def one_more() -> None:
            add_to_programme(event.pk, [voted(officer, workflows.TO_SIGN).pk], officer)
            ceremony_on(None, officer)

        assert same_query_count(all_pages, one_more) <= 50

    def test_the_programme_leaves_as_a_file(self, officer_client: Client, solo: SigningEvent) -> None:
        page = officer_client.get(solo.get_absolute_url()).content.decode()
        for extension in ("xlsx", "ods"):
            address = f"/exports/ceremonie/{extension}/?ceremonie={solo.pk}"
            assert address in page
            assert officer_client.get(address).status_code == 200
        file = officer_client.get(f"/exports/ceremonie/csv/?ceremonie={solo.pk}")
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
        assert [line.split(";")[1] for line in lines[1:]] == [only(solo).number]
        assert officer_client.get("/exports/ceremonie/csv/?ceremonie=x").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_officers_choose_the_same_convention_for_two_ceremonies(
    transactional_db: None, officer: User, second_officer: User
) -> None:
    convention = voted(officer)
    events = [ceremony_on(None, officer), ceremony_on(None, officer)]
    outcomes = at_once([
        lambda: add_to_programme(events[0].pk, [convention.pk], officer),
        lambda: add_to_programme(events[1].pk, [convention.pk], second_officer),
    ])  # fmt: skip
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "int"], outcomes
    assert CeremonyItem.objects.count() == 1


def test_a_convention_withdrawn_is_told(officer: User, officer_client: Client, event: SigningEvent) -> None:
    """Reopened or shelved while at the programme, a convention stays there until somebody takes it out, and says so."""
    first, second, _third = [item.convention for item in event.programme.select_related("convention")]
    make_move(first, "reopen", officer)
    make_move(second, "shelve", officer)
    page = officer_client.get(event.get_absolute_url()).content.decode()
    assert "À regarder" in page
    assert "« En négociation »" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "« Sans suite »" in page.replace("\N{NO-BREAK SPACE}", " ")
    outcome = put_programme_to_signature(event.pk, officer)
    assert [len(outcome.sent), len(outcome.refused)] == [1, 2]
    assert "retirez-la du programme" in outcome.refused[0][1]
    assert remove_from_programme(event.pk, first.pk, officer)
