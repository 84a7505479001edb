"""The link of a tutor: refusals first, then what is reported, told, received, noted."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.links.models import LinkToken, PersonalLink
from schools.models import School
from tests.factories.attendance import stay, under_way
from tests.factories.network import member_of
from tests.factories.spaces import Space, link_received
from tests.signing.work import work
from trainees.models import AccidentReport, AttendanceHalfDay, Internship, TutorReport
from trainees.operations.tutor_links import send_tutor_link, withdraw_tutor_link
from trainees.operations.tutor_reports import confirm_report, set_report_aside

pytestmark = pytest.mark.django_db


@pytest.fixture
def internship(school: School, coordinator: User) -> Internship:
    """An internship that runs today, with a schedule of today if it is a working day."""
    today = timezone.localdate()
    pathway = under_way(school, coordinator, ends_on=today + timedelta(days=200))
    day = today - timedelta(days=1) if today.weekday() == 6 else today
    return stay(pathway, coordinator, day - timedelta(days=3), today + timedelta(days=10), (day,))


@pytest.fixture
def space(internship: Internship, coordinator: User) -> Space:
    """The link, received and open in a browser that keeps its cookies."""
    send_tutor_link(internship.pk, coordinator)
    return Space(internship.tutor, link_received(internship.tutor.email))


def day_of(internship: Internship) -> str:
    return internship.days.get().day.isoformat()


def test_who_may_send_and_to_whom(
    internship: Internship, auditor: User, officer: User, other_school: School, coordinator: User
) -> None:
    for person in (auditor, officer, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            send_tutor_link(internship.pk, person)
    internship.tutor.email = ""
    internship.tutor.save()
    with pytest.raises(Refused, match="adresse"):
        send_tutor_link(internship.pk, coordinator)
    assert not PersonalLink.objects.exists()


def test_the_link_is_kept_hashed_and_dies_with_the_stay(internship: Internship, space: Space) -> None:
    token = space.link.rstrip("/").rpartition("/")[2]
    assert not LinkToken.objects.filter(sha256=token).exists()
    link = PersonalLink.objects.get()
    assert timezone.localdate(link.expires_at) <= internship.last_day + timedelta(days=8)
    Internship.objects.filter(pk=internship.pk).update(starts_on="2026-09-02", ends_on="2026-09-04")
    assert Client().get(space.link).status_code == 410


def test_a_link_opens_for_the_tutor_of_today_alone(internship: Internship, space: Space, coordinator: User) -> None:
    other = internship.establishment.contacts.exclude(pk=internship.tutor_id).get()
    Internship.objects.filter(pk=internship.pk).update(tutor=other)
    assert Client().get(space.link).status_code == 410
    assert space.get("absence/").status_code == 410


def test_a_withdrawn_link_opens_no_more(internship: Internship, space: Space, coordinator: User) -> None:
    with pytest.raises(Refused):
        withdraw_tutor_link(internship.pk, "", coordinator)
    withdraw_tutor_link(internship.pk, "Mauvaise adresse", coordinator)
    assert space.post("absence/", {}).status_code == 410
    assert not TutorReport.objects.exists()


def test_get_shows_and_changes_nothing(internship: Internship, space: Space) -> None:
    text = space.text()
    assert internship.trainee.first_name in text
    for page in ("absence/", "retard/", "accident/"):
        assert "Prévenir l’école" in space.text(page)
    assert not TutorReport.objects.exists()
    assert not AccidentReport.objects.exists()


def test_an_absence_is_told_at_once_and_noted_by_the_school(
    internship: Internship, space: Space, coordinator: User, officer: User, other_school: School
) -> None:
    mail.outbox.clear()
    typed = {"form_key": space.key("absence/"), "day": day_of(internship), "halves": "day", "note": "N’a pas prévenu."}
    assert space.post("absence/", typed).status_code == 303
    assert space.post("absence/", typed).status_code == 303, "a double click"
    report = TutorReport.objects.get()
    work("mailing.send_mail")
    assert sorted(message.to[0].rpartition("<")[2].rstrip(">") for message in mail.outbox) == sorted(
        [coordinator.email, internship.tutor.email]
    )
    assert not AttendanceHalfDay.objects.exists(), "the school decides"
    with pytest.raises(NotAllowed):
        confirm_report(report.pk, member_of(other_school, officer))
    confirm_report(report.pk, coordinator)
    assert {(row.half, row.state, row.place) for row in AttendanceHalfDay.objects.all()} == {
        ("am", "absent", "company"), ("pm", "absent", "company"),
    }  # fmt: skip
    with pytest.raises(Overtaken):
        set_report_aside(report.pk, "Erreur", coordinator)


def test_what_is_typed_wrong_stays_on_the_page(internship: Internship, space: Space) -> None:
    answer = space.post("retard/", {"day": "2026-01-05", "halves": "am", "late_minutes": "12", "note": "Bus en panne"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Choisissez un jour du stage" in text
    assert "Bus en panne" in text
    answer = space.post("absence/", {"day": day_of(internship), "halves": "am", "note": "n° 2 06 01 34 172 123 45"})
    assert answer.status_code == 422
    assert not TutorReport.objects.exists()


def test_an_accident_starts_the_clock_and_its_mail_tells_nothing_of_health(
    internship: Internship, space: Space, coordinator: User
) -> None:
    mail.outbox.clear()
    now = timezone.localtime() - timedelta(minutes=5)
    typed = {
        "form_key": space.key("accident/"), "day": f"{now:%Y-%m-%d}", "hour": f"{now:%H:%M}", "place_words": "Atelier",
        "circumstances": "A glissé sur le sol mouillé", "injuries": "Coupure au doigt", "witnesses": "Paul",
    }  # fmt: skip
    assert space.post("accident/", typed).status_code == 303
    assert space.post("accident/", typed).status_code == 303
    accident = AccidentReport.objects.get()
    assert (accident.reported_by_contact, accident.status, accident.regime) == (
        internship.tutor,
        "to_declare",
        "training",
    )
    assert accident.deadline_at >= accident.known_at + timedelta(hours=48)
    work("mailing.send_mail")
    assert len(mail.outbox) == 2
    assert not [message for message in mail.outbox if re.search("doigt|glissé", message.body)]


def test_the_school_may_set_a_report_aside(internship: Internship, space: Space, coordinator: User) -> None:
    space.post("retard/", {"day": day_of(internship), "halves": "am", "late_minutes": "12"})
    report = TutorReport.objects.get()
    with pytest.raises(Refused):
        set_report_aside(report.pk, "", coordinator)
    set_report_aside(report.pk, "Rendez-vous prévu avec l’école", coordinator)
    report.refresh_from_db()
    assert report.state.label == "Écarté"
