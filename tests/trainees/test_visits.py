"""Visits to tutors: planned by somebody of the school, written up, cancelled with a reason, seen by nobody else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.hosting import host_in, internship_at, visit_of
from tests.factories.network import member_of
from trainees.models import TutorVisit
from trainees.operations.visits import cancel_visit, write_up_visit

pytestmark = pytest.mark.django_db
LIST = reverse("trainees:visits")


def test_the_visitor_works_in_the_school(
    school: School, other_school: School, officer: User, coordinator: User
) -> None:
    stay = internship_at(host_in("34172"), school, coordinator)
    neighbour = member_of(other_school, officer)
    with pytest.raises(Refused, match="travaille aujourd’hui dans cette école"):
        visit_of(stay, coordinator, visitor=neighbour)
    with pytest.raises(NotAllowed):
        visit_of(stay, neighbour)
    cancelled = internship_at(host_in("34172"), school, coordinator, status="cancelled")
    with pytest.raises(Refused, match="n’a pas lieu"):
        visit_of(cancelled, coordinator)
    assert visit_of(stay, coordinator).school == school


def test_a_visit_done_is_written_up(school: School, coordinator: User) -> None:
    visit = visit_of(internship_at(host_in("34172"), school, coordinator), coordinator)
    with pytest.raises(IntegrityError, match="visit_done_is_written_up"), transaction.atomic():
        TutorVisit.objects.filter(pk=visit.pk).update(done_on=date(2026, 10, 6))
    visit.done_on, visit.report = timezone.localdate() + timedelta(days=1), "Bien"
    with pytest.raises(ValidationError, match="une fois la visite faite"):
        write_up_visit(visit, visit.revision, coordinator)
    visit.done_on = timezone.localdate()
    visit.refresh_from_db(fields=["revision"])
    write_up_visit(visit, visit.revision, coordinator)
    with pytest.raises(Overtaken):
        cancel_visit(visit.pk, "Trop tard", coordinator)
    with pytest.raises(Overtaken):
        write_up_visit(visit, 1, coordinator)


def test_a_cancelled_visit_says_why(school: School, coordinator: User) -> None:
    visit = visit_of(internship_at(host_in("34172"), school, coordinator), coordinator)
    with pytest.raises(Refused):
        cancel_visit(visit.pk, "  ", coordinator)
    cancel_visit(visit.pk, "Tuteur absent", coordinator)
    visit.refresh_from_db()
    visit.report, visit.done_on = "Bien", timezone.localdate()
    with pytest.raises(Refused, match="annulée"):
        write_up_visit(visit, visit.revision, coordinator)


def test_from_the_internship_to_the_report(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    today = timezone.localdate()
    stay = internship_at(host_in("34172"), school, coordinator, starts_on=today, ends_on=today + timedelta(days=5))
    client = client_of(coordinator)
    assert stay.trainee.sorted_name in client.get(LIST, {"voir": "sans-visite"}).content.decode()
    new = reverse("trainees:visit_new", args=[stay.pk])
    token = client.get(new).context["form"].initial["form_token"]
    typed = {"planned_on": today, "visitor": coordinator.pk, "mode": "phone", "form_token": token}
    for _ in range(2):
        assert client.post(new, typed).status_code == 302
    visit = TutorVisit.objects.get()
    assert stay.trainee.sorted_name in client.get(LIST, {"voir": "miennes"}).content.decode()
    assert stay.trainee.sorted_name not in client.get(LIST, {"voir": "sans-visite"}).content.decode()
    page = reverse("trainees:visit", args=[visit.pk])
    done = {"done_on": today, "mode": "phone", "report": "Ponctuel, curieux.", "revision_seen": str(visit.revision)}
    assert client.post(page, {**done, "report": ""}).status_code == 422
    assert client.post(page, done).status_code == 302
    assert client.post(page, {**done, "report": "Écrasé"}).status_code == 422
    assert "Ponctuel" in client.get(
        reverse("exports:export", args=["visites", "csv"]), {"voir": "faites"}
    ).getvalue().decode("utf-8-sig")
    card = render_to_string("trainees/fragments/visits_card.html", {"internship": stay, "user": coordinator})
    assert "Faite" in card
    assert "Prévoir une visite" in card


def test_another_school_finds_nothing(
    school: School, other_school: School, officer: User, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    stay = internship_at(host_in("34172"), school, coordinator)
    visit = visit_of(stay, coordinator)
    neighbour = client_of(member_of(other_school, officer))
    for url in (
        reverse("trainees:visit", args=[visit.pk]), reverse("trainees:visit_cancel", args=[visit.pk]),
        reverse("trainees:visit_new", args=[stay.pk]),
    ):  # fmt: skip
        assert neighbour.get(url).status_code == 404, url
    assert stay.trainee.sorted_name not in neighbour.get(LIST, {"voir": "toutes"}).content.decode()
    assert stay.trainee.sorted_name not in neighbour.get(
        reverse("exports:export", args=["visites", "csv"]), {"voir": "toutes"}
    ).getvalue().decode("utf-8-sig")
    region = client_of(officer)
    assert region.get(reverse("trainees:visit", args=[visit.pk])).status_code == 200
    assert region.post(reverse("trainees:visit", args=[visit.pk]), {"report": "x"}).status_code == 403
    assert region.get(reverse("trainees:visit_new", args=[stay.pk])).status_code == 403


def test_the_lists_cost_the_same(
    school: School, coordinator: User, client_of: Callable[[User], Client], same_query_count: Callable[..., int]
) -> None:
    today = timezone.localdate()
    client = client_of(coordinator)

    def add() -> None:
        visit_of(internship_at(host_in("34172"), school, coordinator), coordinator)
        internship_at(host_in("34172"), school, coordinator, starts_on=today, ends_on=today + timedelta(days=3))

    add()
    same_query_count(lambda: client.get(LIST), add)
    same_query_count(lambda: client.get(LIST, {"voir": "sans-visite"}), add)
