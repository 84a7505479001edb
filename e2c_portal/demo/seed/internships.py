"""Load internships at every stage, by the operations of the staff of schools; those under way are signed on paper."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.demo.seed.internship_facts import EARLIER, HOSTS, OBJECTIVES, STAYS, Host, Stay
from e2c_portal.demo.seed.on_paper import copy_signed_by, make_document
from e2c_portal.demo.seed.people import second_officer
from e2c_portal.demo.seed.trainees import coordinator_at, referent_at, trainee_named
from e2c_portal.documents.signing_steps import close
from e2c_portal.kernel.french import typeset
from e2c_portal.kernel.search import fold
from e2c_portal.signing.lookups import latest_envelope
from e2c_portal.signing.models import Method
from e2c_portal.signing.operations.applying import apply
from e2c_portal.signing.operations.paper import check_paper, record_paper
from partnerships.models import Company, CompanyContact, Establishment
from partnerships.operations.companies import save_record
from trainees.law.public_holidays import holidays_between
from trainees.law.timetable import USUAL_WEEK, spread
from trainees.models import Internship, Trade
from trainees.models.agreements import AGREEMENT_KIND
from trainees.operations.agreements import send_to_sign
from trainees.operations.internships import plan_internship
from trainees.reads.signers import HOST, REPRESENTATIVE, SCHOOL, TRAINEE, AgreementPlan, Way

NOTE = "Entreprise fictive : elle n’existe que pour la démonstration."
ON_PAPER = AgreementPlan(dict.fromkeys((SCHOOL, HOST, TRAINEE, REPRESENTATIVE), Way(Method.PAPER)))


def load_internships(officer: User) -> int:
    """Write the internships that are missing. Returns how many. Those that are signed are signed by the same steps as anywhere."""
    return sum(_load(stay, officer) for stay in STAYS)


def _load(stay: Stay, officer: User) -> int:
    trainee = trainee_named(stay.first_name, stay.last_name)
    place = _host(HOSTS[stay.host], officer)
    if trainee.internships.filter(establishment=place).exists():
        return 0
    internship, actor = _planned(stay, place), coordinator_at(_city(stay))
    if stay.stage == "to_sign":
        send_to_sign(internship.pk, AgreementPlan(), actor)
    if stay.stage == "signed":
        _sign_on_paper(internship, actor)
    return 1


@transaction.atomic
def _planned(stay: Stay, place: Establishment) -> Internship:
    actor, host = coordinator_at(_city(stay)), HOSTS[stay.host]
    trainee = trainee_named(stay.first_name, stay.last_name)
    first = _monday() + timedelta(weeks=stay.week)
    last = first + timedelta(days=11)
    internship = Internship(
        trainee=trainee, school=trainee.school, pathway=trainee.pathways.order_by("-entered_on")[0], establishment=place,
        starts_on=first, ends_on=last, kind=Internship.Kind.DISCOVERY, trade=_trade(host), referent=referent_at(_city(stay)),
        school_signatory=actor, tutor=place.contacts.get(full_name=host.tutor),
        host_signatory=place.contacts.get(full_name=host.signatory), activities=typeset(host.activities),
        objectives=typeset(OBJECTIVES), insurance=typeset("Responsabilité civile professionnelle (exemple)"),
    )  # fmt: skip
    days = spread(USUAL_WEEK, {}, first, last, holidays_between(first, last))
    return plan_internship(internship, days, actor, accepted=stay.stage != "prospected")


def _sign_on_paper(internship: Internship, actor: User) -> None:
    """Have everybody sign on paper the Friday before: one adds each copy, another person checks it."""
    signed_on = internship.starts_on - timedelta(days=3)
    agreement = send_to_sign(internship.pk, ON_PAPER, actor, late_reason=EARLIER)
    envelope = latest_envelope(AGREEMENT_KIND, subject_of(agreement))
    assert envelope is not None  # noqa: S101  it was opened just above
    make_document(envelope)
    for signatory in envelope.signatories.order_by("pk"):
        record_paper(signatory.pk, copy_signed_by(agreement.reference, signatory.full_name), signed_on, actor)
        check_paper(signatory.pk, second_officer(), accepted=True)
    apply(envelope.pk)
    close(envelope.document_id)


def _host(host: Host, officer: User) -> Establishment:
    known = Establishment.objects.filter(company__legal_name=typeset(host.name)).first()
    if known:
        return known
    company = save_record(Company(legal_name=typeset(host.name), legal_form="SAS", note=typeset(NOTE)), officer)
    place = save_record(
        Establishment(
            company=company, name=typeset(host.name), is_head_office=True, address="1 rue des Exemples",
            postal_code=host.postal_code, city=host.city, commune_code=host.commune,
        ),
        officer,
    )  # fmt: skip
    for name, title in ((host.tutor, host.tutor_title), (host.signatory, "gérance")):
        address = f"{fold(name).replace(' ', '.')}@{fold(host.name.split(' (')[0]).replace(' ', '-')}.exemple.invalid"
        person = CompanyContact(
            company=company, establishment=place, full_name=name, job_title=typeset(title), email=address
        )
        save_record(person, officer)
    return place


def _trade(host: Host) -> Trade:
    return Trade.objects.get(code=host.trade, dataset__is_current=True)


def _city(stay: Stay) -> str:
    return HOSTS[stay.host].city


def _monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())
