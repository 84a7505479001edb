"""The database keeps every change itself: by whom, by which way, why, and never what must not be copied."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.forgetting import forgetting
from e2c_portal.audit.models import Change
from e2c_portal.kernel import jobs
from e2c_portal.kernel.acting import ActingMiddleware, acting, because, current_acting
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.requests import current_request_id, request_id_set
from manage import main
from schools.models import School
from tests.factories.trainees import representative_of, trainee_in
from trainees.models import SensitiveFlag, Trainee

pytestmark = pytest.mark.django_db


@pytest.fixture
def nina(school: School, coordinator: User) -> Trainee:
    return trainee_in(school, coordinator, last_name="Lefèvre", first_name="Nina")


def last(row: Any) -> Change:
    return Change.objects.filter(subject=f"{row._meta.label_lower}:{row.pk}")[0]


def rename(row: Trainee, name: str) -> None:
    """Change a row as raw SQL does, with nothing that Django says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1; UPDATE trainees_trainee SET last_name = %s WHERE id = %s", [name, row.pk])


def acts_as(user: User, work: Callable[[], object]) -> None:
    """Serve a request of somebody, whose view does this work."""
    request = RequestFactory().get("/")
    request.user = user

    def view(request: HttpRequest) -> HttpResponse:
        work()
        return HttpResponse()

    ActingMiddleware(view)(request)


def test_a_page_says_who_and_by_which_request(
    nina: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(coordinator)
    url = reverse("trainees:trainee_edit", args=[nina.public_id])
    form = client.get(url).context["form"]
    typed = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    answer = client.post(url, typed | {"last_name": "Martin"}, headers={"X-Request-ID": "requete-de-nina"})
    assert answer.status_code == 302, answer.context["form"].errors
    change = last(nina)
    assert (change.operation, change.before, change.after) == ("u", {"last_name": "Lefèvre"}, {"last_name": "Martin"})
    assert (change.actor, change.request_id, change.source, change.link) == (coordinator, "requete-de-nina", "", None)


def test_a_new_row_is_noted_without_its_values(nina: Trainee) -> None:
    change = last(nina)
    assert (change.operation, change.before, change.after) == ("i", None, None)


def test_a_link_acts_instead_of_an_account(nina: Trainee, coordinator: User) -> None:
    def work() -> None:
        with acting(actor=None, link=4):
            Trainee.objects.filter(pk=nina.pk).update(last_name="Martin")

    acts_as(coordinator, work)
    assert (last(nina).actor, last(nina).link) == (None, 4)


def test_the_reason_is_kept_with_its_quotes_and_signs(nina: Trainee) -> None:
    with because("Erreur de l’import : 50 % d'inversions \\ « nom »"):
        Trainee.objects.filter(pk=nina.pk).update(last_name="100 % d'accord")
    assert last(nina).reason == "Erreur de l’import : 50 % d'inversions \\ « nom »"
    Trainee.objects.filter(pk=nina.pk).update(last_name="Martin")
    assert last(nina).reason == ""


def test_a_command_says_its_name(nina: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    monkeypatch.setattr(
        "manage.execute_from_command_line", lambda arguments: said.append((current_acting(), current_request_id()))
    )
    main(["manage.py", "retention", "--dry-run"])
    assert said[0][0].source == "commande retention"
    assert len(said[0][1]) == 32


def test_a_task_acts_for_whoever_asked(nina: Trainee, coordinator: User) -> None:
    """The worker calls a task through its class: the job carries who asked, and its request."""

    @current_app.task(name="tests.rename", shared=False)
    def work() -> None:
        Trainee.objects.filter(pk=nina.pk).update(last_name="Martin")

    with request_id_set("requete-0007"):
        acts_as(coordinator, lambda: jobs.enqueue_on_commit("tests.rename"))
    job = Job.objects.get(task="tests.rename")
    assert job.acting == {"actor": coordinator.pk}
    work.push_request(called_directly=False, id="abc", request_id=job.request_id, acting=job.acting)
    try:
        work()
    finally:
        work.pop_request()
    change = last(nina)
    assert (change.actor, change.request_id, change.source) == (coordinator, "requete-0007", "tâche tests.rename")


def test_raw_sql_is_kept_by_nobody_known(nina: Trainee, coordinator: User) -> None:
    acts_as(coordinator, lambda: rename(nina, "Martin"))
    change = last(nina)
    assert (change.actor_id, change.source, change.after) == (None, "", {"last_name": "Martin"})


def test_whoever_comes_next_on_the_same_connection_is_not_taken_for_the_former(
    nina: Trainee, coordinator: User, officer: User
) -> None:
    """Even within one transaction: each writing says who acts, or says nobody."""

    def write(name: str) -> Callable[[], object]:
        return lambda: Trainee.objects.filter(pk=nina.pk).update(last_name=name)

    acts_as(coordinator, write("Un"))
    assert last(nina).actor == coordinator
    acts_as(officer, write("Deux"))
    assert last(nina).actor == officer
    write("Trois")()
    assert last(nina).actor_id is None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_on_a_connection_after_its_transaction(nina: Trainee, coordinator: User) -> None:
    acts_as(coordinator, lambda: Trainee.objects.filter(pk=nina.pk).update(last_name="Un"))
    assert last(nina).actor == coordinator
    rename(nina, "Deux")
    assert last(nina).actor_id is None, "raw SQL, next on the connection, must not act under that name"

    def fails() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
            Trainee.objects.filter(pk=nina.pk).update(last_name="Trois")
            raise RuntimeError

    known = Change.objects.count()
    acts_as(coordinator, fails)
    assert Change.objects.count() == known, "a change taken back leaves nothing"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('portal.actor', true), current_setting('portal.reason', true)")
        assert not any(cursor.fetchone())


def test_what_did_not_change_leaves_nothing(nina: Trainee) -> None:
    known = Change.objects.count()
    nina.save()
    Trainee.objects.filter(pk=nina.pk).update(revision=7)
    assert Change.objects.count() == known


def test_secrets_are_never_copied(coordinator: User) -> None:
    coordinator.set_password("Une phrase de passe bien longue")
    coordinator.save()
    assert (last(coordinator).before, last(coordinator).after) == ({"password": None}, {"password": None})


def test_of_health_only_the_change_is_known(nina: Trainee, coordinator: User) -> None:
    flag = SensitiveFlag.objects.create(trainee=nina, rqth=True, recorded_by=coordinator)
    SensitiveFlag.objects.filter(pk=flag.pk).update(arrangements="Poste assis")
    assert (last(flag).before, last(flag).after, last(flag).parent) == ({}, {}, f"trainees.trainee:{nina.pk}")
    SensitiveFlag.objects.filter(pk=flag.pk).delete()
    assert (last(flag).operation, last(flag).before) == ("d", None)


def test_the_history_is_not_written_by_hand_nor_changed(nina: Trainee) -> None:
    for act in (
        lambda: Change.objects.create(subject="trainees.trainee:1", operation="u"),
        lambda: Change.objects.update(reason="autre"),
        lambda: Change.objects.all()._raw_delete("default"),  # type: ignore[attr-defined]
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_line_taken_away_is_found_again_and_forgotten_with_its_record(nina: Trainee, coordinator: User) -> None:
    parent = representative_of(nina, coordinator, "Anne Parent")
    type(parent).objects.filter(pk=parent.pk).update(full_name="Anne Autre")
    type(parent).objects.filter(pk=parent.pk).delete()
    assert last(parent).before["full_name"] == "Anne Autre"
    with forgetting([f"trainees.trainee:{nina.pk}"], "Essai"):
        Trainee.objects.filter(pk=nina.pk).update(last_name="Effacé")
    left = Change.objects.filter(subject__regex=f"^trainees.(trainee:{nina.pk}|legalrepresentative:{parent.pk})$")
    assert [(change.before, change.after) for change in left] == [({"last_name": None}, {"last_name": None})]


def test_the_cost_of_a_row(nina: Trainee, capsys: pytest.CaptureFixture[str]) -> None:
    """Measured, and bounded widely: a fault of a hundred times is what this test is for."""

    def seconds(statement: str) -> float:
        with connection.cursor() as cursor:
            began = time.perf_counter()
            cursor.execute(statement)
            return time.perf_counter() - began

    write = (
        "INSERT INTO schools_site (school_id, name, address, postal_code, city, closed_on) "
        f"SELECT {nina.school_id}, 'Site ' || n, '', '', '', NULL FROM generate_series({{}}, {{}}) n"
    )
    change = "UPDATE schools_site SET city = 'Sète', address = 'Quai'"
    kept = [seconds(write.format(1, 1000)), seconds(change)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM schools_site; SET LOCAL session_replication_role = replica")
    bare = [seconds(write.format(1, 1000)), seconds(change)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    costs = [(with_it - without) * 1000 for with_it, without in zip(kept, bare, strict=True)]
    with capsys.disabled():
        print(f"\nHistory: {costs[0]:.0f} µs a row written, {costs[1]:.0f} µs a row changed.")  # noqa: T201
    assert max(costs) < 2000
