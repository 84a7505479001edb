"""What staff sees of messages and may do with them."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.mailing import controls
from e2c_portal.mailing.models import Mail, Sms, Status
from e2c_portal.mailing.queries import mails_of, next_step, reach_of, sms_of, state_of
from e2c_portal.mailing.requesting import send_sms_on_commit
from tests.mailing.samples import CODE, CONTEXT, invite, morning, remind, work
from tests.mailing.smtp_sink import Sink

pytestmark = pytest.mark.django_db
LIST = "/gestion/mailing/mail/"


@pytest.fixture
def failed(sink: Sink) -> Mail:
    """A message that a server refused for good."""
    sink.manners.replies["RCPT"] = ["550 5.1.1 unknown"]
    mail = invite()
    work()
    mail.refresh_from_db()
    return mail


def test_a_failed_message_leaves_at_the_press_of_a_button(failed: Mail, sink: Sink, officer: User) -> None:
    assert failed.status == Status.FAILED
    assert "Vérifiez l’adresse" in next_step(failed)
    controls.retry(failed, officer)
    work()
    failed.refresh_from_db()
    assert failed.status == Status.SENT
    assert [entry.action for entry in trail_of(failed)] == ["message.retried"]
    with pytest.raises(Refused):
        controls.retry(failed, officer)
    assert len(sink.received) == 1


def test_a_message_not_yet_gone_is_given_up_with_a_reason(officer: User) -> None:
    mail = invite()
    with pytest.raises(Refused):
        controls.cancel(mail, officer, "  ")
    controls.cancel(mail, officer, "Erreur de destinataire")
    assert work() == 1
    mail.refresh_from_db()
    assert (mail.status, next_step(mail)) == (Status.CANCELLED, "Erreur de destinataire")
    with pytest.raises(Refused):
        controls.cancel(mail, officer, "encore")


def test_the_same_message_asked_for_again_meanwhile_blocks_the_retry(failed: Mail, officer: User) -> None:
    invite()
    with pytest.raises(Refused, match="identique"):
        controls.retry(failed, officer)


def test_reading_is_not_writing(failed: Mail, auditor: User, coordinator: User) -> None:
    for person in (auditor, coordinator):
        with pytest.raises(NotAllowed):
            controls.retry(failed, person)
        with pytest.raises(NotAllowed):
            controls.cancel(failed, person, "non")


def test_a_part_of_a_message_of_the_day_is_not_retried_alone(sink: Sink, officer: User) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        part = remind(days=30)
        remind(days=7)
    sink.manners.replies["RCPT"] = ["550 no"]
    with time_machine.travel("2026-11-24 07:00+01:00", tick=False):
        morning()
        work()
        part.refresh_from_db()
        with pytest.raises(Refused, match="message du jour"):
            controls.retry(part, officer)


def test_the_messages_of_a_record_tell_where_they_stand(sink: Sink, officer: User) -> None:
    mail = invite(record=officer)
    send_sms_on_commit(CODE, "0612345678", officer, {})
    assert [state_of(row).label for row in mails_of(officer)] == ["En attente"]
    assert next_step(mail) == "Part dans quelques instants."
    assert sms_of(officer).count() == 1
    assert reach_of("paul@exemple.fr").sentence == "Aucun message ne lui a encore été envoyé."
    work()
    mail.refresh_from_db()
    assert state_of(mail).label == "Envoyé"
    assert reach_of("Paul@exemple.fr").works


def test_the_list_and_the_page_show_the_words_without_their_secrets(failed: Mail, officer_client: Client) -> None:
    listed = officer_client.get(LIST).content.decode()
    assert "La convention d’essai" in listed
    assert "En échec" in listed
    page = officer_client.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert "https://exemple.invalid/lien/exemple/" in page
    assert "Relancer l’envoi" in page
    assert "550 5.1.1 unknown" in page


def test_the_mail_is_shown_as_its_recipient_sees_it_and_can_do_nothing(failed: Mail, officer_client: Client) -> None:
    answer = officer_client.get(reverse("admin:mailing_mail_words", args=[failed.pk]))
    assert "https://exemple.invalid/lien/exemple/" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert policy.count("'unsafe-inline'") == 1
    assert "style-src 'unsafe-inline'" in policy


def test_buttons_of_the_page(failed: Mail, officer_client: Client, sink: Sink) -> None:
    officer_client.post(reverse("admin:mailing_mail_retry", args=[failed.pk]))
    failed.refresh_from_db()
    assert failed.status == Status.QUEUED
    answer = officer_client.post(reverse("admin:mailing_mail_cancel", args=[failed.pk]), {"reason": " "})
    assert answer.status_code == 422
    assert "demande un motif" in answer.content.decode()
    officer_client.post(reverse("admin:mailing_mail_cancel", args=[failed.pk]), {"reason": "Erreur"})
    failed.refresh_from_db()
    assert failed.status == Status.CANCELLED


def test_several_are_retried_from_the_list(failed: Mail, officer_client: Client) -> None:
    answer = officer_client.post(LIST, {"action": "retry_selected", "_selected_action": [failed.pk]}, follow=True)
    assert "1\u00a0message relancé" in answer.content.decode()


def test_an_auditor_reads_and_sees_no_button(failed: Mail, auditor: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(auditor)
    page = client.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert "Relancer l’envoi" not in page
    client.post(reverse("admin:mailing_mail_retry", args=[failed.pk]))
    failed.refresh_from_db()
    assert failed.status == Status.FAILED
    assert client.get(LIST).status_code == 200


def test_a_school_sees_nothing_of_them(failed: Mail, coordinator: User, client_of: Callable[[User], Client]) -> None:
    for path in (LIST, f"{LIST}{failed.pk}/change/", reverse("admin:mailing_mail_words", args=[failed.pk])):
        assert client_of(coordinator).get(path).status_code in (302, 403, 404)


def test_text_messages_have_their_list(officer_client: Client) -> None:
    sms = send_sms_on_commit(CODE, "0612345678", None, {})
    assert "+33612345678" in officer_client.get("/gestion/mailing/sms/").content.decode()
    page = officer_client.get(f"/gestion/mailing/sms/{sms.pk}/change/").content.decode()
    assert "votre code est 000000" in page
    assert Sms.objects.count() == 1


def test_the_list_asks_as_much_for_three_as_for_one(officer_client: Client, same_query_count: Any) -> None:
    numbers = iter(range(100))

    def add() -> Mail:
        return invite(f"p{next(numbers)}@exemple.fr", context={**CONTEXT, "title": f"Essai {next(numbers)}"})

    add()
    same_query_count(lambda: officer_client.get(LIST), add)
