"""Editions of the Assises: prepared by the Région, read by the network, public once announced."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from assises.models import Edition, ProgrammeVersion, Room, Session
from assises.operations.editions import change_edition, copy_edition, create_edition, move_edition, set_quotas
from assises.operations.programme import add_part, publish_programme, remove_part
from assises.reads.editions import situation_of
from assises.reads.programme import oddities_of, sessions_of
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused

pytestmark = pytest.mark.django_db
DAY = date(2027, 12, 10)


@pytest.fixture
def edition(officer: User) -> Edition:
    """An edition with two rooms, a plenary and a workshop."""
    row = create_edition(
        Edition(
            year=2027, name="Assises 2027 (exemple)", held_on=DAY, starts_at=time(9), ends_at=time(17),
            place="Hôtel de Région", city="Montpellier", presentation="Pour tous.", contact_email="assises@exemple.invalid",
        ),
        officer,
    )  # fmt: skip
    hall = add_part(Room(edition=row, name="Grande salle", capacity=300), officer)
    small = add_part(Room(edition=row, name="Salle 2", capacity=20), officer)
    add_part(session(row, "Ouverture", 9, 10, room=hall, speakers="Anne Exemple, présidente"), officer)
    add_part(session(row, "Entretiens", 10, 12, room=small, kind="workshop", takes_registrations=True), officer)
    return row


def session(edition: Edition, title: str, first: int, last: int, **facts: Any) -> Session:
    known = {"kind": "plenary", "starts_at": time(first), "ends_at": time(last)} | facts
    return Session(edition=edition, title=title, **known)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_a_draft_is_nobody_s_business_outside(client: Client, edition: Edition, coordinator: User) -> None:
    for name in ("assises:public", "assises:calendar"):
        assert client.get(reverse(name, args=[2027])).status_code == 404
    assert "2027" not in client.get(reverse("assises:index")).content.decode()
    signed_in(client, coordinator)
    page = client.get(reverse("assises:public", args=[2027])).content.decode()
    assert "Aperçu" in page
    assert "Publier le programme" not in client.get(edition.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "name", ["edition_new", "edition_change", "edition_copy", "quotas", "room_new", "session_new", "publish"]
)
def test_a_school_reads_and_does_not_prepare(client: Client, edition: Edition, coordinator: User, name: str) -> None:
    url = reverse(f"assises:{name}", args=[] if name == "edition_new" else [2027])
    assert client.get(url).status_code == 302, "a visitor signs in first"
    signed_in(client, coordinator)
    assert client.get(url).status_code == 403
    assert client.post(url, {}).status_code == 403


def test_operations_refuse_who_does_not_prepare(edition: Edition, coordinator: User) -> None:
    acts: list[Callable[[], Any]] = [
        lambda: create_edition(Edition(year=2028, name="x", held_on=date(2028, 1, 1)), coordinator),
        lambda: change_edition(edition, 0, coordinator),
        lambda: copy_edition(edition.pk, "x", date(2028, 1, 1), coordinator),
        lambda: move_edition(edition.pk, "announce", coordinator),
        lambda: set_quotas(edition.pk, {"trainee": 5}, coordinator),
        lambda: publish_programme(edition.pk, "", coordinator),
        lambda: remove_part(edition.rooms.all()[0], coordinator),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_from_the_draft_to_the_public_page(client: Client, edition: Edition, officer: User) -> None:
    publish_programme(edition.pk, "", officer)
    move_edition(edition.pk, "announce", officer)
    page = client.get(reverse("assises:public", args=[2027])).content.decode()
    assert "Ouverture" in page
    assert "Anne Exemple" in page
    change = edition.sessions.get(title="Entretiens")
    change.starts_at, change.ends_at = time(14), time(16)
    change.save()
    assert "10:00 – 12:00" in client.get(reverse("assises:public", args=[2027])).content.decode(), (
        "published, not prepared"
    )
    version = publish_programme(edition.pk, "L’atelier passe l’après-midi.", officer, seen_number=1)
    assert version.changes == [
        "« Entretiens » change : l’heure de début et l’heure de fin. Désormais de 14 h à 16 h, Salle 2."
    ]
    assert "14:00 – 16:00" in client.get(reverse("assises:public", args=[2027])).content.decode()


def test_a_programme_is_published_once_and_frozen(edition: Edition, officer: User) -> None:
    version = publish_programme(edition.pk, "", officer)
    with pytest.raises(Overtaken):
        publish_programme(edition.pk, "", officer, seen_number=0)
    with pytest.raises(Refused, match="Rien n’a changé"):
        publish_programme(edition.pk, "", officer, seen_number=1)
    for text in ("UPDATE assises_programmeversion SET note = 'x'", "DELETE FROM assises_programmeversion"):
        with pytest.raises(Error, match="inaltérable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(text)
    with pytest.raises(Error, match="vient d’être publiée"), transaction.atomic():
        ProgrammeVersion.objects.create(edition=edition, number=5, content=[], sha256="0" * 64, published_by=officer)
    assert version.number == 1


def test_what_is_odd_is_told_and_prevents_nothing(edition: Edition, officer: User) -> None:
    hall, small = edition.rooms.order_by("name")
    add_part(session(edition, "Table ronde", 9, 11, room=hall, speakers="anne exemple"), officer)
    add_part(session(edition, "Atelier CV", 11, 18, room=small, kind="workshop", places=40), officer)
    add_part(session(edition, "Débat", 12, 13), officer)
    told = " ".join(oddity.sentence for oddity in oddities_of(edition, list(sessions_of(edition))))
    for words in (
        "« Ouverture » et « Table ronde » sont en même temps dans la même salle (Grande salle)", "en même temps à « Ouverture »",
        "« Entretiens » et « Atelier CV » sont en même temps", "40 places dans une salle de 20", "« Atelier CV » sort des heures",
        "« Débat » n’a pas de salle",
    ):  # fmt: skip
        assert words in told.replace("\N{NO-BREAK SPACE}", " ")
    assert publish_programme(edition.pk, "", officer).number == 1


def test_what_is_missing_is_said_before_announcing(edition: Edition, officer: User) -> None:
    Edition.objects.filter(pk=edition.pk).update(presentation="", contact_email="")
    with pytest.raises(Refused) as refusal:
        move_edition(edition.pk, "announce", officer)
    assert len(refusal.value.details) == 2
    with pytest.raises(Refused, match="motif"):
        move_edition(edition.pk, "cancel", officer)


def test_a_cancelled_edition_says_so_to_whoever_saw_it(client: Client, edition: Edition, officer: User) -> None:
    move_edition(edition.pk, "announce", officer)
    move_edition(edition.pk, "cancel", officer, "Salle fermée", seen_state="announced")
    assert "n’aura pas lieu" in client.get(reverse("assises:public", args=[2027])).content.decode()
    with pytest.raises(Overtaken):
        move_edition(edition.pk, "withdraw", officer, "Erreur", seen_state="announced")


def test_an_edition_is_copied_with_its_dates_moved(edition: Edition, officer: User) -> None:
    opens = timezone.make_aware(timezone.datetime(2027, 9, 1, 8))
    Edition.objects.filter(pk=edition.pk).update(
        registration_opens_at=opens, registration_closes_at=opens + timedelta(days=60)
    )
    set_quotas(edition.pk, {"trainee": 100, "press": None}, officer)
    made = copy_edition(edition.pk, "Assises 2028", date(2028, 12, 8), officer)
    assert (made.year, made.place, made.status) == (2028, "Hôtel de Région", "draft")
    assert made.registration_opens_at == opens + (date(2028, 12, 8) - DAY)
    assert dict(made.quotas.values_list("category", "places")) == {"trainee": 100}
    workshop = made.sessions.get(title="Entretiens")
    assert (workshop.room.edition, workshop.room.name) == (made, "Salle 2")
    assert made.sessions.get(title="Ouverture").speakers == "", "nobody is announced twice without being asked"
    with pytest.raises(Exception, match="déjà son édition"):
        copy_edition(edition.pk, "Encore", date(2028, 12, 9), officer)


def test_a_room_in_use_stays(edition: Edition, officer: User) -> None:
    with pytest.raises(Refused, match="sert encore"):
        remove_part(edition.rooms.get(name="Salle 2"), officer)
    remove_part(edition.sessions.get(title="Entretiens"), officer)
    remove_part(edition.rooms.get(name="Salle 2"), officer)
    assert edition.rooms.count() == 1


def test_two_people_at_once_lose_nothing(client: Client, edition: Edition, officer: User) -> None:
    signed_in(client, officer)
    url = reverse("assises:room_change", args=[2027, edition.rooms.get(name="Salle 2").pk])
    typed = {"name": "Salle bleue", "capacity": 25, "is_step_free": "on", "note": "", "revision_seen": 0}
    assert client.post(url, typed).status_code == 302
    late = client.post(url, typed | {"name": "Salle rouge"})
    assert late.status_code == 422
    assert "Salle rouge" in late.content.decode(), "what was typed is kept"
    assert edition.rooms.filter(name="Salle bleue").exists()


def test_the_same_form_twice_makes_one(client: Client, edition: Edition, officer: User) -> None:
    signed_in(client, officer)
    url = reverse("assises:session_new", args=[2027])
    token = client.get(url).context["form"].initial["form_token"]
    typed = {"kind": "break", "title": "Déjeuner", "starts_at": "12:00", "ends_at": "13:30", "form_token": token}
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    assert edition.sessions.filter(title="Déjeuner").count() == 1


def test_another_edition_s_room_is_refused(client: Client, edition: Edition, officer: User) -> None:
    other = copy_edition(edition.pk, "Assises 2028", date(2028, 12, 8), officer)
    foreign = other.rooms.all()[0]
    signed_in(client, officer)
    assert client.get(reverse("assises:room_change", args=[2027, foreign.pk])).status_code == 404
    with pytest.raises(Error, match="autre édition"), transaction.atomic():
        Session.objects.filter(edition=edition).update(room=foreign)


def test_the_calendar_file_follows_the_programme(client: Client, edition: Edition, officer: User) -> None:
    move_edition(edition.pk, "announce", officer)
    url = reverse("assises:calendar", args=[2027])
    [whole_day] = Calendar.from_ical(client.get(url).content).walk("VEVENT")
    assert whole_day["SUMMARY"] == edition.name
    publish_programme(edition.pk, "", officer)
    answer = client.get(url)
    first, second = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Type"].startswith("text/calendar")
    assert [str(row["SUMMARY"]) for row in (first, second)] == ["Ouverture", "Entretiens"]
    assert first["DTSTART"].dt == edition.moment(time(9))
    assert "Grande salle" in first["LOCATION"]


@pytest.mark.parametrize(
    ("moment", "label"),
    [
        ((2027, 8, 1), "Annoncée"), ((2027, 10, 1), "Inscriptions ouvertes"), ((2027, 12, 1), "Inscriptions closes"),
        ((2027, 12, 10), "Aujourd’hui"), ((2027, 12, 11), "Tenue"),
    ],
)  # fmt: skip
def test_where_an_edition_stands_follows_its_dates(edition: Edition, moment: tuple[int, ...], label: str) -> None:
    edition.status = "announced"
    edition.registration_opens_at = timezone.make_aware(timezone.datetime(2027, 9, 1))
    edition.registration_closes_at = timezone.make_aware(timezone.datetime(2027, 11, 20))
    assert situation_of(edition, timezone.make_aware(timezone.datetime(*moment, 12))).label == label


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"held_on": "2026-12-10"}, "__all__"), ({"ends_at": "08:00"}, "__all__"), ({"ends_at": ""}, "__all__"), ({"postal_code": "34"}, "__all__"),
        ({"registration_opens_at": "2027-09-01T08:00"}, "__all__"), ({"held_on": ""}, "held_on"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_kept(
    client: Client, edition: Edition, officer: User, facts: dict[str, str], field: str
) -> None:
    signed_in(client, officer)
    typed = {
        "year": 2027, "name": "Nom tapé", "held_on": "2027-12-10", "starts_at": "09:00", "ends_at": "17:00", "revision_seen": 0,
        "offer_hours": 48, "people_kept_months": 6,
    } | facts  # fmt: skip
    answer = client.post(reverse("assises:edition_change", args=[2027]), typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Nom tapé" in answer.content.decode()


def test_the_list_asks_as_much_for_one_as_for_many(
    client: Client, edition: Edition, officer: User, same_query_count: Callable[..., None]
) -> None:
    signed_in(client, officer)
    years = iter((2028, 2029, 2030))

    def more() -> None:
        year = next(years)
        copy_edition(edition.pk, f"Assises {year}", date(year, 12, 8), officer)

    same_query_count(lambda: client.get(reverse("assises:index")), more)


def test_the_page_of_a_past_edition_promises_nothing(client: Client, edition: Edition, officer: User) -> None:
    move_edition(edition.pk, "announce", officer)
    page = reverse("assises:public", args=[2027])
    assert "Mettre dans mon agenda" in client.get(page).content.decode()
    Edition.objects.filter(pk=edition.pk).update(
        held_on=date(2020, 12, 10), year=2020, place="", city="", contact_email=""
    )
    past = client.get(reverse("assises:public", args=[2020])).content.decode()
    for promise in ("Mettre dans mon agenda", "Le programme paraîtra ici", "Le lieu sera dit ici", "Venir"):
        assert promise not in past


def test_a_move_that_is_refused_keeps_its_reason(client: Client, edition: Edition, officer: User) -> None:
    signed_in(client, officer)
    typed = {"seen": "somewhere else", "reason": "La salle a brûlé."}
    answer = client.post(reverse("assises:edition_move", args=[2027, "cancel"]), typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "La salle a brûlé." in answer.content.decode()
