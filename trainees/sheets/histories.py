"""The histories of this app: each is read by whoever reads the page of the record, through the same reads."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from e2c_portal.audit.histories import History
from partnerships.diffusion import hides_address, hides_name
from partnerships.permissions import PartnershipPermission
from schools.scope import scope_of
from trainees.documents.certificates import may_read_certificate
from trainees.models import AgreementAmendment, InternshipAgreement, SensitiveFlag, Trainee
from trainees.permissions import TraineePermission as P
from trainees.reads.accidents import accident_known_to
from trainees.reads.assessment_page import assessment_known_to
from trainees.reads.certificates import certificates_visible_to
from trainees.reads.hosts import host_known_to
from trainees.reads.offers import offer_known_to
from trainees.reads.statements import statements_visible_to
from trainees.reads.transfers import transfer_known_to
from trainees.reads.visible import internship_known_to, pathway_known_to, trainees_visible_to
from trainees.reads.visits import visit_known_to


def _may(user: Any, right: str, row: Model | None) -> Model | None:
    return row if row is not None and user.has_perm(right, row) else None


def trainee(user: Any, pk: int) -> Model | None:
    """Return a trainee of the schools in scope today."""
    return _may(user, P.VIEW_TRAINEE, trainees_visible_to(scope_of(user)).filter(pk=pk).first())


def pathway(user: Any, pk: int) -> Model | None:
    """Return a pathway of somebody who is in the schools in scope today."""
    scope = scope_of(user)
    found = pathway_known_to(scope, pk)
    return found if found is not None and trainee(user, found.trainee_id) is not None else None


def internship(user: Any, pk: int) -> Model | None:
    """Return an internship of the schools in scope."""
    return internship_known_to(scope_of(user), pk)


def agreement(user: Any, pk: int) -> Model | None:
    """Return an agreement of an internship of the schools in scope."""
    row = InternshipAgreement.objects.filter(pk=pk).first()
    return row if row is not None and internship(user, row.internship_id) is not None else None


def amendment(user: Any, pk: int) -> Model | None:
    """Return an amendment of such an agreement."""
    row = AgreementAmendment.objects.select_related("agreement").filter(pk=pk).first()
    return row if row is not None and internship(user, row.agreement.internship_id) is not None else None


def sensitive(user: Any, pk: int) -> Model | None:
    """Return the health flag of a trainee, for those who may read it: of it, the history says only that it changed."""
    flag = SensitiveFlag.objects.select_related("trainee").filter(pk=pk).first()
    if flag is None or trainee(user, flag.trainee_id) is None:
        return None
    return flag if user.has_perm(P.VIEW_SENSITIVE, flag.trainee) else None


def accident(user: Any, pk: int) -> Model | None:
    """Return an accident of the schools in scope."""
    return _may(user, P.VIEW_ACCIDENT, accident_known_to(scope_of(user), pk))


def assessment(user: Any, pk: int) -> Model | None:
    """Return an assessment of the schools in scope."""
    found = assessment_known_to(scope_of(user), pk)
    return found if user.has_perm(P.VIEW_SKILLS) else None


def certificate(user: Any, pk: int) -> Model | None:
    """Return an attestation of the schools in scope."""
    found = certificates_visible_to(scope_of(user)).filter(pk=pk).first()
    return found if found is not None and may_read_certificate(user, found) else None


def statement(user: Any, pk: int) -> Model | None:
    """Return a monthly statement of the schools in scope."""
    found = statements_visible_to(scope_of(user)).select_related("school").filter(pk=pk).first()
    return found if found is not None and user.has_perm(P.VIEW_ATTENDANCE, found.school) else None


def host(user: Any, pk: int) -> Model | None:
    """Return an establishment for whoever may search hosts."""
    return host_known_to(scope_of(user), pk) if user.has_perm(P.SEARCH_HOSTS) else None


def reads_its_address(user: Any, place: Any) -> bool:
    """Say whether neither the name nor the address of an establishment is hidden from somebody."""
    return bool(user.has_perm(PartnershipPermission.CHANGE_COMPANY)) or not (
        hides_address(place) or hides_name(place.company)
    )


def _offer(user: Any, pk: int) -> Model | None:
    return offer_known_to(scope_of(user), pk) if user.has_perm(P.SEARCH_HOSTS) else None


HISTORIES = (
    History(
        "trainees.Trainee", trainee,
        ("trainees.LegalRepresentative", "trainees.Pathway", "trainees.Referral", "trainees.TraineeTransfer"),
        reserved=("sensitive.", "privacy.", "access_file.", "hold."),
    ),
    History(
        "trainees.Pathway", pathway,
        (
            "trainees.EntryProfile", "trainees.PathwayPhase", "trainees.TrainingContract", "trainees.Suspension", "trainees.Exit",
            "trainees.FollowUp",
        ),
    ),
    History(
        "trainees.Internship", internship,
        ("trainees.ScheduleDay", "trainees.PlannedSkill", "trainees.TutorVisit", "trainees.InternshipAgreement", "trainees.OfferUse"),
    ),
    History("trainees.InternshipAgreement", agreement, ("trainees.AgreementAmendment",)),
    History("trainees.AgreementAmendment", amendment),
    History("trainees.SensitiveFlag", sensitive, url=lambda flag: _sensitive_page(flag.trainee)),
    History("trainees.AccidentReport", accident),
    History("trainees.CompanyAssessment", assessment),
    History("trainees.SkillsCertificate", certificate),
    History("trainees.MonthlyAttendanceStatement", statement),
    History("trainees.TraineeTransfer", lambda user, pk: transfer_known_to(scope_of(user), pk)),
    History("trainees.TutorVisit", lambda user, pk: visit_known_to(scope_of(user), pk), url=lambda row: _page("visit", row.pk)),
    History("trainees.InternshipOffer", _offer, may=lambda user, row: reads_its_address(user, row.establishment)),
    History(
        "partnerships.Establishment", host,
        ("trainees.HostProfile", "trainees.DangerousWorkDerogation"),
        url=lambda row: _page("host", row.pk), may=reads_its_address,
    ),
)  # fmt: skip


def _page(name: str, *arguments: Any) -> str:
    return reverse(f"trainees:{name}", args=arguments)


def _sensitive_page(row: Trainee) -> str:
    return _page("sensitive", row.public_id)
