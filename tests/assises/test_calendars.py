"""What the calendar of a person holds after each message: what stands, never what was given back, taken out or called off."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.models import Edition, Registration
from assises.operations.editions import move_edition, set_quotas
from assises.operations.following import change_registration, choose_workshops
from assises.operations.programme import change_part, publish_programme, remove_part
from assises.operations.purging import purge_people
from assises.operations.registering import cancel_registration
from assises.operations.telling import tell_of_changes
from e2c_portal.accounts.models import User
from e2c_portal.mailing.models import Mail
from tests.factories.assises import edition_open, somebody, workshop
from tests.factories.calendars import Agenda, posted, taken_back
from tests.factories.own_registration import jobs_done, own_link, received
from tests.signing.work import work

pytestmark = pytest.mark.django_db
EMAIL, OTHER = "camille@exemple.invalid", "autre@exemple.invalid"


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer)


def messages(kind: str) -> int:
    return Mail.objects.filter(kind=f"assises.{kind}").count()


def test_workshops_that_change_put_the_calendar_right(edition: Edition) -> None:
    session = edition.sessions.get(takes_registrations=True)
    mine, agenda = own_link(edition, EMAIL), Agenda()
    mine.register(sessions=[session.pk])
    first = posted(received(EMAIL, "place est prise"))
    agenda.receive(received(EMAIL, "place est prise"))
    assert messages("workshops_changed") == 0, "the confirmation says it already"
    for _ in range(2):
        assert mine.post("ateliers/", {}).status_code == 303
    assert messages("workshops_changed") == 1, "the same choice again tells nothing"
    given_back = received(EMAIL, "vos ateliers")
    assert "plus de place dans un atelier" in given_back.body
    assert "il retire « Entretiens » de votre agenda" in given_back.body.replace("\N{NO-BREAK SPACE}", " ")
    gone = taken_back(given_back)["Entretiens"]
    assert (gone.uid, gone.sequence) == (first["Entretiens"].uid, first["Entretiens"].sequence + 1)
    assert set(posted(given_back)) == {"Ouverture"}
    agenda.receive(given_back)
    assert agenda.titles == {"Ouverture"}
    assert mine.post("ateliers/", {"sessions": [session.pk]}).status_code == 303
    taken = received(EMAIL, "vos ateliers")
    assert "« Entretiens », de" in taken.body.replace("\N{NO-BREAK SPACE}", " ")
    assert "annulation" not in taken.body
    agenda.receive(taken)
    assert agenda.titles == {"Ouverture", "Entretiens"}


def test_workshops_changed_by_the_school_are_told_to_whoever_has_a_place_and_an_address(
    edition: Edition, coordinator: User, school: object
) -> None:
    session = edition.sessions.get(takes_registrations=True)
    staff = [
        somebody(edition, "staff", coordinator, school=school, origin="school", email=email) for email in (EMAIL, "")
    ]
    for row in staff:
        choose_workshops(row.pk, [session.pk], coordinator)
    assert messages("workshops_changed") == 1
    agenda = Agenda()
    told = received(EMAIL, "vos ateliers")
    assert "votre école les a modifiés" in told.body
    agenda.receive(told)
    assert agenda.titles == {"Ouverture", "Entretiens"}
    # Given back in a message that never leaves, for the place is given up meanwhile: the one that leaves takes it all away.
    choose_workshops(staff[0].pk, [], coordinator)
    cancel_registration(staff[0].pk)
    agenda.receive(received(EMAIL, "annulée"))
    assert agenda.titles == set()
    left = Mail.objects.filter(kind="assises.workshops_changed").order_by("pk").values_list("status", flat=True)
    assert list(left) == ["sent", "cancelled"]


def test_a_session_taken_out_leaves_the_calendars_whether_or_not_telling_was_asked(
    edition: Edition, officer: User, officer_client: Client
) -> None:
    set_quotas(edition.pk, {"institution": 1}, officer)
    somebody(edition, email=EMAIL)
    somebody(edition, email=OTHER)
    agenda = Agenda()
    confirmed = received(EMAIL, "place est prise")
    agenda.receive(confirmed)
    remove_part(edition.sessions.get(title="Ouverture"), officer)
    here = reverse("assises:publish", args=[edition.year])
    page = officer_client.get(here).content.decode()
    assert "Les personnes inscrites seront prévenues" in page
    assert 'name="tells"' not in page
    sent = [officer_client.post(here, {"note": "", "seen": 1}).status_code for _ in range(2)]
    assert sent == [302, 422], "pressed twice, it is published once"
    assert jobs_done() == 1
    told = received(EMAIL, "le programme change")
    assert "il retire « Ouverture » de votre agenda" in told.body.replace("\N{NO-BREAK SPACE}", " ")
    before, after = posted(confirmed)["Ouverture"], taken_back(told)["Ouverture"]
    assert after.uid == before.uid
    assert after.sequence > before.sequence
    agenda.receive(told)
    assert agenda.titles == {edition.name}, "nothing stands but the day"
    assert tell_of_changes(edition.versions.get(number=2).pk) == 1
    assert messages("programme_changed") == 1, (
        "whoever waits had nothing to take away; done again, it tells nobody twice"
    )


def test_a_session_in_which_one_must_take_a_place_leaves_the_calendars_of_the_others(
    edition: Edition, officer: User, coordinator: User, school: object
) -> None:
    somebody(edition, email=OTHER)
    mine = somebody(edition, "staff", coordinator, school=school, origin="school", email=EMAIL)
    session = edition.sessions.get(title="Ouverture")
    session.takes_registrations = True
    change_part(session, session.revision, officer)
    choose_workshops(mine.pk, [session.pk], coordinator)
    publish_programme(edition.pk, "", officer, seen_number=1)
    assert jobs_done() == 1
    assert set(taken_back(received(OTHER, "le programme change"))) == {"Ouverture"}
    mine_told = received(EMAIL, "le programme change")
    assert (set(posted(mine_told)), taken_back(mine_told)) == ({"Ouverture"}, {})
    # Back to all in the next version, which nobody asked to tell: nothing is taken from anybody.
    session.takes_registrations = False
    change_part(session, session.revision, officer)
    publish_programme(edition.pk, "", officer, seen_number=2)
    assert jobs_done() == 0


def test_a_registration_cancelled_takes_its_day_away_and_another_one_puts_it_back(edition: Edition) -> None:
    session = edition.sessions.get(takes_registrations=True)
    mine, agenda = own_link(edition, EMAIL), Agenda()
    mine.register(sessions=[session.pk])
    agenda.receive(received(EMAIL, "place est prise"))
    for _ in range(2):
        mine.post("annuler/")
    assert messages("registration_cancelled") == 1, "pressed twice, it is told once"
    told = received(EMAIL, "annulée")
    assert "chacun en retire un temps" in told.body
    assert set(taken_back(told)) == {"Ouverture", "Entretiens"}
    agenda.receive(told)
    assert agenda.titles == set()
    mail.outbox.clear()
    mine.register()
    agenda.receive(received(EMAIL, "place est prise"))
    assert agenda.titles == {"Ouverture"}


def test_whoever_never_had_a_place_has_nothing_to_take_away(edition: Edition, officer: User) -> None:
    set_quotas(edition.pk, {"institution": 0}, officer)
    waiting = somebody(edition, email=EMAIL)
    cancel_registration(waiting.pk)
    told = received(EMAIL, "annulée")
    assert not told.attachments
    assert "agenda" not in told.body


def test_what_was_published_after_a_place_was_given_is_taken_away_with_it(edition: Edition, officer: User) -> None:
    remove_part(edition.sessions.get(title="Ouverture"), officer)
    publish_programme(edition.pk, "", officer, seen_number=1)
    jobs_done()
    row = somebody(edition, email=EMAIL)
    closing = workshop(edition, officer, "Clôture", 16, 17)
    closing.takes_registrations = False
    change_part(closing, closing.revision, officer)
    publish_programme(edition.pk, "", officer, seen_number=2)
    cancel_registration(row.pk)
    # The day itself, since nothing else stood when the place was given; never what was out of the programme by then.
    assert set(taken_back(received(EMAIL, "annulée"))) == {edition.name, "Clôture"}


def test_an_edition_called_off_leaves_the_calendars(edition: Edition, officer: User) -> None:
    session = edition.sessions.get(takes_registrations=True)
    set_quotas(edition.pk, {"institution": 1}, officer)
    mine, agenda = own_link(edition, EMAIL), Agenda()
    mine.register(sessions=[session.pk])
    somebody(edition, email=OTHER)
    agenda.receive(received(EMAIL, "place est prise"))
    move_edition(edition.pk, "cancel", officer, "Tempête")
    jobs_done()
    agenda.receive(received(EMAIL, "n’aura pas lieu"))
    assert agenda.titles == set()
    assert not received(OTHER, "n’aura pas lieu").attachments


def test_nothing_leaves_to_somebody_whose_name_was_erased_meanwhile(edition: Edition, officer: User) -> None:
    kept, cancelled = somebody(edition, email=EMAIL), somebody(edition, email=OTHER)
    work("mailing.send_mail")
    remove_part(edition.sessions.get(title="Ouverture"), officer)
    publish_programme(edition.pk, "", officer, seen_number=1)
    jobs_done()
    cancel_registration(cancelled.pk)
    for row in (kept, cancelled):
        Registration.objects.filter(pk=row.pk).update(
            first_name="", last_name="", email="", organisation="", purged_at=timezone.now()
        )
    mail.outbox.clear()
    work("mailing.send_mail")
    assert mail.outbox == []
    waiting = Mail.objects.filter(status__in=["queued", "sending"])
    assert not waiting.exists()


def test_the_names_once_erased_leave_no_file_to_send(edition: Edition, officer: User) -> None:
    somebody(edition, email=EMAIL)
    remove_part(edition.sessions.get(title="Ouverture"), officer)
    version = publish_programme(edition.pk, "", officer, seen_number=1)
    purge_people(timezone.now() + timedelta(days=2000))
    assert tell_of_changes(version.pk) == 0
    assert not Mail.objects.exists()


def test_an_address_corrected_goes_on_from_the_number_it_knows(edition: Edition, officer: User) -> None:
    former = somebody(edition, email=EMAIL)
    agenda = Agenda()
    agenda.receive(received(EMAIL, "place est prise"))
    cancel_registration(former.pk)
    agenda.receive(received(EMAIL, "annulée"))
    row = somebody(edition, email=OTHER)
    work("mailing.send_mail")
    mail.outbox.clear()
    change_registration(row.pk, {"email": EMAIL}, {}, row.revision, officer)
    agenda.receive(received(EMAIL, "place est prise"))
    assert agenda.titles == {"Ouverture"}
