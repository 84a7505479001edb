"""What a person receives of their registration: the right words at each step, a ticket that the door reads, a calendar."""

import io
from collections.abc import Callable

import pytest
import zxingcpp
from django.core import mail
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from PIL import Image

from assises.life import registrations as life
from assises.models import Edition, Question, Registration
from assises.operations.editions import move_edition, set_quotas
from assises.operations.places import let_offers_lapse
from assises.operations.programme import change_part, publish_programme, remove_part
from assises.operations.questions import add_question, change_question, remove_question
from assises.operations.registering import cancel_registration, refuse_request, renew_ticket, write_answers
from assises.operations.telling import tell_of_cancelling, tell_of_changes
from assises.reads.tickets import ticket_of
from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.mailing.models import Mail
from tests.factories.assises import edition_open, somebody
from tests.factories.calendars import attached
from tests.factories.own_registration import OwnLink, jobs_done, own_link, received
from tests.factories.spaces import link_received
from tests.signing.work import work

pytestmark = pytest.mark.django_db
EMAIL = "camille@exemple.invalid"


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer)


def test_a_confirmation_brings_the_ticket_the_letters_and_the_chosen_workshops(edition: Edition) -> None:
    session = edition.sessions.get(takes_registrations=True)
    own_link(edition, EMAIL).register(sessions=[session.pk])
    row = Registration.objects.get()
    message, ticket = received(EMAIL, "votre place est prise"), ticket_of(row)
    assert ticket in message.body
    assert row.full_name not in message.subject
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(attached(message, "image/png"))))
    assert read.text == ticket
    assert read.ec_level in ("Q", "H")
    events = list(Calendar.from_ical(attached(message, "text/calendar").decode()).walk("VEVENT"))
    assert {str(event["summary"]) for event in events} == {"Ouverture", "Entretiens"}
    assert events[0]["dtstart"].dt == edition.moment(edition.starts_at)
    # The same day on the page of the link, for whoever lost the message.
    page = OwnLink(edition, EMAIL, link_received(EMAIL))
    assert ticket in page.text()
    assert "<svg" in page.text()
    file = page.get("agenda/")
    assert file.headers["Content-Type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert len(Calendar.from_ical(file.content.decode()).walk("VEVENT")) == 2


def test_a_workshop_that_was_not_chosen_is_not_in_the_calendar(edition: Edition) -> None:
    own_link(edition, EMAIL).register()
    events = Calendar.from_ical(attached(received(EMAIL, "place est prise"), "text/calendar").decode()).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Ouverture"]


def test_the_ticket_and_the_names_rest_nowhere(edition: Edition) -> None:
    own_link(edition, EMAIL).register()
    row = Registration.objects.get()
    work("mailing.send_mail")
    ticket = ticket_of(row)
    assert not any(ticket in f"{m.context}{m.answer}{m.failure}" for m in Mail.objects.all())
    told = " ".join(f"{event.summary} {event.detail}" for event in Entry.objects.all())
    assert ticket not in told
    assert EMAIL not in told
    assert "Camille" not in told


def test_each_step_has_its_words(edition: Edition, officer: User) -> None:
    set_quotas(edition.pk, {"institution": 1}, officer)
    first = somebody(edition, email="un@exemple.invalid")
    somebody(edition, email="deux@exemple.invalid")
    waiting = received("deux@exemple.invalid", "liste d’attente")
    assert "promettre" in waiting.body
    assert not waiting.attachments
    cancel_registration(first.pk)
    assert "annulée" in received("un@exemple.invalid", "est annulée").body
    offered = received("deux@exemple.invalid", "une place se libère")
    second = Registration.objects.get(email="deux@exemple.invalid")
    assert f"{second.offered_until.astimezone():%Y}" in offered.subject
    let_offers_lapse(edition.pk, second.offered_until)
    assert "fin de la liste" in received("deux@exemple.invalid", "n’a pas été acceptée").body


def test_a_refusal_gives_its_reason(edition: Edition, officer: User) -> None:
    edition.categories_on_approval = ["press"]
    edition.save()
    row = somebody(edition, "press", organisation="Le Journal (exemple)", email=EMAIL)
    assert "doit l’accepter" in received(EMAIL, "bien reçue").body
    refuse_request(row.pk, officer, "Toutes les places de la presse sont prises.")
    assert "places de la presse sont prises" in received(EMAIL, "votre demande d’inscription").body


def test_a_message_that_is_no_longer_true_does_not_leave(edition: Edition) -> None:
    row = somebody(edition, email=EMAIL)
    cancel_registration(row.pk)
    work("mailing.send_mail")
    assert [message.subject for message in mail.outbox if "place est prise" in message.subject] == []
    assert "annulée" in received(EMAIL, "annulée").subject


def test_a_school_or_a_company_that_registers_somebody_gives_them_the_same_link(
    edition: Edition, coordinator: User, school: object
) -> None:
    somebody(edition, "staff", coordinator, school=school, origin="school", email=EMAIL)
    message = received(EMAIL, "place est prise")
    assert "par son école" in message.body
    mine = OwnLink(edition, EMAIL, link_received(EMAIL))
    assert mine.post("annuler/").status_code == 303
    assert Registration.objects.get().status == life.CANCELLED


def test_nobody_without_an_address_nor_after_the_day_is_told(edition: Edition, officer: User) -> None:
    somebody(edition, email="")
    move_edition(edition.pk, "withdraw", officer, "À revoir")
    edition.refresh_from_db()
    somebody(edition, email=EMAIL)
    assert not Mail.objects.filter(kind__startswith="assises.").exists()


def test_an_edition_that_is_cancelled_is_told_once_to_whoever_was_to_come(edition: Edition, officer: User) -> None:
    somebody(edition, email=EMAIL)
    gone = somebody(edition, email="parti@exemple.invalid")
    cancel_registration(gone.pk)
    link = link_received(EMAIL)
    move_edition(edition.pk, "cancel", officer, "Tempête")
    assert jobs_done() == 1
    message = received(EMAIL, "n’aura pas lieu")
    assert "Tempête" not in message.body
    tell_of_cancelling(edition.pk)
    assert Mail.objects.filter(kind="assises.edition_cancelled").count() == 1
    page = OwnLink(edition, EMAIL, link).text()
    assert "n’aura pas lieu" in page
    assert "Mon billet" not in page
    assert "/annuler/" not in page


def test_a_new_ticket_is_another_message(edition: Edition, officer: User) -> None:
    row = somebody(edition, email=EMAIL)
    first = ticket_of(row)
    renew_ticket(row.pk, officer, "Badge perdu")
    row.refresh_from_db()
    work("mailing.send_mail")
    bodies = [message.body for message in mail.outbox if EMAIL in message.to[0]]
    assert ticket_of(row) in bodies[-1]
    assert ticket_of(row) != first


def test_a_new_programme_is_told_once_to_whoever_has_a_place(
    edition: Edition, officer: User, officer_client: Client
) -> None:
    set_quotas(edition.pk, {"institution": 1}, officer)
    somebody(edition, email=EMAIL)
    somebody(edition, email="attend@exemple.invalid")
    address = reverse("assises:publish", args=[edition.year])
    session = edition.sessions.get(title="Ouverture")
    session.title = "Grande ouverture"
    change_part(session, session.revision, officer)
    assert officer_client.post(address, {"note": "Plus tôt", "seen": 1, "tells": "on"}).status_code == 302
    assert jobs_done() == 1
    message = received(EMAIL, "le programme change")
    assert "Grande ouverture" in message.body
    assert "Plus tôt" in message.body
    assert b"Grande ouverture" in attached(message, "text/calendar")
    version = edition.versions.get(number=2)
    tell_of_changes(version.pk)
    assert Mail.objects.filter(kind="assises.programme_changed").count() == 1
    # Not ticked, nobody is told; a first version changes nothing.
    assert tell_of_changes(edition.versions.get(number=1).pk) == 0
    session.title = "Ouverture"
    change_part(session, session.revision, officer)
    publish_programme(edition.pk, "", officer, seen_number=2)
    assert jobs_done() == 0


def test_the_questions_ask_as_much_of_the_database_for_one_as_for_many(
    edition: Edition, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    def one_more() -> None:
        label = f"Question {Question.objects.count()}"
        question = add_question(Question(edition=edition, label=label, kind="yes_no"), officer)
        write_answers(somebody(edition), {question.pk: "Oui"})

    one_more()
    same_query_count(lambda: officer_client.get(reverse("assises:questions", args=[edition.year])), one_more)


def test_a_workshop_with_people_in_it_stays(edition: Edition, officer: User) -> None:
    session = edition.sessions.get(takes_registrations=True)
    own_link(edition, EMAIL).register(sessions=[session.pk])
    with pytest.raises(Refused, match="déjà des inscrits"):
        remove_part(session, officer)


def test_questions_are_prepared_until_somebody_answers(
    edition: Edition, officer_client: Client, officer: User, coordinator: User, client_of: object
) -> None:
    here, new = (reverse(f"assises:{name}", args=[edition.year]) for name in ("questions", "question_new"))
    theirs = client_of(coordinator)  # type: ignore[operator]
    assert theirs.get(here).status_code == 200
    assert theirs.get(new).status_code == 403
    assert Client().get(here).status_code == 302
    assert "repas de midi" in officer_client.get(f"{new}?modele=repas").content.decode()
    typed = {"label": "Repas ?", "kind": "choice", "choices": "Oui\r\n\r\nNon", "position": "1", "is_required": "on"}
    assert officer_client.post(new, typed | {"choices": ""}).status_code == 422
    assert officer_client.post(new, typed | {"categories": ["press", "company"]}).status_code == 302
    question = Question.objects.get()
    assert (question.options, question.categories) == (["Oui", "Non"], ["press", "company"])
    assert "presse, entreprises" in officer_client.get(here).content.decode()
    change = reverse("assises:question_change", args=[edition.year, question.pk])
    assert theirs.get(change).status_code == 403
    assert officer_client.post(change, typed | {"label": "Midi ?", "revision_seen": "0"}).status_code == 302
    assert officer_client.post(change, typed | {"label": "Soir ?", "revision_seen": "0"}).status_code == 422
    with pytest.raises(NotAllowed):
        remove_question(question, coordinator)
    write_answers(somebody(edition), {question.pk: "Oui"})
    question.refresh_from_db()
    with pytest.raises(Refused, match="déjà répondu"):
        change_question(question, question.revision, officer)
    officer_client.post(reverse("assises:question_remove", args=[edition.year, question.pk]))
    assert Question.objects.exists()
    assert "figée" in officer_client.get(here).content.decode()
    spare = add_question(Question(edition=edition, label="Autre", kind="yes_no"), officer)
    officer_client.post(reverse("assises:question_remove", args=[edition.year, spare.pk]))
    assert list(Question.objects.all()) == [question]
