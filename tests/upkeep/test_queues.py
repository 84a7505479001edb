"""The page of queues and failures: who opens it, what it says, what « Relancer » and « Abandonner » do, once."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.celery import app
from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.kernel.models import Job, TaskFailure
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.upkeep.queues import SORTS, STATES, failed_work_count
from e2c_portal.upkeep.task_words import FAULTS, UNEXPECTED, WORDS
from tests.upkeep.failed_work import STORAGE_FULL, document_in, failed_sms, failed_task, mail_in, waiting_job

pytestmark = pytest.mark.django_db
PAGE, RESTART, WORKERS = "/exploitation/files/", "/exploitation/files/relancer/", "/exploitation/files/ouvriers/"
ClientOf = Callable[[User], Client]


def page_of(client: Client, **asked: str) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def restarted(client: Client, sort: str, *keys: int, one: int | None = None) -> list[str]:
    data = {"quoi": sort, "cle": list(keys)} | ({"une": one} if one else {})
    return said(client.post(RESTART, data, follow=True))


@pytest.mark.parametrize("path", ["/exploitation/", PAGE, WORKERS])
def test_it_is_shut_to_whoever_does_not_operate(
    path: str, coordinator: User, data_officer: User, door_staff: User, stranger: User, client_of: ClientOf
) -> None:
    for person in (coordinator, data_officer, door_staff, stranger):
        assert client_of(person).get(path).status_code == 403
        assert failed_work_count(person) == 0


def test_the_auditor_reads_and_restarts_nothing(auditor: User, client_of: ClientOf) -> None:
    failure, client = failed_task(), client_of(auditor)
    page = page_of(client)
    assert "Rappels aux signataires" in page
    assert "Relancer" not in page
    assert client.post(RESTART, {"quoi": "travaux", "une": failure.pk}).status_code == 403
    assert client.get(f"{PAGE}travaux/{failure.pk}/abandon/").status_code == 403
    failure.refresh_from_db()
    assert failure.state == TaskFailure.State.FAILED


def test_nothing_to_do_is_said(officer_client: Client) -> None:
    assert "Tout est parti" in page_of(officer_client)
    assert "Rien en échec" in officer_client.get("/exploitation/").content.decode()


def test_the_first_list_is_one_where_something_failed(officer: User, officer_client: Client) -> None:
    mail_in(MessageStatus.BOUNCED)
    page = page_of(officer_client)
    assert "L’adresse n’existe pas" in page
    assert "1 échec attend" in officer_client.get("/exploitation/").content.decode()
    assert "Rien n’a échoué ici" in page_of(officer_client, quoi="documents")
    assert failed_work_count(officer) == 1


def test_a_fault_is_told_in_french_and_never_in_its_own_words(officer_client: Client) -> None:
    failure = failed_task()
    page = page_of(officer_client)
    assert UNEXPECTED.split(".")[0] in page
    assert "prévu par le planificateur" in page
    TaskFailure.objects.update(request_id="demande-0123456789")
    assert "requête demande-0123456789" in page_of(officer_client)
    assert failure.error == "builtins.ValueError"
    assert failure.place.startswith("failed_work.py") or "failed_work.py" in failure.place
    row = str(TaskFailure.objects.values().get())
    assert "Dupont" not in page + row
    assert "camille" not in page + row


def test_the_same_task_that_fails_again_is_one_line(officer_client: Client) -> None:
    for _ in range(3):
        failed_task()
    assert TaskFailure.objects.get().attempts == 3
    failed_task(envelope=2)
    assert page_of(officer_client).count('aria-label="Choisir Rappels aux signataires') == 2


def test_a_failed_task_is_asked_for_again_once(officer: User, officer_client: Client) -> None:
    failure = failed_task("signing.apply", envelope_id=5)
    assert restarted(officer_client, "travaux", one=failure.pk) == ["1\N{NO-BREAK SPACE}élément relancé."]
    job = Job.objects.get(task="signing.apply")
    assert job.arguments == {"envelope_id": 5}
    [entry] = Entry.objects.filter(action="task.restarted")
    assert entry.actor == officer
    [again] = restarted(officer_client, "travaux", one=failure.pk)
    assert "déjà été relancé" in again
    assert Job.objects.filter(task="signing.apply").count() == 1
    assert "Tout est parti" not in page_of(officer_client), "its job still waits"


def test_documents_and_messages_restart_together_and_those_gone_are_told(officer: User, officer_client: Client) -> None:
    failed = [document_in(DocumentStatus.FAILED, officer) for _ in range(2)]
    waiting = document_in(DocumentStatus.QUEUED, officer)
    assert STORAGE_FULL.split(".")[0] in page_of(officer_client, quoi="documents")
    words = restarted(officer_client, "documents", *[document.pk for document in [*failed, waiting]])
    assert words[0] == "2\N{NO-BREAK SPACE}éléments relancés."
    assert "Seul un document en échec" in words[1]
    assert Document.objects.filter(status=DocumentStatus.QUEUED).count() == 3
    mail, sms = mail_in(MessageStatus.FAILED), failed_sms()
    assert restarted(officer_client, "courriels", mail.pk) == ["1\N{NO-BREAK SPACE}élément relancé."]
    assert restarted(officer_client, "sms", sms.pk) == ["1\N{NO-BREAK SPACE}élément relancé."]
    mail.refresh_from_db()
    assert mail.status == MessageStatus.QUEUED


@pytest.mark.parametrize("keys", [[], ["x"], ["9" * 30], ["-1"]])
def test_nothing_chosen_restarts_nothing(officer_client: Client, keys: list[str]) -> None:
    answer = officer_client.post(RESTART, {"quoi": "travaux", "cle": keys}, follow=True)
    assert said(answer) == ["Cochez au moins une ligne, puis relancez."]


def test_doors_that_do_not_exist(officer: User, officer_client: Client) -> None:
    document = document_in(DocumentStatus.FAILED, officer)
    assert said(officer_client.post(RESTART, {"quoi": "autre", "une": 1}, follow=True))[0].startswith(
        "Cette liste n’existe"
    )
    assert officer_client.get(RESTART).status_code == 405
    assert officer_client.get(f"{PAGE}documents/{document.pk}/abandon/").status_code == 404
    assert officer_client.get(f"{PAGE}travaux/999999/abandon/").status_code == 404
    assert officer_client.get(f"{PAGE}autre/1/abandon/").status_code == 404


def test_giving_up_asks_why_and_leaves_a_trace(officer_client: Client) -> None:
    failure = failed_task()
    path = f"{PAGE}travaux/{failure.pk}/abandon/"
    assert officer_client.post(path, {"reason": ""}).status_code == 422
    assert officer_client.post(path, {"reason": "Voir 1 85 05 78 006 084 36"}).status_code == 422
    assert said(officer_client.post(path, {"reason": "Fait à la main."}, follow=True)) == [
        "C’est abandonné : il ne sera plus tenté."
    ]
    assert Entry.objects.get(action="task.given_up").summary.endswith("Fait à la main.")
    assert officer_client.get(path).status_code == 404
    mail = mail_in(MessageStatus.FAILED)
    officer_client.post(f"{PAGE}courriels/{mail.pk}/abandon/", {"reason": "Appelé par téléphone."})
    assert Mail.objects.get(pk=mail.pk).status == MessageStatus.CANCELLED
    bounced = mail_in(MessageStatus.BOUNCED)
    assert officer_client.get(f"{PAGE}courriels/{bounced.pk}/abandon/").status_code == 404


def test_states_and_words_narrow_the_list_and_its_file(officer: User, officer_client: Client) -> None:
    document_in(DocumentStatus.BUILDING, officer)
    named = document_in(DocumentStatus.FAILED, officer)
    document_in(DocumentStatus.FAILED, officer)
    waiting_job()
    assert "Un ouvrier s’en occupe" in page_of(officer_client, quoi="documents", etat="cours")
    assert "partira tout seul" in page_of(officer_client, quoi="travaux", etat="attente")
    assert "Rien ne correspond" in page_of(officer_client, quoi="travaux", etat="attente", q="sirene")
    answer = officer_client.get(
        reverse("exports:export", args=["exploitation-files", "csv"]), {"quoi": "documents", "q": named.reference}
    )
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row[1] for row in rows[1:]] == [named.reference]


def test_an_address_typed_at_random_shows_something(officer_client: Client) -> None:
    for asked in ({"quoi": "x"}, {"etat": "x"}, {"page": "zz"}, {"q": "%" * 200}, {"quoi": "courriels", "q": "a b"}):
        page_of(officer_client, **asked)


@pytest.mark.parametrize("sort", list(SORTS))
def test_three_rows_cost_what_one_costs(
    sort: str, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    add = {
        "travaux": lambda: failed_task(envelope=TaskFailure.objects.count()),
        "documents": lambda: document_in(DocumentStatus.FAILED, officer),
        "courriels": lambda: mail_in(MessageStatus.FAILED),
        "sms": failed_sms,
    }[sort]
    add()
    assert same_query_count(lambda: officer_client.get(PAGE, {"quoi": sort}), add) < 25


def test_the_workers_come_after_the_page(officer_client: Client) -> None:
    page = page_of(officer_client)
    assert f'hx-get="{WORKERS}"' in page
    alone = officer_client.get(WORKERS).content.decode()
    assert "<h1" in alone
    assert "Aucun ouvrier ne répond" in alone
    assert "<h1" not in officer_client.get(WORKERS, headers={"HX-Request": "true"}).content.decode()


def test_every_task_has_words() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith(("celery.", "tests."))}
    assert ours == set(WORDS)
    assert len(STATES) == 3
    assert all(sentence.endswith(".") for sentence in FAULTS.values())


def test_the_admin_leads_there_whoever_may_go(officer_client: Client, data_officer: User, client_of: ClientOf) -> None:
    def inside(client: Client) -> str:
        return client.get("/gestion/").content.decode().split('id="content"')[1]

    assert 'href="/exploitation/"' in inside(officer_client)
    assert 'href="/exploitation/"' not in inside(client_of(data_officer))
