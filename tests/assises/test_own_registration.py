"""Registering oneself by personal link: refusals first, one registration however often it is sent, nothing typed is lost."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.models import Edition, LinkRequest, Question, Registration
from assises.operations.editions import move_edition, set_quotas
from assises.operations.own_registration import answer_request, lapse_late_offers
from assises.operations.places import let_offers_lapse
from assises.operations.questions import add_question
from assises.reads.own_registration import end_of_link
from e2c_portal.accounts.models import User
from e2c_portal.links import attempts
from e2c_portal.links.models import Attempt, PersonalLink
from schools.models import School
from tests.factories.assises import edition_open, somebody, workshop
from tests.factories.own_registration import TYPED, OwnLink, asked, jobs_done, own_link
from tests.factories.spaces import link_received
from tests.factories.trainees import trainee_in

pytestmark = pytest.mark.django_db
EMAIL = "camille@exemple.invalid"


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer)


@pytest.fixture
def mine(edition: Edition) -> OwnLink:
    return own_link(edition, EMAIL)


def closed(edition: Edition, *, opens_in: int, closes_in: int) -> None:
    now = timezone.now()
    edition.registration_opens_at, edition.registration_closes_at = (
        now + timedelta(days=opens_in), now + timedelta(days=closes_in)
    )  # fmt: skip
    edition.save()


@pytest.mark.parametrize(
    ("opens_in", "closes_in", "words"), [(2, 5, "ouvrent le"), (-5, -1, "closes depuis le")], ids=["early", "late"]
)
def test_nobody_registers_outside_the_dates(edition: Edition, opens_in: int, closes_in: int, words: str) -> None:
    mine = own_link(edition)
    closed(edition, opens_in=opens_in, closes_in=closes_in)
    page = Client().get(reverse("assises:register", args=[edition.year])).content.decode()
    assert words in page
    assert 'name="email"' not in page
    refused = asked(edition, EMAIL)
    assert refused.status_code == 422
    assert EMAIL in refused.content.decode()
    assert jobs_done() == 0
    # The link that was received earlier says the same, and what was being typed stays on the page.
    assert words in mine.text()
    answer = mine.register(first_name="Prénom gardé")
    assert answer.status_code == 422
    assert "Prénom gardé" in answer.content.decode()
    assert not Registration.objects.exists()


def test_a_page_that_is_not_public_asks_nothing(edition: Edition, officer: User) -> None:
    mine = own_link(edition)
    move_edition(edition.pk, "withdraw", officer, "À revoir")
    assert asked(edition, EMAIL).status_code == 404
    assert mine.get().status_code == 410
    assert mine.again().browser.get(mine.link).status_code == 410


def test_the_answer_is_the_same_for_all(edition: Edition) -> None:
    somebody(edition, email="connue@exemple.invalid")
    mail.outbox.clear()
    known, new, robot = (
        asked(edition, "connue@exemple.invalid"), asked(edition, "nouvelle@exemple.invalid"),
        asked(edition, "robot@exemple.invalid", complement="https://spam.example"),
    )  # fmt: skip
    assert {answer.status_code for answer in (known, new, robot)} == {302}
    assert len({answer.headers["Location"] for answer in (known, new, robot)}) == 1
    assert jobs_done() == 2
    assert not LinkRequest.objects.exists()
    assert asked(edition, "pas une adresse").status_code == 422


def test_a_mailbox_is_not_flooded(edition: Edition, mine: OwnLink) -> None:
    sent = len(mail.outbox)
    asked(edition, EMAIL.upper())
    jobs_done()
    link_received(EMAIL)
    assert len(mail.outbox) == sent
    assert PersonalLink.objects.filter(email__iexact=EMAIL).count() == 1
    assert answer_request(0) is False


def test_one_connection_asks_only_so_often(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(attempts.ALLOWED, Attempt.What.ASKED_LINK, 2)
    answers = [asked(edition, f"p{number}@exemple.invalid") for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert answers[2].headers["Retry-After"] == "900"


def test_a_scanner_that_opens_every_address_changes_nothing(edition: Edition, mine: OwnLink) -> None:
    mine.register()
    before = Registration.objects.values().get()
    for page in (
        "",
        "inscription/institution/",
        "modifier/",
        "ateliers/",
        "photos/",
        "accepter/",
        "annuler/",
        "agenda/",
    ):
        assert mine.get(page).status_code in (200, 303), page
    assert Registration.objects.values().get() == before
    assert mine.get("inscription/inconnue/").status_code == 404


def test_a_page_copied_into_another_browser_does_not_open(mine: OwnLink) -> None:
    mine.text()
    assert Client(headers={"user-agent": "Autre"}).get(mine.first).status_code == 410


def test_a_link_ends_forty_days_after_the_day(edition: Edition, mine: OwnLink) -> None:
    link = PersonalLink.objects.get(email=EMAIL)
    assert link.not_after == end_of_link(edition)
    assert timezone.localdate(link.not_after) - edition.held_on == timedelta(days=41)
    link.not_after = timezone.now() - timedelta(minutes=1)
    link.save()
    assert mine.again().browser.get(mine.link).status_code == 410


def test_pressing_twice_makes_one_registration(mine: OwnLink) -> None:
    first, second = mine.register(), mine.register()
    assert (first.status_code, second.status_code) == (303, 303)
    row = Registration.objects.get()
    assert (row.status, row.origin, row.email, row.image_consent) == ("confirmed", "link", EMAIL, False)
    assert (row.image_consent_by, row.registered_by) == ("Camille Exemple", None)
    page = mine.text()
    assert "Votre place est prise" in page
    assert "6 mois après la journée" in page.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_another_device_is_told_and_loses_nothing(mine: OwnLink) -> None:
    other = mine.again()
    mine.register()
    answer = other.register(first_name="Autre prénom")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "déjà inscrit" in page
    assert "Autre prénom" in page
    assert Registration.objects.get().first_name == "Camille"


def test_two_devices_correct_one_after_the_other(mine: OwnLink) -> None:
    mine.register()
    other = mine.again()
    stale = other.hidden("modifier/")
    assert mine.post("modifier/", TYPED | {"job_title": "Élue"}).status_code == 303
    late = other.browser.post(f"{other.first}modifier/", TYPED | stale | {"job_title": "Adjointe"})
    assert late.status_code == 422
    assert "Adjointe" in late.content.decode()
    assert Registration.objects.get().job_title == "Élue"
    again = dict(stale, revision_seen="1")
    assert other.browser.post(f"{other.first}modifier/", TYPED | again | {"job_title": "Adjointe"}).status_code == 303
    assert Registration.objects.get().job_title == "Adjointe"


def test_what_is_written_is_checked_beside_its_field(mine: OwnLink) -> None:
    answer = mine.register(first_name="", access_needs="mon numéro 1 84 12 76 451 089 46", last_name="Gardé")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Écrivez votre prénom." in page
    assert "sécurité sociale" in page
    assert "Gardé" in page
    assert mine.register("stagiaire").status_code == 422  # the school is missing
    assert not Registration.objects.exists()


def test_a_trainee_says_which_school_and_a_minor_consents_through_it(
    edition: Edition, mine: OwnLink, school: School
) -> None:
    page = mine.text("inscription/stagiaire/")
    assert "représentant légal" in page
    assert "18 ans ou plus" in page
    assert 'name="job_title"' not in page
    assert mine.register("stagiaire", school=school.pk).status_code == 303
    row = Registration.objects.get()
    assert (row.category, row.school, row.organisation) == ("trainee", school, "")


def test_a_known_minor_does_not_answer_about_photos(edition: Edition, school: School, coordinator: User) -> None:
    born = edition.held_on.replace(year=edition.held_on.year - 17)
    young = trainee_in(school, coordinator, birth_date=born)
    row = somebody(edition, "trainee", coordinator, trainee=young, school=school, origin="school", email=EMAIL)
    mine = OwnLink(edition, EMAIL, link_received(EMAIL))
    page = mine.text()
    assert "représentant légal se donne à l’école" in page
    assert "/photos/" not in page
    assert mine.browser.post(f"{mine.first}photos/", {"which": row.public_id, "photos": "oui"}).status_code == 303
    row.refresh_from_db()
    assert row.image_consent is None
    # The name is the school's: the person corrects the rest.
    assert 'name="first_name"' not in mine.text("modifier/")
    assert mine.post("modifier/", {"access_needs": "Une pause"}).status_code == 303
    row.refresh_from_db()
    assert (row.access_needs, row.first_name) == ("Une pause", "Camille")


def test_questions_are_asked_of_whom_they_concern(edition: Edition, mine: OwnLink, officer: User) -> None:
    meal = add_question(
        Question(edition=edition, label="Repas ?", kind="choice", choices="Oui\nNon", is_required=True), officer
    )
    add_question(Question(edition=edition, label="Interview ?", kind="text", categories=["press"]), officer)
    page = mine.text("inscription/institution/")
    assert "Repas" in page
    assert "Interview" not in page
    assert mine.register().status_code == 422
    assert mine.register(**{f"question_{meal.pk}": "Peut-être"}).status_code == 422
    assert mine.register(**{f"question_{meal.pk}": "Oui"}).status_code == 303
    assert Registration.objects.get().answers.get().value == "Oui"
    assert mine.post("modifier/", TYPED | {f"question_{meal.pk}": "Non"}).status_code == 303
    assert Registration.objects.get().answers.get().value == "Non"


def test_workshops_are_chosen_with_the_place_and_a_full_one_costs_nobody_theirs(
    edition: Edition, mine: OwnLink
) -> None:
    session = edition.sessions.get(takes_registrations=True)
    assert "2 places libres" in mine.text("inscription/institution/").replace("\N{NO-BREAK SPACE}", " ")
    mine.register(sessions=[session.pk])
    assert Registration.objects.get().session_places.get().session == session
    assert mine.post("ateliers/", {}).status_code == 303
    assert not Registration.objects.get().session_places.exists()
    for number in range(2):
        own_link(edition, f"w{number}@exemple.invalid").register(sessions=[session.pk])
    third = own_link(edition, "w3@exemple.invalid")
    answer = third.register(sessions=[session.pk])
    assert answer.headers["Location"].endswith("/ateliers/?refus=1")
    assert Registration.objects.get(email=third.email).status == "confirmed"
    refused = mine.post("ateliers/", {"sessions": [session.pk]})
    assert refused.status_code == 422
    assert "Cet atelier est complet." in refused.content.decode()


def test_a_workshop_that_is_not_published_is_not_offered(edition: Edition, mine: OwnLink, officer: User) -> None:
    hidden = workshop(edition, officer, "Surprise", 14, 15)
    assert "Surprise" not in mine.text("inscription/institution/")
    assert mine.register(sessions=[hidden.pk]).status_code == 422


def test_an_offer_is_accepted_or_lapses_and_one_may_come_back(edition: Edition, officer: User) -> None:
    set_quotas(edition.pk, {"institution": 1}, officer)
    first, second = own_link(edition, "un@exemple.invalid"), own_link(edition, "deux@exemple.invalid")
    first.register()
    assert "liste d’attente" in second.text("inscription/institution/")
    second.register()
    waiting = Registration.objects.get(email=second.email)
    assert waiting.status == "waiting"
    shown = first.hidden("annuler/")
    assert [first.browser.post(f"{first.first}annuler/", shown).status_code for _ in range(2)] == [303, 303]
    assert "Accepter la place" in second.text()
    let_offers_lapse(edition.pk, timezone.now() + timedelta(hours=49))
    assert second.browser.post(f"{second.first}accepter/", {"which": waiting.public_id}).status_code == 422
    # The link of an offer that lapsed still opens, and lets one register again.
    page = OwnLink(edition, second.email, link_received(second.email)).text()
    assert "Proposition échue" in page
    assert "S’inscrire de nouveau" in page
    assert second.register().status_code == 303
    row = Registration.objects.filter(email=second.email).latest("pk")
    assert row.status == "confirmed"
    # A page about the former registration acts on nothing.
    old = second.browser.post(f"{second.first}annuler/", {"which": waiting.public_id})
    assert old.status_code == 422
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_an_offer_is_accepted_once(edition: Edition, officer: User) -> None:
    set_quotas(edition.pk, {"institution": 1}, officer)
    first, second = own_link(edition, "un@exemple.invalid"), own_link(edition, "deux@exemple.invalid")
    first.register()
    second.register()
    first.post("annuler/")
    offered = Registration.objects.get(email=second.email)
    assert offered.status == "offered"
    answers = [second.browser.post(f"{second.first}accepter/", {"which": offered.public_id}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    offered.refresh_from_db()
    assert offered.status == "confirmed"


def test_the_clock_takes_back_late_offers_everywhere(edition: Edition, officer: User) -> None:
    set_quotas(edition.pk, {"institution": 1}, officer)
    first, second = own_link(edition, "un@exemple.invalid"), own_link(edition, "deux@exemple.invalid")
    first.register()
    second.register()
    first.post("annuler/")
    assert lapse_late_offers() == 0
    Registration.objects.filter(email=second.email).update(offered_until=timezone.now() - timedelta(seconds=1))
    assert lapse_late_offers() == 1
    assert lapse_late_offers() == 0


def test_nothing_changes_once_the_day_has_begun(edition: Edition, mine: OwnLink) -> None:
    mine.register()
    row = Registration.objects.get()
    edition.held_on = timezone.localdate() - timedelta(days=1)
    edition.save()
    page = mine.text()
    assert "/annuler/" not in page
    late = mine.browser.post(f"{mine.first}annuler/", {"which": row.public_id})
    assert late.status_code == 422
    assert "La journée a commencé" in late.content.decode()
    # Consent to images is withdrawn at any time.
    assert mine.post("photos/", {"photos": "oui"}).status_code == 303
    row.refresh_from_db()
    assert (row.status, row.image_consent) == ("confirmed", True)


def test_a_link_of_one_edition_says_nothing_of_another(edition: Edition, mine: OwnLink, officer: User) -> None:
    mine.register()
    other = edition_open(officer, held_on=edition.held_on.replace(year=edition.held_on.year + 1))
    theirs = own_link(other, EMAIL)
    assert "Votre place est prise" not in theirs.text()
    assert theirs.register().status_code == 303
    assert Registration.objects.filter(email=EMAIL).count() == 2
