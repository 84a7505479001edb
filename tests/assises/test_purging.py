"""The erasure of people: no name is left in any column, every figure is the same, and nothing goes before its time."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from assises.emails.after_links import after_link, registration_link
from assises.models import Answer, Edition, OutboxMessage, Question, Registration
from assises.operations.attestations import ask_attestation
from assises.operations.outbox import send_now, send_turn, write_message
from assises.operations.purging import people_to_purge, purge_people
from assises.operations.registering import refuse_request
from assises.operations.survey import answer_survey
from assises.operations.timed_mails import send_due_mails
from assises.reads.after_links import names_end_at
from assises.reads.attendance import people_seen
from assises.reads.outbox import outcome_of
from assises.reads.places import places_of
from assises.reads.survey import survey_results
from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import kind_named
from e2c_portal.links import issuing
from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.sending import send_mail
from e2c_portal.privacy.operations import place_hold
from tests.assises.after_the_day import at, edition_held, scanned, void
from tests.factories.assises import door, half_day, somebody

pytestmark = pytest.mark.django_db
CANARY = "Zebulonde"


@pytest.fixture
def edition(officer: User) -> Edition:
    """An edition whose every free column names somebody."""
    edition = edition_held(officer)
    morning = half_day(edition)
    door(edition)
    edition.door_posts.update(holder_name=CANARY, holder_email=f"{CANARY}@exemple.invalid")
    people = [_named(edition, number) for number in range(6)]
    for number, person in enumerate(people[:5]):
        scanned(person, morning, officer)
        answer_survey(person.pk, {"welcome": 5, "programme": 4, "encounters": 3, "again": number + 1, "words": CANARY})
    void(scanned(people[5], morning, officer), officer, f"C’était {CANARY}")
    question = Question.objects.create(edition=edition, label="Repas", kind="text")
    Answer.objects.create(registration=people[0], question=question, value=f"Avec {CANARY}")
    Edition.objects.filter(pk=edition.pk).update(categories_on_approval=["press"])
    refuse_request(_named(edition, 9, "press").pk, officer, f"{CANARY} est déjà inscrite")
    send_due_mails(at(edition, 2))
    message = OutboxMessage(edition=edition, subject_line="Merci", body="À bientôt", states=["confirmed"])
    send_now(write_message(message, officer).pk, officer)
    send_turn(message.pk)
    ask_attestation(people[0].pk, officer)
    issuing.rotate(after_link(people[0]))
    registration_link(people[1])
    send_mail(Mail.objects.order_by("pk")[0].pk)
    return edition


def _named(edition: Edition, number: int, category: str = "institution") -> Registration:
    return somebody(
        edition, category, first_name="Camille", last_name=f"{CANARY} {number}", email=f"{CANARY}{number}@exemple.invalid",
        organisation=f"Mairie de {CANARY}", job_title=CANARY, access_needs=f"{CANARY} en fauteuil", image_consent=True,
        image_consent_by=CANARY,
    )  # fmt: skip


def places_of_the_canary(prefix: str) -> list[str]:
    """Return every "table.column" where the canary is written, whatever the type of the column."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE %s",
            [f"{prefix}%"],
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{CANARY}%"])
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def figures_of(edition: Edition) -> dict[str, Any]:
    return {
        "places": places_of(edition), "seen": people_seen(edition).count(), "survey": survey_results(edition),
        "outbox": [outcome_of(row) for row in edition.outbox.all()],
        "people": sorted(edition.registrations.values_list("pk", "status", "category", "school", "image_consent")),
    }  # fmt: skip


def test_no_name_is_left_and_every_figure_stays(edition: Edition) -> None:
    assert len(places_of_the_canary("assises_")) > 10, "the walk sees what it must see go"
    when, before = names_end_at(edition), figures_of(edition)
    assert (purge_people(when - timedelta(seconds=1)), people_to_purge(when - timedelta(seconds=1))) == ({}, {})
    counted = people_to_purge(when)
    total: Counter[str] = Counter()
    while done := purge_people(when, limit=3):
        assert max(done.values()) <= 3
        total += done
    assert total == counted
    assert places_of_the_canary("assises_") == []
    assert places_of_the_canary("mailing_") == []
    assert places_of_the_canary("links_") == []
    assert places_of_the_canary("audit_") == []
    assert figures_of(edition) == before
    assert not Mail.objects.exists()
    assert not PersonalLink.objects.filter(purpose__startswith="assises.").exists()


def test_what_was_erased_opens_and_attests_nothing_any_more(edition: Edition, officer: User, client: Client) -> None:
    person = people_seen(edition)[0]
    address = issuing.rotate(after_link(person))
    document = ask_attestation(person.pk, officer)
    purge_people(names_end_at(edition))
    assert client.get(address, follow=True).status_code == 404
    kind = kind_named("assises.attendance")
    assert not kind.may_read(officer, document)
    assert kind.standing(document, timezone.localdate()).state == "record", (
        "whoever holds the paper may have it verified"
    )
    assert send_due_mails(at(edition, 2)) == 0


def test_the_rules_of_retention_do_it_and_a_hold_keeps_its_person(edition: Edition, data_officer: User) -> None:
    kept = edition.registrations.exclude(last_name="").order_by("pk")[0]
    place_hold(kept, "Litige", None, data_officer)
    with time_machine.travel(names_end_at(edition), tick=True):
        told = StringIO()
        call_command("retention", "--dry-run", stdout=told)
        assert "assises.Registration" in told.getvalue()
        assert Registration.objects.filter(purged_at=None).count() == 7
        call_command("retention", stdout=StringIO())
    assert list(Registration.objects.filter(purged_at=None)) == [kept]
    kept.refresh_from_db()
    assert kept.last_name
