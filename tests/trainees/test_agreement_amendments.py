"""Amendments: what is refused, what applies when all have signed, and what protects at once."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import kind_named
from e2c_portal.kernel.errors import Refused
from partnerships.models import CompanyContact
from schools.models import School
from tests.factories.agreements import (
    accepted_internship,
    envelope_of,
    monday_after,
    sent,
    sign_on_paper,
    signed_agreement,
)
from tests.factories.documents import say_made
from tests.factories.network import member_of, school_named
from tests.factories.people import regional_officer
from tests.harness.documents import stored_in
from trainees.law.public_holidays import holidays_between
from trainees.models import AgreementAmendment, Internship, InternshipAgreement
from trainees.operations import amendments as operations
from trainees.operations.amendments import Wish
from trainees.reads.amendment_planning import frozen, rows_between, rows_with_hours, wanted_choice
from trainees.reads.signers import AgreementPlan

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
PLAN = AgreementPlan()


@pytest.fixture(scope="module")
def signed(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, Path]]:
    """Have an agreement signed once, in a transaction that ends with the file's tests; each then changes its own part.

    Gives the number of the agreement, and the folder of the files.
    """
    files = tmp_path_factory.mktemp("signe") / "documents"
    with django_db_blocker.unblock(), transaction.atomic():
        with stored_in(files):
            officer = regional_officer()
            school = school_named("École de Montpellier", officer)
            agreement = signed_agreement(school, member_of(school, officer, "Nadia Perrin"))
        # What the database checks at the end of a transaction is checked here, for this one never ends well.
        connection.check_constraints()
        yield agreement.pk, files
        transaction.set_rollback(True)


@pytest.fixture
def agreement(signed: tuple[int, Path], db: None, documents_folder: Path) -> InternshipAgreement:
    """The agreement that everybody signed, and a copy of its files that the test may change."""
    number, files = signed
    shutil.copytree(files, documents_folder)
    return InternshipAgreement.objects.get(pk=number)


@pytest.fixture
def school(agreement: InternshipAgreement) -> School:
    return School.objects.get(pk=agreement.internship.school_id)


@pytest.fixture
def coordinator(agreement: InternshipAgreement) -> User:
    return User.objects.get(full_name="Nadia Perrin")


def put_to_signature(amendment: AgreementAmendment, actor: User) -> AgreementAmendment:
    operations.send_amendment_to_sign(amendment.pk, PLAN, actor)
    say_made()
    amendment.refresh_from_db()
    return amendment


def longer(internship: Internship, days: int = 7) -> dict[str, Any]:
    last = internship.ends_on + timedelta(days=days)
    return {
        "starts_on": internship.starts_on.isoformat(), "ends_on": last.isoformat(),
        "days": frozen(rows_between(internship, internship.starts_on, last, holidays_between(last - timedelta(days=days), last))),
    }  # fmt: skip


def wish(kind: str, after: dict[str, Any], day: date | None = None) -> Wish:
    return Wish(kind, "Le projet le demande.", day or timezone.localdate() + timedelta(days=3), after)


def test_an_agreement_not_signed_has_no_amendment(school: School, coordinator: User) -> None:
    waiting = sent(accepted_internship(school, coordinator), coordinator)
    with pytest.raises(Refused, match="convention de stage signée"):
        operations.draft_amendment(waiting.internship_id, wish("dates", longer(waiting.internship)), coordinator)
    with pytest.raises(IntegrityError, match="convention de stage signée"), transaction.atomic():
        AgreementAmendment.objects.create(
            agreement=waiting,
            number=1,
            kind="dates",
            reason="x",
            effective_on=timezone.localdate(),
            created_by=coordinator,
        )


@pytest.mark.parametrize(
    ("after", "day", "refused"),
    [({}, None, "Rien ne change"), ({"activities": "Autre"}, date(2020, 1, 1), "ne revient pas sur le passé")],
)
def test_what_means_nothing_is_refused(
    agreement: InternshipAgreement, coordinator: User, after: dict[str, Any], day: date | None, refused: str
) -> None:
    with pytest.raises(Refused, match=refused):
        operations.draft_amendment(agreement.internship_id, wish("activities", after, day), coordinator)


def test_an_illegal_timetable_is_never_put_to_signature(agreement: InternshipAgreement, coordinator: User) -> None:
    internship = agreement.internship
    hours = {number: (time(6), time(19), time(12), time(13)) for number in range(5)}
    after = {"days": frozen(rows_with_hours(internship, hours, internship.starts_on, []))}
    amendment = operations.draft_amendment(internship.pk, wish("schedule", after), coordinator)
    with pytest.raises(Refused) as refusal:
        operations.send_amendment_to_sign(amendment.pk, PLAN, coordinator)
    assert "L6343-2" in " ".join(refusal.value.details)
    internship.refresh_from_db()
    assert internship.company_minutes == 10 * 7 * 60
    assert internship.days.filter(starts_at=time(6)).count() == 0


def test_dates_change_once_all_have_signed(
    agreement: InternshipAgreement, coordinator: User, client_of: ClientOf
) -> None:
    internship = agreement.internship
    former = internship.ends_on
    amendment = operations.draft_amendment(internship.pk, wish("dates", longer(internship)), coordinator)
    put_to_signature(amendment, coordinator)
    internship.refresh_from_db()
    assert internship.ends_on == former
    sign_on_paper(amendment, coordinator)
    amendment.refresh_from_db()
    internship.refresh_from_db()
    assert (amendment.status, internship.ends_on) == ("signed", former + timedelta(days=7))
    days = len(amendment.changes["days"]["after"])
    assert days > 10
    assert (internship.days.count(), internship.company_minutes) == (days, days * 7 * 60)
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        document = envelope_of(agreement).document
        standing = kind_named(document.kind).standing(document, timezone.localdate())
    assert "modifiée par avenant" in standing.sentence
    page = client_of(coordinator).get(reverse("trainees:amendment", args=[internship.pk, 1])).content.decode()
    assert "Avant" in page


def test_the_new_tutor_signs_when_the_signatory_changes(agreement: InternshipAgreement, coordinator: User) -> None:
    internship = agreement.internship
    newcomer = CompanyContact.objects.create(
        company=internship.establishment.company, establishment=internship.establishment, full_name="Inès Nouvelle",
        job_title="cheffe", email="ines@entreprise.invalid",
    )  # fmt: skip
    after = {"tutor": wanted_choice(newcomer), "host_signatory": wanted_choice(newcomer)}
    amendment = operations.draft_amendment(internship.pk, wish("tutor", after), coordinator)
    put_to_signature(amendment, coordinator)
    assert envelope_of(amendment).signatories.filter(full_name="Inès Nouvelle").exists()
    sign_on_paper(amendment, coordinator)
    internship.refresh_from_db()
    assert internship.tutor == newcomer


def test_one_amendment_at_a_time_and_a_shelved_one_changes_nothing(
    agreement: InternshipAgreement, coordinator: User
) -> None:
    internship = agreement.internship
    amendment = operations.draft_amendment(internship.pk, wish("activities", {"activities": "Servir"}), coordinator)
    with pytest.raises(Refused):
        operations.draft_amendment(internship.pk, wish("activities", {"activities": "Laver"}), coordinator)
    put_to_signature(amendment, coordinator)
    operations.shelve_amendment(amendment.pk, "Finalement non.", coordinator)
    internship.refresh_from_db()
    assert internship.activities.startswith("Aider")
    assert envelope_of(amendment).status == "voided"


def test_what_changed_meanwhile_is_told_and_undoes_no_seal(agreement: InternshipAgreement, coordinator: User) -> None:
    internship = agreement.internship
    amendment = operations.draft_amendment(internship.pk, wish("dates", longer(internship)), coordinator)
    put_to_signature(amendment, coordinator)
    internship.pathway.trial_ends_on = internship.pathway.planned_ends_on = internship.ends_on
    internship.pathway.save()
    assert sign_on_paper(amendment, coordinator).status == "completed"
    amendment.refresh_from_db()
    internship.refresh_from_db()
    assert (amendment.status, internship.days.count()) == ("to_sign", 10)


def running(school: School, coordinator: User) -> InternshipAgreement:
    """Return a signed agreement whose internship began last week."""
    first = monday_after(timezone.localdate(), -1)
    waiting = sent(
        accepted_internship(school, coordinator, starts_on=first, days=26), coordinator, late_reason="Retard d’essai"
    )
    sign_on_paper(waiting, coordinator)
    waiting.refresh_from_db()
    return waiting


def test_a_rupture_stops_at_once_and_is_signed_late(school: School, coordinator: User) -> None:
    agreement = running(school, coordinator)
    yesterday = timezone.localdate() - timedelta(days=1)
    after = {"ended_early_on": yesterday.isoformat(), "broken_by": "host"}
    amendment = operations.break_internship_off(agreement.internship_id, wish("rupture", after, yesterday), coordinator)
    internship = Internship.objects.get(pk=agreement.internship_id)
    assert (internship.status, internship.ended_early_on, amendment.status) == ("broken", yesterday, "to_sign")
    with pytest.raises(Refused, match="déjà pris effet"):
        operations.shelve_amendment(amendment.pk, "Non", coordinator)
    say_made()
    sign_on_paper(amendment, coordinator)
    amendment.refresh_from_db()
    assert amendment.status == "signed"
    document = envelope_of(amendment).document
    assert "après sa date d’effet" in kind_named(document.kind).standing(document, timezone.localdate()).sentence


def test_a_suspension_empties_the_days_at_once(school: School, coordinator: User, client_of: ClientOf) -> None:
    agreement = running(school, coordinator)
    first = monday_after(timezone.localdate(), 1)
    address = reverse("trainees:amendment_new", args=[agreement.internship_id, "suspension"])
    client = client_of(coordinator)
    token = client.get(address).context["form"].initial["form_token"]
    data = {
        "form_token": token, "first": first.isoformat(), "last": (first + timedelta(days=4)).isoformat(), "reason": "Santé",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302
    amendment = AgreementAmendment.objects.get()
    assert amendment.status == "to_sign"
    days = agreement.internship.days
    assert days.filter(day__range=(first, first + timedelta(days=4))).count() == 0
    assert days.exists()


@pytest.mark.parametrize("kind", ["dates", "schedule", "place", "tutor", "activities", "suspension", "rupture"])
def test_every_form_shows(agreement: InternshipAgreement, coordinator: User, client_of: ClientOf, kind: str) -> None:
    client = client_of(coordinator)
    address = reverse("trainees:amendment_new", args=[agreement.internship_id, kind])
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 422
    assert not AgreementAmendment.objects.exists()


def test_hours_change_through_the_form(agreement: InternshipAgreement, coordinator: User, client_of: ClientOf) -> None:
    client = client_of(coordinator)
    address = reverse("trainees:amendment_new", args=[agreement.internship_id, "schedule"])
    form = client.get(address).context["form"]
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    data |= {"reason": "Ouverture plus tôt", "0-starts_at": "08:00", "0-ends_at": "16:00"}
    assert client.post(address, data).status_code == 302
    amendment = AgreementAmendment.objects.get()
    assert "8\N{NO-BREAK SPACE}h" in str(client.get(amendment_url(amendment)).content.decode())
    assert client.get(reverse("trainees:amendment_sign", args=[agreement.internship_id, 1])).status_code == 200


def amendment_url(amendment: AgreementAmendment) -> str:
    return reverse("trainees:amendment", args=[amendment.agreement.internship_id, amendment.number])
