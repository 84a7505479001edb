"""Internships ready to be signed, and agreements at the stage a test asks for, made by the real operations."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.signing_steps import ask_to_close
from e2c_portal.signing.exhibits import Upload
from e2c_portal.signing.lookups import latest_envelope
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.paper import check_paper, record_paper
from schools.models import School
from tests.factories.documents import say_made, say_sealed
from tests.factories.people import regional_officer
from tests.factories.signing import scan
from tests.factories.trainees import host, pathway_of, representative_of, signatory_at, trade, trainee_in, tutor_at
from trainees.law.public_holidays import holidays_between
from trainees.law.timetable import USUAL_WEEK, spread
from trainees.models import AgreementAmendment, Internship, InternshipAgreement
from trainees.operations.agreements import send_to_sign
from trainees.operations.internships import plan_internship
from trainees.reads.signers import AgreementPlan

# Seven hours a day, from Monday to Friday.
WEEK = USUAL_WEEK
KINDS = {InternshipAgreement: "internship_agreement", AgreementAmendment: "internship_amendment"}


def monday_after(day: date, weeks: int = 1) -> date:
    """Return a Monday to come."""
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def accepted_internship(
    school: School, actor: User, *, minor: bool = False, starts_on: date | None = None, days: int = 12, **facts: Any
) -> Internship:
    """Plan an internship that its company accepted: two weeks of seven hours a day, everything its agreement prints."""
    first = starts_on or monday_after(timezone.localdate(), 2)
    last = first + timedelta(days=days - 1)
    born = first - timedelta(days=365 * 17 if minor else 365 * 20)
    trainee = trainee_in(school, actor, birth_date=born)
    if minor:
        representative_of(trainee, actor)
    pathway = pathway_of(trainee, actor, entered_on=first - timedelta(days=60), ends_on=last + timedelta(days=120))
    place = host()
    known: dict[str, Any] = {
        "tutor": tutor_at(place), "host_signatory": signatory_at(place), "school_signatory": actor, "referent": actor,
        "trade": trade(), "kind": Internship.Kind.DISCOVERY, "activities": "Aider en cuisine\nDresser les tables",
        "objectives": "Découvrir le métier", "insurance": "Assurance d’essai",
    }  # fmt: skip
    internship = Internship(
        trainee=trainee, school=school, pathway=pathway, establishment=place, starts_on=first, ends_on=last,
        **(known | facts),
    )  # fmt: skip
    closed = holidays_between(first, last)
    return plan_internship(internship, spread(WEEK, {}, first, last, closed), actor, accepted=True)


def sent(internship: Internship, actor: User, plan: AgreementPlan | None = None, **options: Any) -> InternshipAgreement:
    """Put the agreement to signature, its document said to be made."""
    agreement = send_to_sign(internship.pk, plan or AgreementPlan(), actor, **options)
    say_made()
    agreement.refresh_from_db()
    return agreement


def envelope_of(record: InternshipAgreement | AgreementAmendment) -> Envelope:
    """Return the last envelope asked for."""
    envelope = latest_envelope(KINDS[type(record)], subject_of(record))
    assert envelope, "nothing is put to signature"
    return envelope


def sign_on_paper(record: InternshipAgreement | AgreementAmendment, actor: User, on: date | None = None) -> Envelope:
    """Have everybody sign on paper, the day `on`, today unless said; the seal is said to be set."""
    envelope = envelope_of(record)
    checker = regional_officer("Second Regard")
    for row in envelope.signatories.exclude(status__in=["replaced", "signed"]).order_by("rank", "pk"):
        record_paper(row.pk, Upload(scan()), on or timezone.localdate(), actor)
        check_paper(row.pk, checker, accepted=True)
    say_sealed(ask_to_close(envelope.document))
    envelope.refresh_from_db()
    return envelope


def signed_agreement(school: School, actor: User, **options: Any) -> InternshipAgreement:
    """Return an agreement that everybody signed."""
    agreement = sent(accepted_internship(school, actor, **options), actor)
    sign_on_paper(agreement, actor)
    agreement.refresh_from_db()
    assert agreement.status == "signed"
    return agreement
