"""The door as the Région prepares and follows it, and as whoever holds it sees it: by a link that only scans."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.models import Checkpoint, DoorPost, Edition, Scan
from assises.operations.doors import make_usual_checkpoints, send_post_link, show_post_link
from assises.operations.paper import enter_sheet
from assises.operations.registering import cancel_registration, choose_sessions
from assises.operations.scanning import Reading, take
from assises.reads.door import ends_at
from assises.reads.tickets import sha256_of, ticket_of
from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.kernel.errors import NotAllowed, Refused
from tests.factories.assises import door, edition_open, half_day, moment, somebody

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer)


@pytest.fixture
def that_day(edition: Edition) -> Any:
    """It is half past nine on the day of the edition."""
    with time_machine.travel(moment(edition.held_on, 9) + timedelta(minutes=30), tick=False):
        yield


def at(name: str, edition: Edition, *more: int) -> str:
    return reverse(f"assises:{name}", args=[edition.year, *more])


def opened(post: DoorPost, officer: User) -> tuple[Client, str]:
    """Open the link of a post on a phone. Returns the phone and the address of its visit."""
    phone = Client()
    address = show_post_link(post.pk, officer)
    answer = phone.get(address.replace("http://127.0.0.1:8000", "").removeprefix("http://testserver"))
    assert answer.status_code == 303, answer.content
    return phone, answer.headers["Location"]


def sent(phone: Client, here: str, *readings: dict[str, Any]) -> HttpResponse:
    body = {"sent_at": timezone.now().isoformat(), "readings": list(readings)}
    return phone.post(f"{here}passages/", json.dumps(body), content_type="application/json")


def reading(checkpoint: Checkpoint, ticket: str = "", **facts: Any) -> dict[str, Any]:
    known = {
        "nonce": str(uuid4()), "checkpoint": checkpoint.pk, "ticket": ticket, "way": "camera",
        "scanned_at": timezone.now().isoformat(),
    }  # fmt: skip
    return known | facts


def words(answer: Any) -> str:
    """Return a page with ordinary spaces, as it is searched in."""
    return re.sub("[\u00a0\u202f]|&nbsp;", " ", answer.content.decode())


def test_who_may_neither_see_nor_keep_the_door(
    edition: Edition, auditor: User, coordinator: User, stranger: User, client_of: ClientOf
) -> None:
    post, morning = door(edition), half_day(edition)
    reads = [at("door", edition), at("scans", edition)]
    writes = [
        at("door_post_new", edition), at("door_post_change", edition, post.pk), at("checkpoint_change", edition, morning.pk),
        at("sheet_entry", edition, morning.pk), at("badges", edition),
    ]  # fmt: skip
    acts = [
        *(at(f"door_post_{act}", edition, post.pk) for act in ("send", "show", "close", "reopen")),
        at("checkpoints_make", edition), at("checkpoint_remove", edition, morning.pk), at("sheet_print", edition, morning.pk),
        at("badge_one", edition, somebody(edition).pk),
    ]  # fmt: skip
    for user, read, written in ((stranger, 404, 404), (coordinator, 403, 403), (auditor, 200, 403)):
        client = client_of(user)
        assert {client.get(url).status_code for url in reads} == {read}
        assert {client.get(url).status_code for url in writes} == {written}
        assert {client.post(url).status_code for url in acts} == {written}
    assert not Entry.objects.filter(action__startswith="door_").exists()
    with pytest.raises(NotAllowed):
        send_post_link(post.pk, auditor)
    # The address of a link is shown by POST alone: neither a prefetch nor the history asks for it.
    assert client_of(auditor).get(at("door_post_show", edition, post.pk)).status_code == 405


def test_the_officer_prepares_posts_and_checkpoints(edition: Edition, officer_client: Client, officer: User) -> None:
    made = officer_client.post(
        at("door_post_new", edition), {"name": "Porte nord", "holder_email": "p@exemple.invalid"}
    )
    assert made.status_code == 302
    twice = officer_client.post(at("door_post_new", edition), {"name": "Porte nord"})
    assert twice.status_code == 422
    assert "existe déjà" in twice.content.decode()
    assert officer_client.post(at("checkpoints_make", edition), follow=True).status_code == 200
    assert make_usual_checkpoints(edition.pk, officer) == []
    found = [(row.name, row.kind, f"{row.opens_at:%H:%M}-{row.closes_at:%H:%M}") for row in edition.checkpoints.all()]
    assert found == [
        ("Matin", "half_day", "08:00-13:00"), ("Entretiens", "session", "09:45-12:00"), ("Après-midi", "half_day", "13:00-17:00"),
    ]  # fmt: skip
    morning, afternoon = edition.checkpoints.get(name="Matin"), edition.checkpoints.get(name="Après-midi")
    facts = {"name": "Matin", "opens_at": "12:00", "closes_at": "08:00", "revision_seen": morning.revision}
    wrong = officer_client.post(at("checkpoint_change", edition, morning.pk), facts)
    assert wrong.status_code == 422
    assert "La fin vient après le début" in wrong.content.decode()
    right = officer_client.post(
        at("checkpoint_change", edition, morning.pk), facts | {"opens_at": "07:30"} | {"closes_at": "13:00"}
    )
    assert right.status_code == 302
    with time_machine.travel(moment(edition.held_on, 9), tick=False):
        take([Reading(uuid4(), morning.pk, "inconnu")], edition.door_posts.get())
    refused = officer_client.post(at("checkpoint_remove", edition, morning.pk), follow=True)
    assert "ce contrôle reste" in refused.content.decode()
    officer_client.post(at("checkpoint_remove", edition, afternoon.pk))
    assert set(edition.checkpoints.values_list("name", flat=True)) == {"Matin", "Entretiens"}


def test_the_link_opens_from_the_eve_to_three_days_after(edition: Edition, officer: User) -> None:
    post, morning = door(edition), half_day(edition)
    somebody(edition)
    for day, inside in (
        (-2, "pas encore ouverte"),
        (-1, "Code du billet"),
        (0, "Code du billet"),
        (3, "Code du billet"),
    ):
        with time_machine.travel(moment(edition.held_on, 9) + timedelta(days=day), tick=False):
            phone, here = opened(post, officer)
            assert inside in phone.get(here).content.decode()
            if day == -2:
                assert sent(phone, here, reading(morning)).status_code == 409
                assert phone.get(f"{here}compte/?controle={morning.pk}").status_code == 404
                assert "Exemple" not in phone.post(f"{here}nom/", {"nom": "exemple"}).content.decode()
    with time_machine.travel(ends_at(edition) + timedelta(minutes=1), tick=False), pytest.raises(Refused):
        show_post_link(post.pk, officer)


@pytest.mark.usefixtures("that_day")
def test_a_closed_post_scans_no_more(edition: Edition, officer: User, officer_client: Client) -> None:
    post, morning = door(edition), half_day(edition)
    phone, here = opened(post, officer)
    assert sent(phone, here, reading(morning)).status_code == 200
    officer_client.post(at("door_post_close", edition, post.pk))
    assert sent(phone, here, reading(morning)).status_code == 410
    assert phone.get(here).status_code == 410
    assert Scan.objects.count() == 1
    officer_client.post(at("door_post_reopen", edition, post.pk))
    assert phone.get(here).status_code == 410, "the former link stays withdrawn"
    again, there = opened(post, officer)
    assert again.get(there).status_code == 200


@pytest.mark.usefixtures("that_day")
def test_another_address_or_another_edition(edition: Edition, officer: User, officer_client: Client) -> None:
    other = edition_open(officer, held_on=edition.held_on + timedelta(days=370))
    post, morning, stranger = door(edition), half_day(edition), somebody(other, last_name="Ailleurs")
    phone, here = opened(post, officer)
    assert "Ailleurs" not in phone.post(f"{here}nom/", {"nom": "ailleurs"}).content.decode()
    told = sent(phone, here, reading(half_day(other)), reading(morning, ticket_of(stranger))).json()["answers"]
    assert [answer["code"] for answer in told] == ["gone", "other_edition"]
    assert "Ailleurs" not in json.dumps(told)
    assert phone.get(f"{here}compte/?controle={half_day(other, 'Soir', 18, 20).pk}").status_code == 404
    facts = {"name": post.name, "holder_email": "autre@exemple.invalid", "revision_seen": post.revision}
    assert officer_client.post(at("door_post_change", edition, post.pk), facts).status_code == 302
    assert phone.get(here).status_code == 410, "the link follows the person, not the door"


@pytest.mark.usefixtures("that_day")
def test_a_search_tells_no_more_than_it_must(edition: Edition, officer: User) -> None:
    post = door(edition)
    half_day(edition)
    shown = somebody(edition, last_name="Durand", email="secret@exemple.invalid", access_needs="fauteuil roulant")
    gone = somebody(edition, last_name="Durandeau")
    cancel_registration(gone.pk)
    for _ in range(12):
        somebody(edition, last_name="Martin")
    phone, here = opened(post, officer)
    page = phone.post(f"{here}nom/", {"nom": "durand"}).content.decode()
    assert "Camille Durand" in page
    assert "Institution (exemple)" in page
    assert "Annulée" in page
    assert "secret@" not in page
    assert "fauteuil" not in page
    assert ticket_of(shown) not in page
    assert page.count('name="registration"') == 1
    assert phone.post(f"{here}nom/", {"nom": "du"}).status_code == 422
    assert "Durand" not in phone.post(f"{here}nom/", {"nom": "du"}).content.decode()
    assert phone.post(f"{here}nom/", {"nom": "martin"}).content.decode().count('name="registration"') == 10
    # A name never stands in an address.
    assert "Durand" not in phone.get(f"{here}nom/?nom=durand").content.decode()


@pytest.mark.usefixtures("that_day")
def test_the_page_holds_no_name_and_the_camera_is_for_it_alone(edition: Edition, officer: User, client: Client) -> None:
    post, row = door(edition), somebody(edition)
    half_day(edition)
    phone, here = opened(post, officer)
    answer = phone.get(here)
    page = answer.content.decode()
    assert sha256_of(ticket_of(row))[:16] in page
    assert row.last_name not in page
    assert ticket_of(row) not in page
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert "camera=()" in client.get("/").headers["Permissions-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("that_day")
def test_the_phone_sends_what_it_kept_and_again(edition: Edition, officer: User) -> None:
    post, morning, one = door(edition), half_day(edition), somebody(edition)
    phone, here = opened(post, officer)
    kept = reading(morning, ticket_of(one), offline=True)
    first, faulty = sent(phone, here, kept, {"nonce": "x"}), sent(phone, here, kept, reading(morning, way="paper"))
    assert [answer["code"] for answer in first.json()["answers"]] == ["ok", "unreadable"]
    assert first.json()["tally"] == [1, 1]
    assert [answer["code"] for answer in faulty.json()["answers"]] == ["ok", "unknown"]
    assert Scan.objects.filter(outcome="ok", was_offline=True).count() == 1
    # A door never writes paper.
    assert not Scan.objects.filter(way="paper").exists()
    assert sent(phone, here, *[reading(morning)] * 201).status_code == 400
    assert phone.post(f"{here}passages/", "pas du JSON", content_type="application/json").status_code == 400
    assert phone.get(f"{here}passages/").status_code == 405
    body = {"sent_at": (timezone.now() + timedelta(minutes=9)).isoformat(), "readings": []}
    told = phone.post(f"{here}passages/", json.dumps(body), content_type="application/json").json()
    assert "avance de 9 minutes" in told["clock"]


@pytest.mark.usefixtures("that_day")
def test_without_a_script_the_forms_count_too(edition: Edition, officer: User) -> None:
    post, morning, one, two = door(edition), half_day(edition, last=9), somebody(edition), somebody(edition)
    phone, here = opened(post, officer)
    facts = {"nonce": str(uuid4()), "controle": morning.pk, "ticket": ticket_of(one).lower()}
    page = words(phone.post(f"{here}code/", facts))
    assert "NON" in page
    assert "se contrôle de 8 h 00 à 9 h 00" in page
    assert "Laisser entrer" in page
    assert "OUI" in phone.post(f"{here}code/", facts | {"force": "1"}).content.decode()
    assert "OUI" in phone.post(f"{here}code/", facts | {"force": "1"}).content.decode(), "the same form, the same scan"
    # Back in the browser, then somebody else: another scan, never the answer of the first one.
    other = phone.post(f"{here}code/", facts | {"ticket": "", "registration": two.pk, "force": "1"}).content.decode()
    assert two.last_name in other
    assert Scan.objects.filter(outcome="ok").count() == 2
    assert Scan.objects.get(outcome="ok", registration=two).way == "name"


@pytest.mark.usefixtures("that_day")
def test_the_board_the_list_and_the_file(
    edition: Edition, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    post, morning = door(edition), half_day(edition)
    session = edition.sessions.get(title="Entretiens")
    control = edition.checkpoints.create(
        kind="session", name="Entretiens", session=session, opens_at="09:00", closes_at="12:00"
    )
    people = [somebody(edition) for _ in range(4)]
    choose_sessions(people[0].pk, [session.pk])
    take([Reading(uuid4(), morning.pk, ticket_of(people[0])), Reading(uuid4(), control.pk, ticket_of(people[1]))], post)

    def another() -> None:
        number = edition.door_posts.count()
        take(
            [Reading(uuid4(), morning.pk, ticket_of(people[number]), was_offline=True)],
            door(edition, f"Porte {number}"),
        )

    same_query_count(lambda: officer_client.get(at("scans", edition)), another)
    board = officer_client.get(at("door", edition)).content.decode()
    assert re.search(r"<strong>3</strong>.*?<td class=\"figures\">4</td>", board, re.DOTALL)
    assert "pas inscrit à ce temps" in board
    assert "every 5s" in board
    mark = re.search(r"vu=(\w+)", board)
    assert mark
    live = officer_client.get(f"{at('door_progress', edition)}?vu={mark[1]}", headers={"HX-Request": "true"})
    assert live.status_code == 204
    only = words(officer_client.get(at("scans", edition), {"voir": "refuses"}))
    assert "Pas inscrit à ce temps" in only
    assert "1 passage" in only
    address = reverse("exports:export", args=["passages", "csv"])
    told = b"".join(officer_client.get(address, {"edition": edition.year, "reponse": "ok"}).streaming_content).decode()
    assert told.count("Présence comptée") == 3
    assert officer_client.get(address).status_code == 404
    with time_machine.travel(moment(edition.held_on, 9) + timedelta(days=1), tick=False):
        assert "hx-get" not in officer_client.get(at("door", edition)).content.decode()


@pytest.mark.usefixtures("that_day")
def test_a_scan_is_voided_with_a_reason_then_counts_again(
    edition: Edition, officer: User, officer_client: Client, auditor: User, client_of: ClientOf
) -> None:
    post, morning, one = door(edition), half_day(edition), somebody(edition)
    take([Reading(uuid4(), morning.pk, ticket_of(one)), Reading(uuid4(), morning.pk, "inconnu")], post)
    scan, unknown = Scan.objects.get(outcome="ok"), Scan.objects.get(outcome="unknown")
    void = at("scan_void", edition, scan.pk)
    assert client_of(auditor).post(void, {"reason": "Erreur"}).status_code == 403
    assert officer_client.post(at("scan_void", edition, unknown.pk), {"reason": "Erreur"}).status_code == 404
    assert officer_client.post(void, {"reason": ""}).status_code == 422
    assert officer_client.post(void, {"reason": f"Badge de {one.full_name}"}).status_code == 302
    assert "déjà annulé" in officer_client.post(void, {"reason": "Encore"}).content.decode()
    assert one.last_name not in Entry.objects.get(action="scan.voided").summary
    (answer,) = take([Reading(uuid4(), morning.pk, ticket_of(one))], post)
    assert answer.code == "ok"


def test_the_sheet_of_paper_is_entered_once(edition: Edition, officer: User, client_of: ClientOf) -> None:
    post, morning = door(edition), half_day(edition)
    people = [somebody(edition) for _ in range(3)]
    gone = somebody(edition)
    cancel_registration(gone.pk)
    with pytest.raises(Refused, match="à partir du jour même"):
        enter_sheet(morning, [people[0].pk], officer)
    with time_machine.travel(moment(edition.held_on, 9), tick=False):
        take([Reading(uuid4(), morning.pk, ticket_of(people[0]))], post)
    with time_machine.travel(moment(edition.held_on, 18), tick=False):
        officer_client, page = client_of(officer), at("sheet_entry", edition, morning.pk)
        assert "compté à 9 h 00, Porte nord" in officer_client.get(page).content.decode()
        for _ in range(2):
            officer_client.post(page, {"present": [row.pk for row in [*people, gone]]})
        with pytest.raises(Refused, match="plus attendue"):
            enter_sheet(morning, [gone.pk], officer)
    assert Scan.objects.filter(outcome="ok").count() == 3
    assert Scan.objects.filter(way="paper", entered_by=officer).count() == 2
