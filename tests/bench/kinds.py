"""The kinds of rows that `crowd` copies, one list an app. n numbers the copies, t the trainees, s the schools."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from assises.models import Checkpoint, DoorPost, Edition, OutboxMessage, Question, Registration, Scan
from e2c_portal.accounts.models import User
from e2c_portal.kernel.models import Removal
from e2c_portal.mailing.models import Mail, Sms
from e2c_portal.privacy.models import LegalHold
from e2c_portal.signing.models import Act, Evidence
from partnerships.models import (
    Commitment,
    CommitmentDelivery,
    CompanyRequest,
    ConventionTemplate,
    MeetingAction,
    PartnershipConvention,
    SigningEvent,
    SteeringMeeting,
)
from schools.models import School
from schools.queries import current_network
from tests.bench.crowd import Kind
from trainees.management.crowd.loading import BASE
from trainees.models import (
    AccidentReport,
    Approach,
    AttendanceHalfDay,
    CompanyAssessment,
    InternshipOffer,
    MonthlyAttendanceStatement,
    Skill,
    SkillDomain,
    SkillFramework,
    SkillLevel,
    SkillsCertificate,
    SkillTally,
    TraineeImport,
    TraineeTransfer,
    TutorReport,
    TutorVisit,
)

SHA = "0" * 64
SCHOOL, TRAINEE, COORDINATOR = f"{BASE} + s", f"{BASE} + t", f"{BASE} + s * 10 + 1"
# Every person of the crowd has a pathway of their number, and a first internship of four times that number.
FIRST_STAY = f"{BASE} + t * 4"
PLACE = f"{BASE} + s * 400 + n %% 80 * 4"
COMPANY = f"{BASE} + s * 200 + n %% 166"
UUID = "gen_random_uuid()"


def every_kind(officer: User) -> list[Kind]:
    """Return the kinds, in an order in which each finds what it leads to."""
    today = timezone.localdate()
    return [
        *_schools(), *_messages(officer), *_partnerships(officer, today), *_school_life(officer, today), *_hosting(officer, today),
        *_skills(officer, today), *_assises(officer, today), *_proofs(officer),
    ]  # fmt: skip


def _schools() -> list[Kind]:
    """A page of schools at the small size too: two alone would be compared with twenty-five lines. Nobody is in these."""
    school = {"name": "x", "slug": "x", "department": "30"}
    return [
        Kind(
            School, 80, school | {"network": current_network()},
            {"id": f"{BASE} + 4000000 + n", "name": "'Petite école ' || n", "slug": "'petite-' || n"}, most=24,
        )
    ]  # fmt: skip


def _messages(officer: User) -> list[Kind]:
    now = timezone.now()
    sent = {"kind": "accounts.invitation", "context": {}, "content_sha256": SHA, "status": "sent", "due_at": now, "sent_at": now, "finished_at": now, "told_status": "sent"}  # fmt: skip
    own = {"public_id": UUID, "subject": f"'trainees.trainee:' || {TRAINEE}"}
    return [
        Kind(Mail, 1, sent | {"message_id": "m"}, own | {"email": "'foule' || t || '@exemple.invalid'", "message_id": "'m' || n"}),
        Kind(Sms, 4, sent | {"phone": "+33600000000"}, own),
        Kind(Removal, 10, {"why": "essai", "actor": officer}),
        # A page of each at the small size too: it is the number of rows that grows, not that of those shown.
        Kind(LegalHold, 40, {"subject": "trainees.trainee:1", "reason": "Contentieux", "placed_by": officer}, {"subject": f"'trainees.trainee:' || {TRAINEE}"}, most=1000),
        Kind(User, 80, {"email": "x", "full_name": "Compte d’essai"}, {"id": f"{BASE} + 5000000 + n", "email": "'compte' || n || '@exemple.invalid'"}, most=600),
        Kind(EmailAddress, 400, {"user": officer, "email": "x", "verified": True, "primary": True}, {"user_id": f"{BASE} + n * 10 + 4", "email": "'a' || n || '@exemple.invalid'"}),
    ]  # fmt: skip


def _partnerships(officer: User, today: date) -> list[Kind]:
    convention = {"company_id": 1, "printed_company_name": "Entreprise d’essai", "title": "Convention d’essai", "object": "general", "origin": "portal", "created_by": officer}  # fmt: skip
    dated = {"starts_on": today - timedelta(days=100), "ends_on": today + timedelta(days=265)}
    named = {"number": "'ME-' || n", "company_id": f"{BASE} + n"}
    contact = f"({PLACE}) * 2 + 1"
    return [
        # A page at the small size too, as for holds.
        Kind(PartnershipConvention, 80, convention | dated | {"status": "draft"}, named, most=2000),
        Kind(Commitment, 100, {"convention_id": 1, "position": 1, "kind": "internships", "description": "Stages", "target": 12, "unit": "stages", "period": "par an", "rhythm": "yearly"}, {"convention_id": f"{BASE} + n"}),
        Kind(CommitmentDelivery, 100, {"convention_id": 1, "key": 1, "delivered_on": today, "quantity": 1, "description": "Fait", "declared_at": timezone.now(), "reported_by_contact_id": 1, "status": "reported"}, {"convention_id": f"{BASE} + n", "public_id": UUID, "reported_by_contact_id": contact}),
        Kind(SteeringMeeting, 100, {"convention_id": 1, "held_on": today, "created_by": officer}, {"convention_id": f"{BASE} + n"}),
        Kind(MeetingAction, 100, {"meeting_id": 1, "position": 1, "description": "Relancer", "who": "L’entreprise", "due_on": today}, {"meeting_id": f"{BASE} + n"}),
        Kind(CompanyRequest, 100, {"contact_id": 1, "kind": "other", "text": "Un stage ?", "form_key": uuid4(), "status": "received"}, {"contact_id": contact, "form_key": UUID}),
        # A page of each at the small size too, as for holds.
        Kind(SigningEvent, 80, {"name": "x", "held_on": today, "place": "Hôtel de Région"}, {"name": "'Cérémonie ' || n"}, most=200),
        Kind(ConventionTemplate, 80, {"name": "x", "title": "Convention d’essai", "year": today.year}, {"name": "'Modèle ' || n"}, most=100),
    ]  # fmt: skip


def _school_life(officer: User, today: date) -> list[Kind]:
    now = timezone.now()
    who = {"school_id": SCHOOL, "trainee_id": TRAINEE, "pathway_id": TRAINEE}
    nobody: dict[str, Any] = {"school_id": 1, "trainee_id": 1, "pathway_id": 1}
    accident = {"regime": "training", "place": "school", "occurred_at": now, "known_at": now, "deadline_at": now + timedelta(hours=48), "place_words": "Atelier", "circumstances": "Chute", "recorded_by": officer}  # fmt: skip
    tutor = f"JOIN trainees_internship i ON i.id = {FIRST_STAY}"
    return [
        Kind(AttendanceHalfDay, 5, nobody | {"day": today, "half": "am", "place": "school", "state": "absent", "minutes": 180, "recorded_by": officer}, who),
        Kind(TutorReport, 20, {"school_id": 1, "internship_id": 1, "contact_id": 1, "kind": "absence", "day": today, "halves": "am"}, {"public_id": UUID, "school_id": SCHOOL, "internship_id": FIRST_STAY, "contact_id": "i.tutor_id"}, tutor),
        Kind(AccidentReport, 50, nobody | accident, who | {"public_id": UUID}),
        Kind(TraineeTransfer, 50, {"trainee_id": 1, "from_school_id": 1, "to_school_id": 2, "reason": "Déménagement", "leaves_on": today, "asked_by": officer}, {"trainee_id": TRAINEE, "from_school_id": SCHOOL}),
        Kind(TraineeImport, 50, {"school_id": 1, "file_name": "foule.xlsx", "requested_by": officer}, {"public_id": UUID, "school_id": SCHOOL, "requested_by_id": COORDINATOR}),
        Kind(MonthlyAttendanceStatement, 100, {"school_id": 1, "month": today.replace(day=1), "version": 1, "lines": [], "totals": {}, "sha256": SHA, "opened_by": officer, "frozen_by": officer, "frozen_at": now, "status": "frozen"}, {"school_id": SCHOOL, "month": "(r.month - make_interval(months => (n %% 20000)::int))::date"}),
    ]  # fmt: skip


def _hosting(officer: User, today: date) -> list[Kind]:
    own = {"school_id": SCHOOL, "establishment_id": PLACE}
    nowhere: dict[str, Any] = {"school_id": 1, "establishment_id": 1}
    trade = "(SELECT min(id) FROM trainees_trade)"
    return [
        Kind(Approach, 5, nowhere | {"made_by": officer, "made_on": today, "means": "call", "answer": "call_back", "next_on": today + timedelta(days=1)}, own | {"made_by_id": COORDINATOR}),
        Kind(InternshipOffer, 20, nowhere | {"trade_id": 1, "places": 2, "starts_on": today, "ends_on": today + timedelta(days=30), "recorded_by": officer}, own | {"trade_id": trade}),
        Kind(TutorVisit, 10, {"internship_id": 1, "school_id": 1, "planned_on": today + timedelta(days=1), "visitor": officer, "created_by": officer}, {"internship_id": FIRST_STAY, "school_id": SCHOOL, "visitor_id": COORDINATOR}),
    ]  # fmt: skip


def _skills(officer: User, today: date) -> list[Kind]:
    framework = {"code": "mesure", "name": "Référentiel d’essai", "kind": "network", "source": "Essais", "is_example": True, "loaded_by": officer, "status": "published", "published_on": today}  # fmt: skip
    at = {"framework_id": f"{BASE} + 1"}
    tally = {"school_id": 1, "year": today.year, "skill_id": 1, "measure": "seen", "number": 300, "folded": True}
    certificate = {"school_id": 1, "pathway_id": 1, "trainee_id": 1, "year": today.year, "rank": 1, "minutes_at_school": 600, "minutes_in_company": 600, "content": {}, "sha256": SHA, "issued_by": officer}  # fmt: skip
    asked = {"internship_id": 1, "school_id": 1, "respondent_id": 1, "due_on": today, "asked_at": timezone.now()}
    once: dict[str, Any] = {"every": 1, "most": 1}
    levels = {"id": f"{BASE} + n", "rank": "n"}
    return [
        Kind(SkillFramework, facts=framework, **once),
        Kind(SkillLevel, 1, {"framework_id": 1, "rank": 1, "name": "Fait", "meaning": "Fait.", "is_acquired": True}, at | levels | {"name": "'Niveau ' || n"}, most=4),
        Kind(SkillDomain, facts={"framework_id": 1, "position": 1, "code": "D1", "name": "Domaine"}, changes=at, **once),
        Kind(Skill, 1, {"framework_id": 1, "domain_id": 1, "position": 1, "code": "C1", "name": "Compétence"}, at | {"domain_id": f"{BASE} + 1", "position": "n", "code": "'C' || n", "name": "'Compétence ' || n"}, most=20),
        # Twenty skills in each school, this year; what is not observed has no level.
        Kind(SkillTally, 83, tally, {"school_id": f"{BASE} + n / 20", "skill_id": f"{BASE} + 1 + n %% 20"}),
        Kind(CompanyAssessment, 2, asked, {"public_id": UUID, "internship_id": FIRST_STAY, "school_id": SCHOOL, "respondent_id": "i.tutor_id"}, f"JOIN trainees_internship i ON i.id = {FIRST_STAY}"),
        Kind(SkillsCertificate, 4, certificate, {"public_id": UUID, "school_id": SCHOOL, "pathway_id": TRAINEE, "trainee_id": TRAINEE, "rank": "n"}),
    ]  # fmt: skip


def _assises(officer: User, today: date) -> list[Kind]:
    """One edition, today: a tenth of the few, then two thousand people, as many as the hall holds."""
    now, one = timezone.now(), {"edition_id": f"{BASE} + 1"}
    edition = {"year": today.year, "name": "Assises d’essai", "held_on": today, "starts_at": time(9), "ends_at": time(17), "place": "Hôtel de Région", "registration_opens_at": now - timedelta(days=30), "registration_closes_at": now - timedelta(days=1), "created_by": officer, "status": "announced"}  # fmt: skip
    person = {"edition_id": 1, "category": "institution", "first_name": "Camille", "last_name": "Garcia", "organisation": "Institution d’essai", "origin": "region", "ticket_sha256": SHA, "status": "confirmed"}  # fmt: skip
    named = one | {"public_id": UUID, "email": "'assises' || n || '@exemple.invalid'", "last_name": "'Garcia ' || n", "ticket_sha256": "repeat(md5('ticket' || n), 2)"}  # fmt: skip
    passed = {
        "nonce": uuid4(),
        "registration_id": 1,
        "edition_id": 1,
        "checkpoint_id": 1,
        "outcome": "ok",
        "way": "camera",
        "post_id": 1,
        "scanned_at": now,
    }
    once: dict[str, Any] = {"every": 1, "most": 1}
    return [
        Kind(Edition, facts=edition, **once),
        Kind(Question, 1, {"edition_id": 1, "label": "x", "kind": "yes_no"}, one | {"label": "'Question ' || n"}, most=5),
        Kind(Checkpoint, facts={"edition_id": 1, "kind": "half_day", "name": "Matin", "opens_at": time(8), "closes_at": time(13)}, changes=one, **once),
        Kind(DoorPost, facts={"edition_id": 1, "name": "Porte nord", "holder_name": "Sacha", "holder_email": "porte@exemple.invalid"}, changes=one, **once),
        Kind(Registration, 10, person, named, most=2000),
        Kind(Scan, 10, passed, one | {"nonce": UUID, "checkpoint_id": f"{BASE} + 1", "post_id": f"{BASE} + 1", "registration_id": f"{BASE} + n"}, most=2000),
        # A page at the small size too, as for holds.
        Kind(OutboxMessage, 80, {"edition_id": 1, "subject_line": "Salle", "body": "La salle change.", "states": ["confirmed"], "written_by": officer}, one, most=100),
    ]  # fmt: skip


def _proofs(officer: User) -> list[Kind]:
    now = timezone.now()
    return [
        Kind(Act, 1, {"signatory_id": 1, "kind": "delegated", "at": now, "method": "electronic", "document_sha256": SHA, "actor": officer}, {"signatory_id": f"{BASE} + t * 16 + 1"}),
        Kind(Evidence, 1, {"envelope_id": 1, "sequence": 2, "kind": "opened", "at": now, "payload": {}, "previous_hash": SHA, "envelope_previous_hash": "", "hash": SHA}, {"envelope_id": FIRST_STAY, "sequence": f"{BASE} + n", "hash": "repeat(md5('proof' || n), 2)", "previous_hash": "repeat(md5('proof' || n - 1), 2)"}, f"JOIN signing_envelope e ON e.id = {FIRST_STAY}"),
    ]  # fmt: skip
