"""A clock an hour late: that of the workers and of the pages, or the one of the database that was just set back."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F

from e2c_portal.accounts.models import User
from e2c_portal.celery import app
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.models import Status as MailStatus
from e2c_portal.upkeep.incidents_words import CLOCK, INTERRUPTED
from tests.faults.counting import doubled_documents, lost_documents, sealed
from tests.faults.repeats import REPEATS, note, repeated, told_of
from tests.faults.scene import all_reached, ask_for
from tests.faults.waiting import until
from tests.faults.workshop import Workshop
from tests.mailing import samples

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NUMBER = 4 if REPEATS == 1 else 20
PATIENCE_SECONDS = 120
HOUR = timedelta(hours=1)


@repeated
def test_workers_an_hour_late_do_each_thing_once(
    turn: int, idle_workshop: Workshop, officer: User, documents_folder: Path
) -> None:
    idle_workshop.manners = {"hours": -1}
    idle_workshop.start()
    for _ in samples.registered():
        mails = [samples.invite(f"paul{number}@exemple.fr") for number in range(NUMBER)]
    ask_for(NUMBER, officer)
    sent = Mail.objects.filter(status=MailStatus.SENT)
    until(lambda: sealed() == NUMBER, "all are sealed", PATIENCE_SECONDS, meanwhile=sweep_once)
    until(lambda: sent.count() == len(mails), "all left", PATIENCE_SECONDS, meanwhile=sweep_once)
    # Nobody took a document from a worker that was making it.
    assert not Document.objects.exclude(attempts=1).exists()
    app.send_task("upkeep.look_at_clock")
    until(lambda: told_of(CLOCK), "a worker says that it is late", 30)
    note(
        "ouvriers en retard d’une heure", lost=lost_documents(documents_folder) + len(mails) - sent.count(),
        doubled=doubled_documents(documents_folder) + sum(mail.attempts - 1 for mail in sent), told=told_of(CLOCK),
    )  # fmt: skip


@repeated
def test_a_database_set_back_by_an_hour_stops_nothing(
    turn: int, idle_workshop: Workshop, officer: User, documents_folder: Path
) -> None:
    """All that was written before bears an hour to come: a document held by a dead worker, a queued one, a job."""
    idle_workshop.nursery.want("rendered")
    idle_workshop.start()
    ask_for(NUMBER, officer)
    until(all_reached(idle_workshop.nursery.stopped_at, ["rendered"]), "one is being made", 60)
    idle_workshop.kill()
    Document.objects.filter(status=Status.QUEUED).update(queued_at=F("queued_at") + HOUR)
    Document.objects.filter(status=Status.BUILDING).update(
        queued_at=F("queued_at") + HOUR, claimed_at=F("claimed_at") + HOUR
    )
    Job.objects.filter(published_at__isnull=False).update(published_at=None, created_at=F("created_at") + HOUR)
    idle_workshop.start()
    until(lambda: sealed() == NUMBER, "all are sealed", PATIENCE_SECONDS, meanwhile=sweep_once)
    note(
        "horloge de la base reculée d’une heure", lost=lost_documents(documents_folder),
        doubled=doubled_documents(documents_folder), told=told_of(INTERRUPTED),
    )  # fmt: skip
