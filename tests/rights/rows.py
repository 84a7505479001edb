"""A true row for the addresses that one convention, one file of a trainee and one edition are not enough to open.

Each function gives addresses; the URL configuration says which route each one belongs to.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.urls import resolve, reverse
from django.utils import timezone

from assises.life.acts import NEW_TICKET
from assises.models import Edition, EditionReport, Registration
from assises.operations.attestations import ask_attestation
from assises.operations.closing import close_edition
from assises.operations.photos import PhotoText, add_photo
from e2c_portal.accounts.models import User
from e2c_portal.documents.building import build
from e2c_portal.documents.models import Document
from e2c_portal.documents.received_files import Upload
from e2c_portal.kernel.models import TaskFailure
from e2c_portal.mailing.message_types import sms_type_named
from e2c_portal.mailing.preferences import stop_url
from e2c_portal.mailing.requesting import send_sms_on_commit
from e2c_portal.privacy import access_files
from e2c_portal.privacy.models import LegalHold
from e2c_portal.privacy.operations import place_hold
from e2c_portal.signing.models import Exhibit
from e2c_portal.upkeep.models import Finding
from partnerships import workflows
from partnerships.models import Company, ConventionTemplate, TemplateArticle
from partnerships.operations.comments import add_comment
from partnerships.operations.conventions import Promise
from partnerships.operations.meetings import ActionText, MeetingText, record_meeting
from partnerships.operations.requests import AskedChange, receive_request
from partnerships.operations.templates import TemplateLines, save_template
from schools.models import School
from tests.accounts.applications import SECRET, with_application
from tests.accounts.passkeys import with_passkey
from tests.assises.after_the_day import edition_held, scanned
from tests.documents.test_anew import picture
from tests.factories.agreements import accepted_internship, sent, signed_agreement
from tests.factories.amendments import amended, longer
from tests.factories.assises import half_day, somebody
from tests.factories.certificates import certificate_in
from tests.factories.deliveries import contact_at, photo, promised, reported
from tests.factories.documents import say_made
from tests.factories.groups import staying
from tests.factories.hosting import offer_at
from tests.factories.partnerships import company_named, convention_at
from tests.factories.trainees import host, pathway_of, trainee_in
from trainees.models import (
    AccidentReport,
    AgreementAmendment,
    AttendanceHalfDay,
    Prescriber,
    ReferenceDataset,
    Referral,
    SkillFramework,
    TraineeTransfer,
)
from trainees.operations.accidents import declare_accident
from trainees.operations.pathways import move_pathway
from trainees.operations.presence import Justification, justify
from trainees.operations.referrals import record_referral
from trainees.operations.transfers import ask_transfer


@dataclass(frozen=True)
class Hands:
    """Who writes the rows: a regional officer, the data officer, the staff of the school of the rows, and of another one."""

    officer: User
    data_officer: User
    school: School
    staff: User
    elsewhere: School
    elsewhere_staff: User


def rows(hands: Hands) -> dict[str, str]:
    """Make the rows and return the address of each route that they open."""
    makers = (
        of_promises, of_amendments, of_templates, of_companies, of_transfers, of_pathways, of_agreements, of_agreement_amendments,
        of_files, of_offers, of_credentials, of_edition, of_privacy, of_messages, of_the_admin,
        of_upkeep,
    )  # fmt: skip
    return by_route(address for make in makers for address in make(hands))


def by_route(addresses: Iterable[str]) -> dict[str, str]:
    """Return each address under the route that leads to it."""
    return {str(resolve(address.partition("?")[0]).route): address for address in addresses}


def of_account(user: User) -> Iterator[str]:
    """Give somebody an application, recovery codes and a session to close."""
    with_application(user, SECRET)
    RecoveryCodes.activate(user)
    session = UserSession.objects.create(user=user, session_key="e" * 32, ip="192.0.2.1", user_agent="Essai")
    for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"):
        yield reverse(name)
    yield reverse("account_end_session", args=[session.pk])


def of_passkey(user: User) -> Iterator[str]:
    """Give somebody a passkey: from then on, they alone are asked for what it signs when they prove again who they are."""
    key = with_passkey(user)
    yield reverse("mfa_edit_webauthn", args=[key.pk])
    yield reverse("mfa_remove_webauthn", args=[key.pk])


def of_promises(hands: Hands) -> Iterator[str]:
    officer = hands.officer
    convention = promised(Promise("internships", "Découverte", 12, "stages", "par an", "yearly"), actor=officer)
    said = reported(convention, officer, proof=photo())
    yield reverse("partnerships:promise", args=[convention.pk, 1])
    for name in ("proof", "confirm", "set_aside", "cancel"):
        yield reverse(f"partnerships:delivery_{name}", args=[convention.pk, 1, said.public_id])
    draft = convention_at(workflows.NEGOTIATION, officer)
    comment = add_comment(draft.pk, "article:1", "À préciser", officer)
    yield reverse("partnerships:comment_resolve", args=[draft.pk, comment.pk])
    admin = "admin:partnerships_partnershipconvention_"
    action = ActionText("Envoyer le calendrier", "Paul Exemple", timezone.localdate())
    meeting = record_meeting(convention.pk, MeetingText(timezone.localdate(), actions=[action]), officer)
    yield reverse(f"{admin}meeting", args=[convention.pk, meeting.pk])
    yield reverse(f"{admin}action_done", args=[convention.pk, meeting.actions.get().pk])


def of_amendments(hands: Hands) -> Iterator[str]:
    convention = convention_at(workflows.SIGNED, hands.officer)
    amendment = amended(convention, hands.officer, longer())
    admin = "admin:partnerships_partnershipconvention_"
    yield reverse("partnerships:consolidated", args=[convention.pk])
    yield reverse("partnerships:amendment", args=[convention.pk, amendment.pk])
    yield reverse(f"{admin}amendment", args=[convention.pk, amendment.pk])
    yield reverse(f"{admin}amendment_document", args=[convention.pk, amendment.pk])
    yield reverse(f"{admin}amendment_signature", args=[convention.pk, amendment.pk])
    yield reverse(f"{admin}amendment_move", args=[convention.pk, amendment.pk, "record_vote"])


def of_templates(hands: Hands) -> Iterator[str]:
    article = TemplateArticle(number=1, title="Objet", body="{region} et {entreprise} s’engagent pendant {duree}.")
    facts = {"name": "Convention type", "year": 2026, "title": "Convention avec {entreprise}", "notice_months": 3}
    row = save_template(ConventionTemplate(**facts), TemplateLines([article]), hands.officer)
    for name in ("use", "change", "history"):
        yield reverse(f"admin:partnerships_conventiontemplate_{name}", args=[row.pk])
    prescriber = Prescriber.objects.create(kind=Prescriber.Kind.LOCAL_MISSION, name="Mission locale (exemple)")
    for name in ("change", "history"):
        yield reverse(f"admin:trainees_prescriber_{name}", args=[prescriber.pk])


def of_companies(hands: Hands) -> Iterator[str]:
    company, double = (
        company_named("La Poste (exemple)", hands.officer),
        company_named("Poste (exemple)", hands.officer),
    )
    convention = convention_at(workflows.SIGNED, hands.officer, company)
    contact = contact_at(convention, hands.officer)
    contact.email = "ana@entreprise.invalid"
    contact.save()
    asked = receive_request(contact.pk, AskedChange("company", "Notre adresse a changé."), uuid.uuid4())
    yield reverse("companies:request", args=[asked.pk])
    for name in ("contact_departure", "contact_access", "access_grant"):
        yield reverse(f"companies:{name}", args=[company.pk, contact.pk])
    yield reverse("companies:merge_confirm", args=[double.pk, company.pk])


def of_transfers(hands: Hands) -> Iterator[str]:
    """Those who receive are the school of the rows: the others ask."""
    pathway = pathway_of(trainee_in(hands.elsewhere, hands.elsewhere_staff), hands.elsewhere_staff)
    row = ask_transfer(
        TraineeTransfer(trainee=pathway.trainee, to_school=hands.school, reason="Déménagement", leaves_on=timezone.localdate()),
        hands.elsewhere_staff,
    )  # fmt: skip
    yield reverse("trainees:transfer_accept", args=[row.pk])
    yield reverse("trainees:transfer_refuse", args=[row.pk])


def of_pathways(hands: Hands) -> Iterator[str]:
    today, staff = timezone.localdate(), hands.staff
    first, last = today - timedelta(days=200), today + timedelta(days=9)
    pathway = pathway_of(trainee_in(hands.school, staff), staff, entered_on=first, ends_on=last)
    move_pathway(pathway.pk, "leave_trial", staff, reason="Emploi", facts={"ended_on": today - timedelta(days=100)})
    yield reverse("trainees:pathway_exit", args=[pathway.pk])
    trainee = trainee_in(hands.school, staff)
    referral = Referral(trainee=trainee, prescriber=Prescriber.objects.all()[0], referred_on=today)
    record_referral(referral, staff)
    yield reverse("trainees:referral_outcome", args=[trainee.public_id, referral.pk])


def of_agreements(hands: Hands) -> Iterator[str]:
    agreement = sent(accepted_internship(hands.school, hands.staff), hands.staff)
    for name in ("take_back", "make_again", "correct"):
        yield reverse(f"trainees:agreement_{name}", args=[agreement.internship_id])
    ready = accepted_internship(hands.school, hands.staff)
    for name in ("agreement", "agreement_review", "agreement_sign"):
        yield reverse(f"trainees:{name}", args=[ready.pk])


def of_agreement_amendments(hands: Hands) -> Iterator[str]:
    """An agreement signed on paper, whose scans are kept, and the draft of its amendment."""
    agreement = signed_agreement(hands.school, hands.staff)
    piece = Exhibit.objects.latest("pk")
    envelope = piece.signatory.envelope
    yield reverse("signing:exhibit", args=[envelope.public_id, piece.public_id])
    yield reverse("signing:act", args=[envelope.public_id, piece.signatory.public_id, "rappeler"])
    row = AgreementAmendment.objects.create(
        agreement=agreement, number=1, kind="activities", reason="Le projet le demande.",
        effective_on=agreement.internship.starts_on, created_by=hands.staff,
        changes={"activities": {"before": agreement.internship.activities, "after": "Tenir la caisse"}},
    )  # fmt: skip
    for name in ("amendment", "amendment_sign", "amendment_shelve", "amendment_record", "amendment_make_again"):
        yield reverse(f"trainees:{name}", args=[agreement.internship_id, row.number])
    for name in ("agreement_late", "amendment_choose"):
        yield reverse(f"trainees:{name}", args=[agreement.internship_id])
    yield reverse("trainees:amendment_new", args=[agreement.internship_id, "dates"])


def of_files(hands: Hands) -> Iterator[str]:
    """Papers that prove an absence, and the receipt of an accident's declaration."""
    absence = AttendanceHalfDay.objects.filter(school=hands.school, state="absent").earliest("pk")
    (justified, *_) = justify(absence.pk, Justification(True, "Grippe", photo()), absence.revision, hands.staff)
    yield reverse("trainees:absence_proof", args=[justified.proof.public_id])
    accident = AccidentReport.objects.get(pathway__school=hands.school)
    declare_accident(accident.pk, timezone.now(), "AT-2026-1", photo(), hands.staff)
    yield reverse("trainees:accident_proof", args=[accident.pk])


def of_offers(hands: Hands) -> Iterator[str]:
    offer = offer_at(host(), hands.staff, hands.school)
    for name in ("offer", "offer_close", "offer_take", "offer_give_back"):
        yield reverse(f"trainees:{name}", args=[offer.pk])
    dataset = ReferenceDataset.objects.create(
        kind=ReferenceDataset.Kind.COMMUNES, vintage="2025", source="essais", licence="essais", is_current=False
    )
    yield reverse("trainees:reference_use", args=[dataset.pk])


def of_credentials(hands: Hands) -> Iterator[str]:
    """A school that issues attestations publishes the keys that verify them."""
    certificate = certificate_in(hands.school, hands.staff)
    say_made()
    for name in ("certificate", "certificate_reissue", "certificate_revoke"):
        yield reverse(f"trainees:{name}", args=[certificate.pk])
    framework = SkillFramework.objects.get(code="essai")
    yield reverse("trainees:framework_file", args=[framework.pk, "csv"])
    yield reverse("trainees:certificate_keys", args=[hands.school.pk])
    yield reverse("trainees:certificate_status_list", args=[hands.school.pk, 0])


def of_edition(hands: Hands) -> Iterator[str]:
    """An edition held and closed: somebody of the school came, a photo was kept, a report is sealed."""
    edition = edition_held(hands.officer, days_ago=400)
    year = edition.year
    person = somebody(edition, "trainee", school=hands.school)
    scan = scanned(person, half_day(edition), hands.officer)
    ask_attestation(person.pk, hands.officer)
    kept = add_photo(edition.pk, PhotoText("La salle", "Une salle pleine.", (), True), Upload(picture()), hands.officer)
    yield reverse("assises:scan_void", args=[year, scan.pk])
    yield reverse("assises:attestations", args=[year])
    yield reverse("assises:attestation", args=[year, person.pk])
    yield reverse("assises:attestation_ask", args=[year, person.pk])
    yield reverse("assises:attestation_batch", args=[year])
    yield reverse("assises:photo_file", args=[year, kept.public_id])
    yield reverse("assises:photo_remove", args=[year, kept.public_id])
    close_edition(edition.pk, hands.officer)
    build(Document.objects.latest("pk").pk)
    yield reverse("assises:report_paper", args=[year])
    yield reverse("assises:report_workbook", args=[year])
    yield reverse("assises:version_workbook", args=[year, EditionReport.objects.get().number])


def of_edition_to_come(hands: Hands, edition: Edition) -> dict[str, str]:
    """Return where the school of the rows registers its people."""
    trainee = staying(hands.school, hands.staff)
    place = [edition.year, hands.school.pk]
    someone = Registration.objects.filter(edition=edition).latest("pk")
    found = (
        reverse("assises:school_choose", args=place),
        f"{reverse('assises:school_register', args=place)}?qui={trainee.pk}",
        reverse("assises:registration_act", args=[edition.year, someone.pk, NEW_TICKET]),
    )
    return by_route(found)


def of_privacy(hands: Hands) -> Iterator[str]:
    trainee = trainee_in(hands.school, hands.staff)
    subject = f"trainees.trainee:{trainee.pk}"
    asked = access_files.ask(trainee, hands.data_officer)
    access_files.build(asked.pk)
    yield reverse("privacy:place_hold", args=[subject])
    for name in ("access_file", "access_progress", "access_download"):
        yield reverse(f"privacy:{name}", args=[asked.public_id])
    for name in ("person", "ask_access", "erase"):
        yield reverse(f"privacy:{name}", args=["stagiaires", trainee.pk])
    held = trainee_in(hands.school, hands.staff)
    place_hold(held, "Litige", None, hands.data_officer)
    yield reverse("privacy:lift_hold", args=[LegalHold.objects.latest("pk").pk])


def of_messages(hands: Hands) -> Iterator[str]:
    send_sms_on_commit("signing.code", "+33612345678", None, dict(sms_type_named("signing.code").sample))
    url = stop_url("paul@exemple.invalid", "mailing.digest", staff=False)
    yield url[url.index("/messages/") :]


def of_the_admin(hands: Hands) -> Iterator[str]:
    kind = ContentType.objects.get_for_model(Company)
    yield reverse("admin:view_on_site", args=[kind.pk, company_named("Vue sur site (exemple)", hands.officer).pk])


def of_upkeep(hands: Hands) -> Iterator[str]:
    """A work that failed, and something that a check found wrong."""
    failed = TaskFailure.objects.create(task="documents.build", error="builtins.OSError", request_id="essai")
    yield reverse("upkeep:give_up", args=["travaux", failed.pk])
    someone = trainee_in(hands.school, hands.staff)
    found = Finding.objects.create(
        check_name="moves", subject=f"trainees.trainee:{someone.pk}", sentence="Essai.", passage=1
    )
    yield reverse("upkeep:finding_record", args=[found.pk])
